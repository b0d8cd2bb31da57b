"""The demo's Amazon account: Flat File V2 settlements every fourteen days, all-orders reports every month."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from crossbook.demo import writing as w
from crossbook.demo.business import (
    END,
    PRODUCTS,
    START,
    BankEntry,
    Sales,
    arrival,
    every,
    moments,
    month_name,
    month_of,
    seconds,
)
from crossbook.demo.writing import Ints

COLUMNS = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type "
    "order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount "
    "fulfillment-id posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id "
    "sku quantity-purchased promotion-id"
).split()
STATES = ["CA", "TX", "FL", "NY", "PA", "IL", "WA", "GA", "AZ", "MA", "CO", "AL"]
FIRST_ID = 18_906_500_000
ORDER_LINES = [
    ("Order", "ItemPrice", "Principal"),
    ("Order", "ItemPrice", "Tax"),
    ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"),
    ("Order", "ItemFees", "Commission"),
    ("Order", "ItemFees", "FBAPerUnitFulfillmentFee"),
    ("Refund", "ItemPrice", "Principal"),
    ("Refund", "ItemFees", "Commission"),
    ("Refund", "ItemFees", "RefundCommission"),
]


def order_ids(count: int) -> pa.Array:
    """Amazon order numbers, 3-7-7 digits."""
    n = np.arange(count, dtype=np.int64)
    first, second = (n * 7_919) % 10_000_000, (n * 104_729 + 17) % 10_000_000
    return w.joined("114-", _padded(first), "-", _padded(second))


def _padded(numbers: Ints) -> pa.Array:
    return pa.compute.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0")


def item_amounts(sales: Sales) -> tuple[Ints, Ints, Ints, Ints]:
    """Principal, tax, commission and fulfilment fee of each order, in cents."""
    tax = (sales.total * 7 + 50) // 100
    commission = (sales.total * 15 + 50) // 100
    fulfilment = np.array([p[3] for p in PRODUCTS], np.int64)[sales.product] * sales.quantity
    return sales.total, tax, commission, fulfilment


def lines(rng: np.random.Generator, sales: Sales) -> dict[str, Ints]:
    """Settlement lines of all orders and refunds: which of ORDER_LINES, of which order, how much, posted when."""
    n = len(sales)
    principal, tax, commission, fulfilment = item_amounts(sales)
    posted = sales.placed + rng.integers(20 * 3600, 60 * 3600, n)
    refunded = np.flatnonzero(rng.random(n) < 0.04)
    returned = posted[refunded] + rng.integers(9 * 86_400, 28 * 86_400, len(refunded))
    back = (commission[refunded] * 4) // 5
    kinds = [0, 1, 2, 3, 4, 5, 6, 7]
    who = [*[np.arange(n)] * 5, *[refunded] * 3]
    amount = [
        principal,
        tax,
        -tax,
        -commission,
        -fulfilment,
        -principal[refunded],
        commission[refunded],
        back - commission[refunded],
    ]
    when = [*[posted] * 5, *[returned] * 3]
    which = np.concatenate([np.full(len(x), k) for k, x in zip(kinds, who, strict=True)])
    table = {
        "kind": which,
        "order": np.concatenate(who),
        "amount": np.concatenate(amount),
        "posted": np.concatenate(when),
    }
    order = np.lexsort((table["kind"], table["order"], table["posted"]))
    return {name: column[order] for name, column in table.items()}


def write_settlement(
    path: Path, number: int, period: tuple[date, date], body: dict[str, pa.Array], total: int, deposit: date
) -> None:
    """One Flat File V2 report: the row with the total, then the lines."""
    count = len(body["amount"])
    empty = w.constant("", count)
    columns = {name: body.get(name, empty) for name in COLUMNS} | {"settlement-id": w.constant(str(number), count)}
    first = dict.fromkeys(COLUMNS, "") | {
        "settlement-id": str(number),
        "settlement-start-date": f"{period[0]} 08:00:00 UTC",
        "settlement-end-date": f"{period[1]} 08:00:00 UTC",
        "deposit-date": f"{deposit} 08:00:00 UTC",
        "total-amount": w.amounts(np.array([total]))[0].as_py(),
        "currency": "USD",
    }
    head = "\t".join(COLUMNS) + "\n" + "\t".join(first.values()) + "\n"
    path.write_bytes(head.encode() + w.delimited(columns, "\t", header=False))


def body_of(table: dict[str, Ints], sales: Sales, ids: pa.Array) -> dict[str, pa.Array]:
    """The columns of a settlement's order lines."""
    count = len(table["kind"])
    three = [w.chosen([line[i] for line in ORDER_LINES], table["kind"]) for i in range(3)]
    posted = moments(table["posted"])
    return {
        "transaction-type": three[0],
        "order-id": ids.take(pa.array(table["order"])),
        "marketplace-name": w.constant("Amazon.com", count),
        "amount-type": three[1],
        "amount-description": three[2],
        "amount": w.amounts(table["amount"]),
        "fulfillment-id": w.constant("AFN", count),
        "posted-date": w.times(posted, "%Y-%m-%d"),
        "posted-date-time": w.joined(w.times(posted), " UTC"),
        "sku": w.chosen([p[0] for p in PRODUCTS], sales.product[table["order"]]),
        "quantity-purchased": pa.array(sales.quantity[table["order"]]).cast(pa.string()),
    }


def other(rows: list[tuple[str, str, str, int]], day: date) -> dict[str, pa.Array]:
    """The columns of lines that belong to no order: (transaction type, amount type, description, amount)."""
    count = len(rows)
    return {
        "transaction-type": pa.array([r[0] for r in rows]),
        "amount-type": pa.array([r[1] for r in rows]),
        "amount-description": pa.array([r[2] for r in rows]),
        "amount": w.amounts(np.array([r[3] for r in rows], np.int64)),
        "posted-date": w.constant(str(day), count),
        "posted-date-time": w.constant(f"{day} 07:59:00 UTC", count),
    }


def stacked(first: dict[str, pa.Array], second: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """The second's lines below the first's."""
    n, m = len(first["amount"]), len(second["amount"])
    return {
        name: pa.concat_arrays([first.get(name, w.constant("", n)), second.get(name, w.constant("", m))])
        for name in COLUMNS
        if name in first or name in second
    }


def write(folder: Path, rng: np.random.Generator, sales: Sales) -> list[BankEntry]:
    """Write the account's reports; returns what its deposits bring to the bank.

    In one settlement refunds and advertising outweigh sales and the debt is carried; in another one line is lost from
    the file, so that it does not close.
    """
    ids = order_ids(len(sales))
    _write_orders(folder, sales, ids)
    table = lines(rng, sales)
    starts = every(14, START)
    bank: list[BankEntry] = []
    reserve, debt = 0, 0
    for k, start in enumerate(starts):
        end = start + timedelta(days=14)
        if end > END:
            break
        low, high = np.searchsorted(table["posted"], [seconds(start) + 8 * 3600, seconds(end) + 8 * 3600])
        mine = {name: column[low:high] for name, column in table.items()}
        held = int(mine["amount"][mine["posted"] > seconds(end) - 4 * 86_400].sum())
        held = max(held * 6 // 10, 0)
        sold = int(mine["amount"].sum())
        advertising = sold + reserve + 21_455 if k == 17 else int(abs(sold) * 0.06) + int(rng.integers(500, 9_000))
        if k == 17:
            held = 0
        rows = [("ServiceFee", "Cost of Advertising", "TransactionTotalAmount", -advertising)]
        if k % 2 == 0:
            rows.append(("other-transaction", "other-transaction", "Subscription Fee", -3_999))
            rows.append(("other-transaction", "other-transaction", "Storage Fee", -int(rng.integers(4_000, 12_000))))
        if reserve:
            rows.append(("other-transaction", "other-transaction", "Previous Reserve Amount Balance", reserve))
        if held:
            rows.append(("other-transaction", "other-transaction", "Current Reserve Amount", -held))
        if debt:
            rows.append(("other-transaction", "other-transaction", "Payable to Amazon", -debt))
        total = sold + sum(r[3] for r in rows)
        number, deposit = FIRST_ID + k * 11_317, end + timedelta(days=2)
        body = stacked(body_of(mine, sales, ids), other(rows, end))
        if k == 24:
            sale_lines = np.flatnonzero(mine["kind"] == 0)
            keep = np.delete(np.arange(len(body["amount"])), sale_lines[5:6] if len(sale_lines) > 5 else sale_lines[:1])
            body = {name: column.take(pa.array(keep)) for name, column in body.items()}
        write_settlement(folder / f"amazon-settlement-{number}.txt", number, (start, end), body, total, deposit)
        reserve, debt = held, max(-total, 0)
        if total > 0:
            booked = arrival(rng, deposit, ("US",))
            text = f"AMAZON.C{number % 97} DIR DEP {number if k % 3 else ''}".strip()
            bank.append(
                BankEntry(
                    day=booked, amount=total, text=text, party="AMAZON.COM SERVICES LLC", reference=f"ACH{number}"
                )
            )
    again = FIRST_ID + 8 * 11_317
    copy = folder / f"amazon-settlement-{again} (1).txt"
    copy.write_bytes((folder / f"amazon-settlement-{again}.txt").read_bytes())
    return bank


def _write_orders(folder: Path, sales: Sales, ids: pa.Array) -> None:
    principal, tax, _, _ = item_amounts(sales)
    months = month_of(sales.placed)
    for month in range(int(months.max()) + 1):
        low, high = np.searchsorted(months, [month, month + 1])
        count = high - low
        here = slice(low, high)
        if not count:  # no shop is sent a report of nothing
            continue
        when = w.times(moments(sales.placed[here]), "%Y-%m-%dT%H:%M:%S+00:00")
        columns = {
            "amazon-order-id": ids[here],
            "merchant-order-id": w.constant("", count),
            "purchase-date": when,
            "last-updated-date": when,
            "order-status": w.constant("Shipped", count),
            "fulfillment-channel": w.constant("Amazon", count),
            "sales-channel": w.constant("Amazon.com", count),
            "product-name": w.chosen([p[1] for p in PRODUCTS], sales.product[here]),
            "sku": w.chosen([p[0] for p in PRODUCTS], sales.product[here]),
            "item-status": w.constant("Shipped", count),
            "quantity": pa.array(sales.quantity[here]).cast(pa.string()),
            "currency": w.constant("USD", count),
            "item-price": w.amounts(principal[here]),
            "item-tax": w.amounts(tax[here]),
            "shipping-price": w.constant("", count),
            "item-promotion-discount": w.constant("", count),
            "ship-state": w.chosen(STATES, np.arange(low, high) * 7 % len(STATES)),
            "ship-country": w.constant("US", count),
        }
        (folder / f"amazon-orders-{month_name(month)}.txt").write_bytes(w.delimited(columns, "\t"))
