"""The explanations of a case themselves, while they are few enough to list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from crossbook.settle.restoration.case import Case
from crossbook.settle.restoration.choices import Choices, Group, Pair, Table
from crossbook.settle.subsets import Ints, subsets

LISTED = 400  # explanations that are listed at the most

Chosen = tuple[tuple[int, ...], tuple[int, ...]]  # outs and ins
Parts = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int, int]


def listed(
    case: Case, choices: Choices, groups: list[Group], rates: dict[Pair, float], ways: Table
) -> tuple[list[tuple[Parts, float]], int]:
    """The explanations with their weights; and up to which number of deviations without news they are all.

    That number is of all groups together, and the largest that was counted where nothing is left out."""
    found: list[tuple[Parts, float]] = []
    most = max((a + b for a, b in ways), default=0)
    whole_to = most
    sets = [_Sets(group) for group in groups]
    for size in range(most + 1):
        keys = [key for key in ways if sum(key) == size]
        exact = all(g.counts.exact[key] for g in groups for key in g.ways if sum(key) <= size)
        hits, number = np.zeros(len(choices.weight), bool), 0.0
        for key in keys:
            hits |= ways[key] > (0.5 if exact else 0.0)
            number += float(ways[key].sum())
        if not exact:
            whole_to = min(whole_to, size - 1)
        if not hits.any():
            continue
        if number > LISTED or hits.sum() > LISTED or len(found) > LISTED:
            whole_to = min(whole_to, size - 1)
            continue
        rows = np.flatnonzero(hits)
        for one in sets:
            one.look(size, rows)
        for choice in (int(row) for row in rows):
            for outs, ins in _together(sets, choice, size):
                parts = _parts(outs, ins, choices, choice)
                orders = int(choices.orders[choice]) - len(outs) + len(ins)
                if not case.may_be(outs, parts[3], parts[4]):
                    continue
                if (case.count_gap is None or orders == case.count_gap) and _fees_agree(case, parts):
                    found.append((parts, float(choices.weight[choice]) * rates[len(outs), len(ins)]))
        if any(one.too_many for one in sets):
            whole_to = min(whole_to, size - 1)
    return found, whole_to


class _Sets:
    """The sets of deviations of a group that leave no gap, by choice and size."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._found: dict[tuple[int, int], list[Chosen]] = {}  # by size and gap
        self.too_many = False

    def look(self, most: int, rows: Ints) -> None:
        """Look for all of up to `most` deviations, for these choices."""
        group = self._group
        values = np.concatenate([-group.outs, group.ins])
        for size in range(min(most, group.size) + 1):
            any_ways = sum(group.ways[key][rows] for key in group.ways if sum(key) == size)
            gaps = np.unique(group.gap[rows][np.asarray(any_ways) > 0]) if np.any(any_ways) else np.zeros(0, np.int64)
            new = np.array([gap for gap in gaps.tolist() if (size, gap) not in self._found], np.int64)
            if not len(new):
                continue
            sets = subsets(values, size, new, LISTED)
            self.too_many |= sets is None
            by_gap: dict[int, list[Chosen]] = defaultdict(list)
            for place, chosen in sets or []:
                out = tuple(int(group.out_keep[i]) for i in chosen if i < len(group.outs))
                into = tuple(int(group.in_keep[i - len(group.outs)]) for i in chosen if i >= len(group.outs))
                by_gap[place].append((out, into))
            self._found |= {(size, int(gap)): by_gap[place] for place, gap in enumerate(new)}

    def of(self, size: int, choice: int) -> list[Chosen]:
        """Those of `size` deviations for one choice."""
        return self._found.get((size, int(self._group.gap[choice])), [])

    def sizes(self, choice: int, most: int) -> list[int]:
        """The sizes of up to `most` in which there are any."""
        return [size for size in range(min(most, self._group.size) + 1) if self.of(size, choice)]


def _together(sets: list[_Sets], choice: int, size: int) -> Iterator[Chosen]:
    """The sets of all groups together that have `size` deviations."""
    if len(sets) == 1:
        yield from sets[0].of(size, choice)
        return
    least = [min(one.sizes(choice, size), default=size + 1) for one in sets]
    after = np.concatenate([np.cumsum(least[::-1])[::-1], [0]]).tolist()  # at least so many from here on

    def walk(place: int, left: int) -> Iterator[Chosen]:
        if place == len(sets):
            if not left:
                yield (), ()
            return
        for here in sets[place].sizes(choice, left - after[place + 1]):
            for outs, ins in sets[place].of(here, choice):
                for more_outs, more_ins in walk(place + 1, left - here):
                    yield (*outs, *more_outs), (*ins, *more_ins)

    if after[0] <= size:
        yield from ((tuple(sorted(outs)), tuple(sorted(ins))) for outs, ins in walk(0, size))


def _parts(outs: tuple[int, ...], ins: tuple[int, ...], choices: Choices, choice: int) -> Parts:
    news = tuple(int(i) for i in np.flatnonzero(choices.news[choices.which[choice]]))
    return outs, ins, news, int(choices.edge[choice]), int(choices.head[choice])


def _fees_agree(case: Case, parts: Parts) -> bool:
    if case.fee_gap is None or case.outs_fee is None or case.ins_fee is None:
        return True
    if case.news_fee is None or case.edge_fee is None:
        return True
    outs, ins, news, edge, head = parts
    fees = int(case.ins_fee[list(ins)].sum()) - int(case.outs_fee[list(outs)].sum()) + int(case.edge_fee[:edge].sum())
    if case.head_fee is not None:
        fees += int(case.head_fee[head:].sum())
    return fees + int(case.news_fee[list(news)].sum()) == case.fee_gap
