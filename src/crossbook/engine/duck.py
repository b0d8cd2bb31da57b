"""A DuckDB database with one table per kind of fact, kept in the book's cache. Readers take no locks."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from crossbook import __version__
from crossbook.book import Book
from crossbook.facts import KINDS
from crossbook.sources.registry import sources

SMALL_ROWS = 3_000_000  # larger kinds stay in their Parquet files
DEFAULT_AUTHORITY = 50  # of mapped tables and of sources that name none


class Database:
    """Runs SQL text; parameters are bound by name."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, making: threading.Lock | None = None) -> None:
        self.connection = connection
        self.making = making or threading.Lock()  # held while tables are made that all readers share

    def run(self, sql: str, **values: Any) -> None:
        """Run statements for their effect."""
        self.connection.execute(sql, values or None)

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """The result as dictionaries."""
        cursor = self.connection.execute(sql, values or None)
        names = [d[0] for d in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def arrow(self, sql: str, **values: Any) -> pa.Table:
        """The result as an Arrow table."""
        return self.connection.sql(sql, params=values or None).to_arrow_table()

    def put(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under `name`, for this reader alone."""
        self.connection.register(name, table)

    def keep(self, name: str, table: pa.Table) -> None:
        """Copy an Arrow table into a table called `name`, which other readers see too."""
        self.connection.register("kept_from", table)
        self.connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM kept_from')
        self.connection.unregister("kept_from")

    def reader(self) -> Database:
        """Another reader of the same database, for another thread; its temporary tables are its own."""
        cursor = self.connection.cursor()
        _settings(cursor)
        return Database(cursor, self.making)


def connect(
    book: Book, prepare: Callable[[Database], None] = lambda database: None, *, desk: str = "facts"
) -> Database:
    """A database with a table per kind of fact over what the book holds now, without retired evidence.

    Also `evidence(sha, seq, name, source, authority, whole)`; `crossbook.sources.report.TableReport` says what the last
    two mean. `prepare` may add the tables and views that the desk called `desk` reads. All of it is kept in the book's
    cache under a hash of the facts, so that only the first reader after a change pays for it; readers share it
    read-only. A book that may not be written is read into memory.
    """
    kept = book.path / "cache" / f"{desk}-{_digest(book)}.duckdb"
    connection = _open(book)
    try:
        if not kept.exists():
            _build(book, prepare, kept)
        connection.execute("ATTACH '{}' AS kept (READ_ONLY)".format(str(kept).replace("'", "''")))
    except (OSError, duckdb.Error):
        return _load(book, prepare, connection)
    names = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'kept'"
    ).fetchall()
    for (name,) in names:
        connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM kept."{name}"')
    return Database(connection)


def fact_rows(
    book: Book, kind: str, sha: str, *, line: int | None = None, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Facts as they were read from one piece of evidence, in the order of its lines; those of one line, if given."""
    where = "" if line is None else "WHERE line = $line"
    values: dict[str, Any] = {"path": str(book.fact_path(kind, sha))} | ({} if line is None else {"line": line})
    return Database(_open(book)).rows(
        f"SELECT * EXCLUDE (evidence) FROM read_parquet($path) {where} ORDER BY line LIMIT {limit} OFFSET {offset}",
        **values,
    )


def _digest(book: Book) -> str:
    kinds = [(kind.name, list(kind.columns)) for kind in KINDS.values()]
    return hashlib.sha256(f"{__version__} {duckdb.__version__} {kinds} {book.facts_held()}".encode()).hexdigest()[:32]


def _open(book: Book, path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    spill = str(book.path / "cache" / "spill")  # beside the facts, so that nobody else may read it
    connection = duckdb.connect(path, config={"autoinstall_known_extensions": "false", "temp_directory": spill})
    _settings(connection)
    return connection


def _settings(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")


def _build(book: Book, prepare: Callable[[Database], None], target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        connection = _open(book, str(part))
        _load(book, prepare, connection)
        connection.close()
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    for old in target.parent.glob(f"{target.name.split('-')[0]}-*.duckdb"):
        if old != target:
            with contextlib.suppress(OSError):  # still open elsewhere, where the system minds
                old.unlink()


def _load(book: Book, prepare: Callable[[Database], None], connection: duckdb.DuckDBPyConnection) -> Database:
    database = Database(connection)
    retired = book.retired()
    held = [e for e in book.evidence() if e["sha"] not in retired]
    for kind in KINDS.values():
        files = [
            (str(book.fact_path(kind.name, e["sha"])), e["facts"][kind.name]) for e in held if kind.name in e["facts"]
        ]
        if not files:
            database.keep(kind.name, kind.schema.empty_table())
            continue
        names = ", ".join("'" + path.replace("'", "''") + "'" for path, _ in files)
        what = "TABLE" if sum(rows for _, rows in files) < SMALL_ROWS else "VIEW"
        database.run(f'CREATE {what} "{kind.name}" AS SELECT * FROM read_parquet([{names}])')
    known = sources()
    columns = {n: [e[n] for e in held] for n in ("sha", "seq", "name", "source")}
    columns["authority"] = [getattr(known.get(e["source"]), "authority", DEFAULT_AUTHORITY) for e in held]
    columns["whole"] = [getattr(known.get(e["source"]), "whole", False) for e in held]
    schema = pa.schema(
        [("sha", pa.string()), ("seq", pa.int64()), ("name", pa.string()), ("source", pa.string()),
         ("authority", pa.int64()), ("whole", pa.bool_())]
    )  # fmt: skip
    database.keep("evidence", pa.table(columns, schema=schema))
    prepare(database)
    return database
