"""Notices, steps in their order, waiting periods, repeat infringers, letters and the log."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book, init_book
from crossbook.cases.takedown import LETTERS, letter, receive, repeats, take_step, takedown, write_log
from crossbook.errors import CrossbookError, NotFoundError

DAY = date(2026, 3, 2)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "x", "USD")


def come(book: Book, name: str = "n1", regime: str = "us_dmca", seller: str = "shop") -> None:
    receive(
        book,
        name,
        regime=regime,
        side="platform",
        on=DAY,
        listing="B0X",
        seller=seller,
        complainant="Owner",
        right="photo",
    )


def test_the_american_period_runs_from_the_counter_notice(book: Book) -> None:
    come(book)
    for step, day in (("seller_told", 3), ("taken_down", 3), ("counter_notice_received", 5)):
        take_step(book, "n1", step, date(2026, 3, day))
    assert [str(d.due.earliest) for d in takedown(book, "n1").deadlines()] == ["2026-03-19", "2026-03-25"]
    with pytest.raises(CrossbookError, match="waiting period runs until 2026-03-19"):
        take_step(book, "n1", "put_back", date(2026, 3, 18))
    assert take_step(book, "n1", "put_back", date(2026, 3, 19)).state == "put_back"


def test_chinas_period_runs_from_passing_it_on_and_a_suit_ends_it(book: Book) -> None:
    come(book, regime="cn")
    take_step(book, "n1", "seller_told", DAY)
    take_step(book, "n1", "counter_notice_received", date(2026, 3, 4))
    assert takedown(book, "n1").deadlines() == []
    take_step(book, "n1", "counter_notice_passed_on", date(2026, 3, 5))
    (due,) = takedown(book, "n1").deadlines()
    assert str(due.due.earliest) == "2026-03-20"
    take_step(book, "n1", "suit_told", date(2026, 3, 10))
    assert takedown(book, "n1").deadlines() == []


def test_steps_out_of_order_are_refused(book: Book) -> None:
    come(book)
    for step, day in (
        ("put_back", DAY),
        ("counter_notice_received", DAY),
        ("no such", DAY),
        ("seller_told", date(2026, 3, 1)),
    ):
        with pytest.raises(CrossbookError):
            take_step(book, "n1", step, day)
    assert len(book.journal()) == 1
    with pytest.raises(CrossbookError, match="already"):
        come(book)
    with pytest.raises(NotFoundError):
        takedown(book, "n2")


def test_upheld_notices_are_counted_by_seller(book: Book) -> None:
    for n in range(3):
        come(book, f"n{n}", seller="shop" if n else "other")
        take_step(book, f"n{n}", "taken_down", DAY)
        take_step(book, f"n{n}", "upheld", DAY)
    assert repeats(book) == [("shop", 2, ("n1", "n2")), ("other", 1, ("n0",))]


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
def test_every_letter_fills_in_both_languages(book: Book, kind: str, regime: str) -> None:
    come(book, regime=regime)
    of = takedown(book, "n1")
    english, chinese = letter(of, kind, "en"), letter(of, kind, "zh")
    assert "n1" in english and "n1" in chinese and any("一" <= c <= "鿿" for c in chinese)
    assert not any("一" <= c <= "鿿" for c in english) and "{{" not in english + chinese


def test_the_log_holds_every_step_and_no_formula(book: Book, tmp_path: Path) -> None:
    come(book, seller="=cmd()")
    take_step(book, "n1", "seller_told", DAY, "by mail")
    assert write_log(book, tmp_path / "log.csv") == 2
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [r["step"] for r in rows] == ["notice_received", "seller_told"]
    assert rows[0]["seller"] == "'=cmd()" and rows[1]["journal"] == "2"
