"""Shopify orders export (orders_export.csv): one row per line item; an order's totals stand on its first row.

Columns: https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders. The header as shops have it,
from Name to Payment References, Duties and Outstanding Balance among them, stands in public importers that are tested
with it (the Spree importer of datashift_spree, fixtures of ShopifyImporter). A zip code is written behind an
apostrophe, so that spreadsheets keep its zeros.

Subtotal is what the goods cost after their discount, so that goods = Subtotal + Discount Amount. The order's own lines
(Lineitem price times quantity) tell where that is not so: what they cost over Subtotal is what was taken off the goods,
the rest of Discount Amount was taken off shipping, and discounts on lines may stand beside Discount Amount. Shipping is
written with its own discount taken off or without; and a shop states prices with tax or without. The export says
neither: the sum that makes Total does, and shipping is unknown where two of them do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.sources.frame import Column, Frame
from crossbook.sources.order_parts import product, tax_included
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    totals = pc.not_equal(pc.utf8_trim_whitespace(frame.raw("total").cast(pa.string())), "")
    # the rows after an order's first leave the currency empty: theirs is that of the rows above
    currencies = pc.fill_null_forward(frame.convert("currency", _known, pa.string(), "known currency"))
    currencies = pc.fill_null(currencies, state.get("currency", "USD")).dictionary_encode()
    if len(frame):
        state["currency"] = currencies[-1].as_py()
    first = frame.where(totals)
    if len(first):
        currency = first.currency("currency")
        duties = first.money("duties", currency)
        _, orders = fact_table(
            "order",
            first,
            state["account"],
            order_id=first.text("name", required=True),
            placed_at=first.instant("created", required=True),
            status=first.text("status"),
            currency=currency,
            total=first.money("total", currency, required=True),
            country=first.text("country"),
            region=first.text("region"),
            reference=first.text("payment"),
            buyer=first.text("buyer"),
            consignee=first.text("consignee"),
            address=first.text("address"),
            goods=first.money("subtotal", currency),  # after discount until all lines are read
            discount=pc.abs(first.money("discount", currency)),
            shipping=first.money("shipping", currency),
            tax=first.money("taxes", currency),
            refunded=pc.abs(first.money("refunded", currency)),
            cancelled_at=first.instant("cancelled"),
            paid_at=first.instant("paid"),
            email=first.text("email"),
            phone=pc.coalesce(first.text("phone"), first.text("billing_phone")),
            postcode=first.convert("postcode", _unquoted, pa.string(), "postcode"),
            city=first.text("city"),
        )
        # rows with a bad value are left out of the orders, and so of their duties
        kept = duties.take(pc.index_in(orders["line"], first.line)) if len(orders) < len(first) else duties
        state.setdefault("orders", []).append(orders.append_column("duties", pa.chunked_array([_one(kept)])))
    named = pc.not_equal(pc.utf8_trim_whitespace(frame.raw("item_name").cast(pa.string())), "")
    items = frame.where(named)
    if len(items):
        currency = currencies.filter(named)
        unit = items.money("item_price", currency)
        quantity = pc.fill_null(items.units("item_quantity"), 1)
        _, lines = fact_table(
            "order_item",
            items,
            state["account"],
            order_id=items.text("name", required=True),
            item=items.text("item_sku"),
            title=items.text("item_name"),
            quantity=quantity,
            amount=product(items, "item_price", unit, quantity),
            currency=currency,
            price=unit,
            discount=pc.abs(items.money("item_discount", currency)),
            status=items.text("item_status"),
        )
        state.setdefault("lines", []).append(lines.select(["order_id", "amount", "discount"]))
        yield "order_item", lines


def _orders(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """The orders collected in `state`, their goods before discount told from their lines."""
    if not state.get("orders"):
        return
    table = pa.concat_tables(state["orders"]).unify_dictionaries().combine_chunks()
    lines, off_lines = _sums(table["order_id"], state.get("lines", []))
    subtotal, discount, shipping, tax = (_one(table[n]) for n in ("goods", "discount", "shipping", "tax"))
    owed = pc.subtract(_one(table["total"]), pc.fill_null(_one(table["duties"]), 0))
    goods, discount, shipping = _split(
        subtotal=subtotal, discount=discount, shipping=shipping, lines=lines, off_lines=off_lines, tax=tax, owed=owed
    )
    included = tax_included(owed, pc.add(pc.subtract(goods, discount), shipping), tax)
    told = {"goods": goods, "discount": discount, "shipping": shipping, "tax_included": included.dictionary_encode()}
    for name, column in told.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), column.cast(table.schema.field(place).type))
    yield "order", table.drop_columns(["duties"])


def _split(
    subtotal: Column, discount: Column, shipping: Column, lines: Column, off_lines: Column, tax: Column, owed: Column
) -> tuple[Column, Column, Column]:
    """Goods before discount, the discount on them, and shipping as charged, by order in minor units.

    `lines` and `off_lines` as in `_sums`, `owed` is Total without duties.
    """

    def makes_total(before_tax: Column) -> Column:
        included = pc.fill_null(pc.equal(before_tax, owed), False)
        return pc.or_(included, pc.fill_null(pc.equal(pc.add(before_tax, tax), owed), False))

    off_goods = pc.subtract(lines, subtotal)
    beside = pc.fill_null(off_lines, 0)
    # the discounts on lines stand in Discount Amount or beside it
    rests = [pc.subtract(discount, off_goods), pc.subtract(pc.add(discount, beside), off_goods)]
    told = pc.fill_null(pc.and_(pc.greater_equal(off_goods, 0), pc.greater_equal(rests[1], 0)), False)
    charges = [pc.if_else(makes_total(pc.add(subtotal, shipping)), shipping, None)]
    for rest in rests:
        charged = pc.subtract(shipping, rest)
        possible = pc.and_(pc.and_(pc.greater(rest, 0), pc.less_equal(rest, discount)), pc.greater_equal(charged, 0))
        proved = pc.and_(pc.fill_null(possible, False), makes_total(pc.add(subtotal, charged)))
        charges.append(pc.if_else(pc.and_(told, proved), charged, None))
    least, most = pc.min_element_wise(*charges), pc.max_element_wise(*charges)
    charged = pc.if_else(pc.is_null(least), shipping, pc.if_else(pc.equal(least, most), least, None))
    # Subtotal is the goods' full price, and only the whole discount off the goods makes Total
    full = pc.fill_null(pc.equal(off_goods, 0), False)
    after = pc.and_(full, makes_total(pc.add(pc.subtract(subtotal, discount), shipping)))
    after = pc.and_(after, pc.is_null(least))
    goods = pc.if_else(full, subtotal, pc.if_else(told, lines, pc.add(subtotal, discount)))
    return goods, pc.if_else(pc.and_(told, pc.invert(after)), off_goods, discount), charged


def _sums(order_ids: Column, lines: list[pa.Table]) -> tuple[Column, Column]:
    """What the lines of each order cost before discount, and what is off them; null where a line does not say."""
    if not lines:
        nothing = pa.nulls(len(order_ids), pa.int64())
        return nothing, nothing
    whole = pc.ScalarAggregateOptions(skip_nulls=False)
    table = pa.concat_tables(lines).combine_chunks()
    sums = table.group_by("order_id").aggregate([("amount", "sum", whole), ("discount", "sum", whole)])
    place = pc.index_in(_one(order_ids), _one(sums["order_id"]))
    return _one(sums["amount_sum"]).take(place), _one(sums["discount_sum"]).take(place)


def _known(text: str) -> str | None:
    """A currency, or nothing: what is none is reported where the order is read."""
    try:
        return money.currency(text)
    except ValueError:
        return None


def _unquoted(text: str) -> str:
    return text.removeprefix("'")


def _one(column: Column) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


SOURCE = TableReport(
    name="shopify_orders",
    title="Shopify orders export",
    columns={
        "name": ("name",),
        "email": ("email",),
        "status": ("financial status",),
        "paid": ("paid at",),
        "created": ("created at",),
        "cancelled": ("cancelled at",),
        "currency": ("currency",),
        "subtotal": ("subtotal",),
        "shipping": ("shipping",),
        "taxes": ("taxes",),
        "total": ("total",),
        "discount": ("discount amount",),
        "refunded": ("refunded amount",),
        "duties": ("duties",),
        "country": ("shipping country", "billing country"),
        "region": ("shipping province",),
        "city": ("shipping city",),
        "postcode": ("shipping zip",),
        "address": ("shipping street", "shipping address1"),
        "phone": ("phone",),
        "billing_phone": ("billing phone",),
        "payment": ("payment reference", "payment id"),
        "buyer": ("billing name",),
        "consignee": ("shipping name",),
        "item_quantity": ("lineitem quantity",),
        "item_name": ("lineitem name",),
        "item_price": ("lineitem price",),
        "item_sku": ("lineitem sku",),
        "item_discount": ("lineitem discount",),
        "item_status": ("lineitem fulfillment status",),
    },
    required=("name", "status", "created", "currency", "total", "item_quantity", "item_name", "item_price"),
    build=_build,
    finish=_orders,
    wide=frozenset({"name", "created", "payment"}),
    dates=("created", "paid", "cancelled"),
    account="shopify",
    example="Name,Email,Financial Status,Paid at,Fulfillment Status,…,Currency,Subtotal,Shipping,Taxes,Total,…,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,…,Lineitem sku,…,Shipping Country,…\n"
    "#1001,buyer@example.com,paid,2026-03-01 09:12:44 -0800,fulfilled,…,USD,39.99,6.00,0.00,45.99,…",
)
