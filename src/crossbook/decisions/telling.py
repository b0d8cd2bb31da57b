"""The journal for readers: each entry as a sentence with links; whether it stands, and who approved it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crossbook.book import Book, signing
from crossbook.book.accounts import users
from crossbook.book.book import UNPROVED
from crossbook.book.clock import SET_BACK, said
from crossbook.book.journal import Entry
from crossbook.book.keys import Signature, signatures
from crossbook.decisions.registry import kinds, names
from crossbook.decisions.standing import Approved, approvals

# What shows who made an entry: the name logged in; its signature holds, does not hold, or cannot be looked at here, for
# want of a package; nothing.
LOGIN, KEY, BROKEN, UNREAD, NONE = "login", "key", "broken", "unread", "none"
_SIGNED = {Signature.HOLDS: KEY, Signature.BROKEN: BROKEN, Signature.UNREAD: UNREAD}
PROOFS = {  # what is said beside the name
    KEY: "proved by a key",
    BROKEN: "the signature does not hold",
    UNREAD: "signed; not looked at: pip install 'crossbook[sign]'",
}

# What else the journal holds: acts that nobody weighs, with the word for their kind.
ACTS = {
    "customs message": "message",
    "customs go": "message",
    "customs withdrawn": "message",
    "customs posted": "message",
    "user": "user",
    "add": "added",
    "recover": "recovered",
    "repair": "repaired",
    "compact": "compacted",
    "upgrade": "upgraded",
    "exchange": "exchange",
    "exchange letter": "exchange",
    "exchange letter taken": "exchange",
    "watch outside": "exchange",
    "watch outside back": "exchange",
}


def of_kind() -> tuple[str, ...]:
    """The words by which entries may be asked for."""
    return (*names(), *dict.fromkeys(ACTS.values()))


@dataclass(frozen=True, kw_only=True)
class Told:
    """One entry of the journal.

    `kind` is one of `of_kind()`, empty for an action of a newer version; `links` has the page of each name in `text`;
    `at` is UTC. `standing` until it is taken back; `undoable` while it can be. `proof` says what shows that `who` made
    it: LOGIN, KEY, BROKEN, UNREAD or NONE. It is `unproved` in the last three: whether its approver is someone else
    cannot be told. `clock` says that the clock had been set back when it was made, and is empty else.
    """

    seq: int
    at: str
    who: str
    kind: str
    text: str
    links: Mapping[str, str] = field(default_factory=dict)
    why: str
    yes: tuple[str, ...] = ()
    standing: bool
    undoable: bool
    approvable: bool
    unproved: bool
    proof: str
    clock: str = ""
    approved_by: str | None = None
    approved_at: str | None = None
    entry: Entry


def journal(book: Book, kind: str = "") -> list[Told]:
    """Every entry, newest first; only those of one kind when it is named."""
    entries = book.journal()
    accounts = frozenset(u.name for u in users(book))
    return [t for t in _told(entries, accounts) if kind in ("", t.kind)]


def _told(entries: list[Entry], accounts: frozenset[str]) -> list[Told]:
    ever = {e.subject for e in entries if e.action == "user"}  # accounts since removed, too
    approved = approvals(entries)
    signed = signatures(entries)
    undone = _taken_back(entries)
    of = {a: k for k in kinds().values() for a in (k.done, k.undone) if a}
    found = []
    for e in reversed(entries):
        kind = of.get(e.action)
        by = approved.get(e.seq) or Approved(who="", at="")
        stands = e.seq not in undone
        unproved = bool(e.body.get(UNPROVED)) or (bool(accounts) and e.who not in accounts | ever)
        proof = _SIGNED[signed[e.seq]] if e.seq in signed else NONE if unproved else LOGIN
        found.append(
            Told(
                seq=e.seq,
                at=e.at,
                who=e.who,
                kind=kind.name if kind else ACTS.get(e.action, ""),
                text=sentence(e),
                links=links(e),
                why=str(e.body.get("why") or ""),
                yes=tuple(e.body.get("yes") or ()),
                standing=stands,
                undoable=stands and kind is not None and bool(kind.undone) and e.action == kind.done,
                approvable=kind is not None and kind.approvable,
                unproved=proof not in (KEY, LOGIN),
                proof=proof,
                clock=clock(e),
                approved_by=by.who or None,
                approved_at=by.at or None,
                entry=e,
            )
        )
    return found


def _taken_back(entries: list[Entry]) -> set[int]:
    """The numbers of the entries that later ones took back or, in older journals, took the place of; of a kind that is
    told bit by bit one entry at a time, the last first; and with each all that is within it. As desks fold it
    (`standing`), so that both say the same."""
    last: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    gone: set[int] = set()
    made = {k.done: k for k in kinds().values()}
    within = {of: [k.name for k in made.values() if k.within == of] for of in {k.within for k in made.values()}}
    unmade = {k.undone: k for k in kinds().values() if k.undone}
    for e in entries:
        if kind := made.get(e.action):
            stand = last.setdefault((kind.name, kind.key(e)), [])
            if not kind.adds:
                gone.update(stand)
                stand.clear()
            stand.append(e.seq)
        elif kind := unmade.get(e.action):
            stand = last.get((kind.name, kind.key(e)), [])
            gone |= {stand.pop()} if stand else set()
            if names_within := within.get(kind.name):
                parts = [(name, key) for name, key in last if name in names_within and key[0] == e.subject]
                gone |= {seq for part in parts for seq in last.pop(part)}
    return gone


def sentence(entry: Entry) -> str:
    """What an entry says, in English words that the catalogue knows; one of an unknown action, or of one that a newer
    version tells otherwise, by that and its subject."""
    try:
        for kind in kinds().values():
            if entry.action in (kind.done, kind.undone):
                return kind.sentence(entry)
        act = _ACTS.get(entry.action)
        return act(entry.subject, entry.body) if act else f"{entry.action}: {entry.subject}"
    except (KeyError, TypeError, ValueError):
        return f"{entry.action}: {entry.subject}"


def clock(entry: Entry) -> str:
    """That the clock had been set back when an entry was made; empty where it had not."""
    last = entry.body.get(SET_BACK)
    return said(entry.at, str(last)) if last else ""


def links(entry: Entry) -> Mapping[str, str]:
    """The page of each name in the sentence of an entry."""
    try:
        for kind in kinds().values():
            if entry.action in (kind.done, kind.undone):
                return kind.links(entry)
        return {str(entry.body["name"]): f"/evidence/{entry.subject}"} if entry.action == "add" else {}
    except (KeyError, TypeError, ValueError):
        return {}


def _user(name: str, body: dict[str, Any]) -> str:
    if "key" in body:
        key = signing.fingerprint(str(body["key"]))
        return f"{name} may decide with the key {key}" if body["key"] else f"{name} has no key any more"
    return f"{name} cannot log in any more" if body.get("removed") else f"{name} may log in as {body['role']}"


def _message(subject: str, body: dict[str, Any]) -> str:
    return f"message CEB{body['number']} written with {len(body['documents'])} documents: {body['file']}"


def _exchange(subject: str, body: dict[str, Any]) -> str:
    if "most" in body:
        return f"{body['items']} transfers of session {subject} are to meet those of {body['to']} by {body['way']}"
    if "came" in body:
        met = "none: it was broken off" if body["met"] is None else str(body["met"])
        return f"{body['bytes']} bytes of session {subject} went to {body['to']} by {body['way']}; met: {met}"
    if "forgot" in body:
        of = f"letters of {body['to']} up to {body['letters']}" if body["letters"] else f"session {subject}"
        return f"past its retention {of} was forgotten: {body['forgot']} files"
    if "end" in body:
        return f"message {body['end']} ended session {subject} with {body['to']}"
    if "number" not in body:
        return f"the agreement {body['name']} with {' and '.join(body['parties'])} was adopted"
    return (
        f"message {body['number']} of session {subject} went to {body['to']}: "
        f"so far it was told of {body['transfers']} of {body['of']} transfers"
    )


def _taken(subject: str, body: dict[str, Any]) -> str:
    told = f"letter {body['number']} of {body['from']} was taken: {body['part']}"
    return f"{told}; not accepted: {body['refused']}" if body["refused"] else told


_ACTS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "customs message": _message,
    "customs go": lambda s, b: f"message {s} may go to customs",
    "customs withdrawn": lambda s, b: f"message {s} is not to go to customs",
    "customs posted": lambda s, b: f"message {s} was laid out for customs: {b['file']}",
    "user": _user,
    "add": lambda s, b: f"{b['name']} was added",
    "recover": lambda s, b: f"the book was recovered from snapshot {b['snapshot']} of {b['made_at']}",
    "repair": lambda s, b: f"the book was repaired: {b['moved']} files that the catalog did not name were moved away",
    "compact": lambda s, b: f"{b['files']} files of facts were merged into {b['into']}",
    "exchange": _exchange,
    "exchange letter": lambda s, b: f"letter {b['number']} went to {b['to']}: {b['what']}",
    "exchange letter taken": _taken,
    "watch outside": lambda s, b: f"{b['other']} told of a party: {s}",
    "watch outside back": lambda s, b: f"{b['other']} withdrew what it told of a party: {s}",
    "upgrade": lambda s, b: f"the book was brought over from layout {b['before']}",
}
