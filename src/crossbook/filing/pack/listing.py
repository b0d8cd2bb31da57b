"""A list of the pack: columns, rows, and the totals under it. PDF, workbook and CSV are made from lists alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Words = tuple[str, str]  # in Chinese and in English
MISSING = "缺 missing"


@dataclass(frozen=True)
class Cash:
    """A sum of money in minor units."""

    minor: int
    currency: str


Cell = str | int | Cash | None  # None: the book does not know it


@dataclass(frozen=True)
class Column:
    """A column. In print it may stand `under` another, with a `mark` before what it says (":": in the same line); one
    without `width` and `under` is in the workbook alone."""

    key: str
    zh: str
    en: str
    kind: Literal["text", "count", "cash"] = "text"
    width: str = ""  # in print, as Typst has it: 19mm, 1fr
    under: str = ""
    mark: str = ""
    wide: int = 14  # in the workbook, in characters


@dataclass(frozen=True)
class Listing:
    """Rows have a cell for each column, in their order."""

    key: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Words = ("", "")

    def totals(self) -> dict[str, dict[str, int]]:
        """The sum of every column of money, by currency and the column's key, in whole minor units."""
        found: dict[str, dict[str, int]] = {}
        for row in self.rows:
            for column, cell in zip(self.columns, row, strict=True):
                if isinstance(cell, Cash):
                    sums = found.setdefault(cell.currency, {})
                    sums[column.key] = sums.get(column.key, 0) + cell.minor
        return dict(sorted(found.items()))

    def total(self, key: str, currency: str) -> int:
        """The total of one column in one currency: 0 under a list without rows."""
        return self.totals().get(currency, {}).get(key, 0)
