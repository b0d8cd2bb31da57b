"""How near sales are to the amounts from which a business must register, by country and state: dated rows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.sales import by_market, converted, rate
from crossbook.tax.settings import sound_identities
from crossbook.trade.days import UTC_ZONE, zone_of

NEAR = 80  # percent


@dataclass(frozen=True)
class Threshold:
    """An amount, or a number of sales, from which somebody must register. `both`: only where both are reached."""

    country: str
    region: str
    amount: int
    transactions: int | None
    both: bool
    currency: str
    period: str
    counts: str
    since: date
    until: date | None
    note: str
    source: str


@dataclass(frozen=True)
class Nearness:
    """Sales beside a threshold, in its currency. `state` is registered, over, near, below or unknown (`why`).

    Where an authority does not count sales of marketplaces, they are left out; percent is of the nearer measure.
    """

    country: str
    region: str
    amount: int
    sales: int | None
    orders: int
    percent: int | None
    state: str
    currency: str
    first: date
    last: date
    threshold: Threshold
    why: str = ""


@lru_cache(maxsize=1)
def thresholds() -> tuple[Threshold, ...]:
    """Every row of `data/tax/thresholds.csv`."""
    text = (files("crossbook") / "data" / "tax" / "thresholds.csv").read_text(encoding="utf-8")
    return tuple(
        Threshold(
            country=r["country"],
            region=r["region"],
            amount=int(r["amount"]),
            transactions=int(r["transactions"]) if r["transactions"] else None,
            both=r["both"] == "yes",
            currency=r["currency"],
            period=r["period"],
            counts=r["counts"],
            since=date.fromisoformat(r["valid_from"]),
            until=date.fromisoformat(r["valid_to"]) if r["valid_to"] else None,
            note=r["note"],
            source=r["source"],
        )
        for r in csv.DictReader(text.splitlines())
    )


def nearness(database: Database, book: Book, on: date) -> list[Nearness]:
    """Every threshold in force on a day with the sales that count, the nearest first. Needs `sales.prepare`."""
    registered = {
        (i.country, "") for i in sound_identities(book)[0] if i.since <= on and (i.until is None or on <= i.until)
    }
    in_force = [t for t in thresholds() if t.since <= on and (t.until is None or on <= t.until)]
    found = [_near(database, t, on, registered) for t in in_force]
    return sorted(found, key=lambda n: (-(n.percent or 0), n.country, n.region))


def span(period: str, on: date) -> tuple[date, date]:
    """The days whose sales count, up to a day."""
    if period == "12 months":
        return on - timedelta(days=365), on
    if period == "previous calendar year":
        return date(on.year - 1, 1, 1), date(on.year - 1, 12, 31)
    if period == "12 months to 30 September":
        year = on.year if on >= date(on.year, 9, 30) else on.year - 1
        return date(year - 1, 10, 1), date(year, 9, 30)
    return date(on.year, 1, 1), on


def _near(database: Database, t: Threshold, on: date, registered: set[tuple[str, str]]) -> Nearness:
    spans = [span(t.period, on)]
    if t.period.endswith("or the one before"):
        spans.append((date(on.year - 1, 1, 1), date(on.year - 1, 12, 31)))
    best: Nearness | None = None
    for first, last in spans:
        told = _measured(database, t, first, last)
        if best is None or (told.percent or 0) > (best.percent or 0):
            best = told
    assert best is not None  # noqa: S101 - there is at least one span
    if (t.country, t.region) in registered and best.state != "unknown":
        return Nearness(**{**best.__dict__, "state": "registered"})
    return best


def _measured(database: Database, t: Threshold, first: date, last: date) -> Nearness:
    regions = [t.region] if t.region else None
    zone = zone_of(t.country, t.region) or UTC_ZONE
    markets = by_market(database, first, last, country=t.country, regions=regions, zone=zone)
    direct_only = "without those of marketplaces" in t.counts or "sold directly" in t.counts
    sales = orders = 0
    for m in markets:
        counted = m.gross - m.by_marketplace if direct_only else m.gross
        try:
            by, _ = rate(database, m.currency, t.currency, last)
        except CrossbookError as error:
            return Nearness(
                country=t.country,
                region=t.region,
                amount=t.amount,
                sales=None,
                orders=sum(x.orders for x in markets),
                percent=None,
                state="unknown",
                currency=t.currency,
                first=first,
                last=last,
                threshold=t,
                why=str(error.what),
            )
        sales += converted(counted, m.currency, t.currency, by)
        orders += m.orders
    parts = [100 if t.amount == 0 and sales else sales * 100 // t.amount if t.amount else 0]
    if t.transactions:
        parts.append(orders * 100 // t.transactions)
    percent = min(parts) if t.both else max(parts)
    state = "over" if percent >= 100 else "near" if percent >= NEAR else "below"
    return Nearness(
        country=t.country,
        region=t.region,
        amount=t.amount,
        sales=sales,
        orders=orders,
        percent=percent,
        state=state,
        currency=t.currency,
        first=first,
        last=last,
        threshold=t,
    )
