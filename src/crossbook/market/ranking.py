"""The order of markets for a product, and how far it can be told.

**The score** of a market is the product of its dimensions, each to the power of its weight; by default

    score = margin share x imports a year

which is what one would earn who had the same small share of every market's imports. A dimension is an interval, so the
score is one: with the ends of all dimensions (it rises or falls in each alone, so its least and most are at corners).

**The rank** of a market is 1 and the number of markets that score higher. Where scores are intervals it is between
1 and the number that score higher in any case, and 1 and the number that may. The doubts of two markets are taken to
have nothing to do with each other, so the true rank is never outside.

**Compared** are markets whose interval has both ends. One with an open end is `open`: it takes no place from the
others, and where it might stand among them is told of it alone. One of which neither price nor demand is known has
`no data`, and one that is barred (`barred`) is set apart with the reason: neither is last.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as corners

from crossbook.errors import CrossbookError

COMPARED, OPEN, NO_DATA, BARRED = "compared", "open", "no data", "barred"
WEIGHTS = {"margin": 1.0, "demand": 1.0}


@dataclass(frozen=True, kw_only=True)
class Range:
    """An interval of plain numbers with the usual case in it; an open end is infinite."""

    low: float
    point: float | None
    high: float

    @property
    def finite(self) -> bool:
        """Whether both ends are known."""
        return math.isfinite(self.low) and math.isfinite(self.high)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A market to be ranked: its dimensions by name, and by each doubt the dimensions as they are when only it is open.
    `told` says of which dimensions anything at all is known; `barred` why goods may not go there, "" where they may."""

    market: str
    dimensions: Mapping[str, Range]
    doubts: Mapping[str, Mapping[str, Range]] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    barred: str = ""


@dataclass(frozen=True, kw_only=True)
class Swing:
    """What one doubt does to a market's rank when all else is as usual: from `best` to `worst`, and to its score."""

    doubt: str
    best: int
    worst: int
    score: float  # most less least


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A market in the order. `best` and `worst` are the first and the last rank that it may have among the compared,
    `rank` that of the usual case; all None where it is barred or has no data. `swings` are its doubts, that which moves
    the rank most first."""

    market: str
    status: str
    score: Range
    rank: int | None = None
    best: int | None = None
    worst: int | None = None
    swings: tuple[Swing, ...] = ()
    reason: str = ""


def weights(given: Mapping[str, float] | None = None) -> dict[str, float]:
    """The weights with those that are given in their place. Raises CrossbookError for an unknown one, or below 0."""
    found = WEIGHTS | dict(given or {})
    wrong = [name for name in found if name not in WEIGHTS]
    if wrong:
        raise CrossbookError(f"no dimension {wrong[0]!r} to weigh", todo="weigh " + " or ".join(WEIGHTS))
    if not all(math.isfinite(w) and 0 <= w <= 10 for w in found.values()):
        raise CrossbookError("a weight is a number from 0 to 10", todo="write it as margin=1 or demand=0.5")
    return found


def score(dimensions: Mapping[str, Range], weigh: Mapping[str, float]) -> Range:
    """The interval of the score of a market."""
    used = [(dimensions[name], w) for name, w in weigh.items() if w]
    ends = [_times(values, used) for values in corners(*((r.low, r.high) for r, _ in used))]
    point = None
    if all(r.point is not None for r, _ in used):
        point = _times([r.point for r, _ in used if r.point is not None], used)
    return Range(low=min(ends, default=1.0), point=point, high=max(ends, default=1.0))


def _times(values: Sequence[float], used: Sequence[tuple[Range, float]]) -> float:
    found = 1.0
    for value, (_, weight) in zip(values, used, strict=True):
        power = math.copysign(math.pow(abs(value), weight), value)
        found = 0.0 if found == 0 or power == 0 else found * power  # nothing times whatever it may be
    return found


def place(candidates: Sequence[Candidate], weigh: Mapping[str, float] | None = None) -> list[Placed]:
    """Every candidate with its place: the compared in the order of the usual case (else the middle of the interval),
    then the open, those without data and the barred, each by name."""
    used = weights(weigh)
    scores = {c.market: score(c.dimensions, used) for c in candidates}
    statuses = {c.market: _status(c, scores[c.market], used) for c in candidates}
    field_ = {m: scores[m] for m, status in statuses.items() if status == COMPARED}
    placed = [_placed(c, scores[c.market], statuses[c.market], field_, used) for c in candidates]
    order = (COMPARED, OPEN, NO_DATA, BARRED)
    return sorted(placed, key=lambda p: (order.index(p.status), p.rank or 0, p.best or 0, p.market))


def _status(c: Candidate, found: Range, used: Mapping[str, float]) -> str:
    if c.barred:
        return BARRED
    asked = [name for name, w in used.items() if w]
    if found.finite and all(name in c.told and c.dimensions[name].finite for name in asked):
        return COMPARED
    return OPEN if c.told else NO_DATA


def _placed(c: Candidate, mine: Range, status: str, field_: Mapping[str, Range], used: Mapping[str, float]) -> Placed:
    if status in (NO_DATA, BARRED):
        return Placed(market=c.market, status=status, score=mine, reason=c.barred)
    others = [s for market, s in field_.items() if market != c.market]
    best, worst = among(mine, others)
    swings = []
    for doubt, dimensions in c.doubts.items():
        alone = score(dimensions, used)
        first, last = among(alone, [_fixed(s) for s in others])
        swings.append(Swing(doubt=doubt, best=first, worst=last, score=alone.high - alone.low))
    swings.sort(key=lambda s: (s.best - s.worst, -s.score if math.isfinite(s.score) else -math.inf, s.doubt))
    rank = None if status == OPEN else 1 + sum(_middle(s) > _middle(mine) for s in others)
    return Placed(market=c.market, status=status, score=mine, rank=rank, best=best, worst=worst, swings=tuple(swings))


def among(mine: Range, others: Sequence[Range]) -> tuple[int, int]:
    """The first and the last rank that a score may have among others."""
    return 1 + sum(s.low > mine.high for s in others), 1 + sum(s.high > mine.low for s in others)


def _middle(found: Range) -> float:
    return found.point if found.point is not None else (found.low + found.high) / 2


def _fixed(found: Range) -> Range:
    middle = _middle(found)
    return Range(low=middle, point=middle, high=middle)
