"""What a minus means where a word or a column says which way money went already: it repeats that, or takes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from crossbook import money
from crossbook.sources.source import Against
from crossbook.sources.table.proofs import Entry, Told, prove

Amounts = Sequence[int | None]


def agree(amounts: Amounts, ways: Amounts) -> bool:
    """Whether the sign of each amount is that of its word (1 in, -1 out), and one of them at least has a minus."""
    told = [(a, w) for a, w in zip(amounts, ways, strict=True) if a and w]
    return any(a < 0 for a, _ in told) and all((a < 0) == (w < 0) for a, w in told)


def repeats(entries: Sequence[Entry], ways: Amounts, broken: Sequence[int], told: Told, point: str) -> bool:
    """Whether a minus only repeats its word: as the balances tell, and by the signs where they do not. `entries` have
    the amounts as they are written."""
    back = [replace(e, amount=e.amount * (w or 0)) for e, w in zip(entries, ways, strict=True)]
    once = [replace(e, amount=abs(e.amount) * (w or 0)) for e, w in zip(entries, ways, strict=True)]
    if decided(once, back, broken, told, point):
        return True
    return agree([e.amount for e in entries], ways) and not decided(back, once, broken, told, point)


def decided(mine: Sequence[Entry], other: Sequence[Entry], broken: Sequence[int], told: Told, point: str) -> bool:
    """Whether balances hold for one reading and contradict the other. Totals do not tell: they may be of either."""
    if not mine:
        return False
    balances = Told(opening=told.opening, closing=told.closing, neither=told.neither, days=told.days)
    held, against = (prove(entries, broken, balances, point) for entries in (mine, other))
    return any(p.held for p in held) and not any(p.against for p in held) and any(p.against for p in against)


def unproved(
    entries: Sequence[Entry], lines: Collection[int], broken: Sequence[int], told: Told, point: str
) -> tuple[Against, ...]:
    """The first entry with a minus (of `lines`), where nothing decides what that means."""
    first = next((e for e in entries if e.line in lines and e.amount), None)
    other = [replace(e, amount=-e.amount) if e.line in lines else e for e in entries]
    if first is None or decided(entries, other, broken, told, point):
        return ()
    way = "in" if first.amount > 0 else "out"
    shown = money.show(abs(first.amount), first.currency)
    text = f"nothing proves what the minus of line {first.line} means: {shown} is read as money {way}"
    return (Against(line=first.line, column="amount", value=shown, text=text),)
