"""By when a case must be reported: limits of days as dated rows with their sources (`data/watch/deadlines.csv`).

`report` is large or suspicious; `runs_from` is transaction (the last of the case), detection (the day on which the case
was taken into the queue) or confirmation (the day on which a person decided that it is to be reported). `unit` is day,
working day, or none where the law says "at once" and names no days. `suspect` tells a row for cases whose party is
known from one for those where it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from crossbook.calendars import add_business_days
from crossbook.watch.dated import dated_rows
from crossbook.watch.thresholds import EVER

CALENDARS = ("CN", "US")  # whose working days are known; of others weekdays are taken
HOUSE = "house"  # the name of the limit that the book sets itself
HOUSE_TITLE = "the house's own limit for a first decision"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One limit of days; `valid_to` is its last day, None while it holds."""

    name: str
    authority: str
    law: str
    report: str
    unit: str
    count: int
    runs_from: str
    suspect: str
    valid_from: date
    valid_to: date | None
    title: str
    source: str

    @property
    def secondary(self) -> bool:
        """Whether a part of what it says was not read in the issuer's words or a copy of them."""
        return "secondary" in self.source


@dataclass(frozen=True, kw_only=True)
class Due:
    """By when a case is due under one limit. `day` is None where no day can be told: the limit names none, or what it
    runs from has not happened. `starts` is the day from which it runs, None while that has not happened."""

    name: str
    title: str
    source: str
    runs_from: str
    starts: date | None
    day: date | None


@lru_cache(maxsize=1)
def deadlines() -> tuple[Deadline, ...]:
    """Every limit of days that ships."""
    return tuple(Deadline(**row) for row in dated_rows("deadlines", "count"))


def dues(
    *, report: str, laws: tuple[str, ...], last: date, detected: date, confirmed: date | None, known: bool
) -> tuple[Due, ...]:
    """By when a case is due under the laws given, in the order of days; those without a day come last.

    `last` is the day of its last transfer, `detected` when it was taken in, `confirmed` when a person decided that it
    is to be reported, `known` whether its party is known.
    """
    found = []
    for row in deadlines():
        if row.report != report or row.law not in laws or row.suspect not in ("any", "known" if known else "unknown"):
            continue
        starts = {"transaction": last, "detection": detected, "confirmation": confirmed}[row.runs_from]
        if row.valid_from <= (starts or last) <= (row.valid_to or EVER):
            day = None if starts is None else _after(starts, row.unit, row.count, row.law)
            found.append(
                Due(
                    name=row.name,
                    title=row.title,
                    source=row.source,
                    runs_from=row.runs_from,
                    starts=starts,
                    day=day,
                )
            )
    return tuple(sorted(found, key=lambda d: d.day or EVER))


def house(detected: date, days: int, laws: tuple[str, ...]) -> Due:
    """The book's own limit: so many working days after a case was taken in, for a first decision on it."""
    day = add_business_days(detected, days, tuple(law for law in laws if law in CALENDARS))
    title = HOUSE_TITLE
    return Due(name=HOUSE, title=title, source="book.toml", runs_from="detection", starts=detected, day=day)


def _after(start: date, unit: str, count: int, law: str) -> date | None:
    if unit == "none":
        return None
    return start + timedelta(days=count) if unit == "day" else add_business_days(start, count, (law,))
