"""A function of a text under one side's secret number, worked out by the other without either telling what it has.

RFC 9497, OPRF(ristretto255, SHA-512), base mode: who asks hashes its text to a point and multiplies it by a number of
its own; who answers multiplies the result by the secret; who asked takes its own number out again and hashes. Who
answers sees points that say nothing; who asked can work the function out for that text and for no other.

Needs the extra `exchange` (rbcl, which brings libsodium).
"""

from __future__ import annotations

import hashlib

from crossbook.errors import CrossbookError
from crossbook.exchange.meeting import split

_CONTEXT = b"OPRFV1-\x00-ristretto255-SHA512"
_GROUP = b"HashToGroup-" + _CONTEXT
_BLOCK = 128  # bytes of a block of SHA-512


def blind(text: bytes, number: bytes) -> bytes:
    """The point of a text, multiplied by a number of who asks."""
    import rbcl

    return bytes(rbcl.crypto_scalarmult_ristretto255(number, _point(text)))


def finish(texts: list[bytes], number: bytes, answered: bytes) -> list[bytes]:
    """The function of each text, of the points as they were answered. Raises CrossbookError for what are none."""
    import rbcl

    inverse = rbcl.crypto_core_ristretto255_scalar_invert(number)
    try:
        points = [rbcl.crypto_scalarmult_ristretto255(inverse, point) for point in split(answered)]
        return [_output(text, bytes(point)) for text, point in zip(texts, points, strict=True)]
    except (RuntimeError, TypeError, ValueError):
        raise CrossbookError("what the other side sent are no points of the group") from None


def worked_out(text: bytes, secret: bytes) -> bytes:
    """The function of a text, by who has the secret number: 64 bytes."""
    return _output(text, blind(text, secret))


def _output(text: bytes, point: bytes) -> bytes:
    told = len(text).to_bytes(2, "big") + text + len(point).to_bytes(2, "big") + point + b"Finalize"
    return hashlib.sha512(told).digest()


def _point(text: bytes) -> bytes:
    import rbcl

    return bytes(rbcl.crypto_core_ristretto255_from_hash(_expanded(text)))


def _expanded(text: bytes) -> bytes:
    """expand_message_xmd of RFC 9380, 5.3.1, with SHA-512, to 64 bytes: one block."""
    tag = _GROUP + len(_GROUP).to_bytes(1, "big")
    first = hashlib.sha512(b"\x00" * _BLOCK + text + (64).to_bytes(2, "big") + b"\x00" + tag).digest()
    return hashlib.sha512(first + b"\x01" + tag).digest()
