"""Amazon settlement report, Flat File V2 (GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2).

Tab-separated and never quoted, but where a spreadsheet saved it with commas or semicolons. The first row of a
settlement carries its period, deposit date, total-amount and
currency; the rows behind it carry one amount each. European marketplaces write decimal commas and dd.mm.yyyy.
All amounts, reserves included, add up to total-amount.
Columns: https://developer-docs.amazon.com/sp-api/docs/report-type-values-settlement
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.errors import CrossbookError
from crossbook.sources import amazon
from crossbook.sources.frame import Column, Frame, coded
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.source import Reading

_NAMES = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type "
    "order-id amount-type amount-description amount posted-date posted-date-time sku quantity-purchased"
).split()

# By amount-description where that decides, else by amount-type, else by transaction-type (all lower case).
_KINDS = {
    "principal": "sale",
    "tax": "tax",
    "shippingtax": "tax",
    "giftwraptax": "tax",
    "shipping": "shipping",
    "giftwrap": "shipping",
    "previous reserve amount balance": "reserve_release",
    "current reserve amount": "reserve_hold",
    "payable to amazon": "carried",
    "successful charge": "deposit",
    "balance adjustment": "adjustment",
    "transfer of funds unsuccessful: we could not transfer funds to your bank account": "carried",
    "transactiontotalamount": "advertising",
    "storage fee": "storage",
    "fba storage fee": "storage",
    "subscription fee": "fee",
    "itemfees": "fee",
    "itemwithheldtax": "tax",
    "promotion": "promotion",
    "cost of advertising": "advertising",
    "fba inventory reimbursement": "reimbursement",
    "servicefee": "fee",
    "fbafees": "fee",
    "shipmentfees": "fee",
    "item fee adjustment": "fee",
    "fee adjustment": "fee",
    "fba inventory reimbursement - customer return": "reimbursement",
    "chargeback refund": "chargeback",
    "a-to-z guarantee refund": "chargeback",
    "debt recovery": "carried",
}


def _kind(transaction: str, amount_type: str, description: str) -> str:
    kind = _KINDS.get(description) or _KINDS.get(amount_type) or _KINDS.get(transaction)
    if kind is None:
        kind = "fee" if any(" fee" in f" {text}" or text.endswith("fee") for text in (description, amount_type)) else ""
    if transaction == "refund" or transaction.startswith("refund"):
        return "refund_fee" if kind == "fee" else "refund"
    if transaction in ("chargeback refund", "a-to-z guarantee refund"):
        return "chargeback"
    if transaction == "transfer":
        return "withdrawal"
    return kind or "other"


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    total = frame.raw("total-amount").dictionary_encode()
    lines = frame
    if any(total.dictionary.to_pylist()):
        has_total = pc.not_equal(total.cast(pa.string()), "")
        summary, lines = frame.where(has_total), frame.where(pc.invert(has_total))
        currency = summary.currency("currency")
        ids = summary.text("settlement-id", required=True)
        known = state.setdefault("currency", {})
        for settlement, code in zip(ids.to_pylist(), currency.to_pylist(), strict=True):
            state.setdefault("several", set()).update({settlement} if known.get(settlement, code) != code else ())
            known[settlement] = code
        yield fact_table(
            "payout",
            summary,
            state["account"],
            payout_id=ids,
            currency=currency,
            amount=summary.money("total-amount", currency, required=True),
            paid_on=summary.day("deposit-date"),
            period_from=summary.instant("settlement-start-date"),
            period_to=summary.instant("settlement-end-date"),
            basis="lines",
            reference=ids,
        )
    if not len(lines):
        return
    known = state.get("currency", {})
    ids = lines.codes("settlement-id", required=True)
    missing = [i for i in ids.dictionary.to_pylist() if i not in known]
    if missing and not frame.reading.bad_count:
        raise CrossbookError(
            f"settlement {missing[0]} has no summary row with its total and currency before its lines",
            where=f"{frame.reading.name}:{state['header_line'] + 1}",
            todo="download the report again; the first row of each settlement is needed",
        )
    currency = coded(pa.array([known.get(i) for i in ids.dictionary.to_pylist()], pa.string()), ids.indices)
    if state.get("several"):
        currency = _by_place(frame, lines, currency, state).dictionary_encode()
    kind, type_ = _classify(lines, state)
    order_id, other_id = amazon.numbers(lines, "order-id", type_)
    yield fact_table(
        "settlement",
        lines,
        state["account"],
        payout_id=ids,
        posted_at=lines.instant("posted-date-time"),
        day=lines.day("posted-date"),
        kind=kind,
        type=type_,
        order_id=order_id,
        item=lines.codes("sku"),
        related=other_id,
        amount=lines.money("amount", currency, required=True),
        currency=currency,
        quantity=lines.units("quantity-purchased"),
    )


def _by_place(frame: Frame, lines: Frame, currency: Column, state: dict[str, Any]) -> Column:
    """The currency of each line where one settlement has several summary rows: that of the summary above it."""
    above: dict[str, str] = state.setdefault("above", {})
    told: dict[int, str | None] = {}
    columns = (frame.line, frame.raw("settlement-id"), frame.raw("total-amount"), frame.raw("currency"))
    for line, settlement, total, code in zip(*(c.to_pylist() for c in columns), strict=True):
        if total:
            above[settlement.strip()] = code.strip().upper()
        told[line] = above.get(settlement.strip())
    known = currency.to_pylist()
    return pa.array([told[n] or c for n, c in zip(lines.line.to_pylist(), known, strict=True)], pa.string())


def _say(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """Note the types of lines that no list has."""
    unknown = sorted(state.get("unknown", {}))
    reading.notes += [f"type {text!r} is not known: read as other" for text in unknown]
    yield from ()


def _classify(lines: Frame, state: dict[str, Any]) -> tuple[pa.Array, pa.Array]:
    """Kind and "transaction / type / description" of each row, worked out once per distinct triple."""
    codes = [lines.raw(n).dictionary_encode() for n in ("transaction-type", "amount-type", "amount-description")]
    sizes = [max(1, len(c.dictionary)) for c in codes]
    index = [c.indices.cast(pa.int64()) for c in codes]
    key = pc.add(pc.multiply(pc.add(pc.multiply(index[0], sizes[1]), index[1]), sizes[2]), index[2])
    unique = key.dictionary_encode()
    kinds, types = [], []
    for k in unique.dictionary.to_pylist():
        rest, d = divmod(k, sizes[2])
        t, a = divmod(rest, sizes[1])
        triple = [str(c.dictionary[i].as_py()).strip() for c, i in zip(codes, (t, a, d), strict=True)]
        kinds.append(_kind(*(text.lower() for text in triple)))
        types.append(" / ".join(text for text in triple if text))
        if kinds[-1] == "other":
            state.setdefault("unknown", {})[types[-1]] = True
    return coded(pa.array(kinds, pa.string()), unique.indices), coded(pa.array(types, pa.string()), unique.indices)


SOURCE = TableReport(
    name="amazon_settlement",
    title="Amazon settlement report, Flat File V2",
    columns={name: (name,) for name in _NAMES},
    required=("settlement-id", "total-amount", "amount-type", "amount-description", "amount"),
    build=_build,
    finish=_say,
    delimiters="\t,;",
    wide=frozenset({"order-id", "posted-date-time"}),
    quoted=False,
    amounts=("total-amount", "amount"),
    dates=("settlement-start-date", "settlement-end-date", "deposit-date", "posted-date", "posted-date-time"),
    account="amazon",
    authority=90,
    whole=True,
    example="settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\t…\tamount-type\tamount-description\tamount\t…\n"
    "18906543210\t2026-03-01 08:00:00 UTC\t2026-03-15 08:00:00 UTC\t2026-03-17 08:00:00 UTC\t1847.32\tUSD\n"
    "18906543210\t\t\t\t\t\tOrder\t114-1234567-8901234\t…\tItemPrice\tPrincipal\t29.99\t…",
)
