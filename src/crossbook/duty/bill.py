"""The whole bill for a shipment, and how it reads for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from crossbook.duty.fees import Fee
from crossbook.duty.quoting import DutyLine, Missing
from crossbook.duty.shipment import Shipment
from crossbook.errors import CrossbookError

Figure = TypeVar("Figure", int, Decimal)


def outer(pick: Callable[[Sequence[Figure]], Figure], values: Sequence[Figure | None]) -> Figure | None:
    """The least or the most of values; None where one of them is not known."""
    known = [value for value in values if value is not None]
    return pick(known) if len(known) == len(values) else None


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
    tax_low: int | None = None  # taxes on the least and on the most duty, where they differ from `taxes`
    tax_high: int | None = None
    ends: tuple[Landed, ...] = ()  # the bill by each answer to the facts that are not stated, of another market
    refused: CrossbookError | None = None  # why an answer to them has none

    def tax(self) -> int | None:
        """VAT and the like of the usual case, in minor units; None where it is on a duty that is not known."""
        each = [t.amount for t in self.taxes]
        return None if None in each else sum(x for x in each if x is not None)

    def _landed(self, duties: int | None, tax: int | None = None) -> int | None:
        if duties is None or any(m.fact == "vat" for m in self.missing):
            return None
        s = self.shipment
        taxes = self.tax() if tax is None else tax
        if taxes is None:
            return None
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

    @property
    def landed_low(self) -> int | None:
        """The least that the landed cost may be."""
        if not self.ends or self.refused:
            return self._landed(self.duty_low, self.tax_low)
        return outer(min, [end.landed_low for end in self.ends])

    @property
    def landed_high(self) -> int | None:
        """The most that the landed cost may be; None where no most is known."""
        if not self.ends or self.refused:
            return self._landed(self.duty_high, self.tax_high)
        return outer(max, [end.landed_high for end in self.ends])

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
            "landed_cost_low": self.landed_low,
            "landed_cost_high": self.landed_high,
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
