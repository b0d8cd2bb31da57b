"""The curve of SM2 (GB/T 32918.5), to meet on where Chinese rules ask for it: points and their multiples, worked out by
OpenSSL's libcrypto, of which Python's own packages show no such function.

A text's point is the first of its hashes that is the first coordinate of one. The curve has no points of small order,
so each that can be read is one of the group.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import secrets
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

WIDTH = 33  # bytes of a point, compressed
_NID = 1172  # NID_sm2 of openssl/obj_mac.h
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_COMPRESSED = 2
_HANDLE, _NUMBER = ctypes.c_void_p, ctypes.c_int
_TAKES: dict[str, tuple[Any, list[Any]]] = {
    "EC_GROUP_new_by_curve_name": (_HANDLE, [_NUMBER]),
    "EC_POINT_new": (_HANDLE, [_HANDLE]),
    "EC_POINT_clear_free": (None, [_HANDLE]),
    "EC_POINT_oct2point": (_NUMBER, [_HANDLE, _HANDLE, ctypes.c_char_p, ctypes.c_size_t, _HANDLE]),
    "EC_POINT_point2oct": (
        ctypes.c_size_t,
        [_HANDLE, _HANDLE, _NUMBER, ctypes.c_char_p, ctypes.c_size_t, _HANDLE],
    ),
    "EC_POINT_mul": (_NUMBER, [_HANDLE] * 6),
    "BN_CTX_new": (_HANDLE, []),
    "BN_CTX_free": (None, [_HANDLE]),
    "BN_bin2bn": (_HANDLE, [ctypes.c_char_p, _NUMBER, _HANDLE]),
    "BN_clear_free": (None, [_HANDLE]),
    "ERR_clear_error": (None, []),
}


@cache
def _library() -> tuple[Any, Any] | None:
    """OpenSSL and its curve; None where this machine has none, or one without the curve."""
    name = ctypes.util.find_library("crypto") if sys.platform == "linux" else None
    try:
        library = ctypes.CDLL(name) if name else None
        for function, (gives, takes) in _TAKES.items() if library else ():
            getattr(library, function).restype, getattr(library, function).argtypes = gives, takes
    except (OSError, AttributeError):
        return None
    curve = library and library.EC_GROUP_new_by_curve_name(_NID)
    return (library, curve) if curve else None


def there() -> bool:
    """Whether it can be worked out here."""
    return _library() is not None


def secret() -> bytes:
    """A new secret number."""
    return (1 + secrets.randbelow(_ORDER - 1)).to_bytes(32, "big")


def multiples(number: bytes, points: Sequence[bytes]) -> list[bytes]:
    """Each point multiplied by the number. Raises ValueError for what is no point."""
    return _work(number, points)


def multiples_of_hashes(number: bytes, digests: Sequence[bytes]) -> list[bytes]:
    """The point of each hash of a text, multiplied by the number."""
    return _work(number, digests, hashed=True)


def _work(number: bytes, given: Sequence[bytes], *, hashed: bool = False) -> list[bytes]:
    told = _library()
    if not told:
        raise ValueError("no OpenSSL with the curve of SM2")
    library, curve = told
    context, point = library.BN_CTX_new(), library.EC_POINT_new(curve)
    factor, written = library.BN_bin2bn(number, len(number), None), ctypes.create_string_buffer(WIDTH)

    def read(data: bytes) -> bool:
        if len(data) == WIDTH and library.EC_POINT_oct2point(curve, point, data, WIDTH, context) == 1:
            return True
        library.ERR_clear_error()  # which TLS would take for its own
        return False

    try:
        out = []
        for data in given:
            if not (any(map(read, _candidates(data))) if hashed else read(data)):
                raise ValueError("no point of the curve")
            if (
                library.EC_POINT_mul(curve, point, None, point, factor, context) != 1
                or library.EC_POINT_point2oct(curve, point, _COMPRESSED, written, WIDTH, context) != WIDTH
            ):
                raise ValueError("no multiple of this point")
            out.append(written.raw)
        return out
    finally:
        library.EC_POINT_clear_free(point)
        library.BN_clear_free(factor)
        library.BN_CTX_free(context)


def _candidates(digest: bytes) -> Iterator[bytes]:
    """Points as far as they can be: half of them are."""
    return (b"\x02" + hashlib.sha256(digest + n.to_bytes(2, "big")).digest() for n in range(1 << 16))
