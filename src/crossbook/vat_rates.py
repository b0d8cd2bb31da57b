"""Standard VAT rates of markets by date: the rows of `data/duty/destinations.csv` that say `vat`, with their source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from crossbook.errors import CrossbookError

EU = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())


@dataclass(frozen=True)
class Rate:
    """A standard rate as a fraction, between two days, with its source."""

    rate: Decimal
    since: date
    until: date | None
    source: str


@lru_cache(maxsize=1)
def _rows() -> dict[str, list[Rate]]:
    text = (files("crossbook") / "data" / "duty" / "destinations.csv").read_text(encoding="utf-8")
    found: dict[str, list[Rate]] = {}
    for r in csv.DictReader(text.splitlines()):
        if r["what"] == "vat" and not r["when"]:  # a rate that turns on the goods is no standard one
            until = date.fromisoformat(r["to"]) if r["to"] else None
            rate = Rate(
                rate=Decimal(r["rate"].rstrip("%")) / 100,
                since=date.fromisoformat(r["from"]),
                until=until,
                source=r["source"],
            )
            found.setdefault(r["market"], []).append(rate)
    return found


def standard_rate(country: str, on: date) -> Rate:
    """The standard rate of a country on a day, of overlapping rows the newest. Raises CrossbookError for none."""
    rows = [r for r in _rows().get(country, []) if r.since <= on and (r.until is None or on <= r.until)]
    if not rows:
        raise CrossbookError(f"no VAT rate of {country} is known for {on}", todo="rates from 2025 are known")
    return max(rows, key=lambda r: r.since)
