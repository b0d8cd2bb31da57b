"""Last days in customs matters: rows of `data/duty/time_limits.csv`, counted, and moved where the law moves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from crossbook.calendars import is_business_day
from crossbook.duty.tables import rows


@dataclass(frozen=True, slots=True)
class LastDay:
    """`day` is the last on which it can be done; `counted` the day before any move off a weekend or federal holiday."""

    day: date
    counted: date
    law: str


@lru_cache(maxsize=1)
def time_limits() -> Mapping[str, Mapping[str, str]]:
    """The rows by their rule."""
    return {r["rule"]: r for r in rows("time_limits.csv")}


@lru_cache(maxsize=65_536)
def last_day(rule: str, start: date) -> LastDay:
    """The last day of a rule of the table, counted from `start`, which itself does not count.

    A day on which federal offices are closed is moved to the next open one only where the row says so: what a
    machine takes or refuses (a post-summary correction, a CAPE declaration) is not moved.
    """
    row = time_limits()[rule]
    count = int(row["count"])
    counted = start + (timedelta(days=count) if row["unit"] == "days" else relativedelta(years=count))
    day = counted
    while row["moved"] == "yes" and not is_business_day(day, ("US",)):
        day += timedelta(days=1)
    return LastDay(day, counted, row["law"])
