"""Writing what was read: files of facts under temporary names, until one transaction gives them theirs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from crossbook.book import catalog, chain, private
from crossbook.book.book import Book, fact_name
from crossbook.book.durable import sync
from crossbook.book.reading import Written
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.sources.source import Reading, Source
from crossbook.sources.unseen import identified

TEMPORARY = ".part"
_BATCH = 1 << 16  # rows
Progress = Callable[[str, int], None]  # stage, bytes or rows done since the last call


@contextlib.contextmanager
def written_facts(
    book: Book,
    sha: str,
    source: Source,
    reading: Reading,
    *,
    partial: bool,
    progress: Progress = lambda stage, done: None,
    ending: str = "",
) -> Iterator[dict[str, Written]]:
    """Read the evidence and write its facts to files under temporary names, by kind.

    `place` gives them their names; those that it did not are removed when the context is left.
    """
    writers: dict[str, pq.ParquetWriter] = {}
    parts: dict[str, Path] = {}
    rows: dict[str, int] = {}
    try:
        with ThreadPoolExecutor(1) as pool:
            waiting = []
            for kind, table in source.read(reading):
                if kind not in writers:
                    folder = book.facts_dir / kind
                    make_folder(folder, book.path)
                    parts[kind] = folder / f"{sha}.{ending or secrets.token_hex(4) + TEMPORARY}"
                    writers[kind] = fact_writer(parts[kind], KINDS[kind].schema)
                    rows[kind] = 0
                rows[kind] += table.num_rows
                if table.num_rows:
                    facts = _with_evidence(kind, identified(table), sha)
                    waiting.append(pool.submit(writers[kind].write_table, facts))
                progress("read", table.num_rows)
                while len(waiting) > 2:
                    waiting.pop(0).result()
            for future in waiting:
                future.result()
        reading.finish(partial=partial)
        if not any(rows.values()):
            reading.finish(partial=False)  # where nothing could be read, says why
            raise CrossbookError("recognised, but it holds no rows", where=reading.name)
        files = {}
        for kind, writer in writers.items():
            writer.close()
            if not rows[kind]:
                parts[kind].unlink()
                continue
            private.keep(parts[kind], book.path)
            digest = hash_and_sync(parts[kind])
            files[kind] = Written(
                rows=rows[kind], sha=digest, part=parts[kind], target=parts[kind].with_name(fact_name(digest))
            )
        yield files
    finally:
        for writer in writers.values():
            with contextlib.suppress(OSError, pa.ArrowException):
                writer.close()
        for path in parts.values():
            path.unlink(missing_ok=True)


def fact_writer(path: Path, schema: pa.Schema, *, bounds: Collection[str] = ()) -> pq.ParquetWriter:
    """A writer of facts: lines and moments, which grow from row to row, as differences, free text as it is, the rest by
    dictionary; and the bounds of what is counted and dated, and of payouts, so that lines of none are found. That, in
    large batches, halves both the file and the time that it takes. `bounds` are further texts whose bounds are kept.
    """
    growing = [f.name for f in schema if f.name == "line" or pa.types.is_timestamp(f.type)]
    free = [f.name for f in schema if pa.types.is_string(f.type)]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        write_statistics=[
            f.name for f in schema if f.name in ("evidence", "payout_id", *bounds) or not _is_text(f.type)
        ],
        use_dictionary=[f.name for f in schema if f.name not in (*growing, *free)],
        column_encoding=dict.fromkeys(growing, "DELTA_BINARY_PACKED"),
        write_batch_size=_BATCH,
    )


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_dictionary(type_))


def _with_evidence(kind: str, table: pa.Table, sha: str) -> pa.Table:
    import numpy as np

    codes = pa.DictionaryArray.from_arrays(pa.array(np.zeros(table.num_rows, np.int32)), pa.array([sha]))
    schema = KINDS[kind].schema
    return pa.Table.from_arrays([codes, *(table[n] for n in schema.names[1:])], schema=schema)


def place(files: dict[str, Written]) -> None:
    """Give files of facts their names, safely on disk. What bears such a name already holds the same bytes."""
    for file in files.values():
        if file.part.exists():
            file.part.replace(file.target)
            sync(file.target.parent)


def name_facts(connection: sa.Connection, sha: str, files: dict[str, Written]) -> chain.Change:
    """Let the catalog name these files, and no others, as what was read from the original `sha`: the change to link."""
    table = catalog.fact_files
    connection.execute(table.delete().where(table.c.evidence == sha))
    for kind, file in files.items():
        connection.execute(table.insert().values(evidence=sha, kind=kind, rows=file.rows, sha=file.sha))
    return chain.of_facts(sha, ((kind, file.rows, file.sha) for kind, file in files.items()))


def make_folder(path: Path, root: Path) -> None:
    """A folder of the book, safely on disk."""
    if not path.is_dir():
        private.make_folder(path, root)
        sync(path.parent)


def hash_and_sync(path: Path) -> str:
    """See a file safely on disk; the SHA-256 of its bytes."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest
