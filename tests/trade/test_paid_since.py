"""A line told before it was paid out, and again in its payout, is one line."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import settle
from crossbook.settle.adding_up import added_up
from crossbook.settle.position import position
from crossbook.trade import lines
from tests.trade.making import EVIDENCE, at, facts
from tests.trade.test_told_again import line

STRIPE = (
    "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Transfer\n"
    "{paid}txn_1A,charge,ch_1A,80.00,2.50,77.50,usd,2026-03-01 09:12,2026-03-03 00:00,A1,{payout}\n"
)
PAID = "txn_1P,payout,po_1,-77.50,0.00,-77.50,usd,2026-03-04 00:10,2026-03-05 00:00,STRIPE PAYOUT,po_1\n"
SHOPIFY = (
    "Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Payout ID,Available On,Amount,Fee,"
    "Net,Checkout,Currency,VAT\n"
    "2026-03-01 09:12:44 -0800,charge,#1001,visa,online,{status},2026-03-04,{payout},2026-03-03,80.00,2.50,77.50,#9,"
    "USD,0.00\n"
)
EBAY = (
    "Transaction creation date,Type,Order number,Net amount,Payout currency,Payout date,Payout ID,Transaction ID,"
    "Quantity,Gross transaction amount,Transaction currency,Final Value Fee - variable\n"
    '"Mar 1, 2026",Order,11-00000-00001,77.50,USD,"{day}",{payout},81,1,80.00,USD,-2.50\n'
)
EXPORTS = {
    "stripe": (STRIPE.format(paid="", payout=""), STRIPE.format(paid=PAID, payout="po_1")),
    "shopify": (SHOPIFY.format(status="pending", payout=""), SHOPIFY.format(status="paid", payout="901")),
    "ebay": (EBAY.format(day="--", payout="--"), EBAY.format(day="Mar 4, 2026", payout="61")),
}


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("platform", list(EXPORTS))
def test_an_export_before_the_payout_and_one_after_it_tell_one_sale(
    platform: str, newest_first: bool, book: Book, add_text: Callable[..., Added]
) -> None:
    """One sale of 80.00 less 2.50 is 77.50: paid, and not in the balance beside it."""
    for n, text in reversed([*enumerate(EXPORTS[platform])]) if newest_first else enumerate(EXPORTS[platform]):
        add_text(f"{n}.csv", text)
    desk = settle(book)
    (row,) = added_up(desk, date(2026, 3, 31))
    assert row.orders == 77_50
    if platform != "ebay":  # its export names the payout, and no row states what was paid
        assert [(s.place, s.amount) for s in position(desk, date(2026, 3, 31))] == [("on_its_way", 77_50)]


def told(*rows: Any) -> Any:
    """The lines of files of one format, in any order of adding."""
    database = facts(settlement=random.Random(len(rows)).sample(rows, len(rows)))
    names = sorted({r["evidence"] for r in rows})
    files = [
        {"sha": n, "seq": i, "name": n, "source": "one", "authority": 50, "whole": False} for i, n in enumerate(names)
    ]
    database.keep("evidence", pa.Table.from_pylist(files, schema=EVIDENCE))
    database.connection.execute("CREATE TABLE shared_number (number VARCHAR)")
    lines.make(database)
    return database


def amounts(database: Any) -> list[tuple[str | None, int]]:
    return [(r["payout_id"], r["amount"]) for r in database.rows("SELECT payout_id, amount FROM line ORDER BY ALL")]


def test_of_equal_fees_as_many_stay_open_as_are_told_more_than_paid() -> None:
    """Three of 0.20 on one day, of which a later export says that two are paid: one stays open."""
    fees = [line("a", -20, "fee", None) for _ in range(3)]
    paid = [line("b", -20, "fee", None, payout_id="P1") for _ in range(2)]
    assert amounts(told(*fees, *paid)) == [("P1", -20), ("P1", -20), (None, -20)]
    assert amounts(told(*fees, *paid, line("b", -20, "fee", None))) == [("P1", -20), ("P1", -20), (None, -20)]


def test_another_fee_of_the_day_is_another_line() -> None:
    assert amounts(told(line("a", -20, "fee", None), line("b", -30, "fee", None, payout_id="P1"))) == [
        ("P1", -30),
        (None, -20),
    ]


def test_what_the_two_tell_otherwise_is_said_and_the_payout_is_believed() -> None:
    database = told(line("a", 7_750, reference="T1"), line("b", 7_700, reference="T1", payout_id="P1"))
    assert amounts(database) == [("P1", 7_700)]
    (row,) = database.rows("SELECT id, used, other, used_evidence, other_evidence FROM contradiction")
    assert row == {"id": "T1", "used": 7_700, "other": 7_750, "used_evidence": "b", "other_evidence": "a"}


@pytest.mark.parametrize("older", ["a", "c"])
def test_an_order_and_what_is_held_of_it_under_one_reference_are_two_lines(older: str) -> None:
    """25.70 sold; the newer export has 25.70 held and set free on the same day, all under the order's reference."""
    sold = line("b", 2_570, reference="T1")
    held, free = line("b", -2_570, "dispute_hold", reference="T1"), line("b", 2_570, "dispute_release", reference="T1")
    assert sum(amount for _, amount in amounts(told(line(older, 2_570, reference="T1"), sold, held, free))) == 2_570
    assert sum(amount for _, amount in amounts(told(line(older, 2_570, reference="T1"), sold, held))) == 0


def test_a_line_of_another_day_is_no_other_telling() -> None:
    again = line("b", 500, reference="T1", payout_id="P1", posted_at=at("2026-03-02 00:00"))
    assert amounts(told(line("a", 500, reference="T1"), again)) == [("P1", 500), (None, 500)]
