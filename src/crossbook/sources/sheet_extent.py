"""How many cells the sheets of a workbook may span.

The reader makes one array of the rectangle from a sheet's first to its last filled cell, so that a kilobyte with one
cell in the far corner asks for all of 17 thousand million.
"""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.errors import CrossbookError

FREE_CELLS = 4_000_000  # any workbook may have so many
CELLS_PER_BYTE = 8  # and a larger file more of them; filled ones take a quarter of a byte or more, packed
MAX_CELLS = 64_000_000  # a million rows of sixty columns; beyond that the memory of a desk computer ends
ROWS, COLUMNS = 1_048_576, 16_384  # what the formats have room for


@dataclass(frozen=True)
class Allowance:
    """How many cells the sheets of one workbook may span."""

    name: str
    cells: int

    @staticmethod
    def of(name: str, size: int) -> Allowance:
        """What a file of `size` bytes may have."""
        return Allowance(name, min(MAX_CELLS, FREE_CELLS + CELLS_PER_BYTE * size))


class Extent:
    """The rectangle that holds a sheet's filled cells, as the reader will make it; rows and columns from 0."""

    def __init__(self, allowance: Allowance, before: int = 0) -> None:
        self.allowance, self.before = allowance, before  # cells of other sheets that are held at the same time
        self.top = self.left = 1 << 62
        self.bottom = self.right = -1

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)

    def hold(self, row: int, column: int) -> None:
        """Make it hold this cell. Raises CrossbookError when it then spans more than is allowed."""
        if self.top <= row <= self.bottom and self.left <= column <= self.right:
            return
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        if self.before + self.cells > self.allowance.cells or row >= ROWS or column >= COLUMNS:
            raise CrossbookError(
                f"cell {cell_name(row, column)} makes a sheet of {self.bottom - self.top + 1:,} rows × "
                f"{self.right - self.left + 1:,} columns, which is more than can be opened",
                where=self.allowance.name,
                todo="clear that cell (Ctrl+End leads to it), or save the table as CSV",
            )


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell: A1 for row 0, column 0."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def damaged(name: str, why: str) -> CrossbookError:
    """What to tell of a workbook that cannot be read."""
    return CrossbookError(
        f"not a readable workbook: {why}", where=name, todo="open it in a spreadsheet and save it anew"
    )
