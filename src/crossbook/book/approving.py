"""The four-eyes rule: a decision in the journal is approved by someone other than who prepared it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crossbook.book import catalog, journal
from crossbook.book.accounts import users
from crossbook.book.book import UNPROVED, Book
from crossbook.book.journal import Entry
from crossbook.errors import CrossbookError, NotFoundError

# A decision, and what takes it back.
UNDONE_BY = {"accept": "unaccept", "match": "unmatch", "retire": "reinstate"}
APPROVABLE = (*UNDONE_BY, *UNDONE_BY.values())


@dataclass(frozen=True)
class Decision:
    """A journal entry with what became of it: `standing` until taken back, `approved_by` someone else or nobody yet.

    `unproved` when nobody logged in to make it: whether its approver is someone else cannot be told.
    """

    entry: Entry
    standing: bool
    approvable: bool
    unproved: bool
    approved_by: str | None = None
    approved_at: str | None = None


def decisions(book: Book) -> list[Decision]:
    """Every entry of the journal but the approvals themselves, newest first."""
    return _decisions(book.journal(), _accounts(book))


def _accounts(book: Book) -> frozenset[str]:
    return frozenset(u.name for u in users(book))


def _unproved(entry: Entry, accounts: frozenset[str], ever: set[str]) -> bool:
    """Whether the entry's name is only the system's; one of before names were told apart is proved by an account."""
    return bool(entry.body.get(UNPROVED)) or (bool(accounts) and entry.who not in accounts | ever)


def _decisions(entries: list[Entry], accounts: frozenset[str]) -> list[Decision]:
    ever = {e.subject for e in entries if e.action == "user"}  # accounts since removed, too
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
                    entry=e,
                    standing=e.seq not in taken_back,
                    approvable=e.action in APPROVABLE,
                    unproved=_unproved(e, accounts, ever),
                    approved_by=(by and by.who) or None,
                    approved_at=(by and by.at) or None,
                )
            )
    return found


def approve(book: Book, seq: int, who: str, *, check: Callable[[Entry, list[Entry]], None] | None = None) -> Entry:
    """Journal that `who` approves entry `seq`. Raises CrossbookError when it is their own, or not to be approved.

    So it is when nobody logged in to make it. `check` sees the entry and the journal inside the transaction, and raises
    CrossbookError when the decision cannot stand any more.
    """
    accounts = _accounts(book)
    with catalog.writing(book.engine) as connection:
        entries = journal.entries(connection)
        decision = next((d for d in _decisions(entries, accounts) if d.entry.seq == seq), None)
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
        if decision.unproved:
            raise CrossbookError(
                f"entry {seq} was made without logging in: nothing shows that {entry.who} is not {who}",
                todo="take it back and let its maker decide it in the browser, logged in",
            )
        if check is not None:
            check(entry, entries)
        return journal.append(connection, who, "approve", entry.subject, {"entry": seq, "hash": entry.hash})
