"""Amazon all-orders report (GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL): tab-separated, one row an item.

Columns: https://developer-docs.amazon.com/sp-api/docs/report-type-values-order, their order as in the report classes of
caponica-amazon-mws-complete; buyer, recipient and street are columns that a seller may add to the report.

Prices are of the whole quantity. An order's total is the sum over its items of price, shipping and gift wrap, less
promotions, and of their taxes where prices do not include them: in Europe item-price is with VAT and item-tax the VAT
in it (https://developer-docs.amazon.com/sp-api/docs/option-1-allow-amazon-to-create-invoices-for-you), in the United
States and Canada sales tax is on top. What a row leaves empty is not charged, but for item-price: without it (orders
that are pending, or were cancelled) goods and total are unknown. Of an order that was cancelled in part only the rest
counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading
from crossbook.vat_rates import EU

_PRICES = ("item-price", "shipping-price", "gift-wrap-price")
_TAXES = ("item-tax", "shipping-tax", "gift-wrap-tax")
_PROMOTIONS = ("item-promotion-discount", "ship-promotion-discount")
_STREET = ("ship-address-1", "ship-address-2", "ship-address-3")
_NAMES = (
    "amazon-order-id",
    "purchase-date",
    "payments-date",
    "order-status",
    "sales-channel",
    "product-name",
    "sku",
    "item-status",
    "quantity",
    "currency",
    *_PRICES,
    *_TAXES,
    *_PROMOTIONS,
    "ship-country",
    "ship-state",
    "ship-city",
    "ship-postal-code",
    *_STREET,
    "buyer-name",
    "buyer-email",
    "buyer-phone-number",
    "recipient-name",
)
# Where prices are stated with their tax, by the end of the marketplace's name or, where that is not given, by country.
_ENDS = {"com": "no", "ca": "no", "co.uk": "yes", "com.be": "yes"} | {c.lower(): "yes" for c in EU}
_INCLUDED = {f"amazon.{end}": told for end, told in _ENDS.items()}
_BY_COUNTRY = {"us": "no", "ca": "no", "gb": "yes"} | {c.lower(): "yes" for c in EU}
_CANCELLED = ("cancelled", "canceled")
_SUMS = ("total", "goods")  # unknown where one of their parts is
_SUMS_OF_STATED = ("discount", "shipping", "gift_wrap", "tax")


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    currency = frame.currency("currency", "USD")
    price, shipping, wrap = (frame.money(name, currency) for name in _PRICES)
    taxes = [frame.money(name, currency) for name in _TAXES]
    off_goods, off_shipping = (pc.abs(frame.money(name, currency)) for name in _PROMOTIONS)
    tax = _stated_sum(taxes)
    shipping = pc.if_else(pc.is_valid(off_shipping), pc.subtract(pc.fill_null(shipping, 0), off_shipping), shipping)
    included = pc.coalesce(_lookup(frame, "sales-channel", _INCLUDED), _lookup(frame, "ship-country", _BY_COUNTRY))
    order_id = frame.text("amazon-order-id", required=True)
    yield fact_table(
        "order_item",
        frame,
        state["account"],
        order_id=order_id,
        item=frame.text("sku"),
        title=frame.text("product-name"),
        quantity=frame.units("quantity"),
        amount=price,
        currency=currency,
        discount=off_goods,
        tax=taxes[0],
        shipping=shipping,
        status=frame.text("item-status"),
    )
    counts = pc.or_(pc.invert(_is_cancelled(frame, "item-status")), _is_cancelled(frame, "order-status"))
    total = pc.subtract(price, pc.fill_null(off_goods, 0))
    for part in (shipping, wrap, _on_top(tax, included)):
        total = pc.add(total, pc.fill_null(part, 0))
    untold = pc.and_(pc.is_null(included), pc.fill_null(pc.not_equal(tax, 0), False))
    total = pc.if_else(untold, None, total)
    parts = {"goods": price, "discount": off_goods, "shipping": shipping, "gift_wrap": wrap, "tax": tax}
    _, orders = fact_table(
        "order",
        frame,
        state["account"],
        order_id=order_id,
        placed_at=frame.instant("purchase-date", required=True),
        status=frame.text("order-status"),
        currency=currency,
        total=pc.if_else(counts, total, 0),
        country=frame.text("ship-country"),
        region=frame.text("ship-state"),
        buyer=frame.text("buyer-name"),
        consignee=frame.text("recipient-name"),
        address=frame.joined("street", _STREET).text("street"),
        **{name: pc.if_else(counts, part, 0 if name in _SUMS else None) for name, part in parts.items()},
        tax_included=included,
        paid_at=frame.instant("payments-date"),
        email=frame.text("buyer-email"),
        phone=frame.text("buyer-phone-number"),
        postcode=frame.text("ship-postal-code"),
        city=frame.text("ship-city"),
    )
    state.setdefault("orders", []).append(orders)


def _stated_sum(parts: list[Column]) -> Column:
    """The sum of what is stated; null where nothing is."""
    total = pc.add(pc.fill_null(parts[0], 0), pc.add(pc.fill_null(parts[1], 0), pc.fill_null(parts[2], 0)))
    return pc.if_else(pc.is_valid(pc.coalesce(*parts)), total, None)


def _on_top(tax: Column, included: Column) -> Column:
    return pc.if_else(pc.equal(included, "no"), tax, 0)


def _lookup(frame: Frame, name: str, table: dict[str, str]) -> Column:
    return frame.convert(name, lambda text: table.get(text.lower()), pa.string(), "included")


def _is_cancelled(frame: Frame, name: str) -> Column:
    return pc.fill_null(frame.convert(name, lambda text: text.lower() in _CANCELLED, pa.bool_(), "cancelled"), False)


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
    whole = pc.ScalarAggregateOptions(skip_nulls=False)
    how: dict[str, tuple[str, pc.ScalarAggregateOptions | None]] = dict.fromkeys(plain.column_names, ("first", None))
    how |= (
        {"line": ("min", None)} | dict.fromkeys(_SUMS, ("sum", whole)) | dict.fromkeys(_SUMS_OF_STATED, ("sum", None))
    )
    how.pop("order_id")
    grouped = plain.group_by("order_id", use_threads=False).aggregate([(n, *told) for n, told in how.items()])
    schema = table.schema
    columns = {"order_id": grouped["order_id"]} | {n: grouped[f"{n}_{told[0]}"] for n, told in how.items()}
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
    delimiters="\t,;",
    wide=frozenset({"amazon-order-id", "purchase-date"}),
    quoted=False,
    amounts=("item-price", "shipping-price"),
    dates=("purchase-date",),
    account="amazon",
    example="amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t…"
    "\tsku\t…\titem-price\t…\n"
    "114-1234567-8901234\t\t2026-03-01T09:12:44+00:00\t2026-03-02T10:00:00+00:00\tShipped\t…\tTENT-2P\t…\t79.99\t…",
)
