"""What stands beside an account's orders has a place of its own, and orders and it make what was paid and is held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added, add
from crossbook.book.opening import inputs
from crossbook.settle import settle
from crossbook.settle.adding_up import added_up
from crossbook.settle.position import position
from crossbook.views.why import why
from tests.settle.making import camt, paypal

Put = Callable[..., Added]
KINDS = ("sale", "refund", "advertising", "storage", "carried", "reserve_hold")
LINES = (
    'kind = "settlement"\naccount = "shop"\n[columns]\npayout_id = "In"\nday = "Day"\ntype = "What"\n'
    'order_id = "Order"\namount = "Net"\ncurrency = "Cur"\n[types]\n' + "".join(f'{k} = "{k}"\n' for k in KINDS)
)
ORDERS = (
    'kind = "order"\naccount = "shop"\n[columns]\norder_id = "No"\nplaced_at = "When"\ntotal = "Total"\n'
    'currency = "Cur"\nstatus = "State"\n'
)
PAID = (
    'kind = "payout"\naccount = "shop"\n[columns]\npayout_id = "No"\npaid_on = "Paid"\namount = "Sum"\n'
    'currency = "Cur"\n'
)
SALES = "No,When,Total,Cur,State\n" + "".join(f"{n},2026-01-01,100.00,USD,paid\n" for n in (1, 2, 3))
HEAD = "In,Day,What,Order,Net,Cur\n"


@pytest.fixture
def shop(book: Book, add_text: Put) -> Book:
    folder = book.path / "mappings"
    folder.mkdir(exist_ok=True)
    for name, text in (("lines", LINES), ("orders", ORDERS), ("paid", PAID)):
        (folder / f"{name}.toml").write_text(text)
    add_text("orders.csv", SALES)
    return book


def places(book: Book, day: date) -> dict[str, tuple[int, int, dict[str, int]]]:
    found = {}
    for s in position(settle(book), day):
        found[s.place] = (s.orders, s.amount, {b.what: b.amount for b in s.beside})
    return found


def test_lines_of_no_order_stand_where_they_are_and_all_meets_what_was_paid(shop: Book, add_text: Put) -> None:
    """P1: 85.00 - 5.00 advertising - 3.00 storage = 77.00 paid. In no payout: 40.00 - 2.50 advertising = 37.50."""
    add_text(
        "lines.csv",
        HEAD
        + "P1,2026-01-05,sale,1,85.00,USD\nP1,2026-01-05,advertising,,-5.00,USD\nP1,2026-01-06,storage,,-3.00,USD\n"
        + ",2026-01-08,sale,2,40.00,USD\n,2026-01-09,advertising,,-2.50,USD\n",
    )
    add_text("paid.csv", "No,Paid,Sum,Cur\nP1,2026-01-07,77.00,USD\n")
    told = places(shop, date(2026, 1, 9))
    assert told["on_its_way"] == (1, 7_700, {"advertising": -500, "storage": -300})
    assert told["in_balance"] == (1, 3_750, {"advertising": -250})
    (sums,) = added_up(settle(shop), date(2026, 1, 9))
    assert (sums.orders, sums.of_no_order, sums.paid, sums.held, sums.difference) == (12_500, -1_050, 7_700, 3_750, 0)
    assert places(shop, date(2026, 1, 6))["in_balance"] == (1, 7_700, {"advertising": -500, "storage": -300})


def test_what_the_lines_do_not_explain_is_said(shop: Book, add_text: Put) -> None:
    add_text("lines.csv", HEAD + "P1,2026-01-05,sale,1,85.00,USD\nP1,2026-01-05,storage,,-3.00,USD\n")
    add_text("paid.csv", "No,Paid,Sum,Cur\nP1,2026-01-07,80.00,USD\n")
    assert places(shop, date(2026, 1, 7))["on_its_way"] == (1, 8_000, {"storage": -300, "difference": -200})
    (sums,) = added_up(settle(shop), date(2026, 1, 7))
    assert sums.difference == -200


def test_an_order_that_is_in_no_list_stands_beside_those_that_are(shop: Book, add_text: Put) -> None:
    add_text("lines.csv", HEAD + "P1,2026-01-05,sale,1,85.00,USD\nP1,2026-01-05,sale,99,10.00,USD\n")
    add_text("paid.csv", "No,Paid,Sum,Cur\nP1,2026-01-07,95.00,USD\n")
    assert places(shop, date(2026, 1, 7))["on_its_way"] == (1, 9_500, {"unknown_order": 1_000})


def test_a_refund_in_the_next_payout_leaves_both_payouts_whole(shop: Book, add_text: Put) -> None:
    """Order 1 brought 85.00 in P1, which has arrived, and gave back 30.00 of it in P2, which has not."""
    add_text(
        "lines.csv",
        HEAD + "P1,2026-01-05,sale,1,85.00,USD\nP2,2026-01-15,refund,1,-30.00,USD\nP2,2026-01-15,sale,2,70.00,USD\n",
    )
    add_text("paid.csv", "No,Paid,Sum,Cur\nP1,2026-01-07,85.00,USD\nP2,2026-01-17,40.00,USD\n")
    add_text("bank.xml", camt([("2026-01-08", "85.00", "B1", "P1")]))
    told = places(shop, date(2026, 1, 18))
    assert told["at_bank"] == (1, 8_500, {"order_lines": 3_000})
    assert told["on_its_way"] == (1, 4_000, {"order_lines": -3_000})


def test_a_payout_below_zero_that_the_next_takes_over_counts_once(shop: Book, add_text: Put) -> None:
    add_text(
        "lines.csv",
        HEAD
        + "P1,2026-01-05,sale,1,10.00,USD\nP1,2026-01-05,advertising,,-12.00,USD\n"
        + "P2,2026-01-15,carried,,-2.00,USD\nP2,2026-01-15,sale,2,70.00,USD\n",
    )
    add_text("paid.csv", "No,Paid,Sum,Cur\nP1,2026-01-07,-2.00,USD\nP2,2026-01-17,68.00,USD\n")
    orders, amount, beside = places(shop, date(2026, 1, 18))["on_its_way"]
    assert (orders, amount, sum(beside.values())) == (2, 6_800, -1_200)
    (sums,) = added_up(settle(shop), date(2026, 1, 18))
    assert (sums.orders, sums.of_no_order, sums.paid, sums.difference) == (8_000, -1_200, 6_800, 0)


def test_what_a_reserve_holds_is_held_and_no_cost(shop: Book, add_text: Put) -> None:
    add_text("lines.csv", HEAD + "P1,2026-01-05,sale,1,85.00,USD\nP1,2026-01-05,reserve_hold,,-20.00,USD\n")
    add_text("paid.csv", "No,Paid,Sum,Cur\nP1,2026-01-07,65.00,USD\n")
    told = places(shop, date(2026, 1, 7))
    assert (told["on_its_way"][1], told["in_reserve"][1]) == (6_500, 2_000)
    (sums,) = added_up(settle(shop), date(2026, 1, 7))
    assert (sums.of_no_order, sums.paid, sums.held, sums.reserve, sums.difference) == (0, 6_500, 0, 2_000, 0)


def test_what_is_withdrawn_in_part_arrives_in_part(shop: Book, add_text: Put) -> None:
    """300.00 of three orders, of which 250.00 were withdrawn and found at the bank: all of two, half of the third."""
    text, _ = paypal(
        "2026-01-05",
        0,
        [(str(n), "T0006", f"0{n}:00:00", 10_000) for n in (1, 2, 3)] + [("W1", "T0400", "09:00:00", -25_000)],
    )
    add_text("paypal.csv", text.replace('"SO-', '"'))
    add_text("bank.xml", camt([("2026-01-07", "250.00", "B1", "PAYPAL W1")]))
    told = places(shop, date(2026, 1, 8))
    assert told == {"at_bank": (3, 25_000, {}), "in_balance": (1, 5_000, {})}
    chain = why(settle(shop), "3")
    amounts = {r.text.split(" on ")[0]: r.amount for r in chain.reasons if "withdrawn" in r.text or "balance" in r.text}
    assert sorted(a for a in amounts.values() if a) == [5_000, 5_000]
    sums = {a.account: a for a in added_up(settle(shop), date(2026, 1, 8))}["paypal"]
    assert (sums.orders, sums.paid, sums.held, sums.difference) == (30_000, 25_000, 5_000, 0)


def test_orders_that_only_their_sale_names_are_of_no_list_and_not_of_no_order(book: Book) -> None:
    """EC1 brought 100.00 less 3.00 EUR; 97.00 EUR became 104.76 USD (1.08), which were withdrawn."""
    add(book, inputs([Path(__file__).parents[1] / "sources" / "native" / "conversion.csv"])[0])
    assert places(book, date(2026, 1, 20)) == {"on_its_way": (0, 10_476, {"unknown_order": 10_476})}
    told = [
        (a.currency, a.orders, a.of_no_order, a.converted, a.paid) for a in added_up(settle(book), date(2026, 1, 20))
    ]
    assert told == [("EUR", 9_700, 0, -9_700, 0), ("USD", 0, 0, 10_476, 10_476)]


def test_places_of_the_sample_make_what_was_paid(sample: object) -> None:
    from crossbook.book import open_book

    desk = settle(open_book(Path(str(sample)) / "book"))
    for day in (date(2025, 6, 30), date(2026, 6, 20)):
        stages = position(desk, day)
        shown = sum(s.amount for s in stages if s.place in ("at_bank", "on_its_way") and s.currency == "USD")
        paid = {p.id: p.amount for p in desk.payouts if p.currency == "USD" and p.paid_on and p.paid_on <= day}
        went_on = sum(
            p.amount
            for p in desk.payouts
            if p.id in paid and p.account == "tiktok" and desk.booked_on(p) and desk.booked_on(p) <= day
        )  # type: ignore[operator]
        below = -sum(a for a in paid.values() if a < 0)  # what the next payout took over
        assert shown == sum(paid.values()) + below - went_on
