"""Following money from balance to balance: what each lot consists of, down to the receipts where it began.

A receipt that was sent from elsewhere (the other side of a conversion, a withdrawal that arrived in a wallet) consists
of what was sent, shared out to the minor unit; every other receipt is an origin. Pure functions on columns: the lots of
each balance are worked out alone (`lots`), then the receipts are put together in the order in which they rest on each
other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from crossbook.settle.flow.lots import OWED, Bools, Ints, Taken, take
from crossbook.settle.flow.parts import Parts, Spread, inside
from crossbook.settle.flow.sharing import distinct, divided, grouped_shares

NONE = -1


@dataclass(frozen=True)
class Movements:
    """What moved in all balances, a row each, sorted by balance and then in the order in which it moved.

    `balance` counts from 0; `owner` is an order, `sent` whether the movement sends money on, `out_of` and `into` the
    sending that an outgo begins and a receipt ends (NONE for others), `borne` the later outgo that bears a fee (NONE):
    the two take lots as one, and of every order's part the fee has its share.
    """

    balance: Ints
    amount: Ints
    owner: Ints
    sent: Bools
    out_of: Ints
    into: Ints
    borne: Ints | None = None


@dataclass(frozen=True)
class Pieces:
    """Every piece of money, from a receipt to the outgo that took it, in minor units of its balance.

    `lot` is the receipt (a row of the movements; NONE where no receipt is known), `out` the outgo (NONE: it is there
    still), `origin` the receipt where the money began (NONE: in no file) and `origin_amount` what it was there; `into`
    is
    the receipt that it became elsewhere (NONE), as `into_amount`. `lacking` is of outgoes that nothing covers: lot and
    origin are NONE, and the balance is below zero by it.
    """

    lot: Ints
    out: Ints
    origin: Ints
    amount: Ints
    origin_amount: Ints
    into: Ints
    into_amount: Ints
    lacking: Bools


def follow(moved: Movements, rules: Sequence[str]) -> Pieces:
    """Follow all money. `rules` has the rule of each balance, one of `lots.RULES`."""
    n, fees, stated = len(moved.amount), _borne(moved), moved.amount
    together = stated.copy()
    if len(fees) and moved.borne is not None:
        np.add.at(together, moved.borne[fees], stated[fees])
        together[fees] = 0
    moved = replace(moved, amount=together)
    rows, lacking, unknown = _taken(moved, rules)
    size = np.concatenate([np.maximum(moved.amount, 0), unknown])
    rows = _with_left(rows, size)
    group = np.where(rows.out >= 0, moved.out_of[np.maximum(rows.out, 0)], NONE)
    into = np.concatenate([moved.into, np.full(len(unknown), NONE)])
    into = np.where(_named(into, group), into, NONE)
    group = np.where(_named(group, into), group, NONE)
    levels = _levels(group, into[rows.lot])
    circular = np.isin(into, np.flatnonzero(levels == NONE)) & (into >= 0)  # rests on itself: an origin of its own
    into[circular] = NONE
    group = np.where(np.isin(group, np.flatnonzero(levels == NONE)), NONE, group)

    origins = np.flatnonzero((into == NONE) & (size > 0))
    zero, none = np.zeros(len(size), np.int64), np.zeros(0, np.int64)
    parts = Parts(zero, zero.copy(), none, none, none, none, none)
    shared = np.isin(moved.balance, [i for i, rule in enumerate(rules) if rule == "proportional"])
    spread = Spread(rows, np.append(shared, np.zeros(len(unknown), bool)))
    ones, start = np.ones(len(origins), np.int64), np.zeros(len(origins), np.int64)
    parts.add(origins, ones, start, size[origins], origins, start, size[origins])
    found: list[list[Ints]] = []
    level = np.append(levels, 0)[group]  # 0 where nothing is sent
    by_level = np.argsort(level, kind="stable")
    edges = np.searchsorted(level[by_level], np.arange(int(level.max(initial=0)) + 2))
    for one in range(1, len(edges) - 1):
        found.append(_send(rows, by_level[edges[one] : edges[one + 1]], group, into, size, parts, spread))
    rest = by_level[: edges[1]]
    at, origin, amount, low, high = inside(rows, rest, parts, spread)
    found.append([at, origin, amount, high - low, np.full(len(at), NONE), np.zeros(len(at), np.int64)])
    at, origin, amount, began, to, arrived = (np.concatenate(c) for c in zip(*found, strict=True))
    order = np.argsort(at, kind="stable")
    at, amount, origin, began, to, arrived = (x[order] for x in (at, amount, origin, began, to, arrived))
    out = rows.out[at]
    if len(fees) and moved.borne is not None:
        piece, out, amount, began = _fees_apart(out, amount, began, fees, moved.borne[fees], -stated[fees])
        at, origin, to, arrived = (x[piece] for x in (at, origin, to, arrived))
    owed = len(lacking.out)
    fill, nothing = np.full(owed, NONE), np.zeros(owed, np.int64)
    lot = rows.lot[at]
    return Pieces(
        lot=np.concatenate([np.where(lot < n, lot, NONE), fill]),
        out=np.concatenate([out, lacking.out]),
        origin=np.concatenate([np.where(origin < n, origin, NONE), fill]),
        amount=np.concatenate([amount, lacking.amount]),
        origin_amount=np.concatenate([began, nothing]),
        into=np.concatenate([to, fill]),
        into_amount=np.concatenate([arrived, nothing]),
        lacking=np.concatenate([np.zeros(len(at), bool), np.ones(owed, bool)]),
    )


def borne_by(moved: Movements, fee: Bools) -> Ints:
    """For each fee of no order the outgo that bears it, NONE for every other movement.

    It is the next of its balance that sends money away, to where it is not followed and of no order, with no receipt
    between the two.
    """
    n = len(moved.amount)
    if not n:
        return np.zeros(0, np.int64)
    place = np.arange(n)
    later = [np.where(x, place, n)[::-1] for x in (moved.sent & (moved.amount < 0), moved.amount > 0)]
    outgo, receipt = (np.append(np.minimum.accumulate(x)[::-1], n)[1:] for x in later)
    to = np.minimum(outgo, n - 1)
    alone = fee & ~moved.sent & (moved.amount < 0) & (moved.owner < 0) & (outgo < receipt)
    away = (moved.balance[to] == moved.balance) & (moved.owner[to] < 0) & (moved.out_of[to] == NONE)
    return np.where(alone & away, to, NONE)


def _borne(moved: Movements) -> Ints:
    return np.zeros(0, np.int64) if moved.borne is None else np.flatnonzero(moved.borne >= 0)


def _fees_apart(
    out: Ints, amount: Ints, began: Ints, fees: Ints, bearer: Ints, size: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Of the pieces that outgoes took together with fees the fees' share, as pieces of their own: which piece each is
    of, its outgo, its amount and what it was where it began."""
    outs, of_fee = np.unique(bearer, return_inverse=True)
    totals = np.zeros(len(outs), np.int64)
    np.add.at(totals, of_fee, size)
    rows = np.flatnonzero(np.isin(out, outs))
    group = np.searchsorted(outs, out[rows])
    share = np.zeros(len(out), np.int64)
    share[rows] = grouped_shares(amount[rows], group, totals)
    by_row, by_fee = rows[np.argsort(group, kind="stable")], np.argsort(of_fee, kind="stable")
    here, there = np.cumsum(share[by_row]), np.cumsum(size[by_fee])  # both end to end: the cuts of one cut the other
    cuts = distinct(np.concatenate([[0], here, there]))
    start, stop = cuts[:-1], cuts[1:]
    piece = np.searchsorted(here, start, "right")
    row, fee = by_row[piece], fees[by_fee[np.searchsorted(there, start, "right")]]
    rest = amount[row] - here[piece]  # the fees' share is the end of a piece
    lower, upper = (divided(x + rest, began[row], np.maximum(amount[row], 1))[0] for x in (start, stop))
    kept = np.flatnonzero((share == 0) | (amount > share))
    whole = np.where(share == 0, began, divided(amount - share, began, np.maximum(amount, 1))[0])
    found = (
        np.concatenate([kept, row]),
        np.concatenate([out[kept], fee]),
        np.concatenate([(amount - share)[kept], stop - start]),
        np.concatenate([whole[kept], upper - lower]),
    )
    order = np.argsort(found[0], kind="stable")
    return found[0][order], found[1][order], found[2][order], found[3][order]


def _taken(moved: Movements, rules: Sequence[str]) -> tuple[Taken, Taken, Ints]:
    """What outgoes took in every balance, apart what nothing covers, and the sizes of the lots of unknown origin, which
    are counted on from the last movement."""
    n, lots = len(moved.amount), 0
    edges = np.searchsorted(moved.balance, np.arange(len(rules) + 1))
    found, sizes = [Taken(*np.zeros((4, 0), np.int64))], [np.zeros(0, np.int64)]
    for rule, low, high in zip(rules, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        taken, unknown = take(moved.amount[low:high], moved.owner[low:high], moved.sent[low:high], rule)
        lot = np.where(taken.lot < high - low, taken.lot + low, taken.lot - (high - low) + n + lots)
        found.append(Taken(taken.out + low, np.where(taken.lot < 0, OWED, lot), taken.start, taken.stop))
        sizes.append(unknown)
        lots += len(unknown)
    whole = [np.concatenate([getattr(t, f.name) for t in found]) for f in fields(Taken)]
    owed = whole[1] == OWED
    return Taken(*(c[~owed] for c in whole)), Taken(*(c[owed] for c in whole)), np.concatenate(sizes)


def _with_left(rows: Taken, size: Ints) -> Taken:
    """The rows, and what nothing took of each lot as rows whose outgo is NONE."""
    lots = np.flatnonzero(size > 0)
    lot = np.concatenate([lots, rows.lot, lots])
    start = np.concatenate([np.zeros(len(lots), np.int64), rows.start, size[lots]])
    stop = np.concatenate([np.zeros(len(lots), np.int64), rows.stop, size[lots]])
    order = np.lexsort((stop, start, lot))
    lot, start, stop = lot[order], start[order], stop[order]
    gap = np.flatnonzero((lot[1:] == lot[:-1]) & (start[1:] > stop[:-1]))
    left = Taken(np.full(len(gap), NONE), lot[gap], stop[gap], start[gap + 1])
    return Taken(*(np.concatenate([getattr(rows, f.name), getattr(left, f.name)]) for f in fields(Taken)))


def _named(values: Ints, names: Ints) -> Bools:
    """Whether each value is among the names; NONE never is."""
    flags = np.zeros(int(max(values.max(initial=NONE), names.max(initial=NONE))) + 2, bool)
    flags[names[names >= 0]] = True
    return flags[values]


def _levels(group: Ints, rests_on: Ints) -> Ints:
    """By sending: 1 when it rests on no other, else one more than the highest that it rests on; NONE in a circle."""
    groups = int(max(group.max(initial=-1), rests_on.max(initial=-1))) + 1
    level = np.ones(groups, np.int64)
    both = (group >= 0) & (rests_on >= 0)
    before, after = np.divmod(distinct(rests_on[both] * groups + group[both]), max(groups, 1))
    waiting = np.bincount(after, minlength=groups)
    first = np.searchsorted(before, np.arange(groups + 1)).tolist()
    later, wait = after.tolist(), waiting.tolist()
    ready = [one for one in distinct(before).tolist() if not wait[one]]
    while ready:
        one = ready.pop()
        for other in later[first[one] : first[one + 1]]:
            level[other] = max(level[other], level[one] + 1)
            wait[other] -= 1
            if not wait[other]:
                ready.append(other)
    level[np.array(wait, np.int64) > 0] = NONE
    return level


def _send(rows: Taken, chosen: Ints, group: Ints, into: Ints, size: Ints, parts: Parts, spread: Spread) -> list[Ints]:
    """Put together the receipts of some sendings from what their outgoes took, and give what became what."""
    chosen = chosen[np.lexsort((chosen, group[chosen]))]
    at, origin, amount, low, high = inside(rows, chosen, parts, spread)
    names = distinct(group[at])
    sending = np.searchsorted(names, group[at])
    targets = np.flatnonzero(np.isin(into, names))
    targets = targets[np.lexsort((targets, into[targets]))]
    totals = np.zeros(len(names), np.int64)
    np.add.at(totals, np.searchsorted(names, into[targets]), size[targets])
    share = grouped_shares(amount, sending, totals)
    here, there = np.cumsum(share), np.cumsum(size[targets])
    cuts = distinct(np.concatenate([[0], here, there]))
    start, stop = cuts[:-1], cuts[1:]
    piece, target = np.searchsorted(here, start, "right"), np.searchsorted(there, start, "right")
    before = here[piece] - share[piece]
    edges = [
        [divided(x - before, whole[piece], share[piece])[0] for x in (start, stop)] for whole in (amount, high - low)
    ]
    begins = there - size[targets]
    parts.add(
        targets,
        np.bincount(target, minlength=len(targets)).astype(np.int64),
        start - begins[target],
        stop - begins[target],
        origin[piece],
        low[piece] + edges[1][0],
        low[piece] + edges[1][1],
    )
    spread.over(targets, parts)
    lost = np.flatnonzero(share == 0)  # too little to be a minor unit there
    first = targets[np.searchsorted(into[targets], names[sending[lost]])]
    return [
        np.concatenate([at[piece], at[lost]]),
        np.concatenate([origin[piece], origin[lost]]),
        np.concatenate([edges[0][1] - edges[0][0], amount[lost]]),
        np.concatenate([edges[1][1] - edges[1][0], (high - low)[lost]]),
        np.concatenate([targets[target], first]),
        np.concatenate([stop - start, np.zeros(len(lost), np.int64)]),
    ]
