"""Interest on duty that comes back or is owed (19 U.S.C. 1505(c)), by `data/duty/interest.csv`, compounded daily.

It runs from the deposit of the duty to the liquidation or reliquidation that gives it back (19 CFR 24.36(a)(1)); the
rates are those of 26 U.S.C. 6621, quarter by quarter, and 26 U.S.C. 6622 compounds them daily: each day of a quarter
adds rate / 365 (366 in a leap year). The day of deposit does not count, the last day does. The lower rate of section
6621 for what a corporation overpays beyond 10,000 dollars is in no notice of customs and is not applied.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

from crossbook.duty.tables import percent, rows

ONE = Decimal(1)
DAY = timedelta(days=1)
Rate = Literal["corporation", "other", "underpayment"]


@dataclass(frozen=True, slots=True)
class Quarter:
    """One row of the table; rates are fractions a year."""

    since: date
    until: date
    corporation: Decimal
    other: Decimal
    underpayment: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Period:
    """Days at one rate: `since` and `until` both count."""

    since: date
    until: date
    days: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Interest:
    """In the cents of the principal. `until` is the last day counted, before `asked` where no rate is known for later;
    then the amount is what is known at least."""

    amount: int
    since: date
    until: date
    asked: date
    days: int
    periods: tuple[Period, ...]


@lru_cache(maxsize=1)
def quarters() -> tuple[Quarter, ...]:
    """The rows, the first quarter first."""
    return tuple(
        Quarter(
            since=date.fromisoformat(r["from"]),
            until=date.fromisoformat(r["to"]),
            corporation=percent(r["corporation"]),
            other=percent(r["other"]),
            underpayment=percent(r["underpayment"]),
            source=r["source"],
        )
        for r in rows("interest.csv")
    )


def interest(
    principal: int, deposited_on: date, until: date, *, rate: Rate = "corporation", table: Sequence[Quarter] = ()
) -> Interest | None:
    """Interest on `principal` cents from the day of deposit to `until`, rounded to the cent once, halves up.

    None where no rate is known for the first day. `rate`: of overpayments to a corporation or to others, or of
    underpayments.
    """
    found: list[Period] = []
    factor = ONE
    day = deposited_on + DAY
    known = {q.since: q for q in table or quarters()}
    while day <= until:
        quarter = next((q for q in known.values() if q.since <= day <= q.until), None)
        if quarter is None:
            break
        last = min(until, quarter.until, date(day.year, 12, 31))
        days = (last - day).days + 1
        a_year: Decimal = getattr(quarter, rate)
        factor *= (ONE + a_year / (366 if isleap(day.year) else 365)) ** days
        found.append(Period(day, last, days, a_year))
        day = last + DAY
    if not found and day <= until:
        return None
    amount = int((principal * (factor - ONE)).quantize(ONE, ROUND_HALF_UP))
    return Interest(
        amount=amount,
        since=deposited_on,
        until=day - DAY,
        asked=max(until, deposited_on),
        days=sum(p.days for p in found),
        periods=tuple(found),
    )
