"""What returns on exports count: not what customs refused, cancelled or holds, nor lists declared simply;
all of it named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crossbook.book import Book
from crossbook.tax.desk import compute
from crossbook.tax.exports import Exports, exports
from crossbook.tax.period import period
from tests.tax.test_returns import CN, opened
from tests.verify.facts_of import at, day

YUAN = [{"day": day("2026-03-02"), "base": "USD", "quote": "CNY", "rate": Decimal("7")}]


def line(order: str, declaration: str | None = None, amount: int | None = 10_000, **more: Any) -> dict[str, Any]:
    return {
        "order_id": order,
        "declaration": declaration or f"L-{order}",
        "declared_on": day("2026-03-05"),
        "country": "CN",
        "amount": amount,
        "currency": "USD",
        "hs": "8513100000",
    } | more


def answer(order: str | None, state: str, when: str = "2026-03-06", **more: Any) -> dict[str, Any]:
    code = {"refused": "100", "released": "800", "held": "500", "accepted": "399"}[state]
    return {
        "message": "604",
        "document": "603",
        "reference": order,
        "order_id": order,
        "state": state,
        "code": code,
        "returned_at": at(when),
        "number": f"L-{order}",
    } | more


def counted(
    book: Book,
    lists: list[dict[str, Any]],
    answers: list[dict[str, Any]],
    settings: str = "",
    *,
    refund: bool = True,
    **kinds: Any,
) -> Exports:
    database = opened(book, settings, customs=lists, customs_return=answers, rate=YUAN, **kinds)
    return exports(database, book, period("2026-03"), refund=refund)


def orders(found: Exports) -> list[str]:
    return [r["order_id"] for r in found.rows]


def test_a_refused_list_is_in_no_return(book: Book) -> None:
    """A1 of 124.79 USD was refused; A2 of 100.00 USD at 7 is 700.00 CNY, 13 % of it 91.00."""
    lists, answers = [line("A1", amount=12_479), line("A2")], [answer("A1", "refused")]
    database = opened(book, CN, customs=lists, customs_return=answers, rate=YUAN)
    told = compute(database, book, "cn_refund", period("2026-03"))
    assert [(x.label, x.base, x.tax) for x in told.lines] == [("8513100000", 70_000, 9_100)]
    said = "left out, customs refused the list: 124.79 USD: L-A1 (A1)"
    unsaid = "no file says what customs answered, counted as exported: 100.00 USD: L-A2 (A2)"
    assert told.open == (said, unsaid)
    exempt = compute(database, book, "cn_exempt", period("2026-03"))
    assert [b.amount for b in exempt.boxes] == [70_000, 2_800] and exempt.open == (said, unsaid)


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ([], True),  # the broker's list; the book has no answers
        ([answer("A1", "released")], True),
        ([answer("A1", "refused"), answer("A1", "released", "2026-03-07")], True),
        ([answer("A1", "released"), answer("A1", "held", "2026-03-07")], False),
        ([answer("A1", "accepted")], False),  # reviewed, not let go
        ([answer("A1", "refused", number=None)], False),  # names the order alone
        ([answer("A1", "refused", "2026-02-01", number="OLD")], True),  # an earlier list of the order
        ([answer("A1", "refused", number="L-B1")], True),  # another list that the book has
        ([answer("A1", "released"), answer(None, "accepted", "2026-03-07", document="605", number="L-A1")], False),
        ([answer("A1", "released"), answer(None, "refused", "2026-03-07", document="605", number="L-A1")], True),
    ],
)
def test_the_last_answer_holds(book: Book, answers: list[dict[str, Any]], kept: bool) -> None:
    found = counted(book, [line("A1"), line("A2"), line("B1")], answers)
    assert ("A1" in orders(found)) is kept and "A2" in orders(found)
    assert found.whole and any("L-A1" in text for text in found.left if text.startswith("left out")) is not kept


def test_a_list_that_was_never_answered_is_not_counted_without_a_word(book: Book) -> None:
    """With answers in the book, one that is missing is to be looked at; in a book without any it is only noted."""
    said = "no file says what customs answered, counted as exported: 100.00 USD: L-A2 (A2)"
    assert said in counted(book, [line("A1"), line("A2")], [answer("A1", "released")]).left


def test_in_a_book_without_answers_of_customs_all_lists_are_noted(book: Book) -> None:
    found = counted(book, [line("A1"), line("A2")], [])
    assert found.left == ()
    said = "no file says what customs answered, counted as exported: 200.00 USD: L-A1 (A1), L-A2 (A2)"
    assert said in found.notes


def test_lists_declared_simply_give_no_refund(book: Book) -> None:
    lists = [line("A1", flag="A"), line("A2", flag="B"), line("A3")]
    answers = [answer("A3", "released", flag="A")]
    found = counted(book, lists, answers)
    assert orders(found) == ["A2"]
    assert found.left[0] == "left out, declared simply (A), which gives no refund: 200.00 USD: L-A1 (A1), L-A3 (A3)"
    assert orders(
        exports(opened(book, customs=lists, customs_return=answers, rate=YUAN), book, period("2026-03"), refund=False)
    ) == ["A1", "A2", "A3"]


def test_a_flag_that_no_file_says_is_the_one_set(book: Book) -> None:
    settings = '[customs]\nstatistics_flag = "A"\n[customs.goods]\nTENT = { statistics_flag = "B" }\n'
    lists = [line("A1", item="LAMP"), line("A2", item="TENT"), line("A3", item="LAMP"), line("A3", item="TENT")]
    assert orders(counted(book, lists, [], settings)) == ["A2", "A3", "A3"]


def test_a_flag_that_nobody_says_is_said(book: Book) -> None:
    found = counted(book, [line("A1")], [])
    assert orders(found) == ["A1"]
    assert "the statistics flag of 1 lines of lists is in no file and not set: taken as B (summary)" in found.notes


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": None}, "no file says the value: —"),
        ({"currency": None}, "no file says the currency: —"),
        ({"declared_on": None}, "no file says the day of the declaration: 100.00 USD"),
    ],
)
def test_what_no_file_says_gives_no_total(book: Book, changed: dict[str, Any], said: str) -> None:
    database = opened(book, CN, customs=[line("A1", **changed), line("A2")], rate=YUAN)
    for kind in ("cn_refund", "cn_exempt"):
        told = compute(database, book, kind, period("2026-03"))
        assert told.total is None and told.open == (f"left out, {said}: L-A1 (A1)",)


def test_many_lists_are_counted(book: Book) -> None:
    lists = [line(f"A{n}") for n in range(8)]
    found = counted(book, lists, [answer(f"A{n}", "held") for n in range(8)])
    assert found.left[0].endswith("L-A4 (A4) +3") and "800.00 USD" in found.left[0]
