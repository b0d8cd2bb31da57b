"""Sales tax of the United States: sales by state, and what marketplaces collected and paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.tax.exchange import rated
from crossbook.tax.period import Period, deadline
from crossbook.tax.returned import Box, Line, Return
from crossbook.tax.sales import Market, Scope, by_market, converted, sales
from crossbook.tax.unsaid import unsaid
from crossbook.trade.days import UTC_ZONE, zone_of, zones

UNKNOWN = "—"


def us_sales(database: Database, book: Book, of: Period) -> Return:
    """Every state's sales in a period: base all sales, tax what marketplaces collected and paid over.

    It is a list, not a return to a state: marketplace facilitators pay on their own sales in every state with a sales
    tax, and the rate on direct sales depends on the buyer's address. Sales in several currencies are shown in dollars,
    at the book's rate of the period's last day; those without a rate are named. Raises CrossbookError where no sale has
    one.
    """
    found = _by_state(database, of)
    currencies = {m.currency for m in found}
    into = currencies.pop() if len(currencies) == 1 else "USD"
    by = rated(database, _named(database, of) if currencies else [], into, of.last)
    markets = _converted(found, into, {into: Decimal(1)} | by.by)
    waits = by.waits.said(figures=bool(markets))
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
        currency=into,
        number="",
        lines=lines,
        boxes=boxes,
        total=None,
        due=deadline("us_sales", of),
        source="marketplace facilitator laws of the states",
        notes=(*by.notes, *more.notes),
        open=(*waits, *left, *more.open),
        wanting=waits,
    )


def _converted(found: list[Market], into: str, by: dict[str, Decimal]) -> list[Market]:
    """Sales by state in one currency, the largest first; those in a currency without a rate are not in it."""
    sums: dict[str, Market] = {}
    for m in found:
        if m.currency not in by:
            continue
        was = sums.get(m.region, Market(m.country, m.region, into, orders=0, gross=0, by_marketplace=0, collected=0))
        gross, theirs, tax = (
            converted(x, m.currency, into, by[m.currency]) for x in (m.gross, m.by_marketplace, m.collected)
        )
        sums[m.region] = replace(
            was,
            orders=was.orders + m.orders,
            gross=was.gross + gross,
            by_marketplace=was.by_marketplace + theirs,
            collected=was.collected + tax,
        )
    return sorted(sums.values(), key=lambda m: (-m.gross, m.region))


def _by_state(database: Database, of: Period) -> list[Market]:
    """Sales by state and currency."""
    return [
        market
        for zone, states, other in _zones()
        for market in by_market(database, of.first, of.last, country="US", regions=states, other=other, zone=zone)
    ]


def _named(database: Database, of: Period) -> list[dict[str, Any]]:
    """The same sales, one by one."""
    found = []
    for zone, states, other in _zones():
        where = f"market = 'US' AND list_contains($regions, coalesce(region, '')) = {'false' if other else 'true'}"
        scope = Scope(where=where, values={"regions": states}, zone=zone, first=of.first, last=of.last)
        found += sales(database, scope)
    return found


def _zones() -> list[tuple[str, list[str], bool]]:
    """The states of each zone, whose days are theirs; what names none of them (`other`) has those of the capital."""
    by_zone: dict[str, list[str]] = {}
    for place, row in zones().items():
        if place.startswith("US-"):
            by_zone.setdefault(row.zone, []).append(place[3:])
    known = [state for states in by_zone.values() for state in states]
    return [*((zone, states, False) for zone, states in by_zone.items()), (zone_of("US") or UTC_ZONE, known, True)]
