"""The tables that a fleet keeps of its books, each as one table over all of them, for SELECTs of either engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from crossbook.engine import Database
from crossbook.fleet.places import Place, Remote, place

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from crossbook.engine.spark import SparkDatabase

Files = Mapping[str, Sequence[tuple[str, Place]]]  # of each table: book and file
Columns = Mapping[str, str]  # of each table: its columns, as DuckDB and Spark both know them
_KINDS = {"string": "string", "bigint": "int64", "date": "date32"}


def laid(connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[tuple[str, Place]]) -> None:
    """Put the rows of these files into a table of DuckDB that has a column `book`, and theirs."""
    here = [(book, str(at)) for book, at in files if isinstance(at, Path)]
    if here:
        connection.execute(
            f'INSERT INTO "{table}" BY NAME SELECT f.* EXCLUDE (filename), b.book '
            "FROM read_parquet($files, filename = true, hive_partitioning = false, union_by_name = true) f "
            "JOIN (SELECT unnest($files) AS file, unnest($books) AS book) b ON b.file = f.filename",
            {"files": [file for _, file in here], "books": [book for book, _ in here]},
        )
    for book, at in files:
        if not isinstance(at, Path):
            connection.register("far", table_of(at))
            connection.execute(f'INSERT INTO "{table}" BY NAME SELECT *, $book AS book FROM far', {"book": book})
            connection.unregister("far")


def table_of(at: Place) -> pa.Table:
    """A Parquet file, wherever it lies."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.read_table(at if isinstance(at, Path) else pa.BufferReader(at.read_bytes()), partitioning=None)


@contextmanager
def on_duckdb(columns: Columns, files: Files) -> Iterator[Database]:
    """These tables in DuckDB, each with its book."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        for name, of_one in columns.items():
            connection.execute(f'CREATE TABLE "{name}" ({of_one}, book string)')
            laid(connection, name, files[name])
        yield Database(connection)
    finally:
        connection.close()


@contextmanager
def on_spark(columns: Columns, files: Files, session: SparkSession) -> Iterator[SparkDatabase]:
    """These tables on Spark, each with its book: its workers read the files, wherever those lie, a task for some."""
    from crossbook.engine.spark import SparkDatabase

    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        database = SparkDatabase(session, Path(folder))
        for name, of_one in columns.items():
            told = [(book, str(at if isinstance(at, Remote) else at.resolve())) for book, at in files[name]]
            database.over(name, f"{of_one}, book string", partial(rows_in, of_one), told)
        yield database
        database.close()


def rows_in(columns: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of Parquet files, of which each is told by its book and where it lies: these columns, and the book."""
    import pyarrow as pa

    parts = [part.split() for part in columns.split(", ")]
    schema = pa.schema([(name, getattr(pa, _KINDS[kind])()) for name, kind in parts])
    for batch in batches:
        for book, at in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            read = table_of(place(at))
            for field in schema:  # figures of an earlier program may not have it
                if field.name not in read.schema.names:
                    read = read.append_column(field, pa.nulls(read.num_rows, field.type))
            read = read.select(schema.names).cast(schema)
            named = read.append_column("book", pa.repeat(pa.scalar(book), read.num_rows))
            yield from named.combine_chunks().to_batches(max_chunksize=1 << 16)
