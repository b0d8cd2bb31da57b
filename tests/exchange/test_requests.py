"""Requests between two sides: the clock that runs with who was asked, by the law or by the agreement, and what stops
it; what may not be asked is not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from crossbook.calendars import today
from crossbook.cases import case as files
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import adopting, letters, requests
from crossbook.exchange.allowance import DisclosureError
from tests.exchange.making import agreed
from tests.exchange.test_folder import box, deliver
from tests.exchange.test_session import Desk, World, books, world

__all__ = ["books"]  # the fixture

CLAUSES = """smallest = 5

[[request]]
of = "US authority"
name = "accounts of a party"
procedure = "us_314a"
words = 100

[[request]]
of = "CN authority"
name = "payments of an account"
length = 10
unit = "working day"
a_month = 2
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, books: Path) -> World:
    return world(tmp_path_factory.mktemp("requests"), books, most=CLAUSES)


def ask(made: World, side: str, kind: str, text: str = "whose is account 6217?") -> str:
    desk = made.desks[side]
    return requests.ask(desk.book, desk.keys, adopting.agreement_of(desk.book, made.sha), kind, text)


def told(desk: Desk, name: str) -> requests.Asked:
    (found,) = [r for r in requests.requests(desk.book) if r.name == name]
    return found


def test_fourteen_days_of_fincen_run_with_who_was_asked_until_it_answers(two: World) -> None:
    """31 CFR 1010.520 and FinCEN's instructions: two weeks from the day on which the request came."""
    ours, theirs = two.desks["CN"], two.desks["US"]
    name = ask(two, "CN", "accounts of a party")
    assert told(ours, name).due == today() + timedelta(days=14)
    deliver(two)
    (due,) = files.calendar_of(theirs.book)
    assert (due.case, due.safe, due.done) == (name, today() + timedelta(days=14), "")
    assert due.deadline.limit.source.startswith("31 CFR 1010.520(b)(3)")
    with pytest.raises(CrossbookError, match="a request of ours"):
        requests.answer(ours.book, ours.database, ours.keys, name, "x", "information given")
    requests.answer(theirs.book, theirs.database, theirs.keys, name, "of no one here", "nothing found")
    assert files.calendar_of(theirs.book) == []
    case = files.case(theirs.book, name)
    assert (case.done, case.closed) == ({"answer_by": today().isoformat()}, "nothing found")
    deliver(two)
    for desk in two.desks.values():
        stands = told(desk, name)
        assert (stands.outcome, stands.answer, stands.late) == ("nothing found", "of no one here", 0)
    with pytest.raises(CrossbookError, match="was answered on"):
        requests.answer(theirs.book, theirs.database, theirs.keys, name, "again", "information given")


def test_the_days_of_the_agreement_run_where_the_law_names_none(two: World) -> None:
    desk = two.desks["CN"]
    name = ask(two, "US", "payments of an account")
    deliver(two)
    stands = told(desk, name)
    assert stands.due == np.busday_offset(today(), 10, roll="backward").astype(date)
    assert stands.law == f"agreement {two.sha[:12]}, [[request]] payments of an account"
    assert files.case(desk.book, name).parties == "US authority"
    ask(two, "US", "payments of an account")
    with pytest.raises(DisclosureError, match="2 requests of this kind were made this month"):
        ask(two, "US", "payments of an account")
    deliver(two)


@pytest.mark.parametrize(
    ("kind", "text", "named"),
    [
        ("payments of an account", "x", "does not allow to ask US authority for 'payments of an account'"),
        ("accounts of a party", "x" * 101, "101 characters"),
        ("accounts of a party", " ", "0 characters"),
    ],
)
def test_what_may_not_be_asked(two: World, kind: str, text: str, named: str) -> None:
    before = box(two.desks["CN"], two)
    with pytest.raises(DisclosureError, match=named):
        ask(two, "CN", kind, text)
    assert box(two.desks["CN"], two) == before


def test_an_answer_that_nobody_asked_for_is_not_accepted(two: World) -> None:
    desk = two.desks["US"]
    agreement = adopting.agreement_of(desk.book, two.sha)
    words = {"outcome": "information given", "text": "x"}
    letters.send(desk.book, agreement, desk.keys, requests.REPLY, "request-00000000", words, what="x", clause="x")
    deliver(two)
    last = letters.read(two.desks["CN"].book, agreement)[-1]
    assert last.refused == "an answer to a request that is not open"
    with pytest.raises(NotFoundError, match="no request"):
        requests.answer(desk.book, desk.database, desk.keys, "request-00000000", "x", "information given")


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ('of = "nobody"\nname = "a"\nlength = 3', "who is no party"),
        ('of = "US authority"\nname = "a"', "by when is it answered"),
        ('of = "US authority"\nname = "a"\nlength = 3\nprocedure = "us_314a"', "by when is it answered"),
        ('of = "US authority"\nname = "a"\nlength = 3\nunit = "fortnight"', "unit 'fortnight'"),
    ],
)
def test_a_clause_that_cannot_be(tmp_path: Path, clause: str, named: str) -> None:
    from crossbook.exchange import agreement

    _, path = agreed(tmp_path, most=f"smallest = 5\n\n[[request]]\n{clause}\n")
    with pytest.raises(CrossbookError, match=named):
        agreement.read(path)
