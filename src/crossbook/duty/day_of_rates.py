"""The day whose rates an entry bears. That of entry as a rule (19 CFR 141.69, read at
https://www.law.cornell.edu/cfr/text/19/141.69), but

* goods of a warehouse bear those of the day on which they are withdrawn for consumption (141.69(a)), within five years
  of importation or longer where customs permit it (19 U.S.C. 1557(a)(1), read as of 2024-11-26 at
  https://checkoutapi.com/uscode/title19_chapter4_subtitleIII_partIV_section1557; the three years of the Act of 1930 are
  no more); the report of the warehouse entry does not tell it;
* goods of a foreign-trade zone in privileged status those of the day on which that was applied for (146.65(a)(1), read
  at https://www.legalfix.com/CFR/2019/title-19/chapter-i/part-146/section-146%2E65);
* goods moved on under bond those of the day on which that was accepted at the port of importation (141.69(b)), 30 days
  before at most (18.1(i)).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from crossbook.duty.filed import EntryLine
from crossbook.duty.quoting import DutyLine, cents, duty
from crossbook.duty.schedule import line
from crossbook.duty.state import WAREHOUSE, WAREHOUSED, ZONE
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, Law, Measure
from crossbook.errors import CrossbookError

IN_TRANSIT = timedelta(days=30)
IN_WAREHOUSE = relativedelta(years=5)
ANOTHER_DAY = "the rate of this heading on {day} gives what was paid: ask which day counted"
UNTOLD = (
    "goods of a warehouse entry bear the rates of the day on which they are withdrawn (19 CFR 141.69(a)), which the "
    "report does not tell: add it as a column Rate Date"
)
NO_SUCH_DAY = "the report gives {day} as the day of its rates, which cannot be for its type and day of entry"


def is_untold(e: EntryLine) -> bool:
    """Whether it is known that another day than that of entry counts, and not which."""
    return e.state.type in WAREHOUSED and e.rated_on is None


def may_count(e: EntryLine, day: date) -> bool:
    """Whether the rates of a day may be those that an entry bears."""
    entered, kind = e.entered_on, e.state.type
    first: date = entered - IN_WAREHOUSE
    last: date = entered + IN_WAREHOUSE
    if kind in WAREHOUSED:
        return entered <= day <= last
    if kind in WAREHOUSE:  # a withdrawal: a report may give the day of the warehouse entry as well as its own
        return first <= day <= last
    if kind == ZONE:
        return day <= entered + IN_TRANSIT
    return abs(day - entered) <= IN_TRANSIT


def day_of(e: EntryLine, right: Iterable[Measure]) -> date | None:
    """A day that may have counted in place of the entry date, on which a measure gave what was paid."""
    if e.rated_on is not None:
        return None
    for m in right:
        if not m.of(e.origin) or m.since <= e.entered_on <= m.until:
            continue
        nearest = m.until if m.until < e.entered_on else m.since
        if may_count(e, nearest):
            return nearest
    return None


def under(lines: Iterable[DutyLine]) -> dict[str, int | None]:
    """The duty by heading, in digits; the ordinary one under none."""
    return {(x.heading_9903 or "").replace(".", ""): x.amount for x in lines}


def other_day(e: EntryLine, headings: Collection[str], table: Law) -> date | None:
    """The nearest day that may have counted in place of the entry date, on which what was paid under each of these
    headings (digits), be it nothing, was what was due under them."""
    if e.rated_on is not None or e.value is None:
        return None
    slack = max(100, cents(e.value * Decimal("0.0001")))
    for day in sorted(_turns(headings, table), key=lambda d: abs(d - e.entered_on)):
        if not may_count(e, day):
            continue
        try:
            q = duty(
                line=line(e.hts, day, table.newer),
                origin=e.origin,
                on=day,
                value=e.value,
                claims={},
                quantities=e.quantities,
                table=table,
            )
        except CrossbookError:  # the number was not in force
            continue
        told = under(q.outcome.lines)
        due = {h: told.get(h, 0) for h in headings}
        if all(x is not None and abs(x - e.paid.get(h, 0)) <= slack for h, x in due.items()):
            return day
    return None


def _turns(headings: Collection[str], table: Law) -> set[date]:
    """The last days before a measure under one of these headings began, was changed or ended, and the first after."""
    found: set[date] = set()
    for m in table.measures:
        if m.heading.replace(".", "") in headings:
            found |= {m.since - timedelta(days=1), m.since, m.until}
            found |= {m.until + timedelta(days=1)} if m.until < KNOWN_UNTIL else set()
    return {day for day in found if FIRST_DAY <= day <= KNOWN_UNTIL}
