"""Decisions on what a payout consists of: which of several explanations a person accepted, and taking that back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.errors import CrossbookError
from crossbook.settle.restoration.result import Restoration


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
    standing: dict[str, Acceptance] = {}
    for e in entries:
        if e.action == "accept":
            b = e.body
            standing[e.subject] = Acceptance(
                seq=e.seq,
                who=e.who,
                at=e.at,
                why=b["why"],
                missing=tuple(b["missing"]),
                added=tuple(b["added"]),
                probability=b["probability"],
                rivals=b["rivals"],
            )
        elif e.action == "unaccept":
            standing.pop(e.subject, None)
    return standing


def accept_explanation(
    book: Book, payout: str, restoration: Restoration | None, number: int, why: str, who: str | None = None
) -> None:
    """Journal that explanation `number` (from 1, as listed) of a payout is the right one. Raises CrossbookError.

    The reason is required: an acceptance is evidence for others.
    """
    if restoration is None or not restoration.rivals:
        raise CrossbookError(f"{payout} has no explanations to choose from")
    standing = acceptances(book).get(payout)
    if standing:
        raise CrossbookError(f"{payout}: an explanation was accepted by {standing.who}", todo="take that back first")
    if not 1 <= number <= len(restoration.rivals):
        raise CrossbookError(f"no explanation {number}; {payout} has {len(restoration.rivals)}")
    if not why.strip():
        raise CrossbookError("a reason is needed", todo="say what shows that this explanation is the right one")
    rival = restoration.rivals[number - 1]
    body = {
        "missing": rival.missing,
        "added": rival.added,
        "probability": rival.probability,
        "rivals": len(restoration.rivals),
        "why": why.strip(),
    }
    book.decide("accept", payout, body, who)


def undo_acceptance(book: Book, payout: str, who: str | None = None) -> None:
    """Journal that an accepted explanation is taken back. Raises CrossbookError when there is none."""
    if payout not in acceptances(book):
        raise CrossbookError(f"no decision on {payout} to take back")
    book.decide("unaccept", payout, {}, who)
