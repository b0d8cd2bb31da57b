"""What it costs to land goods in the United States: duty, fees, freight, and the small-parcel regimes of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.duty.bill import Landed
from crossbook.duty.effects import changing_nothing
from crossbook.duty.fees import FREE_UNDER, fees
from crossbook.duty.headings import not_worked_out
from crossbook.duty.lines import TariffLine
from crossbook.duty.quoting import DutyQuote, duty, shown
from crossbook.duty.schedule import line
from crossbook.duty.shipment import INCOTERMS, Shipment, check, fob_value, quantities
from crossbook.duty.small_parcels import small_parcel
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, Law, law
from crossbook.errors import CrossbookError


def check_day(on: date, beyond: bool) -> bool:
    """Whether a day lies outside what is known. Raises CrossbookError when it does and `beyond` does not allow it."""
    if FIRST_DAY <= on <= KNOWN_UNTIL:
        return False
    if not beyond:
        raise CrossbookError(
            f"{on} is outside what is known ({FIRST_DAY} to {KNOWN_UNTIL})",
            todo="answer by the law as last known, labelled as such, with --beyond",
        )
    return True


def land_us(s: Shipment, *, beyond: bool = False, table: Law | None = None) -> Landed:
    """The bill for one shipment into the United States, in US dollars."""
    check(s)
    if s.currency != "USD":
        raise CrossbookError(
            f"a value in {s.currency}", todo="state the customs value in USD, at the rate of 19 CFR 159.32"
        )
    outside = check_day(s.on, beyond)
    table = table or law()
    at = line(s.hts, s.on, table.newer)
    value = fob_value(s)
    if "duty" in INCOTERMS[s.incoterm]:
        value = _without_duty(s, at, table, value)
    special = small_parcel(s, at, value, table)
    if special:
        unused = _unused([n for n in s.claims if n != "postal_by_item" or special.lines[0].id != "postal"], s)
        return replace(special, beyond=outside, notes=(*special.notes, *unused))
    bill = _bill(s, at, value, table)
    left_out = not_worked_out(at, s.origin, s.on, s.claims, table)
    return replace(bill, beyond=outside, notes=(*bill.notes, *_without_effect(s, at, value, table), *left_out))


def _without_effect(s: Shipment, at: TariffLine, value: int, table: Law) -> list[str]:
    """Notes on stated facts that change neither duty nor fees."""
    found = changing_nothing(
        line=at,
        origin=s.origin,
        on=s.on,
        value=value,
        claims=s.claims,
        quantities=quantities(s, at.units),
        table=table,
        mode=s.mode,
    )
    if s.origin in FREE_UNDER:  # the merchandise processing fee turns on what is claimed
        found = [name for name in found if name not in ("usmca", "preference")]
    return _unused(found, s)


def _unused(names: list[str], s: Shipment) -> list[str]:
    return [f"changes nothing: {name}={s.claims[name]}" for name in names]


def _bill(s: Shipment, at: TariffLine, value: int, table: Law) -> Landed:
    q = duty(
        line=at,
        origin=s.origin,
        on=s.on,
        value=value,
        claims=s.claims,
        quantities=quantities(s, at.units),
        table=table,
        mode=s.mode,
    )
    claimed = s.claims.get("usmca") == "yes" or s.claims.get("preference") == "yes"
    charged = tuple(
        fees(
            value=value,
            on=s.on,
            mode=s.mode,
            origin=s.origin,
            claimed=claimed,
            formal=s.formal,
            chapter_99=_in_chapter_99(q),
            case=any(x.programme.startswith("case ") for x in q.outcome.lines),
        )
    )
    return Landed(
        shipment=s,
        code=at.code,
        path=at.path,
        customs_value=value,
        lines=q.outcome.lines,
        suppressed=_suppressed(q),
        missing=q.missing,
        fees=charged,
        taxes=(),
        total_duty=q.outcome.total,
        duty_low=q.lowest.total if q.lowest.total is not None else q.lowest.floor,
        duty_high=q.highest.total,
        rate=q.outcome.rate,
        rate_low=q.lowest.rate,
        rate_high=q.highest.rate,
        notes=tuple(_notes(q)),
    )


def _in_chapter_99(q: DutyQuote) -> bool:
    """Whether the goods are declared under a heading of chapter 99, be it one that exempts them."""
    headings = [x.heading_9903 for x in q.outcome.lines if not x.programme.startswith("case ")]
    return any(headings) or any(x.reason.startswith("exempt under 99") for x in q.outcome.suppressed)


def _suppressed(q: DutyQuote) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "measure": x.measure.name,
            "heading_9903": x.measure.heading,
            "rate": shown(x.measure.rate or Decimal(0)),
            "amount": 0,
            "reason": x.reason,
            "legal_source": x.source,
        }
        for x in q.outcome.suppressed
    )


def _notes(q: DutyQuote) -> list[str]:
    found = []
    for o in (q.outcome,):
        late = [x for x in o.lines if "reaches back" in x.note]
        found += [f"{x.measure}: {x.note}; entries filed before may be corrected" for x in late]
    if q.taken:
        found.append("taken as usual unless stated: " + ", ".join(q.taken))
    return found


def _without_duty(s: Shipment, at: TariffLine, table: Law, most: int) -> int:
    """The customs value of a delivered-duty-paid price: the value whose own bill comes to the price."""
    low, high = -1, most
    while low < high:
        middle = (low + high + 1) // 2
        bill = _bill(s, at, middle, table)
        if bill.total_duty is None:
            raise CrossbookError(
                "a duty-paid price needs the quantity, to take the duty out of it",
                todo="state " + ", ".join(m.ask for m in bill.missing if m.fact == "quantity"),
            )
        cost = middle + bill.total_duty + sum(f.amount for f in bill.fees) + s.brokerage
        low, high = (middle, high) if cost <= most else (low, middle - 1)
    if low < 0:
        raise CrossbookError(
            "the duty-paid price does not cover the fees of the entry", todo="check price and quantity"
        )
    return low
