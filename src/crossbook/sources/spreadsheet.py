"""Workbooks (XLSX, XLS, ODS) as delimited text: row n of a sheet becomes line n."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources import number_formats, number_formats_ods, number_formats_xls
from crossbook.sources.sheet_size import refuse_oversized
from crossbook.sources.sheet_size_xls import counts_from_1904

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FROM_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_NO_VALUE = re.compile(
    rb"<c\b[^>]*?\br=[\"']([A-Z]+\d+)[\"'][^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_OF_WORKBOOK = 1 << 20  # bytes: its settings stand at its start
_ANEW = "open it and save it anew, or export it again"
ENCODING = "workbook"  # stands for a codec name in `Head.encoding`


def is_workbook(raw: bytes) -> bool:
    """Whether these first bytes are of a workbook (archives of other kinds are unpacked earlier)."""
    return raw.startswith(MAGIC)


def to_csv(path: Path, name: str, limit: int | None = None, sheet: int = 0) -> str:
    """A sheet, of those that have rows and hidden ones last, as comma-separated text, at most `limit` rows of it.

    Raises CrossbookError when it is no workbook, or one whose sheets span more cells than can be opened.
    """
    refuse_oversized(path, name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    _, start, rows = _filled(path, name, limit, sheet)
    writer.writerows([""] for _ in range(start[0]))
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    return out.getvalue()


def _filled(path: Path, name: str, limit: int | None, wanted: int) -> tuple[str, tuple[int, int], list[list[Any]]]:
    """A sheet of those that have rows: its name, how many empty rows and columns are before them, and the rows."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for i in _visible_first(book):
            sheet = book.get_sheet_by_index(i)
            if sheet.height and wanted:
                wanted -= 1
            elif sheet.height:
                start = sheet.start or (0, 0)
                return book.sheet_names[i], start, sheet.to_python(skip_empty_area=True, nrows=limit)
    except (python_calamine.CalamineError, OSError, ValueError):
        raise CrossbookError("not a readable workbook", where=name, todo=_ANEW) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a reader written in Rust raises where it gives up
            raise
        raise CrossbookError("not a readable workbook: the reader gave up on it", where=name) from None
    return "", (0, 0), []


def _visible_first(book: Any) -> list[int]:
    """The places of the sheets, those that a person sees before those that are hidden."""
    return sorted(range(len(book.sheet_names)), key=lambda i: "Hidden" in str(book.sheets_metadata[i].visible))


def filled(path: Path, name: str) -> int:
    """How many sheets have rows. Raises CrossbookError when it is no workbook that can be read."""
    state = path.stat()
    return _count(path, name, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _count(path: Path, name: str, state: tuple[int, int, int]) -> int:
    import python_calamine

    refuse_oversized(path, name)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return sum(1 for i in range(len(book.sheet_names)) if book.get_sheet_by_index(i).height)
    except (python_calamine.CalamineError, OSError, ValueError):
        raise CrossbookError("not a readable workbook", where=name, todo=_ANEW) from None


def _text(cell: Any) -> str:
    """A cell as text; of figures the 15 that a workbook shows, since the others are noise of binary fractions."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else f"{cell:.15g}"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return " ".join(str(cell).split("\n"))


def shown_in(
    path: Path, name: str, sheet: int, columns: Collection[int], below: int
) -> dict[number_formats.Codes, tuple[int, int]]:
    """The currencies that the numbers in columns of `to_csv` are shown in, in rows under row `below` (from 1): how many
    of them, and the first row. Raises CrossbookError as `to_csv`."""
    of = _kind(path) if columns else ""
    if not of or (of == "xlsx" and not number_formats.has_any(path)):
        return {}
    refuse_oversized(path, name)
    called, (_, left), _ = _filled(path, name, 1, sheet)
    places = {left + c for c in columns}
    if of == "xls":
        return number_formats_xls.currencies(path, name, called, places, below)
    if of == "ods":
        return number_formats_ods.currencies(path, called, places, below)
    return number_formats.currencies(path, called, places, below)


def _kind(path: Path) -> str:
    """Which kind of workbook a file is: xls, ods, or xlsx for all others in an archive."""
    try:
        if not zipfile.is_zipfile(path):
            return "xls"
        with zipfile.ZipFile(path) as archive:
            return "ods" if number_formats_ods.CONTENT in archive.namelist() else "xlsx"
    except (zipfile.BadZipFile, OSError):
        return ""


def without_value(path: Path) -> str | None:
    """The first cell of a workbook (XLSX), such as C4, that holds a formula whose value was not stored: who wrote it
    did not work it out. None where there is none."""
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(n for n in archive.namelist() if _SHEET.fullmatch(n)):
                if match := _NO_VALUE.search(archive.read(name)):
                    return match[1].decode()
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, zlib.error):
        return None
    return None


def from_1904(path: Path) -> bool:
    """Whether a workbook says that its days are counted from 1904-01-01 (ECMA-376 part 1, 18.2.28: `date1904`; of an
    XLS its record Date1904).

    Of formatted days the reader takes care; of a number that is no more than a number only this tells its day.
    """
    try:
        if not zipfile.is_zipfile(path):
            return counts_from_1904(path.read_bytes(), path.name)
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as file:
            return _FROM_1904.search(file.read(_OF_WORKBOOK)) is not None
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, zlib.error):
        return False
