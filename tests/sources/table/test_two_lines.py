"""Headers on two lines whose lower one names the sides of the amounts alone, with values that a person reads."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from crossbook.book.mapping import Preview, preview

RIGHT = [(date(2026, 1, 5), 720_000), (date(2026, 1, 6), -120_050), (date(2026, 1, 7), 10_000)]
BALANCES = [1_720_000, 1_599_950, 1_609_950]  # 17,200.00, less 1,200.50, and 100.00
ROWS = [  # day, text, money out, money in, balance
    ("2026-01-05", "货款", "", "7200.00", "17200.00"),
    ("2026-01-06", "房租", "1200.50", "", "15999.50"),
    ("2026-01-07", "利息", "", "100.00", "16099.50"),
]


def write(path: Path, rows: list[tuple[str, ...]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def values(seen: Preview) -> list[tuple[date, int]]:
    return [(row["booked_on"], row["amount"]) for row in seen.rows["bank"]]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (("Buchungstag", "Text", "Umsatz", "", "Saldo"), ("", "", "Soll", "Haben", "")),
        (("Buchungstag", "Text", "Betrag", "", "Saldo"), ("", "", "S", "H", "")),
        (("Datum", "Text", "Betrag", "", "Saldo"), ("", "", "Ausgang", "Eingang", "")),
        (("交易日期", "摘要", "发生额", "", "余额"), ("", "", "借方", "贷方", "")),
        (("交易日期", "摘要", "发生额", "", "余额"), ("", "", "借", "贷", "")),
        (("交易日期", "摘要", "交易金额", "", "账户余额"), ("", "", "支", "收", "")),
        (("交易日期", "摘要", "发生额", "发生额", "余额"), ("", "", "借方", "贷方", "")),
        (("", "", "发生额", "", ""), ("交易日期", "摘要", "借方", "贷方", "余额")),
        (("Date", "Description", "Amount", "", "Balance"), ("", "", "Dr", "Cr", "")),
        (("Date", "Libellé", "Montant", "", "Solde"), ("", "", "Débit", "Crédit", "")),
        (("Fecha", "Concepto", "Importe", "", "Saldo"), ("", "", "Debe", "Haber", "")),
        (("Data", "Descrizione", "Importo", "", "Saldo"), ("", "", "Dare", "Avere", "")),
        (("Data", "Opis", "Kwota", "", "Saldo"), ("", "", "Winien", "Ma", "")),
        (("Datum", "Omschrijving", "Bedrag", "", "Saldo"), ("", "", "Af", "Bij", "")),
    ],
)
def test_the_lower_line_names_the_sides_and_the_balance_proves_them(
    tmp_path: Path, upper: tuple[str, ...], lower: tuple[str, ...]
) -> None:
    seen = preview(write(tmp_path / "konto.csv", [upper, lower, *ROWS]))
    assert not seen.bad and values(seen) == RIGHT
    assert [row["balance"] for row in seen.rows["bank"]] == BALANCES
    assert seen.proofs == ["2 of 2 balances agree"]
    assert not [d for d in seen.doubts if "which way" in d.text]


@pytest.mark.parametrize("swapped", [False, True])
def test_sides_whose_words_nobody_knows_are_told_by_the_balance(tmp_path: Path, swapped: bool) -> None:
    rows = [(d, t, i, o, b) if swapped else (d, t, o, i, b) for d, t, o, i, b in ROWS]
    upper, lower = ("交易日期", "摘要", "发生额", "", "余额"), ("", "", "甲栏", "乙栏", "")
    seen = preview(write(tmp_path / "account.csv", [upper, lower, *rows]))
    assert values(seen) == RIGHT and seen.proofs == ["2 of 2 balances agree"]
    assert not [d for d in seen.doubts if "which way" in d.text]


def test_sides_whose_words_nobody_knows_are_asked_about_without_a_balance(tmp_path: Path) -> None:
    upper, lower = ("交易日期", "摘要", "发生额", ""), ("", "", "甲栏", "乙栏")
    seen = preview(write(tmp_path / "account.csv", [upper, lower, *(row[:4] for row in ROWS)]))
    assert not seen.bad and len(values(seen)) == 3
    (asked,) = [d.text for d in seen.doubts if "which way" in d.text]
    assert "line 3" in asked and "7,200.00 CNY" in asked


def test_two_sums_in_each_row_are_no_sides(tmp_path: Path) -> None:
    rows = [("2026-01-05", "货款", "1000.00", "7200.00"), ("2026-01-06", "房租", "200.00", "1440.00")]
    upper, lower = ("交易日期", "摘要", "发生额", ""), ("", "", "美元", "折人民币")
    seen = preview(write(tmp_path / "account.csv", [upper, lower, *rows]))
    assert "credit" not in seen.text


def test_a_balance_beside_its_side(tmp_path: Path) -> None:
    upper, lower = ("日期", "摘要", "发生额", "", "余额", ""), ("", "", "借方", "贷方", "方向", "金额")
    rows = [(d, t, o, i, "贷", b) for d, t, o, i, b in ROWS]
    seen = preview(write(tmp_path / "account.csv", [upper, lower, *rows]))
    assert not seen.bad and values(seen) == RIGHT and seen.proofs == ["2 of 2 balances agree"]


def test_merged_cells_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "konto.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for column, text in ((0, "Buchungstag"), (1, "Verwendungszweck"), (4, "Saldo")):
            sheet.merge_range(0, column, 1, column, text)
        sheet.merge_range(0, 2, 0, 3, "Umsatz")
        sheet.write_row(1, 2, ["Soll", "Haben"])
        for number, (day, text, out, in_, balance) in enumerate(ROWS, start=2):
            sheet.write_row(number, 0, [day, text])
            for column, figure in ((2, out), (3, in_), (4, balance)):
                if figure:
                    sheet.write_number(number, column, float(figure))
    seen = preview(path)
    assert not seen.bad and values(seen) == RIGHT and seen.proofs == ["2 of 2 balances agree"]
