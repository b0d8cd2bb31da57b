"""The demo's fourth account: TikTok Shop, whose payouts go to a wallet in Hong Kong (`wallet.py`).

Orders as the seller centre exports them, the statements of each month as a workbook whose sheet of order details has
the columns that `data/mappings/tiktok_shop_statement.toml` cites, and the list of payments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import xlsxwriter

from crossbook.demo import writing as w
from crossbook.demo.business import DAY, END, PRODUCTS, START, Sales, as_datetime, month_name, month_of, seconds
from crossbook.demo.writing import FIXED, Ints

ACCOUNT = "tiktok"
RELEASE_DAYS, CYCLE_DAYS, LAG_DAYS = 8, 14, 2
REFERRAL, AFFILIATE = 60, 100  # thousandths of what the buyer paid

MAPPINGS = {
    "tiktok-orders": """\
kind = "order"
account = "tiktok"
witness = "platform"
date_order = "mdy"
zone = "America/Los_Angeles"
currency = "USD"

[columns]
order_id = "Order ID"
placed_at = "Created Time"
status = "Order Status"
item = "Seller SKU"
title = "Product Name"
quantity = "Quantity"
price = "SKU Unit Original Price"
line_discount = "SKU Seller Discount"
shipping = "Shipping Fee After Discount"
total = "Order Amount"
consignee = "Recipient"
country = "Country"
""",
    "tiktok-statements": """\
kind = "settlement"
account = "tiktok"
witness = "platform"
date_order = "ymd"
zone = "UTC"

[columns]
payout_id = "Payment ID"
day = "Statement date"
type = "Type"
order_id = "Related order ID"
reference = "Order/adjustment ID"
item = "SKU ID"
quantity = "Quantity"
amount = "Total settlement amount"
currency = "Currency"

[amounts]
"Net sales" = "sale"
Shipping = "shipping"
Fees = "fee"
"Adjustment amount" = "adjustment"

[types]
Order = "sale"
Refund = "refund"
"Logistics reimbursement" = "reimbursement"
"GMV Payment for TikTok Ads" = "advertising"
""",
    "tiktok-payments": """\
kind = "payout"
account = "tiktok"
witness = "platform"
date_order = "ymd"

[columns]
payout_id = "Payment ID"
paid_on = "Paid time"
amount = "Payment amount"
currency = "Currency"
reference = "Payment ID"
""",
}
SETTINGS = """\
[accounts.tiktok]
pays_tax = true
country = "CN"       # its payouts are booked on working days there
papers = ["order"]   # shipped from stock in the United States that was exported before
"""


@dataclass(frozen=True)
class Payment:
    """What TikTok Shop sent to the wallet: `amount` in cents, and the orders whose lines are in it."""

    payment: str
    paid_on: date
    amount: int
    orders: tuple[str, ...]


@dataclass(frozen=True)
class _Lines:
    """Lines of the statements as columns, by the moment at which they were settled; order -1 is none."""

    at: Ints
    order: Ints
    kind: Ints  # indexes TYPES
    revenue: Ints
    referral: Ints
    affiliate: Ints


TYPES = ("Order", "Refund", "Logistics reimbursement", "GMV Payment for TikTok Ads")


def order_name(index: int) -> str:
    """TikTok's 18 digits."""
    return f"{576_400_000_000_000_000 + index * 104_729 + 77}"


def write(folder: Path, rng: np.random.Generator, sales: Sales) -> list[Payment]:
    """Write the account's files; returns the payments that it sent."""
    delivered = sales.placed + rng.integers(2 * DAY, 7 * DAY, len(sales))
    lines = _lines(rng, sales, delivered)
    refunded = np.zeros(len(sales), np.int64)
    refunds = lines.kind == TYPES.index("Refund")
    refunded[lines.order[refunds]] = -lines.revenue[refunds]
    _write_orders(folder, sales, delivered, refunded)
    days = [START + timedelta(days=d) for d in range(CYCLE_DAYS, (END - START).days + 1, CYCLE_DAYS)]
    statement = np.searchsorted(np.array([seconds(d) for d in days], np.int64), lines.at, "right")
    _write_statements(folder, sales, lines, statement, days)
    payments = _payments(lines, statement, days)
    _write_payments(folder, payments)
    return payments


def _lines(rng: np.random.Generator, sales: Sales, delivered: Ints) -> _Lines:
    """Each order when it is released, refunds some days after, parcels that TikTok lost and paid for, and its ads."""
    n = len(sales)
    released = delivered + RELEASE_DAYS * DAY
    referral = -((sales.total * REFERRAL + 500) // 1000)
    affiliate = np.where(rng.random(n) < 0.3, -((sales.total * AFFILIATE + 500) // 1000), 0)
    back = np.flatnonzero(rng.random(n) < 0.04)
    lost = np.flatnonzero(rng.random(n) < 0.006)
    lost = lost[~np.isin(lost, back)]
    ads = np.array([seconds(START) + d * DAY + 3600 for d in range(20, (END - START).days, 30)], np.int64)
    parts = [
        (released, np.arange(n), np.zeros(n, np.int64), sales.total, referral, affiliate),
        (
            released[back] + rng.integers(DAY, 12 * DAY, len(back)),
            back,
            np.full(len(back), TYPES.index("Refund")),
            -sales.total[back],
            -referral[back] * 4 // 5,
            -affiliate[back],
        ),
        (
            released[lost] + 15 * DAY,
            lost,
            np.full(len(lost), TYPES.index("Logistics reimbursement")),
            rng.integers(400, 2_000, len(lost)),
            np.zeros(len(lost), np.int64),
            np.zeros(len(lost), np.int64),
        ),
        (
            ads,
            np.full(len(ads), -1),
            np.full(len(ads), TYPES.index("GMV Payment for TikTok Ads")),
            -rng.integers(1_500, 6_000, len(ads)),
            np.zeros(len(ads), np.int64),
            np.zeros(len(ads), np.int64),
        ),
    ]
    columns = [np.concatenate([p[i] for p in parts]).astype(np.int64) for i in range(6)]
    inside = columns[0] < seconds(END)
    order = np.argsort(columns[0][inside], kind="stable")
    at, number, kind, revenue, taken, partner = (c[inside][order] for c in columns)
    return _Lines(at=at, order=number, kind=kind, revenue=revenue, referral=taken, affiliate=partner)


def _statement_id(place: int) -> str:
    return f"{7_430_000_000_000 + place * 9_973}"


def _payment_id(place: int) -> str:
    return f"{3_459_000_000 + place * 7_919}"


def _payments(lines: _Lines, statement: Ints, days: list[date]) -> list[Payment]:
    found = []
    for place, day in enumerate(days):
        mine = statement == place
        amount = int((lines.revenue + lines.referral + lines.affiliate)[mine].sum())
        paid = day + timedelta(days=LAG_DAYS)
        if amount > 0 and paid < END:
            orders = sorted({order_name(int(i)) for i in lines.order[mine] if i >= 0})
            found.append(
                Payment(
                    payment=_payment_id(place),
                    paid_on=paid,
                    amount=amount,
                    orders=tuple(orders),
                )
            )
    return found


def _write_statements(folder: Path, sales: Sales, lines: _Lines, statement: Ints, days: list[date]) -> None:
    skus = [p[0] for p in PRODUCTS]
    total = lines.revenue + lines.referral + lines.affiliate
    by_month: dict[str, list[int]] = {}
    for i, place in enumerate(statement.tolist()):
        if place < len(days):
            by_month.setdefault(f"{days[place]:%Y-%m}", []).append(i)
    header = (
        "Statement date,Statement ID,Payment ID,Status,Currency,Type,Order/adjustment ID,Related order ID,SKU ID,"
        "Quantity,Order created date,Total settlement amount,Net sales,Shipping,Fees,Adjustment amount"
    ).split(",")
    for name, rows in by_month.items():
        path = folder / f"tiktok-statements-{name}.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
            book.set_properties({"created": FIXED})
            reports = book.add_worksheet("Reports")
            reports.write_row(0, 0, ["Statements"])
            reports.write_row(1, 0, ["Total settlement amount", _dollars(int(total[rows].sum()))])
            sheet = book.add_worksheet("Order details")
            sheet.write_row(0, 0, header)
            for r, i in enumerate(rows, 1):
                order, kind, place = int(lines.order[i]), int(lines.kind[i]), int(statement[i])
                goods = order >= 0 and kind < 2
                sheet.write_row(
                    r,
                    0,
                    [
                        f"{days[place]:%Y/%m/%d}",
                        _statement_id(place),
                        _payment_id(place),
                        "Paid",
                        "USD",
                        TYPES[kind],
                        order_name(order) if goods else f"{739_000_000_000_000_000 + i}",
                        order_name(order) if order >= 0 else "",
                        skus[sales.product[order]] if goods else "",
                        int(sales.quantity[order]) if goods else "",
                        f"{as_datetime(int(sales.placed[order])):%Y/%m/%d}" if order >= 0 else "",
                        _dollars(int(total[i])),
                        _dollars(int(lines.revenue[i]) if goods else 0),
                        0,
                        _dollars(int(lines.referral[i] + lines.affiliate[i])),
                        _dollars(0 if goods else int(lines.revenue[i])),
                    ],
                )


def _dollars(cents: int) -> float:
    return cents / 100  # cells of a workbook are binary floating point: that is what the platform writes


def _write_payments(folder: Path, payments: list[Payment]) -> None:
    columns = {
        "Payment ID": pa.array([p.payment for p in payments]),
        "Paid time": pa.array([f"{p.paid_on:%Y/%m/%d}" for p in payments]),
        "Currency": w.constant("USD", len(payments)),
        "Payment amount": w.amounts(np.array([p.amount for p in payments], np.int64)),
        "Status": w.constant("Paid", len(payments)),
        "Payout method": w.constant("Haihui (HK) ****3021", len(payments)),
    }
    (folder / "tiktok-payments.csv").write_bytes(w.delimited(columns))


def _write_orders(folder: Path, sales: Sales, delivered: Ints, refunded: Ints) -> None:
    months = month_of(sales.placed)
    price = np.array([p[2] for p in PRODUCTS], np.int64)[sales.product]
    for month in range(int(months.max()) + 1 if len(months) else 0):
        low, high = np.searchsorted(months, [month, month + 1])
        here, count = slice(low, high), int(high - low)
        if not count:  # no shop is sent a report of nothing
            continue
        done = delivered[here] < seconds(END)
        arrived = w.times(delivered[here].astype("datetime64[s]"), "%m/%d/%Y %H:%M:%S")
        columns = {
            "Order ID": pa.array([order_name(i) for i in range(low, high)]),
            "Order Status": w.chosen(["Shipped", "Completed"], done.astype(np.int64)),
            "Seller SKU": w.chosen([p[0] for p in PRODUCTS], sales.product[here]),
            "Product Name": w.chosen([p[1] for p in PRODUCTS], sales.product[here]),
            "Quantity": pa.array(sales.quantity[here]).cast(pa.string()),
            "SKU Unit Original Price": w.amounts(price[here]),
            "SKU Seller Discount": w.amounts(sales.coupon[here]),
            "Shipping Fee After Discount": w.amounts(sales.shipping[here]),
            "Order Amount": w.amounts(sales.total[here]),
            "Order Refund Amount": w.amounts(refunded[here]),
            "Created Time": w.times(sales.placed[here].astype("datetime64[s]"), "%m/%d/%Y %H:%M:%S"),
            "Delivered Time": pa.compute.if_else(pa.array(done), arrived, ""),
            "Recipient": w.constant("B*** B***", count),
            "Country": w.constant("United States", count),
        }
        (folder / f"tiktok-orders-{month_name(month)}.csv").write_bytes(w.delimited(columns))
