"""Spoiling files as life does: flipped bytes, lost and doubled lines, cut ends, foreign cells."""

from __future__ import annotations

import random

NASTY = [
    b"",
    b"=1+1",
    b"-",
    b"abc",
    b"1e400",
    b"99999999999999999999",
    b"-0.001",
    b"1.234,56",
    b"(12.00)",
    b"\xff\xfe",
    b"2026-02-30",
    b"31/31/2026",
    b"XXX",
    b"NaN",
    b"\x00",
    b'"',
    b"\xe2\x80\xae",
    "九".encode(),
    b"0x1F",
    b"1,2,3",
    b"<!ENTITY",
    b"9223372036854775807",
    b"9223372036854775808",
    b"2026-01-01T25:61:00Z",
    b"0000-00-00",
    b"\r",
    b"\t\t",
]


def mutate(rng: random.Random, content: bytes) -> bytes:
    """One to four random changes."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        rng.choice(_CHANGES)(rng, data)
    return bytes(data)


def _flip(rng: random.Random, data: bytearray) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def _insert(rng: random.Random, data: bytearray) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = rng.choice(NASTY)


def _cut(rng: random.Random, data: bytearray) -> None:
    del data[rng.randint(0, len(data)) :]


def _drop(rng: random.Random, data: bytearray) -> None:
    lines = data.split(b"\n")
    del lines[rng.randrange(len(lines))]
    data[:] = b"\n".join(lines)


def _double(rng: random.Random, data: bytearray) -> None:
    lines = data.split(b"\n")
    i = rng.randrange(len(lines))
    data[:] = b"\n".join([*lines[: i + 1], *lines[i:]])


def _cell(rng: random.Random, data: bytearray) -> None:
    mark = rng.choice([b",", b"\t", b";", b">", b":"])
    places = [i for i, b in enumerate(data) if data[i : i + 1] == mark]
    if places:
        start = rng.choice(places) + 1
        end = next((i for i in range(start, len(data)) if data[i : i + 1] in (mark, b"\n", b"<")), len(data))
        data[start:end] = rng.choice(NASTY)


def _swap(rng: random.Random, data: bytearray) -> None:
    lines = data.split(b"\n")
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    data[:] = b"\n".join(lines)


_CHANGES = [_flip, _flip, _insert, _cut, _drop, _double, _cell, _cell, _cell, _swap]
