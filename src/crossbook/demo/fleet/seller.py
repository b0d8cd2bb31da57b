"""The papers of one seller of the sample fleet, as rows of plain tables, and how a book reads them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from crossbook import money
from crossbook.demo import people
from crossbook.demo.business import PRODUCTS

FIRST = datetime(2026, 1, 5, 8)  # noqa: DTZ001 - written with the zone of the file
DAYS = 150  # in which orders are placed
PERIOD = 30  # days of a payout
FEE = 12  # percent of an order that the platform takes
PLANTED = 50_000  # from this number on orders are planted, and have no invoice
IMPORTS = 12  # one order in so many is of somebody in China
Row = dict[str, Any]

COLUMNS = {  # of each table: the column's header, by the name of the fact's column
    "order": {
        "order_id": "订单号",
        "placed_at": "下单时间",
        "total": "订单金额",
        "currency": "币种",
        "country": "收货国家",
        "buyer": "买家",
        "consignee": "收件人",
        "address": "收货地址",
        "phone": "电话",
        "email": "邮箱",
    },
    "payment": {
        "payment_id": "支付单号",
        "order_id": "订单号",
        "institution": "支付机构",
        "payer": "付款人",
        "payer_account": "付款账号",
        "payer_phone": "付款电话",
        "amount": "支付金额",
        "currency": "币种",
        "paid_at": "支付时间",
    },
    "shipment": {
        "order_id": "订单号",
        "tracking": "运单号",
        "carrier": "物流公司",
        "shipped_at": "发货时间",
        "delivered_at": "签收时间",
        "country": "目的国",
        "consignee": "收件人",
        "address": "收货地址",
        "phone": "电话",
    },
    "customs": {
        "order_id": "订单号",
        "declaration": "清单编号",
        "declared_on": "申报日期",
        "mode": "监管方式",
        "tracking": "运单号",
        "amount": "申报金额",
        "currency": "币种",
        "country": "申报国",
        "destination": "目的国",
        "consignee": "收件人",
    },
    "invoice": {
        "invoice_id": "发票号",
        "order_id": "订单号",
        "issued_on": "开票日期",
        "buyer": "购买方",
        "amount": "发票金额",
        "currency": "币种",
    },
    "settlement": {
        "payout_id": "结算单号",
        "day": "结算日期",
        "type": "类型",
        "order_id": "订单号",
        "reference": "流水号",
        "amount": "金额",
        "currency": "币种",
    },
    "payout": {
        "payout_id": "结算单号",
        "paid_on": "打款日期",
        "amount": "打款金额",
        "currency": "币种",
        "reference": "银行参考号",
    },
    "bank": {
        "booked_on": "记账日期",
        "amount": "发生额",
        "currency": "账户币种",
        "reference": "参考号",
        "counterparty": "对方户名",
        "description": "摘要",
    },
}
MONEY = {"total", "amount"}
ACCOUNT = "bazaar"
SETTINGS = """\
[accounts.bazaar]
payer = "Bazaar Payments Ltd"
payer_country = "US"
country = "US"
"""


def mappings(number: int) -> dict[str, str]:
    """How the book of seller `number` reads its tables: TOML by name."""
    found = {}
    for kind, columns in COLUMNS.items():
        account = f"BK{number:06d}" if kind == "bank" else ACCOUNT
        lines = [f'kind = "{kind}"', 'date_order = "ymd"', 'zone = "Asia/Shanghai"']
        if kind in ("order", "settlement", "payout", "bank"):
            lines.append(f'account = "{account}"')
        witness = {"order": "platform", "settlement": "platform", "payout": "platform", "payment": "bank"}
        if kind in witness or kind == "shipment":
            lines.append(f'witness = "{witness.get(kind, "carrier")}"')
        lines += ["", "[columns]", *(f'{name} = "{header}"' for name, header in columns.items())]
        if kind == "settlement":
            lines += ["", "[types]", 'Order = "sale"', 'Fee = "fee"']
        found[f"fleet-{kind}"] = "\n".join(lines) + "\n"
    return found


@dataclass
class Seller:
    """The rows of each table of one seller; amounts in minor units, days and moments as such. `further` are rows of
    further files, by their names."""

    number: int
    rows: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in COLUMNS})
    further: dict[str, tuple[str, list[Row]]] = field(default_factory=dict)  # of each file its kind and rows

    def of(self, kind: str, order: str) -> Row:
        """The row of an order in a table."""
        return next(row for row in self.rows[kind] if row["order_id"] == order)


def seller(rng: np.random.Generator, number: int, orders: int) -> Seller:
    """A seller without faults: every order is paid, sent, declared and settled, some are invoiced."""
    made = Seller(number)
    days = np.sort(rng.integers(0, DAYS, orders)).tolist()
    goods = rng.integers(0, len(PRODUCTS), orders).tolist()
    at_home = [i % IMPORTS == IMPORTS - 1 for i in range(orders)]
    names = people.names(rng, ["US"] * orders)
    for i, (day, product, chinese) in enumerate(zip(days, goods, at_home, strict=True)):
        placed = FIRST + timedelta(days=day, minutes=int(rng.integers(0, 600)))
        total = PRODUCTS[product][2] * (1 + int(rng.random() < 0.1))
        add_order(
            made, i, placed=placed, total=total, person=person(rng, number, i, names[i], chinese), chinese=chinese
        )
    settle(made, rng)
    return made


def person(rng: np.random.Generator, number: int, i: int, name: str, chinese: bool) -> Row:
    """A made-up buyer whom no other seller has."""
    serial = number * 100_000 + i
    street = ("Maple Oak Cedar Pine Elm Walnut Birch Ash".split())[int(rng.integers(0, 8))]
    if chinese:
        return {
            "name": "李王张刘陈杨赵黄"[int(rng.integers(0, 8))] + "伟芳娜敏静丽强磊"[int(rng.integers(0, 8))],
            "address": f"杭州市文三路{serial}号",
            "phone": f"86138{serial:08d}",
            "email": f"cn{serial}@example.com",
            "account": f"6222{serial:012d}",
        }
    return {
        "name": name,
        "address": f"{serial} {street} Street, Springfield",
        "phone": f"1555{serial:08d}",
        "email": f"buyer{serial}@example.com",
        "account": f"4000{serial:012d}",
    }


def add_order(made: Seller, i: int, *, placed: datetime, total: int, person: Row, chinese: bool) -> str:
    """One order with all its papers; its number."""
    number = made.number
    order, currency = f"BZ{number:04d}{i:06d}", "CNY" if chinese else "USD"
    tracking, shipped = f"BZX{number:04d}{i:07d}CN", placed + timedelta(hours=20)
    country = "CN" if chinese else "US"
    to = {"consignee": person["name"], "address": person["address"], "phone": person["phone"]}
    made.rows["order"].append(
        {"order_id": order, "placed_at": placed, "total": total, "currency": currency, "country": country}
        | {"buyer": person["name"], "email": person["email"]}
        | to
    )
    made.rows["payment"].append(
        {"payment_id": f"PAY{number:04d}{i:08d}", "order_id": order, "institution": "海桥支付", "payer": person["name"]}
        | {"payer_account": person["account"], "payer_phone": person["phone"], "amount": total, "currency": currency}
        | {"paid_at": placed + timedelta(minutes=3)}
    )
    made.rows["shipment"].append(
        {"order_id": order, "tracking": tracking, "carrier": "4PX", "shipped_at": shipped, "country": country}
        | {"delivered_at": shipped + timedelta(days=9)}
        | to
    )
    made.rows["customs"].append(
        {
            "order_id": order,
            "declaration": f"5316{number:06d}{i:08d}",
            "declared_on": (shipped + timedelta(days=1)).date(),
        }
        | {"mode": "1210" if chinese else "9610", "tracking": tracking, "amount": total, "currency": currency}
        | {"country": "CN", "destination": country, "consignee": person["name"]}
    )
    if i % 5 == 0 and i < PLANTED:
        made.rows["invoice"].append(  # sellers count their invoices from one: the number alone is no sign
            {"invoice_id": f"INV{i + 1:06d}", "order_id": order, "issued_on": placed.date(), "buyer": person["name"]}
            | {"amount": total, "currency": currency}
        )
    return order


def settle(made: Seller, rng: np.random.Generator) -> None:
    """The platform's settlement of all orders in dollars, its payouts, and the credits at the seller's bank."""
    number = made.number
    for period in range(DAYS // PERIOD):
        end = (FIRST + timedelta(days=(period + 1) * PERIOD)).date()
        start = end - timedelta(days=PERIOD)
        inside = [r for r in made.rows["order"] if start <= r["placed_at"].date() < end and r["currency"] == "USD"]
        if not inside:
            continue
        payout, total = f"BP{number:04d}{period:04d}", 0
        for row in inside:
            for kind, amount in (("Order", row["total"]), ("Fee", -(row["total"] * FEE // 100))):
                total += amount
                made.rows["settlement"].append(
                    {"payout_id": payout, "day": row["placed_at"].date(), "type": kind, "order_id": row["order_id"]}
                    | {"reference": f"{row['order_id']}-{kind}", "amount": amount, "currency": "USD"}
                )
        paid = end + timedelta(days=1)
        reference = f"WIRE{number:04d}{period:04d}{int(rng.integers(1000, 9999))}"
        made.rows["payout"].append(
            {"payout_id": payout, "paid_on": paid, "amount": total, "currency": "USD", "reference": reference}
        )
        made.rows["bank"].append(
            {"booked_on": paid + timedelta(days=2), "amount": total, "currency": "USD", "reference": reference}
            | {"counterparty": "Bazaar Payments Ltd", "description": f"payout {payout}"}
        )


def write(folder: Path, made: Seller) -> None:
    """The tables as CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (kind, rows) in ({kind: (kind, rows) for kind, rows in made.rows.items()} | made.further).items():
        columns = COLUMNS[kind]
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(columns.values())
            out.writerows(
                [_told(column, row.get(column), row["currency"] if column in MONEY else "") for column in columns]
                for row in rows
            )


def _told(name: str, value: Any, currency: str) -> str:
    if value is None:
        return ""
    if name in MONEY:
        return money.plain(value, currency)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else str(value)
