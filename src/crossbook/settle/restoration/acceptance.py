"""Which explanations of payouts people accepted, as the journal has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.decisions.standing import standing


@dataclass(frozen=True)
class Acceptance:
    """One explanation, accepted: which expected orders are not in the payout, which others are; who, when and why.

    `probability` is what its odds were, `rivals` how many explanations were listed beside it; `seq` its journal entry.
    """

    seq: int
    who: str
    at: str
    why: str
    missing: tuple[str, ...]
    added: tuple[str, ...]
    probability: float
    rivals: int


def acceptances(book: Book) -> dict[str, Acceptance]:
    """What was accepted and not taken back, by payout id as in `Payout.id`."""
    return accepted_in(book.journal())


def accepted_in(entries: Iterable[Entry]) -> dict[str, Acceptance]:
    """The same of a journal."""
    found = standing(entries, "accept", "unaccept")
    return {payout: _acceptance(entry) for (payout,), entry in found.items()}


def _acceptance(entry: Entry) -> Acceptance:
    body = entry.body
    return Acceptance(
        seq=entry.seq,
        who=entry.who,
        at=entry.at,
        why=body["why"],
        missing=tuple(body["missing"]),
        added=tuple(body["added"]),
        probability=body["probability"],
        rivals=body["rivals"],
    )
