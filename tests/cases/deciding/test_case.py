"""Opening a case and telling of it: what is refused, what follows, how it is taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest

from crossbook.book import Book, open_book
from crossbook.cases.case import case, cases
from crossbook.decisions import AskedError, RefusedError, kind_of, look, look_back
from crossbook.errors import CrossbookError
from tests.decisions.making import decided, plainly, undone

SERVED = {"served": date(2025, 6, 13)}


def test_what_falls_due_is_shown_before(book: Book) -> None:
    """21 days from 13 June 2025 end on 4 July, a holiday, a Friday: Monday 7 July (Fed. R. Civ. P. 6(a)(1)(C))."""
    wish = {"case": "a", "procedure": "us_suit", "happened": {"served": "2025-06-13"}, "state": "il"}
    found = look(plainly(book), kind_of("case"), wish)
    assert found.effects == ("case a is open: us_suit", "answer: act by 2025-07-07") and not found.refused
    assert found.body["state"] == "IL" and found.links == {"a": "/cases/file/a"} and not cases(book)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"case": "a b"}, "is no name for a case"),
        ({"case": "x" * 41}, "is no name for a case"),
        ({"procedure": "no_such"}, "there is no procedure"),
        ({"procedure": ""}, "case needs procedure"),
        ({"right": "honour"}, "right cannot be 'honour'"),
        ({"letter": "none.pdf"}, "no evidence files match 'none.pdf'"),
        ({"happened": {"panel_composed": "2026-01-01"}}, "us_suit has no event 'panel_composed'"),
        ({"happened": {"served": "13/06/2025"}}, "is not a day"),
        (
            {
                "procedure": "wto_dispute",
                "happened": {"panel_established": "2019-01-28", "panel_composed": "2018-01-01"},
            },
            "cannot come before panel_established",
        ),
    ],
)
def test_what_cannot_be_is_refused(book: Book, wish: dict[str, object], says: str) -> None:
    with pytest.raises(CrossbookError, match=says):
        decided(plainly(book), "case", **{"case": "a", "procedure": "us_suit", **wish})
    assert not book.journal()


def test_a_day_to_come_is_asked_about(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2025, 6, 12))
    with pytest.raises(AskedError, match="served: 2025-06-13 lies ahead"):
        decided(plainly(book), "case", case="a", procedure="us_suit", happened=SERVED)
    entry = decided(plainly(book), "case", case="a", procedure="us_suit", happened=SERVED, yes=["2025-06-13"])
    assert entry.body["yes"] == ["served: 2025-06-13 lies ahead"]


def test_an_account_that_the_book_does_not_know(book: Book, add_text: Callable[..., object]) -> None:
    (book.path / "book.toml").write_text('[business]\nname = "x"\ncurrency = "USD"\n[accounts.amazon]\n', "utf-8")
    opened = plainly(open_book(book.path))
    with pytest.raises(CrossbookError, match="account cannot be 'amazn'"):
        decided(opened, "case", case="a", procedure="us_suit", accounts=["amazn"])
    decided(opened, "case", case="a", procedure="us_suit", accounts=["amazon"])
    assert case(book, "a").accounts == ("amazon",)


def test_of_two_that_open_one_name_one_does(book: Book) -> None:
    for n in range(5):
        done: list[str] = []
        start = threading.Barrier(2)

        def work(procedure: str, name: str = f"c{n}", done: list[str] = done, start: threading.Barrier = start) -> None:
            opened = plainly(open_book(book.path))
            start.wait()
            try:
                decided(opened, "case", case=name, procedure=procedure)
                done.append("done")
            except RefusedError as error:
                done.append(error.what)

        threads = [threading.Thread(target=work, args=(p,)) for p in ("us_suit", "us_dmca")]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        (told,) = [text for text in done if text != "done"]
        assert len(done) == 2 and told.startswith(
            f"there is a case 'c{n}' already, decided by {book.journal()[-1].who} on"
        )
    assert len(book.journal()) == 5


def test_one_opened_in_error_is_withdrawn_with_all_that_was_said_of_it(book: Book) -> None:
    opened = plainly(book)
    decided(opened, "case", case="a", procedure="us_suit")
    assert look_back(opened, kind_of("case"), {"case": "a"}).asks == ()
    decided(opened, "event", case="a", event="served", on="2025-06-13")
    with pytest.raises(AskedError, match="1 further entries of case a go with it"):
        undone(opened, "case", case="a")
    undone(opened, "case", case="a", yes=["a"], why="twice")
    with pytest.raises(RefusedError, match="there is no case 'a'"):
        undone(opened, "case", case="a")
    assert cases(book) == {} and book.journal()[-1].body["why"] == "twice"


def test_events_and_procedures_are_offered_as_they_fit(book: Book) -> None:
    asked = {a.name: a for a in kind_of("case").asked}
    offered = asked["happened"].choices
    assert offered and offered(plainly(book), {}) == []
    assert {c.value for c in offered(plainly(book), {"procedure": "us_dmca"})} == {
        "counter_notice_received",
        "suit_told",
    }


def test_what_a_case_concerns_is_told_and_taken_back(book: Book) -> None:
    opened = plainly(book)
    decided(opened, "case", case="a", procedure="us_suit", skus=["S1"])
    with pytest.raises(RefusedError, match="nothing is said of the case"):
        decided(opened, "about", case="a")
    with pytest.raises(RefusedError, match="case a says so already"):
        decided(opened, "about", case="a", skus=["S1"])
    wish = {"case": "a", "skus": "S1 S2", "right": "patent"}
    assert look(opened, kind_of("about"), wish).effects == ("case a, right: patent", "case a, accused: S1 S2, not S1")
    decided(opened, "about", **wish)
    assert case(book, "a").skus == ("S1", "S2")
    assert look_back(opened, kind_of("about"), {"case": "a"}).effects == (
        "case a, right: —, not patent",
        "case a, accused: S1, not S1 S2",
    )
    undone(opened, "about", case="a")
    assert (case(book, "a").skus, case(book, "a").right) == (("S1",), "")
    with pytest.raises(RefusedError, match="nothing was told of case a"):
        undone(opened, "about", case="a")


def test_the_state_of_the_court_moves_what_its_holidays_touch(book: Book) -> None:
    """Illinois keeps 12 February: 21 days from 22 January 2026 may end on it or on the 13th."""
    opened = plainly(book)
    decided(opened, "case", case="a", procedure="us_suit", happened={"served": "2026-01-22"})
    effects = look(opened, kind_of("about"), {"case": "a", "state": "IL"}).effects
    assert effects == ("case a, state of the court: IL", "answer: act by 2026-02-12 … 2026-02-13, not 2026-02-12")
