"""What lies in an account of which the book has no order stands among the places of money, and once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import settle
from crossbook.settle.position import position

NATIVE = Path(__file__).parents[1] / "sources" / "native"
Put = Callable[..., Added]
LINES = (
    'kind = "settlement"\naccount = "shop"\n[columns]\npayout_id = "In"\nday = "Day"\ntype = "What"\n'
    'order_id = "Order"\namount = "Net"\ncurrency = "Cur"\n[types]\nOrder = "sale"\nAd = "advertising"\n'
)
ORDERS = (
    'kind = "order"\naccount = "shop"\n[columns]\norder_id = "No"\nplaced_at = "When"\ntotal = "Total"\n'
    'currency = "Cur"\nstatus = "State"\n'
)


def places(book: Book, day: date) -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = {}
    for stage in position(settle(book), day):
        key = (stage.account, stage.place, stage.currency)
        found[key] = found.get(key, 0) + stage.amount
    return found


def mapped(book: Book) -> None:
    folder = book.path / "mappings"
    folder.mkdir(exist_ok=True)
    (folder / "lines.toml").write_text(LINES)
    (folder / "orders.toml").write_text(ORDERS)


def test_lines_of_unknown_orders_in_no_payout_are_in_the_balance(book: Book, add_text: Put) -> None:
    mapped(book)
    add_text(
        "lines.csv",
        "In,Day,What,Order,Net,Cur\n,2026-01-05,Order,1,85.00,USD\n,2026-01-06,Ad,,-5.00,USD\n"
        "P1,2026-01-02,Order,2,40.00,USD\n,2026-01-09,Order,3,7.00,EUR\n",
    )
    # of the payout P1 the file states neither a day nor a sum: it is nowhere
    assert places(book, date(2026, 1, 7)) == {("shop", "in_balance", "USD"): 8_000}
    assert places(book, date(2026, 1, 9))["shop", "in_balance", "EUR"] == 700


def test_where_orders_are_known_they_are_not_counted_twice(book: Book, add_text: Put) -> None:
    mapped(book)
    add_text("lines.csv", "In,Day,What,Order,Net,Cur\n,2026-01-05,Order,1,85.00,USD\n")
    add_text("orders.csv", "No,When,Total,Cur,State\n1,2026-01-01,100.00,USD,paid\n")
    assert places(book, date(2026, 1, 7)) == {("shop", "in_balance", "USD"): 8_500}


def test_a_running_balance_leaves_what_it_states(book: Book, add_text: Put) -> None:
    text = (NATIVE / "paypal_statement_en.csv").read_text(encoding="utf-8-sig")
    add_text("statement.csv", text)
    told = places(book, date(2026, 2, 1))
    assert told == {("paypal", "in_balance", "USD"): 20_660, ("paypal", "on_its_way", "USD"): 100_000}


def test_an_order_that_was_paid_back_in_its_payout_brings_what_its_lines_leave(book: Book, add_text: Put) -> None:
    mapped(book)
    (book.path / "mappings" / "paid.toml").write_text(
        'kind = "payout"\naccount = "shop"\n[columns]\npayout_id = "No"\npaid_on = "Paid"\namount = "Sum"\n'
        'currency = "Cur"\n'
    )
    (book.path / "mappings" / "lines.toml").write_text(LINES + 'Refund = "refund"\n')
    add_text("orders.csv", "No,When,Total,Cur,State\n1,2026-01-01,100.00,USD,paid\n2,2026-01-01,40.00,USD,paid\n")
    add_text(
        "lines.csv",
        "In,Day,What,Order,Net,Cur\nP1,2026-01-05,Order,1,100.00,USD\nP1,2026-01-06,Refund,1,-100.54,USD\n"
        "P1,2026-01-06,Order,2,38.00,USD\n",
    )
    add_text("paid.csv", "No,Paid,Sum,Cur\nP1,2026-01-08,37.46,USD\n")
    assert places(book, date(2026, 1, 9)) == {("shop", "on_its_way", "USD"): 3_746}  # 38.00 - 0.54, as was paid
