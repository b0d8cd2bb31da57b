"""OFX states no opening balance: what an account held before and holds now differ by the entries between, or it is
said."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.book import init_book
from crossbook.engine import connect
from crossbook.views.statements import said
from tests.trade.test_banking import mt940, ofx, put_text


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "", "USD", "")


def ending(text: str, balance: str, day: str) -> str:
    """An OFX file that ends with this balance, on this day of January 2026."""
    told = f"<LEDGERBAL><BALAMT>{balance}<DTASOF>202601{day}</LEDGERBAL></STMTRS>"
    return text.replace("</STMTRS>", told)


def kinds(book: Book) -> list[str]:
    return [s.kind for s in said(connect(book)) if s.kind != "again"]


FIRST = ending(ofx(("05", "60.50")), "100.00", "10")
NEXT = ofx(("15", "20.00"), ("16", "5.00")).replace("<FITID>", "<FITID>B")  # 100.00 + 25.00 = 125.00


def test_the_first_of_an_account_is_proved_by_nothing(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, a__ofx=FIRST)
    assert kinds(book) == ["unproved"]


def test_two_that_follow_each_other_prove_the_second(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, a__ofx=FIRST, b__ofx=ending(NEXT, "125.00", "20"))
    assert kinds(book) == ["unproved"]  # of the first alone


def test_what_is_missing_between_two_is_said(book: Book, tmp_path: Path) -> None:
    """100.00 and 25.00 of entries are not 150.00."""
    put_text(book, tmp_path, b__ofx=ending(NEXT, "150.00", "20"), a__ofx=FIRST)
    (differs,) = [s for s in said(connect(book)) if s.kind == "differs"]
    assert differs.text.endswith("the entries between come to 25.00 USD, difference 25.00 USD")


def test_a_file_that_lists_the_earlier_entries_too_is_proved(book: Book, tmp_path: Path) -> None:
    """It repeats the entry of 5 January, and tells one of the 10th that came after the first balance of that day."""
    first = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260105<TRNAMT>60.50<FITID>0<NAME>AMAZON EU</STMTTRN>"
    text = ofx(("10", "7.00")).replace("<FITID>0", "<FITID>C").replace("<BANKTRANLIST>", f"<BANKTRANLIST>{first}")
    put_text(book, tmp_path, a__ofx=FIRST, b__ofx=ending(text, "107.00", "20"))
    assert kinds(book) == ["unproved"]


def test_a_statement_of_another_format_before_it_proves_it(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, a__sta=mt940(("05", "60,50", "X1"), closing="60,50"))
    text = ending(ofx(("05", "20.00")).replace("202601", "202602"), "80.50", "20").replace("20260120", "20260220")
    put_text(book, tmp_path, b__ofx=text)
    assert kinds(book) == []
