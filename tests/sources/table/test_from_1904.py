"""Workbooks that count days from 1904-01-01, as two libraries write them (xlwt and openpyxl): their column 交易日期
holds numbers that are no more than numbers, 起息日 days that are shown as such. By hand: 1904-01-01 and 44,580 days
is 2026-01-20; taken for a count from 1900 it would be 2022-01-19."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.sources import spreadsheet

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("name", ["from_1904.xls", "from_1904.xlsx"])
@pytest.mark.parametrize("header", ["交易日期", "起息日"])
def test_the_days_of_a_workbook_that_counts_from_1904(name: str, header: str) -> None:
    text = preview(CASES / name).text
    assert 'booked_on = "交易日期"' in text
    seen = preview(CASES / name, text=text.replace('booked_on = "交易日期"', f'booked_on = "{header}"'))
    assert [r["booked_on"] for r in seen.rows["bank"]] == [date(2026, 1, 20), date(2026, 1, 21)]
    assert seen.proofs == ["1 of 1 balances agree"]


@pytest.mark.parametrize(("name", "counts"), [("from_1904.xls", True), ("from_1904.xlsx", True), ("biff.xls", False)])
def test_the_flag_of_a_workbook_is_read(name: str, counts: bool) -> None:
    assert spreadsheet.from_1904(CASES / name) is counts
