"""Case files in the journal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book, init_book, open_book
from crossbook.cases.case import calendar_of, case, cases, change_case, close_case, keep_limit, open_case
from crossbook.errors import CrossbookError, NotFoundError

SERVED = {"served": date(2025, 6, 13)}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "x", "USD")


def test_a_case_is_what_the_journal_says(book: Book) -> None:
    open_case(book, "a", "us_suit", state="IL", happened=SERVED, skus=("S1",))
    change_case(book, "a", happened={"order_entered": date(2025, 6, 10)}, skus=("S1", "S2"))
    found = case(open_book(book.path), "a")
    assert found.skus == ("S1", "S2") and set(found.happened) == {"served", "order_entered"}
    assert [d.limit.name for d in found.deadlines()] == ["order_lapses", "answer", "order_lapses_after_extension"]
    assert len(found.seqs) == 2 and book.journal()[-1].action == "case"


def test_a_kept_limit_stays_in_the_calendar_as_kept(book: Book) -> None:
    open_case(book, "a", "us_suit", happened=SERVED)
    keep_limit(book, "a", "answer", date(2025, 7, 1))
    (due,) = calendar_of(book)
    assert (due.done, due.safe) == ("2025-07-01", date(2025, 7, 7))
    with pytest.raises(CrossbookError, match="does not run"):
        keep_limit(book, "a", "order_lapses", date(2025, 7, 1))
    close_case(book, "a", "settled")
    assert calendar_of(book) == [] and cases(book)["a"].closed == "settled"


def test_contradictory_days_change_nothing(book: Book) -> None:
    open_case(book, "a", "wto_dispute", happened={"panel_established": date(2019, 1, 28)})
    with pytest.raises(CrossbookError, match="cannot come before"):
        change_case(book, "a", happened={"panel_composed": date(2018, 1, 1)})
    assert "panel_composed" not in case(book, "a").happened and len(book.journal()) == 1


@pytest.mark.parametrize(("name", "of"), [("", "us_suit"), ("a b", "us_suit"), ("x" * 41, "us_suit"), ("a", "no_such")])
def test_names_and_procedures_that_are_none(book: Book, name: str, of: str) -> None:
    with pytest.raises(CrossbookError):
        open_case(book, name, of)
    assert not book.journal()


def test_unknown_closed_and_doubled_cases(book: Book) -> None:
    with pytest.raises(NotFoundError):
        case(book, "a")
    open_case(book, "a", "us_dmca")
    with pytest.raises(CrossbookError, match="already"):
        open_case(book, "a", "us_dmca")
    close_case(book, "a", "over")
    with pytest.raises(CrossbookError, match="closed"):
        change_case(book, "a", docket="1")
