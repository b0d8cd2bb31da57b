"""The journal: what people decided. Rows are only ever appended, each with the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crossbook.book import catalog, chain, clock
from crossbook.errors import CrossbookError
from crossbook.printable import is_text

if TYPE_CHECKING:
    from crossbook.book.signing import SigningKey

FIRST = "0" * 64
SIGNED = "signed"  # in a body: the public key and its signature over all else that the entry says
RECOVERED, REPAIRED, COMPACTED = (
    "recover",
    "repair",
    "compact",
)  # entries that are no decisions: what became of the book


@dataclass(frozen=True)
class Entry:
    """One decision: who did what to which subject, when; `body` holds the particulars."""

    seq: int
    at: str
    who: str
    action: str
    subject: str
    body: dict[str, Any]
    prev: str
    hash: str


def entry_hash(seq: int, at: str, who: str, action: str, subject: str, body: str, prev: str) -> str:
    """SHA-256 over all fields and the hash of the entry before."""
    told = [seq, at, who, action, subject, body, prev]
    fields = json.dumps(
        told, ensure_ascii=False, separators=(",", ":"), default=repr
    )  # another program may put bytes there
    return hashlib.sha256(fields.encode()).hexdigest()


def signed_text(entry: Entry) -> bytes:
    """What is signed of an entry: all that it says but the signature, with the public key and the hash before it."""
    told = entry.body.get(SIGNED)
    body = {**entry.body, SIGNED: told.get("key") if isinstance(told, dict) else None}
    fields = [entry.seq, entry.at, entry.who, entry.action, entry.subject, body, entry.prev]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"entry of crossbook: {text}".encode()


def append(
    connection: sa.Connection,
    who: str,
    action: str,
    subject: str,
    body: dict[str, Any],
    key: SigningKey | None = None,
) -> Entry:
    """Write one entry behind the last, inside the caller's write transaction; marked where the clock was set back, and
    signed where there is a `key`.

    Raises CrossbookError for what is no text, and ValueError for a body with the word under which a signature stands.
    """
    if SIGNED in body:
        raise ValueError(f"a body says nothing of its own under {SIGNED!r}")
    table = catalog.journal
    last = _last(connection)
    seq, prev = (last.seq + 1, last.hash) if last else (1, FIRST)
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    body = {**body, **clock.set_back(connection)}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    if key is not None:
        read = {**json.loads(text), SIGNED: {"key": key.public}}  # as it will be read, and so looked at
        unsigned = Entry(seq=seq, at=at, who=who, action=action, subject=subject, body=read, prev=prev, hash="")
        body = {**read, SIGNED: {"key": key.public, "signature": key.sign(signed_text(unsigned))}}
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    if not all(map(is_text, (who, action, subject, text))):
        raise CrossbookError(f"the journal takes only text, not {subject[:40]!r} {text[:80]!r}", where=action)
    digest = entry_hash(seq, at, who, action, subject, text, prev)
    connection.execute(
        table.insert().values(
            seq=seq, at=at, who=who, action=action, subject=subject, body=text, prev=prev, hash=digest
        )
    )
    chain.link(connection, chain.of_entry(seq, digest))
    return Entry(seq=seq, at=at, who=who, action=action, subject=subject, body=body, prev=prev, hash=digest)


def _last(connection: sa.Connection) -> Any:
    columns = catalog.journal.c
    return connection.execute(sa.select(columns.seq, columns.hash).order_by(columns.seq.desc()).limit(1)).first()


def head(connection: sa.Connection) -> str:
    """The hash of the last entry."""
    last = _last(connection)
    return last.hash if last else FIRST


def entries(connection: sa.Connection) -> list[Entry]:
    """All entries in order."""
    rows = connection.execute(sa.select(catalog.journal).order_by(catalog.journal.c.seq))
    return [
        Entry(
            seq=r.seq,
            at=r.at,
            who=r.who,
            action=r.action,
            subject=r.subject,
            body=_body(r.seq, r.body),
            prev=r.prev,
            hash=r.hash,
        )
        for r in rows
    ]


def _body(seq: int, text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        raise CrossbookError(
            f"journal: entry {seq} was changed by another program",
            todo="see what else is wrong: crossbook book check; then recover it: crossbook book recover FROM --replace",
        ) from None


def broken_at(connection: sa.Connection) -> int | None:
    """The number of the first entry that was changed, removed or reordered; None when the chain holds."""
    prev, expected = FIRST, 1
    for r in connection.execute(sa.select(catalog.journal).order_by(catalog.journal.c.seq)):
        digest = entry_hash(r.seq, r.at, r.who, r.action, r.subject, r.body, r.prev)
        if r.seq != expected or r.prev != prev or r.hash != digest:
            return int(r.seq)
        prev, expected = r.hash, expected + 1
    return None
