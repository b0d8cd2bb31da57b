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

from crossbook.demo import answers, faults, oddities, trades
from crossbook.demo import writing as w
from crossbook.demo.business import (
    DAY,
    END,
    PRODUCTS,
    START,
    BankEntry,
    Sales,
    arrival,
    as_datetime,
    month_name,
    month_of,
    stamp,
)
from crossbook.demo.customs import GOODS
from crossbook.demo.papers import Flags, Papers, papers
from crossbook.demo.writing import Ints

NAME = "seabridge"
ZONE = "Asia/Shanghai"
FEE_PERCENT, FEE_FIXED = 80, 50  # 8.0 % + 0.50
RELEASE_DAYS, LAG_DAYS = 7, 2
NEVER = np.iinfo(np.int64).max

MAPPINGS = trades.MAPPINGS | {
    "seabridge-disputes": """\
kind = "dispute"
account = "seabridge"
witness = "platform"

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
witness = "platform"

[columns]
payout_id = "结算单号"
paid_on = "打款日期"
amount = "打款金额"
currency = "币种"
count = "订单数"
reference = "银行流水号"
""",
}
SETTINGS = """\
[[tax.identities]]
country = "CN"
kind = "uscc"
number = "91440300MA5EXAMP0C"
from = 2024-01-01

[[tax.identities]]
country = "EU"
kind = "ioss"
number = "IM3720000224"
from = 2024-01-01

[[tax.identities]]
country = "GB"
kind = "gb_vat"
number = "GB980780684"
from = 2024-01-01

[tax.uk_vat."2026-Q2"]
input_vat = 12400
purchases = 62000

[tax.payees.ioss]
name = "Revenue Commissioners"
iban = "IE29AIBK93115212345678"
bic = "AIBKIE2D"
debtor_iban = "DE89370400440532013000"
debtor_bic = "COBADEFF"
debtor_name = "Shenzhen Yuanshan Outdoor"   # as banks write it: they take Latin letters alone
reference = "IOSS"

[accounts.paypal]
payer = "PayPal Pte. Ltd."
payer_country = "SG"

[accounts.haihui]
payer = "海汇支付有限公司"
payer_country = "CN"

[accounts.amazon]
payer = "Amazon Payments, Inc."
payer_country = "US"
pays_tax = true
papers = ["order", "payment"]   # Amazon ships from stock that was exported before

[manufacturers.ningbo]
name = "Ningbo Yongjiang Outdoor Products Co., Ltd."
address = "No. 188 Zhongguan West Road"
city = "Ningbo"
products = ["TENT-2P", "TENT-4P", "MAT-SELF", "BAG-20", "BAG-45", "POLES", "LAMP-01", "LAMP-02"]

[customs]
office = "5316"
port = "5316"
order_type = "E"
freight_flag = "3"
statistics_flag = "B"           # lists are summarised into declarations, for refunds are claimed
zone = "中国（深圳）跨境电子商务综合试验区"
transfer_id = "DXPENTSAMPLE0001"
seller = { code = "91440300MA5EXAMP0C", name = "深圳市远山户外用品有限公司" }
agent = { code = "4403960K1J", name = "深圳示例报关有限公司" }

[customs.platforms]
seabridge = { code = "4403660099", name = "海桥科技" }

[customs.institutions]
"海桥支付" = { code = "312226T001", name = "海桥支付有限公司" }

[customs.carriers]
"云途物流" = { code = "4403985YT1", name = "云途物流有限公司" }
"燕文物流" = { code = "1101985YW1", name = "燕文物流有限公司" }
"4PX" = { code = "4403985PX1", name = "递四方科技集团股份有限公司" }

[customs.goods]
GOODS
[accounts.seabridge]
payer = "海桥科技（香港）有限公司 SeaBridge Technology (HK) Limited"
payer_country = "HK"
total_is = "goods"   # it ships free and collects no tax
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


# China's own commodity codes of the products, as the sample's broker would give them: made up past the sixth digit.
_CODES = {sku: f"{goods[0].replace('.', '')[:6]}0000" for sku, goods in GOODS.items()}
SETTINGS = SETTINGS.replace(
    "GOODS",
    "".join(
        f'"{sku}" = {{ code = "{_CODES[sku]}", name = "{title}", model = "户外用", unit = "011", unit1 = "035" }}\n'
        for sku, _, _, _, title in PRODUCTS
    ),
)


@dataclass(frozen=True)
class Payouts:
    """What the platform really paid: for every payout its day, amount in cents, and the orders in it.

    `held_back` are the orders that customs did not let go, `faults` those whose papers do not agree, by kind.
    `oddities` are orders that only look odd."""

    number: list[str]
    paid_on: list[date]
    amount: list[int]
    orders: list[list[int]]
    held_back: list[str] = field(default_factory=list)
    faults: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    oddities: dict[str, str] = field(default_factory=dict)


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
        day = (
            day.replace(day=11)
            if day.day == 1
            else day.replace(day=21)
            if day.day == 11
            else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        )
    return found


def write(
    folder: Path, rng: np.random.Generator, sales: Sales, paper_rng: np.random.Generator | None = None
) -> tuple[list[BankEntry], Payouts]:
    """Write the platform's tables; returns what it brings to the CNY bank (still in USD), and the truth.

    `paper_rng` is for names and weights, and for the faults that are planted in papers: none without it."""
    n = len(sales)
    shipped = sales.placed + rng.integers(8 * 3600, 60 * 3600, n)
    delivered = shipped + rng.integers(6 * DAY, 16 * DAY, n)
    names = [order_name(i) for i in range(n)]
    carriers = [CARRIERS[k] for k in rng.integers(0, 3, n).tolist()]
    numbers = range(n)
    p = papers(
        rng=paper_rng or np.random.default_rng(0),
        sales=sales,
        names=names,
        waybills=[answers.waybill(i) for i in numbers],
        lists=[answers.export_list(i) for i in numbers],
        shipped=shipped,
        delivered=delivered,
        end=stamp(END),
    )
    planted = _plant(p, paper_rng) if paper_rng else {}
    odd = oddities.plant(p, np.flatnonzero(_fit(p)), {o for pairs in planted.values() for pair in pairs for o in pair})
    _write_papers(folder, p, carriers)
    due = delivered + RELEASE_DAYS * DAY
    due, rows = _troubles(rng, sales, delivered, due)
    _write_disputes(folder, rows, names)
    days = cuts()
    zone = ZoneInfo(ZONE)
    edges = np.array([int(datetime(d.year, d.month, d.day, tzinfo=zone).timestamp()) for d in days], np.int64)
    place = np.searchsorted(edges, due, "left")
    late = np.flatnonzero((rng.random(n) < 0.003) & (due != NEVER))
    place[late] += 1
    payouts = Payouts(number=[], paid_on=[], amount=[], orders=[], faults=planted, oddities=odd)
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
        BankEntry(
            day=arrival(rng, paid, ("CN",), 1, 3),
            amount=amount,
            text=f"跨境电商收款 {number if k % 2 else ''}".strip(),
            party="海桥科技(SeaBridge)",
            reference=f"SBK{number}",
        )
        for k, (number, paid, amount) in enumerate(zip(payouts.number, payouts.paid_on, payouts.amount, strict=True))
    ]
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


# Faults in papers that say nothing of when an order's money is released, so that they change no payout.
PLANTED = """no_payment amount_paid amount_paid_together currency_paid amount_declared currency_declared amount_invoiced
currency_invoiced buyer_invoiced consignee_parcel country_parcel delivered_elsewhere quantity_declared goods_declared
weight_declared waybill_declared paid_before_ordered tracking_reused tracking_check_digit list_reused weight_impossible
paid_twice payer_not_buyer payer_is_seller payer_country paid_elsewhere received_before_shipped lost_and_received
declared_after_delivery""".split()
CARRIERS = ("云途物流", "燕文物流", "4PX")


def _plant(p: Papers, rng: np.random.Generator) -> dict[str, list[tuple[str, str]]]:
    """A fault of each kind, in months that have all papers."""
    return faults.plant(p, rng, PLANTED, 1, _fit(p))


def _fit(p: Papers) -> Flags:
    """The trades that have all papers."""
    month = month_of(p.shipped)
    return np.asarray((month % 6 != 5) & (month < MONTHS_SHOWN - 2) & (p.total > 500), np.bool_)


def _write_papers(folder: Path, p: Papers, carriers: list[str]) -> None:
    ordered, sent = month_of(p.placed), month_of(p.shipped)
    for month in range(MONTHS_SHOWN):
        name = month_name(month)
        placed = np.flatnonzero(ordered == month)
        trades.write_orders(folder / f"海桥订单-{name}.csv", p, placed)
        trades.write_payments(folder / f"海桥支付收款-{name}.csv", p, placed)
        shipped = np.flatnonzero(sent == month)
        shipped = shipped[np.argsort(p.shipped[shipped], kind="stable")]
        trades.write_parcels(folder / f"海桥物流-{name}.csv", p, shipped, [carriers[i] for i in shipped], stamp(END))
        if month % 6 != 5:  # one month in six the broker's list is missing
            trades.write_lists(folder / f"出口清单-{name}.csv", p, shipped)
    everything = np.arange(len(p))
    trades.write_receipts(folder / "海桥确认收货.csv", p, everything, stamp(END))
    trades.write_invoices(folder / "开票清单.csv", p, everything)
    if p.events:
        trades.write_events(folder / "物流轨迹.csv", p)


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
