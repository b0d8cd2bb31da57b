"""Legal quantities: kilograms and grams are of the net weight, other units of what is sold or said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossbook.customs_codes import codes
from crossbook.filing.customs.quantity import NO_WEIGHT, legal, units
from crossbook.filing.customs.trade import Item


def item(quantity: int | None, net_g: int | Decimal | None = None) -> Item:
    return Item(sku="X", title="X", quantity=quantity, amount=100, net_g=net_g)


@pytest.mark.parametrize(
    ("unit", "sold_in", "line", "expected"),
    [
        ("035", "011", item(1, 2_400), "2.4"),  # a tent of 2.4 kg
        ("035", "011", item(3, 180), "0.18"),  # three cables of 0.06 kg
        ("036", "011", item(1, 12), "12"),
        ("036", "011", item(2, Decimal("0.5")), "0.5"),
        ("070", "011", item(1, 2_400), "0.0024"),
        ("025", "025", item(3), "3"),  # pairs sold in pairs
    ],
)
def test_known(unit: str, sold_in: str, line: Item, expected: str) -> None:
    assert legal(unit, sold_in, line, None) == Decimal(expected)


def test_unknown_is_said_and_never_1() -> None:
    assert legal("036", "011", item(1), None) == NO_WEIGHT
    assert legal("035", "011", item(3), None) == NO_WEIGHT
    assert "per_piece" in str(legal("025", "011", item(3), None))  # are two pieces a pair?
    assert legal("011", "011", item(None), None) == "no file of the book says it"
    assert legal("070", "011", item(1, 1), None) == "is nothing in this unit"  # 0.000001 t


def test_what_is_in_one_piece_may_be_set() -> None:
    assert legal("025", "011", item(3), Decimal("0.5")) == Decimal("1.5")
    assert legal("036", "011", item(2), Decimal(12)) == 24


EACH = {"length": Decimal("1.8"), "area": Decimal("3.1"), "volume": Decimal("0.75"), "pieces": Decimal(2)}


# Worked by hand: three of a product of which the table says 1.8 m, 3.1 m2, 0.75 l and two pieces.
@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("030", "5.4"),  # metres
        ("032", "9.3"),  # square metres
        ("095", "2.25"),  # litres
        ("096", "2250"),  # millilitres
        ("033", "0.00225"),  # cubic metres
        ("007", "6"),  # pieces: three pairs of poles
        ("025", "3"),  # pairs
        ("127", "0.5"),  # dozens
    ],
)
def test_what_the_table_of_products_says_of_one(unit: str, expected: str) -> None:
    line = Item(sku="X", title="X", quantity=3, amount=100, each=EACH)
    assert legal(unit, "006", line, None) == Decimal(expected)
    assert isinstance(legal(unit, "006", item(3, 500), None), str)  # and nothing of it: wanting


@pytest.mark.parametrize(
    ("unit", "sold_in", "expected"),
    [
        ("043", "007", "0.03"),
        ("007", "043", "300"),
        ("054", "043", "0.3"),
        ("144", "025", "0.0003"),
        ("006", "006", "3"),
    ],
)
def test_multiples_of_the_unit_that_it_is_sold_in(unit: str, sold_in: str, expected: str) -> None:
    assert legal(unit, sold_in, item(3), None) == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "sold_in"), [("006", "011"), ("007", "011"), ("025", "007"), ("061", "001"), ("050", "007")]
)
def test_units_that_count_other_things_are_wanting(unit: str, sold_in: str) -> None:
    assert "is not said" in str(legal(unit, sold_in, item(3, 900), None))


def test_units_are_those_of_customs() -> None:
    assert {u.code for u in units().values()} <= set(codes("unit"))
    assert {u.of for u in units().values() if u.of} <= set(codes("unit"))
