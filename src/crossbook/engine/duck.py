"""A DuckDB database in memory with one view per kind of fact. Readers take no locks."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from crossbook.book import Book
from crossbook.facts import KINDS
from crossbook.sources.registry import sources

MANY_FILES = 24  # beyond that, small kinds are read once into memory
SMALL_ROWS = 3_000_000
DEFAULT_AUTHORITY = 50  # of mapped tables and of sources that name none


class Database:
    """Runs SQL text; parameters are bound by name."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

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
        """Make an Arrow table readable under `name`."""
        self.connection.register(name, table)


def connect(book: Book) -> Database:
    """A database with a view per kind of fact over what the book holds now, without retired evidence.

    Also `evidence(sha, seq, name, source, authority, whole)`; `crossbook.sources.report.TableReport` says what the last
    two mean.
    """
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    database = Database(connection)
    retired = book.retired()
    held = [e for e in book.evidence() if e["sha"] not in retired]
    for kind in KINDS.values():
        files = [
            (str(book.fact_path(kind.name, e["sha"])), e["facts"][kind.name]) for e in held if kind.name in e["facts"]
        ]
        if not files:
            database.put(kind.name, kind.schema.empty_table())
            continue
        names = ", ".join("'" + path.replace("'", "''") + "'" for path, _ in files)
        what = "TABLE" if len(files) > MANY_FILES and sum(r for _, r in files) < SMALL_ROWS else "VIEW"
        connection.execute(f'CREATE {what} "{kind.name}" AS SELECT * FROM read_parquet([{names}])')
    known = sources()
    columns = {n: [e[n] for e in held] for n in ("sha", "seq", "name", "source")}
    columns["authority"] = [getattr(known.get(e["source"]), "authority", DEFAULT_AUTHORITY) for e in held]
    columns["whole"] = [getattr(known.get(e["source"]), "whole", False) for e in held]
    schema = pa.schema(
        [("sha", pa.string()), ("seq", pa.int64()), ("name", pa.string()), ("source", pa.string()),
         ("authority", pa.int64()), ("whole", pa.bool_())]
    )  # fmt: skip
    database.put("evidence", pa.table(columns, schema=schema))
    return database
