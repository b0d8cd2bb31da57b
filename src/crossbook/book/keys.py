"""Keys of accounts, and what is signed with them: who decided, proved on the command line without a server.

An account has a public key from the entry of the journal that gives it one until that is replaced or taken away, or the
account is. A signed entry holds the public key and the signature over all else that it says, its time and the hash of
the entry before it among it: it stands at one place of one history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from crossbook.book import journal, signing
from crossbook.book.accounts import User, users
from crossbook.book.book import Book
from crossbook.book.journal import SIGNED, Entry
from crossbook.errors import CrossbookError, NotFoundError

_verified = lru_cache(maxsize=4_096)(signing.verified)


class Signature(StrEnum):
    """What became of a signature: it `HOLDS`, it is `BROKEN`, or is `UNREAD` for want of a package."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNREAD = "unread"


def keys(entries: Iterable[Entry]) -> dict[str, str]:
    """The public key (base64) of each account that has one now."""
    held: dict[str, str] = {}
    for _ in _folded(entries, held):
        pass
    return held


def signatures(entries: Iterable[Entry]) -> dict[int, Signature]:
    """Of each signed entry, by its number: whether its signature is over this entry, at this place, and of the key that
    its account had when it was made. A yes or no under that word is no signature: so customs messages once said whether
    they were signed themselves."""
    held: dict[str, str] = {}
    return {
        e.seq: _of(e, held.get(e.who, ""))
        for e in _folded(entries, held)
        if SIGNED in e.body and not isinstance(e.body[SIGNED], bool)
    }


def _folded(entries: Iterable[Entry], held: dict[str, str]) -> Iterator[Entry]:
    """Each entry, while `held` has the keys as they were before it."""
    for entry in entries:
        yield entry
        if entry.action == "user":
            if entry.body.get("removed") or entry.body.get("new"):
                held.pop(entry.subject, None)
            if isinstance(key := entry.body.get("key"), str):
                held[entry.subject] = key
                if not key:
                    del held[entry.subject]


def _of(entry: Entry, key: str) -> Signature:
    told = entry.body[SIGNED]
    if not isinstance(told, dict) or set(told) != {"key", "signature"} or not key or told["key"] != key:
        return Signature.BROKEN
    if not signing.installed():
        return Signature.UNREAD
    holds = _verified(journal.signed_text(entry), key, str(told["signature"]))
    return Signature.HOLDS if holds else Signature.BROKEN


def put_key(book: Book, name: str, key: str, who: str | None = None) -> bool:
    """Give an account this public key (base64), in place of any that it has; "" takes it away. Returns whether it had
    another. Raises CrossbookError, also for a key that is, or ever was, of another account."""
    before = ""

    def check(entries: list[Entry]) -> None:
        nonlocal before
        before = keys(entries).get(name, "")
        if before == key:
            raise CrossbookError(f"{name} has that key already" if key else f"{name} has no key")
        other = next((e.subject for e in entries if e.action == "user" and key and e.body.get("key") == key), name)
        if other != name:
            raise CrossbookError(
                f"that key is, or was, of {other}", todo="a key is of one account alone; take one for each person"
            )

    if name not in {u.name for u in users(book)}:
        raise NotFoundError(f"no user {name!r}", todo="see `crossbook book user list`")
    book.decide("user", name, {"key": key}, who, check=check)
    return bool(before)


def account_of(book: Book, key: str, path: Path) -> User:
    """The account whose public key this is now; `path` is where its private key lies. Raises CrossbookError."""
    name = next((n for n, k in keys(book.journal()).items() if k == key), None)
    found = next((u for u in users(book) if u.name == name), None)
    if found is None:
        raise CrossbookError(
            f"the key {signing.fingerprint(key)} is of no account of this book",
            where=str(path),
            todo="give it to one: crossbook book user key NAME KEY.pub",
        )
    return found


def check_holds(entries: Iterable[Entry], who: str, key: str) -> None:
    """That an account has this key still, at the moment of writing. Raises CrossbookError."""
    if keys(entries).get(who) != key:
        raise CrossbookError(f"{who} has another key now, or none", todo="see `crossbook book user list`")
