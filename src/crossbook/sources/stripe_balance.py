"""Stripe balance transactions (CSV from the dashboard): every movement, payouts among them.

A payout is a row of type "payout" with a negative amount; the column Transfer names, for other rows, the payout that
a transaction was paid out in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Frame
from crossbook.sources.own_total import hold, less
from crossbook.sources.paypal import told_apart
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading
from crossbook.sources.stripe_payouts import KINDS, orders, say_guesses


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    currency = frame.currency("currency")
    amount = frame.money("net", currency, required=True)
    ways = [less(frame, currency, "amount", "fee"), less(frame, currency, "amount", "fee", "platform_fee")]
    hold(frame, "net", amount, currency, *ways)
    kind = told_apart(frame.lookup("type", KINDS, "other"), amount)
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        payout_id=frame.text("transfer"),
        posted_at=frame.instant("created", required=True),
        day=frame.day("created"),
        kind=kind,
        type=frame.text("type"),
        order_id=orders(frame, kind, state),
        reference=frame.text("id", required=True),
        related=frame.text("source"),
        amount=amount,
        gross=frame.money("amount", currency),
        fee=pc.negate(frame.money("fee", currency)),
        currency=currency,
    )
    out = pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.less(amount, 0))
    paid = frame.where(out)
    if len(paid):
        named = paid.text("source", required=True)
        yield fact_table(
            "payout",
            paid,
            state["account"],
            payout_id=named,
            currency=paid.currency("currency"),
            amount=pc.negate(amount.filter(out)),
            paid_on=paid.day("available"),
            basis="lines",
            reference=named,
        )


def _say(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    say_guesses(state, reading)
    yield from ()


SOURCE = TableReport(
    name="stripe_balance",
    title="Stripe balance transactions",
    columns={
        "id": ("id", "balance_transaction_id"),
        "type": ("type",),
        "source": ("source",),
        "amount": ("amount",),
        "fee": ("fee",),
        "platform_fee": ("destination platform fee",),
        "net": ("net",),
        "currency": ("currency",),
        "created": ("created (utc)", "created"),
        "available": ("available on (utc)", "available on"),
        "order_id": ("order_id (metadata)", "order_number (metadata)"),
        "description": ("description",),
        "transfer": ("transfer",),
    },
    required=("id", "type", "source", "amount", "fee", "net", "currency", "created", "available"),
    build=_build,
    finish=_say,
    wide=frozenset({"id", "source", "created"}),
    dates=("created", "available"),
    account="stripe",
    authority=60,
    example="id,Type,Source,Amount,Fee,Destination Platform Fee,…,Net,Currency,Created (UTC),Available On (UTC),…\n"
    "txn_1Def,charge,ch_1Ghi,45.99,1.63,,,44.36,usd,2026-03-01 09:12,2026-03-03 00:00,…,po_1Abc,…\n"
    "txn_1Xyz,payout,po_1Abc,-1204.11,0.00,,,-1204.11,usd,2026-03-04 00:10,2026-03-05 00:00,STRIPE PAYOUT,…",
)
