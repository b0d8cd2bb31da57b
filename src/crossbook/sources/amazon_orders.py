"""Amazon all-orders report (GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL): tab-separated, one row an item.

Columns: https://developer-docs.amazon.com/sp-api/docs/report-type-values-order
An order's total is the sum over its items of price, shipping, gift wrap and their taxes, less promotions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading

_ADD = ("item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax")
_SUBTRACT = ("item-promotion-discount", "ship-promotion-discount")
_NAMES = (
    "amazon-order-id", "purchase-date", "order-status", "sales-channel", "product-name", "sku", "item-status",
    "quantity", "currency", *_ADD, *_SUBTRACT, "ship-country", "ship-state",
)  # fmt: skip


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    currency = frame.currency("currency", "USD")
    amount: Column = pa.array([0] * len(frame), pa.int64())
    for name in _ADD:
        amount = pc.add(amount, pc.fill_null(frame.money(name, currency), 0))
    for name in _SUBTRACT:
        amount = pc.subtract(amount, pc.abs(pc.fill_null(frame.money(name, currency), 0)))
    order_id = frame.text("amazon-order-id", required=True)
    yield fact_table(
        "order_item",
        frame,
        state["account"],
        order_id=order_id,
        item=frame.text("sku"),
        title=frame.text("product-name"),
        quantity=frame.units("quantity"),
        amount=frame.money("item-price", currency),
        currency=currency,
    )
    _, orders = fact_table(
        "order",
        frame,
        state["account"],
        order_id=order_id,
        placed_at=frame.instant("purchase-date", required=True),
        status=frame.text("order-status"),
        currency=currency,
        total=amount,
        country=frame.text("ship-country"),
        region=frame.text("ship-state"),
    )
    state.setdefault("orders", []).append(orders)


def one_row_an_order(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """The orders collected in `state`, their items' amounts added up."""
    if not state.get("orders"):
        return
    table = pa.concat_tables(state["orders"]).unify_dictionaries()
    plain = pa.table(
        {
            n: c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c
            for n, c in zip(table.column_names, table.columns, strict=True)
        }
    )
    first = [(n, "min" if n == "line" else "first") for n in plain.column_names if n not in ("order_id", "total")]
    grouped = plain.group_by("order_id", use_threads=False).aggregate([("total", "sum"), *first])
    schema = table.schema
    columns = {"order_id": grouped["order_id"], "total": grouped["total_sum"]}
    columns |= {n: grouped[f"{n}_{how}"] for n, how in first}
    cast = {}
    for field in schema:
        column = columns[field.name]
        cast[field.name] = column.dictionary_encode().cast(field.type) if pa.types.is_dictionary(field.type) else column
    yield "order", pa.table(cast, schema=schema).sort_by("line")


SOURCE = TableReport(
    name="amazon_orders",
    title="Amazon all-orders report",
    columns={name: (name,) for name in _NAMES},
    required=("amazon-order-id", "purchase-date", "order-status", "sku", "item-price"),
    build=_build,
    finish=one_row_an_order,
    delimiters="\t",
    wide=frozenset({"amazon-order-id", "purchase-date"}),
    quoted=False,
    amounts=("item-price", "shipping-price"),
    account="amazon",
    example="amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t…\tsku\t…\titem-price\t…\n"
    "114-1234567-8901234\t\t2026-03-01T09:12:44+00:00\t2026-03-02T10:00:00+00:00\tShipped\t…\tTENT-2P\t…\t79.99\t…",
)
