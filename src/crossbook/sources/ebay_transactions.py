"""eBay transaction report (Seller Hub, Payments, Reports; CSV).

About ten lines of notes, then a header. Empty cells are "--". Rows of type Payout state what was paid; the other rows
of a payout add up to it in the payout's currency (net amount).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.paypal import told_apart
from crossbook.sources.report import TableReport, fact_table

_KINDS = {
    "order": "sale",
    "refund": "refund",
    "claim": "chargeback",
    "payment dispute": "chargeback",
    "dispute": "chargeback",
    "hold": "dispute_hold",
    "shipping label": "fee",
    "other fee": "fee",
    "payout": "withdrawal",
    "transfer": "deposit",
    "charge": "deposit",
    "adjustment": "adjustment",
    "credit": "adjustment",
    "purchase": "other",
    "withdrawal": "other",
}
_EMPTY = ("--", "")
_FEES = ("fee_fixed", "fee_variable", "fee_regulatory", "fee_inad", "fee_standard", "fee_international", "fee_deposit")


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    frame = _without_dashes(frame)
    currency = frame.currency("currency", "USD")
    amount = frame.money("net", currency, required=True)
    kind = told_apart(frame.lookup("type", _KINDS, "other"), amount)
    fee: Column = pa.array([0] * len(frame), pa.int64())
    for name in _FEES:
        fee = pc.add(fee, pc.fill_null(frame.money(name, currency), 0))
    payout_id = frame.text("payout_id")
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        payout_id=payout_id,
        posted_at=frame.instant("at", required=True),
        day=frame.day("at"),
        kind=kind,
        type=frame.text("type"),
        order_id=frame.text("order_id"),
        item=frame.text("sku"),
        reference=frame.text("reference"),
        amount=amount,
        gross=frame.money("gross", currency),
        fee=fee,
        currency=currency,
        quantity=frame.units("quantity"),
        country=frame.text("country"),
    )
    out = pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.is_valid(payout_id))
    paid = frame.where(out)
    if len(paid):
        day = paid.day("payout_date")
        yield fact_table(
            "payout",
            paid,
            state["account"],
            payout_id=paid.text("payout_id"),
            currency=paid.currency("currency", "USD"),
            amount=pc.negate(amount.filter(out)),
            paid_on=pc.coalesce(day, paid.day("at")),
            basis="lines",
            reference=paid.text("payout_id"),
        )


def _without_dashes(frame: Frame) -> Frame:
    table = frame.table
    for i, name in enumerate(table.column_names):
        if name == "line":
            continue
        text = table[name].cast(pa.string())
        trimmed = pc.utf8_trim_whitespace(text)
        table = table.set_column(i, name, pc.if_else(pc.equal(trimmed, "--"), "", text))
    return frame.over(table)


SOURCE = TableReport(
    name="ebay_transactions",
    title="eBay transaction report",
    columns={
        "at": ("transaction creation date",),
        "type": ("type",),
        "order_id": ("order number",),
        "country": ("ship to country",),
        "net": ("net amount",),
        "currency": ("payout currency",),
        "payout_date": ("payout date",),
        "payout_id": ("payout id",),
        "reference": ("transaction id",),
        "sku": ("custom label",),
        "quantity": ("quantity",),
        "fee_fixed": ("final value fee - fixed",),
        "fee_variable": ("final value fee - variable",),
        "fee_regulatory": ("regulatory operating fee",),
        "fee_inad": ('very high "item not as described" fee',),
        "fee_standard": ("below standard performance fee",),
        "fee_international": ("international fee",),
        "fee_deposit": ("deposit processing fee",),
        "gross": ("gross transaction amount",),
    },
    required=("at", "type", "order_id", "net", "currency", "payout_date", "payout_id"),
    build=_build,
    delimiters=",;\t",
    amounts=("net", "gross"),
    dates=("at",),
    account="ebay",
    authority=80,
    example="(notes)\nTransaction creation date,Type,Order number,Legacy order ID,…,Net amount,Payout currency,"
    "Payout date,Payout ID,Payout method,…\n"
    '"Mar 1, 2026",Order,11-00000-00001,…,38.12,USD,"Mar 3, 2026",6123456789,…',
)
