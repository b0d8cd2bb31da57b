"""A trade to be declared, as plain records. What the book does not know is None, never 0."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from crossbook import money
from crossbook.trade.statuses import NOT_SALES

UNSAID = "no file of the book says it"


class Want(NamedTuple):
    """What stands in the way of a document: a field, what is in it, and why that will not do."""

    field: str
    value: str
    why: str


SEVERAL_PARCELS = "the order went in several parcels, and no file says which goods are in which: declare each by itself"
SEVERAL_PAYMENTS = "the order was paid by several payments, and each needs a receipt of its own: declare them by hand"
NO_SALE = "the order is no sale in this state: it is not to be declared"
NO_STATE = "is no word that this program knows: whether the order is a sale is not known"


class Payment(NamedTuple):
    """One of several payments of an order, in minor units of its own currency."""

    payment_id: str | None
    amount: int | None
    currency: str | None


class Parcel(NamedTuple):
    """One of several parcels of an order."""

    tracking: str | None
    weight_g: int | None
    country: str | None


@dataclass(frozen=True)
class Item:
    """One line of goods. `amount` is what was paid for it, after discounts and without tax, in minor units of the
    trade's currency; `net_g` is what all its pieces weigh without packing, in grams."""

    sku: str | None
    title: str | None
    quantity: int | None
    amount: int | None
    net_g: int | Decimal | None = None


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

    `list_number`, `list_state` and `list_flag` are what customs answered to its export list. `payments` and `parcels`
    hold each of several; with them `payment_id` and `tracking`, which are those of one, name none and are None.
    `status` is the order's state (`crossbook.trade.statuses`), `status_told` the platform's word for it.
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
    list_flag: str | None = None
    payments: tuple[Payment, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    status: str = "placed"
    status_told: str | None = None

    @property
    def waybill(self) -> list[Want]:
        """What stands against naming the order's one parcel."""
        if self.parcels:
            return [Want("logisticsNo", "; ".join(_parcel(p) for p in self.parcels), SEVERAL_PARCELS)]
        return [] if self.tracking else [Want("tracking", "", UNSAID)]

    @property
    def receipt(self) -> list[Want]:
        """What stands against naming the order's one payment."""
        if not self.payments:
            return []
        return [Want("payNo", "; ".join(_payment(p) for p in self.payments), SEVERAL_PAYMENTS)]

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


def _payment(p: Payment) -> str:
    return f"{p.payment_id or '—'} {money.show(p.amount, p.currency) if p.amount is not None and p.currency else '—'}"
