"""What is read from several cells of a row: some joined, or what a pattern finds in any of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from crossbook.sources.table.amounts import bare


def joined(places: list[int]) -> Callable[[list[str]], str]:
    """The texts of several columns, with a stroke between."""
    return lambda cells: "/".join(cells[place].strip() for place in places)


def found(pattern: re.Pattern[str], *, amount: bool) -> Callable[[list[str]], str]:
    """What a pattern finds first in the cells of a row."""

    def read(cells: list[str]) -> str:
        match = next((m for cell in cells if (m := pattern.search(cell))), None)
        text = match[1] or "" if match else ""
        return bare(text)[0] if amount else text

    return read
