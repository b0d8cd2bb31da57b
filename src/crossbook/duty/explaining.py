"""What could explain a duty that is higher than the one worked out, and so must be asked before it is claimed.

A fact that no report tells; another day than the entry date (`crossbook.duty.day_of_rates`); another origin; or a value
in the report that is not the one on which the duty was paid.
"""

from __future__ import annotations

from decimal import Decimal

from crossbook.duty.claims import FACTS, Value, choices
from crossbook.duty.day_of_rates import ANOTHER_DAY, day_of, under
from crossbook.duty.filed import EntryLine
from crossbook.duty.quoting import DutyQuote, cents, duty
from crossbook.duty.tables import Law, Measure

ANOTHER_ORIGIN = "the heading is for goods of another origin: hold the origin against the entry summary"
ANOTHER_VALUE = "no rate gives what was paid on this value: hold both against the entry summary"


def doubt(e: EntryLine, q: DutyQuote, heading: str, paid: int, due: int, table: Law, *, moved: bool = False) -> str:
    """Why `paid` under a heading may have been right though `due` is less, empty where nothing known explains it.

    `moved` where a later notice moved the rate back: the rate of the day itself then explains nothing.
    """
    if e.value is None:
        return ANOTHER_VALUE
    value = e.value
    slack = max(100, cents(value * Decimal("0.0001")))
    if asked := _fact(e, q, heading, due + slack, table):
        return asked
    same = [m for m in table.measures if m.rate and m.heading.replace(".", "") == heading]
    right = [m for m in same if _gives(m, value, e.paid.get("", 0), paid, slack)]
    scoped = [m for m in same if _scoped(m, q, table)]
    if not moved and (day := day_of(e, [m for m in right if m in scoped])):
        return ANOTHER_DAY.format(day=day)
    if not due and scoped and not any(m.of(e.origin) for m in scoped):
        return ANOTHER_ORIGIN
    whole = [] if heading else [q.line.column(name).ad_valorem for name in ("general", "other")]
    known = right or any(r is not None and abs(paid - cents(value * r)) <= slack for r in whole)
    return "" if known else ANOTHER_VALUE


def _gives(m: Measure, value: int, plain: int, paid: int, slack: int) -> bool:
    """Whether a measure's rate on the whole value is what was paid, alone or, where it is the whole duty, with the
    ordinary one."""
    full = cents(value * (m.rate or Decimal(0)))
    return abs(paid - full) <= slack or (m.kind == "total" and abs(paid + plain - full) <= slack)


def _fact(e: EntryLine, q: DutyQuote, heading: str, most: int, table: Law) -> str:
    """The question whose answer makes more than `most` due under the heading."""
    for name in (*(m.fact for m in q.missing if m.fact in FACTS), *q.taken):
        for choice in choices(name, q.line.code):
            amount = _with(q, name, choice, e, table).get(heading, 0)
            if amount is None or amount > most:  # where a quantity lacks it may be
                return FACTS[name].ask
    return ""


def may_be_less(e: EntryLine, q: DutyQuote, heading: str, due: int, table: Law) -> bool:
    """Whether a fact that no report tells could make less due under a heading (digits) than was worked out."""
    slack = max(100, cents((e.value or 0) * Decimal("0.0001")))
    for name in (m.fact for m in q.missing):
        if name not in FACTS:
            return True
        for choice in choices(name, q.line.code):
            amount = _with(q, name, choice, e, table).get(heading, 0)
            if amount is None or amount < due - slack:
                return True
    return False


def _with(q: DutyQuote, name: str, choice: Value, e: EntryLine, table: Law) -> dict[str, int | None]:
    """The duty by heading if a fact were so."""
    other = duty(
        line=q.line,
        origin=q.origin,
        on=q.on,
        value=q.value,
        claims={k: v for k, v in q.claims.items() if k != "mode"} | {name: choice},
        quantities=e.quantities,
        table=table,
    )
    return under(other.outcome.lines)


def _scoped(m: Measure, q: DutyQuote, table: Law) -> bool:
    """Whether the goods were in the scope of a measure on any of its days."""
    inside = {
        s for s, rows in table.scopes.of(q.line.code).items() if any(a <= m.until and m.since <= b for a, b, _ in rows)
    }
    return m.within(inside.__contains__)
