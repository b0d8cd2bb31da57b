"""What is known of one payout once all histories are told: the rivals, the odds of each order, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt

from crossbook.settle.restoration.case import Case
from crossbook.settle.restoration.explanation import LIKELY, SURE
from crossbook.settle.restoration.history import Deviation, History, Mixture, Orders, Step, members
from crossbook.settle.subsets import Ints


@dataclass(frozen=True)
class Restored:
    """What is known of one payout. `orders` are those in the most likely explanation (in order of release),
    `probability` that of each candidate order to be in the payout, `deviations` the rivals, most likely first,
    `case` as the likeliest history has it."""

    verdict: str
    orders: Ints
    candidates: Ints
    probability: npt.NDArray[np.float64]
    deviations: tuple[Deviation, ...]
    expected: int
    difference: int
    bound: int
    within: float
    unlisted: float
    case: Case


def judge(orders: Orders, histories: list[History], k: int, dropped: list[tuple[float, History]]) -> Restored:
    """Judge payout `k` by all histories; `dropped` holds those that were given up, each with its share of the whole."""
    best = max(h.weight for h in histories)
    weights = [exp(h.weight - best) for h in histories]
    ways = [(w / sum(weights) * p, step) for h, w in zip(histories, weights, strict=True) for p, step in h.steps[k]]
    rivals: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
    inside: dict[int, float] = {}
    for share, step in ways:
        for deviation in step.deviations:
            key = (deviation.missing, deviation.added)
            rivals[key] = rivals.get(key, 0.0) + share * deviation.probability
        for order, p in _inside(step).items():
            inside[order] = inside.get(order, 0.0) + share * p
    top = max(ways, key=lambda way: way[0])[1]
    ranked = sorted(rivals.items(), key=lambda item: (-item[1], item[0]))
    deviations = tuple(Deviation(m, a, p) for (m, a), p in ranked)
    first = deviations[0] if deviations else Deviation((), (), 0.0)
    others = {id(h.steps[k]): _otherwise(h.steps[k], first) for _, h in dropped if len(h.steps) > k}
    lost = sum(share * others[id(h.steps[k])] for share, h in dropped if len(h.steps) > k)
    verdict = _verdict(top, deviations, lost)
    held = [int(i) for i in top.expected if int(i) not in set(first.missing)] + list(first.added)
    held.sort(key=lambda i: (int(orders.released[i]), i))
    candidates = np.array(sorted(inside, key=lambda i: (int(orders.released[i]), i)), np.int64)
    unlisted = max(0.0, 1.0 - sum(d.probability for d in deviations)) if deviations else 1.0
    return Restored(
        verdict=verdict,
        orders=np.array(held, np.int64) if verdict != "unexplained" else top.expected,
        candidates=candidates,
        probability=np.array([min(1.0, inside[int(i)]) for i in candidates]),
        deviations=deviations[:50],
        expected=int(orders.net[top.expected].sum()),
        difference=top.answer.nearest if verdict == "unexplained" else 0,
        bound=top.answer.bound,
        within=top.answer.within,
        unlisted=unlisted,
        case=top.case.case,
    )


def _otherwise(mixture: Mixture, first: Deviation) -> float:
    """The share of the ways in a mixture that explain the payout by another set than `first`."""
    told = ((p, step.deviations[:1]) for p, step in mixture)
    return sum(p for p, best in told if not best or (best[0].missing, best[0].added) != (first.missing, first.added))


def _verdict(top: Step, deviations: tuple[Deviation, ...], lost: float) -> str:
    if top.answer.verdict == "unexplained":
        return "unexplained"
    best = deviations[0].probability if deviations else 0.0
    # a claim of proof also needs that no history that might tell otherwise was dropped
    if top.answer.verdict == "unique" and best >= SURE and lost < 1 - SURE:
        return "unique"
    return "likely" if best >= LIKELY else "ambiguous"


def _inside(step: Step) -> dict[int, float]:
    named, answer = step.case, step.answer
    if step.explanation is not None:
        missing, added = members(named, step.explanation)
        inside = dict.fromkeys((int(i) for i in step.expected), 1.0)
        inside |= dict.fromkeys((int(i) for i in (*named.edge, *named.head)), 0.0)
        inside |= dict.fromkeys((int(i) for i in named.ins), 0.0) | dict.fromkeys((int(i) for i in named.news), 0.0)
        inside |= {int(i): 1.0 for i, v in zip(named.news, named.case.news, strict=True) if v < 0}
        return inside | dict.fromkeys(missing, 0.0) | dict.fromkeys(added, 1.0)
    inside = {int(i): 1.0 - float(p) for i, p in zip(named.outs, answer.out, strict=True)}
    inside |= dict.fromkeys(named.gone, 0.0) | dict.fromkeys(named.paid, 1.0)
    inside |= {int(i): float(p) for i, p in zip(named.ins, answer.into, strict=True)}
    for places, there in ((named.edge, answer.edge_in), (named.head, answer.head_in)):
        for i, p in zip(places, there, strict=True):  # in it, unless it is missing all the same
            inside[int(i)] = max(0.0, float(p) - (1.0 - inside.get(int(i), 1.0)))
    for i, v, p in zip(named.news, named.case.news, answer.newly, strict=True):
        inside[int(i)] = float(p) if v > 0 else 1.0 - float(p)
    return inside
