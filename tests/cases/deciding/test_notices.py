"""Notices and their steps as decisions: shown before, asked about when they come twice, taken back when in error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossbook.book import Book
from crossbook.cases.takedown import takedown, takedowns
from crossbook.decisions import AskedError, Opened, RefusedError, kind_of, look, look_back
from crossbook.errors import CrossbookError
from tests.decisions.making import decided, plainly, undone

NOTICE = {"notice": "n1", "regime": "us_dmca", "listing": "B0X", "complainant": "Owner", "on": "2026-03-02"}


@pytest.fixture
def opened(book: Book) -> Opened:
    return plainly(book)


def test_a_notice_is_shown_with_what_the_book_knows(
    opened: Opened, book: Book, add_text: Callable[..., object]
) -> None:
    """17 U.S.C. 512(c)(3)(A) lists six things, (i) to (vi)."""
    found = look(opened, kind_of("notice"), NOTICE)
    assert found.effects == (
        "notice n1 came on 2026-03-02: Owner on B0X",
        "no listing B0X in the book",
        "6 things to check in the notice",
    )
    assert (found.body["side"], found.body["seller"]) == ("seller", "")
    add_text("listings.csv", "listing,sku,title\nB0X,LAMP,Rope light\n", source="listings")
    assert "B0X is a listing of the book: Rope light" in look(plainly(book), kind_of("notice"), NOTICE).effects


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"regime": "eu"}, "regime cannot be 'eu'"),
        ({"side": "judge"}, "side cannot be 'judge'"),
        ({"listing": " "}, "notice needs listing"),
        ({"complainant": ""}, "notice needs complainant"),
        ({"on": "2190-01-01"}, "lies ahead"),
        ({"on": "2026-02-30"}, "is not a day"),
    ],
)
def test_what_cannot_come_is_refused(opened: Opened, wish: dict[str, str], says: str) -> None:
    with pytest.raises(CrossbookError, match=says):
        decided(opened, "notice", **{**NOTICE, **wish})
    assert not opened.book.journal()


def test_the_same_notice_under_another_name_is_asked_about(opened: Opened) -> None:
    decided(opened, "notice", **NOTICE)
    with pytest.raises(RefusedError, match="there is a notice 'n1' already"):
        decided(opened, "notice", **NOTICE)
    with pytest.raises(AskedError, match="notice n1 of 2026-03-02 is of Owner on B0X, too"):
        decided(opened, "notice", **{**NOTICE, "notice": "n2"})
    decided(opened, "notice", **{**NOTICE, "notice": "n2", "on": "2026-03-03"})


def test_one_journalled_in_error_is_gone_with_its_steps_and_its_name_is_free(opened: Opened) -> None:
    decided(opened, "notice", **NOTICE)
    decided(opened, "step", notice="n1", step="taken_down", on="2026-03-03")
    with pytest.raises(AskedError, match="1 steps of notice n1 go with it"):
        undone(opened, "notice", notice="n1")
    undone(opened, "notice", notice="n1", yes=["n1"])
    assert takedowns(opened.book) == {}
    with pytest.raises(RefusedError, match="there is no notice 'n1'"):
        undone(opened, "notice", notice="n1")
    decided(opened, "notice", **NOTICE)
    assert [s.step for s in takedown(opened.book, "n1").steps] == ["notice_received"]


def test_a_step_shows_what_runs_from_it_and_is_taken_back(opened: Opened) -> None:
    """Ten business days from Thursday 5 March 2026 are the 19th, fourteen the 25th (17 U.S.C. 512(g)(2)(C))."""
    decided(opened, "notice", **NOTICE)
    for step in ("seller_told", "taken_down"):
        decided(opened, "step", notice="n1", step=step, on="2026-03-03")
    wish = {"notice": "n1", "step": "counter_notice_received", "on": "2026-03-05"}
    effects = look(opened, kind_of("step"), wish).effects
    assert effects[0] == "notice n1: counter_notice_received on 2026-03-05"
    assert {e.rsplit(" ", 1)[1] for e in effects[1:]} == {"2026-03-19", "2026-03-25"}
    decided(opened, "step", **wish)
    with pytest.raises(AskedError, match="notice n1 has counter_notice_received of 2026-03-05 already"):
        decided(opened, "step", **wish)
    back = look_back(opened, kind_of("step"), {"notice": "n1", "step": "counter_notice_received"})
    assert back.body["on"] == "2026-03-05" and len(back.effects) == len(effects)
    undone(opened, "step", notice="n1", step="counter_notice_received", on="2026-03-05")
    assert takedown(opened.book, "n1").deadlines() == [] and takedown(opened.book, "n1").state == "taken_down"


def test_a_step_on_which_others_rest_is_not_taken_back_before_them(opened: Opened) -> None:
    decided(opened, "notice", **NOTICE)
    steps = (("seller_told", "03"), ("taken_down", "03"), ("counter_notice_received", "05"), ("put_back", "19"))
    for step, day in steps:
        decided(opened, "step", notice="n1", step=step, on=f"2026-03-{day}")
    for step in ("seller_told", "taken_down", "counter_notice_received"):
        with pytest.raises(RefusedError, match="rests on it"):
            undone(opened, "step", notice="n1", step=step)
    for step, _ in reversed(steps):
        undone(opened, "step", notice="n1", step=step)
    assert takedown(opened.book, "n1").state == "notice_received"
    with pytest.raises(RefusedError, match="is the notice itself"):
        undone(opened, "step", notice="n1", step="notice_received")
    with pytest.raises(RefusedError, match="notice n1 has no put_back on 2026-03-19"):
        undone(opened, "step", notice="n1", step="put_back", on=date(2026, 3, 19))


def test_steps_that_can_come_next_are_offered(opened: Opened) -> None:
    decided(opened, "notice", **NOTICE)
    offered = next(a.choices for a in kind_of("step").asked if a.name == "step")
    assert offered and offered(opened, {}) == []
    now = {c.value for c in offered(opened, {"notice": "n1"})}
    assert "taken_down" in now and "put_back" not in now and "notice_received" not in now
