"""Which one more fact would settle an open restoration.

It is the number of orders, the fee total, whether one order is in it, the sum of those of its orders that were placed
up to a day, or the sums of those placed on each day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from crossbook.settle.restoration.history import UNKNOWN, Deviation, Notice, Orders
from crossbook.settle.restoration.judgement import Restored
from crossbook.settle.restoration.worth import telling

NAMES = ("count", "fee_total", "order", "part", "days")  # those that are easier to find out first
ENOUGH = 0.95  # expected odds from which the easiest fact is asked for, and not the one that tells most
NEARLY_ALL = 0.9  # odds of the listed rivals from which facts are weighed by what each of them says
DOUBTFUL = 20  # orders that are asked about
SHARES = (0.2, 0.35, 0.5, 0.65, 0.8)  # of the doubt, where the day of a part is looked for


@dataclass(frozen=True)
class Question:
    """A fact to ask for, one of NAMES; `subject` is the order or the day (as `date.toordinal`), and `settles` what to
    expect of the odds of the best answer then."""

    name: str
    subject: int
    settles: float


def most_telling(answer: Restored, orders: Orders, notice: Notice) -> Question | None:
    """The fact that raises the expected odds of the best explanation most; None when none would."""
    rivals = answer.deviations
    if answer.verdict not in ("likely", "ambiguous"):
        return None
    if sum(d.probability for d in rivals) >= NEARLY_ALL:
        now = rivals[0].probability
        facts = _by_rivals(answer, orders)
    else:
        known_days = orders.day[answer.candidates]
        worth = telling(answer.case, len(np.unique(known_days)))
        now = worth.pop("now", 0.0)
        days = _days(answer, orders, (0.5,))
        subjects = {"part": days[0] if days else None, "days": None if (known_days == UNKNOWN).any() else 0}
        facts = [
            Question(name, subject, settles)
            for name, settles in worth.items()
            if (subject := subjects.get(name, 0)) is not None
        ]
    facts = [f for f in facts if f.settles > now + 0.01 and not _known(notice, f)]
    if not facts:
        return None
    enough = [f for f in facts if f.settles >= ENOUGH]
    return min(enough or facts, key=lambda f: (0 if enough else -round(f.settles, 6), NAMES.index(f.name), -f.settles))


def _known(notice: Notice, fact: Question) -> bool:
    if fact.name in ("part", "days"):
        return len(notice.parts) > (0 if fact.name == "part" else 1)
    return {"count": notice.count, "fee_total": notice.fee_total}.get(fact.name) is not None


def _by_rivals(answer: Restored, orders: Orders) -> list[Question]:
    """Every fact, weighed by what each of the rivals says of it."""
    rivals = answer.deviations
    facts = [
        Question("count", 0, _expected_best(rivals, [len(d.added) - len(d.missing) for d in rivals])),
        Question("fee_total", 0, _expected_best(rivals, [_change(d, orders.fee) for d in rivals])),
    ]
    for day in _days(answer, orders, SHARES):
        early = np.where(orders.day <= day, orders.net, 0)
        facts.append(Question("part", day, _expected_best(rivals, [_change(d, early) for d in rivals])))
    if not (orders.day[answer.candidates] == UNKNOWN).any():
        facts.append(Question("days", 0, _expected_best(rivals, [_by_day(d, orders) for d in rivals])))
    doubt = np.argsort(np.abs(answer.probability - 0.5), kind="stable")[:DOUBTFUL]
    for order in (int(i) for i in answer.candidates[doubt]):
        facts.append(
            Question("order", order, _expected_best(rivals, [order in d.missing or order in d.added for d in rivals]))
        )
    return facts


def _expected_best(rivals: tuple[Deviation, ...], answers: Sequence[Hashable]) -> float:
    best: dict[Hashable, float] = defaultdict(float)
    for rival, value in zip(rivals, answers, strict=True):
        best[value] = max(best[value], rival.probability)
    return float(sum(best.values()))


def _change(d: Deviation, values: np.ndarray) -> int:
    return int(values[list(d.added)].sum()) - int(values[list(d.missing)].sum())


def _by_day(d: Deviation, orders: Orders) -> Hashable:
    """What an explanation changes in the sum of each day."""
    found: dict[int, int] = defaultdict(int)
    for order in d.added:
        found[int(orders.day[order])] += int(orders.net[order])
    for order in d.missing:
        found[int(orders.day[order])] -= int(orders.net[order])
    return frozenset((day, amount) for day, amount in found.items() if amount)


def _days(answer: Restored, orders: Orders, shares: tuple[float, ...]) -> list[int]:
    """The days up to which these shares of the doubt about orders lie; none where a day is not known."""
    days, doubt = orders.day[answer.candidates], answer.probability * (1.0 - answer.probability)
    if not len(days) or (days == UNKNOWN).any() or doubt.sum() <= 0:
        return []
    order = np.argsort(days, kind="stable")
    reached = np.cumsum(doubt[order]) / doubt.sum()
    found = {int(days[order][min(int(np.searchsorted(reached, share)), len(order) - 1)]) for share in shares}
    return sorted(found - {int(days.max())})
