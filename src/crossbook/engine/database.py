"""A database as desks see it: SELECTs with bound parameters, and tables made from them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from crossbook.book import seals
from crossbook.engine.guard import refuse_raw_facts
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    import pyarrow as pa

OWN = "memory.main"  # where a reader's own tables are


@dataclass
class Shared:
    """What all readers of one database have in common."""

    making: threading.RLock = field(default_factory=threading.RLock)  # held while tables are made that all readers see
    published: dict[str, str] = field(default_factory=dict)  # publications that are there, each with its hash
    places: tuple[str, ...] = ()  # attached files, in the order in which names are looked up
    files: list[Path] = field(default_factory=list)  # where they lie
    publish: Callable[[Database, str], None] | None = None
    folder: Path | None = None  # of the book that is read
    hashed: bool = False  # whether the files of facts were held against their hashes


class Database:
    """Runs SELECTs of desks; parameters are bound by name.

    `reads` are the raw facts that its SQL may name although `trade` covers them: none for a desk. `ask` makes what
    another room publishes available.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        shared: Shared | None = None,
        reads: Collection[str] | None = None,
    ) -> None:
        self.connection = connection
        self.shared = shared or Shared()
        self.reads = reads
        self._places: tuple[str, ...] = ()

    @property
    def making(self) -> threading.RLock:
        """Held while tables are made that all readers see."""
        return self.shared.making

    def ask(self, *names: str) -> None:
        """Make the tables of some publications readable, each made when it is first asked for.

        Raises CrossbookError when nobody publishes under that name.
        """
        for name in names:
            if name not in self.shared.published and self.shared.publish is not None:
                with self.making:
                    if name not in self.shared.published:
                        self.shared.publish(self, name)

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """The result of a SELECT as dictionaries."""
        with self._sound():
            cursor = self._execute(sql, values)
            names = [d[0] for d in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def batches(self, sql: str, size: int, **values: Any) -> Iterator[list[dict[str, Any]]]:
        """The result of a SELECT as dictionaries, so many at a time: for results that are larger than memory."""
        with self._sound():
            cursor = self._execute(sql, values)
            names = [d[0] for d in cursor.description or []]
            while rows := cursor.fetchmany(size):
                yield [dict(zip(names, row, strict=True)) for row in rows]

    def arrow(self, sql: str, **values: Any) -> pa.Table:
        """The result of a SELECT as an Arrow table."""
        self._look(sql)
        with self._sound():
            return self.connection.sql(sql, params=values or None).to_arrow_table()

    def make(self, name: str, select: str, **values: Any) -> None:
        """Make a table called `name` from a SELECT; other readers see it. One of that name is replaced."""
        self._execute(select, values, f'CREATE OR REPLACE TABLE "{name}" AS ')

    def define(self, name: str, select: str) -> None:
        """Let `name` stand for a SELECT, for all readers: nothing is copied."""
        self._execute(select, {}, f'CREATE OR REPLACE VIEW "{name}" AS ')

    def scratch(self, name: str, select: str, **values: Any) -> None:
        """Make a table called `name` from a SELECT, for this reader alone."""
        self._execute(select, values, f'CREATE OR REPLACE TEMP TABLE "{name}" AS ')

    def put(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under `name`, for this reader alone."""
        self.connection.register(name, table)

    def read(self, name: str, path: Path) -> None:
        """Let `name` stand for a Parquet file that this program wrote, for this reader alone."""
        file = str(path).replace("'", "''")
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW \"{name}\" AS SELECT * FROM read_parquet('{file}')")

    def keep(self, name: str, table: pa.Table) -> None:
        """Copy an Arrow table into a table called `name`, which other readers see too."""
        self.connection.register("kept_from", table)
        self._look()
        self.connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM kept_from')
        self.connection.unregister("kept_from")

    def has(self, name: str) -> bool:
        """Whether there is a table or view of that name."""
        return bool(self.rows("SELECT 1 FROM information_schema.tables WHERE table_name = $name", name=name))

    def drop(self, name: str) -> None:
        """Remove a table that was made here."""
        self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')

    def bound(self, memory: str) -> None:
        """Bound the memory that queries take, as "900MB"; what is more goes to disk."""
        self.connection.execute(f"SET memory_limit = '{memory}'")

    def reader(self) -> Database:
        """Another reader of the same database, for another thread; its scratch tables are its own."""
        cursor = self.connection.cursor()
        settle_in(cursor)
        reader = Database(cursor, self.shared, self.reads)
        reader._look()
        return reader

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def _execute(self, sql: str, values: dict[str, Any], before: str = "") -> duckdb.DuckDBPyConnection:
        self._look(sql)
        return self.connection.execute(before + sql, values or None)

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Remove what is kept when a block of it turns out to be damaged, and say so: it is made anew next time."""
        try:
            yield
        except duckdb.Error as error:
            if "Corrupt database" not in str(error) and "checksum" not in str(error):
                raise
            for path in self.shared.files:
                seals.remove(path)
            raise CrossbookError(
                "a table kept in the book's cache was damaged; it is removed", todo="ask again: it is made anew"
            ) from None

    def _look(self, sql: str = "") -> None:
        """Refuse SQL that names raw facts; know the places where names are looked up."""
        if self.reads is not None and sql:
            refuse_raw_facts(sql, frozenset(self.reads))
        if self._places != self.shared.places:
            self._places = self.shared.places
            self.connection.execute("SET search_path = '{}'".format(",".join((OWN, *self._places))))


def settle_in(connection: duckdb.DuckDBPyConnection) -> None:
    """The settings of every connection."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
