"""Which transfers both sides have, found without telling the other side any that it has not.

Each side hashes what it knows of a transfer to a point of a group (ristretto255, RFC 9496, or the curve of SM2) and
multiplies it by a secret number of its own; the other multiplies the result by its own. Both orders of multiplying give
the same point, so equal texts meet, and of all others either side sees points that say nothing (Meadows 1986; the
private set intersection by Diffie and Hellman). Nobody can try out texts against a point without the other side's
secret number.

Needs the extra `exchange` (rbcl, which brings libsodium); SM2 needs OpenSSL.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from crossbook.errors import CrossbookError
from crossbook.exchange import sm2

WIDTH = 32  # bytes of a point of ristretto255
_DOMAIN = b"crossbook exchange 1\x00"
_PIECE = 2_000  # points that one thread works out at once
Whole = npt.NDArray[np.int64]
_T = TypeVar("_T")


def secret() -> bytes:
    """A new secret number for ristretto255."""
    import rbcl

    return bytes(rbcl.crypto_core_ristretto255_scalar_random())


def _multiples(number: bytes, points: Sequence[bytes]) -> list[bytes]:
    import rbcl

    return [rbcl.crypto_scalarmult_ristretto255(number, point) for point in points]


def _multiples_of_hashes(number: bytes, digests: Sequence[bytes]) -> list[bytes]:
    import rbcl

    return _multiples(number, [rbcl.crypto_core_ristretto255_from_hash(digest) for digest in digests])


@dataclass(frozen=True, kw_only=True)
class Group:
    """Where points are worked out: `width` bytes of one; a new secret number; points times a number, and those of
    hashes of 64 bytes. What is no point raises ValueError, TypeError or RuntimeError."""

    width: int
    secret: Callable[[], bytes]
    multiples: Callable[[bytes, Sequence[bytes]], list[bytes]]
    multiples_of_hashes: Callable[[bytes, Sequence[bytes]], list[bytes]]


RISTRETTO255 = Group(
    width=WIDTH, secret=secret, multiples=_multiples, multiples_of_hashes=_multiples_of_hashes
)  # of libsodium, which lets other threads work meanwhile, as OpenSSL does
SM2 = Group(width=sm2.WIDTH, secret=sm2.secret, multiples=sm2.multiples, multiples_of_hashes=sm2.multiples_of_hashes)


def blind(texts: Sequence[str], number: bytes, salt: bytes, group: Group = RISTRETTO255) -> bytes:
    """A point for each text, multiplied by the secret number. `salt` is one for each meeting and known to both."""
    begun = hashlib.sha512(_DOMAIN + salt)

    def worked(piece: Sequence[str]) -> list[bytes]:
        digests = []
        for text in piece:
            digest = begun.copy()
            digest.update(text.encode())
            digests.append(digest.digest())
        return group.multiples_of_hashes(number, digests)

    return _in_threads(worked, texts)


def again(points: bytes, number: bytes, group: Group = RISTRETTO255) -> bytes:
    """The other side's points multiplied by the secret number. Raises CrossbookError for what are no points."""
    try:
        return _in_threads(lambda piece: group.multiples(number, piece), split(points, group))
    except (RuntimeError, TypeError, ValueError):
        raise CrossbookError("what the other side sent are no points of the group") from None


def _in_threads(work: Callable[[Sequence[_T]], list[bytes]], items: Sequence[_T]) -> bytes:
    pieces = [items[at : at + _PIECE] for at in range(0, len(items), _PIECE)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return b"".join(b"".join(done) for done in pool.map(work, pieces))


def split(points: bytes, group: Group = RISTRETTO255) -> list[bytes]:
    """Points one by one. Raises CrossbookError where the last is cut."""
    if len(points) % group.width:
        raise CrossbookError("what the other side sent are no points of the group")
    return [points[k : k + group.width] for k in range(0, len(points), group.width)]


def met(mine: bytes, others: bytes, group: Group = RISTRETTO255) -> Whole:
    """The places of this side's points that the other side has too, in the order of the points, which both share."""
    own = {point: place for place, point in enumerate(split(mine, group))}
    shared = sorted(own.keys() & set(split(others, group)))
    return np.array([own[point] for point in shared], np.int64)
