"""What one more fact would be worth, where the explanations of a payout are too many to list."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np

from crossbook.settle.restoration.case import Case
from crossbook.settle.restoration.choices import agreeing, counted, rates_of
from crossbook.settle.restoration.explanation import beyond


def telling(case: Case, days: int) -> dict[str, float]:
    """What to expect of the odds of the true set, once one more fact is known: the number of orders (`count`), the fees
    (`fee_total`), the sum of about half of the orders (`part`), those of so many `days`; and as it is (`now`).

    A set that is true with the odds w keeps them among the sets that say the same: w / (w + what they weigh). How many
    say the same is known for the number of orders. Sums and fees of sets with n deviations are taken to be spread like
    those of n random amounts.
    """
    choices, groups = counted(case)
    each = rates_of(case, groups)
    ways = agreeing(case, choices, groups)
    weights = {key: found * choices.weight * each[key] for key, found in ways.items()}
    total = sum(float(w.sum()) for w in weights.values())
    if total <= 0:
        return {}
    total += beyond(case, choices, groups, weights)
    amounts = np.concatenate([v for g in groups for v in (g.outs, g.ins)])
    spread, rounding, counting = float(amounts.std()) if len(amounts) else 0.0, 0.0, False
    if case.outs_fee is not None and len(case.outs) > 2:
        slope, fixed = np.polyfit(case.outs, case.outs_fee, 1) if case.outs.std() > 0 else (0.0, 0.0)
        rounding, counting = float((case.outs_fee - slope * case.outs - fixed).std()), fixed > 1
    by_count = np.zeros(1)
    sizes: dict[int, float] = {}
    least = min(int(choices.orders.min()) - max(a for a, _ in ways), 0)
    for (a, b), number in ways.items():
        mass = number * choices.weight * each[a, b] / total
        found = np.bincount(choices.orders - a + b - least, mass)
        by_count = np.pad(by_count, (0, max(len(found) - len(by_count), 0)))
        by_count[: len(found)] += found
        sizes[a + b] = sizes.get(a + b, 0.0) + float(mass.sum())
    told = {"now": 0.0, "count": 0.0, "fee_total": 0.0, "part": 0.0, "days": 0.0}
    beside = 1.0 + len(amounts) / max(days, 1) * _same(spread, 1)  # orders of a day that could stand for one
    for (a, b), number in ways.items():
        odds = choices.weight * each[a, b] / total
        mass = number * odds
        alike = by_count[choices.orders - a + b - least]
        fees = (alike if counting else 1.0) * _same(rounding, a + b)
        halves = sum(share * _same_half(spread, a + b, n) for n, share in sizes.items())
        told["now"] += float((mass * odds).sum())
        told["count"] += float((mass * odds / np.maximum(alike, odds)).sum())
        told["fee_total"] += float((mass * odds / np.maximum(fees, odds)).sum())
        told["days"] += float(mass.sum()) / beside ** (a + b)
        told["part"] += float((mass * odds / (odds + (1.0 - odds) * halves)).sum())
    return {name: min(value, 1.0) for name, value in told.items()}


def _same(spread: float, number: float) -> float:
    """How likely two sums of as many amounts are equal."""
    return min(1.0, 1.0 / max(2 * sqrt(pi) * spread * sqrt(number), 1e-9))


def _same_half(spread: float, one: int, other: int) -> float:
    """How likely what two sets of deviations have in one half of the orders is equal, when their whole sums are."""
    alone, alone_too = 2.0 ** (1 - one), 2.0 ** (1 - other)  # all in one half
    rest = max(1.0 - alone, 0.0) * max(1.0 - alone_too, 0.0)
    return min(1.0, min(alone, 1.0) * min(alone_too, 1.0) / 2 + rest * _same(spread, max(min(one, other) / 2, 1)))
