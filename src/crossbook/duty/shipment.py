"""What is imported: a shipment, its terms, what customs values of its price, and its quantities.

The customs value is free on board: freight and insurance are no part of it (19 U.S.C. 1401a(b)(4)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from crossbook.duty.claims import Value, agree
from crossbook.errors import CrossbookError

MODES = ("ocean", "air", "truck", "rail", "courier", "post")
# Incoterms 2020 by what the seller's price already holds.
INCOTERMS: dict[str, tuple[str, ...]] = {
    "EXW": (),
    "FCA": (),
    "FAS": (),
    "FOB": (),
    "CFR": ("freight",),
    "CPT": ("freight",),
    "CIF": ("freight", "insurance"),
    "CIP": ("freight", "insurance"),
    "DAP": ("freight", "insurance"),
    "DPU": ("freight", "insurance"),
    "DDP": ("freight", "insurance", "duty"),
}


@dataclass(frozen=True)
class Shipment:
    """What is imported. Money in minor units of `currency`; `price` is for all of `quantity`. `delivered`: it is all
    that the buyer pays, and freight is what the seller bears."""

    hts: str
    origin: str
    destination: str
    on: date
    price: int
    currency: str = "USD"
    quantity: Decimal = Decimal(1)
    incoterm: str = "FOB"
    freight: int = 0
    insurance: int = 0
    brokerage: int = 0
    mode: str = "ocean"
    weight_kg: Decimal | None = None
    claims: Mapping[str, Value] = field(default_factory=dict)
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    formal: bool | None = None
    delivered: bool = False


# Valuation: the United States, Canada, Australia and South Africa value free on board, the others cost, insurance and
# freight.
FOB_MARKETS = ("US", "CA", "AU", "ZA")


def freight_unsaid(market: str, incoterm: str) -> str:
    """What a bill is without, or holds too much of, where nobody says the freight; empty where the price holds it and
    the market's customs value does, too. `market` is whose customs it is."""
    inside, by_fob = "freight" in INCOTERMS.get(incoterm, ()), market in FOB_MARKETS
    if inside:
        return (
            "the freight in the price is not stated: the customs value holds it, which is free on board"
            if by_fob
            else ""
        )
    if by_fob:
        return "freight is not stated and taken as 0: the landed cost is without it"
    return "freight is not stated and taken as 0: the customs value, duty, tax and landed cost are without it"


def check(s: Shipment) -> None:
    """Raise CrossbookError for amounts, quantities, modes, terms and facts that no shipment has."""
    if s.quantity <= 0:
        raise CrossbookError(f"a quantity of {s.quantity}", todo="give a quantity over zero")
    if s.price < 0 or s.freight < 0 or s.insurance < 0 or s.brokerage < 0:
        raise CrossbookError("an amount is negative", todo="give amounts of zero or more")
    for name, much in (*s.quantities.items(), *((("kg", s.weight_kg),) if s.weight_kg is not None else ())):
        if not (Decimal(much).is_finite() and much > 0):
            raise CrossbookError(f"a quantity of {much} {name}", todo="give a quantity over zero")
    if s.mode not in MODES:
        raise CrossbookError(f"unknown mode {s.mode!r}", todo="one of " + ", ".join(MODES))
    if s.incoterm not in INCOTERMS:
        raise CrossbookError(f"unknown Incoterm {s.incoterm!r}", todo="one of " + ", ".join(INCOTERMS))
    agree(s.claims, s.on)
    if s.origin == s.destination:
        raise CrossbookError(f"goods of {s.origin} that return there are not imports of this kind")


def fob_value(s: Shipment) -> int:
    """The price less the freight and insurance that the Incoterm puts into it."""
    inside = INCOTERMS[s.incoterm]
    value = s.price - (s.freight if "freight" in inside else 0) - (s.insurance if "insurance" in inside else 0)
    if value < 0:
        raise CrossbookError(
            "freight and insurance are more than the price that holds them",
            todo=f"{s.incoterm} prices hold freight; give the price of all goods",
        )
    return value


def quantities(s: Shipment, units: Sequence[str]) -> dict[str, Decimal]:
    """Quantities by unit: those stated, the weight, and the pieces in the units that count pieces."""
    found = dict(s.quantities)
    if s.weight_kg is not None:
        found.setdefault("kg", s.weight_kg)
    if units and units[0] in ("prs.", "doz. prs."):
        found.setdefault("prs.", s.quantity)
    found.setdefault("No.", s.quantity)
    return found
