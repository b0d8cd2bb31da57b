"""One large book of a fleet, worked by all workers of Spark together: the tables that it has when it is worked alone.

Spark makes what `trade` and the desks settle and verify publish. What one payout of totals consists of (restoration) is
searched for in the driver, account by account; the watch runs there too, on DuckDB, which spills to disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crossbook.book import Book, init_book
from crossbook.engine import connect
from crossbook.fleet.figures import WATCH, figures, selects

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

HERE = (WATCH.desk,)  # desks whose figures are worked out in the driver


def figures_together(
    book: Book, spark: SparkSession, folder: Path | None = None
) -> Iterator[tuple[str, str, pa.RecordBatchReader]]:
    """`figures` of a book, a table some rows at a time, in the types that DuckDB gives. `folder`, in reach of all
    workers, is where tables lie meanwhile. Raises CrossbookError."""
    from crossbook.engine import spark as on_spark

    shapes = _shapes()
    database = on_spark.connect(book, spark, folder)
    try:
        for desk, name, publications, select in selects():
            if desk not in HERE:
                database.ask(*publications)
                yield desk, name, database.parts(select, shapes[desk, name])
    finally:
        database.close()
    here = connect(book)
    for desk, name, publications, select in selects():
        if desk in HERE:
            here.ask(*publications)
            shape = shapes[desk, name]
            yield desk, name, here.arrow(select).select(shape.names).cast(shape).to_reader()
    here.close()


def _shapes() -> dict[tuple[str, str], pa.Schema]:
    """The columns of each table, with their types: those of an empty book."""
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        empty = init_book(Path(folder) / "book", "Empty", "CNY")
        return {(desk, name): table.schema for desk, name, table in figures(empty)}
