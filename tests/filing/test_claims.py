"""What the broker gets: the CAPE declaration in ACE's template, facts for protests, drawback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book
from crossbook.duty.desk import Claims, claims_of
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from crossbook.filing.claims import cape_files, drawback_sheet, protest_sheet
from crossbook.spreadsheets import as_csv

HEAD = (
    "Entry Summary Number,Entry Type Code,Port of Entry Code,Entry Date,Entry Summary Line Number,"
    "Country of Origin Code,Tariff Ordinal Number,HTS Number - Full,Line Tariff Goods Value Amount,"
    "Line Tariff Duty Amount,Liquidation Status,Liquidation Date,Protest Number\n"
)


def told(book: Book, add_text: Callable[..., Any], *entries: tuple[str, str, str]) -> Claims:
    rows = [
        f"{number},{kind},2704,05/20/2025,1,CN,{n},{hts},{value},{duty},{'Liquidated' if done else ''},{done},\n"
        for number, kind, done in entries
        for n, hts, value, duty in (
            (1, "9903.01.24", 0, 2000),
            (2, "9903.88.15", 0, 750),
            (3, "6109.10.0012", 10000, 1650),
        )
    ]
    add_text("es003.csv", HEAD + "".join(rows))
    return claims_of(connect(book), date(2026, 9, 1))


def test_the_cape_declaration_is_the_template_of_ace(book: Book, add_text: Callable[..., Any]) -> None:
    """One column, its header "Entry Number", eleven characters a row, no mark before it; only what CAPE takes."""
    found = told(
        book,
        add_text,
        ("ZZA-1000007-7", "01", ""),
        ("ZZA-1000001-1", "01", "07/20/2026"),
        ("ZZA-1000002-2", "47", ""),
        ("ZZA-1000003-3", "01", "03/20/2026"),  # liquidated more than 80 days ago
    )
    (sheet,) = cape_files(found.claims)
    assert as_csv(sheet.heads, sheet.rows, mark=False) == b"Entry Number\r\nZZA10000011\r\nZZA10000077\r\n"


def test_a_number_that_ace_would_not_take_stops_it(book: Book, add_text: Callable[..., Any]) -> None:
    found = told(book, add_text, ("ZZA-1-7", "01", ""))
    with pytest.raises(CrossbookError, match="ZZA-1-7"):
        cape_files(found.claims)


def test_the_facts_for_a_protest(book: Book, add_text: Callable[..., Any]) -> None:
    found = told(book, add_text, ("ZZA-1000003-3", "01", "03/20/2026"), ("ZZA-1000007-7", "01", ""))
    sheet = protest_sheet(found.claims)
    (row,) = [dict(zip(sheet.heads, cells, strict=True)) for cells in sheet.rows]
    assert row["entry number"] == "ZZA-1000003-3"
    assert row["port code"] == "2704"
    assert row["liquidation date"] == date(2026, 3, 20)
    assert row["file by"] == date(2026, 9, 16)
    assert (row["duty paid"], row["duty claimed"], row["refund"]) == ("2000.00", "0.00", "2000.00")


def test_drawback_lists_what_is_left(book: Book, add_text: Callable[..., Any], tmp_path: Path) -> None:
    found = told(book, add_text, ("ZZA-1000007-7", "01", ""))
    sheet = drawback_sheet(found.drawback)
    (row,) = [dict(zip(sheet.heads, cells, strict=True)) for cells in sheet.rows]
    assert row["duty that drawback reaches"] == "2400.00"
    assert row["99 % of it"] == "2376.00"
    assert row["quantity entered"] is None
