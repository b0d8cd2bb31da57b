"""Money followed the slow way, to hold the columns against: lists of lots, one movement after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class Move:
    """One movement of a balance. `to` is where an outgo goes on, as (balance, amount there); `order` whose it is."""

    balance: int
    amount: int
    order: int = -1
    to: tuple[int, int] | None = None
    away: bool = False  # sent on to somewhere that is not followed


@dataclass
class Lot:
    """A receipt: what is left of it, piece by piece, each [origin, minor units]."""

    pieces: list[list[int]]
    order: int = -1
    known: bool = True

    @property
    def left(self) -> int:
        return sum(p[1] for p in self.pieces)

    def cut(self, much: int, at_the_end: bool) -> list[list[int]]:
        """Take so much of it, from its beginning or its end."""
        taken: list[list[int]] = []
        while much:
            piece = self.pieces[-1 if at_the_end else 0]
            part = min(much, piece[1])
            piece[1] -= part
            much -= part
            if not piece[1]:
                self.pieces.remove(piece)
            taken.insert(0, [piece[0], part]) if at_the_end else taken.append([piece[0], part])
        return taken

    def share(self, much: int) -> list[list[int]]:
        """Take so much of it, of every piece its share: whole units, then one each by largest fraction."""
        exact = [Fraction(much * p[1], self.left) for p in self.pieces]
        shares = [int(x) for x in exact]
        for i in sorted(range(len(exact)), key=lambda i: shares[i] - exact[i])[: much - sum(shares)]:
            shares[i] += 1
        taken = [[p[0], share] for p, share in zip(self.pieces, shares, strict=True) if share]
        for piece, share in zip(self.pieces, shares, strict=True):
            piece[1] -= share
        self.pieces = [p for p in self.pieces if p[1]]
        return taken

    def take(self, much: int, rule: str) -> list[list[int]]:
        """Take so much of it by a rule."""
        return self.share(much) if rule == "proportional" and much else self.cut(much, rule != "fifo")


@dataclass
class Told:
    """What the oracle says: by outgo, and by balance for what is left, minor units by origin (-1: unknown)."""

    taken: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    left: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    became: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    owed: Counter[int] = field(default_factory=Counter)


def tell(moves: Sequence[Move], rules: Sequence[str]) -> Told:
    """Follow the movements, which are in the order in which they happened over all balances.

    The receipt that a sending becomes is not among them; the origin of a receipt is its place among the movements."""
    told, lots = Told(), {b: list[Lot]() for b in range(len(rules))}
    debts: dict[int, list[list[int]]] = {b: [] for b in range(len(rules))}

    def receive(balance: int, lot: Lot) -> None:
        lots[balance].append(lot)
        while debts[balance] and lot.left:
            who, need = debts[balance][0]
            part = min(need, lot.left)
            for origin, much in lot.take(part, rules[balance]):
                told.taken[who][origin] += much
            debts[balance][0][1] -= part
            if not debts[balance][0][1]:
                debts[balance].pop(0)

    for place, move in enumerate(moves):
        here, rule = lots[move.balance], rules[move.balance]
        if move.amount > 0:
            receive(move.balance, Lot([[place, move.amount]], move.order))
            continue
        need = -move.amount
        if move.to or move.away:
            there = sum(lot.left for lot in here) - sum(d[1] for d in debts[move.balance])
            if need > there:
                receive(move.balance, Lot([[-1, need - there]]))
        pieces: list[list[int]] = []
        for lot in [lot for lot in here if lot.order == move.order and move.order >= 0]:
            part = min(need, lot.left)
            pieces += lot.cut(part, True)
            need -= part
        alive = [lot for lot in here if lot.left]
        if rule == "proportional":
            whole = sum(lot.left for lot in alive)
            part = min(need, whole)
            exact = [Fraction(part * lot.left, whole) for lot in alive]
            shares = [int(x) for x in exact]
            for i in sorted(range(len(alive)), key=lambda i: shares[i] - exact[i])[: part - sum(shares)]:
                shares[i] += 1
            for lot, share in zip(alive, shares, strict=True):
                pieces += lot.take(share, rule)
            need -= part
        else:
            for lot in alive if rule == "fifo" else alive[::-1]:
                part = min(need, lot.left)
                pieces += lot.cut(part, rule != "fifo")
                need -= part
        if need:
            debts[move.balance].append([place, need])
        for origin, much in pieces:
            told.taken[place][origin] += much
        if move.to:
            balance, arrives = move.to
            whole = sum(p[1] for p in pieces)
            exact = [Fraction(arrives * p[1], whole) for p in pieces]
            shares = [int(x) for x in exact]
            for i in sorted(range(len(pieces)), key=lambda i: shares[i] - exact[i])[: arrives - sum(shares)]:
                shares[i] += 1
            parts = [[p[0], share] for p, share in zip(pieces, shares, strict=True)]
            for origin, share in parts:
                told.became[place][origin] += share
            receive(balance, Lot([p for p in parts if p[1]]))
    for balance, held in lots.items():
        for lot in held:
            for origin, much in lot.pieces:
                told.left[balance][origin] += much
        told.owed[balance] = sum(d[1] for d in debts[balance])
    return told
