"""What a kind of fact is: its name, columns with Arrow types, and the columns that identify a row."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
CODE = pa.dictionary(pa.int32(), pa.string())  # text with few distinct values
MINOR = pa.int64()  # money: whole minor units of the row's currency
COUNT = pa.int64()
DAY = pa.date32()  # a day in the place the source names
INSTANT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True)
class Kind:
    """One kind of fact. `columns` maps name to Arrow type; `key` identifies a row across evidence files.

    Every fact file also has `evidence` (SHA-256 of the original) and `line` (its line there, from 1; in a
    spreadsheet the row, in XML the line of the element).
    """

    name: str
    doc: str
    columns: dict[str, pa.DataType]
    key: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of this kind's fact files."""
        return pa.schema([("evidence", CODE), ("line", pa.int64()), *self.columns.items()])
