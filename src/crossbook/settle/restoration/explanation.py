"""Which orders are in a payout of which only the total is known: one payout, as a pure function over arrays.

The expected set is what the account's rule says. Explanations are the sets of deviations from it that make the sum
exact. They are weighed by how likely each deviation is: orders without news deviate at an unknown common rate (prior
Beta), orders with news (a dispute, a return) each at their own odds, and a blurred cut-off moves as a whole, since all
orders released before it are in. All explanations up to a number of deviations are counted, not sampled; those beyond
it are estimated, so that the odds of an answer take them into account too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from crossbook.settle.subsets import Counts, Floats, Ints, count, expected_by_chance, subsets, without

SURE = 0.999  # posterior from which the one explanation within the bounds is called unique
LIKELY = 0.8
MOST = 6  # deviations without news up to which explanations are counted at the most
LISTED = 400  # explanations that are listed at the most
BEYOND = 12  # deviations up to which explanations beyond the bound are estimated
MOST_NEWS = 10  # orders with news of their own that are weighed in every combination

# How often an order without news deviates: Beta(½, 25), a mean of two in a hundred and much room for less.
RATE_OUT = (0.5, 25.0)
# How often an order just past the cut-off was paid early all the same.
RATE_IN = (0.5, 20.0)


@dataclass(frozen=True)
class Case:
    """One payout to restore. Amounts are net minor units, all positive.

    `gap` is the amount paid less the sum of the surely expected orders `outs` (any of which may be missing). `ins` are
    not expected but may be there. `news` are signed amounts (positive: would come in, negative: would be missing) with
    the odds `news_odds` (at most 1) of that deviation. `edge` are the orders around a blurred cut-off in the order of
    their release: some first part of them is in; `edge_odds` weighs each length of that part (len(edge) + 1 numbers).
    `rate_out` is the Beta prior of how often an order without news is missing.
    `count_gap` is the stated number of orders less the number of `outs`; `fees…` likewise for fee totals.
    """

    gap: int
    outs: Ints
    ins: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    news: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    news_odds: Floats = field(default_factory=lambda: np.zeros(0))
    edge: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    edge_odds: Floats = field(default_factory=lambda: np.ones(1))
    count_gap: int | None = None
    fee_gap: int | None = None
    outs_fee: Ints | None = None
    ins_fee: Ints | None = None
    news_fee: Ints | None = None
    edge_fee: Ints | None = None
    rate_out: tuple[float, float] = RATE_OUT


@dataclass(frozen=True)
class Explanation:
    """One set of deviations that makes the sum exact, by index into the case's arrays, with its posterior."""

    outs: tuple[int, ...]
    ins: tuple[int, ...]
    news: tuple[int, ...]
    edge: int  # how many of `edge` are in
    probability: float

    @property
    def size(self) -> int:
        """How many orders deviate, the cut-off's own shift not counted."""
        return len(self.outs) + len(self.ins) + len(self.news)


@dataclass(frozen=True)
class Answer:
    """What can be said of a case.

    `verdict` is unique, likely, ambiguous or unexplained. `bound` is the number of deviations without news up to which
    every explanation was counted, `within` how many there are. `out`, `into`, `newly` and `edge_in` give the
    probability that each order deviates (for `edge`: that it is in). `nearest` is what remains of the gap when nothing
    explains it. `evidence` is the weight of all explanations together, to compare cases of one payout that differ in
    what happened before.
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
    nearest: int = 0
    evidence: float = 0.0


def bound_for(outs: int, ins: int) -> int:
    """Up to how many deviations without news all explanations are counted, by the number of orders."""
    number = outs + ins
    return next(size for limit, size in ((60, 6), (150, 5), (1000, 4), (20_000, 3), (10**9, 2)) if number <= limit)


def restore(case: Case, bound: int | None = None) -> Answer:
    """Weigh every explanation of a payout. Deterministic; see the module's docstring for what is assumed."""
    choices = _choices(case)
    size = bound_for(len(case.outs), len(case.ins)) if bound is None else bound
    while True:
        out_keep, in_keep = _reachable(case, choices, size)
        outs, ins = case.outs[out_keep], case.ins[in_keep]
        counts, reached = _counted(outs, ins, size)
        rates = _rates(len(case.outs), len(case.ins), reached, case.rate_out)
        weights, ways = _weigh(case, choices, counts, rates)
        if bound is not None or reached < size or size >= MOST or sum(w.sum() for w in ways.values()) > 0.5:
            break
        size += 1  # nothing yet: counting further costs little
    size = reached
    beyond = _beyond(case, choices, outs, ins, size)
    listed, whole_to = _listed(case, choices, counts, rates, out_keep, in_keep, ways)
    complete = whole_to >= counts.size
    known = float(sum(weight for _, weight in listed))
    counted = float(sum(w.sum() for w in weights.values()))
    # what a fee total rules out is gone only where everything was listed and could be looked at
    total = (known if complete else max(known, counted)) + beyond
    within = float(len(listed)) if complete else float(sum(w.sum() for w in ways.values()))
    if total <= 0 or (not listed and counted <= 0):
        return _unexplained(case, choices, size)
    explanations = tuple(
        Explanation(*parts, probability=weight / total) for parts, weight in sorted(listed, key=lambda e: -e[1])
    )
    marginals = _marginals(case, choices, counts, rates, outs, ins, out_keep, in_keep, total, explanations, complete)
    best = explanations[0].probability if explanations else 0.0
    alone_to = _alone_to(explanations, whole_to)
    if best >= SURE and alone_to >= explanations[0].size:
        verdict, size, within = "unique", alone_to, 1.0
    else:
        verdict = "likely" if best >= LIKELY else "ambiguous"
    evidence = total / float(np.prod(1.0 + case.news_odds))
    return Answer(verdict, explanations, size, within, max(0.0, 1.0 - known / total), *marginals, evidence=evidence)


@dataclass(frozen=True)
class _Choices:
    """Every combination of news and cut-off: the gap that it leaves, its weight, and its number of orders."""

    news: npt.NDArray[np.bool_]  # a row per combination
    edge: Ints
    which: Ints  # index into news
    gap: Ints
    weight: Floats
    orders: Ints


def _choices(case: Case) -> _Choices:
    taken = (np.arange(1 << len(case.news))[:, None] >> np.arange(len(case.news))) & 1
    news = taken.astype(bool)
    news_gap = taken @ case.news
    news_weight = np.where(news, case.news_odds, 1.0).prod(axis=1)
    news_orders = taken @ np.sign(case.news)
    lengths = np.flatnonzero(case.edge_odds > 0)
    edge_gap = np.concatenate([[0], np.cumsum(case.edge)])[lengths].astype(np.int64)
    edge_weight = (case.edge_odds / case.edge_odds.sum())[lengths]
    n, m = len(news), len(lengths)
    return _Choices(
        news=news,
        edge=np.tile(lengths.astype(np.int64), n),
        which=np.repeat(np.arange(n), m),
        gap=case.gap - (np.repeat(news_gap, m) + np.tile(edge_gap, n)),
        weight=np.repeat(news_weight, m) * np.tile(edge_weight, n),
        orders=np.repeat(news_orders, m) + np.tile(lengths, n),
    )


def _reachable(case: Case, choices: _Choices, size: int) -> tuple[Ints, Ints]:
    """Which outs and ins are small enough to be part of any explanation of up to `size` deviations."""
    most_in = int(np.sort(case.ins)[::-1][:size].sum())
    outs = np.flatnonzero(case.outs <= most_in - int(choices.gap.min()))
    most_out = int(np.sort(case.outs)[::-1][:size].sum())
    ins = np.flatnonzero(case.ins <= most_out + int(choices.gap.max()))
    return outs, ins


def _counted(outs: Ints, ins: Ints, size: int) -> tuple[Counts, int]:
    while True:
        try:
            return count(outs, ins, size), size
        except ValueError:
            if size == 0:
                return count(outs[:0], ins[:0], 0), 0
            size -= 1


@lru_cache(maxsize=256)
def _rates(outs: int, ins: int, size: int, rate_out: tuple[float, float]) -> dict[tuple[int, int], float]:
    """Weight of an explanation with a outs and b ins without news, next to that without any (Beta-binomial)."""

    def kernel(number: int, prior: tuple[float, float]) -> list[float]:
        weights = [1.0]
        for i in range(size):
            weights.append(weights[-1] * (prior[0] + i) / (prior[1] + max(number - 1 - i, 0)))
        return weights

    out, into = kernel(outs, rate_out), kernel(ins, RATE_IN)
    return {(a, b): out[a] * into[b] for a in range(size + 1) for b in range(size + 1) if a + b <= size}


Table = dict[tuple[int, int], Floats]


def _weigh(case: Case, choices: _Choices, counts: Counts, rates: dict[tuple[int, int], float]) -> tuple[Table, Table]:
    """Per numbers of outs and ins, for every choice: the weight of its explanations, and how many they are."""
    weights: Table = {}
    ways: Table = {}
    for a, b in counts.table:
        found = counts.at(a, b, choices.gap)
        if case.count_gap is not None:
            found = np.where(choices.orders - a + b == case.count_gap, found, 0.0)
        ways[a, b] = found
        weights[a, b] = found * choices.weight * rates[a, b]
    return weights, ways


def _beyond(case: Case, choices: _Choices, outs: Ints, ins: Ints, size: int) -> float:
    """Estimated weight of explanations with more than `size` deviations, by the density of their sums."""
    rates = _rates(len(case.outs), len(case.ins), size + BEYOND, case.rate_out)
    best = int(np.argmax(choices.weight))
    gap = float(choices.gap[best])
    total = 0.0
    moments = [(float(v.mean()), float(v.std())) if len(v) else (0.0, 0.0) for v in (outs, ins)]
    for a in range(size + BEYOND + 1):
        for b in range(min(len(ins), 3) + 1):
            if not size < a + b <= size + BEYOND or (case.count_gap is not None and b - a != case.count_gap):
                continue
            ways_in = expected_by_chance(len(ins), 0.0, 0.4, b, 0.0) if b else 1.0
            target = b * moments[1][0] - gap
            ways = expected_by_chance(len(outs), *moments[0], a, target) if a else 0.0
            total += min(ways * ways_in, 1e200) * rates[a, b]
    return total * float(choices.weight.sum())


def _alone_to(explanations: tuple[Explanation, ...], whole_to: int) -> int:
    """Up to how many deviations in all the best explanation is the only one; -1 when it is not even the smallest.

    Explanations are all known up to `whole_to` deviations without news, so also up to as many in all.
    """
    if not explanations:
        return -1
    others = [e.size for e in explanations[1:]]
    return min([whole_to, *(size - 1 for size in others)])


Parts = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int]


def _listed(
    case: Case,
    choices: _Choices,
    counts: Counts,
    rates: dict[tuple[int, int], float],
    out_keep: Ints,
    in_keep: Ints,
    ways: Table,
) -> tuple[list[tuple[Parts, float]], int]:
    """The explanations themselves, with weights, while they are few enough to list; and up to which number of
    deviations without news these are all."""
    signed = np.concatenate([-case.outs[out_keep], case.ins[in_keep]])
    whole_to, found = counts.size, list[tuple[Parts, float]]()
    for size in range(counts.size + 1):
        if any(not counts.exact[key] for key in counts.table if sum(key) == size):
            whole_to = min(whole_to, size - 1)
        keys = [key for key in counts.table if sum(key) == size]
        hits = np.zeros(len(choices.gap), bool)
        number = 0.0
        for key in keys:
            hits |= ways[key] > (0.5 if counts.exact[key] else 0.0)
            number += float(ways[key].sum())
        if not hits.any():
            continue
        if number > LISTED or hits.sum() > LISTED or len(found) > LISTED:
            whole_to = min(whole_to, size - 1)
            continue
        rows = np.flatnonzero(hits)
        sets = subsets(signed, size, choices.gap[rows], LISTED)
        if sets is None:
            whole_to = min(whole_to, size - 1)
            continue
        for which, chosen in sets:
            choice = int(rows[which])
            parts = _parts(chosen, len(out_keep), out_keep, in_keep, choices, choice)
            pair = (len(parts[0]), len(parts[1]))
            orders = int(choices.orders[choice]) - pair[0] + pair[1]
            if (case.count_gap is None or orders == case.count_gap) and _fees_agree(case, parts):
                found.append((parts, float(choices.weight[choice]) * rates[pair]))
    return found, whole_to


def _parts(chosen: tuple[int, ...], outs: int, out_keep: Ints, in_keep: Ints, choices: _Choices, choice: int) -> Parts:
    return (
        tuple(int(out_keep[i]) for i in chosen if i < outs),
        tuple(int(in_keep[i - outs]) for i in chosen if i >= outs),
        tuple(int(i) for i in np.flatnonzero(choices.news[choices.which[choice]])),
        int(choices.edge[choice]),
    )


def _fees_agree(case: Case, parts: Parts) -> bool:
    if case.fee_gap is None or case.outs_fee is None or case.ins_fee is None:
        return True
    if case.news_fee is None or case.edge_fee is None:
        return True
    outs, ins, news, edge = parts
    fees = int(case.ins_fee[list(ins)].sum()) - int(case.outs_fee[list(outs)].sum()) + int(case.edge_fee[:edge].sum())
    return fees + int(case.news_fee[list(news)].sum()) == case.fee_gap


def _marginals(
    case: Case,
    choices: _Choices,
    counts: Counts,
    rates: dict[tuple[int, int], float],
    outs: Ints,
    ins: Ints,
    out_keep: Ints,
    in_keep: Ints,
    total: float,
    explanations: tuple[Explanation, ...],
    complete: bool,
) -> tuple[Floats, Floats, Floats, Floats]:
    """The probability that each order deviates: from the list when it is complete, else from the counts."""
    out, into = np.zeros(len(case.outs)), np.zeros(len(case.ins))
    newly, edge_in = np.zeros(len(case.news)), np.zeros(len(case.edge))
    if complete:
        for e in explanations:
            out[list(e.outs)] += e.probability
            into[list(e.ins)] += e.probability
            newly[list(e.news)] += e.probability
            edge_in[: e.edge] += e.probability
        return out, into, newly, edge_in
    for choice in np.argsort(-choices.weight, kind="stable")[:20]:
        gap, weight, orders = int(choices.gap[choice]), float(choices.weight[choice]), int(choices.orders[choice])
        mass = 0.0
        for a, b in counts.table:
            if case.count_gap is not None and orders - a + b != case.count_gap:
                continue
            share = weight * rates[a, b] / total
            mass += float(counts.at(a, b, np.array([gap]))[0]) * share
            if a:
                out[out_keep] += share * without(counts, outs, a - 1, b, gap + outs)
            if b:
                into[in_keep] += share * without(counts, ins, a, b - 1, gap - ins, of_ins=True)
        newly[choices.news[choices.which[choice]]] += mass
        edge_in[: int(choices.edge[choice])] += mass
    return tuple(np.minimum(x, 1.0) for x in (out, into, newly, edge_in))  # type: ignore[return-value]


def _unexplained(case: Case, choices: _Choices, size: int) -> Answer:
    """Nothing within the bounds makes the sum exact: the smallest difference with at most one deviation."""
    gaps = choices.gap
    signed = np.sort(np.concatenate([[0], -case.outs, case.ins]))
    place = np.clip(np.searchsorted(signed, gaps), 1, len(signed) - 1) if len(signed) > 1 else np.zeros(len(gaps), int)
    near: list[npt.NDArray[np.int64]] = [gaps - signed[place], gaps - signed[np.maximum(place - 1, 0)]]
    rest = np.concatenate(near)
    nearest = int(rest[np.argmin(np.abs(rest))])
    out, into, newly, edge_in = (np.zeros(len(x)) for x in (case.outs, case.ins, case.news, case.edge))
    return Answer(
        verdict="unexplained",
        explanations=(),
        bound=size,
        within=0.0,
        unlisted=1.0,
        out=out,
        into=into,
        newly=newly,
        edge_in=edge_in,
        nearest=nearest,
    )
