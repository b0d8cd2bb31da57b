"""Shopify Payments payout transactions (payment_transactions_export.csv).

Each row names the payout that it went into, by id or, in older exports, by date alone. What was paid is not a row of
the export unless it holds rows of type "payout", so payouts are the sum of their lines (basis "implied") otherwise.
Header: Transaction Date, Type, Order, Card Brand, Card Source, Payout Status, Payout Date, Payout ID, Available On,
Amount, Fee, Net, Checkout, Payment Method Name, Presentment Amount, Presentment Currency, Currency, VAT.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources import shopify_summary
from crossbook.sources.frame import Frame
from crossbook.sources.own_total import hold, less
from crossbook.sources.payout_sums import facts, note
from crossbook.sources.paypal import told_apart
from crossbook.sources.report import TableReport, fact_table, rows_table
from crossbook.sources.source import Reading

_KINDS = {
    "charge": "sale",
    "refund": "refund",
    "refund_failure": "reversal",
    "dispute": "chargeback",
    "chargeback": "chargeback",
    "chargeback_won": "chargeback",
    "chargeback won": "chargeback",
    "chargeback_hold": "dispute_hold",
    "chargeback_hold_release": "dispute_hold",
    "chargeback_fee": "fee",
    "chargeback_fee_refund": "refund_fee",
    "adjustment": "adjustment",
    "charge_adjustment": "adjustment",
    "reserve": "reserve_hold",
    "reserved_funds": "reserve_hold",
    "reserved_funds_withdrawal": "reserve_hold",
    "reserved_funds_reversal": "reserve_hold",
    "risk_reversal": "reserve_hold",
    "risk_withdrawal": "reserve_hold",
    "payout": "withdrawal",
    "transfer": "withdrawal",
    "payout_failure": "carried",
    "payout_cancellation": "carried",
    "transfer_failure": "carried",
    "transfer_cancel": "carried",
    "tax_adjustment_debit": "tax",
    "tax_adjustment_credit": "tax",
    "shipping_label": "fee",
    "seller_protection_credit": "reimbursement",
}
_PAID = ("paid", "in_transit", "in transit", "scheduled", "deposited")
_BACK = ("failed", "canceled", "cancelled")  # the money is in the balance again: a later payout pays it


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    currency = frame.currency("currency")
    amount = frame.money("net", currency, required=True)
    hold(frame, "net", amount, currency, *(less(frame, currency, "amount", "fee", *tax) for tax in ((), ("vat",))))
    fee = frame.money("fee", currency)
    kind = told_apart(frame.lookup("type", _KINDS, "other"), amount)
    named, dated = frame.text("payout_id").cast(pa.string()), frame.text("payout_date").cast(pa.string())
    status = pc.utf8_lower(pc.utf8_trim_whitespace(frame.raw("status").cast(pa.string())))
    settled = pc.is_in(status, pa.array(_PAID))
    back = pc.is_in(status, pa.array(_BACK))
    payout_id = pc.if_else(pc.or_(settled, back), pc.coalesce(named, dated), None)
    paid_on = frame.day("payout_date")
    out = pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.is_valid(payout_id))
    for row in (
        pa.table(
            {
                "id": payout_id,
                "currency": currency,
                "day": paid_on,
                "amount": amount,
                "line": frame.line,
                "out": out,
                "back": back,
            }
        )
        .filter(pc.is_valid(payout_id))
        .to_pylist()
    ):
        note(state.setdefault("payouts", {}), row)
        if row["back"]:
            state.setdefault("back", set()).add((row["id"], row["currency"]))
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        payout_id=payout_id,
        posted_at=frame.instant("at", required=True),
        day=frame.day("at"),
        kind=kind,
        type=frame.text("type"),
        order_id=frame.text("order"),
        reference=frame.text("checkout"),
        amount=amount,
        gross=frame.money("amount", currency),
        fee=pc.negate(fee),
        currency=currency,
    )


def _payouts(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    rows, back = facts(state["account"], state.get("payouts", {})), state.get("back", set())
    rows = [{**p, "basis": "failed"} if (p["payout_id"], p["currency"]) in back else p for p in rows]
    if back:
        reading.notes.append(
            f"payouts that failed: {len(back)}; their lines are in the balance until a later one pays them"
        )
    if rows:
        yield rows_table("payout", rows)


SOURCE = TableReport(
    name="shopify_payouts",
    title="Shopify Payments payout transactions",
    columns={
        "at": ("transaction date",),
        "type": ("type",),
        "order": ("order",),
        "status": ("payout status",),
        "payout_date": ("payout date",),
        "payout_id": ("payout id",),
        "amount": ("amount",),
        "fee": ("fee",),
        "net": ("net",),
        "vat": ("vat",),
        "checkout": ("checkout",),
        "currency": ("currency",),
    },
    required=("at", "type", "order", "status", "payout_date", "amount", "fee", "net", "currency"),
    build=_build,
    finish=_payouts,
    wide=frozenset({"checkout", "at"}),
    dates=("at", "payout_date"),
    account="shopify",
    authority=80,
    also=(shopify_summary.SOURCE,),
    example="Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Payout ID,Available On,"
    "Amount,Fee,Net,Checkout,…,Currency,VAT\n"
    "2026-03-01 09:12:44 -0800,charge,#1001,visa,online,paid,2026-03-04,101234567890,2026-03-03,45.99,1.63,44.36,…",
)
