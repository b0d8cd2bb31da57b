"""Which lines of a statement move its balance, line by line: words say so, the balance behind each line proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of one currency: its number in the file, its moment, what it does to the balance, the balance behind it
    if the line has one, and whether its words say that it moves the balance."""

    line: int
    moment: datetime
    amount: int
    balance: int | None
    moves: bool


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Lines (by number) that count though their words say otherwise, that do not though their words say so, and those
    whose balance does not follow from the line before."""

    counted: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()


def follow(lines: Sequence[Line]) -> Followed:
    """Hold the lines of one currency against their balances; where one that moves it has none, all are as their words
    say, and so is every other line without a balance."""
    if any(line.balance is None and line.moves for line in lines):
        return Followed()
    lines = [line for line in lines if line.balance is not None]
    if not lines or any(_agree(rows) for rows in (lines, lines[::-1])):
        return Followed()
    rows = lines if lines[0].moment <= lines[-1].moment else lines[::-1]
    return _walk(sorted(rows, key=lambda line: line.moment))


def _agree(rows: Sequence[Line]) -> bool:
    """Whether the lines that move the balance by their words make it, and none behind the last of them moves it."""
    moving = [place for place, line in enumerate(rows) if line.moves]
    if any(rows[b].balance != (rows[a].balance or 0) + rows[b].amount for a, b in pairwise(moving)):
        return False
    if not moving:
        return True
    last = rows[moving[-1]].balance or 0
    return not any(line.amount and line.balance == last + line.amount for line in rows[moving[-1] + 1 :])


def _walk(rows: Sequence[Line]) -> Followed:
    """Follow the balance through lines in the order of their moments; those of one moment stand in any order."""
    counted, left_out, broken = [], [], []
    balance: int | None = None
    for _, group in groupby(rows, key=lambda line: line.moment):
        waiting = list(group)
        while waiting:
            line = waiting.pop(_next(waiting, balance))
            after = line.balance or 0
            if balance is not None and line.amount:
                if after == balance + line.amount:
                    counted += [] if line.moves else [line.line]
                elif after == balance:
                    left_out += [line.line] if line.moves else []
                else:
                    broken.append(line.line)
            balance = after
    return Followed(counted=tuple(sorted(counted)), left_out=tuple(sorted(left_out)), broken=tuple(sorted(broken)))


def _next(lines: Sequence[Line], balance: int | None) -> int:
    """The place of the line that the balance leads to: one that moves it, else one where it stays, else the first."""
    if balance is None:
        return 0
    moved = [n for n, line in enumerate(lines) if line.balance == balance + line.amount]
    stayed = [n for n, line in enumerate(lines) if line.balance == balance]
    return next(iter(moved + stayed), 0)
