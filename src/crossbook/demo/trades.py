"""Writing the papers of trades as the tables that a seller gets, and how the book reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.demo import writing as w
from crossbook.demo.business import moments
from crossbook.demo.papers import Papers
from crossbook.demo.writing import Ints

MODE = "9610"

MAPPINGS = {
    "trade-orders": """\
kind = "order"
account = "seabridge"
witness = "platform"
date_order = "ymd"
zone = "Asia/Shanghai"

[columns]
order_id = "订单编号"
placed_at = "下单时间"
status = "订单状态"
item = "商品编码"
title = "商品名称"
quantity = "数量"
total = "订单金额"
currency = "币种"
country = "收货国家"
buyer = "买家姓名"
consignee = "收件人"
""",
    "trade-payments": """\
kind = "payment"
witness = "bank"
date_order = "ymd"
zone = "Asia/Shanghai"

[columns]
payment_id = "支付单号"
order_id = "商户订单号"
institution = "支付机构"
payer = "付款人"
payer_country = "付款国家"
amount = "支付金额"
currency = "币种"
paid_at = "支付时间"
""",
    "trade-parcels": """\
kind = "shipment"
witness = "carrier"
zone = "Asia/Shanghai"

[columns]
order_id = "订单编号"
tracking = "运单号"
carrier = "物流公司"
shipped_at = "发货时间"
delivered_at = "签收时间"
country = "目的国"
consignee = "收件人"
weight_kg = "实重(kg)"
pieces = "件数"
""",
    "trade-lists": """\
kind = "customs"

[columns]
order_id = "订单编号"
declaration = "清单编号"
declared_on = "申报日期"
mode = "监管方式"
tracking = "运单号"
weight_kg = "毛重(kg)"
item = "商品货号"
quantity = "数量"
amount = "申报金额"
currency = "币种"
country = "申报国"
""",
    "trade-receipts": """\
kind = "receipt"
witness = "platform"
zone = "Asia/Shanghai"

[columns]
order_id = "订单编号"
received_at = "确认收货时间"
tracking = "运单号"
""",
    "trade-invoices": """\
kind = "invoice"

[columns]
invoice_id = "发票编号"
order_id = "订单编号"
issued_on = "开票日期"
buyer = "购买方"
amount = "发票金额"
currency = "币种"
""",
    "trade-events": """\
kind = "tracking"
witness = "carrier"
zone = "Asia/Shanghai"

[columns]
tracking = "运单号"
happened_at = "轨迹时间"
event = "轨迹状态"
country = "国家"
""",
}


def _china(stamps: Ints, layout: str = "%Y-%m-%d %H:%M:%S") -> pa.Array:
    return w.times(moments(stamps + 8 * 3600), layout)


def _maybe(known: np.ndarray, texts: pa.Array) -> pa.Array:
    return pa.compute.if_else(pa.array(known), texts, "")


def _kilos(grams: Ints) -> pa.Array:
    return w.amounts(grams, 3)


def _columns(
    p: Papers, rows: Ints, more: list[dict[str, Any]]
) -> tuple[Callable[[str], pa.Array], Callable[[str], Ints]]:
    """Columns of `rows` with the values of `more` behind them: texts by name, and numbers by name."""

    def text(name: str) -> pa.Array:
        return pa.array([*getattr(p, name)[rows].tolist(), *(m[name] for m in more)], pa.string())

    def number(name: str) -> Ints:
        return np.concatenate([getattr(p, name)[rows], np.array([m[name] for m in more], np.int64)])

    return text, number


def _further(p: Papers, rows: Ints) -> list[dict[str, Any]]:
    """The further parcels of the orders of `rows`, each with the place of its order among them."""
    if not p.more_parcels:
        return []
    places = {order: k for k, order in enumerate(p.order_id[rows].tolist())}
    return [m | {"place": places[m["order_id"]]} for m in p.more_parcels if m["order_id"] in places]


def write_orders(path: Path, p: Papers, rows: Ints) -> None:
    """The platform's order list, in GB18030 with Windows line ends."""
    rows = rows[p.has_order[rows]]
    columns = {
        "订单编号": pa.array(p.order_id[rows]),
        "下单时间": _china(p.placed[rows]),
        "订单状态": pa.array(p.status[rows]),
        "商品编码": pa.array(p.sku[rows]),
        "商品名称": pa.array(p.title[rows]),
        "数量": w.texts(p.quantity[rows]),
        "订单金额": w.amounts(p.total[rows]),
        "币种": pa.array(p.currency[rows]),
        "收货国家": pa.array(p.country[rows]),
        "买家姓名": pa.array(p.buyer[rows]),
        "收件人": pa.array(p.consignee[rows]),
    }
    text = w.delimited(columns).decode()
    path.write_bytes(text.replace("\n", "\r\n").encode("gb18030"))


def write_payments(path: Path, p: Papers, rows: Ints) -> None:
    """The payment institution's receipts."""
    rows = rows[p.has_payment[rows]]
    of = set(p.order_id[rows].tolist())
    text, number = _columns(p, rows, [m for m in p.more_payments if m["pay_orders"] in of])
    columns = {
        "支付单号": text("pay_id"),
        "商户订单号": text("pay_orders"),
        "支付机构": text("institution"),
        "付款人": text("payer"),
        "付款国家": text("payer_country"),
        "支付金额": w.amounts(number("paid")),
        "币种": text("pay_currency"),
        "支付时间": _china(number("paid_at")),
    }
    path.write_bytes(w.delimited(columns))


def write_parcels(path: Path, p: Papers, rows: Ints, carriers: Sequence[str], end: int) -> None:
    """The carriers' manifest: weights as measured, deliveries up to `end`."""
    kept = p.has_parcel[rows]
    rows, carriers = rows[kept], [c for c, k in zip(carriers, kept.tolist(), strict=True) if k]
    more = _further(p, rows)
    text, number = _columns(p, rows, more)
    arrived = number("delivered")
    columns = {
        "订单编号": text("order_id"),
        "运单号": text("tracking"),
        "物流公司": pa.array([*carriers, *(carriers[m["place"]] for m in more)], pa.string()),
        "发货时间": _china(number("shipped")),
        "签收时间": _maybe((arrived < end) & (arrived > 0), _china(arrived)),
        "目的国": text("ship_country"),
        "收件人": text("ship_consignee"),
        "实重(kg)": _kilos(number("weight")),
        "件数": w.constant("1", len(rows) + len(more)),
    }
    path.write_bytes(w.delimited(columns))


def write_lists(path: Path, p: Papers, rows: Ints) -> None:
    """The broker's export lists."""
    rows = rows[p.has_list[rows]]
    more = _further(p, rows)
    text, number = _columns(p, rows, more)
    columns = {
        "订单编号": text("order_id"),
        "清单编号": text("declaration"),
        "申报日期": w.times(moments(number("declared_on")), "%Y-%m-%d"),
        "监管方式": w.constant(MODE, len(rows) + len(more)),
        "运单号": text("declared_tracking"),
        "毛重(kg)": _kilos(number("declared_weight")),
        "商品货号": text("declared_sku"),
        "数量": w.texts(number("declared_quantity")),
        "申报金额": w.amounts(number("declared")),
        "币种": text("declared_currency"),
        "申报国": w.constant("CN", len(rows) + len(more)),
    }
    path.write_bytes(w.delimited(columns))


def write_receipts(path: Path, p: Papers, rows: Ints, end: int) -> None:
    """What buyers confirmed."""
    rows = rows[p.has_receipt[rows] & (p.received[rows] < end)]
    columns = {
        "订单编号": pa.array(p.order_id[rows]),
        "确认收货时间": _china(p.received[rows]),
        "运单号": pa.array(p.tracking[rows]),
    }
    path.write_bytes(w.delimited(columns))


def write_invoices(path: Path, p: Papers, rows: Ints) -> None:
    """The seller's own list of invoices."""
    rows = rows[p.has_invoice[rows]]
    columns = {
        "发票编号": pa.array(p.invoice[rows]),
        "订单编号": pa.array(p.order_id[rows]),
        "开票日期": _china(p.placed[rows], "%Y-%m-%d"),
        "购买方": pa.array(p.invoice_buyer[rows]),
        "发票金额": w.amounts(p.invoiced[rows]),
        "币种": pa.array(p.invoice_currency[rows]),
    }
    path.write_bytes(w.delimited(columns))


def write_events(path: Path, p: Papers, rows: Ints | None = None) -> None:
    """A carrier's tracking events: those planted, and for `rows` its acceptance and delivery."""
    told = [(e["tracking"], e["at"], e["event"], e["country"]) for e in p.events]
    if rows is not None:
        known = {e["tracking"] for e in p.events}
        rows = rows[[t not in known for t in p.tracking[rows].tolist()]]
        arrived = rows[p.delivered[rows] > 0]
        told += zip(
            p.tracking[rows], (p.shipped[rows] + 3600).tolist(), ["EMA"] * len(rows), ["CN"] * len(rows), strict=True
        )
        told += zip(
            p.tracking[arrived], p.delivered[arrived].tolist(), ["EMI"] * len(arrived), p.country[arrived], strict=True
        )
    columns = {
        "运单号": pa.array([x[0] for x in told], pa.string()),
        "轨迹时间": _china(np.array([x[1] for x in told], np.int64)),
        "轨迹状态": pa.array([x[2] for x in told], pa.string()),
        "国家": pa.array([x[3] for x in told], pa.string()),
    }
    path.write_bytes(w.delimited(columns))
