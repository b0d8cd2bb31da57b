"""Totals of a period among the rows, with a day and without a word that says so: never money of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview
from crossbook.sources.table.subtotals import is_bare

HEAD = "Account,ACC-1\nCurrency,EUR\nDate,Details,Paid in,Paid out\n2026-01-05,a,7200.00,\n2026-01-06,b,100.00,\n"
CHINESE = "账号：,6222000000000009,币种：,人民币\n交易日期,摘要,收入,支出,余额\n,期初余额,,,10000.00\n"


def seen(folder: Path, text: str) -> Preview:
    path = folder / "statement.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path)


@pytest.mark.parametrize("word", ["January", "Jan 2026", "1月", "2026年1月", "Q1", ""])
def test_a_month_with_the_sum_of_the_rows_above_it_is_asked_about(tmp_path: Path, word: str) -> None:
    found = seen(tmp_path, f"{HEAD}2026-01-31,{word},7300.00,\n2026-02-01,fee,,5.00\n")
    assert [(d.answer, d.text) for d in found.doubts] == [
        ("6", "line 6 is the sum of the rows above it, and may be their total: 7,300.00 EUR")
    ]


def test_a_row_that_is_no_sum_or_has_words_of_its_own_is_not(tmp_path: Path) -> None:
    assert not seen(tmp_path, HEAD + "2026-01-31,January,7301.00,\n").doubts
    assert not seen(tmp_path, HEAD + "2026-01-31,Sale,7300.00,\n").doubts


@pytest.mark.parametrize("word", ["小计", "合計", "Zwischensumme", "Subtotal", "Total", "本年累计", "本月合计", "합계"])
def test_a_total_with_a_day_is_no_row(tmp_path: Path, word: str) -> None:
    found = seen(tmp_path, f"{HEAD}2026-01-31,{word},7300.00,\n2026-02-01,fee,,5.00\n")
    assert [r["amount"] for r in found.rows["bank"]] == [720_000, 10_000, -500]
    assert [(line, role) for line, role, _ in found.left_out] == [(6, "total")] and not found.doubts and not found.bad


MONTHS = (
    "January total|Total January 2026|Total du mois de janvier|Summe Januar 2026|Zwischensumme Januar|Total enero|"
    "Totale di gennaio|1月合计|2026年1月份合计|本月发生额|1月計|1월 합계|Totaal januari|Razem styczeń|Razem za styczeń|"
    "Итого за январь|Total de janeiro|รวมเดือนมกราคม|Total bulan Januari|إجمالي يناير|Total 01/2026|Toplam Ocak|"
    "Összesen január|Tổng cộng tháng 1|Total d’août|Total 01.01.2026 - 31.01.2026|** Sub-total January **"
).split("|")


@pytest.mark.parametrize("place", ["with a day", "without", "in the day's column"])
@pytest.mark.parametrize("word", MONTHS)
def test_the_only_total_of_a_month_is_no_row(tmp_path: Path, word: str, place: str) -> None:
    row = {"with a day": f"2026-01-31,{word}", "without": f",{word}", "in the day's column": f"{word},"}[place]
    found = seen(tmp_path, f"{HEAD}{row},7300.00,\n2026-02-01,fee,,5.00\n")
    assert [r["amount"] for r in found.rows["bank"]] == [720_000, 10_000, -500]
    assert [(line, role) for line, role, _ in found.left_out] == [(6, "total")] and not found.doubts and not found.bad


def test_a_total_of_a_month_that_is_no_sum_asks(tmp_path: Path) -> None:
    found = seen(tmp_path, f"{HEAD}2026-01-31,January total,7301.00,\n2026-02-01,fee,,5.00\n")
    assert [r["amount"] for r in found.rows["bank"]] == [720_000, 10_000, -500]
    assert [d.text for d in found.doubts] == ["total of line 6 is not the sum of the rows: 7301.00"]


def test_the_net_turnover_of_a_month_asks(tmp_path: Path) -> None:
    """7,300.00 in and 50.00 out are 7,250.00."""
    found = seen(
        tmp_path, f"{HEAD}2026-01-07,fee,,50.00\n2026-01-31,Turnover in January,7250.00,\n2026-02-01,fee,,5.00\n"
    )
    assert [d.answer for d in found.doubts] == ["7"]


@pytest.mark.parametrize(
    "word", ["TOTAL ENERGIES PARIS", "Total Wine & More", "TOTAL 1234", "Marketing total", "设计", "Sum Up"]
)
def test_a_firm_called_so_is_a_row(tmp_path: Path, word: str) -> None:
    found = seen(tmp_path, f"{HEAD}2026-01-31,{word},,20.00\n2026-02-01,fee,,5.00\n")
    assert [r["amount"] for r in found.rows["bank"]] == [720_000, 10_000, -2_000, -500] and not found.doubts


def test_a_total_of_the_year_without_a_day_is_no_row(tmp_path: Path) -> None:
    """The year's total is of more than the file: it proves nothing, and contradicts nothing."""
    rows = "2026-03-05,收款,7200.00,,17200.00\n,本月合计,7200.00,,\n,本年累计,9200.00,1200.50,\n"
    found = seen(tmp_path, CHINESE + rows)
    assert [r["amount"] for r in found.rows["bank"]] == [720_000] and not found.bad and not found.doubts
    assert [role for _, role, _ in found.left_out] == ["opening", "total", "total"]


@pytest.mark.parametrize(
    ("cells", "bare"),
    [
        (["2026-01-31", "January", "7300.00", ""], True),
        (["2026-01-31", "", "7300.00", ""], True),
        (["2026-01-31", "Amazon", "7300.00", ""], False),
        (["2026-01-31", "January", "7300.00", "Miete"], True),
        (["2026-01-31", "Turnover in January", "7300.00", ""], True),
        (["2026-01-31", "Rent of the flat in the old town since January", "7300.00", ""], False),
    ],
)
def test_which_rows_may_be_a_total_of_a_period(cells: list[str], bare: bool) -> None:
    assert is_bare(cells, {0, 2}) is bare
