"""Adding files: evidence first, then facts, then one transaction that makes both visible.

A crash at any moment leaves either everything of a file or nothing visible; `check` names what is left over.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from crossbook.book import catalog
from crossbook.book.book import Book
from crossbook.book.opening import Input
from crossbook.errors import BadRow, CrossbookError
from crossbook.facts import KINDS
from crossbook.sources.encoding import read_head
from crossbook.sources.mapping import MappedTable, load_mappings, mapping_from_text
from crossbook.sources.registry import recognise, sources
from crossbook.sources.source import Reading, Source

TEMPORARY = ".part"
_BLOCK = 1 << 20  # larger ones are fetched anew from the system each time, at three times the cost
Progress = Callable[[str, int], None]  # stage, bytes or rows done since the last call


@dataclass(frozen=True)
class Added:
    """What became of one input: `status` is added, duplicate (the same bytes are in the book) or partial."""

    name: str
    sha: str
    status: str
    source: str
    facts: dict[str, int]
    bad: list[BadRow]
    known_as: str = ""


def add(
    book: Book,
    item: Input,
    *,
    account: str | None = None,
    source: str | None = None,
    partial: bool = False,
    progress: Progress = lambda stage, done: None,
) -> Added:
    """Add one report to the book. Raises CrossbookError, the book unchanged, when it cannot be read."""
    part = book.evidence_dir / f"{secrets.token_hex(8)}{TEMPORARY}"
    with book.lock(shared=True):
        return _add(book, item, part, account, source, partial, progress)


def _add(
    book: Book,
    item: Input,
    part: Path,
    account: str | None,
    source: str | None,
    partial: bool,
    progress: Progress,
) -> Added:
    try:
        with _disk_errors(item.name):
            sha, size = _store(item, part, progress)
        if known := _known(book, sha):
            return Added(item.name, sha, "duplicate", known["source"], {}, [], known["name"])
        chosen, mapping = _choose(book, part, item.name, source)
        reading = Reading(part, item.name, "utf-8", account)
        with _disk_errors(item.name), ThreadPoolExecutor(1) as pool:
            safe = pool.submit(_sync_file, part)  # while it is read
            files = write_facts(book, sha, chosen, reading, partial=partial, progress=progress)
            safe.result()
            target = book.evidence_path(sha)
            _make_folder(target.parent)
            part.replace(target)
            target.chmod(0o444)
            _sync(target.parent)
        row = {
            "sha": sha,
            "name": item.name,
            "size": size,
            "source": chosen.name,
            "account": account,
            "mapping": mapping,
            "partial": partial,
            "bad_rows": len(reading.bad_lines),
            "added_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        }
        if not _commit(book, row, files):
            return Added(item.name, sha, "duplicate", chosen.name, {}, [], item.name)
        status = "partial" if reading.bad_lines else "added"
        return Added(item.name, sha, status, chosen.name, {k: f[0] for k, f in files.items()}, reading.bad)
    finally:
        part.unlink(missing_ok=True)


def write_facts(
    book: Book,
    sha: str,
    source: Source,
    reading: Reading,
    *,
    partial: bool,
    progress: Progress = lambda stage, done: None,
) -> dict[str, tuple[int, str]]:
    """Read the evidence and write its fact files. Returns kind -> (rows, SHA-256 of the file)."""
    writers: dict[str, pq.ParquetWriter] = {}
    parts: dict[str, Path] = {}
    rows: dict[str, int] = {}
    try:
        with ThreadPoolExecutor(1) as pool:
            waiting = []
            for kind, table in source.read(reading):
                if kind not in writers:
                    folder = book.facts_dir / kind
                    _make_folder(folder)
                    parts[kind] = folder / f"{sha}.{secrets.token_hex(4)}{TEMPORARY}"
                    writers[kind] = pq.ParquetWriter(
                        parts[kind], KINDS[kind].schema, compression="zstd", compression_level=1
                    )
                    rows[kind] = 0
                rows[kind] += table.num_rows
                if table.num_rows:
                    waiting.append(pool.submit(writers[kind].write_table, _with_evidence(kind, table, sha)))
                progress("read", table.num_rows)
                while len(waiting) > 2:
                    waiting.pop(0).result()
            for future in waiting:
                future.result()
        reading.finish(partial=partial)
        if not any(rows.values()):
            raise CrossbookError("recognised, but it holds no rows", where=reading.name)
        files = {}
        for kind, writer in writers.items():
            writer.close()
            if not rows[kind]:
                parts[kind].unlink()
                continue
            target = book.fact_path(kind, sha)
            digest = _hash_and_sync(parts[kind])
            parts[kind].replace(target)
            _sync(target.parent)
            files[kind] = (rows[kind], digest)
        return files
    finally:
        for writer in writers.values():
            with contextlib.suppress(OSError, pa.ArrowException):
                writer.close()
        for path in parts.values():
            path.unlink(missing_ok=True)


def _with_evidence(kind: str, table: pa.Table, sha: str) -> pa.Table:
    import numpy as np

    codes = pa.DictionaryArray.from_arrays(pa.array(np.zeros(table.num_rows, np.int32)), pa.array([sha]))
    schema = KINDS[kind].schema
    return pa.Table.from_arrays([codes, *(table[n] for n in schema.names[1:])], schema=schema)


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


def _choose(book: Book, path: Path, name: str, wanted: str | None) -> tuple[Source, str | None]:
    head = read_head(path, name)
    mapped = load_mappings(book.path / "mappings")
    if wanted:
        known: dict[str, Source] = {**sources(), **{m.name: m for m in mapped}}
        chosen = known.get(wanted)
        if chosen is None:
            raise CrossbookError(f"no source is called {wanted!r}", todo="see `crossbook formats`")
    else:
        chosen = recognise(head, list(mapped))
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


def _commit(book: Book, row: dict[str, object], files: dict[str, tuple[int, str]]) -> bool:
    """Make the file visible. False when another writer added the same bytes meanwhile."""
    with catalog.writing(book.engine) as connection:
        if connection.execute(sa.select(catalog.evidence.c.sha).where(catalog.evidence.c.sha == row["sha"])).first():
            return False
        last = connection.execute(sa.select(sa.func.max(catalog.evidence.c.seq))).scalar() or 0
        connection.execute(catalog.evidence.insert().values(seq=last + 1, **row))
        for kind, (count, digest) in files.items():
            connection.execute(
                catalog.fact_files.insert().values(evidence=row["sha"], kind=kind, rows=count, sha=digest)
            )
    return True


def _make_folder(path: Path) -> None:
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _hash_and_sync(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


@contextlib.contextmanager
def _disk_errors(name: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise CrossbookError(
            f"may not be read or written: {error.filename}", where=name, todo="check permissions"
        ) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CrossbookError(
                "the disk is full; nothing was added", where=name, todo="free space and add again"
            ) from None
        raise CrossbookError(f"cannot be read or written: {error}", where=name) from None
