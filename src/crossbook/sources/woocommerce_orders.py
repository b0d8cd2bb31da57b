"""WooCommerce orders export: WooCommerce's own analytics export, and the two common export plug-ins.

WooCommerce has no single format. Known here: Analytics › Orders ("Order #", "N. Revenue"), Advanced Order Export
("Order Number", "Order Total Amount", one row an item), Order Export & Order Import ("order_number", "order_total").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    currency = frame.currency("currency", "USD")
    order_id = frame.text("order_id", required=True)
    _, orders = fact_table(
        "order",
        frame,
        state["account"],
        order_id=order_id,
        placed_at=frame.instant("placed", required=True),
        status=frame.text("status"),
        currency=currency,
        total=frame.money("total", currency, required=True),
        country=frame.text("country"),
        reference=frame.text("payment"),
    )
    state.setdefault("orders", []).append(orders)
    items = frame.where(pc.not_equal(pc.utf8_trim_whitespace(frame.raw("title").cast(pa.string())), ""))
    if len(items):
        currency = items.currency("currency", "USD")
        yield fact_table(
            "order_item",
            items,
            state["account"],
            order_id=items.text("order_id"),
            item=items.text("sku"),
            title=items.text("title"),
            quantity=items.units("quantity"),
            amount=items.money("item_amount", currency),
            currency=currency,
        )


def _orders(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """One row an order; a plug-in that writes one row an item repeats the order's total on each."""
    if not state.get("orders"):
        return
    table = pa.concat_tables(state["orders"]).unify_dictionaries()
    seen: dict[str, tuple[int, int | None]] = {}
    keep = []
    ids, totals, lines = (table[n].to_pylist() for n in ("order_id", "total", "line"))
    for order_id, total, line in zip(ids, totals, lines, strict=True):
        if order_id in seen and seen[order_id][1] != total:
            reading.report(line, "total", str(total), f"differs from line {seen[order_id][0]} of the same order")
        keep.append(order_id not in seen)
        seen.setdefault(order_id, (line, total))
    yield "order", table.filter(pa.array(keep, pa.bool_()))


SOURCE = TableReport(
    name="woocommerce_orders",
    title="WooCommerce orders export",
    columns={
        "order_id": ("order #", "order number", "order_number", "order id", "order_id"),
        "placed": ("order date", "order_date", "date"),
        "status": ("order status", "status", "order_status"),
        "total": ("order total amount", "order total", "order_total", "n. revenue", "net revenue"),
        "currency": ("order currency", "order_currency", "currency"),
        "country": ("country code (shipping)", "shipping_country", "country (shipping)", "country code (billing)"),
        "payment": ("transaction id", "transaction_id"),
        "title": ("item name", "product name", "product(s)", "line_item_1"),
        "sku": ("sku", "product sku"),
        "quantity": ("quantity", "quantity (- refund)", "items sold"),
        "item_amount": ("order line subtotal", "item total", "order line total"),
    },
    required=("order_id", "placed", "status", "total"),
    absent=("order status id", "lineitem name", "amazon-order-id", "payout id", "settlement id"),
    build=_build,
    finish=_orders,
    wide=frozenset({"order_id", "placed"}),
    amounts=("total",),
    dates=("placed",),
    account="woocommerce",
    example="Order Number,Order Status,Order Date,…,Country Code (Shipping),Payment Method Title,Order Total Amount,"
    "SKU,Item #,Item Name,Quantity,…\n1001,completed,2026-03-01 09:12:44,…,US,PayPal,45.99,TENT-2P,1,Trail tent,1,…",
)
