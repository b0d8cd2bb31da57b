"""The walk that follows money from account to account, compiled: a lot for each receipt, taken by payments.

Lots stand in one pool of columns; those of an account hang together by `NEXT` from `first` on: the newest first where
they are taken last in first out, else the oldest. As moments never fall, so do they within an account: of the newest
first all behind one that is too old are too old. What is used up or too old is free for new lots, so that the pool
stays as small as what can still be taken. `chains.py` says what the figures mean.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from crossbook.watch.memory import ask_for

Whole = npt.NDArray[np.int64]

NONE = -1
# Columns of the pool of lots: what is left, when it came, the depth and start it carries, its transfer, the next lot.
LEFT, CAME, DEPTH, START, SOURCE, NEXT = range(6)
LOT_COLUMNS = 6
LINK_COLUMNS = 3  # the payment, the transfer whose lot it takes, how much of it
_FEW = 24  # pieces that are sorted by insertion
_AHEAD = 16  # transfers ahead of which memory is asked for: accounts at twice that, their lots at once


@numba.njit(cache=True)
def _with_room(table: Whole, used: int) -> Whole:  # pragma: no cover - compiled
    if used < table.shape[0]:
        return table
    larger = np.empty((2 * table.shape[0] + 16, table.shape[1]), np.int64)
    larger[:used] = table[:used]
    return larger


@numba.njit(cache=True)
def _least_share(amount: int, per_mille: int) -> int:  # pragma: no cover - compiled
    """The least whole amount that is at least so many per mille of `amount`, without a product over 2^63."""
    return amount // 1000 * per_mille + (amount % 1000 * per_mille + 999) // 1000


@numba.njit(cache=True)
def _level(taken: Whole, pieces: int, least: int) -> int:  # pragma: no cover - compiled
    """The greatest depth that pieces of it or deeper bear at least `least` for; 0 where there is none."""
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
def walk(  # pragma: no cover - compiled
    moments: Whole,
    payers: Whole,
    payees: Whole,
    amounts: Whole,
    own: Any,
    told: Whole,
    hubs: Any,
    number: int,
    hop: int,
    total: int,
    keep: int,
    newest_first: bool,
    first: Whole,
    last: Whole,
    lots: Whole,
    used: int,
    depths: Whole,
    starts: Whole,
) -> Any:
    """The links of transfers, and the pool of lots with how much of it is used; `depths` and `starts`, which begin as
    ones and the moments, are changed in place.

    `number` is that of the first transfer in the whole history. `told` has a row for each transfer, or none at all: the
    depth (0: not told) and start that somebody else worked out, who holds the payer's lots. `first` and `last` (by
    account) are changed in place.
    """
    count = moments.shape[0]
    links, linked = np.empty((count // 8 + 16, LINK_COLUMNS), np.int64), 0
    taken = np.empty((64, 4), np.int64)  # of one payment: amount, depth, start, source
    free = NONE  # lots that may be laid anew, hanging together like an account's
    for i in range(count):
        if i + 2 * _AHEAD < count:
            ask_for(first, payers[i + 2 * _AHEAD])
            ask_for(first, payees[i + 2 * _AHEAD])
            for account in (payers[i + _AHEAD], payees[i + _AHEAD]):
                if first[account] != NONE:
                    ask_for(lots[:, LEFT], first[account])
                    ask_for(lots[:, NEXT], first[account])
        moment, payer, payee, amount = moments[i], payers[i], payees[i], amounts[i]
        within = payer == payee
        pieces = 0
        if not hubs[payer]:
            wanted, lot = amount, first[payer]
            while wanted > 0 and lot != NONE:
                behind = lots[lot, NEXT]
                if moment - lots[lot, CAME] <= hop:
                    piece = min(wanted, lots[lot, LEFT])
                    wanted -= piece
                    taken = _with_room(taken, pieces)
                    taken[pieces, 0] = piece
                    taken[pieces, 1] = lots[lot, DEPTH] if moment - lots[lot, START] <= total else 0
                    taken[pieces, 2] = lots[lot, START]
                    taken[pieces, 3] = lots[lot, SOURCE]
                    pieces += 1
                    if not within:
                        lots[lot, LEFT] -= piece
                        if lots[lot, LEFT] > 0:
                            break
                elif within and newest_first:
                    break
                if not within:  # used up or too old
                    lots[lot, NEXT] = free
                    free = lot
                    first[payer] = behind
                lot = behind
        level = _level(taken, pieces, _least_share(amount, keep)) if pieces else 0
        carries = own[i] or within
        if told.shape[0] and told[i, 0] > 0:
            depths[i], starts[i] = told[i, 0], told[i, 1]
        if level > 0:
            depths[i] = level if carries else level + 1
            for k in range(pieces):
                if taken[k, 1] >= level:
                    starts[i] = min(starts[i], taken[k, 2])
        if within:
            continue
        if level > 0 or carries:
            for k in range(pieces):
                if taken[k, 1] >= (1 if carries else level):
                    links = _with_room(links, linked)
                    links[linked, 0] = number + i
                    links[linked, 1] = taken[k, 3]
                    links[linked, 2] = taken[k, 0]
                    linked += 1
        if hubs[payee]:
            continue
        # What was received: one lot, or, between accounts of one party, each piece as deep as it was.
        for k in range(pieces if carries else 1):
            at = pieces - 1 - k if newest_first else k  # so that they hang as they did
            if free != NONE:
                lot = free
                free = lots[lot, NEXT]
            else:
                lots = _with_room(lots, used)
                lot = used
                used += 1
            lots[lot, LEFT] = taken[at, 0] if carries else amount
            lots[lot, CAME] = moment
            lots[lot, DEPTH] = taken[at, 1] if carries else depths[i]
            lots[lot, START] = taken[at, 2] if carries else starts[i]
            lots[lot, SOURCE] = number + i
            if newest_first:
                behind = first[payee]
                if behind != NONE and moment - lots[behind, CAME] > hop:  # and so is all behind it
                    while behind != NONE:
                        after = lots[behind, NEXT]
                        lots[behind, NEXT] = free
                        free = behind
                        behind = after
                lots[lot, NEXT] = behind
                first[payee] = lot
            else:
                lots[lot, NEXT] = NONE
                if first[payee] == NONE:
                    first[payee] = lot
                else:
                    lots[last[payee], NEXT] = lot
                last[payee] = lot
    return links[:linked], lots, used


@numba.njit(cache=True)
def living(first: Whole, last: Whole, lots: Whole, since: int) -> Whole:  # pragma: no cover - compiled
    """The lots that came at `since` or later, laid anew account by account; `first` and `last` follow."""
    kept, used = np.empty((lots.shape[0] // 4 + 16, LOT_COLUMNS), np.int64), 0
    for account in range(first.shape[0]):
        lot, before = first[account], NONE
        first[account] = NONE
        while lot != NONE:
            if lots[lot, CAME] >= since:
                kept = _with_room(kept, used)
                kept[used] = lots[lot]
                kept[used, NEXT] = NONE
                if before == NONE:
                    first[account] = used
                else:
                    kept[before, NEXT] = used
                before = used
                used += 1
            lot = lots[lot, NEXT]
        last[account] = before
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
