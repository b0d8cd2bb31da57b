"""A trade to be declared, as plain records. What the book does not know is None, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from crossbook.trade.statuses import NOT_SALES

UNSAID = "no file of the book says it"


class Want(NamedTuple):
    """What stands in the way of a document: a field, what is in it, and why that will not do."""

    field: str
    value: str
    why: str


SEVERAL_PARCELS = (
    "a list names one waybill, the order went in several parcels, and no file says which goods are in which: declare"
    " each by itself"
)
NO_SALE = "the order is no sale in this state: it is not to be declared"
NO_STATE = "is no word that this program knows: whether the order is a sale is not known"


class Payment(NamedTuple):
    """One of several payments of an order, in minor units of its own currency."""

    payment_id: str | None
    amount: int | None
    currency: str | None
    institution: str | None = None
    paid_at: datetime | None = None


class Parcel(NamedTuple):
    """One of several parcels of an order."""

    tracking: str | None
    weight_g: int | None
    country: str | None
    carrier: str | None = None
    pieces: int | None = None


@dataclass(frozen=True)
class Item:
    """One line of goods. `amount` is what was paid for it, after discounts and without tax, in minor units of the
    trade's currency; `currency` is the line's own, where a file says one; `net_g` is what all its pieces weigh without
    packing, in grams; `each` what the table of products says of one: length (m), area (m²), volume (l), pieces."""

    sku: str | None
    title: str | None
    quantity: int | None
    amount: int | None
    net_g: int | Decimal | None = None
    currency: str | None = None
    each: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """What the buyer paid, part by part, in minor units: goods - discount + freight + tax = total.

    `goods` is before discounts; `freight` is what is charged beside the goods (shipping, gift wrap); both without tax.
    """

    total: int | None = None
    goods: int | None = None
    discount: int | None = None
    freight: int | None = None
    tax: int | None = None


@dataclass(frozen=True)
class ToDeclare:
    """A trade to be declared. Weights in grams; `cny` is one unit of its currency in yuan.

    `list_number`, `list_state`, `list_code` and `list_flag` are what customs answered to its export list. `payments`
    and `parcels` hold each of several; with them `payment_id` and `tracking`, which are those of one, are None.
    `status` is the order's state (`crossbook.trade.statuses`), `status_told` the platform's word for it. `differ` is
    where its papers contradict one another; `same_waybill` and `same_payment` are other orders with its numbers.
    """

    order_id: str
    account: str | None
    currency: str | None
    country: str | None
    payment_id: str | None
    institution: str | None
    paid: int | None
    pay_currency: str | None
    paid_at: datetime | None
    tracking: str | None
    carrier: str | None
    weight_g: int | None
    pieces: int | None
    items: tuple[Item, ...]
    parts: Parts = field(default_factory=Parts)
    cny: Decimal | None = None
    list_number: str | None = None
    list_state: str | None = None
    list_code: str | None = None
    list_flag: str | None = None
    payments: tuple[Payment, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    status: str = "placed"
    status_told: str | None = None
    shipped_at: datetime | None = None
    differ: tuple[Want, ...] = ()
    same_waybill: tuple[str, ...] = ()
    same_payment: tuple[str, ...] = ()

    @property
    def gross_g(self) -> int | None:
        """What all parcels weigh, in grams; None where that of one is not known."""
        if not self.parcels:
            return self.weight_g
        weights = [p.weight_g for p in self.parcels if p.weight_g is not None]
        return sum(weights) if len(weights) == len(self.parcels) else None

    @property
    def waybill(self) -> list[Want]:
        """What stands against naming the order's one parcel."""
        if self.parcels:
            return [Want("logisticsNo", "; ".join(_parcel(p) for p in self.parcels), SEVERAL_PARCELS)]
        if not self.tracking:
            return [Want("tracking", "", UNSAID)]
        return self.one_waybill

    @property
    def one_waybill(self) -> list[Want]:
        """What stands against a waybill's being of this order alone."""
        if not self.same_waybill:
            return []
        return [Want("logisticsNo", self.tracking or "", f"is the waybill of {', '.join(self.same_waybill)}, too")]

    @property
    def sale(self) -> list[Want]:
        """What stands against the order's being a sale."""
        if self.status not in NOT_SALES:
            return []
        told = self.status_told or self.status
        return [Want("status", told, NO_STATE if self.status == "unknown" else NO_SALE)]


def _parcel(p: Parcel) -> str:
    weight = "" if p.weight_g is None else f"{Decimal(p.weight_g) / 1000} kg"
    return " ".join(x for x in (p.tracking or "—", weight, p.country) if x)
