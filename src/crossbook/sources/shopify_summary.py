"""Shopify Payments payouts (payouts_export.csv): one row a payout, with the sums that make it.

Charges, refunds, adjustments, taxes, advances, reserved funds, fees and what is paid again add up to the total; that
proves the row, line by line in the closure of its payout. A payout has no number here, so its day names it; the second
of one day and currency is its day with `#2`, the third `#3`, counted from the earliest row, and that is said.
Header: Payout Date, Status, Charges, Refunds, Adjustments, [Marketplace Sales Tax, Advances,] Reserved Funds, Fees,
Retried Amount, Total, Currency[, Bank Reference]. https://help.shopify.com/en/manual/payments/shopify-payments/payouts
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.paypal import told_apart
from crossbook.sources.report import TableReport, constant, fact_table
from crossbook.sources.source import Reading

# The column of each part, and what it is.
_PARTS = {
    "charges": "sale",
    "refunds": "refund",
    "adjustments": "adjustment",
    "sales_tax": "tax",
    "advances": "other",
    "reserved": "reserve_hold",
    "fees": "fee",
    "retried": "carried",
}
_SENT = ("paid", "deposited", "in_transit", "in transit", "scheduled")  # as of payment_transactions_export.csv
_WAITS = ("pending",)
_BACK = ("failed", "canceled", "cancelled")


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    status = frame.convert("status", _status, pa.string(), "status", required=True)
    told: dict[str, int] = state.setdefault("told", {})
    for row in status.value_counts().to_pylist():
        if row["values"] in ("waits", "back"):
            told[row["values"]] = told.get(row["values"], 0) + row["counts"]
    named = pc.fill_null(pc.is_in(status, pa.array(["sent", "back"])), False)
    frame, back = frame.where(named), pc.equal(status.filter(named), "back")
    if not len(frame):
        return
    currency = frame.currency("currency")
    total = frame.money("total", currency, required=True)
    parts = {name: pc.fill_null(frame.money(name, currency), 0) for name in _PARTS}
    parts["fees"] = _taken(parts, total)
    paid_on = frame.day("at", required=True)
    name = _names(paid_on, currency, state)
    bank = frame.text("bank_reference")
    yield fact_table(
        "payout",
        frame,
        state["account"],
        payout_id=name,
        currency=currency,
        amount=total,
        paid_on=paid_on,
        basis=pc.if_else(back, "failed", "lines"),
        reference=pc.coalesce(bank.cast(pa.string()), name),
        fee_total=pc.negate(parts["fees"]),
    )
    for part, kind in _PARTS.items():
        some = pc.and_(pc.not_equal(parts[part], 0), pc.invert(back))
        rows = frame.where(some)
        if not len(rows):
            continue
        amount = parts[part].filter(some)
        yield fact_table(
            "settlement",
            rows,
            state["account"],
            payout_id=name.filter(some),
            posted_at=rows.instant("at"),
            day=paid_on.filter(some),
            kind=told_apart(constant(kind, len(rows)), amount),
            type=frame.reading.headers[part],
            amount=amount,
            currency=currency.filter(some),
        )


def _names(paid_on: Column, currency: Column, state: dict[str, Any]) -> Column:
    """Each payout by its day; of several of one day and currency the later ones by their number, too.

    A file that runs from new to old is counted from its end, so that a later export, which has more rows on top, gives
    a payout the name that it had.
    """
    seen: dict[tuple[Any, Any], int] = state.setdefault("seen", {})
    keys = list(zip(paid_on.to_pylist(), currency.to_pylist(), strict=True))
    days = [day for day, _ in keys if day is not None]
    names: list[str | None] = [None] * len(keys)
    falling = bool(days) and days[0] > days[-1]
    for place in reversed(range(len(keys))) if falling else range(len(keys)):
        day = keys[place][0]
        if day is None:
            continue
        seen[keys[place]] = number = seen.get(keys[place], 0) + 1
        names[place] = f"{day}" if number == 1 else f"{day}#{number}"
    return pa.array(names, pa.string())


def _taken(parts: dict[str, Column], total: Column) -> Column:
    """The fees with the sign by which the row adds up: some exports write what was taken as a plain amount."""
    rest: Column = total
    for name, amount in parts.items():
        if name != "fees":
            rest = pc.subtract(rest, amount)
    return pc.if_else(pc.equal(rest, pc.negate(parts["fees"])), rest, parts["fees"])


def _status(text: str) -> str:
    word = text.lower()
    if word in _SENT:
        return "sent"
    if word in _BACK:
        return "back"
    if word in _WAITS:
        return "waits"
    raise ValueError("a status that is not known: whether the payout was sent hangs on it")


def _say(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    told = state.get("told", {})
    if count := told.get("waits"):
        reading.notes.append(f"payouts left out as they are not sent yet: {count}")
    if count := told.get("back"):
        reading.notes.append(f"payouts left out as they failed; a later one pays them: {count}")
    if several := sorted({f"{day}" for (day, _), number in state.get("seen", {}).items() if number > 1}):
        reading.notes.append(
            "days with more than one payout in a currency, which the file does not number (named #2, …): "
            f"{', '.join(several)}"
        )
    yield from ()


SOURCE = TableReport(
    name="shopify_summary",
    title="Shopify Payments payouts, a row each",
    columns={
        "at": ("payout date",),
        "status": ("status",),
        "charges": ("charges",),
        "refunds": ("refunds",),
        "adjustments": ("adjustments",),
        "sales_tax": ("marketplace sales tax",),
        "advances": ("advances",),
        "reserved": ("reserved funds",),
        "fees": ("fees",),
        "retried": ("retried amount",),
        "total": ("total",),
        "currency": ("currency",),
        "bank_reference": ("bank reference",),
    },
    required=("at", "status", "charges", "refunds", "fees", "total", "currency"),
    build=_build,
    finish=_say,
    amounts=("charges", "refunds", "fees", "total"),
    dates=("at",),
    account="shopify",
    authority=60,
    example="Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency\n"
    "2026-03-04,paid,45.99,-20.00,0.00,0.00,-1.63,0.00,24.36,USD",
)
