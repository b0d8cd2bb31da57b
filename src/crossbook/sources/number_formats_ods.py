"""Currencies that an OpenDocument workbook (ODS) shows its amounts in: each cell names its own (ODF 1.2 part 1, 19.369,
`office:currency`), whatever its style shows."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from crossbook import money
from crossbook.sources.number_formats import UNREADABLE, Codes, walk

CONTENT = "content.xml"
_WHOLE = re.compile(r"\d{1,7}")


def currencies(path: Path, sheet: str, columns: Collection[int], below: int) -> dict[Codes, tuple[int, int]]:
    """What the numbers of some columns (from 0) of a table, in rows under row `below` (from 1), are shown in: how many
    of them, and the first row. Empty for a workbook that cannot be read."""
    wanted = sorted(columns)
    counted: Counter[Codes] = Counter()
    first: dict[Codes, int] = {}
    here, row, following, column = False, 0, 1, 0

    def begin(tag: str, told: dict[str, str]) -> None:
        nonlocal here, row, following, column
        of = {name.rpartition(":")[2]: value for name, value in told.items()}
        if tag == "table":
            here, row, following = of.get("name") == sheet, 0, 1
        elif not here:
            return
        elif tag == "table-row":
            row, column = following, 0
            following += _times(of.get("number-rows-repeated"))
        elif tag in ("table-cell", "covered-table-cell"):
            until = column + _times(of.get("number-columns-repeated"))
            code = of.get("currency", "").upper()
            cells = sum(column <= c < until for c in wanted) * (following - row)
            if code in money.EXPONENT and of.get("value-type") == "currency" and cells and row > below:
                counted[frozenset({code})] += cells
                first.setdefault(frozenset({code}), row)
            column = until

    try:
        with zipfile.ZipFile(path) as archive:
            walk(archive, CONTENT, begin)
    except UNREADABLE:
        return {}
    return {codes: (n, first[codes]) for codes, n in counted.items()}


def _times(repeated: str | None) -> int:
    """How often a row or a cell stands there."""
    return int(repeated) if repeated and _WHOLE.fullmatch(repeated) else 1
