"""Lots of one balance: which receipts each outgo took, by the account's rule. Pure functions on columns.

A receipt leaves a lot, an outgo takes parts of lots. An outgo that names an order takes that order's own lots first;
what is left of it takes lots by the rule: the first in first ("fifo"), the last in first ("lifo"), or of every lot its
share ("proportional"). Money that is sent on (a withdrawal, a conversion) was there: what no receipt explains is a lot
of unknown origin. Other outgoes may leave the balance below zero; the receipts that follow pay that back, and what
nothing has paid is `OWED`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossbook.settle.flow.sharing import distinct, shares_of

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
    found = _TAKE[rule](amount, owner)
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

    What an order's own outgo takes from its lot makes the lot smaller from the start for all others: so they
    reach it later.
    """
    own = _own_first(amount, owner)
    ins, outs = np.flatnonzero(amount > 0), np.flatnonzero(amount < 0)
    size, need = amount[ins].copy(), -amount[outs]
    np.subtract.at(size, np.searchsorted(ins, own.lot), own.amount)
    np.subtract.at(need, np.searchsorted(outs, own.out), own.amount)
    came, went = np.cumsum(size), np.cumsum(need)
    end = min(came[-1] if len(came) else 0, went[-1] if len(went) else 0)
    cuts = distinct(np.concatenate([[0], came[came < end], went[went < end]]))
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


def _owned(amount: Ints, owner: Ints) -> dict[int, list[int]]:
    """The lots of each order that has outgoes, too, in their order."""
    ins = np.flatnonzero((amount > 0) & (owner >= 0))
    ins = ins[np.isin(owner[ins], owner[(amount < 0) & (owner >= 0)])]
    lots: dict[int, list[int]] = defaultdict(list)
    for place, order in zip(ins.tolist(), owner[ins].tolist(), strict=True):
        lots[order].append(place)
    return lots


def _last_in(amount: Ints, owner: Ints) -> Taken:
    """Last in first out, by a walk over the movements."""
    rows: list[tuple[int, int, int, int]] = []
    left: list[int] = np.maximum(amount, 0).tolist()
    own = _owned(amount, owner)
    lots: list[int] = []  # those of which something may be left, the last one last
    owed: deque[tuple[int, int]] = deque()

    def part(out: int, lot: int, need: int) -> int:
        """Take of a lot; gives what is needed still."""
        much = min(need, left[lot])
        if much:
            rows.append((out, lot, left[lot] - much, left[lot]))
            left[lot] -= much
        return need - much

    for place, (minor, order) in enumerate(zip(amount.tolist(), owner.tolist(), strict=True)):
        if minor > 0:
            while owed and left[place]:
                out, need = owed.popleft()
                if need := part(out, place, need):
                    owed.appendleft((out, need))
            if left[place]:
                lots.append(place)
        elif minor < 0:
            need = -minor
            for lot in own.get(order, ()):
                if lot > place or not need:
                    break
                need = part(place, lot, need)
            while need and lots:
                need = part(place, lots[-1], need)
                if not left[lots[-1]]:
                    lots.pop()
            if need:
                owed.append((place, need))
    rows += [(out, OWED, 0, need) for out, need in owed]
    return Taken(*np.array(rows, np.int64).reshape(-1, 4).T)


def _of_every_lot(amount: Ints, owner: Ints) -> Taken:
    """Of every lot its share of what is left, by largest remainders: one step an outgo, over all lots at once."""
    left, own = np.maximum(amount, 0), _owned(amount, owner)
    ins, outs = np.flatnonzero(amount > 0), np.flatnonzero(amount < 0)
    size, came = amount[ins].tolist(), np.concatenate([[0], np.cumsum(amount[ins])]).tolist()
    places = ins.tolist()
    owed: deque[tuple[int, int]] = deque()
    first: list[tuple[int, int, int, int]] = []  # of lots of the outgo's own order
    many: list[tuple[Ints, Ints, Ints, Ints]] = []
    later: list[tuple[int, int, int, int]] = []  # what receipts paid back
    live, seen, added, held = ins[:0], 0, 0, 0  # lots, how many receipts were seen, and are among them, what is left

    def pay(upto: int) -> None:
        """Pay what is owed from the receipts up to one, and count what is left of them."""
        nonlocal seen, held
        while owed and seen < upto:
            lot, rest = places[seen], size[seen]
            while owed and rest:
                out, need = owed.popleft()
                much = min(need, rest)
                later.append((out, lot, rest - much, rest))
                rest -= much
                if need > much:
                    owed.appendleft((out, need - much))
            left[lot] = rest
            held += rest
            seen += 1
        held += came[upto] - came[seen]
        seen = upto

    for out, upto in zip(outs.tolist(), np.searchsorted(ins, outs).tolist(), strict=True):
        pay(upto)
        need = -int(amount[out])
        for lot in own.get(int(owner[out]), ()):
            if lot > out or not need:
                break
            rest = int(left[lot])
            if much := min(need, rest):
                first.append((out, lot, rest - much, rest))
                left[lot] = rest - much
                need -= much
                held -= much
        if need and held:
            live = np.concatenate([live, ins[added:upto]])
            live, added = live[left[live] > 0], upto
            much = min(need, held)
            share = shares_of(much, left[live])
            lots = live[share > 0]
            rests, share = left[lots], share[share > 0]
            many.append((np.full(len(lots), out), lots, rests - share, rests))
            left[lots] = rests - share
            need -= much
            held -= much
        if need:
            owed.append((out, need))
    pay(len(ins))
    later += [(out, OWED, 0, need) for out, need in owed]
    own_rows, later_rows = (np.array(rows, np.int64).reshape(-1, 4).T for rows in (first, later))
    middle = [np.concatenate(c) for c in zip(*many, strict=True)] if many else list(own_rows[:, :0])
    return Taken(*(np.concatenate([a, b, c]) for a, b, c in zip(own_rows, middle, later_rows, strict=True)))


_TAKE = {"fifo": _first_in, "lifo": _last_in, "proportional": _of_every_lot}
RULES = tuple(_TAKE)
