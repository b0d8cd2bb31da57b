"""Legal quantities: kilograms and grams are of the net weight, other units of what is sold or said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossbook.filing.customs.quantity import NO_WEIGHT, legal
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
