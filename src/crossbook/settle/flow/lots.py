"""Lots of one balance: which receipts each outgo took, by the account's rule. Pure functions on columns.

A receipt leaves a lot, an outgo takes parts of lots. An outgo that names an order takes that order's own lots first;
what
is left of it takes lots by the rule: the first in first ("fifo"), the last in first ("lifo"), or of every lot its share
("proportional"). Money that is sent on (a withdrawal, a conversion) was there: what no receipt explains is a lot of
unknown
origin. Other outgoes may leave the balance below zero; the receipts that follow pay that back, and what nothing has
paid
is `OWED`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossbook.settle.flow.sharing import shares_of

RULES = ("fifo", "lifo", "proportional")
OWED = -1  # in place of a lot
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Taken:
    """What outgoes took, a row each part, in the order of the outgoes.

    `out` is the outgo's place in the balance, `lot` the receipt's (or OWED; a lot of unknown origin is counted on from
    the last place), `start` and `stop` which of the lot's minor units, counted from 0.
    """

    out: Ints
    lot: Ints
    start: Ints
    stop: Ints

    @property
    def amount(self) -> Ints:
        """Minor units of each part."""
        return self.stop - self.start


def take(amount: Ints, owner: Ints, sent: Bools, rule: str = "fifo") -> tuple[Taken, Ints]:
    """What each outgo of a balance took, and the sizes of the lots of unknown origin.

    `amount` are its movements in their order, in minor units (receipts above zero, outgoes below), `owner` the order of
    each (less than zero for none), `sent` whether it sends money on.
    """
    n, short = len(amount), unexplained(amount, sent)
    lacking = np.flatnonzero(short)  # a lot of unknown origin comes in just before each of these
    place = np.insert(np.arange(n), lacking, n + np.arange(len(lacking)))
    amount, owner = np.insert(amount, lacking, short[lacking]), np.insert(owner, lacking, -1)
    found = _first_in(amount, owner) if rule == "fifo" else _one_by_one(amount, owner, rule)
    order = np.lexsort((np.arange(len(found.out)), found.lot < 0, found.out))
    lot = found.lot[order]
    lot = np.where(lot >= 0, place[np.maximum(lot, 0)], OWED)
    return Taken(place[found.out[order]], lot, found.start[order], found.stop[order]), short[lacking]


def unexplained(amount: Ints, sent: Bools) -> Ints:
    """By movement, how much of money that was sent on no receipt before it explains."""
    short = np.zeros(len(amount), np.int64)
    if sent.any():
        below = np.maximum(-np.cumsum(amount)[sent], 0)
        lowest = np.maximum.accumulate(below)
        short[sent] = np.diff(lowest, prepend=0)
    return short


def _first_in(amount: Ints, owner: Ints) -> Taken:
    """First in first out: the intervals of what came in, held against those of what went out.

    What an order's own outgo takes from its lot makes the lot smaller from the start for all others: they reach it
    later.
    """
    own = _own_first(amount, owner)
    ins, outs = np.flatnonzero(amount > 0), np.flatnonzero(amount < 0)
    size, need = amount[ins].copy(), -amount[outs]
    np.subtract.at(size, np.searchsorted(ins, own.lot), own.amount)
    np.subtract.at(need, np.searchsorted(outs, own.out), own.amount)
    came, went = np.cumsum(size), np.cumsum(need)
    end = min(came[-1] if len(came) else 0, went[-1] if len(went) else 0)
    cuts = np.unique(np.concatenate([[0], came[came < end], went[went < end]])).astype(np.int64)
    cuts = cuts[cuts < end]
    stops = np.append(cuts[1:], end)[: len(cuts)]
    i, j = np.searchsorted(came, cuts, "right"), np.searchsorted(went, cuts, "right")
    before = came[i] - size[i] if len(i) else cuts
    covered = np.zeros(len(outs), np.int64)
    np.add.at(covered, j, stops - cuts)
    lacking = np.flatnonzero(need > covered)
    return Taken(
        np.concatenate([own.out, outs[j], outs[lacking]]),
        np.concatenate([own.lot, ins[i], np.full(len(lacking), OWED)]),
        np.concatenate([own.start, cuts - before, np.zeros(len(lacking), np.int64)]),
        np.concatenate([own.stop, stops - before, (need - covered)[lacking]]),
    )


def _own_first(amount: Ints, owner: Ints) -> Taken:
    """What outgoes take from lots of their own order, first in first out.

    Between two of them only the sum of the other outgoes counts, which moves the edge of what is used up.
    """
    ins = np.flatnonzero(amount > 0)
    has = np.zeros(int(owner.max(initial=-1)) + 1, bool)
    has[owner[ins][owner[ins] >= 0]] = True
    outs = np.flatnonzero((amount < 0) & (owner >= 0))
    outs = outs[has[owner[outs]]] if len(outs) else outs
    rows: list[tuple[int, int, int, int]] = []
    if len(outs):
        wanted = set(owner[outs].tolist())
        lots: dict[int, list[int]] = defaultdict(list)
        for place in ins[np.isin(owner[ins], list(wanted))].tolist():
            lots[int(owner[place])].append(place)
        went = np.cumsum(np.maximum(-amount, 0))
        places, left = ins.tolist(), amount[ins].tolist()
        rank = {place: k for k, place in enumerate(places)}
        top = amount[ins].tolist()  # where an own part ends in its lot: the others take it from below
        edge, used, taken = 0, 0, 0  # the first lot that is not used up; by others, and by own outgoes so far
        for out in outs.tolist():
            before = int(went[out - 1]) if out else 0
            general = before - taken - used  # what the others took since
            while general > 0 and edge < len(places) and places[edge] < out:
                part = min(general, left[edge])
                left[edge] -= part
                general -= part
                used += part
                if left[edge]:
                    break
                edge += 1
            need = int(-amount[out])
            for place in lots[int(owner[out])]:
                k = rank[place]
                if place > out or not need:
                    break
                part = min(need, left[k]) if k >= edge else 0
                if part:
                    rows.append((out, place, top[k] - part, top[k]))
                    left[k] -= part
                    top[k] -= part
                    need -= part
                    taken += part
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    return Taken(*columns)


def _one_by_one(amount: Ints, owner: Ints, rule: str) -> Taken:
    """The same by a walk over the movements, for rules under which a lot may be taken from more than once."""
    rows: list[tuple[int, int, int, int]] = []
    left: dict[int, int] = {}  # lots in their order, with what is left of each
    own: dict[int, list[int]] = defaultdict(list)
    owed: deque[tuple[int, int]] = deque()

    def part(out: int, lot: int, much: int) -> None:
        rows.append((out, lot, left[lot] - much, left[lot]))
        left[lot] -= much
        if not left[lot]:
            del left[lot]

    for place, (minor, order) in enumerate(zip(amount.tolist(), owner.tolist(), strict=True)):
        if minor > 0:
            left[place] = minor
            if order >= 0:
                own[order].append(place)
            while owed and place in left:
                out, need = owed.popleft()
                much = min(need, left[place])
                part(out, place, much)
                if need > much:
                    owed.appendleft((out, need - much))
        elif minor < 0:
            need = -minor
            for lot in own.get(order, ()) if order >= 0 else ():
                if need and lot in left:
                    much = min(need, left[lot])
                    part(place, lot, much)
                    need -= much
            if need and rule == "lifo":
                while need and left:
                    lot = next(reversed(left))
                    much = min(need, left[lot])
                    part(place, lot, much)
                    need -= much
            elif need and left:
                lots, sizes = list(left), np.fromiter(left.values(), np.int64, len(left))
                much = min(need, int(sizes.sum()))
                for lot, piece in zip(lots, shares_of(much, sizes).tolist(), strict=True):
                    if piece:
                        part(place, lot, piece)
                need -= much
            if need:
                owed.append((place, need))
    rows += [(out, OWED, 0, need) for out, need in owed]
    return Taken(*np.array(rows, np.int64).reshape(-1, 4).T)
