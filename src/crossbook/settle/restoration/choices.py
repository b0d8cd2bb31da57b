"""Every combination of news and cut-offs of a case, and its other orders in groups of which the sum is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from crossbook.settle.restoration.case import Case, Flags
from crossbook.settle.subsets import Counts, Floats, Ints, count

MOST = 6  # deviations without news up to which explanations are counted at the most
MOST_OF_PARTS = 3  # in each of several parts, where that many explain it
MOST_TOGETHER = 12  # in all parts
# How often an order just past the cut-off was paid early all the same.
RATE_IN = (0.5, 20.0)

Pair = tuple[int, int]  # numbers of outs and of ins
Table = dict[Pair, Floats]


@dataclass(frozen=True)
class Choices:
    """Every combination of news and cut-offs: the gap that it leaves in each group, its weight, its orders.

    `of_all` is the weight of all, also of those that were left out since nothing can explain them."""

    news: Flags  # a row per combination of news
    which: Ints  # index into news
    edge: Ints
    head: Ints
    gaps: tuple[Ints, ...]
    weight: Floats
    orders: Ints
    of_all: float

    def at(self, rows: Ints) -> Choices:
        """These alone."""
        return replace(
            self,
            which=self.which[rows],
            edge=self.edge[rows],
            head=self.head[rows],
            gaps=tuple(gap[rows] for gap in self.gaps),
            weight=self.weight[rows],
            orders=self.orders[rows],
        )


@dataclass(frozen=True)
class Group:
    """The orders of a case of which the sum is known together: the places of those small enough to deviate in any
    explanation, their amounts, and how many ways there are for up to `size` of them to leave the gap of each choice."""

    out_keep: Ints
    in_keep: Ints
    outs: Ints
    ins: Ints
    gap: Ints
    counts: Counts
    ways: Table
    size: int

    def at(self, rows: Ints) -> Group:
        """For these choices alone."""
        return replace(self, gap=self.gap[rows], ways={key: ways[rows] for key, ways in self.ways.items()})


def bound_for(outs: int, ins: int) -> int:
    """Up to how many deviations without news all explanations are counted, by the number of orders."""
    number = outs + ins
    return next(size for limit, size in ((60, 6), (150, 5), (1000, 4), (20_000, 3), (10**9, 2)) if number <= limit)


def counted(case: Case, bound: int | None = None) -> tuple[Choices, list[Group]]:
    """The ways counted, up to `bound` deviations in each group or to as many as can be counted quickly; to more while
    there are none at all."""
    choices = _choices(case)
    places = _places(case)
    if len(places) == 1:
        group = _first(case, *places[0], choices.gaps[0], bound, MOST)
        while bound is None and float(agreeing(case, choices, [group], as_sum=True)) <= 0.5:
            more = _further(case, group, *places[0])
            if more is group:
                break
            group = more  # nothing yet: counting further costs little
        return choices, [group]
    groups: list[Group] = []
    for number, place in enumerate(places):
        group = _first(case, *place, choices.gaps[number], bound, MOST_OF_PARTS)
        while bound is None and not any(ways.any() for ways in group.ways.values()):
            more = _further(case, group, *place)
            if more is group:
                break
            group = more
        rows = np.flatnonzero(sum(group.ways.values()))
        if len(rows) < len(choices.weight):  # no other choice can explain this group
            choices, groups, group = choices.at(rows), [g.at(rows) for g in groups], group.at(rows)
        groups.append(group)
    return choices, groups


def _choices(case: Case) -> Choices:
    taken = (np.arange(1 << len(case.news))[:, None] >> np.arange(len(case.news))) & 1
    lengths, before = np.flatnonzero(case.edge_odds > 0), np.flatnonzero(case.head_odds > 0)
    which, edge, head = (x.ravel() for x in np.indices((len(taken), len(lengths), len(before))))

    def left(whole: int, news: Ints, edges: Ints, heads: Ints) -> Ints:
        edge_gap = np.concatenate([[0], np.cumsum(edges)])[lengths].astype(np.int64)
        head_gap = int(heads.sum()) - np.concatenate([[0], np.cumsum(heads)])[before].astype(np.int64)
        found: Ints = whole - ((taken @ news)[which] + edge_gap[edge] + head_gap[head])
        return found

    gaps = [left(case.gap, case.news, case.edge, case.head)]
    if case.split is not None:
        split = case.split
        gaps = [
            left(
                gap,
                np.where(split.news == i, case.news, 0),
                np.where(split.edge == i, case.edge, 0),
                np.where(split.head == i, case.head, 0),
            )
            for i, gap in enumerate(split.gaps)
        ]
    weight = np.where(taken.astype(bool), case.news_odds, 1.0).prod(axis=1)[which]
    weight = weight * (case.edge_odds / case.edge_odds.sum())[lengths][edge]
    weight = weight * (case.head_odds / case.head_odds.sum())[before][head]
    return Choices(
        news=taken.astype(bool),
        which=which,
        edge=lengths[edge].astype(np.int64),
        head=before[head].astype(np.int64),
        gaps=tuple(gaps),
        weight=weight,
        orders=(taken @ np.sign(case.news))[which] + lengths[edge] + len(case.head) - before[head],
        of_all=float(weight.sum()),
    )


def _places(case: Case) -> list[tuple[Ints, Ints]]:
    """The places of the outs and ins of each group."""
    if case.split is None:
        return [(np.arange(len(case.outs)), np.arange(len(case.ins)))]
    split = case.split
    return [(np.flatnonzero(split.outs == i), np.flatnonzero(split.ins == i)) for i in range(len(split.gaps))]


def _first(case: Case, outs: Ints, ins: Ints, gap: Ints, bound: int | None, most: int) -> Group:
    return _group(case, outs, ins, gap, min(bound_for(len(outs), len(ins)), most) if bound is None else bound)


def _group(case: Case, outs: Ints, ins: Ints, gap: Ints, size: int) -> Group:
    """The group at these places, counted up to `size` deviations, or to fewer where the amounts are too large."""
    least, largest = (int(gap.min()), int(gap.max())) if len(gap) else (0, 0)
    most_in = int(np.sort(case.ins[ins])[::-1][:size].sum())
    most_out = int(np.sort(case.outs[outs])[::-1][:size].sum())
    out_keep = outs[case.outs[outs] <= most_in - least]
    in_keep = ins[case.ins[ins] <= most_out + largest]
    counts, reached = _counts(case.outs[out_keep], case.ins[in_keep], size)
    return Group(
        out_keep=out_keep,
        in_keep=in_keep,
        outs=case.outs[out_keep],
        ins=case.ins[in_keep],
        gap=gap,
        counts=counts,
        ways={key: counts.at(*key, gap) for key in counts.table},
        size=reached,
    )


def _further(case: Case, group: Group, outs: Ints, ins: Ints) -> Group:
    """The group counted up to one deviation more; itself when that is too many, or the amounts are too large."""
    if group.size >= MOST:
        return group
    more = _group(case, outs, ins, group.gap, group.size + 1)
    return more if more.size > group.size else group


def _counts(outs: Ints, ins: Ints, size: int) -> tuple[Counts, int]:
    while True:
        try:
            return count(outs, ins, size), size
        except ValueError:
            if size == 0:
                return count(outs[:0], ins[:0], 0), 0
            size -= 1


@lru_cache(maxsize=256)
def rates(outs: int, ins: int, size: int, rate_out: tuple[float, float]) -> dict[Pair, float]:
    """Weight of an explanation with a outs and b ins without news, next to that without any (Beta-binomial)."""

    def kernel(number: int, prior: tuple[float, float]) -> list[float]:
        weights = [1.0]
        for i in range(size):
            weights.append(weights[-1] * (prior[0] + i) / (prior[1] + max(number - 1 - i, 0)))
        return weights

    out, into = kernel(outs, rate_out), kernel(ins, RATE_IN)
    return {(a, b): out[a] * into[b] for a in range(size + 1) for b in range(size + 1) if a + b <= size}


def rates_of(case: Case, groups: list[Group]) -> dict[Pair, float]:
    """The weights for as many deviations as were counted."""
    return rates(len(case.outs), len(case.ins), most_of(groups), case.rate_out)


def most_of(groups: list[Group]) -> int:
    """Up to how many deviations in all were counted."""
    return groups[0].size if len(groups) == 1 else min(sum(g.size for g in groups), MOST_TOGETHER)


def ways_in(groups: Iterable[Group], most: int, at: Ints | slice = slice(None)) -> dict[Pair, Any]:
    """By the numbers of outs and ins in all, and for every choice: how many ways there are, up to `most` deviations."""
    found: dict[Pair, Any] = {(0, 0): 1.0}
    for group in groups:
        both: dict[Pair, Any] = {}
        for (c, d), ways in group.ways.items():
            here = ways[at]
            if not here.any() and (c or d):
                continue
            for (a, b), so_far in found.items():
                if a + b + c + d <= most:
                    both[a + c, b + d] = both.get((a + c, b + d), 0.0) + so_far * here
        found = both
    return found


def agreeing(case: Case, choices: Choices, groups: list[Group], as_sum: bool = False) -> Any:
    """How many explanations were counted, by numbers of outs and ins and for every choice; or their sum."""
    ways = ways_in(groups, most_of(groups))
    if case.count_gap is not None:
        ways = {(a, b): np.where(choices.orders - a + b == case.count_gap, w, 0.0) for (a, b), w in ways.items()}
    return sum(float(w.sum()) for w in ways.values()) if as_sum else ways
