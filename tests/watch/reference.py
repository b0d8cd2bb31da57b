"""Chains worked out slowly, with lists and fractions, straight from the definition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass
class Lot:
    amount: int
    came: int
    depth: int
    start: int
    source: int


def chains(
    transfers: Sequence[tuple[int, int, int, int, bool]],
    hop: int,
    total: int,
    per_mille: int,
    newest_first: bool,
    hubs: frozenset[int],
) -> tuple[list[int], list[int], list[tuple[int, int, int]]]:
    """(depth, start) of each transfer (moment, payer, payee, amount, between accounts of one party) and all links."""
    held: dict[int, list[Lot]] = defaultdict(list)  # in order of receipt
    depths, starts, links = [], [], []
    for number, (moment, payer, payee, amount, own) in enumerate(transfers):
        usable = [lot for lot in held[payer] if moment - lot.came <= hop] if payer not in hubs else []
        pieces: list[tuple[int, Lot]] = []
        left = amount
        for lot in reversed(usable) if newest_first else usable:
            if left and lot.amount:
                pieces.append((min(left, lot.amount), lot))
                left -= pieces[-1][0]

        def deep(lot: Lot, moment: int = moment) -> int:
            return lot.depth if moment - lot.start <= total else 0

        reachable = [
            d
            for d in {deep(lot) for _, lot in pieces} - {0}
            if Fraction(sum(p for p, lot in pieces if deep(lot) >= d), amount) >= Fraction(per_mille, 1000)
        ]
        level = max(reachable, default=0)
        start = min((lot.start for _, lot in pieces if deep(lot) >= level), default=moment) if level else moment
        carried = own or payer == payee
        depth = (level if carried else level + 1) if level else 1
        depths.append(depth)
        starts.append(start)
        if payer == payee:
            continue
        if level or carried:
            links += [(number, lot.source, p) for p, lot in pieces if deep(lot) >= (1 if carried else level)]
        received = [Lot(amount, moment, depth, start, number)]
        if carried:
            received = [Lot(p, moment, deep(lot), lot.start, number) for p, lot in pieces]
            received = received[::-1] if newest_first else received
        for p, lot in pieces:
            lot.amount -= p
        if payee not in hubs:
            held[payee] += received
    return depths, starts, links
