"""Which transfers both sides have, found without telling the other side any that it has not.

Each side hashes what it knows of a transfer to a point of the group ristretto255 (RFC 9496) and multiplies it by a
secret number of its own; the other multiplies the result by its own. Both orders of multiplying give the same point, so
equal texts meet, and of all others either side sees points that say nothing (Meadows 1986; the private set intersection
by Diffie and Hellman). Nobody can try out texts against a point without the other side's secret number.

Needs the extra `exchange` (rbcl, which brings libsodium).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crossbook.errors import CrossbookError

WIDTH = 32  # bytes of a point
_DOMAIN = b"crossbook exchange 1\x00"
Whole = npt.NDArray[np.int64]


def secret() -> bytes:
    """A new secret number."""
    import rbcl

    return bytes(rbcl.crypto_core_ristretto255_scalar_random())


def numbered(texts: Iterable[str]) -> list[str]:
    """Texts with how often each came before, so that two equal transfers are two."""
    seen: Counter[str] = Counter()
    out = []
    for text in texts:
        out.append(f"{text}\x1f{seen[text]}")
        seen[text] += 1
    return out


def blind(texts: Sequence[str], number: bytes, salt: bytes) -> bytes:
    """A point for each text, multiplied by the secret number. `salt` is one for each meeting and known to both."""
    import rbcl

    points = []
    for text in texts:
        digest = hashlib.sha512(_DOMAIN + salt + text.encode()).digest()
        points.append(
            rbcl.crypto_scalarmult_ristretto255(number, rbcl.crypto_core_ristretto255_from_hash(digest))  # of libsodium
        )
    return b"".join(points)


def again(points: bytes, number: bytes) -> bytes:
    """The other side's points multiplied by the secret number. Raises CrossbookError for what are no points."""
    import rbcl

    try:
        return b"".join(rbcl.crypto_scalarmult_ristretto255(number, point) for point in split(points))
    except (RuntimeError, TypeError, ValueError):
        raise CrossbookError("what the other side sent are no points of the group") from None


def split(points: bytes) -> list[bytes]:
    """Points one by one. Raises CrossbookError where the last is cut."""
    if len(points) % WIDTH:
        raise CrossbookError("what the other side sent are no points of the group")
    return [points[k : k + WIDTH] for k in range(0, len(points), WIDTH)]


@dataclass(kw_only=True)
class Met:
    """The transfers that met: `mine` are places in this side's list, in an order that is the same on both sides."""

    mine: Whole = field(default_factory=lambda: np.empty(0, np.int64))


def met(mine: bytes, others: bytes) -> Whole:
    """The places of this side's points that the other side has too, in the order of the points, which both share."""
    own = {point: place for place, point in enumerate(split(mine))}
    shared = sorted(own.keys() & set(split(others)))
    return np.array([own[point] for point in shared], np.int64)
