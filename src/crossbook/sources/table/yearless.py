"""Days without a year ('05/09, 5 Sep), as KlikBCA writes them: the year is that of the period above the table, or of
the month in the file's name; what neither tells stays as it is, and is refused."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Sequence
from datetime import date

from crossbook.sources.table import days
from crossbook.sources.table.amounts import unquoted

Ends = tuple[str, str]  # the first and the last day of a period, as they are written
Role = Callable[[list[str]], str]

_DAY = re.compile(r"(\d{1,2})([/.\- ])(\d{1,2})\.?|(\d{1,2})([/.\- ]?)([^\W\d_]{3,})\.?")
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])(?![-_.]?\d)")
_ORDERS = ("dmy", "mdy")
REFUSAL = (
    "a day without a year: neither a period above the table nor a month in the file's name (statement_2026-09.csv) "
    "says which year it is of"
)


def ends(above: Sequence[Sequence[str]], stem: str) -> Ends | None:
    """The period that the lines above a table state, or else the month in a file's name; None where there is none, or
    the name has several."""
    for row in above:
        if (found := days.ends(" ".join(c for c in row if c))) is not None:
            return found
    months = set(_IN_NAME.findall(stem))
    if len(months) != 1:
        return None
    year, month = map(int, months.pop())
    return f"{date(year, month, 1)}", f"{date(year, month, monthrange(year, month)[1])}"


def is_one(text: str) -> bool:
    """Whether a cell holds a day and a month, and no year."""
    return any(_of(text, 2024, order) is not None for order in _ORDERS)


def completed(text: str, period: Ends) -> str:
    """A day with the one year by which it lies in the period, however day and month are told apart; the text as it is
    where there is no such year, or several."""
    if _DAY.fullmatch(unquoted(text)) is None:
        return text
    years: dict[int, str] = {}
    for order in _ORDERS:
        first, last = (days.read(end, order) for end in period)
        if first is None or last is None:
            continue
        for year in range(first.year, last.year + 1):
            told = _of(text, year, order)
            day = days.read(told, order) if told else None
            if told and day is not None and first <= day <= last:
                years[year] = told
    return next(iter(years.values())) if len(years) == 1 else text


def completing(role: Role, places: Collection[int], period: Ends | None) -> Role:
    """What tells the role of a line, after its days have got their year."""
    if period is None:
        return role

    def complete(cells: list[str]) -> str:
        for place in places:
            if cells[place]:
                cells[place] = completed(cells[place], period)
        return role(cells)

    return complete


def _of(text: str, year: int, order: str) -> str | None:
    """A day of such a text with a year behind it; None where it is none in this order."""
    match = _DAY.fullmatch(unquoted(text))
    if match is None:
        return None
    mark = match[2] or match[5] or " "
    told = f"{match[1] or match[4]}{mark}{match[3] or match[6]}{mark}{year}"
    return told if days.read(told, order) is not None else None
