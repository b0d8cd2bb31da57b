"""Answers of customs that contradict each other, and lists that it cancelled: nothing of them is believed, or written
again, until somebody has asked."""

from __future__ import annotations

from typing import Any

import pytest

from crossbook.book import Book
from crossbook.filing.customs import gather, sending, steps
from crossbook.filing.customs.answered import WHY
from crossbook.filing.customs.settings import Customs
from tests.filing.test_customs import NOW, customs, opened
from tests.verify.facts_of import at, papers

__all__ = ["customs"]

PARTS: dict[str, Any] = {"order__goods": 2500, "order__discount": 0, "order__shipping": 0, "order__tax": 0}
CODES = {"2": "pending", "100": "refused", "120": "accepted", "500": "held", "700": "refused", "800": "released"}


def answer(code: str, moment: str, document: str = "603", number: str = "L1") -> dict[str, Any]:
    of = {"document": document, "message": "606" if document == "605" else "604", "order_id": "A1", "number": number}
    return of | {"reference": "A1", "code": code, "state": CODES[code], "returned_at": at(moment)}


def lists(book: Book, settings: Customs, answers: list[dict[str, Any]]) -> tuple[str, list[str], list[str]]:
    """Where the export list stands, why it is not written, and what stands against its arrival (507)."""
    database = opened(papers(**PARTS) | {"customs": [], "customs_return": answers})
    found = gather.trades(database, settings)
    (one,) = (p for p in sending.plan(database, book, settings, found, ["603"], NOW))
    return one.state, [p.why for p in one.problems], [w.why for w in steps.of_list("507", found[0], settings)]


FIRST, LATER = "2026-03-03 10:00", "2026-03-03 11:00"


@pytest.mark.parametrize(
    "codes",
    [
        [("100", FIRST), ("800", FIRST)],  # one moment: sent back, and released
        [("800", FIRST), ("100", FIRST)],  # in the other order
        [("120", FIRST), ("100", FIRST)],
        [("500", FIRST), ("800", FIRST)],  # under inspection, and released
        [("800", FIRST), ("100", LATER)],  # sent back (退单) after it was released
    ],
)
def test_answers_that_contradict_each_other_are_asked_about(
    book: Book, customs: Customs, codes: list[tuple[str, str]]
) -> None:
    assert lists(book, customs, [answer(c, m) for c, m in codes]) == ("wanting", [WHY], [WHY])


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        ([("2", FIRST), ("120", FIRST), ("800", FIRST)], "accepted"),  # the way of one document, told at once
        ([("100", FIRST), ("800", LATER)], "accepted"),  # refused, mended, released
        ([("120", FIRST), ("500", FIRST)], "waiting"),  # taken, and under inspection
        ([("120", FIRST), ("100", LATER)], "ready"),  # taken in, then sent back
        ([("800", FIRST), ("700", LATER)], "ready"),  # the goods were sent back
    ],
)
def test_answers_that_follow_one_another(
    book: Book, customs: Customs, codes: list[tuple[str, str]], state: str
) -> None:
    assert lists(book, customs, [answer(c, m) for c, m in codes])[0] == state


def test_a_list_that_customs_cancelled_is_not_shown_as_taken(book: Book, customs: Customs) -> None:
    gone = answer("120", LATER, "605")
    state, why, against = lists(book, customs, [answer("800", FIRST), gone])
    assert state == "wanting" and why[0].startswith("customs cancelled the export list")
    assert against == ["the export list was cancelled"]
    anew = answer("800", "2026-03-03 12:00", number="L2")
    assert lists(book, customs, [answer("800", FIRST), gone, anew])[0] == "accepted"
