"""The walk that follows money from account to account, compiled: a lot for each receipt, taken by payments.

Of each account the lot that is taken next stands in its *head*, a row as long as what the processor fetches at once, so
that most transfers touch two places of memory. The lots behind it stand in one pool and hang together by `NEXT`: the
newest first where they are taken last in first out, else the oldest. As moments never fall, so do they within an
account: of the newest first all behind one that is too old are too old. What is used up or too old is free for new
lots, so that the pool stays as small as what can still be taken. `chains.py` says what the figures mean.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from crossbook.watch.memory import ask_for, with_room, with_row

Whole = npt.NDArray[np.int64]

NONE = -1
# Columns of a lot: what is left, when it came, the depth and start it carries, its transfer, the next lot in the pool.
LEFT, CAME, DEPTH, START, SOURCE, NEXT = range(6)
LOT_COLUMNS = 6
# A head has two more: the last of its lots in the pool (read where it has any and the oldest is taken first), and
# whether the account is a hub. `LEFT` of an account without lots is 0.
LAST, HUB = 6, 7
HEAD_COLUMNS = 8
LINK_COLUMNS = 3  # the payment, the transfer whose lot it takes, how much of it
_FEW = 24  # pieces that are sorted by insertion
_AHEAD = 16  # transfers ahead of which the heads of their accounts are asked for


def heads_for(before: Whole, accounts: int) -> Whole:
    """Heads for so many accounts at least, the first of them as they were; a head begins where a line of memory does.

    There is room for a quarter more than asked for, so that accounts which come one by one are not copied each time.
    """
    rows = accounts + accounts // 4
    room = np.empty(rows * HEAD_COLUMNS + HEAD_COLUMNS, np.int64)
    skipped = -room.ctypes.data % (8 * HEAD_COLUMNS) // 8
    heads = room[skipped : skipped + rows * HEAD_COLUMNS].reshape(rows, HEAD_COLUMNS)
    heads[: len(before)] = before
    heads[len(before) :] = 0
    heads[len(before) :, NEXT] = NONE
    return heads


@numba.njit(cache=True)
def _least_share(amount: int, per_mille: int) -> int:  # pragma: no cover - compiled
    """The least whole amount that is at least so many per mille of `amount`, without a product over 2^63."""
    return amount // 1000 * per_mille + (amount % 1000 * per_mille + 999) // 1000


@numba.njit(cache=True)
def _level(taken: Whole, pieces: int, least: int) -> int:  # pragma: no cover - compiled
    """The greatest depth that pieces of it or deeper bear at least `least` for; 0 where there is none."""
    if pieces == 1:
        return int(taken[0, 1]) if taken[0, 0] >= least else 0
    depths, amounts = taken[:pieces, 1].copy(), taken[:pieces, 0].copy()
    if pieces <= _FEW:
        for i in range(1, pieces):
            depth, amount, k = depths[i], amounts[i], i
            while k > 0 and depths[k - 1] < depth:
                depths[k], amounts[k] = depths[k - 1], amounts[k - 1]
                k -= 1
            depths[k], amounts[k] = depth, amount
    else:
        order = np.argsort(-depths)
        depths, amounts = depths[order], amounts[order]
    funded = 0
    for k in range(pieces):
        funded += amounts[k]
        if funded >= least and (k + 1 == pieces or depths[k + 1] < depths[k]):
            return int(depths[k])
    return 0


@numba.njit(cache=True)
def _next(heads: Whole, lots: Whole, account: int, free: int) -> int:  # pragma: no cover - compiled
    """Forget the lot in an account's head: the next stands there. Gives the first of the free lots."""
    lot = heads[account, NEXT]
    if lot == NONE:
        heads[account, LEFT] = 0
        return free
    heads[account, :LOT_COLUMNS] = lots[lot]
    lots[lot, NEXT] = free
    return int(lot)


@numba.njit(cache=True)
def _forget(heads: Whole, lots: Whole, account: int, free: int) -> int:  # pragma: no cover - compiled
    """Forget all lots of an account. Gives the first of the free lots."""
    lot = heads[account, NEXT]
    heads[account, LEFT], heads[account, NEXT] = 0, NONE
    while lot != NONE:
        after = lots[lot, NEXT]
        lots[lot, NEXT] = free
        free, lot = lot, after
    return free


@numba.njit(cache=True)
def _lay(  # pragma: no cover - compiled
    table: Whole, row: int, left: int, came: int, depth: int, start: int, source: int, behind: int
) -> None:
    """Write a lot into a row of heads or of the pool."""
    table[row, LEFT] = left
    table[row, CAME] = came
    table[row, DEPTH] = depth
    table[row, START] = start
    table[row, SOURCE] = source
    table[row, NEXT] = behind


@numba.njit(cache=True)
def _looked_at(  # pragma: no cover - compiled
    heads: Whole, lots: Whole, account: int, wanted: int, moment: int, hop: int, total: int, taken: Whole
) -> Any:
    """What a payment of an account to itself would take, which takes nothing: the pieces and how many they are."""
    pieces, lot = 0, heads[account, :LOT_COLUMNS]
    while wanted > 0 and lot[LEFT] > 0:
        if moment - lot[CAME] <= hop:
            taken = with_room(taken, pieces)
            taken[pieces, 0] = min(wanted, lot[LEFT])
            taken[pieces, 1] = lot[DEPTH] if moment - lot[START] <= total else 0
            taken[pieces, 2], taken[pieces, 3] = lot[START], lot[SOURCE]
            wanted -= taken[pieces, 0]
            pieces += 1
        if lot[NEXT] == NONE:
            break
        lot = lots[lot[NEXT]]
    return taken, pieces


@numba.njit(cache=True)
def walk(  # pragma: no cover - compiled
    moments: Whole,
    payers: Whole,
    payees: Whole,
    amounts: Whole,
    own: Any,
    told: Whole,
    number: int,
    hop: int,
    total: int,
    keep: int,
    newest_first: bool,
    heads: Whole,
    lots: Whole,
    used: int,
    depths: Whole,
    starts: Whole,
) -> Any:
    """The links of transfers, and the pool of lots with how much of it is used; `depths` and `starts` are written.

    `own` and `told` have a row for each transfer, or none at all: whether it is between accounts of one party; the
    depth (0: not told) and start that somebody else worked out, who holds the payer's lots. `number` is that of the
    first transfer in the whole history. `heads` (by account) is changed in place.
    """
    count = moments.shape[0]
    links, linked = np.empty((count // 8 + 16, LINK_COLUMNS), np.int64), 0
    taken = np.empty((64, 4), np.int64)  # of one payment: amount, depth, start, source
    free = NONE  # lots that may be laid anew, hanging together like an account's
    for i in range(count):
        if i + _AHEAD < count:
            ask_for(heads, payers[i + _AHEAD])
            ask_for(heads, payees[i + _AHEAD])
        moment, payer, payee, amount = moments[i], payers[i], payees[i], amounts[i]
        within = payer == payee
        pieces = 0
        if not heads[payer, HUB]:
            if within:
                taken, pieces = _looked_at(heads, lots, payer, amount, moment, hop, total, taken)
            wanted = 0 if within else amount
            while wanted > 0 and heads[payer, LEFT] > 0:
                if moment - heads[payer, CAME] > hop:
                    free = _forget(heads, lots, payer, free) if newest_first else _next(heads, lots, payer, free)
                    continue
                piece = min(wanted, heads[payer, LEFT])
                wanted -= piece
                taken = with_room(taken, pieces)
                taken[pieces, 0] = piece
                taken[pieces, 1] = heads[payer, DEPTH] if moment - heads[payer, START] <= total else 0
                taken[pieces, 2], taken[pieces, 3] = heads[payer, START], heads[payer, SOURCE]
                pieces += 1
                if piece < heads[payer, LEFT]:
                    heads[payer, LEFT] -= piece
                else:
                    free = _next(heads, lots, payer, free)
        level = _level(taken, pieces, _least_share(amount, keep)) if pieces else 0
        carries = within or (own.shape[0] > 0 and own[i])
        depth, start = 1, moment
        if told.shape[0] and told[i, 0] > 0:
            depth, start = told[i, 0], told[i, 1]
        if level > 0:
            depth = level if carries else level + 1
            for k in range(pieces):
                if taken[k, 1] >= level:
                    start = min(start, taken[k, 2])
        depths[i], starts[i] = depth, start
        if within:
            continue
        if level > 0 or carries:
            for k in range(pieces):
                if taken[k, 1] >= (1 if carries else level):
                    links = with_row(links, linked, number + i, taken[k, 3], taken[k, 0])
                    linked += 1
        if heads[payee, HUB]:
            continue
        # What was received: one lot, or, between accounts of one party, each piece as deep as it was.
        for k in range(pieces if carries else 1):
            at = pieces - 1 - k if newest_first else k  # so that they hang as they did
            if newest_first and heads[payee, LEFT] > 0 and moment - heads[payee, CAME] > hop:  # and so is all behind it
                free = _forget(heads, lots, payee, free)
            behind, lot = NONE, NONE
            if heads[payee, LEFT] > 0:  # the newest goes before it, the oldest stays: one of both stands in the pool
                if free != NONE:
                    lot = free
                    free = lots[lot, NEXT]
                else:
                    lots = with_room(lots, used)
                    lot = used
                    used += 1
                if newest_first:
                    lots[lot] = heads[payee, :LOT_COLUMNS]
                    behind = lot
                elif heads[payee, NEXT] == NONE:
                    heads[payee, NEXT] = lot
                else:
                    lots[heads[payee, LAST], NEXT] = lot
                heads[payee, LAST] = lot
            left, deep, since = (taken[at, 0], taken[at, 1], taken[at, 2]) if carries else (amount, depth, start)
            if newest_first or lot == NONE:
                _lay(heads, payee, left, moment, deep, since, number + i, behind)
            else:
                _lay(lots, lot, left, moment, deep, since, number + i, behind)
    return links[:linked], lots, used


@numba.njit(cache=True)
def living(heads: Whole, lots: Whole, since: int) -> Whole:  # pragma: no cover - compiled
    """The lots of the pool that came at `since` or later, laid anew account by account; `heads` follow."""
    kept, used = np.empty((lots.shape[0] // 4 + 16, LOT_COLUMNS), np.int64), 0
    for account in range(heads.shape[0]):
        lot, before = heads[account, NEXT], NONE
        if lot == NONE:  # a head that is too old is found to be so when it is wanted
            continue
        filled = heads[account, CAME] >= since
        heads[account, NEXT] = NONE
        if not filled:
            heads[account, LEFT] = 0
        while lot != NONE:
            after = lots[lot, NEXT]
            if lots[lot, CAME] >= since:
                if not filled:
                    heads[account, :LOT_COLUMNS] = lots[lot]
                    heads[account, NEXT] = NONE
                    filled = True
                else:
                    kept = with_room(kept, used)
                    kept[used] = lots[lot]
                    kept[used, NEXT] = NONE
                    if before == NONE:
                        heads[account, NEXT] = used
                    else:
                        kept[before, NEXT] = used
                    before = used
                    used += 1
            lot = after
        heads[account, LAST] = before
    return kept[:used].copy()


@numba.njit(cache=True)
def joined(begin: Any, payments: Whole, sources: Whole) -> Any:  # pragma: no cover - compiled
    """Which transfers are walked back to from those of `begin`, and of each a number that all joined with it have.

    Links stand in order of their payments, and a source comes before its payment: one pass from the end reaches all.
    """
    reached, root = begin.copy(), np.arange(begin.shape[0])
    for k in range(payments.shape[0] - 1, -1, -1):
        if not reached[payments[k]]:
            continue
        reached[sources[k]] = True
        one, other = payments[k], sources[k]
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        while root[other] != other:
            root[other] = root[root[other]]
            other = root[other]
        root[max(one, other)] = min(one, other)
    for i in range(root.shape[0]):  # a root is never behind what hangs on it
        root[i] = root[root[i]]
    return reached, root
