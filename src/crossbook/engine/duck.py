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
from crossbook.facts import KINDS, Kind
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


def extend(
    database: Database,
    book: Book,
    prepare: Callable[[Database], None],
    *,
    desk: str,
    depends: str = "",
    memory: str = "",
) -> None:
    """Add to a database what another desk prepares from its tables, kept in the book's cache in a file of its own.

    `prepare` makes tables with `CREATE TABLE`; those that another reader has made from the same facts, and for the same
    `depends`, are used again. A book that may not be written gets them in memory. `memory` (as "900MB") bounds what
    making them takes; what is more goes to disk.
    """
    name = hashlib.sha256(f"{_digest(book)} {depends}".encode()).hexdigest()[:32]
    kept = book.path / "cache" / f"{desk}-{name}.duckdb"
    try:
        if not kept.exists():
            _build_beside(database, book, prepare, kept, memory)
        database.run("ATTACH '{}' AS {} (READ_ONLY)".format(str(kept).replace("'", "''"), desk))
    except (OSError, duckdb.IOException):
        prepare(database)
        return
    for row in database.rows("SELECT table_name FROM information_schema.tables WHERE table_catalog = $desk", desk=desk):
        database.run(f'CREATE VIEW "{row["table_name"]}" AS SELECT * FROM {desk}."{row["table_name"]}"')


def _build_beside(
    database: Database, book: Book, prepare: Callable[[Database], None], target: Path, memory: str
) -> None:
    """Make `target` from what `database` reads: both read the same kept file of facts."""
    facts = database.rows("SELECT path FROM duckdb_databases() WHERE database_name = 'kept'")
    if not facts:
        raise OSError("the facts are not kept")

    def making(other: Database) -> None:
        if memory:
            other.run(f"SET memory_limit = '{memory}'")
        other.run("ATTACH '{}' AS kept (READ_ONLY)".format(str(facts[0]["path"]).replace("'", "''")))
        for row in other.rows("SELECT table_name FROM information_schema.tables WHERE table_catalog = 'kept'"):
            other.run(f'CREATE TEMP VIEW "{row["table_name"]}" AS SELECT * FROM kept."{row["table_name"]}"')
        prepare(other)

    _write(book, making, target)


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


# The SQL types of facts' columns.
_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
    "dictionary<values=string, indices=int32, ordered=0>": "VARCHAR",
    "decimal128(18, 8)": "DECIMAL(18, 8)",
}


def _empty(kind: Kind) -> str:
    """No rows with all columns of a kind: files that were read before it had them all lack some."""
    columns = ", ".join(f'CAST(NULL AS {_TYPES[str(column.type)]}) AS "{column.name}"' for column in kind.schema)
    return f"SELECT {columns} WHERE false"


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
    _write(book, lambda database: _fill(book, prepare, database), target)


def _write(book: Book, fill: Callable[[Database], None], target: Path) -> None:
    """Make a database file whole before others see it, and remove the older ones of its desk."""
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        connection = _open(book, str(part))
        fill(Database(connection))
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
    _fill(book, prepare, database)
    return database


def _fill(book: Book, prepare: Callable[[Database], None], database: Database) -> None:
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
        database.run(f'CREATE {what} "{kind.name}" AS {_empty(kind)} UNION ALL BY NAME '
                     f"SELECT * FROM read_parquet([{names}], union_by_name = true)")  # fmt: skip
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
