"""Characters that nobody sees in numbers of orders, payouts and parcels: two spellings of one number meet.

U+200B, U+FEFF, U+2060 and U+00AD are such by Unicode's property Default_Ignorable_Code_Point. 30.00 + 15.99 = 45.99.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pyarrow as pa
import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine import connect
from crossbook.sources.unseen import seen, seen_texts
from tests.cli.running import data
from tests.conftest import GOLDEN

Put = Callable[..., Added]
ORDERS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Billing Name\n"
    "{number},a@b.c,paid,2026-03-01 08:00:00 +0000,fulfilled,USD,45.99,0.00,0.00,45.99,2026-03-01 08:00:00 +0000,1,"
    "Tent,45.99,{buyer}\n"
)
PAYOUTS = (
    "Transaction Date,Type,Order,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Checkout,Currency\n"
    "2026-03-01 09:12:44 +0000,charge,#1001,paid,2026-03-10,{first},30.00,0.00,30.00,c1,USD\n"
    "2026-03-01 09:12:44 +0000,charge,#1001,paid,2026-03-10,{second},15.99,0.00,15.99,c2,USD\n"
    "2026-03-10 09:12:44 +0000,payout,,paid,2026-03-10,61,-45.99,0.00,-45.99,,USD\n"
)
UNSEEN = ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u200e", "\u202d"]


@pytest.mark.parametrize("character", UNSEEN, ids=[f"U+{ord(c):04X}" for c in UNSEEN])
def test_two_spellings_of_an_order_and_of_a_payout_meet(book: Book, add_text: Put, character: str) -> None:
    original = ORDERS.format(number=f"#10{character}01", buyer="A")
    sha = add_text("orders.csv", original, account="shopify").sha
    add_text("payouts.csv", PAYOUTS.format(first=f"6{character}1", second=f"61{character}"), account="shopify")
    (payout,) = data("payouts", book=book.path)
    assert (payout["id"], payout["lines"], payout["status"]) == ("61", 2, "closed")
    (stage,) = data("money", book=book.path)["stages"]
    assert (stage["place"], stage["orders"], stage["amount"]) == ("on_its_way", 1, 4_599)
    assert book.evidence_path(sha).read_text(encoding="utf-8") == original


def test_a_parcel_told_by_another_format_meets_too(book: Book, add_text: Put) -> None:
    """What is read of JSON, which is no table, is so as well."""
    text = (GOLDEN / "seventeen_track.json").read_text(encoding="utf-8")
    number = json.loads(text)["data"]["accepted"][0]["number"]
    add_text("track.json", text.replace(number, number[:4] + "\u2060\u200b" + number[4:]))
    database = connect(book)
    database.ask("trade")
    found = {row["tracking"] for row in database.rows("SELECT DISTINCT tracking FROM parcel_events")}
    assert number in found and all(t.isascii() for t in found)


def test_what_identifies_nothing_stays_as_it_is(book: Book, add_text: Put) -> None:
    """A Persian name is written with a zero-width non-joiner."""
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    add_text("orders.csv", ORDERS.format(number="#1001", buyer=name), account="shopify")
    database = connect(book)
    database.ask("trade")
    assert [r["buyer"] for r in database.rows("SELECT buyer FROM orders")] == [name]


def test_a_cell_of_nothing_else_is_empty() -> None:
    texts = pa.array(["\u200b\ufeff", "a\u00adb", None, "c", " \u2060d "])
    assert seen_texts(texts).to_pylist() == [None, "ab", None, "c", "d"]
    assert [seen(t) for t in ("\u200b", "a\u00adb", "订\u2060单", "c")] == ["", "ab", "订单", "c"]
