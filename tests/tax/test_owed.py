"""Nothing is due until a number or sales make it due; periods before a number began or after it ended are nobody's."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.book import Book, open_book
from crossbook.decisions.kind import Plain
from crossbook.errors import CrossbookError
from crossbook.tax.desk import compute
from crossbook.tax.obliged import wanting
from crossbook.tax.owed import due, owed
from crossbook.tax.period import period
from tests.decisions.making import decided
from tests.tax.test_returns import opened, order

NUMBER = """
[[tax.identities]]
country = "EU"
kind = "ioss"
number = "IM3720000224"
from = 2026-05-10
"""
GB = """
[[tax.identities]]
country = "GB"
kind = "gb_vat"
number = "GB980780684"
from = 2026-01-01
"""


def periods(found: list) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    return [(d.deadline.kind, d.deadline.period.name) for d in found]


def test_an_empty_book_owes_nothing_and_says_what_would_make_it(book: Book) -> None:
    database = opened(book)
    on = date(2026, 7, 15)
    assert due(database, book, on) == []
    told = {o.kind: o.wants for o in owed(database, book, on)}
    assert set(told) == {"ioss", "oss", "uk_vat", "cn_platform"}
    assert "no gb_vat number" in told["uk_vat"] and "no sales" in told["cn_platform"]


def test_a_number_makes_its_months_due(book: Book) -> None:
    """From 10 May 2026: the return for May is due by 30 June, for June by 31 July; April's is nobody's."""
    found = periods(due(opened(book, NUMBER), book, date(2026, 7, 15)))
    assert found[:2] == [("ioss", "2026-05"), ("ioss", "2026-06")]
    assert {kind for kind, _ in found} == {"ioss"}
    assert {o.kind for o in owed(opened(book), book, date(2026, 7, 15)) if not o.wants} == {"ioss"}


def test_a_number_that_ended_and_one_to_come(book: Book) -> None:
    database = opened(book, NUMBER + "to = 2026-05-31\n")
    assert periods(due(database, book, date(2026, 7, 15))) == [("ioss", "2026-05")]
    wants = {o.kind: o.wants for o in owed(database, book, date(2026, 7, 15))}
    assert wants["ioss"] == "the ioss number ended on 2026-05-31"
    assert {o.kind: o.wants for o in owed(database, book, date(2026, 5, 1))}["ioss"].endswith("valid from 2026-05-10")


def test_sales_make_the_report_of_platforms_due(book: Book) -> None:
    """Sold in the fourth quarter of 2025, not in the first of 2026:
    only the one is reported of the two that are over."""
    database = opened(book, order=[order(1, "2025-11-05", 10_000, "DE")])
    found = periods(due(database, book, date(2026, 4, 5)))
    assert ("cn_platform", "2025-Q4") in found  # due on 31 January and not filed
    assert ("cn_platform", "2026-Q1") not in found and ("cn_platform", "2026-Q2") in found
    assert ("cn_platform", "2025-Q4") in periods(due(database, book, date(2026, 1, 5)))


def test_an_overdue_return_stays_until_it_is_filed(book: Book) -> None:
    """The number is valid from 10 May 2026, the first sale is of 12 June 2026. A year later June's return is overdue
    since 31 July 2026 and stays until it is filed; May's, before the first sale, is not shown."""
    database = opened(book, NUMBER, order=[order(1, "2026-06-12", 11_900, "DE")])
    found = periods(due(database, book, date(2027, 7, 15)))
    assert ("ioss", "2026-05") not in found and ("ioss", "2026-06") in found and ("ioss", "2026-07") in found
    told = Plain(book=book, database=database)
    decided(told, "return", form="ioss", period="2026-06", on="2026-07-10", yes=["open"])
    assert ("ioss", "2026-06") not in periods(due(database, book, date(2027, 7, 15)))


def test_what_was_filed_stays(book: Book) -> None:
    database = opened(book)
    told = Plain(book=book, database=database)
    decided(told, "return", form="ioss", period="2026-05", on="2026-06-10", yes=["open"])
    found = due(database, book, date(2026, 7, 15))
    assert periods(found) == [("ioss", "2026-05")] and found[0].filed and found[0].filed.on == "2026-06-10"


def test_wrong_numbers_are_no_reason_to_be_calm(book: Book) -> None:
    """The return of the number that is wrong is shown as due; the other one's is computed as ever."""
    database = opened(
        book, NUMBER.replace("IM3720000224", "IM123") + GB, order=[order(1, "2026-05-10", 120, "GB", currency="GBP")]
    )
    assert {kind for kind, _ in periods(due(database, book, date(2026, 7, 15)))} >= {"ioss", "uk_vat"}
    wants = {o.kind: o.wants for o in owed(database, book, date(2026, 7, 15))}
    assert wants["ioss"] == "the ioss number is wrong: ioss IM123: has the wrong length" and wants["uk_vat"] == ""
    with pytest.raises(CrossbookError, match="ioss IM123"):
        compute(database, book, "ioss", period("2026-05"))
    assert compute(database, book, "uk_vat", period("2026-Q2")).number == "GB980780684"


def test_a_return_is_due_for_who_has_to_make_it(book: Book) -> None:
    """A number from 10 May 2026 makes May's return due, not April's; the return says what the calendar does. Nothing
    sold in a quarter leaves nothing for platforms to report, and no export list nothing to be declared for refund."""
    database = opened(book, NUMBER, order=[order(1, "2026-05-12", 11_900, "DE")])
    told = {
        (kind, name): compute(database, book, kind, period(name)).wants
        for kind, name in (
            ("ioss", "2026-05"),
            ("ioss", "2026-04"),
            ("uk_vat", "2026-Q2"),
            ("cn_platform", "2026-Q1"),
            ("cn_refund", "2026-05"),
        )
    }
    assert told == {
        ("ioss", "2026-05"): "",
        ("ioss", "2026-04"): "the ioss number is valid from 2026-05-10",
        ("uk_vat", "2026-Q2"): "no gb_vat number is in book.toml: one in [[tax.identities]] would make it due",
        ("cn_platform", "2026-Q1"): "the book has no sale of 2026-Q1: one would make it due",
        ("cn_refund", "2026-05"): "the book has no export of 2026-05: one would make it due",
    }
    assert wanting(database, book, "cn_platform", period("2026-Q2")) == ""
    twice = opened(book, NUMBER)  # two that overlap: nobody can say that nothing is due
    assert wanting(twice, open_book(book.path), "ioss", period("2026-04")) == ""
