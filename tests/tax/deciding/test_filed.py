"""A return was filed: with what the book computes, or another amount, that is named; not before its period is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crossbook.book import Book
from crossbook.decisions import AskedError, Opened, RefusedError, kind_of, look, look_back
from crossbook.decisions.kind import Plain
from crossbook.errors import CrossbookError
from crossbook.tax.desk import compute
from crossbook.tax.held import held
from crossbook.tax.owed import due
from crossbook.tax.period import Filing, filed, period
from tests.decisions.making import decided, undone
from tests.tax.test_returns import IDENTITIES, order
from tests.tax.test_returns import opened as with_facts

MAY = {"form": "ioss", "period": "2026-05"}


@pytest.fixture
def opened(book: Book, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """One sale of 119.00 EUR to Germany in May 2026: at 19 %, 19.00 EUR of VAT (UStG § 12(1)); due by 30 June."""
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2026, 7, 10))
    orders = [order(1, "2026-05-10", 11_900, "DE")]
    return Plain(book=book, database=with_facts(book, IDENTITIES, order=orders))


def test_what_was_filed_is_what_the_book_computes_unless_it_is_said(opened: Opened) -> None:
    found = look(opened, kind_of("return"), {**MAY, "on": "2026-06-10"})
    assert found.effects == (
        "return ioss 2026-05 was filed on 2026-06-10: 19.00 EUR",
        "it was due on 2026-06-30: in time",
    )
    assert not found.asks and found.links == {"ioss 2026-05": "/tax/return?kind=ioss&of=2026-05"}
    assert "10 days late" in look(opened, kind_of("return"), MAY).effects[1]
    entry = decided(opened, "return", on="2026-06-10", **MAY)
    assert (entry.action, entry.subject) == ("tax filed", "ioss 2026-05")
    assert {n: entry.body[n] for n in ("on", "amount", "computed", "currency")} == {
        "on": "2026-06-10",
        "amount": 1_900,
        "computed": 1_900,
        "currency": "EUR",
    }


@pytest.mark.parametrize(
    ("amount", "says", "answer"),
    [
        ("18.50", "18.50 EUR was filed; the book computes 19.00 EUR: filed 0.50 EUR less than computed", "-0.50"),
        (2_000, "20.00 EUR was filed; the book computes 19.00 EUR: filed 1.00 EUR more than computed", "1.00"),
    ],
)
def test_another_amount_is_asked_about_and_kept(opened: Opened, amount: object, says: str, answer: str) -> None:
    with pytest.raises(AskedError, match=says):
        decided(opened, "return", amount=amount, yes=["0.51"], **MAY)
    with pytest.raises(AskedError, match=says):
        decided(opened, "return", amount=amount, yes=[answer[1:] if answer[0] == "-" else f"-{answer}"], **MAY)
    entry = decided(opened, "return", amount=amount, yes=[answer], **MAY)
    assert entry.body["yes"] == [says] and entry.body["computed"] == 1_900
    decided_as = f"{says.split(' was')[0]}"
    assert kind_of("return").sentence(entry) == f"return ioss 2026-05 was filed on 2026-07-10: {decided_as}"


@pytest.mark.parametrize(
    ("amount", "apart", "words"),
    [
        (2_000, 100, "filed 20.00 EUR, computed now 19.00 EUR, difference +1.00 EUR"),
        (1_850, -50, "filed 18.50 EUR, computed now 19.00 EUR, difference -0.50 EUR"),
        (1_900, 0, "filed 19.00 EUR, as the book computes now"),
        (None, None, "filed —; no amount was kept when it was marked as filed"),
    ],
)
def test_what_was_filed_is_held_against_what_is_computed_now(
    opened: Opened, amount: int | None, apart: int | None, words: str
) -> None:
    told = compute(opened.database, opened.book, "ioss", period("2026-05"))
    found = held(Filing("2026-06-10", amount, "EUR"), told)
    assert (found.amount, found.computed, found.difference, found.words) == (amount, 1_900, apart, words)


def test_what_is_in_another_currency_or_has_no_total_is_not_subtracted(opened: Opened) -> None:
    told = compute(opened.database, opened.book, "ioss", period("2026-05"))
    other = held(Filing("2026-06-10", 1_900, "PLN"), told)
    assert other.difference is None and other.words == "filed 19.00 PLN; the book computes in EUR now"
    none = held(Filing("2026-06-10", 1_900, "EUR"), replace(told, total=None))
    assert none.difference is None and none.words == "filed 19.00 EUR; the book computes no total to hold it against"


def test_the_calendar_holds_it_against_facts_that_came_later(opened: Opened) -> None:
    """A second sale of 119.00 EUR comes in after 19.00 EUR was filed: 38.00 EUR now, 19.00 EUR less was filed."""
    decided(opened, "return", on="2026-06-10", **MAY)
    more = [order(1, "2026-05-10", 11_900, "DE"), order(2, "2026-05-11", 11_900, "DE")]
    found = due(with_facts(opened.book, order=more), opened.book, date(2026, 7, 10))
    was = next(d.filed for d in found if d.deadline.period.name == "2026-05" and d.deadline.kind == "ioss")
    assert was and (was.amount, was.computed, was.difference) == (1_900, 3_800, -1_900)


def test_what_the_return_leaves_out_is_asked_about(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """238.00 EUR is 200.00 net, over 150: outside the scheme (Directive 2006/112/EC, article 369l)."""
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2026, 7, 10))
    database = with_facts(book, IDENTITIES, order=[order(3, "2026-05-04", 23_800, "DE")])
    opened = Plain(book=book, database=database)
    with pytest.raises(AskedError, match=r"1 consignments over 150\.00 EUR are outside it: 238\.00 EUR"):
        decided(opened, "return", **MAY)
    assert decided(opened, "return", yes=["open"], **MAY).body["amount"] == 0


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"on": "2026-05-31"}, "2026-05 is over after 2026-05-31"),
        ({"on": "2026-07-11"}, "2026-07-11 lies ahead"),
        ({"form": "gst"}, "kind cannot be 'gst'"),
        ({"period": "2026-Q2"}, "ioss is for a month, not for 2026-Q2"),
        ({"period": "May"}, "'May' is no period"),
        ({"amount": "much"}, "much"),
        ({"form": ""}, "a return needs form"),
    ],
)
def test_what_cannot_be_is_refused(opened: Opened, wish: dict[str, str], says: str) -> None:
    with pytest.raises(CrossbookError, match=says):
        decided(opened, "return", **{**MAY, **wish})
    assert not opened.book.journal()


def test_a_month_is_filed_once_until_that_is_taken_back(opened: Opened) -> None:
    decided(opened, "return", on="2026-06-10", **MAY)
    found = filed(opened.book)["ioss", "2026-05"]
    assert (found.on, found.amount, found.currency) == ("2026-06-10", 1_900, "EUR")
    with pytest.raises(RefusedError, match="ioss for 2026-05 was filed on 2026-06-10"):
        decided(opened, "return", on="2026-06-11", **MAY)
    assert look_back(opened, kind_of("return"), MAY).effects == ("return ioss 2026-05 is not filed",)
    undone(opened, "return", **MAY)
    assert filed(opened.book) == {}
    with pytest.raises(RefusedError, match="ioss for 2026-05 is not marked as filed"):
        undone(opened, "return", **MAY)
    decided(opened, "return", on="2026-06-11", **MAY)


def test_an_approver_is_told_when_the_book_computes_something_else_now(opened: Opened) -> None:
    kind = kind_of("return")
    entry = decided(opened, "return", **MAY)
    assert kind.holds and kind.holds(opened, entry) == ()
    more = [order(1, "2026-05-10", 11_900, "DE"), order(2, "2026-05-11", 11_900, "DE")]
    then = Plain(book=opened.book, database=with_facts(opened.book, order=more))
    assert [o.text for o in kind.holds(then, entry)] == ["the book computes 38.00 EUR now, not 19.00 EUR"]


def test_older_entries_read_as_they_did(opened: Opened) -> None:
    body = {"kind": "cn_refund", "period": "2026-05", "on": "2026-06-02", "amount": None, "currency": "CNY"}
    entry = opened.book.decide("tax filed", "cn_refund 2026-05", body, "li")
    assert kind_of("return").sentence(entry) == "return cn_refund 2026-05 was filed on 2026-06-02"
    assert filed(opened.book) == {("cn_refund", "2026-05"): Filing("2026-06-02", None, "CNY")}


def test_periods_that_are_over_and_not_filed_are_offered(opened: Opened) -> None:
    decided(opened, "return", **MAY)
    offered = next(a.choices for a in kind_of("return").asked if a.name == "period")
    assert offered
    assert [c.value for c in offered(opened, {"form": "ioss"})][:2] == ["2026-06", "2026-04"]
    assert next(c.value for c in offered(opened, {"form": "uk_vat"})) == "2026-Q2"
