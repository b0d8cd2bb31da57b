"""Which orders are in a payout of which only the total is known: one payout, as a pure function over arrays.

The expected set is what the account's rule says. Explanations are the sets of deviations from it that make the sum
exact. They are weighed by how likely each deviation is: orders without news deviate at an unknown common rate (prior
Beta), orders with news (a dispute, a return) each at their own odds, and a blurred cut-off moves as a whole, since all
orders released before it are in. All explanations up to a number of deviations are counted, not sampled; those beyond
it are estimated, so that the odds of an answer take them into account too. Where the sum of a part of the orders is
known, that part and the rest are counted each by itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crossbook.settle.restoration.case import Answer, Case, Explanation
from crossbook.settle.restoration.choices import Choices, Group, Pair, agreeing, counted, rates, rates_of, ways_in
from crossbook.settle.restoration.listing import listed
from crossbook.settle.restoration.odds import Odds
from crossbook.settle.subsets import Floats, expected_by_chance

SURE = 0.999  # posterior from which the one explanation within the bounds is called unique
LIKELY = 0.8
BEYOND = 12  # deviations up to which explanations beyond the bound are estimated
MOST_BEYOND = 3  # of them, orders that are not expected
MOST_FURTHER = 8  # deviations of the other parts, beside those beyond the bound of one


def restore(case: Case, bound: int | None = None) -> Answer:
    """Weigh every explanation of a payout. Deterministic; see the module's docstring for what is assumed."""
    choices, groups = counted(case, bound)
    each = rates_of(case, groups)
    ways = agreeing(case, choices, groups)
    weights = {key: found * choices.weight * each[key] for key, found in ways.items()}
    size = min(g.size for g in groups)
    found, whole_to = listed(case, choices, groups, each, ways)
    complete = whole_to >= max((a + b for a, b in ways), default=0)
    known = float(sum(weight for _, weight in found))
    weighed = float(sum(w.sum() for w in weights.values()))
    if not found and weighed <= 0:
        return _unexplained(case, choices, size)
    # what a fee total rules out is gone only where everything was listed and could be looked at
    total = (known if complete else max(known, weighed)) + beyond(case, choices, groups, weights)
    if total <= 0:
        return _unexplained(case, choices, size)
    within = float(len(found)) if complete else float(sum(w.sum() for w in ways.values()))
    explanations = tuple(
        Explanation(*parts, probability=weight / total) for parts, weight in sorted(found, key=lambda e: -e[1])
    )
    odds = Odds.of(case)
    if complete:
        odds.listed(explanations)
    else:
        odds.counted(case, choices, groups, each, weights)
    best = explanations[0].probability if explanations else 0.0
    alone_to = _alone_to(case, explanations, size if complete else min(size, whole_to))
    if best >= SURE and alone_to >= explanations[0].most_in_a_part(case.split):
        verdict, size, within = "unique", alone_to, 1.0
    else:
        verdict = "likely" if best >= LIKELY else "ambiguous"
    return Answer(
        verdict,
        explanations,
        size,
        within,
        max(0.0, 1.0 - known / total),
        *odds.parts(),
        evidence=total / float(np.prod(1.0 + case.news_odds)),
    )


def beyond(case: Case, choices: Choices, groups: list[Group], weights: dict[Pair, Floats]) -> float:
    """Estimated weight of explanations with more deviations in a group than were counted, by the density of their
    sums; the other groups are as the likeliest choice has them."""
    likely = choices.weight if len(groups) == 1 else np.asarray(sum(weights.values()))
    best = int(np.argmax(likely))
    most = max(g.size for g in groups) + BEYOND + (0 if len(groups) == 1 else MOST_FURTHER)
    each = rates(len(case.outs), len(case.ins), most, case.rate_out)
    total = 0.0
    for group in groups:
        others = ways_in([g for g in groups if g is not group], MOST_FURTHER, np.array([best]))
        for (a, b), chance in _by_chance(group, float(group.gap[best])).items():
            for (c, d), ways in others.items():
                if a + b + c + d <= most and (case.count_gap is None or b + d - a - c == case.count_gap):
                    total += chance * float(np.sum(ways)) * each[a + c, b + d]
    return total * choices.of_all


def _by_chance(group: Group, gap: float) -> dict[Pair, float]:
    """About how many ways there are to leave a gap with more deviations than were counted."""
    moments = [(float(v.mean()), float(v.std())) if len(v) else (0.0, 0.0) for v in (group.outs, group.ins)]
    found: dict[Pair, float] = {}
    for a in range(1, group.size + BEYOND + 1):
        for b in range(min(len(group.ins), MOST_BEYOND) + 1):
            if not group.size < a + b <= group.size + BEYOND:
                continue
            ways_in_ins = expected_by_chance(len(group.ins), 0.0, 0.4, b, 0.0) if b else 1.0
            target = b * moments[1][0] - gap
            ways = expected_by_chance(len(group.outs), *moments[0], a, target) if a <= len(group.outs) else 0.0
            if ways * ways_in_ins > 0:
                found[a, b] = min(ways * ways_in_ins, 1e200)
    return found


def _alone_to(case: Case, explanations: tuple[Explanation, ...], whole_to: int) -> int:
    """Up to how many deviations (in each part, where parts are known) the best explanation is the only one; -1 when it
    is not even the smallest.

    Explanations are all known up to `whole_to` deviations without news, so also up to as many in all.
    """
    if not explanations:
        return -1
    others = [e.most_in_a_part(case.split) for e in explanations[1:]]
    return min([whole_to, *(size - 1 for size in others)])


def _unexplained(case: Case, choices: Choices, size: int) -> Answer:
    """Nothing within the bounds makes the sum exact: the smallest difference with at most one deviation."""
    gaps = np.asarray(sum(choices.gaps)) if len(choices.weight) else np.array([case.gap])
    signed = np.sort(np.concatenate([[0], -case.outs, case.ins]))
    place = np.clip(np.searchsorted(signed, gaps), 1, len(signed) - 1) if len(signed) > 1 else np.zeros(len(gaps), int)
    near: list[npt.NDArray[np.int64]] = [gaps - signed[place], gaps - signed[np.maximum(place - 1, 0)]]
    rest = np.concatenate(near)
    nearest = int(rest[np.argmin(np.abs(rest))])
    return Answer("unexplained", (), size, 0.0, 1.0, *Odds.of(case).parts(), nearest=nearest)
