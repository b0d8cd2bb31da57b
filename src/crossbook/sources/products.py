"""What a business sells, as a plain table: sku, name, hts, origin, market, cost, price, the rival's price.

Money is in units of `cost_currency` (cost, freight, selling) and of `currency` (price, rival_price).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, fact_table


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    bought = frame.currency("cost_currency", "USD")
    sold = frame.currency("currency", "USD")
    yield fact_table(
        "product",
        frame,
        state["account"],
        sku=frame.text("sku", required=True),
        name=frame.text("name"),
        hts=frame.text("hts", required=True),
        origin=frame.text("origin", required=True),
        market=frame.text("market", required=True),
        mode=frame.text("mode"),
        cost=frame.money("cost", bought, required=True),
        freight=frame.money("freight", bought),
        selling=frame.money("selling", bought),
        cost_currency=bought,
        price=frame.money("price", sold),
        rival_price=frame.money("rival_price", sold),
        rival=frame.text("rival"),
        currency=sold,
        weight_kg=frame.text("weight"),
        length_m=frame.text("length"),
        area_m2=frame.text("area"),
        volume_l=frame.text("volume"),
        pieces=frame.text("pieces"),
        claims=frame.text("claims"),
        day=frame.day("day", "ymd"),
    )


SOURCE = TableReport(
    name="products",
    title="Products and their rivals' prices (plain table)",
    columns={
        "sku": ("sku", "货号"),
        "name": ("name", "product", "品名"),
        "hts": ("hts", "hs code", "hs", "税号"),
        "origin": ("origin", "原产地"),
        "market": ("market", "市场"),
        "mode": ("mode", "运输方式"),
        "cost": ("cost", "采购成本"),
        "freight": ("freight", "运费"),
        "selling": ("selling", "销售费用"),
        "cost_currency": ("cost currency", "cost_currency"),
        "price": ("price", "售价"),
        "rival_price": ("rival price", "rival_price", "竞品售价"),
        "rival": ("rival", "竞品"),
        "currency": ("currency", "币种"),
        "weight": ("weight kg", "weight_kg", "重量"),
        "length": ("length m", "length_m", "长度"),
        "area": ("area m2", "area_m2", "面积"),
        "volume": ("volume l", "volume_l", "容积"),
        "pieces": ("pieces", "个数"),
        "claims": ("claims",),
        "day": ("day", "日期"),
    },
    required=("sku", "hts", "origin", "market", "cost"),
    build=_build,
    delimiters=",;\t",
    account="products",
    example="sku,name,hts,origin,market,mode,cost,freight,selling,cost currency,price,rival price,rival,currency,…\n"
    "CB-1M,USB-C cable,8544.42.9090,CN,US,ocean,1.10,0.12,2.40,USD,7.99,9.99,AmazonBasics,USD,…",
)
