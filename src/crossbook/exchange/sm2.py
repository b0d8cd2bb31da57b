"""The curve of SM2 (GB/T 32918.5), to meet on where Chinese rules ask for it: points and their multiples.

A text's point is the first of its hashes that is the first coordinate of one. The curve has no points of small order,
so each that can be read is one of the group.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

WIDTH = 33  # bytes of a point, compressed
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_EVEN, _ODD = 2, 3  # how a compressed point begins
Words = npt.NDArray[np.uint64]


def secret() -> bytes:
    """A new secret number."""
    return (1 + secrets.randbelow(_ORDER - 1)).to_bytes(32, "big")


def multiples(number: bytes, points: Sequence[bytes]) -> list[bytes]:
    """Each point multiplied by the number. Raises ValueError for what is no point."""
    if any(len(point) != WIDTH or point[0] not in (_EVEN, _ODD) for point in points):
        raise ValueError("no point of the curve")
    odd = np.array([point[0] == _ODD for point in points], np.uint8)
    found, there = _points(b"".join(point[1:] for point in points), odd)
    if not there.all():
        raise ValueError("no point of the curve")
    return _multiplied(number, found)


def multiples_of_hashes(number: bytes, digests: Sequence[bytes]) -> list[bytes]:
    """The point of each hash of a text, multiplied by the number."""
    found = np.empty((len(digests), 8), np.uint64)
    left = np.arange(len(digests))
    tried = 0
    while len(left):  # half of them are found each time
        end = tried.to_bytes(2, "big")
        hashes = b"".join(hashlib.sha256(digests[row] + end).digest() for row in left.tolist())
        made, there = _points(hashes, np.zeros(len(left), np.uint8))
        found[left[there]] = made[there]
        left, tried = left[~there], tried + 1
    return _multiplied(number, found)


def _points(coordinates: bytes, odd: npt.NDArray[np.uint8]) -> tuple[Words, npt.NDArray[np.bool_]]:
    from crossbook.exchange import sm2_field

    first = np.ascontiguousarray(np.frombuffer(coordinates, np.uint8).reshape(-1, 32)[:, ::-1]).view("<u8")
    found = np.empty((len(first), 8), np.uint64)
    there: Any = sm2_field.points(first.astype(np.uint64), odd, found)
    return found, there


def _multiplied(number: bytes, points: Words) -> list[bytes]:
    from crossbook.exchange import sm2_field

    factor = int.from_bytes(number, "big")
    if not 0 < factor < _ORDER:
        raise ValueError("no multiple of a point")
    digits = np.array([int(digit, 16) for digit in f"{factor:x}"], np.uint8)
    first = np.empty((len(points), 4), np.uint64)
    odd = sm2_field.multiply(points, digits, first)
    out = np.empty((len(points), WIDTH), np.uint8)
    out[:, 0] = _EVEN + odd
    out[:, 1:] = first.astype("<u8").view(np.uint8).reshape(-1, 32)[:, ::-1]
    data = out.tobytes()
    return [data[at : at + WIDTH] for at in range(0, len(data), WIDTH)]
