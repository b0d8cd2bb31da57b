"""What one payout may hold, given what a history has left unpaid:
expected orders, and which may deviate at what odds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crossbook.settle.restoration.case import MOST_NEWS, Case, Split
from crossbook.settle.restoration.history import LOST, NEVER, OPEN, WON, History, Named, Notice, Orders, Rule, Stamps
from crossbook.settle.subsets import Ints

# How likely an order that was missing without news comes with the 1st, 2nd, 3rd, … payout after.
# After the last of these it is taken to be gone for good.
RETURN = (0.35, 0.06, 0.04, 0.06, 0.10, 0.10, 0.10, 0.05, 0.03)
IN_DISPUTE = 0.03  # paid although a dispute is open or was lost
NOT_YET = 0.15  # a won dispute whose money comes later than with the next payout
MOST_CHOICES = 1 << 16  # combinations of news and cut-offs
STILL_OPEN = 0.01  # paid in this payout although the record still calls the dispute open


def due_of(orders: Orders) -> Stamps:
    """When each order is due: at its release, or at the end of a dispute that was won; NEVER while one is open."""
    won = np.maximum(orders.released, np.where(orders.state == WON, orders.settled, 0))
    stuck = (orders.state == OPEN) | (orders.state == LOST)
    held = stuck & (orders.disputed <= orders.released)
    return np.where(held, NEVER, np.where(orders.state == WON, won, orders.released)).astype(np.int64)


def case_of(
    orders: Orders,
    due: Stamps,
    by_due: Ints,
    start: int,
    notice: Notice,
    rule: Rule,
    history: History,
    k: int,
    elsewhere: frozenset[int] = frozenset(),
) -> tuple[Named, Ints]:
    """The case of payout `k`, for orders that were due since `start`, and the orders that are expected in it.

    `due` is `due_of` the orders, `by_due` the order of their places that sorts it; `elsewhere` are orders that are
    known to be in other payouts."""
    inside = np.array(notice.inside, np.int64)
    told = np.array([*notice.inside, *notice.outside, *elsewhere], np.int64)
    edges = np.searchsorted(due[by_due], [start + rule.blur, notice.cut - rule.blur, notice.cut + rule.blur], "right")
    window = by_due[edges[0] : edges[1]]
    head, head_odds = _head(due, by_due, start, rule, history, k)
    edge = by_due[edges[1] : edges[2]]
    edge, edge_odds = _without(edge, _cut_odds(due[edge], notice.cut, rule.blur), told, inside, first=True)
    head, head_odds = _without(head, head_odds, told, inside, first=False)
    near = by_due[edges[2] : np.searchsorted(due[by_due], notice.cut + rule.blur + rule.near, "right")]
    if not history.waiting_odds:
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
    if len(told):
        news = [(odds, i, sign) for odds, i, sign in news if i not in set(told.tolist())]
    news.sort(key=lambda item: (-item[0], item[1]))
    head_odds = _likeliest(head_odds, max(MOST_CHOICES // len(edge_odds), 1))
    lengths = len(edge_odds) * int((head_odds > 0).sum())
    most = min(MOST_NEWS, max(MOST_CHOICES // lengths, 1).bit_length() - 1)
    chosen, rest = news[:most], news[most:]
    expected = window[~troubled]
    outs = expected[~np.isin(expected, [*(i for _, i, sign in chosen if sign < 0), *told])]
    into = np.unique(
        np.concatenate(
            [near, np.array([i for _, i, sign in rest if sign > 0], np.int64), np.array(history.doubted, np.int64)]
        ).astype(np.int64)
    )
    into = into[~np.isin(into, np.concatenate([expected, edge, head, np.array([i for _, i, _ in chosen], np.int64)]))]
    into = into[~np.isin(into, [*history.early, *told])]
    net, fee, day = orders.net, orders.fee, orders.day
    base = np.concatenate([outs, [i for _, i, sign in chosen if sign < 0], inside]).astype(np.int64)
    count, fees = len(base), int(fee[base].sum())
    outs = np.concatenate([outs, edge, head]).astype(np.int64)
    ids = np.array([i for _, i, _ in chosen], np.int64)
    signs = np.array([sign for _, _, sign in chosen], np.int64)
    case = Case(
        gap=notice.amount - int(net[base].sum()),
        outs=net[outs],
        ins=net[into],
        news=net[ids] * signs,
        news_odds=np.array([odds for odds, _, _ in chosen]),
        edge=net[edge],
        edge_odds=edge_odds,
        head=net[head],
        head_odds=head_odds,
        held=True,
        count_gap=None if notice.count is None else notice.count - count,
        fee_gap=None if notice.fee_total is None else notice.fee_total - fees,
        outs_fee=fee[outs],
        ins_fee=fee[into],
        news_fee=fee[ids] * signs,
        edge_fee=fee[edge],
        head_fee=fee[head],
        split=_split(notice, net, day, base, (outs, into, ids, edge, head)),
    )
    named = Named(
        case=case,
        outs=outs,
        ins=into,
        news=ids,
        edge=edge,
        head=head,
        gone=tuple(int(i) for i in expected if int(i) in told and int(i) not in notice.inside) if len(told) else (),
        paid=tuple(i for i in notice.inside if i not in expected),
    )
    return named, expected


def _split(notice: Notice, net: Ints, day: Ints, base: Ints, places: tuple[Ints, ...]) -> Split | None:
    """What the sums of the orders placed in some days say of a case with these orders; the last part is the rest."""
    if not notice.parts:
        return None
    until = np.array([day for day, _ in notice.parts], np.int64)
    paid = [amount for _, amount in notice.parts]
    part = np.searchsorted(until, day, "left")
    expected = np.bincount(part[base], net[base], len(until) + 1)
    outs, ins, news, edge, head = (part[p] for p in places)
    gaps = tuple(a - int(e) for a, e in zip([*paid, notice.amount - sum(paid)], expected, strict=True))
    return Split(gaps=gaps, outs=outs, ins=ins, news=news, edge=edge, head=head)


def _without(
    orders: Ints, odds: npt.NDArray[np.float64], told: Ints, inside: Ints, *, first: bool
) -> tuple[Ints, npt.NDArray[np.float64]]:
    """The orders around a cut-off without those of which it is told where they are; and the odds of each number of
    first ones, by what was told. The `first` ones are in the payout, or else the last. One that is not in it may be
    held as well as paid another time: it says nothing of the cut-off."""
    known = np.isin(orders, told)
    if not known.any():
        return orders, odds
    surely = np.flatnonzero(np.isin(orders, inside))
    may_be = np.ones(len(odds), bool)
    if len(surely):
        lengths = np.arange(len(odds))
        may_be = lengths > surely.max() if first else lengths <= surely.min()
    odds = np.where(may_be, odds, 0.0) if odds[may_be].sum() > 0 else odds
    place = np.concatenate([[0], np.cumsum(~known)])
    return orders[~known], np.bincount(place, odds, int(place[-1]) + 1).astype(np.float64)


def _head(
    due: Stamps, by_due: Ints, start: int, rule: Rule, history: History, k: int
) -> tuple[Ints, npt.NDArray[np.float64]]:
    """The orders around the cut-off before, in the order of their release, where it is not known which were paid then;
    and the odds of each number of first ones that were. Of what was before the first payout nothing is known."""
    if k:
        return np.array(history.waiting if history.waiting_odds else (), np.int64), np.array(
            history.waiting_odds or (1.0,)
        )
    low, high = np.searchsorted(due[by_due], [start - rule.blur, start + rule.blur], "right")
    head = by_due[low:high]
    return head, _cut_odds(due[head], start, rule.blur)


def _likeliest(odds: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.float64]:
    """The odds with all but the `most` largest set to zero."""
    if len(odds) <= most:
        return odds
    kept = np.zeros(len(odds))
    place = np.argsort(-odds, kind="stable")[:most]
    kept[place] = odds[place]
    return kept


def _cut_odds(due: Stamps, cut: int, blur: int) -> npt.NDArray[np.float64]:
    """How likely the cut-off lies between each pair of neighbours, uniform over its window."""
    if not len(due):
        return np.ones(1)
    bounds = np.concatenate([[cut - blur], due, [cut + blur]]).astype(np.float64)
    return np.maximum(np.diff(bounds), 1.0)
