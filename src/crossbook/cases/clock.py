"""Counting time: a start, a length, a unit, a rule for the last day. Pure; an answer is the earliest and latest day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from crossbook.cases.days import Works

Unit = Literal["day", "working day", "month", "year"]
Roll = Literal["next", "none", "unsettled"]
Begins = Literal["next day", "next working day"]
ONE = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """When something falls: `earliest` and `latest` are the same day unless a calendar or a rule is not settled."""

    earliest: date
    latest: date

    @property
    def settled(self) -> bool:
        """Whether it is one day."""
        return self.earliest == self.latest


def on(day: date) -> Span:
    """A day that is known."""
    return Span(day, day)


def count(start: Span, length: int, unit: Unit, works: Works, roll: Roll = "next", begins: Begins = "next day") -> Span:
    """The last day of a period of `length` units from `start`, whose own day is not counted.

    A negative `length` counts back from `start`. Months and years end on the day of the same number, or on the last of
    a month that has none (Civil Code of China, article 202).
    With `roll` "next" a last day that is no working day moves on to one (Fed. R. Civ. P. 6(a)(1)(C)), counting on in
    the same direction (6(a)(5)); with "unsettled" it may or may not. Days that `works` leaves open widen the answer.
    With `begins` "next working day" the first day counted is the first working day after `start` (19 CFR 201.14(a));
    when `roll` is unsettled, so is this. Raises ValueError for a length of 0.
    """
    if not length:
        raise ValueError("a period of no length")
    forward = length > 0
    step = ONE if forward else -ONE
    first, last = start.earliest, start.latest
    if begins == "next working day" and forward:
        first = first if roll == "unsettled" else _roll(first + ONE, ONE, works, unsure=True) - ONE
        last = _roll(last + ONE, ONE, works, unsure=False) - ONE
    early = _last(first, length, unit, works, unsure=forward)
    late = _last(last, length, unit, works, unsure=not forward)
    if roll == "next" or (roll == "unsettled" and not forward):
        early = _roll(early, step, works, unsure=forward)
    if roll == "next" or (roll == "unsettled" and forward):
        late = _roll(late, step, works, unsure=not forward)
    return Span(early, late)


def _last(start: date, length: int, unit: Unit, works: Works, unsure: bool) -> date:
    """The last day counted; `unsure` is what an open day counts as."""
    if unit == "day":
        return start + length * ONE
    if unit in ("month", "year"):
        ends: date = start + (relativedelta(months=length) if unit == "month" else relativedelta(years=length))
        return ends
    step, day = (ONE if length > 0 else -ONE), start
    for _ in range(abs(length)):
        day += step
        while not _works(day, works, unsure):
            day += step
    return day


def _roll(day: date, step: timedelta, works: Works, unsure: bool) -> date:
    while not _works(day, works, unsure):
        day += step
    return day


def _works(day: date, works: Works, unsure: bool) -> bool:
    known = works(day)
    return unsure if known is None else known
