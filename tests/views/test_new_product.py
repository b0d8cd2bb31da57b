"""A product that is typed is worked out as the same product in a book is; what is left empty is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine.duck import connect
from crossbook.errors import ParameterError
from crossbook.views.landing import Ground, Supposed
from crossbook.views.markets import ground, rank
from crossbook.views.new_product import SKU, Stated, supposed_of, with_product

ROWS = """sku,name,hts,origin,market,mode,cost,freight,selling,cost currency,price,currency,weight kg,day
LAMP,Lamp,8513.10.4000,CN,SG,courier,5.00,2.00,3.00,USD,20.00,USD,0.3,2026-06-20
"""
LAMP = Stated(
    name="Lamp",
    hts="8513.10.4000",
    cost="5.00",
    freight="2.00",
    selling="3.00",
    weight_g="300",
    price="20",
    market="SG",
)


def empty(book: Book) -> Ground:
    return ground(connect(book), date(2026, 6, 30), fx={"SGD": Decimal("0.75")}, needs_products=False)


def test_the_same_figures_as_of_a_row_in_the_book(book: Book, add_text: Callable[..., Added]) -> None:
    typed = rank(connect(book), with_product(empty(book), LAMP), SKU, markets=["SG", "US", "DE"]).places
    add_text("products.csv", ROWS)
    database = connect(book)
    at = ground(database, date(2026, 6, 30), fx={"SGD": Decimal("0.75")})
    kept = rank(database, at, "LAMP", markets=["SG", "US", "DE"]).places
    for one, other in zip(typed, kept, strict=True):
        assert (one.market, one.margin, one.break_even, one.landed) == (
            other.market,
            other.margin,
            other.break_even,
            other.landed,
        )
        assert one.unknown == other.unknown


def test_what_is_left_empty_is_not_known(book: Book) -> None:
    at = with_product(empty(book), Stated(hts="851310", cost="5", market="SG"))
    (one,) = rank(connect(book), at, SKU, markets=["SG"]).places
    assert {"price", "freight", "platform", "returns", "demand"} <= set(one.unknown)
    assert one.margin.low is None and one.margin.high is None and one.placed.rank is None


def test_a_price_for_all_markets_is_supposed_in_each(book: Book) -> None:
    stated = Stated(hts="8513104000", cost="5", freight="2", selling="3", price="20", market="SG", everywhere=True)
    found = rank(connect(book), with_product(empty(book), stated), SKU, supposed=supposed_of(stated))
    assert all({"price", "freight"}.isdisjoint(p.unknown) for p in found.places)
    assert supposed_of(Stated(price="20", freight="2")) == Supposed()


def test_costs_in_yuan_reach_the_united_states_in_dollars(book: Book) -> None:
    """35 yuan at 0.14 are 4.90 dollars, whatever the rate that customs takes: the term says so."""
    stated = Stated(
        hts="8513104000", cost="35", cost_currency="CNY", freight="10", selling="3", price="20", market="US"
    )
    at = ground(connect(book), date(2026, 6, 30), fx={"CNY": Decimal("0.14")}, needs_products=False)
    (one,) = rank(connect(book), with_product(at, stated), SKU, markets=["US"]).places
    cost = one.landing.makeup.terms["cost"]
    assert (one.currency, cost.usual) == ("USD", 490)
    assert cost.note == "from CNY at the book's rate; customs takes the one of 19 CFR 159.32"
    assert one.margin.high is not None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("hts", {"hts": "8513"}),
        ("cost", {"cost": ""}),
        ("cost", {"cost": "5,0.0"}),
        ("freight", {"freight": "-1"}),
        ("currency", {"currency": "US dollars"}),
        ("weight_g", {"weight_g": "heavy"}),
        ("weight_g", {"weight_g": "NaN"}),
        ("mode", {"mode": "camel"}),
        ("origin", {"origin": "Atlantis"}),
        ("market", {"market": "Atlantis"}),
    ],
)
def test_what_cannot_be_is_named_by_its_field(book: Book, field: str, wrong: dict[str, str]) -> None:
    with pytest.raises(ParameterError) as caught:
        with_product(empty(book), Stated(**({"hts": "8513104000", "cost": "5"} | wrong)))
    assert caught.value.parameter == field and caught.value.todo
