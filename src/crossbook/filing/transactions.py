"""The transactions inside a payout, each with what the book knows of its goods, parcel and customs entry.

Transactions and other items (advertising, reserves, carried balances) add up to the payout's amount, or the difference
is an item of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from crossbook.settle.closure import lines_sql
from crossbook.settle.desk import Desk, Payout

KINDS_OF_REFUND = ("refund", "refund_fee", "reversal", "chargeback")
KINDS_OF_HOLD = ("dispute_hold", "dispute_release")

# Lines of an order in the payout, sales and refunds apart; a fee is what is stated as one or a line that is one.
FROM_LINES = """
WITH lines AS ({lines}),
sorted AS (
  SELECT *,
    CASE WHEN kind IN ('refund', 'refund_fee', 'reversal', 'chargeback') THEN 'refund'
         WHEN kind IN ('dispute_hold', 'dispute_release') THEN kind ELSE 'sale' END AS type_of,
    CASE WHEN fee IS NOT NULL THEN fee WHEN kind IN ('fee', 'refund_fee') THEN amount ELSE 0 END AS fee_part
  FROM lines WHERE order_id IS NOT NULL
)
SELECT order_id, type_of AS type, min(day) AS day, sum(amount - fee_part) AS amount, sum(fee_part) AS fees,
       sum(amount) AS net, min_by(country, line) AS country, min_by(evidence, line) AS evidence, min(line) AS line,
       count(*) AS lines, CAST(NULL AS DOUBLE) AS probability
FROM sorted GROUP BY order_id, type_of
"""

OTHER_ITEMS = """
SELECT kind, type, count(*) AS lines, sum(amount) AS amount, min(evidence) AS evidence, min(line) AS line
FROM ({lines}) WHERE order_id IS NULL GROUP BY kind, type ORDER BY abs(sum(amount)) DESC, kind, type
"""

ENRICHED = """
WITH goods AS (
  SELECT order_id, string_agg(DISTINCT coalesce(title, item), ', ') AS goods, sum(quantity) AS quantity FROM (
    SELECT order_id, title, item, quantity FROM order_lines
    UNION ALL SELECT order_id, title, item, quantity FROM stray_lines)
  GROUP BY order_id
),
sent AS (
  SELECT order_id, string_agg(DISTINCT tracking, ', ') AS tracking, min(shipped_at) AS shipped_at,
         string_agg(DISTINCT carrier, ', ') AS carrier FROM parcels GROUP BY order_id
),
entries AS (
  SELECT order_id, string_agg(DISTINCT declaration, ', ') AS declaration FROM declarations GROUP BY order_id
)
SELECT b.*, coalesce(p.placed_on, b.day) AS ordered_on, g.goods, g.quantity,
       coalesce(p.country, b.country) AS to_country, s.tracking, s.carrier, CAST(s.shipped_at AS DATE) AS shipped_on,
       c.declaration, e.name AS file, j.verdict
FROM pack_body b
LEFT JOIN goods g ON g.order_id = b.order_id
LEFT JOIN orders p ON p.order_id = b.order_id
LEFT JOIN sent s ON s.order_id = b.order_id
LEFT JOIN entries c ON c.order_id = b.order_id
LEFT JOIN evidence e ON e.sha = b.evidence
LEFT JOIN verdict j ON j.order_id = b.order_id
ORDER BY ordered_on, b.order_id, b.type
"""


@dataclass(frozen=True)
class Transaction:
    """One trade inside a payout. Texts are None where the book does not know them."""

    order_id: str
    type: str  # sale, refund, dispute_hold or dispute_release
    day: date | None
    goods: str | None
    quantity: int | None
    amount: int
    fees: int
    net: int
    country: str | None
    shipped_on: date | None
    carrier: str | None
    tracking: str | None
    declaration: str | None
    evidence: str
    file: str
    line: int
    probability: float | None
    verdict: str | None  # of the verify desk


@dataclass(frozen=True)
class Item:
    """What a payout holds beside its trades."""

    what: str
    amount: int
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Contents:
    """The transactions and other items of a payout; together they are its amount."""

    transactions: list[Transaction]
    items: list[Item]


def contents(desk: Desk, payout: Payout) -> Contents:
    """What is inside `payout`, from its lines or from its restoration."""
    database = desk.database
    database.ask("verdict")
    items: list[Item] = []
    if payout.restoration is not None:
        database.put("pack_body", _restored_rows(payout))
    else:
        lines = lines_sql(payout.basis)
        values = {"account": payout.account, "payout": payout.payout_id, "currency": payout.currency}
        body = database.arrow(FROM_LINES.format(lines=lines), **values)
        database.put("pack_body", body)
        names = {e["sha"]: e["name"] for e in desk.book.evidence()}
        items = [
            Item(
                what=row["type"] or row["kind"],
                amount=int(row["amount"]),
                file=names.get(row["evidence"], ""),
                line=row["line"],
            )
            for row in database.rows(OTHER_ITEMS.format(lines=lines), **values)
        ]
        if payout.closure and payout.basis == "balance":
            items += [Item(what, amount) for what, amount in payout.closure.parts if what != "lines"]
    transactions = [_transaction(row) for row in database.rows(ENRICHED)]
    rest = payout.amount - sum(t.net for t in transactions) - sum(i.amount for i in items)
    if rest:
        items.append(Item("not explained", rest))
    return Contents(transactions, items)


def _transaction(row: dict[str, Any]) -> Transaction:
    quantity = row["quantity"]
    return Transaction(
        order_id=row["order_id"],
        type=row["type"],
        day=row["ordered_on"],
        goods=row["goods"],
        quantity=None if quantity is None else int(quantity),
        amount=int(row["amount"]),
        fees=int(row["fees"]),
        net=int(row["net"]),
        country=row["to_country"],
        shipped_on=row["shipped_on"],
        carrier=row["carrier"],
        tracking=row["tracking"],
        declaration=row["declaration"],
        evidence=row["evidence"],
        file=row["file"] or "",
        line=row["line"],
        probability=row["probability"],
        verdict=row["verdict"],
    )


def _restored_rows(payout: Payout) -> pa.Table:
    r = payout.restoration
    orders = r.orders if r else ()
    return pa.table(
        {
            "order_id": pa.array([o.order_id for o in orders], pa.string()),
            "type": pa.array(["sale"] * len(orders), pa.string()),
            "day": pa.nulls(len(orders), pa.date32()),
            "amount": pa.array([o.net + o.fee for o in orders], pa.int64()),
            "fees": pa.array([-o.fee for o in orders], pa.int64()),
            "net": pa.array([o.net for o in orders], pa.int64()),
            "country": pa.nulls(len(orders), pa.string()),
            "evidence": pa.array([o.evidence for o in orders], pa.string()),
            "line": pa.array([o.line for o in orders], pa.int64()),
            "lines": pa.array([1] * len(orders), pa.int64()),
            "probability": pa.array([o.probability for o in orders], pa.float64()),
        }
    )
