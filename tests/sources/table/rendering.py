"""Cells as text and as workbooks write them. Nothing here is taken from the reader."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date

import xlsxwriter


@dataclass(frozen=True)
class Day:
    """A day in a cell."""

    day: date


@dataclass(frozen=True)
class Money:
    """An amount in a cell, in the smallest unit; `signed`: written with its way, by the habits of its table."""

    minor: int
    signed: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The lines of a table, and how it writes days and amounts."""

    lines: list[list[object]]
    days: str
    point: str
    group: str
    decimals: int
    habits: frozenset[str]
    sign: str = ""


def as_text(sheet: Sheet, delimiter: str, encoding: str, rng: random.Random) -> bytes:
    """The table as delimited text."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if rng.random() < 0.2 else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=rng.choice(["\n", "\r\n"]), quoting=quoting)
    for line in sheet.lines:
        writer.writerow([_text(cell, sheet) for cell in line])
    return out.getvalue().encode(encoding, errors="replace")


def as_workbook(sheet: Sheet, rng: random.Random) -> bytes:
    """The table as a workbook: days as serial numbers or texts, amounts as numbers or texts; perhaps a sheet before
    it, a hidden one, a title over merged cells, and the count of days from 1904."""
    out = io.BytesIO()
    from_1904 = rng.random() < 0.15
    plain = not sheet.sign and "yuan" not in sheet.habits
    numbers, serials, formatted = plain and rng.random() < 0.6, rng.random() < 0.6, rng.random() < 0.7
    cover, hidden, merged = rng.random() < 0.2, rng.random() < 0.2, rng.random() < 0.2
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": from_1904}) as book:
        style = book.add_format({"num_format": "yyyy-mm-dd"})
        if cover:
            book.add_worksheet("Info").write(0, 0, "2026")
        page = book.add_worksheet()
        if hidden:
            extra = book.add_worksheet("old")
            extra.write_row(0, 0, ["x", "y"])
            extra.hide()
        first = 0
        if merged:
            page.merge_range(0, 0, 0, 3, "2026")
            first = 1
        for row, line in enumerate(sheet.lines, start=first):
            for column, cell in enumerate(line):
                if isinstance(cell, Day) and serials and formatted:
                    page.write_datetime(row, column, cell.day, style)
                elif isinstance(cell, Day) and serials:
                    zero = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
                    page.write_number(row, column, (cell.day - zero).days)
                elif isinstance(cell, Money) and numbers:
                    page.write_number(row, column, cell.minor / 10**sheet.decimals)
                else:
                    page.write_string(row, column, _text(cell, sheet))
    return out.getvalue()


def _text(cell: object, sheet: Sheet) -> str:
    if isinstance(cell, Day):
        text = cell.day.strftime(sheet.days)
        text = f'="{text}"' if "formula" in sheet.habits else text
        return text + "  \t" if "padded" in sheet.habits else text
    if not isinstance(cell, Money):
        return str(cell)
    size = _number(abs(cell.minor), sheet)
    if "yuan" in sheet.habits:
        size += "元"
    size = sheet.sign + size
    if cell.minor >= 0:
        return "+" + size if "plus" in sheet.habits and cell.signed else size
    if "trailing" in sheet.habits:
        return size + "-"
    return f"({size})" if "brackets" in sheet.habits else "-" + size


def _number(minor: int, sheet: Sheet) -> str:
    whole, rest = divmod(minor, 10**sheet.decimals)
    figures = str(whole)
    if sheet.group == "indian":
        head, tail = figures[:-3], figures[-3:]
        pairs = []
        while head:
            pairs.insert(0, head[-2:])
            head = head[:-2]
        figures = ",".join([*pairs, tail])
    elif sheet.group != "none":
        mark = {"comma": ",", "point": ".", "apostrophe": "'", "space": " "}[sheet.group]
        figures = f"{whole:,}".replace(",", mark)
    return f"{figures}{sheet.point}{rest:0{sheet.decimals}}" if sheet.decimals else figures
