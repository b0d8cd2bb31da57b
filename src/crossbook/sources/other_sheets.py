"""The sheets of a workbook that look like statements and are not the one that is read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from crossbook.sources import header_words
from crossbook.sources.encoding import heads
from crossbook.sources.heading import split
from crossbook.sources.table import days
from crossbook.sources.table.layout import headers

LOOKED_AT = 20  # rows below a header that show whether it is one


def other_sheets(
    path: Path, name: str, read: int, own: Collection[str] = (), *, bank: bool = True
) -> list[tuple[int, str]]:
    """The number of each sheet, of those that have rows and from 1, with a bank's header or the headers `own` (in lower
    case), and days below, and a sentence; `read` is the place of the one that is read."""
    found = []
    for sheet, head in enumerate(heads(path, name)):
        number = sheet + 1
        if sheet == read:
            continue
        for layout in headers(head.heading, sheet, ","):
            below = [split(text, ",") for text in head.lines[layout.line : layout.line + LOOKED_AT]]
            plain = [h for h in layout.plain if h]
            told = (bank and header_words.match("bank", plain)) or (own and set(own) <= set(plain))
            if told and any(map(days.is_day, sum(below, ()))):
                text = f"sheet {number} has a table, too, which is not read: save it as a file of its own"
                found.append((number, text))
                break
    return found
