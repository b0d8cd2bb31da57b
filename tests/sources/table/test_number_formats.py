"""The currency that a workbook shows its amounts in, by the number formats that Excel writes for money."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
import xlsxwriter

from crossbook.book.mapping import Preview, preview
from crossbook.errors import CrossbookError
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.number_formats import shown
from crossbook.sources.source import Reading
from tests.sources.workbooks import biff, compound, ods


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


ROWS = (("2026-01-10", 100.0, 100.0), ("2026-01-11", -30.5, 69.5), ("2026-01-12", 12.25, 81.75))


def as_ods(path: Path, currency: str) -> Path:
    """Rows as LibreOffice writes them: an empty cell before, the currency in each sum's own cell."""

    def cells(*texts: str) -> str:
        told = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in texts
        )
        return f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{told}'

    def total(value: float) -> str:
        return f'<table:table-cell office:value-type="currency" office:currency="{currency}" office:value="{value}"/>'

    body = "".join(cells(day) + total(x) + total(y) + "</table:table-row>" for day, x, y in ROWS)
    return ods(path, cells("Date", "Amount", "Balance") + "</table:table-row>" + body)


def as_xls(path: Path, code: str, *, own: int = 164, eight: bool = True) -> Path:
    """Rows as Excel wrote them until 2003 (`eight`), or until 1995: texts in place, the balance in short numbers."""

    def text(at: int, column: int, told: str) -> bytes:
        flags = b"\0" if eight else b""
        return biff(0x0204, struct.pack("<HHHH", at, column, 0, len(told)) + flags + told.encode("cp1252"))

    letters = code.encode("utf-16-le") if eight else code.encode("cp1252")
    counted = struct.pack("<HHB", own, len(code), 1) if eight else struct.pack("<HB", own, len(code))
    kind = 0x0600 if eight else 0x0500
    begin = biff(0x0809, struct.pack("<HHHHII", kind, 0x05, 0, 0, 0, 0)[: 16 if eight else 8])
    begin += biff(0x041E, counted + letters)
    begin += biff(0x00E0, struct.pack("<HH16x", 0, 0)) + biff(0x00E0, struct.pack("<HH16x", 0, own))
    name = b"\x01\0S" if eight else b"\x01S"
    position = len(begin) + 4 + 6 + len(name) + 4
    begin += biff(0x0085, struct.pack("<IBB", position, 0, 0) + name) + biff(0x000A)
    sheet = biff(0x0809, struct.pack("<HHHHII", kind, 0x10, 0, 0, 0, 0)[: 16 if eight else 8])
    sheet += b"".join(text(0, i, t) for i, t in enumerate(("Date", "Amount", "Balance")))
    for i, (day, x, y) in enumerate(ROWS, start=1):
        sheet += text(i, 0, day) + biff(0x0203, struct.pack("<HHHd", i, 1, 1, x))
        sheet += biff(0x00BD, struct.pack("<HHHiH", i, 2, 1, round(y * 100) << 2 | 3, 2))
    return compound(path, begin + sheet + biff(0x000A))


def test_the_cells_of_an_ods_say_the_currency(tmp_path: Path) -> None:
    found = preview(as_ods(tmp_path / "a.ods", "EUR"))
    assert {r["currency"] for r in found.rows["bank"]} == {"EUR"} and not found.doubts and not found.bad


@pytest.mark.parametrize("eight", [True, False])
def test_the_formats_of_an_xls_say_the_currency(tmp_path: Path, eight: bool) -> None:
    found = preview(as_xls(tmp_path / "a.xls", "#,##0.00\\ [$€-407]", eight=eight))
    assert [r["amount"] for r in found.rows["bank"]] == [10_000, -3_050, 1_225]
    assert {r["currency"] for r in found.rows["bank"]} == {"EUR"} and not found.doubts and not found.bad


def test_a_format_of_an_xls_that_comes_with_excel_says_nothing(tmp_path: Path) -> None:
    assert [d.answer for d in preview(as_xls(tmp_path / "a.xls", '"£"#,##0.00', own=8)).doubts] == ["USD"]


def test_a_later_file_in_another_currency_is_refused(tmp_path: Path) -> None:
    """The mapping was made of one in euros."""
    mapped = mapping_from_text("m", preview(as_ods(tmp_path / "a.ods", "EUR")).text)
    reading = Reading(path=as_xls(tmp_path / "b.xls", "#,##0.00 [$£-809]"), name="b.xls", encoding="utf-8")
    with pytest.raises(CrossbookError, match="shows 6 amounts in GBP"):
        list(mapped.read(reading))
