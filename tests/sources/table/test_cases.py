"""Tables as banks and wallets write them, each with the values that a person reads in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview

CASES = Path(__file__).parent / "cases"
RIGHT = {  # what a person reads: amounts in minor units, by hand
    "biff.xls": [720_000, -120_050],
    "flag_column.xlsx": [720_000, -120_050, 10_000],
    "dc.csv": [-3_350, 10_000],
    "two_columns_serial.xlsx": [720_000, -120_050, 10_010],
    "two_row_header.xlsx": [720_000, -120_050],
    "signs.csv": [720_000, -120_050, 100_000, -50_000, -100_000],
    "float_noise.xlsx": [30],
    "same_bank_cny.xlsx": [720_000],
    "bank-gb18030.csv": [1_234_560, -50_000, 100_000],
}


def case(name: str) -> Preview:
    return preview(CASES / name)


@pytest.mark.parametrize("name", RIGHT)
def test_the_amounts_are_those_that_people_read(name: str) -> None:
    seen = case(name)
    assert not seen.bad
    assert [row["amount"] for row in seen.rows["bank"]] == RIGHT[name]


@pytest.mark.parametrize(
    ("name", "proofs"),
    [
        ("flag_column.xlsx", ["2 of 2 balances agree", "2 of 2 totals agree", "2 of 2 counts agree"]),
        ("two_columns_serial.xlsx", ["2 of 2 balances agree", "2 of 2 totals agree", "1 of 1 counts agree"]),
        ("signs.csv", ["4 of 4 balances agree"]),
        ("alipay.csv", ["2 of 2 totals agree", "3 of 3 counts agree"]),
        ("dc.csv", ["1 of 1 balances agree"]),
    ],
)
def test_what_proves_the_reading_is_said(name: str, proofs: list[str]) -> None:
    assert case(name).proofs == proofs


def test_a_serial_number_of_a_workbook_is_a_day() -> None:
    """46042 days after 1899-12-30 is 2026-01-20."""
    assert [row["booked_on"] for row in case("two_columns_serial.xlsx").rows["bank"]][2] == date(2026, 1, 20)


def test_money_neither_in_nor_out_is_asked_about() -> None:
    seen = case("alipay.csv")
    assert [row["amount"] for row in seen.rows["bank"]] == [720_000, -120_050]
    (bad,) = seen.bad
    assert (bad.line, bad.value) == (14, "不计收支") and "neither money in nor out" in bad.reason


def test_a_person_may_say_that_some_rows_move_no_money() -> None:
    text = case("alipay.csv").text.replace('out = ["支出"]', 'out = ["支出"]\nnone = ["不计收支"]')
    seen = preview(CASES / "alipay.csv", text=text)
    assert not seen.bad and [row["amount"] for row in seen.rows["bank"]] == [720_000, -120_050]
    assert [(line, role) for line, role, _ in seen.left_out] == [(14, "neither")]
    assert seen.proofs == ["2 of 2 totals agree", "3 of 3 counts agree"]


def test_an_order_of_days_that_nothing_decides_is_asked_about() -> None:
    seen = case("dmy_two_digit.csv")
    text = next(d.text for d in seen.doubts if "order of day and month" in d.text)
    assert "2020-04-01" in text and "2020-01-04" in text and "2001" not in text


@pytest.mark.parametrize(
    ("name", "account", "currency"),
    [
        ("flag_column.xlsx", "6222000000000001", "CNY"),
        ("same_bank_cny.xlsx", "1111", "CNY"),
        ("bank-gb18030.csv", "6217000000001234", "CNY"),
        ("alipay.csv", "x@example.com", "CNY"),
    ],
)
def test_account_and_currency_are_what_the_heading_says(name: str, account: str, currency: str) -> None:
    rows = case(name).rows["bank"]
    assert {(row["account"], row["currency"]) for row in rows} == {(account, currency)}
    assert not any("currency" in d.text for d in case(name).doubts)


def test_lines_of_totals_are_no_rows() -> None:
    assert [(line, role) for line, role, _ in case("flag_column.xlsx").left_out] == [(8, "total"), (9, "total")]
