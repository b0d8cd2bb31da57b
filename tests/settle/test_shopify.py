"""Payouts of Shopify Payments: the summary proves itself, and is one with the list of transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.errors import BadRowsError
from crossbook.settle import settle
from tests.sources.reading import NATIVE, read

Put = Callable[..., Added]
HEAD = "Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency\n"
TRANSACTIONS = (
    "Transaction Date,Type,Order,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Checkout,Currency\n"
    "2026-01-02 09:12:44 -0800,charge,#1001,paid,2026-01-05,1234,60.00,1.92,58.08,#c1,USD\n"
    "2026-01-02 10:12:44 -0800,charge,#1002,paid,2026-01-05,1234,40.00,1.28,38.72,#c2,USD\n"
)


def payouts(book: Book) -> list[tuple[str, date | None, int, str, int | None]]:
    return [(p.payout_id, p.paid_on, p.amount, p.status, p.difference) for p in settle(book).payouts]


def test_the_parts_of_a_summary_prove_its_total(book: Book, add_text: Put) -> None:
    added = add_text("payouts.csv", (NATIVE / "shopify_payouts_summary.csv").read_bytes())
    assert added.facts == {"payout": 1, "settlement": 2}
    assert payouts(book) == [("2026-01-05", date(2026, 1, 5), 9_680, "closed", 0)]
    assert read(NATIVE / "shopify_payouts_summary.csv").column("payout", "fee_total") == [320]


def test_a_total_that_its_parts_do_not_make_is_shown(book: Book, add_text: Put) -> None:
    add_text("payouts.csv", HEAD + "2026-01-05,paid,100.00,-20.00,0.00,-5.00,-3.20,0.00,75.00,USD\n")
    assert payouts(book) == [("2026-01-05", date(2026, 1, 5), 7_500, "not_closed", 320)]


def test_fees_written_as_plain_amounts(book: Book, add_text: Put) -> None:
    add_text("payouts.csv", HEAD + "2026-01-05,paid,100.00,0.00,0.00,0.00,3.20,0.00,96.80,USD\n")
    assert [(status, difference) for *_, status, difference in payouts(book)] == [("closed", 0)]


def test_a_payout_that_was_not_sent_is_left_out_and_said(book: Book, add_text: Put) -> None:
    added = add_text(
        "payouts.csv",
        HEAD
        + "2026-01-05,failed,100.00,0.00,0.00,0.00,-3.20,0.00,96.80,USD\n"
        + "2026-01-06,paid,10.00,0.00,0.00,0.00,-0.50,96.80,106.30,USD\n"
        + "2026-01-07,pending,7.00,0.00,0.00,0.00,0.00,0.00,7.00,USD\n",
    )
    assert payouts(book) == [("2026-01-06", date(2026, 1, 6), 10_630, "closed", 0)]
    assert added.note.splitlines() == [
        "payouts left out as they are not sent yet: 1",
        "payouts left out as they failed; a later one pays them: 1",
    ]


@pytest.mark.parametrize("falling", [False, True])
def test_two_payouts_of_one_day_are_two(book: Book, add_text: Put, falling: bool) -> None:
    """96.80 and 48.40 on the fifth are both paid; another currency of that day is no second one of it."""
    rows = [
        "2026-01-05,paid,100.00,0.00,0.00,0.00,-3.20,0.00,96.80,USD\n",
        "2026-01-05,paid,50.00,0.00,0.00,0.00,-1.60,0.00,48.40,USD\n",
        "2026-01-05,paid,51.00,0.00,0.00,0.00,-1.00,0.00,50.00,EUR\n",
        "2026-01-07,paid,10.00,0.00,0.00,0.00,0.00,0.00,10.00,USD\n",
    ]
    added = add_text("payouts.csv", HEAD + "".join(reversed(rows) if falling else rows))
    assert sorted((p.payout_id, p.currency, p.amount, p.status) for p in settle(book).payouts) == [
        ("2026-01-05", "EUR", 5_000, "closed"),
        ("2026-01-05", "USD", 9_680, "closed"),
        ("2026-01-05#2", "USD", 4_840, "closed"),
        ("2026-01-07", "USD", 1_000, "closed"),
    ]
    assert added.note == (
        "days with more than one payout in a currency, which the file does not number (named #2, …): 2026-01-05"
    )


def test_a_status_that_no_list_has_is_refused(book: Book, add_text: Put) -> None:
    with pytest.raises(BadRowsError) as error:
        add_text("payouts.csv", HEAD + "2026-01-05,grobnik,1.00,0.00,0.00,0.00,0.00,0.00,1.00,USD\n")
    assert [r.line for r in error.value.rows] == [2]


@pytest.mark.parametrize("first", [0, 1])
def test_summary_and_transactions_are_one_payout(book: Book, add_text: Put, first: int) -> None:
    files = [("s.csv", (NATIVE / "shopify_payouts_summary.csv").read_bytes()), ("t.csv", TRANSACTIONS)]
    for name, text in (files[first], files[1 - first]):
        add_text(name, text)
    assert payouts(book) == [("1234", date(2026, 1, 5), 9_680, "closed", 0)]
    (payout,) = settle(book).payouts
    assert payout.closure is not None
    assert payout.closure.lines == 2  # the orders, not the summary's parts


@pytest.mark.parametrize("first", [0, 1])
def test_two_payouts_of_one_day_are_those_of_the_transactions(book: Book, add_text: Put, first: int) -> None:
    two = (
        "2026-01-05,paid,100.00,0.00,0.00,0.00,-3.20,0.00,96.80,USD\n"
        "2026-01-05,paid,50.00,0.00,0.00,0.00,-1.60,0.00,48.40,USD\n"
    )
    more = "2026-01-03 09:12:44 -0800,charge,#1003,paid,2026-01-05,1235,50.00,1.60,48.40,#c3,USD\n"
    files = [("s.csv", HEAD + two), ("t.csv", TRANSACTIONS + more)]
    for name, text in (files[first], files[1 - first]):
        add_text(name, text)
    assert sorted(payouts(book)) == [
        ("1234", date(2026, 1, 5), 9_680, "closed", 0),
        ("1235", date(2026, 1, 5), 4_840, "closed", 0),
    ]
