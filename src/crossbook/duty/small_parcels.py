"""The regimes of the day for parcels up to 800 US dollars by courier or post: relief, and duties on postal items."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from crossbook.duty.bill import Landed
from crossbook.duty.claims import FACTS
from crossbook.duty.lines import TariffLine
from crossbook.duty.quoting import DutyLine, Missing, Outcome, cents, reaching, shown
from crossbook.duty.shipment import Shipment
from crossbook.duty.tables import FAR, Law, day_or, is_origin, percent, rows
from crossbook.errors import CrossbookError


def small_parcel(s: Shipment, at: TariffLine, value: int, table: Law) -> Landed | None:
    """The regime for parcels up to 800 USD by courier or post, where one is in force."""
    for row in rows("de_minimis.csv"):
        if (
            row["market"] != "US"
            or s.mode not in row["mode"].split()
            or not is_origin(s.origin, row["origins"].split())
        ):
            continue
        if not date.fromisoformat(row["from"]) <= s.on <= day_or(row["to"], FAR) or value > int(row["limit"]) * 100:
            continue
        if row["regime"] == "relief":
            free = DutyLine(
                measure="de minimis",
                authority="19 U.S.C. 1321",
                rate="Free",
                base=value,
                amount=0,
                legal_source=row["source"],
                heading_9903=None,
                note=row["note"],
                fraction=Decimal(0),
                id="de-minimis",
                programme="de-minimis",
            )
            return _flat(s, at, value, (free,), 0, 0)
        return _postal(s, at, value, row, table)
    if s.mode == "post" and s.on >= date(2026, 7, 24) and value <= 80_000:
        raise CrossbookError(
            "the postal regime after 2026-07-23 is not covered",
            todo="quote it with --mode courier, by the ordinary duties",
        )
    return None


def is_relieved(origin: str, on: date, value: int) -> bool:
    """Whether goods of a value in cents were free of duty as a small parcel on a day (19 U.S.C. 1321(a)(2)(C))."""
    return any(
        is_origin(origin, row["origins"].split())
        and date.fromisoformat(row["from"]) <= on <= day_or(row["to"], FAR)
        and value <= int(row["limit"]) * 100
        for row in rows("de_minimis.csv")
        if (row["market"], row["regime"]) == ("US", "relief")
    )


def _postal(s: Shipment, at: TariffLine, value: int, row: dict[str, str], table: Law) -> Landed:
    flat: int | None = int(Decimal(row["flat"]) * 100) if row["flat"] else None
    if row["regime"] == "postal-ieepa":
        rate = _ieepa_rate(s, table)
        if s.on <= date(2026, 2, 28):
            flat = 8_000 if rate < Decimal("0.16") else 16_000 if rate <= Decimal("0.25") else 20_000
    else:
        rate = percent(row["rate"])
    share = cents(value * rate)
    stated = s.claims.get("postal_by_item") if flat is not None else None
    due = flat if flat is not None and stated == "yes" else share
    text = shown(rate) + (f" or {flat // 100} USD an item" if flat else "")
    one = DutyLine(
        measure="postal duty",
        authority="IEEPA" if row["regime"] != "postal-surcharge" else "Section 122",
        rate=text,
        base=value,
        amount=due,
        legal_source=row["source"],
        heading_9903=None,
        note=row["note"],
        fraction=rate,
        id="postal",
        programme="postal",
    )
    either = [share] if flat is None else [share, flat]
    ends = [due] if stated in ("yes", "no") else sorted(either)
    missing = (Missing("postal_by_item", FACTS["postal_by_item"].ask),) if len(ends) > 1 else ()
    return replace(
        _flat(s, at, value, (one,), ends[0], ends[-1]),
        total_duty=due,
        missing=missing,
        rate=None if stated == "yes" else rate,
    )


def _ieepa_rate(s: Shipment, table: Law) -> Decimal:
    """The IEEPA rates of a country, added up (EO 14324 sec. 3)."""
    inside = [
        m
        for m in reaching(table, "9999999999", s.origin, s.on)
        if m.authority == "IEEPA" and m.kind in ("add", "total")
    ]
    best: dict[str, Decimal] = {}
    for m in inside:
        if m.sailed_before is None and not m.when and m.rate is not None:
            best.setdefault(m.programme, m.rate)
    return sum(best.values(), Decimal(0))


def _flat(s: Shipment, at: TariffLine, value: int, lines: tuple[DutyLine, ...], low: int, high: int) -> Landed:
    none = Outcome(lines=(), suppressed=(), total=low, rate=Decimal(0))
    return Landed(
        shipment=s,
        code=at.code,
        path=at.path,
        customs_value=value,
        lines=lines,
        suppressed=(),
        missing=(),
        fees=(),
        taxes=(),
        total_duty=none.total,
        duty_low=low,
        duty_high=high,
        rate=Decimal(0) if high == 0 else None,
        rate_low=None,
        rate_high=None,
    )
