"""The papers of the sample business's trades: payment receipts, manifests, export lists, confirmations, invoices.

They are columns with a row for each trade, so that a benchmark can make a million and plant faults in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from crossbook.demo import people
from crossbook.demo.business import COUNTRIES, DAY, PRODUCTS, Sales
from crossbook.demo.customs import GOODS
from crossbook.demo.writing import Ints

Texts = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]
INSTITUTION = "海桥支付"


@dataclass
class Papers:
    """Columns by paper; a false flag leaves the paper out. Times are seconds since 1970, money in cents.

    `more_payments`, `more_parcels` and `events` are rows beside the regular ones, as (column, value) tables; a further
    parcel has an export list of its own.
    """

    order_id: Texts
    placed: Ints
    status: Texts
    sku: Texts
    title: Texts
    quantity: Ints
    total: Ints
    currency: Texts
    country: Texts
    buyer: Texts
    consignee: Texts
    pay_id: Texts
    pay_orders: Texts
    payer: Texts
    payer_country: Texts
    paid: Ints
    pay_currency: Texts
    paid_at: Ints
    institution: Texts
    tracking: Texts
    shipped: Ints
    delivered: Ints
    ship_country: Texts
    ship_consignee: Texts
    weight: Ints
    declaration: Texts
    declared_on: Ints
    declared: Ints
    declared_currency: Texts
    declared_tracking: Texts
    declared_weight: Ints
    declared_sku: Texts
    declared_quantity: Ints
    received: Ints
    invoice: Texts
    invoiced: Ints
    invoice_currency: Texts
    invoice_buyer: Texts
    has_order: Flags
    has_payment: Flags
    has_parcel: Flags
    has_list: Flags
    has_receipt: Flags
    has_invoice: Flags
    more_payments: list[dict[str, Any]] = field(default_factory=list)
    more_parcels: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.order_id)


def papers(
    rng: np.random.Generator,
    sales: Sales,
    names: list[str],
    waybills: list[str],
    lists: list[str],
    shipped: Ints,
    delivered: Ints,
    end: int,
) -> Papers:
    """Papers that agree, as they do where all is well: names are written in several ways, weights and values vary.

    What would have happened after `end` (seconds since 1970) has not been written yet.
    """
    n = len(sales)
    country = np.array(COUNTRIES, object)[sales.country]
    sku = np.array([p[0] for p in PRODUCTS], object)[sales.product]
    buyer = people.names(rng, country.tolist())
    gift = rng.random(n) < 0.05
    other = people.names(rng, country.tolist())
    consignee = [o if g else b for b, o, g in zip(buyer, other, gift.tolist(), strict=True)]
    grams = np.array([GOODS[p[0]][4] for p in PRODUCTS], np.int64)[sales.product] * sales.quantity
    weight = grams + rng.integers(40, 200, n)
    arrived = delivered < end
    return Papers(
        order_id=_texts(names),
        placed=sales.placed.copy(),
        status=_same("已完成", n),
        sku=sku,
        title=np.array([p[4] for p in PRODUCTS], object)[sales.product],
        quantity=sales.quantity.copy(),
        total=sales.total.copy(),
        currency=_same("USD", n),
        country=country,
        buyer=_texts(buyer),
        consignee=_texts(consignee),
        pay_id=_texts([f"HQZF{x}" for x in (sales.placed * 1000 + np.arange(n) % 1000).tolist()]),
        pay_orders=_texts(names),
        payer=_texts(people.written(rng, buyer)),
        payer_country=country.copy(),
        paid=sales.total.copy(),
        pay_currency=_same("USD", n),
        paid_at=sales.placed + rng.integers(5, 900, n),
        institution=_same(INSTITUTION, n),
        tracking=_texts(waybills),
        shipped=shipped.copy(),
        delivered=delivered.copy(),
        ship_country=country.copy(),
        ship_consignee=_texts(people.written(rng, consignee)),
        weight=weight,
        declaration=_texts(lists),
        declared_on=shipped + 8 * 3600,
        declared=sales.total * rng.integers(92, 101, n) // 100,
        declared_currency=_same("USD", n),
        declared_tracking=_texts(waybills),
        declared_weight=(weight + 5) // 10 * 10,
        declared_sku=sku.copy(),
        declared_quantity=sales.quantity.copy(),
        received=delivered + rng.integers(3600, 5 * DAY, n),
        invoice=_texts([f"INV{i:08d}" for i in range(n)]),
        invoiced=sales.total.copy(),
        invoice_currency=_same("USD", n),
        invoice_buyer=_texts(buyer),
        has_order=np.ones(n, bool),
        has_payment=np.ones(n, bool),
        has_parcel=shipped < end,
        has_list=shipped < end,
        has_receipt=(rng.random(n) < 0.6) & arrived,
        has_invoice=rng.random(n) < 0.1,
    )


def _texts(values: list[str]) -> Texts:
    return np.array(values, object)


def _same(text: str, count: int) -> Texts:
    return np.full(count, text, object)
