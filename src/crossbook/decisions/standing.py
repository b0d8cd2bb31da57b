"""What people decided and did not take back: folds of the journal, the same for every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crossbook.book.journal import Entry
from crossbook.book.keys import Signature, signatures

Key = tuple[str, ...]


def standing(
    entries: Iterable[Entry], done: str, undone: str, key: Callable[[Entry], Key] = lambda e: (e.subject,)
) -> dict[Key, Entry]:
    """The entries of the action `done` that none of the action `undone` took back since, by what names them.

    In the order in which they were first decided. Of two on one key the later counts.
    """
    found: dict[Key, Entry] = {}
    for entry in entries:
        if entry.action == done:
            found[key(entry)] = entry
        elif entry.action == undone:
            found.pop(key(entry), None)
    return found


def by(entries: list[Entry], action: str, key: Callable[[Entry], Key], named: Key, did: str = "decided") -> str:
    """Who wrote the last entry of this action on this key, and on which day, as the end of a sentence: of two who
    decide at one moment the second is told whom to ask. Empty when there is none."""
    entry = next((e for e in reversed(entries) if e.action == action and key(e) == named), None)
    return f", {did} by {entry.who} on {entry.at[:10]}" if entry else ""


@dataclass(frozen=True)
class Approved:
    """Who approved an entry, and when (UTC)."""

    who: str
    at: str


def approvals(entries: Iterable[Entry]) -> dict[int, Approved]:
    """Who approved which entry, by its number, of those approvals that were not taken back. One whose signature does
    not hold, or cannot be looked at here, is none."""
    found: dict[int, Approved] = {}
    entries = list(entries)
    signed = signatures(entries)
    for entry in entries:
        if entry.action == "approve" and signed.get(entry.seq, Signature.HOLDS) == Signature.HOLDS:
            found[entry.body["entry"]] = Approved(who=entry.who, at=entry.at)
        elif entry.action == "unapprove":
            found.pop(entry.body["entry"], None)
    return found
