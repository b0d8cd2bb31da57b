"""Payoneer transactions (CSV): credits, debits and running balance of one currency balance.

Payoneer stands between marketplace and bank: its credits are receipts to match with payouts, so every row is also a
bank entry; its withdrawals are payouts drawn from the running balance.
Header: Transaction Date, Transaction Time, Time Zone, Transaction ID, Description, Credit Amount, Debit Amount,
Currency, Status, Running Balance, Additional Description, Store Name (or Amount alone in place of the two).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources import paypal
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading

_KINDS = [
    (r"withdraw|transfer to bank|提现|提款", "withdrawal"),
    (r"fee|费", "fee"),
    (r"convert|conversion|exchange|兑换|转换", "conversion"),
    (r"refund|退款", "refund"),
    (r"revers|return|cancel|撤销", "reversal"),
    (r"payment from|payment|收款|付款|from", "deposit"),
]
_COMPILED = [(re.compile(pattern), kind) for pattern, kind in _KINDS]
_NOT_DONE = ("pending", "cancelled", "canceled", "declined", "failed", "待处理", "已取消", "失败")


def _kind(text: str) -> str:
    return next((kind for pattern, kind in _COMPILED if pattern.search(text.lower())), "other")


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    status = pc.utf8_lower(pc.utf8_trim_whitespace(frame.raw("status").cast(pa.string())))
    not_done = pc.is_in(status, pa.array(_NOT_DONE))
    told: dict[str, tuple[int, int]] = state.setdefault("not_done", {})
    words, lines = (column.filter(not_done).to_pylist() for column in (frame.raw("status"), frame.line))
    for word, line in zip(words, lines, strict=True):
        count, first = told.get(word.strip(), (0, line))
        told[word.strip()] = (count + 1, first)
    frame = frame.where(pc.invert(not_done))
    if not len(frame):
        return
    currency = frame.currency("currency")
    amount = _amount(frame, currency)
    texts = pc.unique(frame.raw("description").cast(pa.string())).to_pylist()
    kind = frame.lookup("description", {t.strip().lower(): _kind(t) for t in texts}, "other")
    moment = frame.joined("moment", ("date", "time", "zone"))
    day, reference = frame.day("date", required=True), frame.text("transaction_id", required=True)
    balance = frame.money("balance", currency)
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        posted_at=moment.instant("moment", required=True),
        day=day,
        kind=kind,
        type=frame.text("description"),
        reference=reference,
        amount=amount,
        currency=currency,
        balance=balance,
    )
    yield fact_table(
        "bank",
        frame,
        state["account"],
        booked_on=day,
        valued_on=day,
        amount=amount,
        currency=currency,
        reference=reference,
        description=frame.text("description"),
        counterparty=frame.text("more"),
        balance=balance,
    )
    out = pc.fill_null(pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.less(amount, 0)), False)
    yield from paypal.payouts(frame.where(out), state["account"], pc.negate(amount.filter(out)), "date")


def _say(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """Note what was left out, by its status."""
    column = reading.headers["status"]
    reading.notes += [
        f"rows left out, as {column} says {word!r}: {count}, no money moved, the first is line {first}"
        for word, (count, first) in sorted(state.get("not_done", {}).items())
    ]
    yield from ()


def _amount(frame: Frame, currency: Column) -> Column:
    if "amount" in frame.names:
        return frame.money("amount", currency, required=True)
    credit, debit = (pc.fill_null(frame.money(name, currency), 0) for name in ("credit", "debit"))
    return pc.subtract(pc.abs(credit), pc.abs(debit))


SOURCE = TableReport(
    name="payoneer_transactions",
    title="Payoneer transactions",
    columns={
        "date": ("transaction date", "date"),
        "time": ("transaction time", "time"),
        "zone": ("time zone",),
        "transaction_id": ("transaction id",),
        "description": ("description",),
        "credit": ("credit amount",),
        "debit": ("debit amount",),
        "amount": ("amount",),
        "currency": ("currency",),
        "status": ("status",),
        "balance": ("running balance",),
        "more": ("additional description", "store name"),
    },
    required=("date", "transaction_id", "description", "currency", "status", "balance"),
    build=_build,
    finish=_say,
    wide=frozenset({"transaction_id"}),
    amounts=("credit", "debit", "amount", "balance"),
    dates=("date",),
    order="mdy",
    account="payoneer",
    authority=70,
    example="Transaction Date,Transaction Time,Time Zone,Transaction ID,Description,Credit Amount,Debit Amount,"
    "Currency,Status,Running Balance,Additional Description,Store Name\n"
    "03/05/2026,08:01:22,UTC,1234567890,Payment from Amazon,1847.32,,USD,Completed,2210.10,,My store",
)
