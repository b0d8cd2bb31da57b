"""The probability of each order of a case."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from crossbook.settle.restoration.case import Case, Explanation
from crossbook.settle.restoration.choices import Choices, Group, Pair, Table, most_of, ways_in
from crossbook.settle.subsets import Floats, Ints, without

LIKELIEST = 20  # combinations of news and cut-offs by which the odds of all other orders are told


@dataclass(frozen=True)
class Odds:
    """The probability that each order of a case deviates (of `edge` and `head`: that it is in)."""

    out: Floats
    into: Floats
    newly: Floats
    edge_in: Floats
    head_in: Floats

    @staticmethod
    def of(case: Case) -> Odds:
        """All zero."""
        return Odds(*(np.zeros(len(x)) for x in (case.outs, case.ins, case.news, case.edge, case.head)))

    def parts(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """In the order that `Answer` has them in."""
        out, into, newly, edge_in, head_in = (np.clip(getattr(self, f.name), 0.0, 1.0) for f in fields(self))
        return out, into, newly, edge_in, head_in

    def listed(self, explanations: tuple[Explanation, ...]) -> None:
        """By a list that is complete."""
        for e in explanations:
            self.out[list(e.outs)] += e.probability
            self.into[list(e.ins)] += e.probability
            self.newly[list(e.news)] += e.probability
            self.edge_in[: e.edge] += e.probability
            self.head_in[e.head :] += e.probability

    def counted(
        self, case: Case, choices: Choices, groups: list[Group], rates: dict[Pair, float], weights: Table
    ) -> None:
        """By the counts: of news and cut-offs exactly, of the other orders by the likeliest of their combinations."""
        mass = np.asarray(sum(weights.values()))
        whole = float(mass.sum())
        if whole <= 0:
            return
        mass = mass / whole
        self.newly[:] = np.bincount(choices.which, mass, len(choices.news)) @ choices.news
        self.edge_in[:] = _longer(choices.edge, mass, len(case.edge))
        self.head_in[:] = 1.0 - _longer(choices.head, mass, len(case.head))
        likeliest = [int(c) for c in np.argsort(-mass, kind="stable")[:LIKELIEST] if mass[c] > 0]
        covered = whole * float(mass[likeliest].sum())
        at, most = np.array(likeliest, np.int64), most_of(groups)
        for group in groups:
            others = ways_in([g for g in groups if g is not group], most, at)
            for place, choice in enumerate(likeliest):
                here = {key: float(w[place]) if np.ndim(w) else float(w) for key, w in others.items()}
                self._add(case, choices, group, here, rates, choice, covered)

    def _add(
        self,
        case: Case,
        choices: Choices,
        group: Group,
        others: dict[Pair, float],
        rates: dict[Pair, float],
        choice: int,
        covered: float,
    ) -> None:
        gap, weight, orders = int(group.gap[choice]), float(choices.weight[choice]), int(choices.orders[choice])
        for a, b in group.ways:
            share = 0.0
            for (c, d), ways in others.items():
                if (case.count_gap is None or orders - a - c + b + d == case.count_gap) and (a + c, b + d) in rates:
                    share += ways * weight * rates[a + c, b + d] / covered
            if a and share:
                self.out[group.out_keep] += share * without(group.counts, group.outs, a - 1, b, gap + group.outs)
            if b and share:
                inside = without(group.counts, group.ins, a, b - 1, gap - group.ins, of_ins=True)
                self.into[group.in_keep] += share * inside


def _longer(lengths: Ints, mass: Floats, number: int) -> Floats:
    """For each of `number` places, the share of the lengths that reach beyond it."""
    by_length = np.bincount(lengths, mass, number + 1)
    reached: Floats = np.cumsum(by_length[::-1])[::-1][1:].astype(np.float64)
    return reached
