"""A sale or refund as a VAT return takes it: what is taxed, the tax in it, and whether its goods are within a limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from crossbook import money
from crossbook.tax.exchange import Found, exact
from crossbook.tax.returned import Line
from crossbook.tax.sales import converted, percent, references, rounded
from crossbook.trade.territories import own_source
from crossbook.vat_rates import standard_rate


@dataclass(frozen=True)
class Limit:
    """What the goods of a consignment may be worth at most, in minor units: EUR 150, GBP 135."""

    most: int
    currency: str


@dataclass(frozen=True)
class Taxed:
    """A sale or refund (negative) in a return's currency: what is taxed, the tax in it, at which rate. `over` says
    that the goods of the consignment are worth more than the limit."""

    row: dict[str, Any]
    base: int
    tax: int
    rate: Decimal
    source: str
    over: bool = False


def taxed(r: dict[str, Any], at: Found, *, over: bool = False) -> Taxed:
    """A row of `sales.sales` or `sales.refunds` at an exchange rate; the VAT rate is that of the day of the sale, of
    the place where the goods go. Prices to consumers hold the VAT."""
    fraction, source = vat_rate(r)
    gross = converted(-r["back"] if "back" in r else r["total"], r["currency"], at.into, at.rate)
    base = rounded(Decimal(gross) / (1 + fraction))
    return Taxed(row=r, base=base, tax=gross - base, rate=fraction, source=source, over=over)


def vat_rate(r: dict[str, Any]) -> tuple[Decimal, str]:
    """The rate on the day of the sale where its goods go, with its source."""
    if r["own_rate"]:
        return Decimal(r["own_rate"].rstrip("%")) / 100, own_source(r["territory"], r["own_rate"], r["day"])
    told = standard_rate(r["market"], r["day"])
    return told.rate, told.source


class Intrinsic:
    """The intrinsic value of consignments against a limit, at the exchange rate of the day of the sale.

    It is the price of the goods without tax, transport and insurance that are charged apart (Delegated Regulation (EU)
    2015/2446, article 1(48); gov.uk, charging VAT on goods sold direct to customers in the UK); where no file says the
    goods' part, all that was paid. The rate is the latest one of the day on which the payment was accepted (Directive
    2006/112/EC, article 91(2); Agencia Tributaria, import and export manual for low value shipments, 3.1.5); where the
    book has none of that day, the return's own, which is said.
    """

    def __init__(
        self, limit: Limit, rate: Callable[[str, date], Found | None], parcels: dict[str, list[dict[str, Any]]]
    ) -> None:
        """`parcels` are the sales that go in one parcel with a sale, by its order: `sales.one_parcel`."""
        self.limit, self._rate, self._parcels = limit, rate, parcels
        self._together: set[str] = set()
        self._unsaid: set[tuple[str, date]] = set()

    def over(self, r: dict[str, Any], otherwise: Found) -> bool:
        """Whether the goods of a sale, or of the sale that a refund takes from, are worth more than the limit, with
        what goes in one parcel with them: orders of one buyer that are sent together are one consignment (Agencia
        Tributaria, import and export manual for low value shipments, 3.1.6)."""
        value = self._value(r, otherwise)
        if value <= self.limit.most and (others := self._parcels.get(r["order_id"])):
            value += sum(
                self._value(x | {"day": r["day"]}, otherwise) for x in others if x["currency"] == r["currency"]
            )
            if value > self.limit.most:
                self._together.add(r["order_id"])
        return value > self.limit.most

    def _value(self, r: dict[str, Any], otherwise: Found) -> Fraction:
        sold, currency = (r["sold"], r["sold_currency"]) if "back" in r else (r["total"], r["currency"])
        at = self._rate(currency, r["day"])
        if at is None:
            self._unsaid.add((currency, r["day"]))
            at = otherwise
        value = exact(sold if r["goods"] is None else r["goods"], at)
        if r["goods"] is None or not r["goods_without_tax"]:
            value /= 1 + Fraction(vat_rate(r)[0])
        return value

    @property
    def notes(self) -> list[str]:
        """Of which days the book has no rate to hold consignments against the limit with."""
        found = []
        if orders := sorted(self._together):
            named = ", ".join(orders[:5]) + (f" +{len(orders) - 5}" if len(orders) > 5 else "")
            found.append(
                f"{len(orders)} orders go in one parcel with others, and are one consignment with them: {named}"
            )
        for currency in sorted({c for c, _ in self._unsaid}):
            days = sorted(d for c, d in self._unsaid if c == currency)
            shown = ", ".join(map(str, days[:3])) + (", …" if len(days) > 3 else "")
            limit = money.show(self.limit.most, self.limit.currency)
            found.append(
                f"the book has no rate of {currency} of the day of {len(days)} sales ({shown}): held against {limit} "
                "at the return's own rate"
            )
        return found


def line(label: str, found: Sequence[Taxed], *, note: str = "", period: str = "", dispatch: str = "") -> Line:
    """One line of sales or refunds that have one rate."""
    return Line(
        label=label,
        orders=len(found),
        base=sum(x.base for x in found),
        rate=percent(found[0].rate),
        tax=sum(x.tax for x in found),
        because=references([x.row for x in found]),
        note=note,
        period=period,
        dispatch=dispatch,
    )


def beyond(over: Sequence[Taxed], limit: Limit) -> tuple[list[str], list[str]]:
    """What to say of consignments over a limit, and of those of which no file says what the goods alone cost."""
    if not over:
        return [], []
    worth = money.show(sum(x.base + x.tax for x in over), limit.currency)
    said = [f"{len(over)} consignments over {money.show(limit.most, limit.currency)} are outside it: {worth}"]
    n = sum(x.row["goods"] is None for x in over)
    return said, [f"of {n} of them no file says what the goods alone cost: held by all that was paid"] if n else []
