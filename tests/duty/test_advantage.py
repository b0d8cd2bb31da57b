"""What is left of a price advantage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from crossbook.duty.advantage import Product, advantage, from_elsewhere, series
from crossbook.duty.tables import law
from crossbook.duty.whatif import changed

CABLE = Product(
    sku="CB-1M",
    name="USB-C cable",
    hts="8544.42.9090",
    origin="CN",
    market="US",
    mode="ocean",
    cost=110,
    freight=12,
    selling=240,
    cost_currency="USD",
    price=799,
    rival_price=999,
    rival="store brand",
    currency="USD",
    weight_kg=Decimal("0.05"),
    claims={"exclusion": "no", "metal_weight": "0.1"},
)
ON = date(2026, 9, 1)


def test_one_piece_of_a_lot() -> None:
    """500 cables at 1.10: duty 2.6 + 25 + 12.5 %, informal fee 2.69, harbor fee 0.69."""
    a = advantage(CABLE, ON)
    assert a.bill is not None
    assert a.bill.total_duty == 1_430 + 13_750 + 6_875
    assert (a.duty, a.landed) == (44, 167)
    assert (a.full_cost, a.margin, a.break_even) == (407, 392, 407)
    assert a.advantage == (Decimal(999) - 407) / 999
    assert a.duty_room == Decimal(999 - 407) / 110
    assert a.freight_room == Decimal(999 - 407) / 12


def test_the_advantage_ends_where_it_says() -> None:
    a = advantage(CABLE, ON)
    assert a.duty_room is not None
    points = (a.duty_room * 100).quantize(Decimal(1))
    for more, sign in ((points - 1, 1), (points + 1, -1)):
        table = changed(law(), (), (f"s301-fl={Decimal('12.5') + more}%",), ON)
        then = advantage(CABLE, ON, table=table).advantage
        assert then is not None
        assert then * sign > 0


def test_costs_in_yuan_are_priced_into_the_united_states_at_the_rate_of_the_book() -> None:
    """7.70, 0.84 and 16.80 yuan at 1/7 of a dollar are the dollars above; without a rate the bill is refused."""
    yuan = replace(CABLE, cost=770, freight=84, selling=1_680, cost_currency="CNY")
    a = advantage(yuan, ON, fx={"CNY": Decimal(1) / 7})
    assert (a.duty, a.landed, a.full_cost, a.margin) == (44, 167, 407, 392)
    assert a.product.cost_currency == "USD"
    assert "a value in CNY" in advantage(yuan, ON).refused


def test_a_parcel_is_one_piece() -> None:
    a = advantage(replace(CABLE, mode="courier"), ON)
    assert a.bill is not None
    assert a.bill.shipment.quantity == 1


def test_elsewhere_and_over_time() -> None:
    there = advantage(from_elsewhere(CABLE, "VN"), ON)
    here = advantage(CABLE, ON)
    assert there.duty is not None
    assert here.duty is not None
    assert there.duty < here.duty
    found = series(CABLE, date(2025, 1, 1), ON)
    assert found[0].on == date(2025, 1, 1)
    assert {date(2025, 2, 4), date(2025, 4, 10), date(2025, 5, 14), date(2026, 2, 24)} <= {a.on for a in found}
    for a, b in pairwise(found):
        assert a.bill is not None
        assert b.bill is not None
        assert a.landed != b.landed or [x.id for x in a.bill.lines] != [x.id for x in b.bill.lines]


def test_what_cannot_be_worked_out_is_refused() -> None:
    assert "a table of import duties of TR is needed" in advantage(replace(CABLE, market="TR"), ON).refused
    fx = advantage(replace(CABLE, currency="EUR"), ON)
    assert fx.refused.startswith("prices in EUR need its rate")
    assert advantage(replace(CABLE, hts="1234"), ON).refused


def test_without_a_rival_there_is_a_margin_but_no_advantage() -> None:
    a = advantage(replace(CABLE, rival_price=None), ON)
    assert a.margin == 392
    assert a.advantage is a.duty_room is a.freight_room is None


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
def test_prices_in_another_currency(currency: str) -> None:
    fx = {"EUR": Decimal("1.25"), "JPY": Decimal("0.01")}
    price = {"EUR": 800, "JPY": 1_000}[currency]
    a = advantage(replace(CABLE, currency=currency, price=price, rival_price=price), ON, fx=fx)
    assert a.margin == 1_000 - 407
    assert a.break_even == {"EUR": 326, "JPY": 407}[currency]
