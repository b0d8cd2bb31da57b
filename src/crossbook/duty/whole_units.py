"""What a market's law brings to whole units of its currency: the value that a duty or tax is on, and the amount due.

Rows of `data/duty/destinations.csv`, `cut-duty` and `cut-vat`: `upto` is the unit of the value (empty: as it is),
`amount` that of what is due, `basis` whether that is cut down (empty), brought `up` or to the `nearest`, halves up.
`rate` of `cut-vat` is the national share of the tax, where the rest is a local tax on it that is cut by itself. A row
of `mode=any` is of duties on parcels, too, others of what a declaration of goods bears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from crossbook.duty.foreign_rates import Worth, exchanged
from crossbook.duty.quoting import cents
from crossbook.duty.tables import percent

_SURE = Decimal("0.000001")  # of a unit of currency: what a rate of exchange loses at its last digit is no fraction
_WAYS = {"": ROUND_FLOOR, "up": ROUND_CEILING, "nearest": ROUND_HALF_UP}


@dataclass(frozen=True, slots=True)
class Cut:
    """`one` is a unit of the law's currency in minor units of the bill's; `value_unit` is zero where the value stays as
    it is, `national` where the tax is one; `way` is how what is due is brought to whole units."""

    one: Decimal
    value_unit: Decimal
    due_unit: Decimal
    national: Decimal
    told: str
    way: str = ROUND_FLOOR

    def value(self, amount: int) -> int:
        """The value that a duty or a tax is on, in minor units: 16,666 yen are 16,000."""
        return cents(self._whole(Decimal(amount), self.value_unit, ROUND_FLOOR)) if self.value_unit else amount

    def due(self, amount: Decimal) -> Decimal:
        """What is due of an amount in minor units: 1,248 yen are 1,200; 135.80 rupees are 136."""
        return self._whole(amount, self.due_unit, self.way)

    def duty(self, of: Worth) -> Worth:
        """What is due of a duty, least and most."""
        return Worth(self.due(of.low), None if of.high is None else self.due(of.high), of.lacking, of.fraction)

    def tax(self, value: int, rate: Decimal) -> int:
        """What is due of a tax at `rate` on a value, in minor units: national and local tax are each cut, the local one
        is on what is due of the national one."""
        if not self.national:
            return cents(self.due(value * rate))
        national = self.due(value * rate * self.national)
        return cents(national + self.due(national * (1 - self.national) / self.national))

    def _whole(self, amount: Decimal, unit: Decimal, way: str) -> Decimal:
        units = (amount / self.one).quantize(_SURE) / unit
        return units.quantize(Decimal(1), way) * unit * self.one


def cut_of(
    facts: Mapping[str, Sequence[dict[str, str]]],
    what: str,
    currency: str,
    rates: Mapping[str, Decimal],
    *,
    on_parcels: bool = False,
) -> tuple[Cut | None, str]:
    """How the market cuts `what` ("duty", "vat"; `on_parcels`: a duty of its own on them), and why it cannot be worked
    out: without a rate of exchange no amount is cut, which is told."""
    for row in facts.get(f"cut-{what}", ()):
        if on_parcels and row["when"] != "mode=any":
            continue
        lacking = [c for c in (row["currency"], currency) if c not in rates and c != "USD"]
        if row["currency"] != currency and lacking:
            rate = " and ".join(lacking)
            return None, f"not cut to whole units for want of the rate of {rate}, by the rule: {row['note']}"
        return Cut(
            one=exchanged(Decimal(1), row["currency"], currency, rates),
            value_unit=Decimal(row["upto"] or 0),
            due_unit=Decimal(row["amount"]),
            national=percent(row["rate"]) if row["rate"] else Decimal(0),
            told=row["note"],
            way=_WAYS[row["basis"]],
        ), ""
    return None, ""
