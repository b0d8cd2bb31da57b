"""Successive payouts of one account, restored jointly: an order is paid once, so what is missing in one payout is a
candidate in the next, and what one payout leaves open a later one may settle.

Payouts are walked in time with a small set of histories. Each history knows which orders it has left unpaid; each of
its explanations of the next payout continues it, weighed. At the end every payout is judged by all that came after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import exp, log

import numpy as np
import numpy.typing as npt

from crossbook.settle.restoration.explanation import (
    LIKELY,
    MOST_NEWS,
    RATE_OUT,
    SURE,
    Answer,
    Case,
    Explanation,
    restore,
)
from crossbook.settle.subsets import Ints

HISTORIES = 8  # kept at the most
NEGLIGIBLE = 1e-7  # weight, next to the best history, under which one is dropped
BRANCHES = 12  # explanations of one payout that continue as histories of their own
DOUBT = 0.002  # probability of being unpaid from which an order stays a candidate after an open case
MOST_DOUBTED = 400
UNMODELLED = 1e-6  # weight of a payout that nothing explains: something happened that the rule does not know
OFTEN = 0.04  # share of orders missing without news from which an account is weighed by its own record
NEVER = np.iinfo(np.int64).max

# How likely an order that was missing without news comes with the 1st, 2nd, 3rd, … payout after.
# After the last of these it is taken to be gone for good.
RETURN = (0.35, 0.06, 0.04, 0.06, 0.10, 0.10, 0.10, 0.05, 0.03)
IN_DISPUTE = 0.03  # paid although a dispute is open or was lost
NOT_YET = 0.15  # a won dispute whose money comes later than with the next payout
STILL_OPEN = 0.01  # paid in this payout although the record still calls the dispute open

NONE, OPEN, WON, LOST = 0, 1, 2, 3  # states of a dispute
Stamps = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Orders:
    """The orders of one account and currency, as arrays of one length.

    `net` and `fee` in minor units; `released` is when the rule frees the money (microseconds UTC, NEVER if unknown);
    `disputed` and `settled` when a dispute began and ended (NEVER if not); `state` is NONE, OPEN, WON or LOST.
    """

    net: Ints
    fee: Ints
    released: Stamps
    disputed: Stamps
    settled: Stamps
    state: npt.NDArray[np.int8]


Members = tuple[tuple[int, ...], tuple[int, ...]]  # orders missing, orders added; each sorted


@dataclass(frozen=True)
class Notice:
    """A payout of which the total is known: its amount, the nominal cut-off, and what else the notice says."""

    amount: int
    cut: int
    count: int | None = None
    fee_total: int | None = None
    accepted: Members | None = None  # the explanation that a person accepted


@dataclass(frozen=True)
class Rule:
    """How sharply the account keeps its rule: `blur` is half the window in which the cut-off lies, `near` the time past
    a sharp cut-off within which an order may have been paid early; both in microseconds. `cycle` is the usual time
    between payouts."""

    blur: int = 0
    near: int = 2 * 3600 * 1_000_000
    cycle: int = 10 * 86_400 * 1_000_000


@dataclass(frozen=True)
class Deviation:
    """One explanation in terms of orders: expected but not in it, in it but not expected."""

    missing: tuple[int, ...]
    added: tuple[int, ...]
    probability: float


@dataclass(frozen=True)
class Restored:
    """What is known of one payout. `orders` are those in the most likely explanation (in order of release),
    `probability` that of each candidate order to be in the payout, `deviations` the rivals, most likely first."""

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


@dataclass(frozen=True)
class _Step:
    """How one history explains one payout."""

    expected: Ints
    answer: Answer
    case: _Named
    explanation: Explanation | None

    @cached_property
    def deviations(self) -> list[Deviation]:
        """The explanations that this step stands for: the one it follows, or all that were listed."""
        if self.explanation is not None:
            return [Deviation(*_members(self.case, self.explanation), 1.0)]
        return [Deviation(*_members(self.case, e), e.probability) for e in self.answer.explanations]


@dataclass(frozen=True)
class _Named:
    """A case with the order behind every entry of its arrays."""

    case: Case
    outs: Ints
    ins: Ints
    news: Ints
    edge: Ints


Mixture = tuple[tuple[float, _Step], ...]  # the ways in which merged histories explain one payout, with their shares


@dataclass(frozen=True)
class _History:
    weight: float  # natural logarithm
    missing: dict[int, int]  # order -> index of the payout in which it was expected
    early: frozenset[int]  # orders paid before they were due
    waiting: tuple[int, ...]  # orders released before the last cut-off's window ended, but after the cut-off
    doubted: tuple[int, ...]  # may have been left unpaid by a payout that stayed open
    steps: tuple[Mixture, ...] = field(default=())


def restore_all(
    orders: Orders, notices: list[Notice], rule: Rule, progress: Callable[[int], None] = lambda done: None
) -> list[Restored]:
    """Restore the payouts of one account in one currency, given in the order of their cut-offs."""
    histories, dropped = _walk(orders, notices, rule, RATE_OUT, progress)
    rate = _rate_seen(histories)
    if rate > OFTEN:  # the account keeps its rule less well than most: weigh it again by its own record
        histories, dropped = _walk(orders, notices, rule, (1.0, (1.0 - rate) / rate), progress)
    return [_judge(orders, histories, k, dropped) for k in range(len(notices))]


def _walk(
    orders: Orders, notices: list[Notice], rule: Rule, rate_out: tuple[float, float], progress: Callable[[int], None]
) -> tuple[list[_History], list[tuple[float, _History]]]:
    due = _due(orders)
    by_due = np.argsort(due, kind="stable")
    histories = [_History(0.0, {}, frozenset(), (), ())]
    dropped: list[tuple[float, _History]] = []
    for k, notice in enumerate(notices):
        start = notices[k - 1].cut if k else notice.cut - rule.cycle
        children: list[_History] = []
        for history in histories:
            named, expected = _case(orders, due, by_due, start, notice, rule, history, k)
            named = replace(named, case=replace(named.case, rate_out=rate_out))
            children += _continue(history, named, expected, restore(named.case), notice.accepted, k)
        if notice.accepted:
            children = [c for c in children if _follows(c, notice.accepted)] or children
        histories, gone = _prune(_merged(children, due, notice.cut, k))
        dropped += gone
        progress(k + 1)
    return histories, dropped


def _rate_seen(histories: list[_History]) -> float:
    """How often an order without news was missing, in the heaviest history, with two in a hundred to start from."""
    missing, number = RATE_OUT[0], sum(RATE_OUT)
    for mixture in max(histories, key=lambda h: h.weight).steps:
        step = mixture[0][1]
        missing += len(step.explanation.outs) if step.explanation else float(step.answer.out.sum())
        number += len(step.case.outs)
    return missing / number


def _prune(histories: list[_History]) -> tuple[list[_History], list[tuple[float, _History]]]:
    """The heaviest histories; and the others, each with its share of the whole."""
    histories.sort(key=lambda h: -h.weight)
    best = histories[0].weight
    whole = sum(exp(h.weight - best) for h in histories)
    kept = [h for h in histories[:HISTORIES] if h.weight > best + log(NEGLIGIBLE)]
    return kept, [(exp(h.weight - best) / whole, h) for h in histories[len(kept) :]]


def _merged(histories: list[_History], due: Stamps, cut: int, k: int) -> list[_History]:
    """Histories that leave the same candidates for what comes are one from here on."""
    found: dict[object, _History] = {}
    for h in histories:
        missing = {i: since for i, since in h.missing.items() if k + 1 - since <= len(RETURN)}
        early = frozenset(i for i in h.early if due[i] > cut)
        h = replace(h, missing=missing, early=early)
        key = (tuple(sorted(missing.items())), early, h.waiting, h.doubted)
        found[key] = _mix(found[key], h) if key in found else h
    return list(found.values())


def _mix(one: _History, other: _History) -> _History:
    top = max(one.weight, other.weight)
    first, second = exp(one.weight - top), exp(other.weight - top)
    share = first / (first + second)
    steps = tuple(_together(a, b, share) for a, b in zip(one.steps, other.steps, strict=True))
    return replace(one, weight=top + log(first + second), steps=steps)


def _together(a: Mixture, b: Mixture, share: float) -> Mixture:
    if a is b:
        return a
    shares: dict[int, tuple[float, _Step]] = {}
    for mixture, part in ((a, share), (b, 1.0 - share)):
        for p, step in mixture:
            known = shares.get(id(step), (0.0, step))[0]
            shares[id(step)] = (known + p * part, step)
    return tuple(sorted(shares.values(), key=lambda item: -item[0])[:64])


def _due(orders: Orders) -> Stamps:
    """When each order is due: at its release, or at the end of a dispute that was won; NEVER while one is open."""
    won = np.maximum(orders.released, np.where(orders.state == WON, orders.settled, 0))
    stuck = (orders.state == OPEN) | (orders.state == LOST)
    held = stuck & (orders.disputed <= orders.released)
    return np.where(held, NEVER, np.where(orders.state == WON, won, orders.released)).astype(np.int64)


def _case(
    orders: Orders, due: Stamps, by_due: Ints, start: int, notice: Notice, rule: Rule, history: _History, k: int
) -> tuple[_Named, Ints]:
    edges = np.searchsorted(due[by_due], [start + rule.blur, notice.cut - rule.blur, notice.cut + rule.blur], "right")
    window = by_due[edges[0] : edges[1]]
    edge = by_due[edges[1] : edges[2]]
    near = by_due[edges[2] : np.searchsorted(due[by_due], notice.cut + rule.blur + rule.near, "right")]
    window = np.concatenate([np.array(history.waiting, np.int64), window])
    window = window[~np.isin(window, list(history.early))] if history.early else window
    fresh_win = (
        (orders.state[window] == WON) & (orders.settled[window] > start) & (orders.settled[window] <= notice.cut)
    )
    # a dispute that is open when the payout is made; one that began later does not matter to it
    troubled = ((orders.state[window] == OPEN) | (orders.state[window] == LOST)) & (
        orders.disputed[window] <= notice.cut
    )
    news: list[tuple[float, int, int]] = [(NOT_YET / (1 - NOT_YET), int(i), -1) for i in window[fresh_win]]
    news += [(IN_DISPUTE / (1 - IN_DISPUTE), int(i), 1) for i in window[troubled]]
    for order, since in history.missing.items():
        if k - since <= len(RETURN):
            chance = RETURN[k - since - 1]
            news.append((chance / (1 - chance), order, 1))
    recent = notice.cut - 12 * rule.cycle
    waits = (orders.state == OPEN) & (due == NEVER) & (orders.released > recent) & (orders.released <= start)
    old = np.flatnonzero(waits)
    news += [(STILL_OPEN, int(i), 1) for i in old if int(i) not in history.missing and int(i) not in history.early]
    news.sort(key=lambda item: (-item[0], item[1]))
    chosen, rest = news[:MOST_NEWS], news[MOST_NEWS:]
    outs = window[~troubled]
    outs = outs[~np.isin(outs, [i for _, i, sign in chosen if sign < 0])]
    into = np.unique(np.concatenate([
        near, np.array([i for _, i, sign in rest if sign > 0], np.int64), np.array(history.doubted, np.int64)
    ]).astype(np.int64))  # fmt: skip
    into = into[~np.isin(into, np.concatenate([outs, edge, np.array([i for _, i, _ in chosen], np.int64)]))]
    into = into[~np.isin(into, list(history.early))] if history.early else into
    late = np.array([i for _, i, sign in chosen if sign < 0], np.int64)
    net, fee = orders.net, orders.fee
    base = int(net[outs].sum()) + int(net[late].sum())
    count, fees = len(outs) + len(late), int(fee[outs].sum()) + int(fee[late].sum())
    ids = np.array([i for _, i, _ in chosen], np.int64)
    signs = np.array([sign for _, _, sign in chosen], np.int64)
    case = Case(
        gap=notice.amount - base,
        outs=net[outs],
        ins=net[into],
        news=net[ids] * signs,
        news_odds=np.array([odds for odds, _, _ in chosen]),
        edge=net[edge],
        edge_odds=_cut_odds(due[edge], notice.cut, rule.blur),
        count_gap=None if notice.count is None else notice.count - count,
        fee_gap=None if notice.fee_total is None else notice.fee_total - fees,
        outs_fee=fee[outs],
        ins_fee=fee[into],
        news_fee=fee[ids] * signs,
        edge_fee=fee[edge],
    )
    return _Named(case, outs, into, ids, edge), np.concatenate([outs, late])


def _cut_odds(due: Stamps, cut: int, blur: int) -> npt.NDArray[np.float64]:
    """How likely the cut-off lies between each pair of neighbours, uniform over its window."""
    if not len(due):
        return np.ones(1)
    bounds = np.concatenate([[cut - blur], due, [cut + blur]]).astype(np.float64)
    return np.maximum(np.diff(bounds), 1.0)


def _follows(history: _History, accepted: Members) -> bool:
    step = history.steps[-1][0][1]
    return step.explanation is not None and _members(step.case, step.explanation) == accepted


def _continue(
    history: _History, named: _Named, expected: Ints, answer: Answer, accepted: Members | None, k: int
) -> list[_History]:
    chosen = next((e for e in answer.explanations if _members(named, e) == accepted), None) if accepted else None
    if chosen is not None:
        return [_follow(history, named, expected, answer, chosen, k)]
    if answer.verdict == "unexplained":
        step = _Step(expected, answer, named, None)
        doubted = _doubted(history.doubted, [int(i) for i in named.outs[:MOST_DOUBTED]])
        return [_next(history, log(UNMODELLED), step, {}, frozenset(), (), doubted)]
    listed = answer.explanations[:BRANCHES]
    if sum(e.probability for e in listed) >= 0.95:
        return [_follow(history, named, expected, answer, e, k) for e in listed]
    # too many rivals to follow each: carry on with the doubt
    step = _Step(expected, answer, named, None)
    unsure = named.outs[answer.out > DOUBT]
    unsure = unsure[np.argsort(-answer.out[answer.out > DOUBT], kind="stable")][:MOST_DOUBTED]
    early = frozenset(int(i) for i in named.ins[answer.into > 0.5])
    waiting = tuple(int(i) for i in named.edge[answer.edge_in < 0.5])
    back = frozenset(int(i) for i, p in zip(named.news, answer.newly, strict=True) if p > 0.5)
    doubted = _doubted(history.doubted, [int(i) for i in unsure])
    return [_next(history, _log(answer.evidence), step, {}, early | back, waiting, doubted)]


def _doubted(before: tuple[int, ...], new: list[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([*new, *before]))[:MOST_DOUBTED]


def _log(value: float) -> float:
    return log(value) if value > 0 else -1e9


def _follow(history: _History, named: _Named, expected: Ints, answer: Answer, e: Explanation, k: int) -> _History:
    step = _Step(expected, answer, named, e)
    missing = {int(named.outs[i]): k for i in e.outs}
    early = {int(named.ins[i]) for i in e.ins}
    for i in e.news:
        order = int(named.news[i])
        if named.case.news[i] < 0:
            missing[order] = k
        else:
            early.add(order)
    waiting = tuple(int(i) for i in named.edge[e.edge :])
    weight = _log(answer.evidence * e.probability)
    return _next(history, weight, step, missing, frozenset(early), waiting, history.doubted)


def _next(
    history: _History, weight: float, step: _Step, missing: dict[int, int], early: frozenset[int],
    waiting: tuple[int, ...], doubted: tuple[int, ...],
) -> _History:  # fmt: skip
    left = {i: since for i, since in history.missing.items() if i not in early} | missing
    return _History(
        history.weight + weight,
        left,
        history.early | early,
        waiting,
        tuple(i for i in doubted if i not in early),
        (*history.steps, ((1.0, step),)),
    )


def _judge(orders: Orders, histories: list[_History], k: int, dropped: list[tuple[float, _History]]) -> Restored:
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
    lost = sum(
        share * p
        for share, h in dropped
        if len(h.steps) > k
        for p, step in h.steps[k]
        if not any((d.missing, d.added) == (first.missing, first.added) for d in step.deviations[:1])
    )
    verdict = _verdict(top, deviations, lost)
    members = [int(i) for i in top.expected if int(i) not in set(first.missing)] + list(first.added)
    members.sort(key=lambda i: (int(orders.released[i]), i))
    candidates = np.array(sorted(inside, key=lambda i: (int(orders.released[i]), i)), np.int64)
    unlisted = max(0.0, 1.0 - sum(d.probability for d in deviations)) if deviations else 1.0
    return Restored(
        verdict,
        np.array(members, np.int64) if verdict != "unexplained" else top.expected,
        candidates,
        np.array([min(1.0, inside[int(i)]) for i in candidates]),
        deviations[:50],
        int(orders.net[top.expected].sum()),
        top.answer.nearest if verdict == "unexplained" else 0,
        top.answer.bound,
        top.answer.within,
        unlisted,
    )


def _verdict(top: _Step, deviations: tuple[Deviation, ...], lost: float) -> str:
    if top.answer.verdict == "unexplained":
        return "unexplained"
    best = deviations[0].probability if deviations else 0.0
    # a claim of proof also needs that no history that might tell otherwise was dropped
    if top.answer.verdict == "unique" and best >= SURE and lost < 1 - SURE:
        return "unique"
    return "likely" if best >= LIKELY else "ambiguous"


def _members(named: _Named, e: Explanation) -> Members:
    missing = [int(named.outs[i]) for i in e.outs]
    added = [int(named.ins[i]) for i in e.ins] + [int(i) for i in named.edge[: e.edge]]
    for i in e.news:
        (missing if named.case.news[i] < 0 else added).append(int(named.news[i]))
    return tuple(sorted(missing)), tuple(sorted(added))


def _inside(step: _Step) -> dict[int, float]:
    named, answer = step.case, step.answer
    if step.explanation is not None:
        missing, added = _members(named, step.explanation)
        inside = dict.fromkeys((int(i) for i in step.expected), 1.0)
        inside |= dict.fromkeys((int(i) for i in named.edge), 0.0)
        inside |= dict.fromkeys((int(i) for i in named.ins), 0.0) | dict.fromkeys((int(i) for i in named.news), 0.0)
        inside |= {int(i): 1.0 for i, v in zip(named.news, named.case.news, strict=True) if v < 0}
        return inside | dict.fromkeys(missing, 0.0) | dict.fromkeys(added, 1.0)
    inside = {int(i): 1.0 - float(p) for i, p in zip(named.outs, answer.out, strict=True)}
    inside |= {int(i): float(p) for i, p in zip(named.ins, answer.into, strict=True)}
    inside |= {int(i): float(p) for i, p in zip(named.edge, answer.edge_in, strict=True)}
    for i, v, p in zip(named.news, named.case.news, answer.newly, strict=True):
        inside[int(i)] = float(p) if v > 0 else 1.0 - float(p)
    return inside
