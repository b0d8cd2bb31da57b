"""Payouts of named lines whose money came back: they are told so, and their lines stand in the balance again.

By hand, in USD: #1 45.99 less 1.63 and #2 30.00 less 1.17 are 44.36 + 28.83 = 73.19, paid in po_1 on 5 March. #3 20.00
less 0.88 is 19.12. po_1 fails on 7 March; po_2 pays 73.19 + 19.12 = 92.31 on 11 March.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import Desk, settle
from crossbook.settle.adding_up import added_up
from crossbook.settle.closure import breakdown
from crossbook.settle.position import position
from crossbook.views.why import why
from tests.settle.making import camt

Put = Callable[..., Added]
HEAD = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Transfer,order_id (metadata)\n"
ROW = (
    "{id},{type},{source},{amount},{fee},{net},usd,2026-03-{day:02d} 09:00,2026-03-{there:02d} 00:00,{inside},{order}\n"
)
ORDERS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price\n"
)


def row(
    id: str, type: str, source: str, net: str, day: int, inside: str = "", order: str = "", fee: str = "0.00"
) -> str:
    amount = f"{float(net) + float(fee):.2f}"
    there = day + 1 if type == "payout" else day
    return ROW.format(
        id=id,
        type=type,
        source=source,
        amount=amount,
        fee=fee,
        net=net,
        day=day,
        there=there,
        inside=inside,
        order=order,
    )


FIRST = (
    row("t1", "charge", "ch_1", "44.36", 1, "po_1", "#1", "1.63")
    + row("t2", "charge", "ch_2", "28.83", 1, "po_1", "#2", "1.17")
    + row("t3", "payout", "po_1", "-73.19", 4, "po_1")
)


def sold(add_text: Put, *orders: tuple[str, str]) -> None:
    told = "".join(
        f"{name},a@b.c,paid,2026-03-01 08:00:00 +0000,fulfilled,USD,{total},0.00,0.00,{total},"
        f"2026-03-01 08:00:00 +0000,1,Tent,{total}\n"
        for name, total in orders
    )
    add_text("orders.csv", ORDERS + told, account="stripe")


def stands(desk: Desk, day: int) -> dict[str, tuple[int, int]]:
    """By place how many orders and how much, of places that hold something."""
    found = position(desk, date(2026, 3, day))
    return {s.place: (s.orders, s.amount) for s in found if s.orders or s.amount}


def told(desk: Desk) -> list[tuple[str, int, str, int | None, str]]:
    return [(p.payout_id, p.amount, p.status, p.difference, desk.arrival(p)) for p in desk.payouts]


@pytest.mark.parametrize("source", ["po_1", "", "pyr_9"])
def test_a_payout_that_failed_is_in_the_balance_again(book: Book, add_text: Put, source: str) -> None:
    """The failure names the payout, or nothing that the book knows: then it is the last of that amount before it."""
    sold(add_text, ("#1", "45.99"), ("#2", "30.00"))
    add_text("balance.csv", HEAD + FIRST + row("t4", "payout_failure", source, "73.19", 7))
    desk = settle(book)
    assert told(desk) == [("po_1", 7_319, "closed", 0, "returned")]
    assert stands(desk, 20) == {"in_balance": (2, 7_319)}
    (found,) = added_up(desk, date(2026, 3, 20))
    assert (found.orders, found.beside, found.paid, found.held, found.difference) == (7_319, (), 0, 7_319, 0)
    assert not desk.side.open_payouts
    reason = why(desk, "po_1")
    assert reason is not None
    words = [r.text for r in reason.reasons]
    assert words[0] == "2 lines: lines 73.19 USD"
    assert words[1].startswith("it came back on 2026-03-07") and words[1].endswith("before") is (source != "po_1")
    kinds = breakdown(desk.database, "stripe", "po_1", "USD", desk.payout("po_1").basis)
    assert [(k["kind"], k["lines"], k["amount"]) for k in kinds] == [("sale", 2, 7_319)]


@pytest.mark.parametrize("apart", [False, True])
def test_what_failed_is_paid_again_once(book: Book, add_text: Put, apart: bool) -> None:
    """po_2 pays the orders of po_1 and #3; the line that brought po_1 back counts in their place."""
    sold(add_text, ("#1", "45.99"), ("#2", "30.00"), ("#3", "20.00"))
    second = (
        row("t4", "payout_failure", "po_1", "73.19", 7, "po_2")
        + row("t5", "charge", "ch_3", "19.12", 8, "po_2", "#3", "0.88")
        + row("t6", "payout", "po_2", "-92.31", 10, "po_2")
    )
    if apart:
        add_text("february.csv", HEAD + second)
        add_text("january.csv", HEAD + FIRST)
    else:
        add_text("balance.csv", HEAD + FIRST + second)
    desk = settle(book)
    assert told(desk) == [("po_1", 7_319, "closed", 0, "returned"), ("po_2", 9_231, "closed", 0, "on_its_way")]
    assert stands(desk, 20) == {"on_its_way": (3, 9_231)}
    add_text("bank.xml", camt([("2026-03-12", "92.31", "B1", "STRIPE po_2")]))
    desk = settle(book)
    assert [arrival for *_, arrival in told(desk)] == ["returned", "at_bank"]
    assert stands(desk, 20) == {"at_bank": (3, 9_231)}
    (found,) = [a for a in added_up(desk, date(2026, 3, 20)) if a.account == "stripe"]
    assert (found.orders, found.beside, found.paid, found.held, found.difference) == (9_231, (), 9_231, 0, 0)


def test_what_failed_twice_is_with_the_last_failure(book: Book, add_text: Put) -> None:
    """po_2 sends the 73.19 of po_1 alone and fails too: 73.19 are in the balance, not 146.38."""
    sold(add_text, ("#1", "45.99"), ("#2", "30.00"))
    again = row("t4", "payout_failure", "", "73.19", 7, "po_2") + row("t5", "payout", "po_2", "-73.19", 10, "po_2")
    add_text("balance.csv", HEAD + FIRST + again + row("t6", "payout_failure", "", "73.19", 13))
    desk = settle(book)
    assert told(desk) == [("po_1", 7_319, "closed", 0, "returned"), ("po_2", 7_319, "closed", 0, "returned")]
    assert stands(desk, 20) == {"in_balance": (2, 7_319)}
    (found,) = added_up(desk, date(2026, 3, 20))
    assert (found.orders, found.paid, found.held, found.difference) == (7_319, 0, 7_319, 0)


def test_a_failure_of_another_amount_is_said_and_not_followed(book: Book, add_text: Put) -> None:
    sold(add_text, ("#1", "45.99"), ("#2", "30.00"))
    add_text("balance.csv", HEAD + FIRST + row("t4", "payout_failure", "po_1", "70.00", 7))
    desk = settle(book)
    assert told(desk) == [("po_1", 7_319, "closed", 0, "on_its_way")]
    assert desk.problems == ["stripe: 70.00 USD of payout po_1 came back on 2026-03-07: whose is not known"]


def test_a_failure_of_lines_that_the_book_lacks_stays_in_the_balance(book: Book, add_text: Put) -> None:
    """po_0, of before the export, failed: its 10.00 are in the balance by that line alone."""
    sold(add_text, ("#1", "45.99"), ("#2", "30.00"))
    add_text("balance.csv", HEAD + FIRST + row("t0", "payout_failure", "po_0", "10.00", 2))
    desk = settle(book)
    assert told(desk) == [("po_1", 7_319, "closed", 0, "on_its_way")]
    assert stands(desk, 20) == {"on_its_way": (2, 7_319), "in_balance": (0, 1_000)}


def test_a_failure_that_shopify_tells_by_its_amount_alone(book: Book, add_text: Put) -> None:
    """58.08 and 38.72 are 96.80, paid on 5 January and back on 8 January."""
    add_text(
        "t.csv",
        "Transaction Date,Type,Order,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Checkout,Currency\n"
        "2026-01-02 09:12:44 +0000,charge,#1001,paid,2026-01-05,1234,60.00,1.92,58.08,#c1,USD\n"
        "2026-01-02 10:12:44 +0000,charge,#1002,paid,2026-01-05,1234,40.00,1.28,38.72,#c2,USD\n"
        "2026-01-08 10:12:44 +0000,payout_failure,,pending,,,96.80,0.00,96.80,,USD\n",
    )
    desk = settle(book)
    assert told(desk) == [("1234", 9_680, "closed", 0, "returned")]
    (found,) = added_up(desk, date(2026, 1, 20))
    assert (found.orders, found.paid, found.held, found.difference) == (9_680, 0, 9_680, 0)


# One sale of 30.00 less 4.50 is 25.50, and one of 20.00 less 1.00 is 19.00: 44.50 are paid on 10 March, as a first
# export of each platform tells it; a later one calls that payout failed.
EBAY = (
    "Transaction creation date,Type,Order number,Net amount,Payout currency,Payout date,Payout ID,Payout status,"
    "Transaction ID,Quantity,Gross transaction amount,Transaction currency,Final Value Fee - variable\n"
    '"Mar 1, 2026",Order,#1,25.50,USD,"Mar 10, 2026",61,{status},81,1,30.00,USD,-4.50\n'
    '"Mar 2, 2026",Order,#2,19.00,USD,"Mar 10, 2026",61,{status},82,1,20.00,USD,-1.00\n'
    '"Mar 10, 2026",Payout,--,-44.50,USD,"Mar 10, 2026",61,{status},83,--,-44.50,USD,--\n'
)
SHOPIFY = (
    "Transaction Date,Type,Order,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Checkout,Currency\n"
    "2026-03-01 09:12:44 +0000,charge,#1,{status},2026-03-10,61,30.00,4.50,25.50,c1,USD\n"
    "2026-03-02 09:12:44 +0000,charge,#2,{status},2026-03-10,61,20.00,1.00,19.00,c2,USD\n"
    "2026-03-10 09:12:44 +0000,payout,,{status},2026-03-10,61,-44.50,0.00,-44.50,,USD\n"
)
SUMMARY = (
    "Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency\n"
    "2026-03-10,{status},50.00,0.00,0.00,0.00,-5.50,0.00,44.50,USD\n"
)
SAID = {
    "ebay": (EBAY, "Funds sent", "Returned"),
    "shopify": (SHOPIFY, "paid", "failed"),
    "summary": (SUMMARY, "in_transit", "failed"),
}


@pytest.mark.parametrize("sent_last", [False, True])
@pytest.mark.parametrize("platform", list(SAID))
def test_the_word_that_a_payout_failed_counts(book: Book, add_text: Put, platform: str, sent_last: bool) -> None:
    text, sent, failed = SAID[platform]
    account = "ebay" if platform == "ebay" else "shopify"
    name = "2026-03-10" if platform == "summary" else "61"
    files = [("one.csv", text.format(status=sent)), ("two.csv", text.format(status=failed))]
    add_text(*files[sent_last])
    assert [arrival for *_, arrival in told(settle(book))] == ([] if sent_last else ["on_its_way"])
    add_text(*files[not sent_last])
    desk = settle(book)
    assert told(desk) == [(name, 4_450, "closed", 0, "returned")]
    assert not desk.side.open_payouts
    assert stands(desk, 20) == {"in_balance": (0, 4_450)}
    (found,) = added_up(desk, date(2026, 3, 20))
    assert (found.account, found.paid, found.held, found.difference) == (account, 0, 4_450, 0)
    reason = why(desk, name)
    assert reason is not None
    assert reason.reasons[-1].text == "it came back: a file calls it failed or returned"


def again(text: str, platform: str) -> str:
    """The file with that payout sent again on 13 March."""
    days = {"ebay": ("Mar 10,", "Mar 13,"), "shopify": ("2026-03-10", "2026-03-13")}
    return text.replace(*days[platform])


@pytest.mark.parametrize("failed_last", [False, True])
@pytest.mark.parametrize("platform", ["ebay", "shopify"])
def test_what_failed_is_paid_again_under_its_own_number(
    book: Book, add_text: Put, platform: str, failed_last: bool
) -> None:
    """It failed on the tenth and was sent on the thirteenth: that is the later word, whichever file was added first."""
    text, sent, failed = SAID[platform]
    files = [("failed.csv", text.format(status=failed)), ("sent.csv", again(text.format(status=sent), platform))]
    for file in files[::-1] if failed_last else files:
        add_text(*file)
    desk = settle(book)
    assert told(desk) == [("61", 4_450, "closed", 0, "on_its_way")]
    assert [p.paid_on for p in desk.payouts] == [date(2026, 3, 13)]
    assert desk.problems == []
    assert stands(desk, 20) == {"on_its_way": (0, 4_450)}
    (found,) = added_up(desk, date(2026, 3, 20))
    assert (found.paid, found.held, found.difference) == (4_450, 0, 0)


def test_what_was_sent_before_it_failed_came_back(book: Book, add_text: Put) -> None:
    """Sent on the tenth, called failed on the thirteenth: nothing is in doubt."""
    text, sent, failed = SAID["shopify"]
    add_text("failed.csv", again(text.format(status=failed), "shopify"))
    add_text("sent.csv", text.format(status=sent))
    desk = settle(book)
    assert [arrival for *_, arrival in told(desk)] == ["returned"]
    assert desk.problems == []


DOUBT = (
    "shopify: a file says that payout 61 was sent, another that it failed, and none which is later: it is taken as "
    "come back until a file sends it on a later day, or a bank credits it"
)


@pytest.mark.parametrize(
    ("entries", "paid"),
    [
        ([], False),
        ([("2026-03-12", "44.50", "B1", "SHOPIFY")], True),
        ([("2026-03-12", "44.50", "B1", "SHOPIFY"), ("2026-03-13", "-44.50", "B2", "RETURN")], False),
        ([("2026-03-12", "44.40", "B1", "SHOPIFY")], False),
        ([("2026-05-12", "44.50", "B1", "SHOPIFY")], False),
    ],
)
def test_words_of_one_day_are_told_apart_by_the_bank_or_said(
    book: Book, add_text: Put, entries: list[tuple[str, str, str, str]], paid: bool
) -> None:
    text, sent, failed = SAID["shopify"]
    add_text("sent.csv", text.format(status=sent))
    add_text("failed.csv", text.format(status=failed))
    if entries:
        add_text("bank.xml", camt(entries))
    desk = settle(book)
    assert [arrival for *_, arrival in told(desk)] == ["at_bank" if paid else "returned"]
    assert [p for p in desk.problems if p.startswith("shopify")] == ([] if paid else [DOUBT])
    reason = why(desk, "61")
    assert reason is not None
    assert ([r.text for r in reason.reasons[-1].reasons] == [DOUBT]) is not paid


def test_a_credit_that_another_payout_may_be_proves_nothing(book: Book, add_text: Put) -> None:
    """Payout 62 pays 44.50, too, on the eleventh: the one credit is that one's."""
    text, sent, failed = SAID["shopify"]
    add_text("sent.csv", text.format(status=sent))
    other = "2026-03-11 09:12:44 +0000,{what},,paid,2026-03-11,62,{sign}44.50,0.00,{sign}44.50,c9,USD\n"
    rows = other.format(what="adjustment", sign="") + other.format(what="payout", sign="-")
    add_text("failed.csv", text.format(status=failed) + rows)
    add_text("bank.xml", camt([("2026-03-12", "44.50", "B1", "SHOPIFY")]))
    desk = settle(book)
    assert [(p.payout_id, desk.arrival(p)) for p in desk.payouts] == [("61", "returned"), ("62", "at_bank")]
    assert DOUBT in desk.problems


@pytest.mark.parametrize(("more", "arrival"), [("", "on_its_way"), ("failed again", "returned")])
def test_a_payout_that_lines_draw_twice_is_paid_unless_both_came_back(
    book: Book, add_text: Put, more: str, arrival: str
) -> None:
    sold(add_text, ("#1", "45.99"), ("#2", "30.00"))
    twice = row("t4", "payout_failure", "po_1", "73.19", 7) + row("t5", "payout", "po_1", "-73.19", 10, "po_1")
    add_text("balance.csv", HEAD + FIRST + twice + (row("t6", "payout_failure", "po_1", "73.19", 13) if more else ""))
    desk = settle(book)
    assert told(desk) == [("po_1", 7_319, "closed", 0, arrival)]
    assert stands(desk, 20) == {"in_balance" if more else "on_its_way": (2, 7_319)}
    (found,) = added_up(desk, date(2026, 3, 20))
    assert (found.orders, found.beside, found.difference) == (7_319, (), 0)


def test_what_a_file_calls_failed_and_a_line_pays_again_is_paid_once(book: Book, add_text: Put) -> None:
    """The 44.50 and 10.00 of #3 are the 54.50 of payout 62: the line of 44.50 counts in no place beside its orders."""
    sold(add_text, ("#1", "30.00"), ("#2", "20.00"), ("#3", "10.00"))
    later = (
        "2026-03-12 09:12:44 +0000,payout_failure,,paid,2026-03-14,62,44.50,0.00,44.50,,USD\n"
        "2026-03-12 10:12:44 +0000,charge,#3,paid,2026-03-14,62,10.00,0.00,10.00,c3,USD\n"
        "2026-03-14 09:12:44 +0000,payout,,paid,2026-03-14,62,-54.50,0.00,-54.50,,USD\n"
    )
    add_text("payments.csv", SHOPIFY.format(status="failed") + later)
    for _ in range(2):  # with the first word of it, too
        desk = settle(book)
        assert ("62", 5_450, "closed", 0, "on_its_way") in told(desk)
        assert stands(desk, 20) == {"on_its_way": (3, 5_450)}
        (found,) = [a for a in added_up(desk, date(2026, 3, 20)) if a.account == "shopify"]
        assert (found.orders, found.beside, found.paid, found.held, found.difference) == (5_450, (), 5_450, 0, 0)
        add_text("before.csv", SHOPIFY.format(status="paid"))
    assert told(settle(book))[0] == ("61", 4_450, "closed", 0, "returned")


def test_what_a_summary_retries_is_the_payout_that_failed(book: Book, add_text: Put) -> None:
    """44.50 of the tenth are paid again on the twelfth, with 9.00 more."""
    again = "2026-03-12,paid,10.00,0.00,0.00,0.00,-1.00,44.50,53.50,USD\n"
    add_text("one.csv", SUMMARY.format(status="paid"))
    add_text("two.csv", SUMMARY.format(status="failed") + again)
    desk = settle(book)
    assert told(desk) == [
        ("2026-03-10", 4_450, "closed", 0, "returned"),
        ("2026-03-12", 5_350, "closed", 0, "on_its_way"),
    ]
    assert stands(desk, 20) == {"on_its_way": (0, 5_350)}
    (found,) = added_up(desk, date(2026, 3, 20))
    assert (found.paid, found.held, found.difference) == (5_350, 0, 0)
