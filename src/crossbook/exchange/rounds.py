"""What one side tells of the transfers that cross, round by round, and what it makes of what it is told.

First the depths: of each transfer that goes out its depth and the span of time in which its chain began, wherever that
is new. Then the cases: each side marks the transfers that cross and belong to a long chain, with the number of the
case; the other walks back from those, and marks what it reaches. A side ends when it has nothing new to tell and was
told nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from crossbook.exchange.agreement import Agreement
from crossbook.exchange.side import OUT, WITHIN, Flags, Side, Whole, reached
from crossbook.watch.chains import Traced

NO_CASE = -1


@dataclass(frozen=True, kw_only=True)
class Caps:
    """What may be told of a transfer that crosses: from which depth and amount on, and its start only as the span of so
    many seconds in which it lies. `long` is the depth that makes a case, `crumb` the share of a lot, per
    mille, below which a payment out of it is no part of one."""

    least_depth: int = 2
    least_amount: int = 0
    span: int = 3600
    long: int = 5
    crumb: int = 50

    @classmethod
    def of(cls, agreement: Agreement) -> Caps:
        """What an agreement says of it."""
        most, look = agreement.most, agreement.look
        return cls(
            least_depth=most.least_depth,
            least_amount=most.least_amount,
            span=most.span_hours * 3600,
            long=look.long,
            crumb=look.crumb,
        )


def money_in(depth: Whole, amount: Whole) -> int:
    """How much money is in a chain, of these transfers of it: the most that was paid at one depth. The sum over all
    would count the same money once for each hop."""
    at, place = np.unique(depth, return_inverse=True)
    paid = np.zeros(len(at), np.int64)
    np.add.at(paid, place, amount)
    return int(paid.max(initial=0))


@dataclass(kw_only=True)
class Depths:
    """The rounds in which depths are told."""

    side: Side
    caps: Caps
    shared: Whole  # of each transfer the number that both sides know it by; negative for those that have none
    traced: Traced = field(init=False)
    said: Whole = field(init=False, repr=False)  # of each transfer the depth and start that were told last

    def __post_init__(self) -> None:
        self.said = np.zeros((len(self.side.moment), 2), np.int64)
        self.traced = self.side.follow()

    def tell(self) -> tuple[Whole, Whole, Whole]:
        """The transfers of which something new can be told, with their depths and starts; what was told before of one
        that may no longer be told is taken back with depth 0."""
        caps, depth = self.caps, self.traced.depth
        may = (self.side.crossing == OUT) & (self.shared >= 0)
        may &= (depth >= caps.least_depth) & (self.side.amount >= caps.least_amount)
        now = np.column_stack([depth, self.traced.start // caps.span * caps.span])
        now[~may] = 0
        new = np.flatnonzero((now != self.said).any(axis=1))
        self.said = now
        return new, now[new, 0], now[new, 1]

    def hear(self, transfers: Any, depth: Any, start: Any) -> None:
        """Follow all anew with what the other side tells."""
        self.side.hear(transfers, depth, start)
        self.traced = self.side.follow()


@dataclass(kw_only=True)
class Marks:
    """The rounds in which transfers that cross are marked as of a case. `case` has the number of each transfer's case,
    NO_CASE where it is in none. Numbers are those of the transfers that cross, as both sides call them."""

    side: Side
    caps: Caps
    traced: Traced
    shared: Whole  # of each transfer the number that both sides know it by; -1 for those within
    case: Whole = field(init=False)
    found: Flags = field(init=False)
    heard: Whole = field(init=False, repr=False)  # of each transfer the case that the other side told
    said: Whole = field(init=False, repr=False)  # and that it was told

    def __post_init__(self) -> None:
        self.heard = np.full(len(self.side.moment), NO_CASE, np.int64)
        self.said = self.heard.copy()
        self._join()

    def _join(self) -> None:
        flagged = (self.traced.depth >= self.caps.long) | (self.heard != NO_CASE)
        self.found, root = reached(self.traced, self.side.amount, flagged, self.caps.crumb)
        self.case = np.full(len(root), NO_CASE, np.int64)
        crosses = np.flatnonzero(self.found & (self.shared >= 0))
        least = np.full(len(root), np.iinfo(np.int64).max)
        named = np.where(self.heard[crosses] == NO_CASE, self.shared[crosses], self.heard[crosses])
        np.minimum.at(least, root[crosses], np.minimum(named, self.shared[crosses]))
        members = np.flatnonzero(self.found)
        known = least[root[members]]
        self.case[members] = np.where(known == np.iinfo(np.int64).max, NO_CASE, known)

    def resume(self, heard: Whole, said: Whole) -> None:
        """Go on from what was heard and said before."""
        self.heard, self.said = heard, said
        self._join()

    def tell(self) -> tuple[Whole, Whole]:
        """The transfers that cross whose case is new, or has another number now, and these numbers."""
        now = np.where(self.found & (self.side.crossing != WITHIN) & (self.shared >= 0), self.case, NO_CASE)
        new = np.flatnonzero((now != self.said) & (now != NO_CASE) & (now != self.heard))
        self.said[new] = now[new]
        return new, now[new]

    def hear(self, transfers: Any, cases: Any) -> None:
        """Take the marks of the other side, and walk back from them."""
        at = np.asarray(transfers, np.int64)
        before = self.heard[at]
        cases = np.asarray(cases, np.int64)
        self.heard[at] = np.where(before == NO_CASE, cases, np.minimum(before, cases))
        self._join()
