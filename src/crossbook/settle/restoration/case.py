"""One payout of which only the total is known, as arrays; its explanations; and what can be said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crossbook.settle.subsets import Floats, Ints

Flags = npt.NDArray[np.bool_]

# How often an order without news deviates: Beta(½, 25), a mean of two in a hundred and much room for less.
RATE_OUT = (0.5, 25.0)
MOST_NEWS = 10  # orders with news of their own that are weighed in every combination


def _no_amounts() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True)
class Split:
    """What is known of parts of the orders, as of those placed on one day: which part, from 0 on, each of the case's
    entries is of; and by part the gap, the amount paid for it less the sum of those of `outs` that are of it."""

    gaps: tuple[int, ...]
    outs: Ints
    ins: Ints
    news: Ints
    edge: Ints
    head: Ints


@dataclass(frozen=True)
class Case:
    """One payout to restore. Amounts are net minor units, all positive.

    `gap` is the amount paid less the sum of the surely expected orders `outs` (any of which may be missing). `ins` are
    not expected but may be there. `news` are signed amounts (positive: would come in, negative: would be missing) with
    the odds `news_odds` (at most 1) of that deviation. `edge` are the orders around a blurred cut-off in the order of
    their release: some first part of them is in; `edge_odds` weighs each length of that part (len(edge) + 1 numbers).
    `head` are those around the cut-off before, where it is not known: some first part of them was in the payout before
    and the rest is in this one; `head_odds` weighs each length of that part. Where `held`, the last of `outs` are those
    of `edge` and `head` once more, not of the expected sum: one that would be in may be missing all the same.
    `rate_out` is the Beta prior of how often an order without news is missing.
    `count_gap` is the stated number of orders less the number of `outs`; `fees…` likewise for fee totals; `split` what
    is known of parts of the orders.
    """

    gap: int
    outs: Ints
    ins: Ints = field(default_factory=_no_amounts)
    news: Ints = field(default_factory=_no_amounts)
    news_odds: Floats = field(default_factory=lambda: np.zeros(0))
    edge: Ints = field(default_factory=_no_amounts)
    edge_odds: Floats = field(default_factory=lambda: np.ones(1))
    head: Ints = field(default_factory=_no_amounts)
    head_odds: Floats = field(default_factory=lambda: np.ones(1))
    held: bool = False
    count_gap: int | None = None
    fee_gap: int | None = None
    outs_fee: Ints | None = None
    ins_fee: Ints | None = None
    news_fee: Ints | None = None
    edge_fee: Ints | None = None
    head_fee: Ints | None = None
    split: Split | None = None
    rate_out: tuple[float, float] = RATE_OUT

    def may_be(self, outs: tuple[int, ...], edge: int, head: int) -> bool:
        """Whether these outs can be missing, with so many of `edge` and `head`: what is not in is not missing. Nor is
        the one next to a cut-off, for then that lies on its other side."""
        if not self.held:
            return True
        first = len(self.outs) - len(self.edge) - len(self.head)
        then = first + len(self.edge)
        return all(i < first or (i - first < edge - 1 if i < then else i - then > head) for i in outs)


@dataclass(frozen=True)
class Explanation:
    """One set of deviations that makes the sum exact, by index into the case's arrays, with its posterior."""

    outs: tuple[int, ...]
    ins: tuple[int, ...]
    news: tuple[int, ...]
    edge: int  # how many of `edge` are in
    head: int  # how many of `head` were in the payout before
    probability: float

    @property
    def size(self) -> int:
        """How many orders deviate, the cut-offs' own shift not counted."""
        return len(self.outs) + len(self.ins) + len(self.news)

    def most_in_a_part(self, split: Split | None) -> int:
        """How many orders deviate in the part that has most of them."""
        if split is None or not self.size:
            return self.size
        parts = [split.outs[list(self.outs)], split.ins[list(self.ins)], split.news[list(self.news)]]
        return int(np.bincount(np.concatenate(parts)).max())


@dataclass(frozen=True)
class Answer:
    """What can be said of a case.

    `verdict` is unique, likely, ambiguous or unexplained. `bound` is the number of deviations without news up to which
    every explanation was counted, `within` how many there are. `out`, `into`, `newly`, `edge_in` and `head_in` give the
    probability that each order deviates (for `edge` and `head`: that it is in). `nearest` is what remains of the gap
    when nothing explains it. `evidence` is the weight of all explanations together, to compare cases of one payout that
    differ in what happened before.
    """

    verdict: str
    explanations: tuple[Explanation, ...]
    bound: int
    within: float
    unlisted: float
    out: Floats
    into: Floats
    newly: Floats
    edge_in: Floats
    head_in: Floats
    nearest: int = 0
    evidence: float = 0.0


def told(case: Case) -> Iterator[tuple[str, bytes]]:
    """Everything that a case says, each piece with its name."""
    for name, value in vars(case).items():
        if isinstance(value, Split):
            yield from ((f"{name}.{inner}", _bytes(x)) for inner, x in vars(value).items())
        else:
            yield name, _bytes(value)


def _bytes(value: object) -> bytes:
    return value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
