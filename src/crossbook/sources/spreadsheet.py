"""Workbooks (XLSX, XLS, ODS) as delimited text: row n of the first sheet that has rows becomes line n."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
ENCODING = "workbook"  # stands for a codec name in `Head.encoding`
MAX_CELLS = 200_000_000


def is_workbook(raw: bytes) -> bool:
    """Whether these first bytes are of a workbook (archives of other kinds are unpacked earlier)."""
    return raw.startswith(MAGIC)


def to_csv(path: Path, name: str, limit: int | None = None) -> str:
    """The sheet as comma-separated text, at most `limit` rows of it."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [book.get_sheet_by_index(i) for i in range(len(book.sheet_names))]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise CrossbookError(f"not a readable workbook: {error}", where=name) from None
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for sheet in sheets:
        if sheet.height * sheet.width > MAX_CELLS:
            raise CrossbookError(f"a sheet of {sheet.height} × {sheet.width} cells", where=name, todo="split it")
        if not sheet.height:
            continue
        start = sheet.start[0] if sheet.start else 0
        writer.writerows([""] for _ in range(start))
        for row in sheet.to_python(skip_empty_area=True, nrows=limit):
            writer.writerow([_text(cell) for cell in row])
        break
    return out.getvalue()


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return " ".join(str(cell).split("\n"))
