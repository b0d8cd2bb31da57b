"""Whether courts and offices work on a day: yes, no, or not settled yet.

A deadline that hangs on an unsettled day is told as an earliest and a latest day, never as one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from crossbook.errors import CrossbookError

Works = Callable[[date], "bool | None"]
NAMES = ("us_federal", "china", "weekdays", "every_day")
# No notice of 2008 to 2026 freed a weekday further than 5 days from the statutory holiday, or moved work to a weekend
# further than 10 (but for the one-off holiday of September 2015); a test holds every year to these.
REST_REACH = timedelta(days=7)
WORK_REACH = timedelta(days=14)
FIRST_NOTICE = 2008


def calendar(name: str, state: str = "") -> Works:
    """The working days of a calendar: "us_federal" (with `state`, the court's, as "IL"), "china", "weekdays" (Monday
    to Friday, where whose holidays count is not known) or "every_day".

    Raises CrossbookError for a name or a state that is not known.
    """
    if name == "us_federal":
        return _us_federal(state.upper())
    if name == "china":
        return china
    if name == "weekdays":
        return lambda day: day.weekday() < 5
    if name == "every_day":
        return lambda day: True
    raise CrossbookError(f"there is no calendar {name!r}", todo=f"use one of {', '.join(NAMES)}")


def _us_federal(state: str) -> Works:
    """Legal holidays of the federal courts.

    Fed. R. Civ. P. 6(a)(6) counts the days set aside by statute, days declared a holiday by the President or Congress
    and, after an event only, days of the state where the court sits. Four kinds of days are not settled:
    the Friday on which a holiday that falls on a Saturday is observed, for 5 U.S.C. 6103(b) puts it there for pay and
    leave alone; the Monday after one that falls on a Sunday, for which no statute was read, only orders on pay and
    leave; days on which the President closed the executive departments, whose orders speak of the same
    (Latham v. Dominick's Finer Foods, 149 F.3d 673, 7th Cir. 1998: no holiday by the order itself, yet a day on which
    the court was officially closed is left out); days of the state. Read in the rule as printed at laws-info.com, in
    the committee note of 2009 to Fed. R. App. P. 26(a)(6), its parallel, and in that decision; the holidays themselves
    are those of the library `holidays`.
    """
    import holidays

    if state and state not in holidays.UnitedStates.subdivisions:
        raise CrossbookError(f"{state!r} is no state of the United States", todo="write it as IL or CA")

    def works(day: date) -> bool | None:
        if day.weekday() >= 5 or day in _us_holidays("", day.year, observed=False):
            return False
        open_ = day in _us_holidays("", day.year, observed=True) or day in closed_by_order()
        return None if open_ or (state and day in _us_holidays(state, day.year, observed=True)) else True

    return works


@lru_cache(maxsize=512)
def _us_holidays(state: str, year: int, observed: bool) -> frozenset[date]:
    import holidays

    table = holidays.UnitedStates(subdiv=state or None, years=(year, year + 1), observed=observed)
    return frozenset(d for d in table if d.year == year)


@lru_cache(maxsize=1)
def closed_by_order() -> dict[date, str]:
    """Days on which the President closed the executive departments, since 1990, with where that is written.

    A half day (`part`) is among them: the last hours for filing fall into it, and whether they count is no more
    settled.
    """
    text = files("crossbook.data").joinpath("procedures/closed_days.csv").read_text(encoding="utf-8")
    return {date.fromisoformat(r["day"]): f"{r['order']}, {r['source']}" for r in csv.DictReader(text.splitlines())}


def china(day: date) -> bool | None:
    """Working days of China, with make-up days, as the State Council's yearly notices set them.

    The notices are those that the library `holidays` holds. Where a year's notice is not there, statutory holidays are
    free, weekdays within a week of one and weekends within two are unsettled, and the rest is as the week has it.
    A notice also moves days of the December before.
    """
    free, made_up, last = _china(day.year)
    if FIRST_NOTICE <= day.year <= last and not (day.year == last and (day.month, day.day) >= (12, 22)):
        return day in made_up or (day.weekday() < 5 and day not in free)
    if day in free:
        return False
    near = (d for year in (day.year - 1, day.year, day.year + 1) for d in _china(year)[0])
    reach = REST_REACH if day.weekday() < 5 else WORK_REACH
    return None if any(abs(d - day) <= reach for d in near) else day.weekday() < 5


@lru_cache(maxsize=256)
def _china(year: int) -> tuple[frozenset[date], frozenset[date], int]:
    """Free days of a year, weekend days worked in it, and the last year whose notice the library holds."""
    import holidays

    table = holidays.China(years=range(FIRST_NOTICE, date.today().year + 3))  # noqa: DTZ011 - to see how far notices go
    own = holidays.China(years=year)
    return frozenset(own), frozenset(own.weekend_workdays), max(d.year for d in table.weekend_workdays)
