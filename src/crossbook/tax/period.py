"""Tax periods, when their returns are due, and what was filed already."""

from __future__ import annotations

import calendar
import csv
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.decisions.standing import standing
from crossbook.errors import ParameterError

TITLES = {
    "ioss": "EU: IOSS return",
    "oss": "EU: Union OSS return",
    "uk_vat": "UK: VAT return",
    "us_sales": "US: sales by state",
    "cn_refund": "China: exempt-credit-refund worksheet",
    "cn_exempt": "China: exemption without invoices, assessed income",
    "cn_platform": "China: what platforms report",
}
RETURNS = tuple(TITLES)


@dataclass(frozen=True)
class Period:
    """A month (2026-06), a quarter (2026-Q2) or a year (2026): from its first day to its last."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Deadline:
    """When one return is due. `source` is the rule."""

    kind: str
    country: str
    period: Period
    due: date
    title: str
    title_zh: str
    source: str


@dataclass(frozen=True)
class Filing:
    """What was marked as filed: its day, and what was filed as to pay in minor units; None where none was kept.

    `lines` are the return's, None where an older journal kept none; `boxes` its figures by name, `open` what it left
    out.
    """

    on: str
    amount: int | None
    currency: str
    lines: tuple[dict[str, Any], ...] | None = None
    boxes: dict[str, int] = field(default_factory=dict)
    open: tuple[str, ...] = ()


def period(text: str) -> Period:
    """The period that a text names. Raises CrossbookError."""
    match = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", text)
    if match is None or not 1970 <= int(match[1]) <= 2199:
        raise ParameterError("of", text, what=f"{text!r} is no period", todo="write 2026-06, 2026-Q2 or 2026")
    year = int(match[1])
    first, months = (
        (1, 12) if not match[2] and not match[3] else (int(match[3]), 1) if match[3] else (3 * int(match[2]) - 2, 3)
    )
    last = first + months - 1
    return Period(text, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def periods(frequency: str, first: date, last: date) -> list[Period]:
    """The months or quarters that end between two days."""
    names = []
    for year in range(first.year, last.year + 1):
        names += (
            [f"{year}-{m:02d}" for m in range(1, 13)]
            if frequency == "month"
            else [f"{year}-Q{q}" for q in (1, 2, 3, 4)]
        )
    return [p for p in map(period, names) if first <= p.last <= last]


@lru_cache(maxsize=1)
def _rules() -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / "tax" / "deadlines.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def deadline(kind: str, of: Period) -> Deadline | None:
    """When the return for a period is due; None when no rule with a source is known."""
    for r in _rules():
        since = date.fromisoformat(r["valid_from"])
        until = date.fromisoformat(r["valid_to"]) if r["valid_to"] else date.max
        if r["return"] != kind:
            continue
        after = r["months_after"]  # so many months after the period, or in a month of the next year: "next year 4"
        month = of.last.month - 1 + (int(after) if after.isdigit() else 12 - of.last.month + int(after.split()[-1]))
        year, month = of.last.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        due = date(year, month, last if r["day"] == "last" else int(r["day"]))
        if since <= due <= until:
            return Deadline(
                kind=kind,
                country=r["country"],
                period=of,
                due=due,
                title=r["title"],
                title_zh=r["title_zh"],
                source=r["source"],
            )
    return None


def period_of(kind: str, day: date) -> Period:
    """The period of a return that a day falls in."""
    return period(f"{day:%Y-%m}" if frequency(kind) == "month" else f"{day.year}-Q{(day.month + 2) // 3}")


def years_after(day: date, years: int) -> date:
    """The same day some years later; 28 February for the 29th where there is none."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


def frequency(kind: str) -> str:
    """How often a return is due: month or quarter; "" when no rule says."""
    return next((r["frequency"] for r in _rules() if r["return"] == kind), "")


LOOKING_BACK = timedelta(days=60)  # over what was due, and is done


def calendar_of(kinds: list[str], on: date, ahead: int = 200, since: date | None = None) -> list[Deadline]:
    """What is due from 60 days before a day to `ahead` days after it, the next first; with `since` what was due for
    every period that ended on that day or later."""
    found = []
    for kind in kinds:
        often = frequency(kind)
        if often:
            first = on - timedelta(days=190)
            every = periods(often, min(since or first, first), on + timedelta(days=ahead))
            every_ = [d for p in every if (d := deadline(kind, p))]
            found += [d for d in every_ if on - LOOKING_BACK <= d.due or (since and since <= d.period.last)]
    return sorted((d for d in found if d.due <= on + timedelta(days=ahead)), key=lambda d: (d.due, d.kind))


def kind_and_period(entry: Entry) -> tuple[str, str]:
    """What tells one return from another in the journal."""
    return entry.body["kind"], entry.body["period"]


def filed(book: Book) -> dict[tuple[str, str], Filing]:
    """What was filed of each return that was marked as filed, by kind and period, unless that was taken back."""
    found = standing(book.journal(), "tax filed", "tax not filed", kind_and_period)
    return {
        kind_and_period(e): Filing(
            on=e.body["on"],
            amount=e.body["amount"],
            currency=e.body["currency"],
            lines=tuple(e.body["lines"]) if "lines" in e.body else None,
            boxes=e.body.get("boxes", {}),
            open=tuple(e.body.get("open", ())),
        )
        for e in found.values()
    }
