"""Products by market: a heat map of the price advantage that is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossbook.duty.abroad import MARKETS, market_of
from crossbook.duty.advantage import PARCELS, Advantage, Product, Standing
from crossbook.duty.desk import advantages, day_of_law
from crossbook.duty.tables import KNOWN_UNTIL
from crossbook.web.frame import Read, a_day
from crossbook.web.rendering import render

router = APIRouter()
Day = Annotated[str | None, Query(description="A day, as 2026-06-30; the last one of the book's evidence else.")]
STEPS = ((-0.2, 1), (0.0, 2), (0.1, 3), (0.3, 4))  # up to which share, which colour; 5 above


@dataclass(frozen=True)
class Row:
    """A product and its markets, in the order of the columns; None where it is not sold."""

    sku: str
    name: str
    cells: tuple[Advantage | None, ...]


def the_day(on: str | None, last: date) -> date:
    """The day in a query, or the last day of the evidence, as `day_of_law` takes them. Raises ParameterError."""
    return day_of_law(a_day(on, last) if on else None, last)


def heat(share: float | None) -> int:
    """The colour of a share: 1 far behind the rival, 5 far ahead, 0 not known."""
    return 0 if share is None else next((colour for most, colour in STEPS if share < most), 5)


def in_order(products: Sequence[Product]) -> list[Product]:
    """By market: the United States, the Union's members, the others; those not covered last."""

    def place(p: Product) -> tuple[int, str]:
        market = market_of(p.market)
        return (MARKETS.index(market) if market in MARKETS else len(MARKETS), p.market)

    return sorted(products, key=place)


def grid(found: Sequence[Advantage]) -> tuple[list[str], list[Row]]:
    """The markets that occur, and a row for each product."""
    markets = list(dict.fromkeys(p.market for p in in_order([a.product for a in found])))
    by = {(a.product.sku, a.product.market): a for a in found}
    names = {a.product.sku: a.product.name for a in found}
    return markets, [Row(sku, name, tuple(by.get((sku, m)) for m in markets)) for sku, name in names.items()]


@router.get("/products", include_in_schema=False)
def page(request: Request, read: Read, on: Day = None) -> Response:
    day = the_day(on, read.day)
    markets, rows = grid(advantages(read.desk.database, day))
    return render(
        request,
        "products.html",
        on=day,
        markets=markets,
        rows=rows,
        heat=heat,
        beyond=day > KNOWN_UNTIL,
        parcels=PARCELS if any(a and a.product.parcel and not a.refused for row in rows for a in row.cells) else "",
        chosen=on or "",
    )


@router.get("/api/products", tags=["duty"])
def api(read: Read, on: Day = None) -> list[Standing]:
    """What is left of the price advantage of each product in each market."""
    return [a.told() for a in advantages(read.desk.database, the_day(on, read.day))]
