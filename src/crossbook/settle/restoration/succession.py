"""Successive payouts of one account, restored jointly: an order is paid once, so what is missing in one payout is a
candidate in the next, and what one payout leaves open a later one may settle.

Payouts are walked in time with a small set of histories. Each history knows which orders it has left unpaid; each of
its explanations of the next payout continues it, weighed. At the end every payout is judged by all that came after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp, log

import numpy as np

from crossbook.settle.restoration.candidates import RETURN, case_of, due_of
from crossbook.settle.restoration.case import RATE_OUT, Answer, Case, Explanation
from crossbook.settle.restoration.explanation import restore
from crossbook.settle.restoration.history import (
    History,
    Members,
    Mixture,
    Named,
    Notice,
    Orders,
    Rule,
    Stamps,
    Step,
    members,
)
from crossbook.settle.restoration.judgement import Restored, judge
from crossbook.settle.subsets import Floats, Ints

HISTORIES = 8  # kept at the most
NEGLIGIBLE = 1e-7  # weight, next to the best history, under which one is dropped
BRANCHES = 12  # explanations of one payout that continue as histories of their own
DOUBT = 0.0005  # probability of being unpaid from which an order stays a candidate after an open case
MOST_DOUBTED = 3000
AMISS = 0.02  # how much of what is known of a cut-off may be wrong, where the payout stays open
UNMODELLED = 1e-6  # weight of a payout that nothing explains: something happened that the rule does not know
OFTEN = 0.04  # share of orders missing without news from which an account is weighed by its own record
RATE_STEP = 0.01  # steps in which that share is taken: what one payout is found to lack does not weigh all others anew


def restore_all(
    orders: Orders,
    notices: list[Notice],
    rule: Rule,
    progress: Callable[[int], None] = lambda done: None,
    answer: Callable[[Case], Answer] = restore,
) -> list[Restored]:
    """Restore the payouts of one account in one currency, given in the order of their cut-offs.

    `answer` weighs one payout's explanations: `restore`, or what knows its answers.
    """
    histories, dropped = _walk(orders, notices, rule, RATE_OUT, progress, answer)
    rate = round(_rate_seen(histories) / RATE_STEP) * RATE_STEP
    if rate > OFTEN:  # the account keeps its rule less well than most: weigh it again by its own record
        histories, dropped = _walk(orders, notices, rule, (1.0, (1.0 - rate) / rate), progress, answer)
    return [judge(orders, histories, k, dropped) for k in range(len(notices))]


def _walk(
    orders: Orders,
    notices: list[Notice],
    rule: Rule,
    rate_out: tuple[float, float],
    progress: Callable[[int], None],
    answer: Callable[[Case], Answer],
) -> tuple[list[History], list[tuple[float, History]]]:
    due = due_of(orders)
    by_due = np.argsort(due, kind="stable")
    histories = [History(weight=0.0, missing={}, early=frozenset(), waiting=(), waiting_odds=(), doubted=())]
    dropped: list[tuple[float, History]] = []
    elsewhere = _elsewhere(notices)
    for k, notice in enumerate(notices):
        start = notices[k - 1].cut if k else notice.cut - rule.cycle
        children: list[History] = []
        for history in histories:
            named, expected = case_of(orders, due, by_due, start, notice, rule, history, k, elsewhere[k])
            named = replace(named, case=replace(named.case, rate_out=rate_out))
            children += _continue(history, named, expected, answer(named.case), notice.accepted, k)
        if notice.accepted:
            children = [c for c in children if _follows(c, notice.accepted)] or children
        histories, gone = _prune(_merged(children, due, notice.cut, k))
        dropped += gone
        progress(k + 1)
    return histories, dropped


def _elsewhere(notices: list[Notice]) -> list[frozenset[int]]:
    """For every payout, the orders that are known to be in another one."""
    told = [i for notice in notices for i in notice.inside]
    return [frozenset(told) - frozenset(notice.inside) for notice in notices]


def _rate_seen(histories: list[History]) -> float:
    """How often an order without news was missing, in the heaviest history, with two in a hundred to start from."""
    missing, number = RATE_OUT[0], sum(RATE_OUT)
    for mixture in max(histories, key=lambda h: h.weight).steps:
        step = mixture[0][1]
        missing += len(step.explanation.outs) if step.explanation else float(step.answer.out.sum())
        number += len(step.case.outs)
    return missing / number


def _prune(histories: list[History]) -> tuple[list[History], list[tuple[float, History]]]:
    """The heaviest histories; and the others, each with its share of the whole."""
    histories.sort(key=lambda h: -h.weight)
    best = histories[0].weight
    whole = sum(exp(h.weight - best) for h in histories)
    kept = [h for h in histories[:HISTORIES] if h.weight > best + log(NEGLIGIBLE)]
    return kept, [(exp(h.weight - best) / whole, h) for h in histories[len(kept) :]]


def _merged(histories: list[History], due: Stamps, cut: int, k: int) -> list[History]:
    """Histories that leave the same candidates for what comes are one from here on."""
    found: dict[object, History] = {}
    for h in histories:
        missing = {i: since for i, since in h.missing.items() if k + 1 - since <= len(RETURN)}
        early = frozenset(i for i in h.early if due[i] > cut)
        h = replace(h, missing=missing, early=early)
        key = (tuple(sorted(missing.items())), early, h.waiting, h.waiting_odds, h.doubted)
        found[key] = _mix(found[key], h) if key in found else h
    return list(found.values())


def _mix(one: History, other: History) -> History:
    top = max(one.weight, other.weight)
    first, second = exp(one.weight - top), exp(other.weight - top)
    share = first / (first + second)
    steps = tuple(_together(a, b, share) for a, b in zip(one.steps, other.steps, strict=True))
    return replace(one, weight=top + log(first + second), steps=steps)


def _together(a: Mixture, b: Mixture, share: float) -> Mixture:
    if a is b:
        return a
    shares: dict[int, tuple[float, Step]] = {}
    for mixture, part in ((a, share), (b, 1.0 - share)):
        for p, step in mixture:
            known = shares.get(id(step), (0.0, step))[0]
            shares[id(step)] = (known + p * part, step)
    return tuple(sorted(shares.values(), key=lambda item: -item[0])[:64])


def _follows(history: History, accepted: Members) -> bool:
    step = history.steps[-1][0][1]
    return step.explanation is not None and members(step.case, step.explanation) == accepted


def _continue(
    history: History, named: Named, expected: Ints, answer: Answer, accepted: Members | None, k: int
) -> list[History]:
    chosen = next((e for e in answer.explanations if members(named, e) == accepted), None) if accepted else None
    if chosen is not None:
        return [_follow(history, named, expected, answer, chosen, k)]
    gone, paid = dict.fromkeys(named.gone, k), frozenset(named.paid)
    if answer.verdict == "unexplained":
        step = Step(expected=expected, answer=answer, case=named, explanation=None)
        doubted = _doubted(history.doubted, [int(i) for i in named.outs[:MOST_DOUBTED]])
        return [_next(history, log(UNMODELLED), step, gone, paid, _edge(named, named.case.edge_odds), doubted)]
    listed = answer.explanations[:BRANCHES]
    if sum(e.probability for e in listed) >= 0.95:
        return [_follow(history, named, expected, answer, e, k) for e in listed]
    # too many rivals to follow each: carry on with the doubt
    step = Step(expected=expected, answer=answer, case=named, explanation=None)
    unsure = named.outs[answer.out > DOUBT]
    unsure = unsure[np.argsort(-answer.out[answer.out > DOUBT], kind="stable")][:MOST_DOUBTED]
    early = frozenset(int(i) for i in named.ins[answer.into > 0.5])
    known = -np.diff(np.concatenate([[1.0], answer.edge_in, [0.0]]))
    back = frozenset(int(i) for i, p in zip(named.news, answer.newly, strict=True) if p > 0.5)
    doubted = _doubted(history.doubted, [int(i) for i in unsure])
    return [_next(history, _log(answer.evidence), step, gone, early | back | paid, _edge(named, known), doubted)]


def _edge(named: Named, odds: Floats) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The orders around a cut-off that is not known, and the odds of each number of first ones that were paid."""
    if not len(named.edge):
        return (), ()
    prior = named.case.edge_odds / named.case.edge_odds.sum()
    told = (1.0 - AMISS) * np.maximum(odds, 0.0) / odds.sum() + AMISS * prior
    return tuple(named.edge.tolist()), tuple(told.tolist())


def _doubted(before: tuple[int, ...], new: list[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([*new, *before]))[:MOST_DOUBTED]


def _log(value: float) -> float:
    return log(value) if value > 0 else -1e9


def _follow(history: History, named: Named, expected: Ints, answer: Answer, e: Explanation, k: int) -> History:
    step = Step(expected=expected, answer=answer, case=named, explanation=e)
    missing = dict.fromkeys(named.gone, k) | {int(named.outs[i]): k for i in e.outs}
    early = {*named.paid, *(int(named.ins[i]) for i in e.ins)}
    for i in e.news:
        order = int(named.news[i])
        if named.case.news[i] < 0:
            missing[order] = k
        else:
            early.add(order)
    waiting = tuple(int(i) for i in named.edge[e.edge :])
    weight = _log(answer.evidence * e.probability)
    return _next(history, weight, step, missing, frozenset(early), (waiting, ()), history.doubted)


def _next(
    history: History,
    weight: float,
    step: Step,
    missing: dict[int, int],
    early: frozenset[int],
    waiting: tuple[tuple[int, ...], tuple[float, ...]],
    doubted: tuple[int, ...],
) -> History:
    left = {i: since for i, since in history.missing.items() if i not in early} | missing
    return History(
        weight=history.weight + weight,
        missing=left,
        early=history.early | early,
        waiting=waiting[0],
        waiting_odds=waiting[1],
        doubted=tuple(i for i in doubted if i not in early),
        steps=(*history.steps, ((1.0, step),)),
    )
