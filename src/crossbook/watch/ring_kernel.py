"""The search for rings, compiled: from a transfer back over the lots that it took to one that its payee had sent.

Transfers are numbers in order of time; what `n` took are `lots[at[n] : at[n + 1]]`, each less than `n`. As long as each
took of one other the way back is a *stem*; where it forks is its *neck*, from which all that end in it look together.
`rings.py` says what a ring is.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from crossbook.watch.memory import with_row

Whole = npt.NDArray[np.int64]

NONE = -1
_FAR = 127  # more steps than any way has


@numba.njit(cache=True)
def first_sent(payer: Whole, payee: Whole, parties: int) -> Whole:  # pragma: no cover - compiled
    """Of each party the first transfer that it sent to another; as many as there are where it sent none."""
    found = np.full(parties, payer.shape[0], np.int64)
    for n in range(payer.shape[0] - 1, -1, -1):
        if payer[n] != payee[n]:
            found[payer[n]] = n
    return found


@numba.njit(cache=True)
def stems(  # pragma: no cover - compiled
    at: Whole, lots: Whole, payer: Whole, payee: Whole, wanted: Any, sent: Whole, most: int
) -> Any:
    """Walk each stem: the rings that close on it (last, first, 0), and where others fork (last, neck, steps to it)."""
    found, rings = np.empty((1024, 3), np.int64), 0
    forked, necks = np.empty((1024, 3), np.int64), 0
    for last in range(payer.shape[0]):
        who = payee[last]
        if not wanted[last] or payer[last] == who or sent[who] >= last:
            continue
        n, steps = last, 0
        while steps < most and n > sent[who] and at[n + 1] - at[n] == 1:
            n = lots[at[n]]
            steps += 1
            if payer[n] == who and payee[n] != who and payee[n] != payer[last]:
                found = with_row(found, rings, last, n, 0)
                rings += 1
                break
        else:
            if steps < most and n > sent[who] and at[n + 1] - at[n] > 1:
                forked = with_row(forked, necks, last, n, steps)
                necks += 1
    return found[:rings], forked[:necks]


@numba.njit(cache=True)
def _reach(  # pragma: no cover - compiled
    neck: int,
    most: int,
    low: int,
    limit: int,
    at: Whole,
    lots: Whole,
    seen: Any,
    turn: int,
    level: Any,
    nearer: Whole,
    reached: Whole,
) -> Any:
    """All whose money came to `neck` within so many steps, none before `low`: how many (NONE beyond the limit), and how
    many links were looked at. `level` has the steps of each, `nearer` the next on its way to the neck."""
    reached[0], seen[neck], level[neck], nearer[neck] = neck, turn, 0, NONE
    count, k, looked = 1, 0, 0
    while k < count:
        n = reached[k]
        k += 1
        if level[n] == most or n < low:
            continue
        if looked + at[n + 1] - at[n] > limit:
            return NONE, looked
        looked += at[n + 1] - at[n]
        for j in range(at[n], at[n + 1]):
            lot = lots[j]
            if seen[lot] != turn:
                seen[lot], level[lot], nearer[lot] = turn, level[n] + 1, n
                reached[count] = lot
                count += 1
    return count, looked


@numba.njit(cache=True)
def _latest(payer: Whole, payee: Whole, reached: Whole, turn: int, best: Whole) -> None:  # pragma: no cover - compiled
    """Of each party the latest transfer of those reached that it sent, and the latest that it sent to somebody else
    than that one: `best` has the turn, and these two."""
    for n in reached:
        who = payer[n]
        if payee[n] == who:
            continue
        if best[who, 0] != turn:
            best[who, 0], best[who, 1], best[who, 2] = turn, n, NONE
        elif n > best[who, 1]:
            if payee[n] != payee[best[who, 1]]:
                best[who, 2] = best[who, 1]
            best[who, 1] = n
        elif n > best[who, 2] and payee[n] != payee[best[who, 1]]:
            best[who, 2] = n


@numba.njit(cache=True)
def _between(  # pragma: no cover - compiled
    first: int, most: int, at: Whole, lots: Whole, seen: Any, turn: int, level: Any, ahead: Any, reached: Whole
) -> None:
    """Write to `ahead` how many steps each of `reached` (in order) is behind `first`, _FAR where a way of so many steps
    in all does not lead through it."""
    for n in reached:
        ahead[n] = 0 if n == first else _FAR
        if n > first:
            for j in range(at[n], at[n + 1]):
                if seen[lots[j]] == turn and ahead[lots[j]] + 1 < ahead[n]:
                    ahead[n] = ahead[lots[j]] + 1
            if ahead[n] + level[n] > most:
                ahead[n] = _FAR


@numba.njit(cache=True)
def search(  # pragma: no cover - compiled
    forked: Whole,
    at: Whole,
    lots: Whole,
    payer: Whole,
    payee: Whole,
    sent: Whole,
    most: int,
    several: int,
    limit: int,
    effort: int,
) -> Any:
    """Look for rings from each neck (`forked` in order of neck and steps), over at most `limit` links each and
    `effort` in all: rows of first, member and whether other ways round may be left out, which of `forked` are left, and
    the effort that is left. All ways round are given where no more than `several` transfers came to the neck."""
    count = payer.shape[0]
    seen, turn = np.zeros(count, np.int32), 0
    level, ahead = np.empty(count, np.int8), np.empty(count, np.int8)
    nearer, reached = np.empty(count, np.int64), np.empty(count, np.int64)
    best = np.zeros((sent.shape[0], 3), np.int64)
    rows, used = np.empty((1024, 3), np.int64), 0
    left = np.zeros(forked.shape[0], np.bool_)
    begin = 0
    while begin < forked.shape[0]:
        neck, steps, end = forked[begin, 1], forked[begin, 2], begin
        low = count
        while end < forked.shape[0] and forked[end, 1] == neck and forked[end, 2] == steps:
            low = min(low, sent[payee[forked[end, 0]]])
            end += 1
        turn += 1
        met, looked = _reach(neck, most - steps, low, min(limit, effort), at, lots, seen, turn, level, nearer, reached)
        effort -= looked
        if met == NONE:
            left[begin:end] = True
            begin = end
            continue
        _latest(payer, payee, reached[1:met], turn, best)
        if met <= several:
            reached[:met].sort()
        for k in range(begin, end):
            last = forked[k, 0]
            if best[payee[last], 0] != turn:
                continue
            first = best[payee[last], 1]
            if payee[first] == payer[last]:
                first = best[payee[last], 2]
            if first == NONE:
                continue
            n = last
            while n != neck:
                rows = with_row(rows, used, first, n, 0)
                used += 1
                n = lots[at[n]]
            if met <= several:
                _between(first, most - steps, at, lots, seen, turn, level, ahead, reached[:met])
                effort -= met
                for n in reached[:met]:
                    if ahead[n] != _FAR:
                        rows = with_row(rows, used, first, n, 0)
                        used += 1
            else:
                n = first
                while n != NONE:
                    rows = with_row(rows, used, first, n, 1)
                    used += 1
                    n = nearer[n]
        begin = end
    return rows[:used], left, effort
