"""Quantities in customs' legal units, the first and the second: each unit by its own rule, or wanting.

Rows of `data/customs/units.csv` say what a unit measures. Its codes are those of customs' table of units
(计量单位代码表, in `data/customs/codes.csv`, whose source `crossbook.customs_codes` names).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from importlib.resources import files

from crossbook.filing.customs.trade import UNSAID, Item

FIVE = Decimal("0.00001")  # as many decimals as the messages have
NO_WEIGHT = (
    "no file says the net weight of one: a table of products does (weight_kg), or a column net_weight_kg of the orders"
)
# Where a table of products says how much of a measure is in one piece: the column ends in its unit.
COLUMNS = {"length": "length_m", "area": "area_m2", "volume": "volume_l", "pieces": "pieces"}


@dataclass(frozen=True)
class Unit:
    """What a unit measures: weight (factor in grams), length (m), area (m²), volume (litres), pieces, or count (so many
    of the unit `of`)."""

    code: str
    measure: str
    factor: Decimal
    of: str


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Every unit that measures something, by customs' code."""
    text = (files("crossbook") / "data" / "customs" / "units.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["code"]: Unit(r["code"], r["measure"], Decimal(r["factor"]), r["of"]) for r in rows}


def legal(unit: str, sold_in: str, item: Item, per_piece: Decimal | None) -> Decimal | str:
    """How much of a line is in a legal unit; or why that is not known.

    What `per_piece` says is in one piece goes first. A unit of weight takes the line's net weight, the unit that it is
    sold in its quantity, a multiple of that unit the quantity's part, and what measures length, area, volume or pieces
    what the table of products says of one. A parcel's weight says nothing of what is in it.
    """
    if item.quantity is None:
        return UNSAID
    found = per_piece * item.quantity if per_piece is not None else _by_rule(unit, sold_in, item, item.quantity)
    if isinstance(found, str):
        return found
    return found if found.quantize(FIVE, ROUND_HALF_UP) > 0 else "is nothing in this unit"


def _by_rule(unit: str, sold_in: str, item: Item, quantity: int) -> Decimal | str:
    rule = units().get(unit)
    if rule and rule.measure == "weight":
        return NO_WEIGHT if item.net_g is None else Decimal(item.net_g) / rule.factor
    if unit == sold_in:
        return Decimal(quantity)
    counted = _counted(rule, units().get(sold_in), unit, sold_in)
    if counted is not None:
        return quantity * counted
    if rule and rule.measure in COLUMNS:
        each = item.each.get(rule.measure)
        if each is not None:
            return quantity * each / rule.factor
        return (
            f"how much of unit {unit} is in one of unit {sold_in} is not said: a table of products does"
            f" ({COLUMNS[rule.measure]}), or per_piece in [customs.goods]"
        )
    return f"how much of unit {unit} is in one of unit {sold_in} is not said: per_piece in [customs.goods]"


def _counted(rule: Unit | None, sold: Unit | None, unit: str, sold_in: str) -> Decimal | None:
    """How many of a unit one of another is, where both count the same thing: one 个 is a hundredth of a 百个."""
    of = rule.of if rule and rule.measure == "count" else unit
    sold_of = sold.of if sold and sold.measure == "count" else sold_in
    if of != sold_of:
        return None
    times = sold.factor if sold and sold.measure == "count" else Decimal(1)
    return times / (rule.factor if rule and rule.measure == "count" else Decimal(1))
