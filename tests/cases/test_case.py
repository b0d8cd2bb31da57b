"""Case files in the journal: what they say is what was decided, and older journals read as they did."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.book import Book, open_book
from crossbook.cases.case import ABOUT, before_last, calendar_of, case, cases
from crossbook.errors import NotFoundError


def test_a_case_of_a_journal_from_before_decisions_were_of_a_kind(book: Book) -> None:
    """One entry told events, products and the right at once, another a limit that was kept; "" took an event out."""
    told = {"procedure": "us_suit", "state": "IL", "skus": ["S1"], "happened": {"served": "2025-06-13"}}
    book.decide("open case", "a", told)
    more = {"happened": {"order_entered": "2025-06-10", "judgment": "2025-06-11"}, "skus": ["S1", "S2"]}
    book.decide("case", "a", {**more, "right": "trademark"})
    book.decide("case", "a", {"done": {"answer": "2025-07-01"}})
    book.decide("case", "a", {"happened": {"judgment": ""}})
    found = case(open_book(book.path), "a")
    assert (found.skus, found.right, found.state) == (("S1", "S2"), "trademark", "IL")
    assert found.happened == {"served": date(2025, 6, 13), "order_entered": date(2025, 6, 10)}
    assert found.done == {"answer": "2025-07-01"} and found.seqs == (1, 2, 3, 4)
    assert [d.limit.name for d in found.deadlines()] == ["order_lapses", "answer", "order_lapses_after_extension"]
    assert [(d.deadline.limit.name, d.done, d.safe) for d in calendar_of(book)][1] == (
        "answer",
        "2025-07-01",
        date(2025, 7, 7),
    )
    book.decide("close case", "a", {"why": "settled"})
    assert calendar_of(book) == [] and cases(book)["a"].closed == "settled"


def test_what_was_told_last_is_taken_out_and_the_rest_holds(book: Book) -> None:
    book.decide("open case", "a", {"procedure": "us_suit", "skus": ["S1"]})
    for skus, docket in ((["S2"], "7"), (["S3"], "")):
        book.decide("case about", "a", {"skus": skus, **({"docket": docket} if docket else {})})
    before = before_last(book, "a", ABOUT)
    assert before and before.skus == ("S2",)
    for skus, docket in ((("S2",), "7"), (("S1",), ""), (("S1",), "")):
        book.decide("case not about", "a", {})
        assert (case(book, "a").skus, case(book, "a").docket) == (skus, docket)
    assert before_last(book, "a", ABOUT) is None


def test_a_limit_that_was_kept_late_says_by_how_many_days(book: Book) -> None:
    """Served on 22 June 2026, an answer is due 21 days later, on 13 July: 30 August is 48 days after it."""
    for name, day in (("late", "2026-08-30"), ("due", "2026-07-13"), ("early", "2026-07-01")):
        book.decide("open case", name, {"procedure": "us_suit", "happened": {"served": "2026-06-22"}})
        book.decide("limit kept", name, {"limit": "answer", "on": day})
    book.decide("open case", "open", {"procedure": "us_suit", "happened": {"served": "2026-06-22"}})
    found = {d.case: (d.done, d.late) for d in calendar_of(book) if d.deadline.limit.name == "answer"}
    assert found == {
        "late": ("2026-08-30", 48),
        "due": ("2026-07-13", 0),
        "early": ("2026-07-01", 0),
        "open": ("", None),
    }


def test_a_withdrawn_case_is_none_and_its_name_is_free(book: Book) -> None:
    book.decide("open case", "a", {"procedure": "us_suit", "happened": {"served": "2025-06-13"}})
    book.decide("withdraw case", "a", {})
    assert cases(book) == {} and calendar_of(book) == []
    with pytest.raises(NotFoundError):
        case(book, "a")
    book.decide("open case", "a", {"procedure": "us_dmca"})
    assert (case(book, "a").procedure, case(book, "a").happened, case(book, "a").seqs) == ("us_dmca", {}, (3,))
