"""Days as people type them, and business days by country, on the library `holidays`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from crossbook.errors import CrossbookError

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)  # what may be typed: time limits are counted on from it


def typed_day(text: str, where: str = "") -> date:
    """A day as a person typed it. Raises CrossbookError for what is no day, or none from 1970 to 2199."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CrossbookError(f"{text[:40]!r} is not a day", where=where, todo="write it as 2026-06-30") from None
    if not in_range(day):
        raise CrossbookError(
            f"{day} is out of range", where=where, todo=f"give a day from {FIRST_DAY} to {LAST_DAY}, as 2026-06-30"
        )
    return day


def today() -> date:
    """The day where the reader is."""
    return date.today()  # noqa: DTZ011 - where the reader is


def in_range(day: date) -> bool:
    """Whether a day is one that may be typed."""
    return FIRST_DAY <= day <= LAST_DAY


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
    years = sum(_counted(year, countries)[-1] for year in range(first.year, last.year))
    return years + _until(last, countries) - _until(first, countries)


def _until(day: date, countries: tuple[str, ...]) -> int:
    """Business days of the year up to and with `day`."""
    return _counted(day.year, countries)[day.timetuple().tm_yday]


@lru_cache(maxsize=1024)
def _counted(year: int, countries: tuple[str, ...]) -> list[int]:
    """How many business days there are up to and with each day of a year; the first entry is 0."""
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days if year < date.max.year else 365
    work = (is_business_day(date(year, 1, 1) + timedelta(days=i), countries) for i in range(days))
    return list(accumulate(work, initial=0))
