"""The demo's own shop: Shopify orders exports, PayPal Settlement Reports day by day (zipped by month), parcels."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.demo import oddities
from crossbook.demo import writing as w
from crossbook.demo.business import (
    COUNTRIES,
    DAY,
    END,
    IN_EURO,
    PRODUCTS,
    START,
    BankEntry,
    Sales,
    arrival,
    as_datetime,
    moments,
    month_name,
    month_of,
    seconds,
)
from crossbook.demo.papers import Papers
from crossbook.demo.writing import Ints

MERCHANT = "SZOUTDOOR01"
LOST_DAYS = (date(2025, 9, 9), date(2025, 9, 10), date(2025, 9, 11))  # reports that never arrived
FEE_PERCENT, FEE_FIXED = 44, 30  # 4.4 % + 0.30
LEFT = 20_000  # what every withdrawal leaves in the balance, in cents


@dataclass
class Ledger:
    """Every movement of the PayPal balance, as columns; `code` indexes CODES, `euro` tells the currency."""

    at: Ints
    code: Ints
    order: Ints  # -1 for none
    gross: Ints
    fee: Ints
    euro: Ints


CODES = ["T0006", "T1107", "T1110", "T1111", "T1201", "T0200", "T2103", "T2104", "T0400"]
SALE, REFUND, HOLD, RELEASE, CHARGEBACK, CONVERT, RESERVE, FREED, WITHDRAW = range(9)


def order_name(index: int) -> str:
    """The shop's order number."""
    return f"SO-{10_001 + index}"


def movements(rng: np.random.Generator, sales: Sales) -> Ledger:
    """Payments, refunds, disputes with their two-month holds, reserves, conversions and ten-day withdrawals."""
    n = len(sales)
    fee = (sales.total * FEE_PERCENT + 500) // 1000 + FEE_FIXED
    euro = np.isin(sales.country, IN_EURO).astype(np.int64)
    parts = [(sales.placed + 90, np.full(n, SALE), np.arange(n), sales.total, -fee, euro)]
    refund = np.flatnonzero(rng.random(n) < 0.045)
    when = sales.placed[refund] + rng.integers(6 * DAY, 24 * DAY, len(refund))
    parts.append((when, np.full(len(refund), REFUND), refund, -sales.total[refund], fee[refund] // 2, euro[refund]))
    odd = np.array(oddities.returned(sales, refund), np.int64).reshape(-1, 3)
    parts.append(
        (odd[:, 0], np.full(len(odd), REFUND), odd[:, 1], -odd[:, 2], np.zeros(len(odd), np.int64), euro[odd[:, 1]])
    )
    rest = np.setdiff1d(np.arange(n), refund)
    case = rest[rng.random(len(rest)) < 0.013]
    opened = sales.placed[case] + rng.integers(8 * DAY, 30 * DAY, len(case))
    closed = opened + rng.integers(50 * DAY, 70 * DAY, len(case))
    none = np.zeros(len(case), np.int64)
    parts.append((opened, np.full(len(case), HOLD), case, -sales.total[case], none, euro[case]))
    parts.append((closed, np.full(len(case), RELEASE), case, sales.total[case], none, euro[case]))
    lost = rng.random(len(case)) < 0.35
    parts.append(
        (
            closed[lost] + 5,
            np.full(int(lost.sum()), CHARGEBACK),
            case[lost],
            -sales.total[case[lost]],
            none[lost],
            euro[case[lost]],
        )
    )
    reserve = np.array([seconds(date(2025, 11, 20)) + 3600, seconds(date(2026, 1, 20)) + 3600])
    parts.append(
        (
            reserve,
            np.array([RESERVE, FREED]),
            np.full(2, -1),
            np.array([-250_000, 250_000]),
            np.zeros(2, np.int64),
            np.zeros(2, np.int64),
        )
    )
    columns = [np.concatenate([p[i] for p in parts]).astype(np.int64) for i in range(6)]
    inside = columns[0] < seconds(END)
    order = np.argsort(columns[0][inside], kind="stable")
    return _with_withdrawals(Ledger(*(c[inside][order] for c in columns)))


def _with_withdrawals(ledger: Ledger) -> Ledger:
    """Convert the euros at the end of each month, and withdraw every ten days what is over a small rest."""
    net = ledger.gross + ledger.fee
    events: list[tuple[int, int, int, int]] = []  # at, code, gross, euro
    converted = 0
    for month in range(1, 19):
        at = seconds(date(START.year + month // 12, month % 12 + 1, 1)) - 3600
        euros = int(net[(ledger.at < at) & (ledger.euro == 1)].sum()) - converted
        if euros > 0:
            converted += euros
            events += [(at, CONVERT, -euros, 1), (at, CONVERT, euros * 1_085 // 1000, 0)]
    taken, day = 0, START + timedelta(days=10)
    while day < END:
        at = seconds(day) + 15 * 3600
        dollars = int(net[(ledger.at < at) & (ledger.euro == 0)].sum())
        dollars += sum(e[2] for e in events if e[0] < at and e[3] == 0 and e[1] == CONVERT) - taken
        if dollars - LEFT > 10_000:
            taken += dollars - LEFT
            events.append((at, WITHDRAW, -(dollars - LEFT), 0))
        day += timedelta(days=10)
    more = np.array(events, np.int64)
    columns = {
        "at": np.concatenate([ledger.at, more[:, 0]]),
        "code": np.concatenate([ledger.code, more[:, 1]]),
        "order": np.concatenate([ledger.order, np.full(len(more), -1)]),
        "gross": np.concatenate([ledger.gross, more[:, 2]]),
        "fee": np.concatenate([ledger.fee, np.zeros(len(more), np.int64)]),
        "euro": np.concatenate([ledger.euro, more[:, 3]]),
    }
    order = np.argsort(columns["at"], kind="stable")
    return Ledger(**{name: column[order] for name, column in columns.items()})


def _serials(ledger: Ledger) -> Ints:
    """A number for each movement, by which PayPal's are made: in order, planted returns last."""
    odd = (ledger.code == REFUND) & np.isin(ledger.at, oddities.RETURNS_AT)
    return np.where(odd, len(odd) + np.cumsum(odd), np.cumsum(~odd) - 1)


def write(
    folder: Path, rng: np.random.Generator, sales: Sales, p: Papers | None = None
) -> tuple[list[BankEntry], Ledger]:
    """Write the shop's files, with the names of its buyers when `p` has them.

    Returns what its withdrawals bring to the bank, and the ledger behind them."""
    _write_orders(folder, sales, p)
    ledger = movements(rng, sales)
    body = _body(ledger)
    days = (ledger.at - seconds(START)) // DAY
    edges = np.searchsorted(days, np.arange(int(days[-1]) + 2))
    net = ledger.gross + ledger.fee
    balances = [0, 0]
    archive: dict[str, list[tuple[str, bytes]]] = {}
    for d in range(len(edges) - 1):
        day = START + timedelta(days=d)
        low, high = int(edges[d]), int(edges[d + 1])
        footers = []
        for euro, code in enumerate(("USD", "EUR")):
            mine = ledger.euro[low:high] == euro
            footers.append(_footer(code, ledger.gross[low:high][mine], ledger.fee[low:high][mine], balances[euro]))
            balances[euro] += int(net[low:high][mine].sum())
        if day not in LOST_DAYS:
            report = _report(day, body[low:high].to_pylist(), footers)
            archive.setdefault(f"{day:%Y-%m}", []).append((f"STL-{day:%Y%m%d}.01.009.CSV", report))
    for month, files in archive.items():
        _zip(folder / f"paypal-settlement-{month}.zip", files)
    return _bank(rng, ledger), ledger


def _bank(rng: np.random.Generator, ledger: Ledger) -> list[BankEntry]:
    entries = []
    serials = _serials(ledger)
    for k, i in enumerate(np.flatnonzero(ledger.code == WITHDRAW)):
        paid, amount = as_datetime(int(ledger.at[i])).date(), -int(ledger.gross[i])
        fee = 1_500 if k == 20 else 0  # a correspondent bank took its share once
        booked = arrival(rng, paid, ("US",), 1, 4)
        text = f"PAYPAL TRANSFER {transaction_id(int(serials[i]))}"
        sent = (amount, "USD") if fee else (None, None)
        entries.append(BankEntry(booked, amount - fee, text, "PAYPAL", f"PP{serials[i]:07d}", fee, *sent))
    return entries


def transaction_id(row: int) -> str:
    """PayPal's 17 characters."""
    return f"{(row * 48_271) % 97 + 1:02d}{row:09d}SZ{(row * 7) % 9_973:04d}"


def _body(ledger: Ledger) -> pa.Array:
    """One SB row per movement."""
    n = len(ledger.at)
    when = w.joined(w.times(moments(ledger.at), "%Y/%m/%d %H:%M:%S"), " +0000")
    ids = pa.array([transaction_id(i) for i in _serials(ledger).tolist()])
    invoice = pa.array([order_name(int(i)) if i >= 0 else "" for i in ledger.order])
    sides = [w.chosen(["DR", "CR"], (x >= 0).astype(np.int64)) for x in (ledger.gross, ledger.fee)]
    has_fee = pa.array(ledger.fee != 0)
    blank = w.constant("", n)
    fee_side = pa.compute.if_else(has_fee, sides[1], blank)
    fee = pa.compute.if_else(has_fee, pa.array(np.abs(ledger.fee)).cast(pa.string()), blank)
    currency = w.chosen(["USD", "EUR"], ledger.euro)
    fee_currency = pa.compute.if_else(has_fee, currency, blank)
    bank = pa.compute.if_else(pa.array(ledger.code == WITHDRAW), ids, blank)
    return w.joined(
        '"SB","',
        ids,
        '","',
        invoice,
        '","","","',
        w.chosen(CODES, ledger.code),
        '",',
        when,
        ",",
        when,
        ',"',
        sides[0],
        '",',
        pa.array(np.abs(ledger.gross)).cast(pa.string()),
        ',"',
        currency,
        '","',
        fee_side,
        '",',
        fee,
        ',"',
        fee_currency,
        '","","","","","',
        bank,
        '",,,',
    )


def _footer(code: str, gross: Ints, fee: Ints, opening: int) -> str:
    def split(x: Ints) -> tuple[int, int]:
        return int(x[x > 0].sum()), -int(x[x < 0].sum())

    closing = opening + int(gross.sum()) + int(fee.sum())

    def balance(x: int) -> str:
        return f'"{"CR" if x >= 0 else "DR"}",{abs(x)}'

    sums = ",".join(str(x) for x in (*split(gross), *split(fee)))
    both = f"{balance(opening)},{balance(closing)}"
    return f'"SF","{code}",{sums},{both},{both},"CR",0,"CR",0,{len(gross)}'


def _report(day: date, rows: list[str], footers: list[str]) -> bytes:
    titles = (
        "Transaction ID,Invoice ID,PayPal Reference ID,PayPal Reference ID Type,Transaction Event Code,"
        "Transaction Initiation Date,Transaction Completion Date,Transaction Debit or Credit,Gross Transaction Amount,"
        "Gross Transaction Currency,Fee Debit or Credit,Fee Amount,Fee Currency,Custom Field,Consumer ID,"
        "Payment Tracking ID,Store ID,Bank Reference ID,Credit Transactional Fee,Credit Promotional Fee,Credit Term"
    )
    following = day + timedelta(days=1)
    lines = [
        f'"RH",{following:%Y/%m/%d} 08:44:19 +0000,"A","{MERCHANT}",009,',
        '"FH",01',
        f'"SH",{day:%Y/%m/%d} 00:00:00 +0000,{day:%Y/%m/%d} 23:59:59 +0000,"{MERCHANT}",""',
        '"CH",' + ",".join(f'"{t}"' for t in titles.split(",")),
        *rows,
        *footers,
        f'"SC",{len(rows)}',
        *(f.replace('"SF"', '"RF"', 1) for f in footers),
        f'"RC",{len(rows)}',
        f'"FF",{len(rows)}',
    ]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _zip(path: Path, files: list[tuple[str, bytes]]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 7, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    path.write_bytes(out.getvalue())


def _write_orders(folder: Path, sales: Sales, p: Papers | None) -> None:
    months = month_of(sales.placed)
    for month in range(int(months.max()) + 1):
        low, high = np.searchsorted(months, [month, month + 1])
        here, count = slice(low, high), high - low
        if not count:  # no shop is sent a report of nothing
            continue
        quantity = sales.quantity[here]
        euro = np.isin(sales.country[here], IN_EURO).astype(np.int64)
        when = w.joined(w.times(moments(sales.placed[here])), " +0000")
        price = np.array([p[2] for p in PRODUCTS], np.int64)[sales.product[here]]
        country = w.chosen(COUNTRIES, sales.country[here])
        columns = {
            "Name": pa.array([order_name(i) for i in range(low, high)]),
            "Email": w.constant("buyer@example.com", count),
            "Financial Status": w.constant("paid", count),
            "Paid at": when,
            "Fulfillment Status": w.constant("fulfilled", count),
            "Fulfilled at": w.constant("", count),
            "Accepts Marketing": w.constant("no", count),
            "Currency": w.chosen(["USD", "EUR"], euro),
            "Subtotal": w.amounts(price * quantity - sales.coupon[here]),
            "Shipping": w.amounts(sales.shipping[here]),
            "Taxes": w.constant("0.00", count),
            "Total": w.amounts(sales.total[here]),
            "Discount Code": w.chosen(["", "WELCOME"], (sales.coupon[here] > 0).astype(np.int64)),
            "Discount Amount": w.amounts(sales.coupon[here]),
            "Shipping Method": w.constant("Standard", count),
            "Created at": when,
            "Lineitem quantity": pa.array(quantity).cast(pa.string()),
            "Lineitem name": w.chosen([p[1] for p in PRODUCTS], sales.product[here]),
            "Lineitem price": w.amounts(price),
            "Lineitem sku": w.chosen([p[0] for p in PRODUCTS], sales.product[here]),
            "Billing Name": _names(p.buyer[here] if p else None, count),
            "Billing Country": country,
            "Shipping Name": _names(p.consignee[here] if p else None, count),
            "Shipping Country": country,
            "Payment Method": w.constant("PayPal Express Checkout", count),
            "Payment Reference": w.constant("", count),
        }
        (folder / f"shopify-orders-{month_name(month)}.csv").write_bytes(w.delimited(columns))


def _names(names: Any, count: int) -> pa.Array:
    return w.constant("", count) if names is None else pa.array(names, pa.string())
