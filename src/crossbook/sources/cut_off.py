"""A file that ends within a row: a download that broke off, whose last amount may lack figures.

A row without a line end behind it, with fewer fields than the row above it, is such a row. One that has all of its
fields may be whole: programs end a file without a line end, too.
"""

from __future__ import annotations

import csv
from pathlib import Path

TAIL = 1 << 16  # bytes in which the last two rows are looked for
REASON = "the file ends within this row: it has fewer fields than the row above. Get the whole file anew"


def last_row(path: Path, delimiter: str) -> tuple[int, str] | None:
    """The line and the text of a row within which the file (UTF-8) ends; None where it ends behind a row."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - TAIL, 0))
        tail = file.read()
        if not tail or tail.endswith((b"\n", b"\r")) or b"\n" not in tail:
            return None
        above, last = tail.decode("utf-8", errors="replace").splitlines()[-2:]
        if not above.strip() or _fields(last, delimiter) >= _fields(above, delimiter):
            return None
        file.seek(0)
        line = 1 + sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return line, last


def _fields(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0
