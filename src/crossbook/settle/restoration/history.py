"""What successive payouts are restored from (orders, notices, the rule, as arrays),
and the histories that explain them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from crossbook.settle.restoration.case import Answer, Case, Explanation
from crossbook.settle.subsets import Ints

NEVER = np.iinfo(np.int64).max
UNKNOWN = 0  # a day

NONE, OPEN, WON, LOST = 0, 1, 2, 3  # states of a dispute
Stamps = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Orders:
    """The orders of one account and currency, as arrays of one length.

    `day` is the day on which each was placed (as `date.toordinal`, UNKNOWN if not known).
    `net` and `fee` in minor units; `released` is when the rule frees the money (microseconds UTC, NEVER if unknown);
    `disputed` and `settled` when a dispute began and ended (NEVER if not); `state` is NONE, OPEN, WON or LOST.
    """

    day: Ints
    net: Ints
    fee: Ints
    released: Stamps
    disputed: Stamps
    settled: Stamps
    state: npt.NDArray[np.int8]


Members = tuple[tuple[int, ...], tuple[int, ...]]  # orders missing, orders added; each sorted


@dataclass(frozen=True)
class Notice:
    """A payout of which the total is known: its amount, the nominal cut-off, and what else is known of it.

    `parts` are sums, in net minor units, of its orders that were placed up to a day (as `date.toordinal`) and after the
    one before; `inside` and `outside` are orders that are known to be in it or not."""

    amount: int
    cut: int
    count: int | None = None
    fee_total: int | None = None
    parts: tuple[tuple[int, int], ...] = ()
    inside: tuple[int, ...] = ()
    outside: tuple[int, ...] = ()
    accepted: Members | None = None  # the explanation that a person accepted


@dataclass(frozen=True)
class Rule:
    """How sharply the account keeps its rule: `blur` is half the window in which the cut-off lies, `near` the time past
    a sharp cut-off within which an order may have been paid early; both in microseconds. `cycle` is the usual time
    between payouts."""

    blur: int = 0
    near: int = 2 * 3600 * 1_000_000
    cycle: int = 10 * 86_400 * 1_000_000


@dataclass(frozen=True)
class Deviation:
    """One explanation in terms of orders: expected but not in it, in it but not expected."""

    missing: tuple[int, ...]
    added: tuple[int, ...]
    probability: float


@dataclass(frozen=True)
class Named:
    """A case with the order behind every entry of its arrays. `gone` are expected orders that are known not to be in
    it, `paid` others that are known to be in it."""

    case: Case
    outs: Ints
    ins: Ints
    news: Ints
    edge: Ints
    head: Ints
    gone: tuple[int, ...] = ()
    paid: tuple[int, ...] = ()


def members(named: Named, e: Explanation) -> Members:
    """The orders that an explanation of the case has missing and added."""
    missing = [*named.gone, *(int(named.outs[i]) for i in e.outs)]
    added = [*named.paid, *(int(named.ins[i]) for i in e.ins)] + [int(i) for i in named.edge[: e.edge]]
    added += [int(i) for i in named.head[e.head :]]
    for i in e.news:
        (missing if named.case.news[i] < 0 else added).append(int(named.news[i]))
    held = set(missing) & set(added)  # around a cut-off, and not in it all the same
    return tuple(sorted({*missing} - held)), tuple(sorted({*added} - held))


@dataclass(frozen=True)
class Step:
    """How one history explains one payout."""

    expected: Ints
    answer: Answer
    case: Named
    explanation: Explanation | None

    @cached_property
    def deviations(self) -> list[Deviation]:
        """The explanations that this step stands for: the one it follows, or all that were listed."""
        if self.explanation is not None:
            return [Deviation(*members(self.case, self.explanation), 1.0)]
        return [Deviation(*members(self.case, e), e.probability) for e in self.answer.explanations]


Mixture = tuple[tuple[float, Step], ...]  # the ways in which merged histories explain one payout, with their shares


@dataclass(frozen=True)
class History:
    """One way in which all payouts so far are explained, and what it leaves for those to come."""

    weight: float  # natural logarithm
    missing: dict[int, int]  # order -> index of the payout in which it was expected
    early: frozenset[int]  # orders paid before they were due
    waiting: tuple[int, ...]  # orders released before the last cut-off's window ended, but after the cut-off
    waiting_odds: tuple[float, ...]  # of each length of a first part that was paid all the same; empty: of none
    doubted: tuple[int, ...]  # may have been left unpaid by a payout that stayed open
    steps: tuple[Mixture, ...] = field(default=())
