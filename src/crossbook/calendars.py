"""Business days by country, on the library `holidays`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=256)
def _closed(country: str, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


def is_business_day(day: date, countries: tuple[str, ...]) -> bool:
    """Whether banks of all `countries` (ISO 3166 codes) work on `day`: no weekend, no public holiday."""
    return day.weekday() < 5 and all(day not in _closed(country, day.year) for country in countries)


def add_business_days(day: date, count: int, countries: tuple[str, ...]) -> date:
    """The day `count` business days after `day` (before it, when negative)."""
    step = timedelta(days=1 if count >= 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day, countries):
            day += step
    return day


def business_days_between(first: date, last: date, countries: tuple[str, ...]) -> int:
    """How many business days lie after `first` up to and with `last`; negative when `last` is earlier."""
    if last < first:
        return -business_days_between(last, first, countries)
    days = (last - first).days
    return sum(is_business_day(first + timedelta(days=i), countries) for i in range(1, days + 1))
