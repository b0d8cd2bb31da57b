"""Goods, freight and tax of a trade: what its parts and lines prove, and what is wanting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.filing.customs.trade import Parts, ToDeclare
from crossbook.filing.customs.value import against_receipt, spread, value_of


def test_a_discount_comes_off_the_goods() -> None:
    """A tent of 129.00 sold for 99.00 with a code of 30.00: 99.00 is declared, for 99.00 was paid."""
    parts = Parts(total=9_900, goods=12_900, discount=3_000, freight=0, tax=0)
    found = value_of(parts, spread([12_900], 3_000), "USD")
    assert (found.lines, found.goods, found.freight, found.tax, found.wants) == ((9_900,), 9_900, 0, 0, ())


def test_goods_given_away_have_no_customs_value() -> None:
    """A tent of 129.00 with a discount of 100 %, 5.00 of freight paid."""
    parts = Parts(total=500, goods=12_900, discount=12_900, freight=500, tax=0)
    (want,) = value_of(parts, spread([12_900], 12_900), "USD").wants
    assert want.field == "goodsValue" and want.value == "0.00 USD" and "0 is no customs value" in want.why


def test_freight_and_tax_stand_apart() -> None:
    """150.00 paid is 129.00 of goods, 10.00 of freight, 11.00 of tax; freight is never 21.00."""
    parts = Parts(total=15_000, goods=12_900, discount=0, freight=1_000, tax=1_100)
    found = value_of(parts, [12_900], "USD")
    assert (found.goods, found.freight, found.tax, found.wants) == (12_900, 1_000, 1_100, ())


def test_an_unknown_price_is_wanting_and_never_0() -> None:
    """A tent and three cables for 130.00 in all, no price a line: neither is 0, and freight is not 130.00."""
    found = value_of(Parts(total=13_000), [None, None], "USD")
    assert (found.lines, found.goods, found.freight) == ((None, None), None, None)
    assert {w.field for w in found.wants} == {"price[1]", "price[2]", "freight", "tax"}


def test_one_line_of_a_total_may_hold_freight_and_tax() -> None:
    found = value_of(Parts(total=6_000), [None], "USD")
    assert found.goods is None and {w.field for w in found.wants} == {"price[1]", "freight", "tax"}
    alone = Parts(total=6_000, goods=6_000, discount=0, freight=0, tax=0)  # the business says that it holds neither
    said = value_of(alone, [None], "USD")
    assert (said.lines, said.goods, said.freight, said.tax, said.wants) == ((6_000,), 6_000, 0, 0, ())
    two = value_of(alone, [None, None], "USD")
    assert [w.field for w in two.wants] == ["price[1]", "price[2]"]


def test_lines_that_come_to_the_total_leave_nothing_for_freight_or_tax() -> None:
    found = value_of(Parts(total=13_899), [12_900, 999], "USD")
    assert (found.goods, found.freight, found.tax, found.wants) == (13_899, 0, 0, ())


@pytest.mark.parametrize(
    ("parts", "lines", "field", "said"),
    [
        (
            Parts(total=15_000),
            [12_900],
            "freight",
            "the total holds 21.00 USD more, and no file says how much of it is freight or tax",
        ),
        (
            Parts(total=15_000, freight=1_000),
            [12_900],
            "tax",
            "the total holds 11.00 USD more, and no file says how much of it is tax",
        ),
        (
            Parts(total=9_900),
            [12_900],
            "discount",
            "the total is 30.00 USD less than its parts, and no file says a discount",
        ),
        (
            Parts(total=15_100, goods=12_900, discount=0, freight=1_000, tax=1_100),
            [12_900],
            "total",
            "goods after discount, freight and tax come to 150.00 USD, the order's total is 151.00 USD: "
            "1.00 USD is in no part",
        ),
        (
            Parts(total=9_900, goods=12_900, discount=3_000, freight=0, tax=0),
            [12_900],
            "goodsValue",
            "the lines come to 129.00 USD, the goods after discount to 99.00 USD: -30.00 USD is in no part",
        ),
        (Parts(goods=100, discount=0, freight=0, tax=0), [100], "total", "no file of the book says it"),
    ],
)
def test_what_no_part_explains_is_wanting(parts: Parts, lines: list[int | None], field: str, said: str) -> None:
    assert [(w.field, w.why) for w in value_of(parts, lines, "USD").wants] == [(field, said)]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=9), st.data())
def test_shares_of_a_discount_come_to_it(amounts: list[int], data: st.DataObject) -> None:
    discount = data.draw(st.integers(0, sum(amounts)))
    net = spread(amounts, discount)
    assert sum(net) == sum(amounts) - discount
    for a, b in zip(amounts, net, strict=True):  # each within a cent of its exact share
        assert abs(a - a * discount / sum(amounts) - b) < 1 + 1e-6


def trade(**changed: object) -> ToDeclare:
    made: dict[str, object] = dict.fromkeys(n for n in ToDeclare.__dataclass_fields__ if n not in ("items", "parts"))
    return ToDeclare(**made | {"order_id": "A1", "currency": "USD", "pay_currency": "USD", "items": ()} | changed)  # type: ignore[arg-type]


def test_a_receipt_must_be_what_the_order_comes_to() -> None:
    whole = Parts(total=9_900)
    assert against_receipt(trade(parts=whole, paid=9_900)) == []
    assert against_receipt(trade(parts=whole)) == []  # no receipt: nothing to hold against
    (off,) = against_receipt(trade(parts=whole, paid=12_900))
    assert off.why == "the receipt says 129.00 USD, the order 99.00 USD: -30.00 USD is in no part"
    (other,) = against_receipt(trade(parts=whole, paid=9_900, pay_currency="EUR"))
    assert other.why == "was paid in EUR, the order is in USD"
