"""Days by their own figures, by the period that a heading states, and as numbers of a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.sources.table import days
from crossbook.sources.table.days import turned


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("日期区间：2024-12-01 至 2024-12-31", date(2024, 12, 1), date(2024, 12, 31)),
        ("Statement Period: 01-Jan-2024 to 31-Jan-2024", date(2024, 1, 1), date(2024, 1, 31)),
        ("Zeitraum: 01.02.2024 - 03.03.2024", date(2024, 2, 1), date(2024, 3, 3)),
        ("Period 01/02/2024 to 28/02/2024", date(2024, 2, 1), date(2024, 2, 28)),
    ],
)
def test_a_heading_states_a_period(text: str, first: date, last: date) -> None:
    assert days.period(text) == (first, last)


@pytest.mark.parametrize("text", ["Period 01/02/2024 to 02/03/2024", "2024-12-01", "Amount from 2024"])
def test_a_period_whose_own_order_is_open_says_nothing(text: str) -> None:
    assert days.period(text) is None


def test_a_stated_period_decides_the_order() -> None:
    texts = ["01/02/2024", "03/02/2024"]
    assert set(days.decided(texts, 2027)) == {"dmy", "mdy"}
    assert days.decided(texts, 2027, within=(date(2024, 2, 1), date(2024, 2, 29))) == ("dmy",)
    assert len(days.decided(texts, 2027, within=(date(2024, 1, 1), date(2024, 3, 31)))) == 2


def test_two_orders_that_read_every_day_alike_are_one() -> None:
    assert days.orders(["14.06.2021", "01.07.2021"], 2027) == ("dmy",)


def test_a_number_counted_from_1904_is_1462_days_later() -> None:
    """44580 days after 1904-01-01 is 2026-01-20, which is 46042 days after 1899-12-30."""
    assert days.from_1904("44580") == "46042" and days.written("46042", "ymd") == "2026-01-20"
    assert days.from_1904("2026-01-20") == "2026-01-20"


@pytest.mark.parametrize(
    "text",
    [
        *("15-Jan-26", "15-Jan-2026", "15 Jan 2026", "15/Jan/2026", "15. Januar 2026", "15 janvier 2026", "15-ene-26"),
        *("15 enero 2026", "15 gennaio 2026", "15 de janeiro de 2026", "15 januari 2026", "15 stycznia 2026"),
        *("15. tammikuuta 2026", "15. ledna 2026", "15 января 2026", "15 ianuarie 2026", "15 Ocak 2026"),
    ],
)
def test_months_in_words(text: str) -> None:
    """As the Unicode CLDR names the months; the day stands first."""
    assert days.read(text, "ymd") == date(2026, 1, 15)


@pytest.mark.parametrize("text", ["15-Jan-99", "15-Jan-04", "32-Jan-26", "15-Foo-26"])
def test_what_is_no_day_with_a_month_in_words(text: str) -> None:
    assert not days.is_day(text)


def test_the_order_of_days_that_are_too_old_is_named() -> None:
    assert days.nearest(["12/31/99", "01/13/00"]) == ("mdy",)
    assert days.nearest(["31.12.99", "13.01.00"]) == ("dmy",)
    assert days.nearest(["text"]) == ()
    assert days.refusal("12/31/99", "mdy").startswith("not a day in the order mdy from 2005")
    assert days.refusal("31/12/26", "mdy") == "not a day in the order mdy"


def test_days_that_a_spreadsheet_turned_round_are_asked_about(tmp_path: Path) -> None:
    """05/01/2026 and 06/01/2026 became 2026-05-01 and 2026-06-01 in a workbook; 13/01/2026 stayed text."""
    path = tmp_path / "mixed.csv"
    rows = "2026-05-01,a,72.00,\n2026-06-01,b,,12.00\n13/01/2026,c,5.00,\n16/01/2026,d,,1.00\n"
    path.write_text(f"Account,ACC-1\nCurrency,EUR\nDate,Details,Paid in,Paid out\n{rows}")
    (doubt,) = preview(path).doubts
    assert doubt.answer == "2026-05-01" and doubt.text.endswith("2026-05-01 may be 2026-01-05")
    assert turned(["2026-05-01", "2026-06-01", "13/01/2026"]) == ("2026-05-01", "2026-01-05")
    assert turned(["2026-05-13", "2026-06-01", "13/01/2026"]) is None
    assert turned(["2026-05-01", "11/01/2026"]) is None
    assert turned(["05/01/2026", "13/01/2026"]) is None


def test_days_in_order_only_the_other_way_are_not_added(tmp_path: Path, book: Book) -> None:
    """3 May, 3 July, 1 April run in no order; March 5, March 7 and April 1 do."""
    head = "Account,ACC-9\nCurrency,EUR\nDate,Details,Paid in,Paid out\n"
    first, later = tmp_path / "first.csv", tmp_path / "later.csv"
    first.write_text(head + "13/01/2026,a,1.00,\n14/02/2026,b,,2.00\n")
    seen = preview(first)
    keep_mapping(book, seen.name, seen.kept)
    later.write_text(head + "03/05/2026,a,1.00,\n03/07/2026,b,,2.00\n04/01/2026,c,3.00,\n")
    with pytest.raises(CrossbookError, match="only as mdy, and the mapping says dmy"):
        add(book, inputs([later])[0])
    assert add(book, inputs([later])[0], yes=("dmy",)).facts == {"bank": 3}
