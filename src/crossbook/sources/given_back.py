"""What to say to who adds a statement with entries that take an earlier one back, or bring a payment back."""

from __future__ import annotations

from collections.abc import Iterable

from crossbook.facts.bank import RETURN, REVERSAL
from crossbook.sources.source import Reading


def note_given_back(reading: Reading, told: Iterable[str | None]) -> None:
    """Note how many entries are reversals and how many are returns. `told` is the `given_back` of each entry."""
    found = list(told)
    if n := found.count(REVERSAL):
        reading.notes.append(
            "1 entry takes an earlier one back (a reversal)"
            if n == 1
            else f"{n:,} entries take earlier ones back (reversals)"
        )
    if n := found.count(RETURN):
        reading.notes.append(
            "1 entry is a payment that came back (a return)"
            if n == 1
            else f"{n:,} entries are payments that came back (returns)"
        )
