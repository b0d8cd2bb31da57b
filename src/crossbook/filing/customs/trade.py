"""A trade to be declared, as plain records. What the book does not know is None, never 0."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class Want(NamedTuple):
    """What stands in the way of a document: a field, what is in it, and why that will not do."""

    field: str
    value: str
    why: str


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

    `list_number`, `list_state` and `list_flag` are what customs answered to its export list.
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
