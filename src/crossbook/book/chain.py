"""The chain over the catalog: each change of a row is a link, with a digest of the row and the hash of the link before.

So a row that another program changed, removed or put in has no link that fits it. Links are only ever appended, in the
transaction of the change itself. A head (how many links there are, the hash of the last and its time) stands for all
history up to it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crossbook.book import catalog

FIRST = "0" * 64
GONE = ""  # the digest of a row that was removed
NEWEST = "crossbook.head"  # where a connection keeps the head that its transaction made
_BACK = timedelta(days=1)  # by which a clock may go back without a word: zones and corrections
_NAMED = 5  # rows of one fault that are named
Row = Mapping[str, Any] | sa.RowMapping
_HEAD = re.compile(r"(?P<count>[1-9]\d{0,17}):(?P<hash>[0-9a-f]{16,64})(?:@(?P<at>\d{4}-[\d:.T+-]{10,40}Z?))?")


@dataclass(frozen=True)
class Head:
    """All history up to a link: how many there are, the hash of the last (its beginning, where somebody wrote it down
    short) and its time in UTC ("" where that was left out)."""

    count: int
    hash: str
    at: str

    @property
    def whole(self) -> bool:
        """Whether nothing of it was left out."""
        return len(self.hash) == len(FIRST) and bool(self.at)

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}" + (f"@{self.at}" if self.at else "")


@dataclass(frozen=True)
class Change:
    """What became of a row: `what` names the table, `key` the row, `digest` its content, GONE when it was removed."""

    what: str
    key: str
    digest: str


@dataclass
class Held:
    """What holds the catalog together: the hash and time of every link by its number, the entries of the journal by the
    numbers of theirs, what is wrong; and by the time of the link ahead what is dated more than a day before it."""

    links: dict[int, tuple[str, str]] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def head(self) -> Head | None:
        """The newest."""
        if not self.links:
            return None
        count = max(self.links)
        return Head(count, *self.links[count])


def read_head(text: str) -> Head | None:
    """A head as it is printed, with or without its time; None where it is none. 16 digits of the hash are enough."""
    found = _HEAD.fullmatch(text.strip())
    return Head(int(found["count"]), found["hash"], found["at"] or "") if found else None


def of_evidence(row: Row) -> Change:
    """A row of evidence as it is now."""
    return Change("evidence", row["sha"], _digest({c.name: row[c.name] for c in catalog.evidence.c}))


def of_facts(sha: str, files: Iterable[tuple[str, int, str]]) -> Change:
    """The files of facts that an original has now: kind, rows and SHA-256 of each."""
    return Change("facts", sha, _digest({"files": sorted(map(list, files), key=lambda file: str(file[0]))}))


def of_entry(seq: int, digest: str) -> Change:
    """An entry of the journal, which has a hash of its own."""
    return Change("journal", str(seq), digest)


def of_user(name: str, row: Row | None) -> Change:
    """An account as it is now, with its role and the hash of its password; None when it was taken away."""
    return Change("user", name, _digest({**dict(row), "name": name}) if row is not None else GONE)


def of_setting(name: str, value: str) -> Change:
    """A setting of the catalog."""
    return Change("setting", name, _digest({"value": value}))


def _digest(row: Mapping[str, Any]) -> str:
    """Of a row by its columns, those without a value left out: a column that a later layout adds changes nothing."""
    told = {name: value for name, value in row.items() if value is not None}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=repr)  # another program may put bytes there
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(seq: int, at: str, what: str, key: str, digest: str, prev: str) -> str:
    """SHA-256 over all fields and the hash of the link before."""
    told = [seq, at, what, key, digest, prev]
    fields = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(fields.encode()).hexdigest()


def link(connection: sa.Connection, *changes: Change) -> Head:
    """Put these changes behind the last link, inside the transaction that makes them; the new head."""
    table = catalog.links
    last = connection.execute(sa.select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).first()
    seq, prev = (last.seq, last.hash) if last else (0, FIRST)
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    rows = []
    for change in changes:
        seq += 1
        digest = link_hash(seq, at, change.what, change.key, change.digest, prev)
        rows.append({"seq": seq, "at": at, **vars(change), "prev": prev, "hash": digest})
        prev = digest
    connection.execute(table.insert(), rows)
    head = Head(seq, prev, at)
    connection.info[NEWEST] = head
    return head


def beginning(connection: sa.Connection) -> str:
    """The hash of the first link, which no other book has."""
    c = catalog.links.c
    return str(connection.execute(sa.select(c.hash).where(c.seq == 1)).scalar() or "")


def newest(connection: sa.Connection) -> Head | None:
    """The head of the catalog; None before its first link."""
    c = catalog.links.c
    last = connection.execute(sa.select(c.seq, c.hash, c.at).order_by(c.seq.desc()).limit(1)).first()
    return Head(last.seq, last.hash, last.at) if last else None


def has_links(connection: sa.Connection) -> bool:
    """Whether the catalog has a chain."""
    return sa.inspect(connection).has_table(catalog.links.name) and newest(connection) is not None


def held(connection: sa.Connection) -> Held:
    """Walk all links, and hold each row of the catalog against the last link of it."""
    found, last = Held(), dict[tuple[str, str], str]()
    prev, expected, before = FIRST, 1, ""
    for r in connection.execute(sa.select(catalog.links).order_by(catalog.links.c.seq)):
        digest = link_hash(r.seq, r.at, r.what, r.key, r.digest, r.prev)
        if r.seq != expected or r.prev != prev or r.hash != digest:
            found.problems.append(f"chain: link {expected} was changed, removed or reordered")
            return found
        if before and _is_back(before, r.at):
            found.back[before] = (
                f"chain: link {r.seq} ({r.what} {r.key[:12]}) is dated {r.at[:19]}, before the one ahead of it "
                f"({before[:19]}): a clock was set back, or it was backdated"
            )
        found.links[r.seq] = (r.hash, r.at)
        last[r.what, r.key] = r.digest
        if r.what == "journal" and r.key.isdecimal():
            found.entries[r.seq] = int(r.key)
        prev, expected, before = r.hash, expected + 1, r.at
    found.problems += _unlike(last, dict(_rows(connection)))
    return found


def unlike(connection: sa.Connection) -> list[str]:
    """Rows on which figures rest that are not as their last link says, without a look at the chain itself."""
    c = catalog.links.c
    rested = c.what.in_(("evidence", "facts", "journal", "setting"))
    links = connection.execute(sa.select(c.what, c.key, c.digest).where(rested).order_by(c.seq))
    last = {(what, key): digest for what, key, digest in links}
    return _unlike(last, {at: row for at, row in _rows(connection) if at[0] != "user"})


def _is_back(before: str, at: str) -> bool:
    return datetime.fromisoformat(at) < datetime.fromisoformat(before) - _BACK


def _rows(connection: sa.Connection) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Every row of the catalog by table and key: its digest, and what to call it."""
    for change, name in _changes(connection):
        yield (change.what, change.key), (change.digest, name)


def everything(connection: sa.Connection) -> list[Change]:
    """Every row of the catalog as a change, for a catalog that has no links yet."""
    return [change for change, _ in _changes(connection)]


def _changes(connection: sa.Connection) -> Iterator[tuple[Change, str]]:
    for s in connection.execute(sa.select(catalog.settings).order_by(catalog.settings.c.name)):
        yield of_setting(s.name, s.value), f"setting {s.name}"
    named = {}
    for e in connection.execute(sa.select(catalog.evidence).order_by(catalog.evidence.c.seq)).mappings():
        named[e["sha"]] = f"{e['name']} ({str(e['sha'])[:12]})"
        yield of_evidence(e), f"evidence {named[e['sha']]}"
    files: dict[str, list[tuple[str, int, str]]] = {sha: [] for sha in named}
    for f in connection.execute(sa.select(catalog.fact_files)):
        files.setdefault(f.evidence, []).append((f.kind, f.rows, f.sha))
    for sha, told in files.items():
        yield of_facts(sha, told), f"facts of {named.get(sha, str(sha)[:12])}"
    if sa.inspect(connection).has_table(catalog.users.name):
        for u in connection.execute(sa.select(catalog.users).order_by(catalog.users.c.name)).mappings():
            yield of_user(u["name"], u), f"user {u['name']}"
    for j in connection.execute(sa.select(catalog.journal.c.seq, catalog.journal.c.hash).order_by("seq")):
        yield of_entry(j.seq, j.hash), f"journal entry {j.seq}"


def _unlike(last: Mapping[tuple[str, str], str], rows: Mapping[tuple[str, str], tuple[str, str]]) -> list[str]:
    """Rows that are not as their last link says: put in, removed or changed by another program."""
    put = [name for at, (_, name) in rows.items() if last.get(at, GONE) == GONE]
    changed = [name for at, (digest, name) in rows.items() if last.get(at, GONE) not in (GONE, digest)]
    gone = [
        f"{what} {str(key)[:12]}" for (what, key), digest in last.items() if digest != GONE and (what, key) not in rows
    ]
    return [
        *_named(changed, "its row in the catalog was changed by another program"),
        *_named(gone, "removed from the catalog by another program"),
        *_named(put, "put into the catalog by another program"),
    ]


def _named(names: list[str], what: str) -> list[str]:
    told = [f"{name}: {what}" for name in names[:_NAMED]]
    return [*told, f"and {len(names) - _NAMED} more: {what}"] if len(names) > _NAMED else told
