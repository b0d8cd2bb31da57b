"""The USPTO's Trademark Case Files Dataset as Parquet: the same tables and columns as its CSV."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from crossbook.errors import CrossbookError
from crossbook.sources import parquet
from crossbook.sources.report import TableReport
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.uspto_case_files import CASE_FILES, CLASSES, OWNERS, STATEMENTS

_TABLES = (CASE_FILES, CLASSES, OWNERS, STATEMENTS)


class UsptoParquet:
    """The source for Parquet files of the dataset. Their columns stand at the end,
    so that reading tells which it is."""

    name = "uspto_parquet"
    title = "USPTO Trademark Case Files Dataset (Parquet)"
    example = "PAR1… with the columns serial_no, mark_id_char, status_cd …"

    def recognise(self, head: Head) -> Recognition:
        if not head.raw.startswith(parquet.MAGIC):
            return Recognition(0.0, "not Parquet")
        names = parquet.columns_of(head)
        if names and not any(_has(table, names) for table in _TABLES):
            return Recognition(0.0, "Parquet with columns that are of no table of the case files")
        return Recognition(0.6, "Parquet, as which the USPTO's case files come")

    def read(self, reading: Reading) -> Facts:
        first = 0
        with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
            for table, batch in _batches(reading):
                part = Path(folder) / "part.csv"
                pacsv.write_csv(pa.Table.from_batches([batch]), part)
                inner = Reading(path=part, name=reading.name, encoding="utf-8", account=reading.account)
                yield from ((kind, _from(rows, first)) for kind, rows in table.read(inner))
                for row in inner.bad:
                    reading.report(row.line - 1 + first, row.column, row.value, row.reason)
                first += batch.num_rows


def _batches(reading: Reading) -> Iterator[tuple[TableReport, pa.RecordBatch]]:
    """(table, rows) of the file. Raises CrossbookError for one that is broken."""
    try:
        file = pq.ParquetFile(reading.path)
        names = file.schema_arrow.names
        table = _table(names, reading.name)
        wanted = {header for headers in table.columns.values() for header in headers}
        for batch in file.iter_batches(200_000, columns=[n for n in names if n.lower() in wanted]):
            batch.validate(full=True)
            yield table, batch
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError):
        raise CrossbookError("not whole Parquet", where=reading.name, todo="download it again") from None


SOURCE = UsptoParquet()


def _table(names: list[str], name: str) -> TableReport:
    for table in _TABLES:
        if _has(table, names):
            return table
    raise CrossbookError(
        "Parquet with columns that are of no table of the USPTO's case files",
        where=name,
        todo="it has " + ", ".join(names[:12]),
    )


def _has(table: TableReport, names: list[str]) -> bool:
    held = {n.lower() for n in names}
    return all(held & set(table.columns[c]) for c in table.required)


def _from(rows: pa.Table, first: int) -> pa.Table:
    """The rows with their number in the file instead of their line in the part."""
    at = rows.schema.get_field_index("line")
    return rows.set_column(at, "line", pc.add(rows["line"], first - 1).cast(pa.int64()))
