"""The twelve months whose sales a threshold counts: which windows there are, and on which days reaching one holds."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

SLIDING = "12 months"  # to any day: the window ends anew each day


@dataclass(frozen=True)
class Window:
    """Sales of these days count together (both in it).

    Who reaches the threshold in it must register from `holds_from`, None: from the day on which it is reached, and is
    held to it until `holds_to`.
    """

    first: date
    last: date
    holds_from: date | None
    holds_to: date


@dataclass(frozen=True)
class _Cycle:
    """A window of twelve months ends with every month that is `anchor` modulo `every`; it holds for some months more.

    `at_once`: from the day on which it is reached, not only when the window is over, or `wait` months after that.
    """

    every: int
    anchor: int
    at_once: bool
    months: int
    wait: int = 0


_CYCLES = {
    "calendar year": _Cycle(every=12, anchor=12, at_once=True, months=0),
    "calendar year or the one before": _Cycle(every=12, anchor=12, at_once=True, months=12),
    "previous calendar year": _Cycle(every=12, anchor=12, at_once=False, months=12),
    "calendar year, from 1 April after it": _Cycle(every=12, anchor=12, at_once=False, months=15, wait=3),
    "12 months to 30 September": _Cycle(every=12, anchor=9, at_once=False, months=12),
    "four sales tax quarters": _Cycle(every=3, anchor=2, at_once=False, months=3),  # to February, May, August, November
    "12 months to a quarter's end": _Cycle(every=3, anchor=3, at_once=False, months=3),
    "12 months to a quarter's end, for a year": _Cycle(every=3, anchor=3, at_once=False, months=12),
    "12 calendar months": _Cycle(every=1, anchor=1, at_once=False, months=1),
}
PERIODS = (SLIDING, *_CYCLES)


def windows(period: str, since: date, on: date) -> list[Window]:
    """Every window of a period that is over on or after a day and began by another, the oldest first.

    >>> [(str(w.first), str(w.last)) for w in windows("12 months to 30 September", date(2026, 9, 1), date(2026, 9, 30))]
    [('2025-10-01', '2026-09-30')]
    """
    cycle = _CYCLES[period]
    found = []
    for month in range(_month(since), _month(on) + 12):
        if (month % 12 + 1 - cycle.anchor) % cycle.every:
            continue
        first, last = _begin(month - 11), _end(month)
        if first <= on and since <= last:
            after = None if cycle.at_once else _begin(month + 1 + cycle.wait)
            found.append(Window(first=first, last=last, holds_from=after, holds_to=_end(month + cycle.months)))
    return found


def a_year_to(last: date) -> date:
    """The first of the twelve months that end on a day.

    >>> str(a_year_to(date(2026, 3, 15))), str(a_year_to(date(2028, 2, 29)))
    ('2025-03-16', '2027-03-01')
    """
    day = min(last.day, calendar.monthrange(last.year - 1, last.month)[1])
    return date(last.year - 1, last.month, day) + timedelta(days=1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _begin(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _end(month: int) -> date:
    return _begin(month + 1) - timedelta(days=1)
