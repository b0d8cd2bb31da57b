"""WooCommerce orders export: WooCommerce's own analytics export, and the two common export plug-ins.

WooCommerce has no single format. Known here: Analytics › Orders ("Order #", "N. Revenue"), Advanced Order Export
("Order Number", "Order Total Amount", one row an item), Order Export & Order Import ("order_number", "order_total").

Headers of the second are the labels in woo-order-export-lite, of the third the columns in its own sample. Both ask
WooCommerce for get_subtotal, get_total_discount, get_shipping_total and get_total_tax (the plug-in's
class-wc-order-export-order-fields.php): goods before discount and shipping are without tax, and may be finer than the
currency. "Item Cost" and "Order Line Total" are after discount. The first has no total that a buyer paid: "N. Revenue"
is what the goods brought without tax and shipping, so that the total is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.order_parts import tax_included
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading

_NET = ("n. revenue", "net revenue")  # of WooCommerce's own export: goods without tax and shipping, no total


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    currency = frame.currency("currency", "USD")
    order_id = frame.text("order_id", required=True)
    total = frame.money("total", currency, required=True)
    if frame.reading.headers.get("total", "").lower() in _NET:
        total = pa.nulls(len(frame), pa.int64())
    goods = frame.money("goods", currency, finer=True)
    discount = pc.abs(frame.money("discount", currency, finer=True))
    shipping = frame.money("shipping", currency, finer=True)
    tax = frame.money("tax", currency, finer=True)
    told = tax_included(total, pc.add(pc.subtract(goods, discount), shipping), tax)
    _, orders = fact_table(
        "order",
        frame,
        state["account"],
        order_id=order_id,
        placed_at=frame.instant("placed", required=True),
        status=frame.text("status"),
        currency=currency,
        total=total,
        country=frame.text("country"),
        region=frame.text("region"),
        reference=frame.text("payment"),
        buyer=_name(frame, "buyer"),
        consignee=_name(frame, "consignee"),
        address=frame.text("address"),
        goods=goods,
        discount=discount,
        shipping=shipping,
        tax=tax,
        # the plug-ins write goods and shipping without tax; a sum that says otherwise is believed
        tax_included=pc.coalesce(told, pc.if_else(pc.is_valid(goods), "no", None)),
        refunded=pc.abs(frame.money("refunded", currency, finer=True)),
        paid_at=frame.instant("paid"),
        email=frame.text("email"),
        phone=frame.text("phone"),
        postcode=frame.text("postcode"),
        city=frame.text("city"),
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
            amount=_amount(items, currency),
            currency=currency,
            price=items.money("item_price", currency, finer=True),
            discount=pc.abs(items.money("item_discount", currency, finer=True)),
            tax=items.money("item_tax", currency, finer=True),
        )


def _amount(items: Frame, currency: Column) -> Column:
    """The line before discount: as stated, or from the line after discount where its own or the order's is told."""
    after = items.money("item_total", currency, finer=True)
    off = pc.abs(items.money("item_discount", currency, finer=True))
    of_order = pc.fill_null(items.money("discount", currency, finer=True), 0)
    stated = items.money("item_amount", currency, finer=True)
    return pc.coalesce(stated, pc.add(after, off), pc.if_else(pc.equal(of_order, 0), after, None))


def _name(frame: Frame, who: str) -> Column:
    return frame.joined(who, (f"{who}_first", f"{who}_last")).text(who)


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
        "total": ("order total amount", "order total", "order_total", *_NET),
        "goods": ("order subtotal amount", "order subtotal", "order_subtotal"),
        "discount": ("cart discount amount", "discount_total", "cart_discount"),
        "shipping": ("order shipping amount", "shipping_total", "order_shipping"),
        "tax": ("order total tax amount", "tax_total", "order_total_tax"),
        "refunded": ("order refund amount", "refunded_total"),
        "paid": ("paid date", "paid_date"),
        "currency": ("order currency", "order_currency", "currency"),
        "country": ("country code (shipping)", "shipping_country", "country (shipping)", "country code (billing)"),
        "region": ("state code (shipping)", "shipping_state", "state code (billing)"),
        "city": ("city (shipping)", "shipping_city"),
        "postcode": ("postcode (shipping)", "shipping_postcode"),
        "address": ("address 1&2 (shipping)", "address 1 (shipping)", "shipping_address_1"),
        "buyer_first": ("first name (billing)", "billing_first_name"),
        "buyer_last": ("last name (billing)", "billing_last_name"),
        "consignee_first": ("first name (shipping)", "shipping_first_name"),
        "consignee_last": ("last name (shipping)", "shipping_last_name"),
        "email": ("email (billing)", "billing_email", "customer_email"),
        "phone": ("phone (billing)", "billing_phone"),
        "payment": ("transaction id", "transaction_id"),
        "title": ("item name", "product name", "product(s)", "line_item_1"),
        "sku": ("sku", "product sku"),
        "quantity": ("quantity", "quantity (- refund)", "items sold"),
        "item_amount": ("order line subtotal",),
        "item_total": ("order line total", "item total", "order line (w/o tax)"),
        "item_price": ("item cost before discount",),
        "item_discount": ("item discount amount",),
        "item_tax": ("order line tax",),
    },
    required=("order_id", "placed", "status", "total"),
    absent=("order status id", "lineitem name", "amazon-order-id", "payout id", "settlement id"),
    build=_build,
    finish=_orders,
    wide=frozenset({"order_id", "placed"}),
    amounts=("total",),
    dates=("placed", "paid"),
    account="woocommerce",
    example="Order Number,Order Status,Order Date,…,Country Code (Shipping),Payment Method Title,Order Total Amount,"
    "SKU,Item #,Item Name,Quantity,…\n1001,completed,2026-03-01 09:12:44,…,US,PayPal,45.99,TENT-2P,1,Trail tent,1,…",
)
