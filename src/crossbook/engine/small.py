"""SELECTs over little data, for a database on Spark: DuckDB answers them in the driver, from the same files.

What Spark plans, compiles and sets going for a statement takes a second or two however few its rows are; DuckDB has
read some hundred megabytes by then. Which of the two takes a statement is decided by the bytes of the columns that it
names.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from crossbook.engine.database import settle_in
from crossbook.engine.dialect import named
from crossbook.engine.publishing import quoted

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY = "1GB"  # of all that DuckDB works on in the driver at once; what is more goes to disk
_ROWS = 122_880  # of a batch, as DuckDB's own row groups


@dataclass(frozen=True)
class Source:
    """How DuckDB reads a table: by a SELECT over files or other tables, or from memory."""

    select: str = ""
    paths: tuple[Path, ...] = ()
    table: pa.Table | None = None

    @classmethod
    def of_files(cls, paths: Iterable[Path], whole: Iterable[str] = ()) -> Source:
        """Parquet files; columns that are `whole` numbers of any width are read as such."""
        held = tuple(paths)
        casts = ", ".join(f'CAST("{name}" AS HUGEINT) AS "{name}"' for name in whole)
        replaced = f" REPLACE ({casts})" if casts else ""
        files = ", ".join(f"'{quoted(path)}'" for path in held)
        return cls(select=f"SELECT *{replaced} FROM read_parquet([{files}])", paths=held)


class Small:
    """The tables that DuckDB can read in the driver.

    `limit` is how many bytes of columns, unpacked, a SELECT may name; 0 leaves all to Spark. All that DuckDB works on
    at once shares its memory.
    """

    def __init__(self, folder: Path, limit: int, threads: int) -> None:
        self.limit = limit
        self._folder = folder
        self._threads = threads
        self._sources: dict[str, Source] = {}
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._opening = threading.Lock()

    def put(self, name: str, source: Source | None) -> None:
        """Let a table be read so; without a source it is Spark's alone."""
        self._sources.pop(name, None)
        if source is not None:
            self._sources[name] = source

    def holds(self, sql: str, tables: Collection[str]) -> bool:
        """Whether it can read all that a SELECT names of these tables."""
        return all(name in self._sources for name in named(sql)[0] if name in tables)

    def reader(self, sql: str, tables: Collection[str]) -> duckdb.DuckDBPyConnection | None:
        """A connection that reads what a SELECT names, as it is now; None where the SELECT is Spark's.

        `tables` are all that there are. Whoever asked for the connection closes it."""
        if not self.limit or not self.holds(sql, tables) or self._bytes(sql) > self.limit:
            return None
        with self._opening:
            if self._connection is None:
                config = {
                    "autoinstall_known_extensions": "false",
                    "threads": self._threads,
                    "memory_limit": MEMORY,
                    "temp_directory": str(self._folder / "spilt"),
                }
                self._connection = duckdb.connect(config=config)
            cursor = self._connection.cursor()
        settle_in(cursor)
        self._show(cursor, sql, set())
        return cursor

    def close(self) -> None:
        """Let go of what DuckDB holds."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _show(self, cursor: duckdb.DuckDBPyConnection, sql: str, shown: set[str]) -> None:
        """Make what a SELECT names readable for one connection, and before it what that rests on."""
        for name in sorted(named(sql)[0] & self._sources.keys() - shown):
            shown.add(name)
            source = self._sources[name]
            if source.table is not None:
                cursor.register(name, source.table)
                continue
            if not source.paths:
                self._show(cursor, source.select, shown)
            cursor.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {source.select}')

    def _bytes(self, sql: str) -> int:
        """The bytes of the columns that a SELECT names: of each column by that name in each of its tables."""
        tables, columns = named(sql)
        found = 0
        for source in (self._sources[name] for name in tables if name in self._sources):
            if source.table is not None:
                found += source.table.nbytes
            elif not source.paths:
                found += self._bytes(source.select)
            for path in source.paths:
                found += sum(size for column, size in _sizes(path).items() if columns is None or column in columns)
        return found


def answered(reader: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> pa.Table:
    """The result of a SELECT as an Arrow table; the reader is closed."""
    try:
        return reader.sql(sql, params=dict(values) or None).to_arrow_table()
    finally:
        reader.close()


def write(
    reader: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any], schema: pa.Schema, folder: Path
) -> None:
    """Write the result of a SELECT as Parquet into a new folder, with these columns; the reader is closed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True)
    try:
        batches = reader.sql(sql, params=dict(values) or None).to_arrow_reader(_ROWS)
        with pq.ParquetWriter(folder / "part.parquet", schema, compression="lz4", write_statistics=False) as writer:
            for batch in batches:
                writer.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
    finally:
        reader.close()


@lru_cache(maxsize=4096)
def _sizes(path: Path) -> dict[str, int]:
    """The bytes of each column of a file, unpacked; no file is written twice under one name."""
    import pyarrow.parquet as pq

    told, sizes = pq.read_metadata(path), dict[str, int]()
    for group in map(told.row_group, range(told.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            name = column.path_in_schema.partition(".")[0]
            sizes[name] = sizes.get(name, 0) + column.total_uncompressed_size
    return sizes
