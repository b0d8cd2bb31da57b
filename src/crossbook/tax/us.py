"""Sales tax of the United States: sales by state, and what marketplaces collected and paid."""

from __future__ import annotations

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.period import Period, deadline
from crossbook.tax.returned import Box, Line, Return
from crossbook.tax.sales import Market, Scope, by_market
from crossbook.tax.unsaid import unsaid
from crossbook.trade.days import UTC_ZONE, zone_of, zones

UNKNOWN = "—"


def us_sales(database: Database, book: Book, of: Period) -> Return:
    """Every state's sales in a period: base all sales, tax what marketplaces collected and paid over.

    It is a list, not a return to a state: marketplace facilitators pay on their own sales in every state with a sales
    tax, and the rate on direct sales depends on the buyer's address. Raises CrossbookError for sales in two currencies.
    """
    markets = _by_state(database, of)
    if len({m.currency for m in markets}) > 1:
        raise CrossbookError(
            "sales to the United States are in several currencies", todo="ask for one report a currency"
        )
    lines = tuple(
        Line(
            label=m.region or UNKNOWN,
            orders=m.orders,
            base=m.gross,
            rate="",
            tax=m.collected,
            note=f"direct {money.show(m.gross - m.by_marketplace, m.currency)}, "
            f"by marketplaces {money.show(m.by_marketplace, m.currency)}",
        )
        for m in markets
    )
    direct = sum(m.gross - m.by_marketplace for m in markets)
    boxes = (
        Box("gross", "all sales", sum(m.gross for m in markets)),
        Box("marketplace", "sales on which marketplaces pay the tax", sum(m.by_marketplace for m in markets)),
        Box("direct", "direct sales", direct),
        Box("collected", "tax that marketplaces collected and paid", sum(m.collected for m in markets)),
    )
    scope = Scope(where="market = 'US'", values={}, zone=zone_of("US") or UTC_ZONE, first=of.first, last=of.last)
    more = unsaid(database, scope, places=False)
    left = (
        [f"{sum(m.orders for m in markets if not m.region)} orders name no state"]
        if any(not m.region for m in markets)
        else []
    )
    return Return(
        kind="us_sales",
        period=of,
        currency=markets[0].currency if markets else "USD",
        number="",
        lines=lines,
        boxes=boxes,
        total=None,
        due=deadline("us_sales", of),
        source="marketplace facilitator laws of the states",
        notes=more.notes,
        open=(*left, *more.open),
    )


def _by_state(database: Database, of: Period) -> list[Market]:
    """Sales by state, each state's by the days of its own zone; what names no state by those of the capital."""
    by_zone: dict[str, list[str]] = {}
    for place, row in zones().items():
        if place.startswith("US-"):
            by_zone.setdefault(row.zone, []).append(place[3:])
    known = [state for states in by_zone.values() for state in states]
    found = [
        market
        for zone, states in by_zone.items()
        for market in by_market(database, of.first, of.last, country="US", regions=states, zone=zone)
    ]
    zone = zone_of("US") or UTC_ZONE
    found += by_market(database, of.first, of.last, country="US", regions=known, other=True, zone=zone)
    return sorted(found, key=lambda m: (-m.gross, m.region))
