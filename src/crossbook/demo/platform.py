"""The demo's third account: a platform (SeaBridge) that remits totals only, three times a month. Its truth is known.

Orders, parcels, disputes and remittance notes are plain Chinese tables, which the book reads through mappings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from crossbook.demo import answers
from crossbook.demo import writing as w
from crossbook.demo.business import (
    COUNTRIES,
    DAY,
    END,
    PRODUCTS,
    START,
    BankEntry,
    Sales,
    arrival,
    as_datetime,
    moments,
    month_name,
    month_of,
    stamp,
)  # fmt: skip
from crossbook.demo.writing import Ints

NAME = "seabridge"
ZONE = "Asia/Shanghai"
FEE_PERCENT, FEE_FIXED = 80, 50  # 8.0 % + 0.50
RELEASE_DAYS, LAG_DAYS = 7, 2
NEVER = np.iinfo(np.int64).max

MAPPINGS = {
    "seabridge-orders": """\
kind = "order"
account = "seabridge"
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
""",
    "seabridge-parcels": """\
kind = "shipment"
zone = "Asia/Shanghai"

[columns]
order_id = "订单编号"
tracking = "运单号"
carrier = "物流公司"
shipped_at = "发货时间"
delivered_at = "签收时间"
country = "目的国"
""",
    "seabridge-disputes": """\
kind = "dispute"
account = "seabridge"

[columns]
order_id = "订单编号"
opened_on = "纠纷开始"
closed_on = "纠纷结束"
state = "纠纷状态"
amount = "冻结金额"
currency = "币种"
""",
    "seabridge-payouts": """\
kind = "payout"
account = "seabridge"

[columns]
payout_id = "结算单号"
paid_on = "打款日期"
amount = "打款金额"
currency = "币种"
count = "订单数"
reference = "银行流水号"
""",
    "export-declarations": """\
kind = "customs"

[columns]
order_id = "订单编号"
declaration = "清单编号"
declared_on = "申报日期"
amount = "申报金额"
currency = "币种"
country = "申报国"
""",
}
SETTINGS = """\
[accounts.seabridge]
country = "CN"
transit_days = 5

[accounts.seabridge.release]
after = "delivered"
days = 7
cut_off = "00:00"
zone = "Asia/Shanghai"
fee_percent = "8.0"
fee_fixed = "0.50"
lag_days = 2
cycle_days = 10
"""


@dataclass(frozen=True)
class Payouts:
    """What the platform really paid: for every payout its day, amount in cents, and the orders in it.

    `held_back` are the orders that customs did not let go."""

    number: list[str]
    paid_on: list[date]
    amount: list[int]
    orders: list[list[int]]
    held_back: list[str] = field(default_factory=list)


def order_name(index: int) -> str:
    """The platform's order number."""
    return f"SB{20_250_000_000 + index * 37 + 11}"


def net(total: Ints) -> Ints:
    """What the platform remits for an order."""
    return total - ((total * FEE_PERCENT + 500) // 1000 + FEE_FIXED)


def cuts() -> list[date]:
    """Cut-off days: the 1st, 11th and 21st."""
    found, day = [], date(START.year, START.month, 11)
    while day <= END:
        found.append(day)
        day = (day.replace(day=11) if day.day == 1 else day.replace(day=21) if day.day == 11
               else (day.replace(day=1) + timedelta(days=32)).replace(day=1))  # fmt: skip
    return found


def write(folder: Path, rng: np.random.Generator, sales: Sales) -> tuple[list[BankEntry], Payouts]:
    """Write the platform's tables; returns what it brings to the CNY bank (still in USD), and the truth."""
    n = len(sales)
    shipped = sales.placed + rng.integers(8 * 3600, 60 * 3600, n)
    delivered = shipped + rng.integers(6 * DAY, 16 * DAY, n)
    names = [order_name(i) for i in range(n)]
    _write_orders(folder, sales, names)
    _write_parcels(folder, rng, names, shipped, delivered, sales.country)
    due = delivered + RELEASE_DAYS * DAY
    due, rows = _troubles(rng, sales, delivered, due)
    _write_disputes(folder, rows, names)
    days = cuts()
    zone = ZoneInfo(ZONE)
    edges = np.array([int(datetime(d.year, d.month, d.day, tzinfo=zone).timestamp()) for d in days], np.int64)
    place = np.searchsorted(edges, due, "left")
    late = np.flatnonzero((rng.random(n) < 0.003) & (due != NEVER))
    place[late] += 1
    payouts = Payouts([], [], [], [])
    for k, day in enumerate(days):
        inside = np.flatnonzero(place == k)
        amount = int(net(sales.total[inside]).sum())
        paid = day + timedelta(days=LAG_DAYS)
        if amount and paid < END:
            payouts.number.append(f"JS{day:%Y%m%d}")
            payouts.paid_on.append(paid)
            payouts.amount.append(amount)
            payouts.orders.append(inside.tolist())
    _write_payouts(folder, payouts)
    payouts.held_back.extend(_write_answers(folder, names, shipped, delivered))
    bank = [
        BankEntry(arrival(rng, paid, ("CN",), 1, 3), amount, f"跨境电商收款 {number if k % 2 else ''}".strip(),
                  "海桥科技(SeaBridge)", f"SBK{number}")
        for k, (number, paid, amount) in enumerate(zip(payouts.number, payouts.paid_on, payouts.amount, strict=True))
    ]  # fmt: skip
    return bank, payouts


def _troubles(
    rng: np.random.Generator, sales: Sales, delivered: Ints, due: Ints
) -> tuple[Ints, list[tuple[int, date, date | None, str]]]:
    """Disputes with two-month holds and refunds. Most are on record; some are not, as in life."""
    n = len(sales)
    due = due.copy()
    rows: list[tuple[int, date, date | None, str]] = []
    for i in np.flatnonzero(rng.random(n) < 0.02):
        opened = int(delivered[i]) + int(rng.integers(0, 6 * DAY))
        kind = rng.random()
        recorded = rng.random() < 0.85
        if kind < 0.55:  # won: the money is free when the case ends
            until = opened + int(rng.integers(50 * DAY, 68 * DAY))
            closed: int | None = until
            due[i] = until
            state = "胜诉"
        elif kind < 0.8:
            closed, state = opened + int(rng.integers(3 * DAY, 30 * DAY)), "已退款"
            due[i] = NEVER
        else:
            closed, state = opened + int(rng.integers(40 * DAY, 68 * DAY)), "败诉"
            due[i] = NEVER
        if closed is not None and as_datetime(closed).date() >= END:
            closed, state = None, "处理中"
            due[i] = NEVER
        if recorded:
            # the platform's table gives days in China; a case that ends on a day frees its money at that midnight
            end = None if closed is None else _china_day(closed)
            rows.append((int(i), _china_day(opened), end, state))
            if state == "胜诉" and end is not None:
                due[i] = int(datetime(end.year, end.month, end.day, tzinfo=ZoneInfo(ZONE)).timestamp())
    return due, rows


def _china_day(second: int) -> date:
    return (as_datetime(second) + timedelta(hours=8)).date()


def _china(stamps: Ints) -> pa.Array:
    return w.times(moments(stamps + 8 * 3600), "%Y-%m-%d %H:%M:%S")


def _write_orders(folder: Path, sales: Sales, names: list[str]) -> None:
    months = month_of(sales.placed)
    for month in range(int(months.max()) + 1):
        low, high = (int(x) for x in np.searchsorted(months, [month, month + 1]))
        here, count = slice(low, high), high - low
        columns = {
            "订单编号": pa.array(names[low:high]),
            "下单时间": _china(sales.placed[here]),
            "订单状态": w.constant("已完成", count),
            "商品编码": w.chosen([p[0] for p in PRODUCTS], sales.product[here]),
            "商品名称": w.chosen([p[4] for p in PRODUCTS], sales.product[here]),
            "数量": pa.array(sales.quantity[here]).cast(pa.string()),
            "订单金额": w.amounts(sales.total[here]),
            "币种": w.constant("USD", count),
            "收货国家": w.chosen(COUNTRIES, sales.country[here]),
        }
        text = w.delimited(columns).decode()
        (folder / f"海桥订单-{month_name(month)}.csv").write_bytes(text.replace("\n", "\r\n").encode("gb18030"))


def _write_parcels(
    folder: Path, rng: np.random.Generator, names: list[str], shipped: Ints, delivered: Ints, country: Ints
) -> None:
    months = month_of(shipped)
    last = int(datetime(END.year, END.month, END.day, tzinfo=ZoneInfo("UTC")).timestamp())
    carriers = rng.integers(0, 3, len(names))
    for month in range(MONTHS_SHOWN):
        low, high = (int(x) for x in np.searchsorted(np.sort(months), [month, month + 1]))
        chosen = np.argsort(months, kind="stable")[low:high]
        if not len(chosen):
            continue
        known = delivered[chosen] < last
        arrived = pa.compute.if_else(pa.array(known), _china(delivered[chosen]), "")
        columns = {
            "订单编号": pa.array([names[i] for i in chosen]),
            "运单号": pa.array([answers.waybill(int(i)) for i in chosen]),
            "物流公司": w.chosen(["云途物流", "燕文物流", "4PX"], carriers[chosen]),
            "发货时间": _china(shipped[chosen]),
            "签收时间": arrived,
            "目的国": w.chosen(COUNTRIES, country[chosen]),
        }
        (folder / f"海桥物流-{month_name(month)}.csv").write_bytes(w.delimited(columns))
        declared = {
            "订单编号": columns["订单编号"],
            "清单编号": pa.array([answers.export_list(int(i)) for i in chosen]),
            "申报日期": w.times(moments(shipped[chosen] + 8 * 3600), "%Y-%m-%d"),
            "申报金额": w.constant("", len(chosen)),
            "币种": w.constant("USD", len(chosen)),
            "申报国": w.constant("CN", len(chosen)),
        }
        if month % 6 != 5:  # one month in six the broker's list is missing
            (folder / f"出口清单-{month_name(month)}.csv").write_bytes(w.delimited(declared))


MONTHS_SHOWN = 18


def _write_answers(folder: Path, names: list[str], shipped: Ints, delivered: Ints) -> list[str]:
    """For the last month, whose list the broker has not sent: what customs and the tracker say."""
    answered = (month_of(shipped) == MONTHS_SHOWN - 1) & (shipped + DAY < stamp(END))
    orders = np.flatnonzero(answered)
    orders = orders[np.argsort(shipped[orders], kind="stable")][-answers.MOST :]
    return answers.write(folder, orders.tolist(), names, shipped, delivered)


def _write_disputes(folder: Path, rows: list[tuple[int, date, date | None, str]], names: list[str]) -> None:
    rows.sort(key=lambda r: (r[1], r[0]))
    columns = {
        "订单编号": pa.array([names[r[0]] for r in rows]),
        "纠纷开始": pa.array([str(r[1]) for r in rows]),
        "纠纷结束": pa.array([str(r[2]) if r[2] else "" for r in rows]),
        "纠纷状态": pa.array([r[3] for r in rows]),
        "冻结金额": w.constant("", len(rows)),
        "币种": w.constant("USD", len(rows)),
    }
    w.workbook(columns, [["海桥跨境 纠纷明细"], ["导出时间 2026-07-01 09:00"]], folder / "海桥纠纷.xlsx")


def _write_payouts(folder: Path, payouts: Payouts) -> None:
    count = len(payouts.number)
    columns = {
        "结算单号": pa.array(payouts.number),
        "打款日期": pa.array([str(d) for d in payouts.paid_on]),
        "打款金额": w.amounts(np.array(payouts.amount, np.int64)),
        "币种": w.constant("USD", count),
        # the note began to tell the number of orders in 2026
        "订单数": pa.array(
            [str(len(o)) if d.year >= 2026 else "" for o, d in zip(payouts.orders, payouts.paid_on, strict=True)]
        ),
        "银行流水号": pa.array([f"SBK{n}" for n in payouts.number]),
    }
    text = w.delimited(columns).decode()
    (folder / "海桥打款通知.csv").write_bytes(("\ufeff" + text).encode())
