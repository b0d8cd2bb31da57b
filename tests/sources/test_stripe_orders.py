"""Which order a Stripe charge is of, where no column of metadata says it: its description names one, or it does not.

WooCommerce writes "SITE - Order NUMBER"; of a charge made by hand Stripe writes "Charge for E-MAIL".
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine import connect
from crossbook.sources.stripe_payouts import order_number

Put = Callable[..., Added]
HEAD = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Transfer,Description{more}\n"
ROW = "{id},{type},ch_{id},45.99,1.63,44.36,usd,2026-03-01 09:12,2026-03-03 00:00,po_1,{text}{more}\n"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("#1001", "#1001"),
        ("SO-10021", "SO-10021"),
        ("Order #1001", "#1001"),
        ("My shop - Order 1002", "1002"),
        ("Order #000000123, Customer 5", "#000000123"),
        ("订单号：SB2025", "SB2025"),
        ("Charge for a@b.c", None),
        ("Subscription update", None),
        ("Invoice 4F2-0001", None),
        ("STRIPE PAYOUT", None),
        ("Order 1 and Order 2", None),
        ("Reorder 77", None),
        ("pi_3Abc9", None),
    ],
)
def test_a_description_names_an_order_or_none(text: str, number: str | None) -> None:
    assert order_number(text) == number


def test_a_guess_is_said_and_a_sentence_is_no_order(book: Book, add_text: Put) -> None:
    texts = (("t1", "charge", "Charge for a@b.c"), ("t2", "charge", "My shop - Order 1002"), ("t3", "stripe_fee", "7"))
    rows = "".join(ROW.format(id=i, type=kind, text=text, more="") for i, kind, text in texts)
    added = add_text("balance.csv", HEAD.format(more="") + rows)
    assert added.note.splitlines() == [
        "numbers of orders are looked for in Description, which is a guess: 1 lines have one, the first is line 3",
        "numbers of orders are looked for in Description, and 1 lines have none there, the first is line 2: they are "
        "of no known order",
    ]
    database = connect(book)
    database.ask("lines")
    found = database.rows("SELECT reference, order_id FROM line ORDER BY reference")
    assert [(r["reference"], r["order_id"]) for r in found] == [("t1", None), ("t2", "1002"), ("t3", None)]


def test_a_column_for_it_is_no_guess(book: Book, add_text: Put) -> None:
    more = ",order_id (metadata)"
    row = ROW.format(id="t1", type="charge", text="Order 9", more=",#1001")
    assert add_text("balance.csv", HEAD.format(more=more) + row).note == ""
    database = connect(book)
    database.ask("lines")
    assert [r["order_id"] for r in database.rows("SELECT order_id FROM line")] == ["#1001"]
