"""Long chains of transfers: through how many hands money has passed, fresh each time, and since when.

Each receipt of an account leaves a lot. A payment takes the payer's lots that are no older than the window of a hop,
the one that came last first (or the one that came first). Its depth is 1 + the greatest d for which lots of depth d or
more bear at least the given share of it, its start the earliest of the lots so counted; where there is no such d its
depth is 1 and it begins a chain. A lot whose chain began longer ago than the whole window counts as depth 0. Money
between accounts of one party is carried: the lots move, as deep as they were. What is paid to oneself within an account
changes nothing. Through a hub (a platform's or an institution's account, through which strangers' money passes) nothing
is followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from crossbook.errors import CrossbookError

DAY = 86_400
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What makes a chain. Windows in seconds; `keep` the share that must come of lots of a depth, in per mille."""

    hop_window: int = 3 * DAY
    total_window: int = 30 * DAY
    keep: int = 850
    newest_first: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.keep <= 1000:
            raise CrossbookError(f"a share of {self.keep} per mille", todo="give 1 to 1000")
        if not 0 <= self.hop_window <= self.total_window:
            raise CrossbookError(
                f"a hop's window of {self.hop_window} seconds within {self.total_window} in all",
                todo="the window of a hop is no longer than that of the chain, and neither is negative",
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Traced:
    """Of each transfer its depth and the moment its chain began, and the links by which depth was carried: a row each
    of the number of the payment, the number of the transfer whose lot it took, and how much of it."""

    depth: Whole
    start: Whole
    links: Whole


@dataclass(kw_only=True)
class Walk:
    """Follows transfers in order, any number at a time; what is kept between calls is the lots that can still be taken.

    Accounts are numbers from 0 on; moments are seconds.
    """

    rule: Rule = field(default_factory=Rule)
    hubs: frozenset[int] = frozenset()
    followed: int = 0  # transfers so far
    moment: int | None = None  # of the last of them
    _heads: Whole = field(default_factory=lambda: np.empty((0, 8), np.int64), repr=False)
    _lots: Whole = field(default_factory=lambda: np.empty((0, 6), np.int64), repr=False)

    def follow(
        self, moment: Any, payer: Any, payee: Any, amount: Any, own: Any | None = None, told: Any | None = None
    ) -> Traced:
        """Follow the next transfers, in order of moment and, within one, as they stand. `own` marks those between
        accounts of one party. `told` is a row of depth and start for each, where another institution followed the payer
        (depth 0: it did not). Raises CrossbookError for an amount that is not positive and a moment before the last."""
        moments, amounts = np.ascontiguousarray(moment, np.int64), np.ascontiguousarray(amount, np.int64)
        payers, payees = np.ascontiguousarray(payer, np.int64), np.ascontiguousarray(payee, np.int64)
        count = len(moments)
        self._check(moments, payers, payees, amounts)
        depth, start = np.empty(count, np.int64), np.empty(count, np.int64)
        if not count:
            return Traced(depth=depth, start=start, links=np.empty((0, 3), np.int64))
        from crossbook.watch import kernel

        self._make_room(int(max(payers.max(), payees.max())) + 1)
        kept = len(self._lots)
        room = np.empty((kept + count // 2 + 16, kernel.LOT_COLUMNS), np.int64)  # what is not used takes no memory
        room[:kept] = self._lots
        links, lots, used = kernel.walk(
            moments,
            payers,
            payees,
            amounts,
            np.empty(0, np.bool_) if own is None else np.ascontiguousarray(own, np.bool_),
            np.empty((0, 2), np.int64) if told is None else np.ascontiguousarray(told, np.int64).reshape(count, 2),
            self.followed,
            self.rule.hop_window,
            self.rule.total_window,
            self.rule.keep,
            self.rule.newest_first,
            self._heads,
            room,
            kept,
            depth,
            start,
        )
        self.followed += count
        self.moment = int(moments[-1])
        self._lots = kernel.living(self._heads, lots[:used], self.moment - self.rule.hop_window)
        return Traced(depth=depth, start=start, links=links)

    def _make_room(self, accounts: int) -> None:
        from crossbook.watch import kernel

        before = len(self._heads)
        if accounts > before:
            self._heads = kernel.heads_for(self._heads, accounts)
            hubs = [hub for hub in self.hubs if before <= hub < len(self._heads)]
            self._heads[hubs, kernel.HUB] = 1

    def _check(self, moments: Whole, payers: Whole, payees: Whole, amounts: Whole) -> None:
        if not len(moments) == len(payers) == len(payees) == len(amounts):
            raise ValueError("columns of different length")
        if (amounts <= 0).any():
            at = int(np.argmax(amounts <= 0))
            raise CrossbookError(
                f"transfer {self.followed + at + 1}: an amount of {int(amounts[at])} cannot be followed",
                todo="leave out reversals and what moved nothing, or follow them as what they are",
            )
        before = np.concatenate([moments[:1] if self.moment is None else [self.moment], moments[:-1]])
        if (moments < before).any():
            at = int(np.argmax(moments < before))
            raise CrossbookError(
                f"transfer {self.followed + at + 1} is of a moment before the one before it",
                todo="follow transfers in order; those that come late from their moment on, with all behind them",
            )
