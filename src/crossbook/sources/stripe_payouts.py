"""Stripe payout reconciliation, itemised (payout_reconciliation.itemized): the transactions inside each payout.

The report does not state what was paid, so a payout read from it alone is only the sum of its lines (basis "implied")
until the balance report or a bank credit states it.
Columns: https://docs.stripe.com/reports/report-types/payout-reconciliation
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.own_total import hold, less
from crossbook.sources.paypal import told_apart
from crossbook.sources.report import TableReport, fact_table, rows_table
from crossbook.sources.source import Reading

# https://docs.stripe.com/reports/reporting-categories and, for the balance report, balance-transaction-types
KINDS = {
    "charge": "sale",
    "payment": "sale",
    "refund": "refund",
    "payment_refund": "refund",
    "partial_capture_reversal": "refund",
    "charge_failure": "refund",
    "payment_failure_refund": "refund",
    "refund_failure": "reversal",
    "dispute": "chargeback",
    "dispute_reversal": "chargeback",
    "fee": "fee",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "network_cost": "fee",
    "application_fee": "fee",
    "tax": "tax",
    "tax_fee": "tax",
    "payout": "withdrawal",
    "payout_cancel": "carried",
    "payout_failure": "carried",
    "payout_reversal": "carried",
    "payout_minimum_balance_hold": "reserve_hold",
    "payout_minimum_balance_release": "reserve_hold",
    "reserved_funds": "reserve_hold",
    "risk_reserved_funds": "reserve_hold",
    "reserve_transaction": "reserve_hold",
    "reserve_hold": "reserve_hold",
    "reserve_release": "reserve_hold",
    "topup": "deposit",
    "topup_reversal": "deposit",
    "transfer": "other",
    "adjustment": "adjustment",
    "other_adjustment": "adjustment",
    "contribution": "other",
    "advance": "other",
    "advance_funding": "other",
    "anticipation_repayment": "other",
    "currency_conversion": "conversion",
}


# A text of its own that may be the number of an order, and one that calls it so; ids of Stripe's own are none.
# https://docs.stripe.com/api/charges/object (description: an arbitrary string, for people)
_NUMBER = r"#?[A-Z0-9][A-Z0-9_/-]{0,39}"
_ALONE = re.compile(rf"(?!(?:ch|pi|py|in|re|sub|txn|po|pyr|cus|seti)_){_NUMBER}", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:\b(?:order|bestellung|commande|pedido|ordine|encomenda)|订单号?|訂單號?|注文)"
    rf"[ ]?(?:(?:no|nr|number|id)\b\.?)?[ ]?[:：]?[ ]?({_NUMBER})",
    re.IGNORECASE,
)
_OF_ORDERS = ("sale", "refund", "chargeback", "reversal")


def order_number(text: str) -> str | None:
    """The number of an order that a description is or calls so; None where it has none, or several."""
    plain = " ".join(text.split())
    if _ALONE.fullmatch(plain) and any(c.isdigit() for c in plain):
        return plain
    found = {number.rstrip("-_/") for number in _CALLED.findall(plain) if any(c.isdigit() for c in number)}
    return found.pop() if len(found) == 1 else None


def orders(frame: Frame, kind: Column, state: dict[str, Any]) -> Column:
    """The order of each row: of the column for it, else, as a guess that `say_guesses` tells, of its description."""
    if "order_id" in frame.names or "description" not in frame.names:
        return frame.text("order_id")
    guessed = frame.convert("description", order_number, pa.string(), "order number")
    of_orders = pc.is_in(kind.cast(pa.string()), pa.array(_OF_ORDERS))
    guessed = pc.if_else(of_orders, guessed, None)
    told = pc.not_equal(pc.utf8_trim_whitespace(frame.raw("description").cast(pa.string())), "")
    for name, mask in (("guessed", pc.is_valid(guessed)), ("nameless", pc.and_(of_orders, pc.is_null(guessed)))):
        lines = frame.line.filter(pc.and_(mask, told) if name == "nameless" else mask)
        count, first = state.get(name, (0, None))
        state[name] = (count + len(lines), first or (lines[0].as_py() if len(lines) else None))
    return guessed


def say_guesses(state: dict[str, Any], reading: Reading) -> None:
    """Note what was taken for numbers of orders, and what was not."""
    for name, said in (
        ("guessed", "which is a guess: {count} lines have one, the first is line {first}"),
        ("nameless", "and {count} lines have none there, the first is line {first}: they are of no known order"),
    ):
        count, first = state.get(name, (0, None))
        if count:
            column = reading.headers["description"]
            told = said.format(count=count, first=first)
            reading.notes.append(f"numbers of orders are looked for in {column}, {told}")


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    currency = frame.currency("currency")
    amount = frame.money("net", currency, required=True)
    hold(frame, "net", amount, currency, less(frame, currency, "gross", "fee"))
    fee = frame.money("fee", currency)
    payout_id = frame.text("payout")
    paid_on = frame.day("effective")
    kind = told_apart(frame.lookup("category", KINDS, "other"), amount)
    keep = pc.not_equal(kind.cast(pa.string()), "withdrawal")
    sums = pa.table(
        {"payout_id": payout_id, "currency": currency, "paid_on": paid_on, "amount": amount, "line": frame.line}
    ).filter(pc.and_(keep, pc.is_valid(payout_id)))
    for row in sums.to_pylist():
        key = (row["payout_id"], row["currency"])
        known = state.setdefault("payouts", {}).setdefault(key, {**row, "amount": 0})
        known["amount"] += row["amount"] or 0
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        payout_id=payout_id,
        posted_at=frame.instant("created"),
        day=frame.day("created"),
        kind=kind,
        type=frame.text("category"),
        order_id=orders(frame, kind, state),
        reference=frame.text("id", required=True),
        related=frame.text("charge"),
        amount=amount,
        gross=frame.money("gross", currency),
        fee=pc.negate(fee),
        currency=currency,
        country=frame.text("country"),
    )


def _payouts(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    say_guesses(state, reading)
    rows = [
        {**row, "account": state["account"], "basis": "implied", "reference": row["payout_id"]}
        for row in state.get("payouts", {}).values()
    ]
    if rows:
        yield rows_table("payout", rows)


SOURCE = TableReport(
    name="stripe_payouts",
    title="Stripe payout reconciliation (itemised)",
    columns={
        "payout": ("automatic_payout_id",),
        "effective": ("automatic_payout_effective_at", "automatic_payout_effective_at_utc"),
        "id": ("balance_transaction_id",),
        "created": ("created_utc", "created"),
        "currency": ("currency",),
        "gross": ("gross",),
        "fee": ("fee",),
        "net": ("net",),
        "category": ("reporting_category",),
        "charge": ("charge_id", "source_id"),
        "order_id": ("payment_metadata[order_id]", "order_id", "payment_metadata[order_number]"),
        "description": ("description",),
        "country": ("card_country", "shipping_address_country"),
    },
    required=("payout", "id", "currency", "gross", "fee", "net", "category"),
    build=_build,
    finish=_payouts,
    wide=frozenset({"id", "charge", "created"}),
    dates=("created", "effective"),
    account="stripe",
    whole=True,
    authority=80,
    example="automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,available_on,currency,"
    "gross,fee,net,reporting_category,…\n"
    "po_1Abc,2026-03-05 00:00:00,txn_1Def,2026-03-01 09:12:44,2026-03-03 00:00:00,usd,45.99,1.63,44.36,charge,…",
)
