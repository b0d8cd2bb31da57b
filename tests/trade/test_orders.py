"""Orders decomposed: every part stated, derived or unknown, worked by hand.

Identity: goods - discount + shipping + gift wrap + tax = total.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import times
from tests.trade.making import at, traded

PARTS = ("goods", "discount", "shipping", "gift_wrap", "tax")


def one(items: list[dict[str, Any]] | None = None, *, goods_alone: bool = False, **order: Any) -> dict[str, Any]:
    """The one order of account shop with these columns, its lines' net prices under `net`."""
    row = {"account": "shop", "order_id": "A1", "placed_at": at("2026-03-01"), "currency": "USD"} | order
    lines = [{"account": "shop", "order_id": "A1", "item": f"I{n}"} | i for n, i in enumerate(items or [])]
    database = traded(("shop",) if goods_alone else (), order=[row], order_item=lines)
    (found,) = database.rows("SELECT * FROM orders")
    found["net"] = [r["net"] for r in database.rows("SELECT net FROM order_lines ORDER BY line")]
    found["net_by"] = [r["net_by"] for r in database.rows("SELECT net_by FROM order_lines ORDER BY line")]
    return found


def parts(found: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(found[p] for p in PARTS)


def test_a_discount_is_not_what_the_buyer_paid() -> None:
    # a tent of 129.00 with a coupon of 30.00, shipped free: 99.00 was paid
    found = one([{"amount": 12900, "quantity": 1}], total=9900, goods=12900, discount=3000, shipping=0, tax=0)
    assert parts(found) == (12900, 3000, 0, 0, 0)
    assert (found["remainder"], found["unknown"], found["net"]) == (0, "", [9900])
    assert (found["goods_by"], found["gift_wrap_by"], found["net_by"]) == ("stated", "total", ["shared"])


def test_tax_on_top_is_no_freight() -> None:
    # 129.00 + freight 10.00 + sales tax 11.00 = 150.00
    found = one([{"amount": 12900, "quantity": 1}], total=15000, goods=12900, discount=0, shipping=1000, tax=1100)
    assert parts(found) == (12900, 0, 1000, 0, 1100)
    assert (found["tax_included"], found["net"]) == ("no", [12900])


def test_tax_in_the_price_is_taken_out_of_goods_and_shipping() -> None:
    # 165.00 + 20.00 with 19 % in them: 185.00 x 19/119 = 29.54; 2.00 x ... : shipping 20.00 x 29.54/185.00 = 3.19
    found = one([{"amount": 16500, "quantity": 1}], total=18500, goods=16500, discount=0, shipping=2000, tax=2954)
    assert found["tax_included"] == "yes"
    assert parts(found) == (13865, 0, 1681, 0, 2954)
    assert sum((13865, 1681, 2954)) == 18500
    assert (found["goods_by"], found["net"]) == ("tax taken out", [13865])


def test_a_total_alone_says_nothing_of_its_parts() -> None:
    found = one([{"quantity": 1}, {"quantity": 3}], total=13000)
    assert parts(found) == (None, None, None, None, None)
    assert (found["unknown"], found["net"]) == ("goods discount shipping gift_wrap tax", [None, None])


def test_lines_that_make_the_total_leave_nothing_for_the_rest_but_tax_stays_unsaid() -> None:
    found = one([{"amount": 12900, "quantity": 1}, {"amount": 999, "quantity": 1}], total=13899)
    assert parts(found) == (13899, 0, 0, 0, None)
    assert (found["goods_by"], found["shipping_by"], found["unknown"]) == ("lines", "total", "tax")
    assert found["net"] == [12900, 999]


def test_more_than_the_lines_may_be_freight_or_tax_and_is_neither_until_said() -> None:
    found = one([{"amount": 12900, "quantity": 1}], total=15000)
    assert parts(found) == (12900, None, None, None, None)
    assert found["remainder"] == 2100 and found["net"] == [None]


def test_the_one_part_that_is_not_stated_is_what_the_others_leave() -> None:
    found = one([{"amount": 12900, "quantity": 1}], total=15000, discount=0, tax=1100)
    assert parts(found) == (12900, 0, 1000, 0, 1100) and found["shipping_by"] == "rest"
    found = one([{"amount": 12900, "quantity": 1}], total=9900, shipping=0, tax=0)
    assert parts(found) == (12900, 3000, 0, 0, 0) and found["discount_by"] == "rest"
    found = one([{"quantity": 2}], total=15000, discount=0, shipping=1000, tax=1100)
    assert parts(found) == (12900, 0, 1000, 0, 1100) and (found["goods_by"], found["net"]) == ("rest", [12900])


def test_parts_that_contradict_the_total_stay_as_stated_with_the_remainder() -> None:
    found = one(total=15000, goods=12900, discount=0, shipping=1000, gift_wrap=0, tax=1000)
    assert parts(found) == (12900, 0, 1000, 0, 1000) and found["remainder"] == 100


def test_the_business_may_say_that_totals_are_of_goods_alone() -> None:
    found = one([{"quantity": 2}], total=5000, goods_alone=True)
    assert parts(found) == (5000, 0, 0, 0, 0) and found["goods_by"] == "setting" and found["net"] == [5000]


def test_unit_prices_and_discounts_of_lines() -> None:
    # 3 x 10.00 less 5.00, and 1 x 7.00: 32.00
    found = one(
        [{"price": 1000, "quantity": 3, "discount": 500}, {"price": 700, "quantity": 1, "discount": 0}], total=3200
    )
    assert (found["goods"], found["discount"], found["net"]) == (3700, 500, [2500, 700])


def test_a_discount_of_the_order_is_shared_to_the_cent() -> None:
    # 10.00 off three lines of 9.99: 19.97 is left
    items = [{"amount": 999, "quantity": 1}] * 3
    found = one(items, total=1997, goods=2997, discount=1000, shipping=0, tax=0)
    assert sum(found["net"]) == 1997 and max(found["net"]) - min(found["net"]) <= 1


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("paid", "paid"),
        ("PAID", "paid"),
        ("voided", "voided"),
        ("partially_refunded", "part_refunded"),
        ("Canceled", "cancelled"),
        ("已取消", "cancelled"),
        ("交易成功", "completed"),
        ("等待买家付款", "unpaid"),
        ("Pending", "pending"),
        ("wc-processing", "paid"),
        (None, "placed"),
        ("", "placed"),
        ("zurückgestellt", "unknown"),
    ],
)
def test_states_are_told_in_one_vocabulary(word: str | None, state: str) -> None:
    found = one(total=100, status=word)
    assert (found["status"], found["status_told"]) == (state, word)


def test_a_line_that_was_cancelled_is_no_goods_of_an_order_that_went_out() -> None:
    # Amazon: a lamp of 24.99 shipped, a stove of 49.99 cancelled with a blank price
    items = [{"amount": 2499, "quantity": 1, "status": "Shipped"}, {"quantity": 0, "status": "Cancelled"}]
    found = one(items, total=2499, goods=2499, discount=0, shipping=0, tax=0, status="Shipped")
    assert (found["net"], found["goods"]) == ([2499], 2499)
    found = one([i | {"status": "Cancelled"} for i in items], total=None, status="Cancelled")
    assert len(found["net"]) == 2 and found["status"] == "cancelled"


def test_one_number_of_two_accounts_is_two_trades() -> None:
    rows = [
        {"account": a, "order_id": "#1001", "placed_at": at("2026-03-01"), "currency": "USD", "total": t, "evidence": a}
        for a, t in (("shop", 100), ("other", 900))
    ]
    items = [{"account": a, "order_id": "#1001", "item": a, "amount": t} for a, t in (("shop", 100), ("other", 900))]
    payment = {"payment_id": "P", "order_id": "#1001", "amount": 100, "currency": "USD"}
    database = traded(order=rows, order_item=items, payment=[payment])
    found = database.rows("SELECT order_id, total FROM orders ORDER BY total")
    assert found == [{"order_id": "shop:#1001", "total": 100}, {"order_id": "other:#1001", "total": 900}]
    assert database.rows("SELECT order_id, net FROM order_lines ORDER BY net") == [
        {"order_id": "shop:#1001", "net": 100},
        {"order_id": "other:#1001", "net": 900},
    ]
    assert database.rows("SELECT order_id FROM payments") == [{"order_id": "#1001"}]  # whose it is, nobody says


def test_the_newest_telling_is_believed_and_the_older_kept() -> None:
    old = {"account": "shop", "order_id": "A1", "placed_at": at("2026-03-01"), "total": 100, "status": "pending"}
    rows = [old | {"evidence": "old"}, old | {"evidence": "new", "status": "paid", "total": 90}]
    items = [
        {"account": "shop", "order_id": "A1", "item": i, "amount": a, "evidence": e}
        for e, i, a in (("old", "X", 60), ("old", "Y", 40), ("new", "X", 45), ("new", "X", 45))
    ]
    database = traded(order=rows, order_item=items)
    assert database.rows("SELECT total, status FROM orders") == [{"total": 90, "status": "paid"}]
    assert database.rows("SELECT total FROM older_orders") == [{"total": 100}]
    # the goods are those of the newest file: Y went, and two lines that are alike are two
    assert database.rows("SELECT item, net FROM order_lines") == [{"item": "X", "net": 45}] * 2


minor = st.integers(0, 10**7)


@settings(max_examples=times(20, long=200), deadline=None)
@given(st.lists(minor, min_size=1, max_size=5), minor, minor, minor, st.sampled_from(["yes", "no"]), st.data())
def test_parts_and_lines_always_sum(
    prices: list[int], shipping: int, wrap: int, tax: int, included: str, data: st.DataObject
) -> None:
    goods = sum(prices)
    discount = data.draw(st.integers(0, goods))
    before = goods - discount + shipping + wrap
    tax = min(tax, before) if included == "yes" else tax
    total = before + (0 if included == "yes" else tax)
    found = one(
        [{"amount": p, "quantity": 1} for p in prices],
        total=total,
        goods=goods,
        discount=discount,
        shipping=shipping,
        gift_wrap=wrap,
        tax=tax,
        tax_included=included,
    )
    g, d, s, w, t = parts(found)
    assert g - d + s + w + t == total and found["remainder"] == 0
    if None not in found["net"]:
        assert sum(found["net"]) == g - d and all(n >= 0 for n in found["net"])
    else:
        assert (goods == 0 and total > 0) or goods == discount
