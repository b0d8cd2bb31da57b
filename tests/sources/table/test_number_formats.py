"""The currency that a workbook shows its amounts in, by the number formats that Excel writes for money."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from crossbook.book.mapping import Preview, preview
from crossbook.sources.number_formats import shown


@pytest.mark.parametrize(
    ("code", "currencies"),
    [
        ("#,##0.00 [$€-407]", "EUR"),
        ("[$¥-804]#,##0.00", "CNY"),
        ("[$￥-411]#,##0", "JPY"),
        ("[$￥-ja-JP]#,##0", "JPY"),
        ('"US$"#,##0.00', "USD"),
        ("_-[$£-809]* #,##0.00_-", "GBP"),
        ("[$$-409]#,##0.00", "USD"),
        ("[$$-1009]#,##0.00", "CAD"),
        ("[$HK$-C04]#,##0.00", "HKD"),
        ("[$R$-416] #,##0.00", "BRL"),
        ("#,##0.00 [$EUR];[Red]-#,##0.00 [$EUR]", "EUR"),
        ('#,##0.00\\ "€"', "EUR"),
        ("[$kr-41D]#,##0.00", "SEK"),
        ("#,##0.00 [$₽-419]", "RUB"),
        ('_ "￥"* #,##0.00_ ', "CNY JPY"),
        ("¥#,##0", "CNY JPY"),
        ("[$-409]d-mmm", ""),
        ("[$-804]#,##0.00", ""),
        ('yyyy"年"m"月"', ""),
        ('#,##0.00"元"', ""),
        ("General", ""),
        ("[Red]-#,##0.00", ""),
    ],
)
def test_what_a_format_shows(code: str, currencies: str) -> None:
    assert " ".join(sorted(shown(code) or ())) == currencies


def seen(folder: Path, formats: str | list[str], header: str = "Amount", above: str = "") -> Preview:
    """A statement of three rows from cell B2 on, whose amounts have these formats."""
    path = folder / "statement.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("Statement")
        sheet.write(1, 1, above)
        for column, text in enumerate(("Date", "Details", header, "Balance")):
            sheet.write(2, 1 + column, text)
        told = [formats] * 3 if isinstance(formats, str) else formats
        for i, (sum_, after, code) in enumerate(zip((100.0, -30.5, 12.25), (100.0, 69.5, 81.75), told, strict=True)):
            style = book.add_format({"num_format": code})
            sheet.write(3 + i, 1, f"2026-01-1{i}")
            sheet.write(3 + i, 2, "shop")
            sheet.write_number(3 + i, 3, sum_, style)
            sheet.write_number(3 + i, 4, after, style)
    return preview(path)


@pytest.mark.parametrize(("code", "currency"), [("#,##0.00 [$€-407]", "EUR"), ("[$¥-804]#,##0.00", "CNY")])
def test_a_format_says_the_currency(tmp_path: Path, code: str, currency: str) -> None:
    found = seen(tmp_path, code)
    assert {r["currency"] for r in found.rows["bank"]} == {currency} and not found.doubts and not found.bad


def test_a_sign_of_several_currencies_is_a_guess(tmp_path: Path) -> None:
    found = seen(tmp_path, "¥#,##0.00")
    assert [d.answer for d in found.doubts] == ["CNY"]


@pytest.mark.parametrize(
    ("header", "above", "read"),
    [("Amount (USD)", "", "USD"), ("Amount", "Currency: GBP", "GBP"), ("金额(元)", "币种：人民币", "CNY")],
)
def test_a_format_that_contradicts_what_the_table_says_asks(tmp_path: Path, header: str, above: str, read: str) -> None:
    found = seen(tmp_path, "#,##0.00 [$€-407]", header, above)
    assert {r["currency"] for r in found.rows["bank"]} == {read}
    text = f"the workbook shows 6 amounts in EUR, first in row 4: they are read in {read}"
    assert text in [d.text for d in found.doubts]


def test_amounts_in_two_formats_ask(tmp_path: Path) -> None:
    found = seen(tmp_path, ["#,##0.00 [$€-407]", '"US$"#,##0.00', "#,##0.00 [$€-407]"])
    assert any("the workbook shows" in d.text for d in found.doubts)


def test_a_format_that_agrees_asks_nothing(tmp_path: Path) -> None:
    assert not seen(tmp_path, "¥#,##0.00", "金额", "币种：人民币").doubts
    assert not seen(tmp_path, "$#,##0.00", "Amount", "Currency: CAD").doubts
