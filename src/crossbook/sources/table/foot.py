"""What stands below a table: lines of labels and their values, which may name its account."""

from __future__ import annotations

import csv
from pathlib import Path

from crossbook.sources.table import labels
from crossbook.sources.table.layout import Layout

_BYTES = 4096  # from the end of a file that are looked at
_LINES = 8


def foot(path: Path, layout: Layout) -> tuple[tuple[str, ...], ...]:
    """The last lines of a UTF-8 file, below its header, that are labels and their values; no line of a table is."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    lines = lines[1:] if size > _BYTES else lines[layout.line :]
    found = []
    for line in [text for text in lines if text.strip(f" {layout.delimiter}")][-_LINES:]:
        cells = [c.strip() for row in csv.reader([line], delimiter=layout.delimiter, strict=False) for c in row]
        if labels.are_told(cells):
            found.append(tuple(cells))
    return tuple(found)
