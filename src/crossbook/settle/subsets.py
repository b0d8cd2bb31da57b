"""Subset sums over whole minor units: how many subsets have a given sum, and which.

Counting: the subsets of size a with sum s are the coefficients of the elementary symmetric polynomials of x^v. Newton's
identities give them from power sums, and a Fourier transform makes each identity a product, so that counting costs the
same for fifty amounts as for fifty thousand. Listing: meet in the middle over halves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import comb, lgamma
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FEW = 100_000  # subsets that are gone through one by one rather than by a transform
MOST_INS = 3  # of many that may be there though not expected, taken together
LONGEST = 1 << 23  # of a transform
MOST_HALVES = 4_000_000  # combinations that a half may have when subsets are listed
ROUNDING = 1e-13  # of a count, relative to the number of subsets of its size
WHOLE = 0.1  # error of a count under which it is known as a whole number


@dataclass(frozen=True)
class _Listed:
    """Sums in order, each with the number of ways to it."""

    sums: Ints
    ways: Floats

    def at(self, sums: Ints) -> Floats:
        place = np.minimum(np.searchsorted(self.sums, sums), len(self.sums) - 1)
        return np.where(self.sums[place] == sums, self.ways[place], 0.0)


@dataclass(frozen=True)
class _Transformed:
    """The ways to each sum from `least` to `most`, at its rest by the number of values, as a transform left them:
    each off by up to `error`."""

    values: Floats
    least: int
    most: int
    error: float

    def at(self, sums: Ints) -> Floats:
        found = self.values[sums % len(self.values)]
        found = np.maximum(np.rint(found), 0.0) if self.error < WHOLE else np.maximum(found, self.error)
        return np.where((sums >= self.least) & (sums <= self.most), found, 0.0)


@dataclass(frozen=True)
class Counts:
    """How many ways there are to take a of `outs` and b of `ins` so that ins less outs is a given sum.

    `table[a, b]` holds the counts for a + b up to `size`. `exact[a, b]` says that they are whole numbers and not
    drowned in rounding.
    """

    table: Mapping[tuple[int, int], _Listed | _Transformed]
    exact: dict[tuple[int, int], bool]
    size: int

    def at(self, a: int, b: int, sums: Ints) -> Floats:
        """Counts at each of `sums`; zero where a sum is out of reach."""
        return self.table[a, b].at(sums) if (a, b) in self.table else np.zeros(len(sums))


def count(outs: Ints, ins: Ints, size: int) -> Counts:
    """Count the subsets of up to `size` amounts in all. Amounts are positive minor units.

    Raises ValueError when the amounts reach so far that the table would be longer than 2^23.
    """
    return _count(outs.tobytes(), ins.tobytes(), size)


@lru_cache(maxsize=16)
def _count(outs_bytes: bytes, ins_bytes: bytes, size: int) -> Counts:
    outs, ins = np.frombuffer(outs_bytes, np.int64), np.frombuffer(ins_bytes, np.int64)
    most_in = len(ins) if len(ins) <= 12 else MOST_INS
    pairs = [(a, b) for a in range(min(size, len(outs)) + 1) for b in range(min(size - a, most_in) + 1)]
    if sum(comb(len(outs), a) * comb(len(ins), b) for a, b in pairs) <= FEW:
        return Counts({key: _tally(outs, ins, *key) for key in pairs}, dict.fromkeys(pairs, True), size)
    reach_out, reach_in = _reach(outs, min(size, len(outs))), _reach(ins, min(size, most_in))
    length = _fast_length(int(reach_out[-1] + reach_in[-1]) + 1)
    if length > LONGEST:
        raise ValueError("the amounts are too large for the number of deviations asked for")
    spectra_out = _elementary(outs_bytes, min(size, len(outs)), length)
    spectra_in = _elementary(ins_bytes, min(size, most_in), length)
    table: dict[tuple[int, int], _Listed | _Transformed] = {}
    for a, b in pairs:
        # every second frequency is the transform of half the length: enough where sums reach no further
        low, high, part = int(reach_out[a]), int(reach_in[b]), 1
        while length % (2 * part) == 0 and low + high < length // (2 * part):
            part *= 2
        values = np.fft.irfft(np.conj(spectra_out[a][::part]) * spectra_in[b][::part], length // part)
        table[a, b] = _Transformed(values, -low, high, comb(len(outs), a) * comb(len(ins), b) * ROUNDING)
    exact = {(a, b): comb(len(outs), a) * comb(len(ins), b) * ROUNDING < WHOLE for a, b in pairs}
    return Counts(table, exact, size)


def _reach(amounts: Ints, size: int) -> Ints:
    """What the 0, 1, … `size` largest amounts come to."""
    return np.concatenate([[0], np.cumsum(np.sort(amounts)[::-1][:size])])


def _tally(outs: Ints, ins: Ints, a: int, b: int) -> _Listed:
    sums = [_combinations(v, n)[1] if n else np.zeros(1, np.int64) for v, n in ((outs, a), (ins, b))]
    known, ways = np.unique((sums[1][:, None] - sums[0][None, :]).ravel(), return_counts=True)
    return _Listed(known, ways.astype(np.float64))


def _fast_length(least: int) -> int:
    """The smallest 2^i times 9, 10, 12, 15 or 16 that is at least `least`."""
    power = 1 << max((least - 1).bit_length(), 4)
    return min(power // 16 * part for part in (9, 10, 12, 15, 16) if power // 16 * part >= least)


@lru_cache(maxsize=4)
def _elementary(amounts_bytes: bytes, size: int, length: int) -> list[npt.NDArray[np.complex128]]:
    """Spectra of the numbers of subsets of 0, 1, … `size` amounts by sum, by Newton's identities."""
    amounts = np.frombuffer(amounts_bytes, np.int64)
    spectra = [np.ones(length // 2 + 1, np.complex128)]
    first = np.fft.rfft(np.bincount(amounts % length, minlength=length).astype(np.float64))
    powers = [_at_multiples(first, m, length) for m in range(1, size + 1)]
    for a in range(1, size + 1):
        total = spectra[a - 1] * powers[0]
        for m in range(2, a + 1):
            term = spectra[a - m] * powers[m - 1]
            (np.add if m % 2 else np.subtract)(total, term, out=total)
        spectra.append(np.divide(total, a, out=total))
    return spectra


def _at_multiples(spectrum: npt.NDArray[np.complex128], m: int, length: int) -> npt.NDArray[np.complex128]:
    """The transform of m times each amount: that of the amounts, at m times each frequency."""
    if m == 1:
        return spectrum
    place = np.arange(len(spectrum)) * m % length
    beyond = place > length // 2  # there stands the conjugate of what is as far from the end
    found = spectrum[np.where(beyond, length - place, place)]
    return np.conj(found, out=found, where=beyond)


def without(counts: Counts, outs: Ints, a: int, b: int, sums: Ints, *, of_ins: bool = False) -> Floats:
    """For every amount i: the ways with a outs and b ins that avoid i, at its own sum in `sums`."""
    step = outs if not of_ins else -outs
    total = counts.at(a, b, sums)
    sign = 1.0
    for depth in range(1, (b if of_ins else a) + 1):
        sign = -sign
        key = (a, b - depth) if of_ins else (a - depth, b)
        if key in counts.table:
            total = total + sign * counts.at(*key, sums + depth * step)
    return np.maximum(total, 0.0)


def expected_by_chance(number: int, mean: float, deviation: float, size: int, target: float) -> float:
    """About how many subsets of `size` of `number` amounts hit `target` exactly if amounts were random."""
    if size > number:
        return 0.0
    ways = lgamma(number + 1) - lgamma(size + 1) - lgamma(number - size + 1)
    spread = max(deviation * size**0.5, 0.5)
    z = (target - size * mean) / spread
    return float(np.exp(min(ways - z * z / 2, 600.0)) / (spread * 2.5066282746))


def subsets(values: Ints, size: int, targets: Ints, limit: int = 10_000) -> list[tuple[int, tuple[int, ...]]] | None:
    """All subsets of `size` of the signed `values` that sum to one of `targets`: (index of the target, indices).

    None when there are too many halves to go through, or more than `limit` subsets.
    """
    n = len(values)
    if size == 0:
        return [(int(t), ()) for t in np.flatnonzero(targets == 0)]
    if size > n:
        return []
    left = (size + 1) // 2
    if comb(n, left) * len(targets) > MOST_HALVES:
        return None
    first_index, first_sum = _combinations(values, left)
    if size == 1:
        second_index, second_sum = np.zeros((1, 0), np.int32), np.zeros(1, np.int64)
    else:
        second_index, second_sum = (first_index, first_sum) if size % 2 == 0 else _combinations(values, size - left)
    order = np.argsort(second_sum, kind="stable")
    ordered = second_sum[order]
    found: list[tuple[int, tuple[int, ...]]] = []
    for which, target in enumerate(targets):
        rows = np.flatnonzero(np.isin(target - first_sum, second_sum))
        low = np.searchsorted(ordered, target - first_sum[rows], "left")
        high = np.searchsorted(ordered, target - first_sum[rows], "right")
        if int((high - low).sum()) > 200 * limit:
            return None
        for row, start, end in zip(rows, low, high, strict=True):
            head = tuple(int(i) for i in first_index[row])
            for tail in second_index[order[start:end]].tolist():
                if not tail or tail[0] > head[-1]:
                    found.append((which, (*head, *tail)))
                    if len(found) > limit:
                        return None
    return found


def _combinations(values: Ints, size: int) -> tuple[npt.NDArray[np.int32], Ints]:
    """All index combinations of `size` (rows ascending) with their sums."""
    n = len(values)
    index = np.arange(n, dtype=np.int32).reshape(n, 1)
    for _ in range(size - 1):
        last = index[:, -1]
        repeats = n - 1 - last
        starts = np.repeat(last + 1, repeats)
        offsets = np.arange(int(repeats.sum())) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        index = np.column_stack([np.repeat(index, repeats, axis=0), (starts + offsets).astype(np.int32)])
    return index, values[index].sum(axis=1)


@dataclass(frozen=True)
class Group:
    """Keys and targets (indices) whose sums agree; `difference` is the sum of keys less that of targets."""

    keys: tuple[int, ...]
    targets: tuple[int, ...]
    difference: int


def match_sums(
    keys: Ints, targets: Ints, *, most_keys: int = 3, most_targets: int = 3, tolerance: int = 0
) -> list[Group]:
    """Match n keys with m targets whose sums agree within `tolerance`, each used once.

    Small groups first, since the more amounts a group has, the likelier it agrees by chance; among groups of a size the
    smallest difference first, and of groups that compete for an amount the one whose own amounts have fewest rivals.
    """
    free_keys, free_targets = np.arange(len(keys)), np.arange(len(targets))
    groups: list[Group] = []
    sizes = sorted(
        ((i, j) for i in range(1, most_keys + 1) for j in range(1, most_targets + 1)), key=lambda s: (sum(s), s)
    )
    for i, j in sizes:
        found = _agreeing(keys[free_keys], targets[free_targets], i, j, tolerance)
        taken_keys: set[int] = set()
        taken_targets: set[int] = set()
        for difference, left, right in found:
            if taken_keys.isdisjoint(left) and taken_targets.isdisjoint(right):
                taken_keys.update(left)
                taken_targets.update(right)
                groups.append(
                    Group(
                        tuple(int(free_keys[x]) for x in left), tuple(int(free_targets[x]) for x in right), difference
                    )
                )
        free_keys = np.delete(free_keys, sorted(taken_keys))
        free_targets = np.delete(free_targets, sorted(taken_targets))
    return groups


def _agreeing(keys: Ints, targets: Ints, i: int, j: int, tolerance: int) -> list[tuple[int, Any, Any]]:
    if i > len(keys) or j > len(targets) or comb(len(keys), i) > MOST_HALVES or comb(len(targets), j) > MOST_HALVES:
        return []
    key_index, key_sum = _combinations(keys, i)
    target_index, target_sum = _combinations(targets, j)
    order = np.argsort(target_sum, kind="stable")
    ordered = target_sum[order]
    low = np.searchsorted(ordered, key_sum - tolerance, "left")
    high = np.searchsorted(ordered, key_sum + tolerance, "right")
    rows = np.flatnonzero(high > low)
    if not len(rows):
        return []
    repeats = np.minimum((high - low)[rows], 1000)
    left = np.repeat(rows, repeats)
    offsets = np.arange(int(repeats.sum())) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    right = order[np.repeat(low[rows], repeats) + offsets]
    difference = key_sum[left] - target_sum[right]
    rivals = np.bincount(key_index[left].ravel(), minlength=len(keys))[key_index[left]].max(axis=1)
    rivals += np.bincount(target_index[right].ravel(), minlength=len(targets))[target_index[right]].max(axis=1)
    ranked = np.lexsort((right, left, rivals, np.abs(difference)))
    return [(int(difference[r]), key_index[left[r]].tolist(), target_index[right[r]].tolist()) for r in ranked]
