"""The four-eyes rule: a decision in the journal is approved by someone other than who prepared it."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.book import catalog, journal
from crossbook.book.book import Book
from crossbook.book.journal import Entry
from crossbook.errors import CrossbookError, NotFoundError

# A decision, and what takes it back.
UNDONE_BY = {"accept": "unaccept", "match": "unmatch", "retire": "reinstate"}
APPROVABLE = (*UNDONE_BY, *UNDONE_BY.values())


@dataclass(frozen=True)
class Decision:
    """A journal entry with what became of it: `standing` until taken back, `approved_by` someone else or nobody yet."""

    entry: Entry
    standing: bool
    approvable: bool
    approved_by: str | None = None
    approved_at: str | None = None


def decisions(book: Book) -> list[Decision]:
    """Every entry of the journal but the approvals themselves, newest first."""
    return _decisions(book.journal())


def _decisions(entries: list[Entry]) -> list[Decision]:
    undoes = {undo: done for done, undo in UNDONE_BY.items()}
    last: dict[tuple[str, str], int] = {}
    taken_back: set[int] = set()
    approved: dict[int, Entry] = {}
    for e in entries:
        if e.action in UNDONE_BY:
            last[e.action, e.subject] = e.seq
        elif e.action in undoes and (undoes[e.action], e.subject) in last:
            taken_back.add(last.pop((undoes[e.action], e.subject)))
        elif e.action == "approve":
            approved[e.body["entry"]] = e
    found = []
    for e in reversed(entries):
        if e.action != "approve":
            by = approved.get(e.seq)
            found.append(
                Decision(
                    e, e.seq not in taken_back, e.action in APPROVABLE, (by and by.who) or None, (by and by.at) or None
                )
            )
    return found


def approve(book: Book, seq: int, who: str) -> Entry:
    """Journal that `who` approves entry `seq`. Raises CrossbookError when it is their own, or not to be approved."""
    with catalog.writing(book.engine) as connection:
        entries = journal.entries(connection)
        decision = next((d for d in _decisions(entries) if d.entry.seq == seq), None)
        if decision is None:
            raise NotFoundError(f"the journal has no decision {seq}")
        entry = decision.entry
        if not decision.approvable:
            raise CrossbookError(f"entry {seq} ({entry.action}) needs no approval")
        if decision.approved_by:
            raise CrossbookError(f"entry {seq} was approved by {decision.approved_by}")
        if not decision.standing:
            raise CrossbookError(f"entry {seq} was taken back")
        if entry.who == who:
            raise CrossbookError(
                f"{who} prepared entry {seq} and cannot approve it", todo="ask another approver to look at it"
            )
        return journal.append(connection, who, "approve", entry.subject, {"entry": seq, "hash": entry.hash})
