"""Shopify orders export (orders_export.csv): one row per line item; an order's totals stand on its first row.

Columns: https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, constant, fact_table


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    first = frame.where(pc.not_equal(pc.utf8_trim_whitespace(frame.raw("total").cast(pa.string())), ""))
    if len(first):
        currency = first.currency("currency")
        state["currency"] = pc.unique(currency)[0].as_py()
        yield fact_table(
            "order",
            first,
            state["account"],
            order_id=first.text("name", required=True),
            placed_at=first.instant("created", "ymd", required=True),
            status=first.text("status"),
            currency=currency,
            total=first.money("total", currency, required=True),
            country=first.text("country"),
            region=first.text("region"),
            reference=first.text("payment"),
            buyer=first.text("buyer"),
            consignee=first.text("consignee"),
        )
    items = frame.where(pc.not_equal(pc.utf8_trim_whitespace(frame.raw("item_name").cast(pa.string())), ""))
    if len(items):
        # continued rows leave the currency empty; one export has one shop and one currency
        currency = constant(state.get("currency", "USD"), len(items))
        unit = items.money("item_price", currency)
        quantity = pc.fill_null(items.units("item_quantity"), 1)
        yield fact_table(
            "order_item",
            items,
            state["account"],
            order_id=items.text("name", required=True),
            item=items.text("item_sku"),
            title=items.text("item_name"),
            quantity=quantity,
            amount=_product(unit, quantity, items),
            currency=currency,
        )


def _product(unit: pa.Array, quantity: pa.Array, frame: Frame) -> pa.Array:
    try:
        return pc.multiply_checked(unit, quantity)
    except pa.ArrowInvalid:
        for line, u, q in zip(frame.line.to_pylist(), unit.to_pylist(), quantity.to_pylist(), strict=True):
            if u is not None and abs(u * q) > money.MAX_MINOR:
                frame.reading.report(line, "lineitem price", str(u), "price times quantity is over 10^17 minor units")
        return pa.nulls(len(unit), pa.int64())


SOURCE = TableReport(
    name="shopify_orders",
    title="Shopify orders export",
    columns={
        "name": ("name",),
        "status": ("financial status",),
        "created": ("created at",),
        "currency": ("currency",),
        "total": ("total",),
        "country": ("shipping country", "billing country"),
        "region": ("shipping province",),
        "payment": ("payment reference", "payment id"),
        "buyer": ("billing name",),
        "consignee": ("shipping name",),
        "item_quantity": ("lineitem quantity",),
        "item_name": ("lineitem name",),
        "item_price": ("lineitem price",),
        "item_sku": ("lineitem sku",),
    },
    required=("name", "status", "created", "currency", "total", "item_quantity", "item_name", "item_price"),
    build=_build,
    wide=frozenset({"name", "created", "payment"}),
    account="shopify",
    example="Name,Email,Financial Status,Paid at,Fulfillment Status,…,Currency,Subtotal,Shipping,Taxes,Total,…,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,…,Lineitem sku,…,Shipping Country,…\n"
    "#1001,buyer@example.com,paid,2026-03-01 09:12:44 -0800,fulfilled,…,USD,39.99,6.00,0.00,45.99,…",
)
