"""Quantities in customs' legal units: by net weight, by the piece, or by what the settings say is in one piece."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from crossbook.filing.customs.trade import Item

FIVE = Decimal("0.00001")  # as many decimals as the messages have
# Units of weight in grams, by the codes of customs' own list (`data/customs/codes.csv`).
WEIGHTS = {
    "035": Decimal(1000),  # 千克
    "036": Decimal(1),  # 克
    "070": Decimal(1_000_000),  # 吨
    "075": Decimal(500),  # 斤
    "084": Decimal("0.2"),  # 克拉
}
NO_WEIGHT = (
    "no file says the net weight of one: a table of products does (weight_kg), or a column net_weight_kg of the orders"
)


def legal(unit: str, sold_in: str, item: Item, per_piece: Decimal | None) -> Decimal | str:
    """How much of a line is in a legal unit; or why that is not known.

    A unit of weight takes the line's net weight, the unit that it is sold in its quantity, any other unit what
    `per_piece` says is in one piece. A parcel's weight says nothing of what is in it.
    """
    if item.quantity is None:
        return "no file of the book says it"
    if per_piece is not None:
        found = per_piece * item.quantity
    elif unit in WEIGHTS:
        if item.net_g is None:
            return NO_WEIGHT
        found = Decimal(item.net_g) / WEIGHTS[unit]
    elif unit == sold_in:
        found = Decimal(item.quantity)
    else:
        return f"how much of unit {unit} is in one of unit {sold_in} is not said: per_piece in [customs.goods]"
    return found if found.quantize(FIVE, ROUND_HALF_UP) > 0 else "is nothing in this unit"
