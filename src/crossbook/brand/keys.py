"""Keys by which texts that are nearly the same meet: a hash of the letters, and of the letters with one or two left
out.

Two texts that differ by one letter (written over, added, left out, or two swapped) share a key once each has lost at
most one; those that differ by two share one once each has lost at most two. Every key is 64 bits wide; an index keeps
its upper bits.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from crossbook.brand.letters import Counts, Letters

Hashes = npt.NDArray[np.uint64]
Owners = npt.NDArray[np.int64]
ONE_OFF = 4  # letters from which one may be left out
TWO_OFF = 7  # letters from which two may be
LONG = 16  # letters beyond which two are left out of the ends only
END = 10  # letters of such an end

_R = np.uint64(0x9E3779B97F4A7C15)
_BACK = pow(0x9E3779B97F4A7C15, -1, 1 << 64)
_R_INVERSE = np.uint64(_BACK)
_R_INVERSE_2 = np.uint64(_BACK * _BACK % (1 << 64))


def mix(values: Hashes, salt: int) -> Hashes:
    """Hashes spread evenly over 64 bits, those of another `salt` elsewhere."""
    x = values + np.uint64((salt * 0xD1342543DE82EF95 + 1) & (2**64 - 1))
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


def prefixes(rows: Letters) -> Hashes:
    """Hash sums of the first 0, 1, 2 … letters of each row: one column more than letters."""
    powers = np.ones(rows.shape[1], np.uint64)
    powers[1:] = _R
    powers = np.cumprod(powers)
    sums = np.zeros((rows.shape[0], rows.shape[1] + 1), np.uint64, order="F")
    for j in range(rows.shape[1]):
        np.add(sums[:, j], rows[:, j] * powers[j], out=sums[:, j + 1])
    return sums


def ending(sums: Hashes, starts: Counts) -> Hashes:
    """The hash of each row from letter `starts` on, as if that stood alone."""
    powers = np.ones(sums.shape[1], np.uint64)
    powers[1:] = _R_INVERSE
    own = np.take_along_axis(sums, starts[:, None], axis=1)[:, 0]
    return (sums[:, -1] - own) * np.cumprod(powers)[starts]


def whole(sums: Hashes) -> Hashes:
    """The hash of each whole row."""
    return sums[:, -1]


def without_one(rows: Letters, sums: Hashes, lengths: Counts) -> Iterator[tuple[Hashes, Owners]]:
    """(hashes, rows) of each row with one letter left out, position by position,
    for rows of ONE_OFF letters or more."""
    total = sums[:, -1]
    for i in range(int(lengths.max(initial=0))):
        at = np.flatnonzero((lengths >= ONE_OFF) & (lengths > i))
        if i:
            at = at[rows[at, i] != rows[at, i - 1]]  # the same text comes out
        yield sums[at, i] + (total[at] - sums[at, i + 1]) * _R_INVERSE, at


def without_two(rows: Letters, sums: Hashes, lengths: Counts) -> Iterator[tuple[Hashes, Owners]]:
    """(hashes, rows) of each row with two letters left out, for rows of TWO_OFF to LONG letters."""
    fit = np.flatnonzero((lengths >= TWO_OFF) & (lengths <= LONG))
    by_length = fit[np.argsort(-lengths[fit], kind="stable")]
    ordered = np.ascontiguousarray(sums[by_length, : LONG + 1].T)
    total = sums[by_length, -1]
    own = np.ascontiguousarray(rows[by_length, :LONG].T)
    counts = lengths[by_length]
    for j in range(1, int(counts.max(initial=0))):
        n = int(np.searchsorted(-counts, -j, side="left"))  # rows longer than j
        end = (total[:n] - ordered[j + 1, :n]) * _R_INVERSE_2
        for i in range(j):
            middle = (ordered[j, :n] - ordered[i + 1, :n]) * _R_INVERSE
            keep = slice(None) if i == 0 else own[i, :n] != own[i - 1, :n]
            yield (ordered[i, :n] + middle + end)[keep], by_length[:n][keep]


def ends_without_one(rows: Letters, lengths: Counts) -> Iterator[tuple[Hashes, Owners]]:
    """(hashes, rows) of the first and the last END letters of long rows, each whole and with one letter left out."""
    at = np.flatnonzero(lengths > LONG)
    if not len(at):
        return
    first = rows[at, :END]
    last = np.take_along_axis(rows[at], lengths[at][:, None] - END + np.arange(END), axis=1)
    for salted, part in enumerate((first, last), 1):
        sums = prefixes(part)
        full = np.full(len(at), END)
        yield whole(sums) + np.uint64(salted), at
        for hashes, owners in without_one(part, sums, full):
            yield hashes + np.uint64(salted), at[owners]
