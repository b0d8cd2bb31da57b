"""Adding files: evidence and facts under temporary names, then one transaction that gives them theirs and shows them.

Fact files are called by their content, so that no writer can replace what another's row names. A crash at any moment
leaves either everything of a file or nothing visible; `check` names what is left over.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crossbook.book import catalog, chain, clock, faults, journal, mapping_age, private
from crossbook.book.book import UNPROVED, Book, system_user
from crossbook.book.durable import sync
from crossbook.book.fact_writing import TEMPORARY, Progress, make_folder, name_facts, place, written_facts
from crossbook.book.opening import Input
from crossbook.book.reading import Job, Told, Written, left, read_apart
from crossbook.errors import BadRow, CrossbookError, FaultError
from crossbook.sources import rival_mappings
from crossbook.sources.agreeing import agreed_to
from crossbook.sources.encoding import read_head
from crossbook.sources.mapping import MappedTable, load_mappings, mapping_from_text
from crossbook.sources.own_total import refuse_contradicted
from crossbook.sources.registry import named, recognise, sources
from crossbook.sources.shipped import in_currency
from crossbook.sources.source import Head, Reading, Source

_TRIES = 10  # to commit, where the database lets several writers in at once
_BLOCK = 1 << 20  # larger ones are fetched anew from the system each time, at three times the cost


@dataclass(frozen=True)
class Added:
    """What became of one input: `status` is added, duplicate (the same bytes are in the book) or partial.

    Of a duplicate `known_as` is its name in the book, `known_account` the account that was said when it was added, if
    any, and `note` tells both. `other_account` is whether another one was said now, for which nothing was done. Of any
    other input `note` has what the source says of its reading, a line each.
    """

    name: str
    sha: str
    status: str
    source: str
    facts: dict[str, int]
    bad: list[BadRow]
    known_as: str = ""
    known_account: str | None = None
    other_account: bool = False
    note: str = ""


def add(
    book: Book,
    item: Input,
    *,
    account: str | None = None,
    source: str | None = None,
    partial: bool = False,
    yes: Sequence[str] = (),
    currency: str | None = None,
    progress: Progress = lambda stage, done: None,
) -> Added:
    """Add one report to the book. Raises CrossbookError, the book unchanged, when it cannot be read.

    `currency` is said for a shipped layout whose files do not name theirs. A file that contradicts its own balance or
    totals is refused, unless `yes` has the number of the first line that does not agree: that is journaled.
    """
    part = book.evidence_dir / f"{secrets.token_hex(8)}{TEMPORARY}"
    if not book.evidence_dir.is_dir():
        _make_or_miss(book)
    with faults.naming(item.name, book.path), book.lock(shared=True):
        return _add(
            book=book,
            item=item,
            part=part,
            account=account,
            source=source,
            partial=partial,
            yes=yes,
            currency=currency,
            progress=progress,
        )


def _add(
    book: Book,
    item: Input,
    part: Path,
    account: str | None,
    source: str | None,
    partial: bool,
    yes: Sequence[str],
    currency: str | None,
    progress: Progress,
) -> Added:
    try:
        with faults.naming(item.name, book.path):
            sha, size = _store(item, part, progress)
        if known := _known(book, sha):
            return _duplicate(item.name, known, account)
        given = Job(
            path=part,
            name=item.name,
            book=Book(book.path),
            sha=sha,
            account=account,
            source=source,
            yes=tuple(yes),
            currency=currency,
            partial=partial,
        )
        with faults.naming(item.name, book.path), ThreadPoolExecutor(1) as pool:
            safe = pool.submit(sync, part)  # while it is read
            with read_apart(_read, given, size, progress) as told:
                safe.result()
                row = {
                    "sha": sha,
                    "name": item.name,
                    "size": size,
                    "source": told.source,
                    "account": account,
                    "mapping": told.mapping,
                    "partial": partial,
                    "bad_rows": told.bad_lines,
                    "added_at": datetime.now(UTC).isoformat(timespec="microseconds"),
                }
                notes = mapping_age.changed(book, told.source, told.mapping) if told.mapping else []
                if known := _commit(book, row, part, told.files, notes):
                    return _duplicate(item.name, known, account)
        if told.agreed:
            book.decide("add", sha, {"name": item.name, "source": told.source, "agreed": told.agreed})
        return Added(
            name=item.name,
            sha=sha,
            status="partial" if told.bad_lines else "added",
            source=told.source,
            facts={k: f.rows for k, f in told.files.items()},
            bad=told.bad,
            note="\n".join([*notes, *told.notes]),
        )
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _read(job: Job, tell: Progress) -> Told:
    """What runs in a process apart: tell what the file is, and write its facts under temporary names."""
    head = read_head(job.path, job.name)
    chosen, mapping = _choose(job.book, head, job.source, job.account)
    agreed: list[str] = []
    if job.currency and isinstance(chosen, MappedTable):
        chosen = in_currency(chosen, job.currency)
        mapping = chosen.text
    if job.yes and isinstance(chosen, MappedTable):
        chosen, agreed = agreed_to(chosen, job.path, job.name, job.yes)
        mapping = chosen.text
    reading = Reading(path=job.path, name=job.name, encoding="utf-8", account=job.account)
    if isinstance(chosen, MappedTable):
        reading.notes += mapping_age.lacking(chosen, head)
    with written_facts(
        job.book, job.sha, chosen, reading, partial=job.partial, progress=tell, ending=job.ending
    ) as files:
        agreed += refuse_contradicted(reading, job.yes)
        return left(files, reading, source=chosen.name, mapping=mapping, agreed=agreed)


def _duplicate(name: str, known: sa.RowMapping, account: str | None) -> Added:
    """What to tell who adds bytes that the book holds."""
    other = account is not None and account != known["account"]
    note = f"in the book already, as {known['name']}"
    if known["account"] is not None:
        note += f", under account {known['account']}"
    elif other:
        note += ", under the account that the file itself names"
    if other:
        note += f"; nothing was added for {account}"
    return Added(
        name=name,
        sha=known["sha"],
        status="duplicate",
        source=known["source"],
        facts={},
        bad=[],
        known_as=known["name"],
        known_account=known["account"],
        other_account=other,
        note=note,
    )


def _store(item: Input, part: Path, progress: Progress) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with item.open() as source, part.open("wb") as out, ThreadPoolExecutor(1) as pool:
        hashing = pool.submit(digest.update, b"")
        while block := source.read(_BLOCK):
            hashing.result()
            hashing = pool.submit(digest.update, block)  # hashed while it is written
            out.write(block)
            size += len(block)
            progress("store", len(block))
        hashing.result()
    return digest.hexdigest(), size


def _known(book: Book, sha: str) -> sa.RowMapping | None:
    with book.engine.connect() as connection:
        query = sa.select(catalog.evidence).where(catalog.evidence.c.sha == sha)
        return connection.execute(query).mappings().first()


def _choose(book: Book, head: Head, wanted: str | None, account: str | None) -> tuple[Source, str | None]:
    mapped = load_mappings(book.path / "mappings")
    if wanted:
        own: dict[str, Source] = {m.name: m for m in mapped}
        chosen = own.get(wanted) or named(wanted)
        if chosen is None:
            raise CrossbookError(f"no source is called {wanted!r}", todo="see `crossbook formats`")
    else:
        chosen = rival_mappings.choose(head, mapped, account) or recognise(head, list(mapped))
    return chosen, chosen.text if isinstance(chosen, MappedTable) else None


def source_of(row: sa.RowMapping | dict[str, object]) -> Source:
    """The source that read a piece of evidence, with the mapping as it was then."""
    if row["mapping"]:
        return mapping_from_text(str(row["source"]), str(row["mapping"]))
    try:
        return sources()[str(row["source"])]
    except KeyError:
        raise CrossbookError(
            f"read by the source {row['source']!r}, which is not installed",
            where=str(row["name"]),
            todo="install its package",
        ) from None


def _commit(
    book: Book, row: dict[str, Any], part: Path, files: dict[str, Written], told: list[str]
) -> sa.RowMapping | None:
    """Give the files their names and make them visible, or return the row of who was first with the same bytes. A clock
    that was set back is journaled with them, and `told`.

    They get their names while no other writer is at it, so that who comes second leaves nothing behind.
    """
    table = catalog.evidence
    for _ in range(_TRIES):
        try:
            with book.writing() as connection:
                known = connection.execute(sa.select(table).where(table.c.sha == row["sha"])).mappings().first()
                if known:
                    return known
                last = connection.execute(sa.select(sa.func.max(table.c.seq))).scalar() or 0
                _place_original(book, row["sha"], part)
                place(files)
                now = {"seq": last + 1, **row}
                connection.execute(table.insert().values(now))
                if back := clock.set_back(connection):
                    body = {"name": row["name"], "source": row["source"], UNPROVED: True}
                    journal.append(connection, system_user(), "add", row["sha"], body)
                    told.append(clock.said(datetime.now(UTC).isoformat(), back[clock.SET_BACK]))
                chain.link(connection, chain.of_evidence(now), name_facts(connection, row["sha"], files))
            return None
        except (
            sa.exc.IntegrityError
        ):  # a server lets two writers in at once; the catalog's keys let one of them through
            continue
    raise CrossbookError("other writers were faster each time", where=str(row["name"]), todo="add it again")


def _place_original(book: Book, sha: str, part: Path) -> None:
    if not part.exists():  # placed before, by an attempt that another writer beat
        return
    target = book.evidence_path(sha)
    make_folder(target.parent, book.path)
    private.keep(part, book.path, written=False)
    part.replace(target)
    sync(target.parent)


def _make_or_miss(book: Book) -> None:
    """Make the folder of the originals. Raises CrossbookError when the book has some, and the folder has gone."""
    if book.evidence():
        raise FaultError(
            "the folder of the originals is missing",
            where=str(book.evidence_dir),
            todo="mount its disk, or recover the book from a backup: crossbook book recover FROM --replace",
        )
    with faults.naming("", book.path):
        private.make_folder(book.evidence_dir, book.path)
