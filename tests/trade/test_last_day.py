"""The day of the figures: the last that files speak of, whatever says it, and none to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine import connect
from crossbook.trade.last_day import day_of_figures, last_day
from tests.settle.making import amazon, camt

TODAY = date(2026, 5, 1)


def test_a_book_that_speaks_of_no_day(book: Book) -> None:
    assert last_day(connect(book)) is None
    assert day_of_figures(connect(book), TODAY) == TODAY


def test_the_last_of_payouts_and_of_bank_entries_of_either_sign(book: Book, add_text: Callable[..., Added]) -> None:
    add_text("s.txt", amazon("18906543210", "50.00", [("114-1", "Principal", "50.00")]))
    assert last_day(connect(book)) == date(2026, 3, 17)  # the deposit date
    add_text("b.xml", camt([("2026-03-19", "50.00", "R1", "AMAZON"), ("2026-04-02", "-12.00", "R2", "FEE")]))
    assert last_day(connect(book)) == date(2026, 4, 2)
    assert day_of_figures(connect(book), TODAY) == date(2026, 4, 2)


def test_a_payout_to_come_is_no_day_of_figures(book: Book, add_text: Callable[..., Added]) -> None:
    add_text("s.txt", amazon("18906543210", "50.00", [("114-1", "Principal", "50.00")]))
    assert day_of_figures(connect(book), date(2026, 3, 16)) == date(2026, 3, 16)
