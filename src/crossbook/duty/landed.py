"""What it costs to land goods in the United States: duty, fees, freight, and the small-parcel regimes of the day.

The customs value is free on board: freight and insurance are no part of it (19 U.S.C. 1401a(b)(4)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.duty.claims import Value
from crossbook.duty.fees import Fee, fees
from crossbook.duty.lines import TariffLine
from crossbook.duty.quoting import DutyLine, DutyQuote, Missing, Outcome, cents, duty, reaching, shown
from crossbook.duty.schedule import line
from crossbook.duty.tables import FAR, FIRST_DAY, KNOWN_UNTIL, Law, day_or, is_origin, law, percent, rows
from crossbook.errors import CrossbookError

MODES = ("ocean", "air", "truck", "rail", "courier", "post")
# Incoterms 2020 by what the seller's price already holds.
INCOTERMS: dict[str, tuple[str, ...]] = {
    "EXW": (),
    "FCA": (),
    "FAS": (),
    "FOB": (),
    "CFR": ("freight",),
    "CPT": ("freight",),
    "CIF": ("freight", "insurance"),
    "CIP": ("freight", "insurance"),
    "DAP": ("freight", "insurance"),
    "DPU": ("freight", "insurance"),
    "DDP": ("freight", "insurance", "duty"),
}


@dataclass(frozen=True)
class Shipment:
    """What is imported. Money in minor units of `currency`; `price` is for all of `quantity`."""

    hts: str
    origin: str
    destination: str
    on: date
    price: int
    currency: str = "USD"
    quantity: Decimal = Decimal(1)
    incoterm: str = "FOB"
    freight: int = 0
    insurance: int = 0
    brokerage: int = 0
    mode: str = "ocean"
    weight_kg: Decimal | None = None
    claims: Mapping[str, Value] = field(default_factory=dict)
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    formal: bool | None = None


@dataclass(frozen=True)
class Landed:
    """The whole bill. `total` is None where the duty is not known; `low` and `high` bound it."""

    shipment: Shipment
    code: str
    path: str
    customs_value: int
    lines: tuple[DutyLine, ...]
    suppressed: tuple[dict[str, Any], ...]
    missing: tuple[Missing, ...]
    fees: tuple[Fee, ...]
    taxes: tuple[DutyLine, ...]
    total_duty: int | None
    duty_low: int
    duty_high: int | None
    rate: Decimal | None
    rate_low: Decimal | None
    rate_high: Decimal | None
    notes: tuple[str, ...] = ()
    beyond: bool = False
    inside: int = 0  # freight and insurance that the customs value holds

    def _landed(self, duties: int | None) -> int | None:
        if duties is None or any(m.fact == "vat" for m in self.missing):
            return None
        s = self.shipment
        taxes = sum(t.amount or 0 for t in self.taxes)
        return (
            self.customs_value
            - self.inside
            + duties
            + sum(f.amount for f in self.fees)
            + taxes
            + s.freight
            + s.insurance
            + s.brokerage
        )

    @property
    def landed_cost(self) -> int | None:
        """Value, freight, insurance, brokerage, duty, fees and taxes, in minor units."""
        return self._landed(self.total_duty)

    def as_dict(self) -> dict[str, Any]:
        """What `crossbook duty landed --json` prints. Amounts in minor units, rates as fractions."""
        s = self.shipment
        return {
            "hts": self.code,
            "description": self.path,
            "origin": s.origin,
            "destination": s.destination,
            "on": s.on,
            "currency": s.currency,
            "quantity": _number(s.quantity),
            "price": s.price,
            "incoterm": s.incoterm,
            "mode": s.mode,
            "customs_value": self.customs_value,
            "lines": [_line(x) for x in self.lines],
            "suppressed": list(self.suppressed),
            "missing": [{"fact": m.fact, "ask": m.ask} for m in self.missing],
            "fees": [
                {"fee": f.fee, "amount": f.amount, "rate": f.rate, "legal_source": f.source, "note": f.note}
                for f in self.fees
            ],
            "taxes": [_line(x) for x in self.taxes],
            "freight": s.freight,
            "insurance": s.insurance,
            "brokerage": s.brokerage,
            "total_duty": self.total_duty,
            "total_duty_low": self.duty_low,
            "total_duty_high": self.duty_high,
            "total_ad_valorem_rate": _number(self.rate),
            "total_ad_valorem_rate_low": _number(self.rate_low),
            "total_ad_valorem_rate_high": _number(self.rate_high),
            "landed_cost": self.landed_cost,
            "landed_cost_low": self._landed(self.duty_low),
            "landed_cost_high": self._landed(self.duty_high),
            "notes": list(self.notes),
            "beyond": self.beyond,
        }


def _number(value: Decimal | None) -> float | int | None:
    """For JSON, which has no decimals: the shortest number that reads as the same digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _line(x: DutyLine) -> dict[str, Any]:
    return {
        "measure": x.measure,
        "id": x.id,
        "programme": x.programme,
        "authority": x.authority,
        "rate": x.rate,
        "rate_fraction": _number(x.fraction),
        "base": x.base,
        "amount": x.amount,
        "legal_source": x.legal_source,
        "heading_9903": x.heading_9903,
        "note": x.note,
    }


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


def check(s: Shipment) -> None:
    """Raise CrossbookError for amounts, quantities, modes and terms that no shipment has."""
    if s.price < 0 or s.freight < 0 or s.insurance < 0 or s.brokerage < 0:
        raise CrossbookError("an amount is negative", todo="give amounts of zero or more")
    if s.quantity <= 0:
        raise CrossbookError(f"a quantity of {s.quantity}", todo="give a quantity over zero")
    if s.mode not in MODES:
        raise CrossbookError(f"unknown mode {s.mode!r}", todo="one of " + ", ".join(MODES))
    if s.incoterm not in INCOTERMS:
        raise CrossbookError(f"unknown Incoterm {s.incoterm!r}", todo="one of " + ", ".join(INCOTERMS))
    if s.origin == s.destination:
        raise CrossbookError(f"goods of {s.origin} that return there are not imports of this kind")


def fob_value(s: Shipment) -> int:
    """The price less the freight and insurance that the Incoterm puts into it."""
    inside = INCOTERMS[s.incoterm]
    value = s.price - (s.freight if "freight" in inside else 0) - (s.insurance if "insurance" in inside else 0)
    if value < 0:
        raise CrossbookError(
            "freight and insurance are more than the price that holds them",
            todo=f"{s.incoterm} prices hold freight; give the price of all goods",
        )
    return value


def quantities(s: Shipment, units: Sequence[str]) -> dict[str, Decimal]:
    """Quantities by unit: those stated, the weight, and the pieces in the units that count pieces."""
    found = dict(s.quantities)
    if s.weight_kg is not None:
        found.setdefault("kg", s.weight_kg)
    if units and units[0] in ("prs.", "doz. prs."):
        found.setdefault("prs.", s.quantity)
    found.setdefault("No.", s.quantity)
    return found


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
    special = _small_parcel(s, at, value, table)
    if special:
        return replace(special, beyond=outside)
    return replace(_bill(s, at, value, table), beyond=outside)


def _bill(s: Shipment, at: TariffLine, value: int, table: Law) -> Landed:
    q = duty(at, s.origin, s.on, value, s.claims, quantities(s, at.units), table)
    claimed = s.claims.get("usmca") == "yes" or s.claims.get("preference") == "yes"
    charged = tuple(fees(value, s.on, s.mode, s.origin, claimed=claimed, formal=s.formal))
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


def _small_parcel(s: Shipment, at: TariffLine, value: int, table: Law) -> Landed | None:
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


def _postal(s: Shipment, at: TariffLine, value: int, row: dict[str, str], table: Law) -> Landed:
    flat: int | None = int(Decimal(row["flat"]) * 100) if row["flat"] else None
    if row["regime"] == "postal-ieepa":
        rate = _ieepa_rate(s, table)
        if s.on <= date(2026, 2, 28):
            flat = 8_000 if rate < Decimal("0.16") else 16_000 if rate <= Decimal("0.25") else 20_000
    else:
        rate = percent(row["rate"])
    share = cents(value * rate)
    by_item = None if flat is None else flat
    text = shown(rate) + (f" or {flat // 100} USD an item" if flat else "")
    one = DutyLine(
        measure="postal duty",
        authority="IEEPA" if row["regime"] != "postal-surcharge" else "Section 122",
        rate=text,
        base=value,
        amount=share,
        legal_source=row["source"],
        heading_9903=None,
        note=row["note"],
        fraction=rate,
        id="postal",
        programme="postal",
    )
    ends = sorted(x for x in (share, by_item) if x is not None)
    missing = (
        (Missing("postal_method", "which method the carrier has chosen: the share or the amount"),)
        if len(ends) > 1
        else ()
    )
    return replace(_flat(s, at, value, (one,), ends[0], ends[-1]), total_duty=share, missing=missing, rate=rate)


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
