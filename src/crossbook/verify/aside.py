"""Rules that people set aside for single trades, as the journal has it."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.decisions.standing import standing


@dataclass(frozen=True)
class SetAside:
    """One rule set aside for one trade: who did it, when, and why; `seq` is its journal entry."""

    order_id: str
    rule: str
    who: str
    at: str
    why: str
    seq: int


def order_and_rule(entry: Entry) -> tuple[str, str]:
    """What tells one such decision from another."""
    return entry.subject, entry.body["rule"]


def set_aside(book: Book) -> dict[tuple[str, str], SetAside]:
    """What was set aside and not taken back, by order and rule."""
    found = standing(book.journal(), "set aside", "take up again", order_and_rule)
    return {
        order_and_rule(e): SetAside(
            order_id=e.subject, rule=e.body["rule"], who=e.who, at=e.at, why=e.body["why"], seq=e.seq
        )
        for e in found.values()
    }
