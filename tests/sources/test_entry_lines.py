"""The report of entries as a spreadsheet saves it again: the same claims as ACE's CSV, or refused by name."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from crossbook.book import Book, init_book
from crossbook.book.adding import Added, add
from crossbook.book.opening import inputs
from crossbook.duty.desk import claims_of
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from tests.sources.reading import read

REPORT = Path(__file__).parents[1] / "duty" / "es003_edge.csv"
NUMBERS = ("Entry Type Code", "Entry Summary Line Number", "Tariff Ordinal Number")


def typed(head: str, text: str) -> Any:
    """A cell as a spreadsheet makes it of the text: days, amounts and codes as numbers."""
    if not text:
        return None
    if "Date" in head:
        return datetime.strptime(text, "%m/%d/%Y")  # noqa: DTZ007 - a day
    if "Amount" in head:
        return float(text.replace("$", "").replace(",", ""))
    return int(text) if head in NUMBERS else text


@pytest.fixture
def saved(book: Book, tmp_path: Path) -> Callable[..., Added]:
    """Adds the report as a workbook, with some cells written otherwise."""

    def put(other: Callable[[str, str], Any] = typed) -> Added:
        path = tmp_path / "es003.xlsx"
        head, *rows = csv.reader(REPORT.read_text(encoding="utf-8").splitlines())
        with xlsxwriter.Workbook(str(path)) as made:
            sheet, day = made.add_worksheet(), made.add_format({"num_format": "mm/dd/yyyy"})
            for at, row in enumerate([head, *([other(h, x) for h, x in zip(head, r, strict=True)] for r in rows)]):
                for place, cell in enumerate(row):
                    sheet.write(at, place, cell, day if isinstance(cell, datetime) else None)
        (item,) = inputs([path])
        return add(book, item)

    return put


def claimed(book: Book) -> list[tuple[Any, ...]]:
    found = claims_of(connect(book), date(2026, 11, 1))
    return sorted((c.entry, c.remedy, c.amount, c.perhaps, c.owed, c.interest) for c in found.claims)


def as_a_number(head: str, text: str) -> Any:
    """9903.01.24 as the number 9903.0124, 6109.10.0012 as 6109100012."""
    if not head.startswith("HTS"):
        return typed(head, text)
    return float(text[:7] + text[8:]) if text.startswith("99") else int(text.replace(".", ""))


@pytest.mark.parametrize("cells", [typed, as_a_number])
def test_a_workbook_gives_the_claims_of_the_report(
    cells: Callable[[str, str], Any], saved: Callable[..., Added], book: Book, tmp_path: Path
) -> None:
    saved(cells)
    theirs = claimed(book)
    other = init_book(tmp_path / "other")
    (item,) = inputs([REPORT])
    add(other, item)
    assert theirs == claimed(other) and len(theirs) > 3


def totalled(path: Path, *totals: str) -> Path:
    """The report with rows of totals. By hand its lines come to 40,000.00 of goods and 15,350.00 of duty, those of
    ZZA-1000001-1 to 10,000.00 and 3,650.00."""
    text = REPORT.read_text(encoding="utf-8").rstrip("\n")
    path.write_text("\n".join((text, *totals, "")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "totals",
    [
        ('Total,,,,,,,"$40,000.00","$15,350.00",,,',),
        ('总计:,,,,,,,,"$15,350.00",,,',),
        (',,,,,,,"$40,000.00","$15,350.00",,,',),
        (',,,,,,Sum:,"$40,000.00","$15,350.00",,,', ",,,,合计,,,40000.00,15350.00,,,"),  # beside the amounts
        ("ZZA-1000001-1,,,,,,Subtotal,10000.00,3650.00,,,",),
        ("ZZA-1000001-1 Total,,,,,,,10000.00,3650.00,,,", 'Grand Total,,,,,,,"$40,000.00","$15,350.00",,,'),
        ("Total for ZZA-1000001-1:,,,,,,,10000.00,3650.00,,,", "Subtotal ZZA-1000002-2,,,,,,,10000.00,3650.00,,,"),
    ],
)
def test_totals_that_the_lines_come_to_are_no_lines(totals: tuple[str, ...], book: Book, tmp_path: Path) -> None:
    (item,) = inputs([totalled(tmp_path / "es003.csv", *totals)])
    add(book, item)
    other = init_book(tmp_path / "other")
    (item,) = inputs([REPORT])
    add(other, item)
    assert claimed(book) == claimed(other) and len(claimed(book)) > 3


@pytest.mark.parametrize(
    ("total", "says"),
    [
        ('Total,,,,,,,"$40,000.00","$15,350.01",,,', "Line Tariff Duty Amount.*the lines come to 15,?350.00 USD"),
        ("ZZA-1000001-1 Total,,,,,,,,3600.00,,,", "the lines come to 3,?650.00 USD"),
        ("ZZA-9999999-9 Total,,,,,,,,3600.00,,,", "no line tells what it is of"),
        ("Total for ZZA-1000001-1,,,,,,,,3600.00,,,", "the lines come to 3,?650.00 USD"),
        ("Total for ZZA-9999999-9,,,,,,,,3600.00,,,", "no line tells what it is of"),
        (',,,,,,Total,,"$15,350.01",,,', "Line Tariff Duty Amount.*the lines come to 15,?350.00 USD"),
        ("Note,,,,,,,,5.00,,,", "Entry Date.*empty"),
        ("Note,,,,,,Total,,5.00,,,", "no line tells what it is of"),
        (",,,,CN,,Total,,5.00,,,", "Entry Date.*empty"),
    ],
)
def test_a_total_that_the_lines_do_not_come_to_stops(total: str, says: str, book: Book, tmp_path: Path) -> None:
    (item,) = inputs([totalled(tmp_path / "es003.csv", total)])
    with pytest.raises(CrossbookError, match=says):
        add(book, item)


@pytest.mark.parametrize(
    ("head", "change", "says"),
    [
        ("Entry Date", lambda _: 45797, "not a date"),  # a day whose cell lost its format
        ("Entry Date", lambda _: "32/05/2025", "no such day"),
        ("Entry Summary Number", lambda text: int(text[4:].replace("-", "")), "not an entry number of eleven places"),
        ("Line Tariff Goods Value Amount", lambda text: text.replace("$", "¥"), "not an amount in US dollars"),
        ("Line Tariff Duty Amount", lambda text: text.replace("$", "€"), "not an amount in US dollars"),
    ],
)
def test_what_a_cell_lost_is_refused_by_name(
    head: str, change: Callable[[str], Any], says: str, saved: Callable[..., Added]
) -> None:
    with pytest.raises(CrossbookError, match=says):
        saved(lambda name, text: change(text) if name == head else typed(name, text))


def test_digits_of_full_width_are_digits(book: Book, tmp_path: Path) -> None:
    wide = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)})
    text = REPORT.read_text(encoding="utf-8")
    for number in ("9903.01.24", "6109.10.0012"):
        text = text.replace(number, number.translate(wide))
    (tmp_path / "es003.csv").write_text(text, encoding="utf-8")
    (item,) = inputs([tmp_path / "es003.csv"])
    add(book, item)
    found = claimed(book)
    assert ("ZZA-1000007-7", "CAPE declaration in ACE", 300_000, 0, 0) in [row[:5] for row in found]


@pytest.mark.parametrize(
    ("days", "comma", "read"),
    [
        (("05/06/2025", "05/06/2025"), True, "can be read both ways"),
        (("05.06.2025", "05.06.2025"), False, "can be read both ways"),
        (("05/06/2025", "05/06/2025"), False, ["2025-05-06", "2025-05-06"]),
        (("05/20/2025", "05/06/2025"), True, ["2025-05-20", "2025-05-06"]),
        (("20/05/2025", "05/06/2025"), True, ["2025-05-20", "2025-06-05"]),
        (("20.05.2025", "05.06.2025"), True, ["2025-05-20", "2025-06-05"]),
        (("20/05/2025", "05/06/2025"), False, ["2025-05-20", "2025-06-05"]),
        (("05/20/2025", "05.06.2025"), True, "can be read both ways"),
        (("20/05/2025", "06/25/2025"), False, "both places"),
        (("2025-05-06", "5/5/2025"), True, ["2025-05-06", "2025-05-05"]),
    ],
)
def test_which_of_day_and_month_stands_first_in_a_copy(
    book: Book, tmp_path: Path, days: tuple[str, str], comma: bool, read: list[str] | str
) -> None:
    """A spreadsheet turns 05/20/2025 to 20/05/2025 as it likes: a number over 12 tells; ACE's order is no proof."""
    head, *rows = csv.reader(REPORT.read_text(encoding="utf-8").splitlines())
    dated, until = head.index("Entry Date"), head.index("Liquidation Date")
    sums = [i for i, h in enumerate(head) if "Amount" in h]
    taken = []
    for number, (day, row) in enumerate(zip(days, rows, strict=False), 1):
        row[0], row[dated], row[until] = f"ZZA-100000{number}-{number}", day, ""
        for i in sums:
            plain = row[i].replace("$", "").replace(",", "") or "0.00"
            row[i] = plain.replace(".", ",") if comma else plain
        taken.append(row)
    path = tmp_path / "es003.csv"
    path.write_text("\n".join(";".join(row) for row in (head, *taken)) + "\n", encoding="utf-8")
    (item,) = inputs([path])
    if isinstance(read, str):
        with pytest.raises(CrossbookError, match=read):
            add(book, item)
    else:
        assert add(book, item).status == "added"
        found = connect(book).rows("SELECT entered_on AS day FROM entry_line ORDER BY line")
        assert [str(row["day"]) for row in found] == read


def test_an_order_that_shows_late_in_a_long_report_is_not_mixed_with_what_was_taken_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rows are taken with the month first, as ACE writes them; then a day over 12 stands first."""
    monkeypatch.setattr("crossbook.sources.delimited.BLOCK_BYTES", 150)
    head, first, *_ = csv.reader(REPORT.read_text(encoding="utf-8").splitlines())
    dated, until = head.index("Entry Date"), head.index("Liquidation Date")
    rows = []
    for day in ("05/06/2025", "07/06/2025", "08/06/2025", "20/06/2025"):
        row = list(first)
        row[dated], row[until] = day, ""
        rows.append([cell.replace(",", "") for cell in row])
    path = tmp_path / "es003.csv"
    path.write_text("\n".join(",".join(row) for row in (head, *rows)) + "\n", encoding="utf-8")
    with pytest.raises(CrossbookError, match="both places"):
        read(path)
