"""A case that runs: events, limits that were kept, its end; each shown before and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.book import Book
from crossbook.cases.case import calendar_of, case
from crossbook.decisions import AskedError, Opened, RefusedError, kind_of, look, look_back
from crossbook.errors import CrossbookError, NotFoundError
from tests.decisions.making import decided, plainly, undone


@pytest.fixture
def opened(book: Book) -> Opened:
    """A suit in which somebody was served on 13 June 2025: the answer is due by Monday 7 July."""
    found = plainly(book)
    decided(found, "case", case="a", procedure="us_suit", happened={"served": "2025-06-13"})
    return found


def offered(opened: Opened, kind: str, name: str, **wish: str) -> list[str]:
    choices = next(a.choices for a in kind_of(kind).asked if a.name == name)
    assert choices
    return [c.value for c in choices(opened, wish)]


def test_an_event_starts_what_runs_from_it(opened: Opened) -> None:
    """A restraining order of 10 December 2025 lapses after 14 days, on the 24th: closed by order, so by the 29th."""
    wish = {"case": "a", "event": "order_entered", "on": "2025-12-10"}
    found = look(opened, kind_of("event"), wish)
    assert found.effects[:2] == ("case a: order_entered 2025-12-10", "order_lapses: ends 2025-12-24 … 2025-12-29")
    entry = decided(opened, "event", **wish)
    assert (entry.action, entry.subject, entry.body["happened"]) == ("case", "a", {"order_entered": "2025-12-10"})
    back = look_back(opened, kind_of("event"), {"case": "a", "event": "order_entered"}).effects
    assert back[:2] == ("order_entered did not happen in case a", "order_lapses does not run any more")
    undone(opened, "event", case="a", event="order_entered")
    assert set(case(opened.book, "a").happened) == {"served"}
    with pytest.raises(RefusedError, match="case a has no event 'order_entered'"):
        undone(opened, "event", case="a", event="order_entered")


def test_another_day_of_an_event_replaces_the_first_only_when_that_is_said(opened: Opened) -> None:
    with pytest.raises(RefusedError, match="case a has served on 2025-06-13 already"):
        decided(opened, "event", case="a", event="served", on="2025-06-13")
    with pytest.raises(AskedError, match="case a has served on 2025-06-13: that is replaced"):
        decided(opened, "event", case="a", event="served", on="2025-06-16")
    wish = {"case": "a", "event": "served", "on": "2025-06-16"}
    assert "answer: act by 2025-07-07, not 2025-07-07" not in look(opened, kind_of("event"), wish).effects
    decided(opened, "event", yes=["2025-06-13"], **wish)
    assert case(opened.book, "a").happened == {"served": date(2025, 6, 16)}


def test_a_day_that_was_replaced_comes_back(opened: Opened) -> None:
    """Told 13 June when the case was opened, 16 June, 17 June; each taken back in turn."""
    for day, before in (("2025-06-16", "2025-06-13"), ("2025-06-17", "2025-06-16")):
        decided(opened, "event", case="a", event="served", on=date.fromisoformat(day), yes=[before])
    for day in ("2025-06-16", "2025-06-13"):
        told = look_back(opened, kind_of("event"), {"case": "a", "event": "served"}).effects[0]
        assert told == f"served of case a is on {day} again"
        undone(opened, "event", case="a", event="served")
        assert case(opened.book, "a").happened == {"served": date.fromisoformat(day)}
    undone(opened, "event", case="a", event="served")
    assert case(opened.book, "a").happened == {}
    with pytest.raises(RefusedError, match="has no event 'served'"):
        undone(opened, "event", case="a", event="served")


def test_events_that_cannot_be(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFoundError):
        decided(opened, "event", case="b", event="served", on="2025-06-13")
    with pytest.raises(CrossbookError, match="has no event 'panel_composed'"):
        decided(opened, "event", case="a", event="panel_composed", on="2025-06-13")
    with pytest.raises(CrossbookError, match="an event needs on"):
        decided(opened, "event", case="a", event="served")
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2025, 7, 1))
    with pytest.raises(AskedError, match="2025-07-02 lies ahead"):
        decided(opened, "event", case="a", event="order_entered", on="2025-07-02")
    decided(opened, "case", case="w", procedure="wto_dispute", happened={"panel_established": "2019-01-28"})
    with pytest.raises(RefusedError, match="cannot come before"):
        decided(opened, "event", case="w", event="panel_composed", on="2018-01-01")


def test_only_what_fits_the_case_is_offered(opened: Opened) -> None:
    decided(opened, "case", case="d", procedure="us_dmca")
    assert offered(opened, "event", "event", case="d") == ["counter_notice_received", "suit_told"]
    assert offered(opened, "event", "event") == [] and offered(opened, "limit", "limit", case="d") == []
    assert offered(opened, "limit", "limit", case="a") == ["answer"]
    decided(opened, "limit", case="a", limit="answer", on="2025-07-01")
    assert offered(opened, "limit", "limit", case="a") == []
    assert offered(opened, "event", "case") == ["a", "d"]


def test_a_kept_limit_stays_in_the_calendar_as_kept_until_it_was_not(opened: Opened) -> None:
    decided(opened, "limit", case="a", limit="answer", on="2025-07-01")
    (due,) = calendar_of(opened.book)
    assert (due.done, due.safe) == ("2025-07-01", date(2025, 7, 7))
    with pytest.raises(RefusedError, match="answer was kept on 2025-07-01"):
        decided(opened, "limit", case="a", limit="answer", on="2025-07-02")
    effects = look_back(opened, kind_of("limit"), {"case": "a", "limit": "answer"}).effects
    assert effects == ("case a: answer was not kept", "answer: act by 2025-07-07")
    undone(opened, "limit", case="a", limit="answer")
    assert [d.done for d in calendar_of(opened.book)] == [""]
    with pytest.raises(RefusedError, match="answer is not marked as kept in case a"):
        undone(opened, "limit", case="a", limit="answer")


def test_limits_that_were_not_kept_so(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedError, match="does not run in a"):
        decided(opened, "limit", case="a", limit="order_lapses", on="2025-07-01")
    with pytest.raises(RefusedError, match="answer runs from 2025-06-13, after 2025-06-12"):
        decided(opened, "limit", case="a", limit="answer", on="2025-06-12")
    with pytest.raises(AskedError, match="answer: 2025-07-10 is 3 days after 2025-07-07"):
        decided(opened, "limit", case="a", limit="answer", on="2025-07-10")
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2025, 7, 1))
    with pytest.raises(RefusedError, match="2025-07-02 lies ahead"):
        decided(opened, "limit", case="a", limit="answer", on="2025-07-02")
    assert decided(opened, "limit", case="a", limit="answer").body["on"] == "2025-07-01"


def test_what_must_wait_and_was_done_before(book: Book) -> None:
    """Ten business days after a counter-notice of 10 December 2025, two of them open: 24 or 29 December."""
    opened = plainly(book)
    decided(opened, "case", case="d", procedure="us_dmca", happened={"counter_notice_received": "2025-12-10"})
    name = next(d.limit.name for d in case(book, "d").deadlines() if d.limit.kind == "not before")
    with pytest.raises(AskedError, match="days before it may be done, on 2025-12-29"):
        decided(opened, "limit", case="d", limit=name, on="2025-12-26")
    decided(opened, "limit", case="d", limit=name, on="2025-12-29")


def test_a_case_ends_with_a_reason_and_takes_nothing_more(opened: Opened) -> None:
    with pytest.raises(RefusedError, match="a reason is needed"):
        decided(opened, "closing", case="a")
    with pytest.raises(AskedError, match="answer: act by 2025-07-07, and not kept"):
        decided(opened, "closing", case="a", why="settled")
    assert look(opened, kind_of("closing"), {"case": "a", "why": "x"}).effects == (
        "case a is closed",
        "1 time limits leave the calendar",
    )
    decided(opened, "closing", case="a", why="settled", yes=["answer"])
    assert case(opened.book, "a").closed == "settled" and calendar_of(opened.book) == []
    for kind, wish in (
        ("event", {"event": "order_entered", "on": "2025-06-14"}),
        ("limit", {"limit": "answer", "on": "2025-07-01"}),
        ("about", {"docket": "1"}),
    ):
        with pytest.raises(RefusedError, match="the case 'a' is closed"):
            decided(opened, kind, case="a", **wish)
    with pytest.raises(RefusedError, match="the case 'a' is closed already"):
        decided(opened, "closing", case="a", why="again")
    with pytest.raises(RefusedError, match="the case 'a' is closed"):
        undone(opened, "event", case="a", event="served")
    undone(opened, "closing", case="a")
    assert not case(opened.book, "a").closed and len(calendar_of(opened.book)) == 1
    with pytest.raises(RefusedError, match="the case 'a' is not closed"):
        undone(opened, "closing", case="a")
    decided(opened, "limit", case="a", limit="answer", on="2025-07-01")
    decided(opened, "closing", case="a", why="dismissed")
