"""The local day of an event: a day is a day in a named place. Which place, depends on who asks.

A platform's day is in the zone of the account (`zone` in [accounts.X] of book.toml, UTC where it says none), a tax
office's in the zone of its country or state (`data/trade/zones.csv`). Moments themselves are kept in UTC.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crossbook.book import Book
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    import pyarrow as pa

UTC_ZONE = "UTC"


@dataclass(frozen=True)
class Zone:
    """The zone of the authorities of a country (GB) or of a state of the United States (US-CA);
    `source` says whence."""

    place: str
    zone: str
    source: str


@lru_cache(maxsize=1)
def zones() -> dict[str, Zone]:
    """Every row of `data/trade/zones.csv` by place."""
    text = (files("crossbook") / "data" / "trade" / "zones.csv").read_text(encoding="utf-8")
    return {r["place"]: Zone(**r) for r in csv.DictReader(text.splitlines())}


def zone_of(country: str, region: str = "") -> str | None:
    """The IANA zone of the authorities of a country, or of a state in it; None when no table has it.

    >>> zone_of("GB"), zone_of("US", "CA"), zone_of("AQ")
    ('Europe/London', 'America/Los_Angeles', None)
    """
    found = zones().get(f"{country}-{region}") if region else None
    found = found or zones().get(country)
    return found.zone if found else None


def local_day(moment: str, zone: str) -> str:
    """The SQL of the day that a moment (the SQL of a TIMESTAMPTZ) falls on in an IANA zone.

    >>> local_day("placed_at", "UTC")
    'CAST(placed_at AS DATE)'
    """
    if zone == UTC_ZONE:
        return f"CAST({moment} AS DATE)"
    _checked(zone, "")
    return f"CAST(timezone('{zone}', {moment}) AS DATE)"


def account_day(moment: str) -> str:
    """The SQL of the day of a moment in its account's zone, where `account_zone` is joined as z.

    >>> account_day("placed_at")
    'coalesce(CAST(timezone(z.zone, placed_at) AS DATE), CAST(placed_at AS DATE))'
    """
    return f"coalesce(CAST(timezone(z.zone, {moment}) AS DATE), {local_day(moment, UTC_ZONE)})"


def bounds(zone: str, first: date, last: date) -> tuple[datetime, datetime]:
    """The moment at which the first of some local days begins, and the one at which the last is over, in UTC.

    Rows are chosen by these rather than by each row's own day, which costs nothing.

    >>> bounds("Asia/Shanghai", date(2026, 7, 1), date(2026, 9, 30))[0].isoformat()
    '2026-06-30T16:00:00+00:00'
    """
    place = ZoneInfo(zone)
    begins = datetime.combine(first, time(), place).astimezone(UTC)
    return begins, datetime.combine(last + timedelta(days=1), time(), place).astimezone(UTC)


def account_zones(book: Book) -> dict[str, str]:
    """The zone of each account that says one other than UTC. Raises CrossbookError for one that does not exist."""
    found = {}
    for name, settings in book.config.get("accounts", {}).items():
        told = settings.get("zone", UTC_ZONE) if isinstance(settings, dict) else UTC_ZONE
        if told != UTC_ZONE:
            found[name] = _checked(told, f"book.toml, [accounts.{name}]")
    return found


def table(zones_of: Mapping[str, str]) -> pa.Table:
    """The accounts' zones as a table `account_zone(account, zone)`, for SQL."""
    import pyarrow as pa

    return pa.table(
        {"account": pa.array(list(zones_of), pa.string()), "zone": pa.array(list(zones_of.values()), pa.string())}
    )


def _checked(zone: object, where: str) -> str:
    if isinstance(zone, str) and zone in _zones():
        try:
            return ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError):  # pragma: no cover - the machine's tables are incomplete
            pass
    raise CrossbookError(f"zone {zone!r} is not known", where=where, todo='write an IANA zone: zone = "Asia/Shanghai"')


@cache
def _zones() -> frozenset[str]:
    """The zones of this machine; to list them is to walk through its files."""
    return frozenset(available_timezones())
