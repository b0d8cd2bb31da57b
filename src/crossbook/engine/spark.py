"""A database of desks on Apache Spark: the same SELECTs, translated, over the same facts, with the same answers.

For one book that is too large for one machine. What is made lies as Parquet in a folder that the driver and all of
Spark's workers must reach; nothing is kept in the book. A SELECT over little data is answered by DuckDB in the driver
(`small.py`). The session, with its memory and its master, is the caller's.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duckdb import OutOfMemoryException

from crossbook.book import Book, seals, set_back
from crossbook.book.aliases import aliases
from crossbook.book.book import FactFile
from crossbook.book.sharing import by_path
from crossbook.engine.database import Database, Shared
from crossbook.engine.dialect import spark_sql
from crossbook.engine.duck import (
    OWN_ACCOUNTS,
    evidence_table,
    holds_more,
    of_kind_sql,
    own_accounts,
    under_one_name,
)
from crossbook.engine.guard import refuse_raw_facts
from crossbook.engine.publishing import FACTS, publication
from crossbook.engine.small import Small, Source, answered, write
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    from concurrent.futures import Future

    import pyarrow as pa
    from duckdb import DuckDBPyConnection
    from pyspark.sql import DataFrame, SparkSession

    from crossbook.facts import Kind

    Reading = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

TASKS = 4  # a core, of what workers read by themselves
AT_ONCE = 3  # tables that are written beside each other: while one is planned, another's rows are worked on
SMALL = 10_000  # rows of a table that is handed to Spark as it is; larger ones lie in the folder
# Bytes of columns, unpacked, that a SELECT may name for DuckDB to answer it in the driver: within the memory that it
# has there, in less time than Spark takes to begin.
BY_DRIVER = 256 * 2**20
_TYPES = {
    "string": "STRING",
    "int64": "BIGINT",
    "bool": "BOOLEAN",
    "double": "DOUBLE",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMP",
    "dictionary<values=string, indices=int32, ordered=0>": "STRING",
}


class SparkDatabase(Database):
    """`Database` on a Spark session. Tables that are made are written into `folder` and read from there.

    Whoever makes a table does not wait until it is written; whoever asks for it does. What went wrong meanwhile is
    raised there, or by `close`.
    """

    def __init__(
        self,
        session: SparkSession,
        folder: Path,
        shared: Shared | None = None,
        reads: Collection[str] | None = None,
        by_driver: int = 0,
    ) -> None:
        self.session = session
        self.folder = folder
        self.shared = shared or Shared()
        self.reads = reads
        self._small = Small(folder, by_driver, _threads(session))
        self._tables: dict[str, DataFrame] = {}
        self._begun: dict[str, Future[tuple[DataFrame, Path]]] = {}  # tables that are being written
        self._writers = ThreadPoolExecutor(AT_ONCE)

    @property
    def tables(self) -> dict[str, DataFrame]:
        """All tables and views, each written to its end."""
        self._await(list(self._begun))
        return self._tables

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """The result of a SELECT as dictionaries."""
        return [_whole(row) for row in self.arrow(sql, **values).to_pylist()]

    def batches(self, sql: str, size: int, **values: Any) -> Iterator[list[dict[str, Any]]]:
        """The result of a SELECT as dictionaries, so many at a time."""
        for batch in self.arrow(sql, **values).to_batches(max_chunksize=size):
            yield [_whole(row) for row in batch.to_pylist()]

    def arrow(self, sql: str, **values: Any) -> pa.Table:
        """The result of a SELECT as an Arrow table."""
        self._look(sql)
        if reader := self._small.reader(sql, self._tables):
            with suppress(OutOfMemoryException):  # then it is Spark's
                return answered(reader, sql, values)
        with _naming():
            return self._asked(sql, values).toArrow()

    def make(self, name: str, select: str, **values: Any) -> None:
        """Make a table called `name` from a SELECT. One of that name is replaced."""
        frame = self._asked(select, values)
        self._await([name])
        if reader := self._small.reader(select, self._tables):
            self._begun[name] = self._writers.submit(self._by_driver, name, frame, reader, select, values)
        else:
            self._begun[name] = self._writers.submit(self._written, name, frame)

    scratch = make  # a session has one reader

    def parts(self, sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
        """The result of a SELECT with these columns and types, some rows at a time: the workers write it into the
        folder, and it is read from there, so that it may be larger than any memory."""
        import pyarrow as pa
        import pyarrow.dataset as ds

        path = self._place("parts")
        with _naming():
            self._asked(sql, {}).write.parquet(str(path))

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in ds.dataset(path, format="parquet").to_batches(batch_readahead=1, fragment_readahead=1):
                yield from pa.Table.from_batches([batch]).select(schema.names).cast(schema).to_batches()
            shutil.rmtree(path.parent, ignore_errors=True)

        return pa.RecordBatchReader.from_batches(schema, batches())

    def define(self, name: str, select: str) -> None:
        """Let `name` stand for a SELECT: nothing is copied."""
        frame = self._asked(select, {})
        self._name(name, frame, Source(select=select) if self._small.holds(select, self._tables) else None)

    def put(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under `name`."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if table.num_rows > SMALL:
            path = self._place(name)
            path.mkdir(parents=True)
            pq.write_table(table, path / "part.parquet", coerce_timestamps="us")
            frame = self.session.read.parquet(str(path))
            self._name(name, frame, Source.of_files(path.glob("*.parquet"), _wide(frame)))
            return
        plain = [c.combine_chunks() if c.num_chunks else pa.array([], c.type) for c in table.columns]
        held = pa.Table.from_arrays(plain, schema=table.schema)
        self._name(name, self.session.createDataFrame(held), Source(table=held))

    keep = put

    def read(self, name: str, path: Path) -> None:
        """Let `name` stand for a Parquet file that this program wrote."""
        frame = self.session.read.parquet(str(path))
        self._name(name, frame, Source.of_files([path], _wide(frame)))

    def over(self, name: str, columns: str, read: Reading, told: Sequence[tuple[str, ...]]) -> None:
        """Let `name` stand for what `read` makes in the workers of these rows of texts, a task for some of them.

        It is handed Arrow batches of them and gives batches with these `columns`, told in Spark's words."""
        if not told:
            self._name(name, self.session.createDataFrame([], columns))
            return
        frame = self.session.createDataFrame(list(told), ", ".join(f"c{i} string" for i in range(len(told[0]))))
        spread = frame.repartition(min(len(told), TASKS * self.session.sparkContext.defaultParallelism))
        self._name(name, spread.mapInArrow(read, columns).cache())  # read once, whatever asks

    def has(self, name: str) -> bool:
        """Whether there is a table or view of that name."""
        return name in self._tables or name in self._begun

    def drop(self, name: str) -> None:
        """Remove a table that was made here."""
        self._await([name])
        if (frame := self._tables.pop(name, None)) is not None and frame.is_cached:
            frame.unpersist()
        self._small.put(name, None)
        self.session.catalog.dropTempView(name)

    def bound(self, memory: str) -> None:
        """Nothing: Spark's memory is bound when its session begins."""

    def reader(self) -> SparkDatabase:
        """Another reader of the same tables: this one."""
        return self

    def for_making(self, reads: Collection[str]) -> SparkDatabase:
        """The same tables for who makes a publication, who may name these raw facts."""
        other = SparkDatabase(self.session, self.folder, self.shared, reads)
        other._tables, other._begun, other._writers = self._tables, self._begun, self._writers
        other._small = self._small
        return other

    def close(self) -> None:
        """Forget the tables and remove what was made; the session goes on."""
        try:
            for name in list(self.tables):
                self.drop(name)
        finally:
            self._writers.shutdown(cancel_futures=True)
            self._small.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder)) / "table"

    def _written(self, name: str, frame: DataFrame) -> tuple[DataFrame, Path]:
        """What the workers wrote of it: read with its own columns, which need not be looked for in the files."""
        path = self._place(name)
        with _naming():
            frame.write.parquet(str(path))
        return self.session.read.schema(frame.schema).parquet(str(path)), path

    def _by_driver(
        self, name: str, frame: DataFrame, reader: DuckDBPyConnection, select: str, values: dict[str, Any]
    ) -> tuple[DataFrame, Path]:
        """The same, written by DuckDB here, with the columns that Spark would give it; by Spark where it takes more
        memory than it may."""
        from pyarrow import ArrowInvalid
        from pyspark.sql.pandas.types import to_arrow_schema

        path = self._place(name)
        try:
            write(reader, select, values, to_arrow_schema(frame.schema, timezone="UTC"), path)
        except OutOfMemoryException:
            return self._written(name, frame)
        except ArrowInvalid as error:
            if "out of bounds" in str(error):
                raise _too_wide() from None
            raise
        return self.session.read.schema(frame.schema).parquet(str(path)), path

    def _await(self, names: Collection[str]) -> None:
        for name in names:
            if name in self._begun:
                frame, path = self._begun.pop(name).result()
                self._name(name, frame, Source.of_files(path.glob("*.parquet"), _wide(frame)))

    def _name(self, name: str, frame: DataFrame, source: Source | None = None) -> None:
        """Let a frame go by a name; without a source it is Spark's alone."""
        frame.createOrReplaceTempView(name)
        self._tables[name] = frame
        self._small.put(name, source)

    def _look(self, sql: str = "") -> None:
        """Refuse SQL that names raw facts; wait for the tables that it names."""
        if self.reads is not None:
            refuse_raw_facts(sql, frozenset(self.reads))
        self._await([name for name in self._begun if name in sql])

    def _asked(self, sql: str, values: dict[str, Any]) -> DataFrame:
        self._look(sql)
        return self.session.sql(spark_sql(sql), args=values or None)


def connect(
    book: Book, session: SparkSession, folder: Path | str | None = None, by_driver: int = BY_DRIVER
) -> SparkDatabase:
    """The facts of a book for desks, on Spark, and what publications make of them when they are asked for.

    `folder` is where tables are made, in reach of all workers: one that is new, in the system's folder for such things,
    where none is given. A SELECT that names no more than `by_driver` bytes of columns is answered by DuckDB in the
    driver; 0 leaves all to Spark. Raises CrossbookError for a file of facts that was changed or is missing, and
    for a catalog that was set back.
    """
    set_back.refuse(book)
    retired = book.retired()
    files = [f for f in book.fact_files() if f.evidence not in retired]
    seals.check_facts(book, files)
    place = Path(tempfile.mkdtemp(prefix="crossbook-", dir=folder))
    shared = Shared(published={FACTS: ""}, folder=book.path, hashed=True)
    database = SparkDatabase(session, place, shared, by_driver=by_driver)
    shared.publish = lambda reader, name: _publish(database, book, name)
    _facts(database, book, files)
    database.reads = ()
    return database


@contextmanager
def _naming() -> Iterator[None]:
    """Name what Spark cannot reckon: its sums of whole numbers have 64 bits, those of DuckDB 128."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        if "ARITHMETIC_OVERFLOW" not in str(error):
            raise
        raise _too_wide() from None


def _too_wide() -> CrossbookError:
    return CrossbookError(
        "sums in this book are wider than 64 bits, which Spark does not reckon with",
        todo="look for a spoiled amount, or leave the book to one worker",
    )


def _publish(database: SparkDatabase, book: Book, name: str) -> None:
    wanted = publication(name)
    database.ask(*wanted.rests_on)
    database.ask(*wanted.further(database))
    wanted.make(database.for_making(tuple(wanted.reads)), book)
    database.shared.published[name] = ""


def _facts(database: SparkDatabase, book: Book, files: list[FactFile]) -> None:
    from crossbook.facts import KINDS

    told = aliases(book)
    database.put("evidence", evidence_table(book))
    for kind in KINDS.values():
        of_kind = [f for f in files if f.kind == kind.name]
        held = by_path(of_kind)
        paths = tuple(path.resolve() for path in held)
        reader = database.session.read.schema(_schema(kind))
        frame = reader.parquet(*map(str, paths)) if paths else database.session.createDataFrame([], _schema(kind))
        if any(holds_more(path, of) for path, of in held.items()):
            frame = frame.join(database.tables["evidence"].selectExpr("sha AS evidence"), "evidence", "left_semi")
        select = of_kind_sql(kind, of_kind)
        database._name(kind.name, frame, Source(select=select, paths=paths))
        for column in OWN_ACCOUNTS.get(kind.name, ("account",)) if told and paths else ():
            if column not in kind.columns:
                continue
            by_name = f'SELECT * FROM "{kind.name}"'
            found = own_accounts(database, by_name, told, column)
            select = under_one_name(select, found, column)
            named = database._asked(under_one_name(by_name, found, column), {}).select(*frame.columns)
            database._name(kind.name, named, Source(select=select, paths=paths))


def _schema(kind: Kind) -> str:
    """The columns of a kind as Spark's words for them; files that were read before it had them all lack some."""
    columns = []
    for column in kind.schema:
        told = _TYPES.get(str(column.type)) or str(column.type).replace("decimal128", "DECIMAL")
        columns.append(f"`{column.name}` {told}")
    return ", ".join(columns)


def _threads(session: SparkSession) -> int:
    """The cores of this machine that a session may work on."""
    if session.sparkContext.master.startswith("local"):
        return int(session.sparkContext.defaultParallelism)
    return os.cpu_count() or 1


def _wide(frame: DataFrame) -> list[str]:
    """The columns of whole numbers that Spark holds as decimal ones, being wider than a BIGINT."""
    return [name for name, kind in frame.dtypes if kind == "decimal(38,0)"]


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """A row in which whole numbers are ints, however wide Spark reckoned them."""
    return {
        name: int(value) if isinstance(value, Decimal) and value.as_tuple().exponent == 0 else value
        for name, value in row.items()
    }
