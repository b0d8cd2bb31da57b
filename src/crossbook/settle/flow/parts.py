"""What lots consist of, and what a part of a lot then consists of. Pure functions on columns.

A receipt that was sent from elsewhere consists of the pieces that were sent. Who takes a part of it takes some of them
whole, from the one end or the other; under the rule "proportional" of every piece its share of what is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crossbook.settle.flow.lots import Bools, Ints, Taken
from crossbook.settle.flow.sharing import divided, grouped_shares


@dataclass
class Parts:
    """What lots consist of: rows `first` to `first + count` of the columns, in their order."""

    first: Ints
    count: Ints
    start: Ints
    stop: Ints
    origin: Ints
    low: Ints  # of the origin's own minor units, from here
    high: Ints  # to here

    def add(self, lots: Ints, count: Ints, start: Ints, stop: Ints, origin: Ints, low: Ints, high: Ints) -> None:
        """Say of some lots what they consist of."""
        self.first[lots] = len(self.start) + np.cumsum(count) - count
        self.count[lots] = count
        for name, more in (("start", start), ("stop", stop), ("origin", origin), ("low", low), ("high", high)):
            setattr(self, name, np.concatenate([getattr(self, name), more]))


class Spread:
    """What takes from lots of several pieces of every piece: of each row the pieces and from where to where in them.

    `shared` says of each lot whether its balance is one of this rule.
    """

    def __init__(self, rows: Taken, shared: Bools) -> None:
        self.rows, self.shared = rows, shared
        chosen = np.flatnonzero(shared[rows.lot])
        self._by_lot = chosen[np.lexsort((-rows.stop[chosen], rows.lot[chosen]))]  # as they took: from the end
        self._edge = np.searchsorted(rows.lot[self._by_lot], np.arange(len(shared) + 1))
        none = np.zeros(0, np.int64)
        self.first, self.count = np.zeros(len(rows.lot), np.int64), np.zeros(len(rows.lot), np.int64)
        self.part, self.low, self.high = none, none, none

    def over(self, lots: Ints, parts: Parts) -> None:
        """Share out what was taken of these lots, now that their parts are known."""
        lots = lots[self.shared[lots] & (parts.count[lots] > 1)]
        takes = self._edge[lots + 1] - self._edge[lots]
        part, lot = _ranges(parts.first[lots], parts.count[lots])
        left = parts.stop[part] - parts.start[part]
        found: list[tuple[Ints, Ints, Ints, Ints]] = []
        for step in range(int(takes.max(initial=0))):
            going = (left > 0) & (takes[lot] > step)
            part, lot, left = part[going], lot[going], left[going]
            row = self._by_lot[np.minimum(self._edge[lots] + step, len(self._by_lot) - 1)]
            need = np.where(takes > step, self.rows.stop[row] - self.rows.start[row], 0)
            share = grouped_shares(left, lot, need)
            some = np.flatnonzero(share)
            top = parts.start[part[some]] + left[some]
            found.append((row[lot[some]], part[some], top - share[some], top))
            left = left - share
        if found:
            row, part, low, high = (np.concatenate(c) for c in zip(*found, strict=True))
            order = np.argsort(row, kind="stable")
            count = np.bincount(row, minlength=len(self.count))
            first = len(self.part) + np.cumsum(count) - count
            self.first, self.count = np.where(count > 0, first, self.first), self.count + count
            self.part = np.concatenate([self.part, part[order]])
            self.low, self.high = np.concatenate([self.low, low[order]]), np.concatenate([self.high, high[order]])


def _ranges(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """The places of some ranges, one after the other, and which range each is of."""
    of = np.repeat(np.arange(len(count)), count)
    return np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(of)), of


def inside(rows: Taken, chosen: Ints, parts: Parts, spread: Spread) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """What some rows consist of: row, origin, minor units of the balance, and from where to where in the origin."""
    lot, start, stop = rows.lot[chosen], rows.start[chosen], rows.stop[chosen]
    low, count = parts.first[lot], parts.count[lot]
    first = _bisect(parts.stop, low, low + count, start + 1)
    last = _bisect(parts.stop, low, low + count, stop)
    shared = spread.count[chosen] > 0
    n = np.where(shared, spread.count[chosen], last - first + 1)
    at, row = _ranges(np.where(shared, spread.first[chosen], first), n)
    of = np.flatnonzero(shared[row])
    told = at[of]
    at[of] = spread.part[told]
    lower, upper = np.maximum(start[row], parts.start[at]), np.minimum(stop[row], parts.stop[at])
    lower[of], upper[of] = spread.low[told], spread.high[told]
    whole, began = parts.stop[at] - parts.start[at], parts.high[at] - parts.low[at]
    from_ = parts.low[at] + divided(lower - parts.start[at], began, whole)[0]
    to = parts.low[at] + divided(upper - parts.start[at], began, whole)[0]
    return chosen[row], parts.origin[at], upper - lower, from_, to


def _bisect(keys: Ints, low: Ints, high: Ints, wanted: Ints) -> Ints:
    """For each row the first place from `low` to `high` whose key is not below the wanted one."""
    low, high = low.copy(), high.copy()
    while (open_ := low < high).any():
        middle = (low + high) // 2
        below = open_ & (keys[np.minimum(middle, len(keys) - 1)] < wanted)
        low = np.where(below, middle + 1, low)
        high = np.where(open_ & ~below, middle, high)
    return low
