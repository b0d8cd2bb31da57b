"""Writing generated columns in the files' native forms, fast enough for tens of millions of lines."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

Ints = npt.NDArray[np.int64]
Texts = Any  # a pyarrow string array
Times = npt.NDArray[np.datetime64]


def amounts(minor: Ints, decimals: int = 2) -> Texts:
    """Minor units as text with a decimal point: 1234 -> "12.34"."""
    values = np.ascontiguousarray(minor, np.int64)
    pairs = np.empty((len(values), 2), np.int64)
    pairs[:, 0], pairs[:, 1] = values, values >> 63
    decimal = pa.Array.from_buffers(pa.decimal128(38, decimals), len(values), [None, pa.py_buffer(pairs.tobytes())])
    return decimal.cast(pa.string())


def times(moments: Times, layout: str = "%Y-%m-%d %H:%M:%S") -> Texts:
    """Moments as text."""
    return pc.strftime(pa.array(moments.astype("datetime64[s]"), pa.timestamp("s")), format=layout)


def texts(values: Any) -> Texts:
    """Anything as a text column."""
    return (
        pa.array([str(v) for v in values], pa.string())
        if not isinstance(values, pa.Array)
        else values.cast(pa.string())
    )


def chosen(names: list[str], index: Ints) -> Texts:
    """`names[i]` for every i of `index`."""
    return pa.array(names, pa.string()).take(pa.array(index))


def constant(text: str, count: int) -> Texts:
    """One text many times."""
    return pa.array([text], pa.string()).take(pa.array(np.zeros(count, np.int64)))


def joined(*parts: Any) -> Texts:
    """Texts joined element by element; single texts repeat."""
    return pc.binary_join_element_wise(*parts, "")


def numbered(pattern: str, numbers: Ints, width: int) -> Texts:
    """`pattern` with "#" replaced by the zero-padded number."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    before, after = pattern.split("#")
    return joined(before, digits, after)


def delimited(columns: Mapping[str, Texts], delimiter: str = ",", *, quote: bool = False, header: bool = True) -> bytes:
    """The columns as delimited text with a header. With `quote` every field is quoted, else those that need it."""
    table = pa.table(dict(columns))
    style = "all_valid" if quote else "needed" if delimiter == "," else "none"
    out = io.BytesIO()
    options = pacsv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style=style)
    pacsv.write_csv(table, out, options)
    names = [f'"{n}"' if quote else n for n in columns]
    first = (delimiter.join(names) + "\n").encode() if header else b""
    return first + out.getvalue()


def workbook(columns: Mapping[str, Texts], notes: list[list[str]], path: Path, below: Sequence[list[str]] = ()) -> None:
    """An XLSX file: lines of notes, a header, the rows, and lines below them."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"created": FIXED})
        sheet = book.add_worksheet()
        body = map(list, zip(*(c.to_pylist() for c in columns.values()), strict=True))
        rows = [*notes, list(columns), *body, *below]
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)


def _fixed() -> Any:
    from datetime import datetime

    return datetime(2026, 7, 1)  # noqa: DTZ001 - the same bytes whenever it is written


FIXED = _fixed()
