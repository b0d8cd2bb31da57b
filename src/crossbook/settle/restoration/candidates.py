"""What one payout may hold, given what a history has left unpaid:
expected orders, and which may deviate at what odds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crossbook.settle.restoration.explanation import MOST_NEWS, Case
from crossbook.settle.restoration.history import LOST, NEVER, OPEN, WON, History, Named, Notice, Orders, Rule, Stamps
from crossbook.settle.subsets import Ints

# How likely an order that was missing without news comes with the 1st, 2nd, 3rd, … payout after.
# After the last of these it is taken to be gone for good.
RETURN = (0.35, 0.06, 0.04, 0.06, 0.10, 0.10, 0.10, 0.05, 0.03)
IN_DISPUTE = 0.03  # paid although a dispute is open or was lost
NOT_YET = 0.15  # a won dispute whose money comes later than with the next payout
STILL_OPEN = 0.01  # paid in this payout although the record still calls the dispute open


def due_of(orders: Orders) -> Stamps:
    """When each order is due: at its release, or at the end of a dispute that was won; NEVER while one is open."""
    won = np.maximum(orders.released, np.where(orders.state == WON, orders.settled, 0))
    stuck = (orders.state == OPEN) | (orders.state == LOST)
    held = stuck & (orders.disputed <= orders.released)
    return np.where(held, NEVER, np.where(orders.state == WON, won, orders.released)).astype(np.int64)


def case_of(
    orders: Orders, due: Stamps, by_due: Ints, start: int, notice: Notice, rule: Rule, history: History, k: int
) -> tuple[Named, Ints]:
    """The case of payout `k`, for orders that were due since `start`, and the orders that are expected in it.

    `due` is `due_of` the orders, `by_due` the order of their places that sorts it."""
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
    into = np.unique(
        np.concatenate(
            [near, np.array([i for _, i, sign in rest if sign > 0], np.int64), np.array(history.doubted, np.int64)]
        ).astype(np.int64)
    )
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
    return Named(case=case, outs=outs, ins=into, news=ids, edge=edge), np.concatenate([outs, late])


def _cut_odds(due: Stamps, cut: int, blur: int) -> npt.NDArray[np.float64]:
    """How likely the cut-off lies between each pair of neighbours, uniform over its window."""
    if not len(due):
        return np.ones(1)
    bounds = np.concatenate([[cut - blur], due, [cut + blur]]).astype(np.float64)
    return np.maximum(np.diff(bounds), 1.0)
