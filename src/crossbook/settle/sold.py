"""The settlement lines of an order, each with the payout that it is in: of what was sold, and of what was paid back.

A payout names its lines, or is the next withdrawal from the balance that they are in. A line that names no order is of
the order of the sale that it refers to; a sale that names none is called by its own reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from crossbook.engine import Database

TRADES = ("sale", "shipping", "tax", "promotion")  # kinds of line that bring an order's money
# By which name a running balance's lines refer to an order: its number, else the reference of its sale.
NAMED = f"""
  SELECT account, reference, coalesce(max(order_id), reference) AS name FROM balance_line
  WHERE reference IS NOT NULL AND (order_id IS NOT NULL OR kind IN {TRADES}) GROUP BY account, reference
"""
# The order of a line `l`, of which `r` is what it refers to: its own number, that of the sale, else its own reference.
ORDER_OF = f"coalesce(l.order_id, r.name, CASE WHEN l.kind IN {TRADES} THEN l.reference END)"
BACK = ("refund", "refund_fee", "reversal", "chargeback", "dispute_hold")  # that take it back, or hold it

_LINES = f"""
WITH sale AS (
  SELECT DISTINCT l.account, a.order_id AS called, l.reference
  FROM line l JOIN asked_order a ON a.order_id = coalesce(l.order_id, l.reference) WHERE l.kind IN {TRADES}
),
own AS (
  SELECT a.order_id AS called, l.* FROM line l JOIN asked_order a ON a.order_id = l.order_id
  UNION ALL
  SELECT s.called, l.* FROM line l JOIN sale s ON s.account = l.account AND s.reference = l.reference
  WHERE l.order_id IS NULL AND s.called = s.reference AND l.kind IN {TRADES}
  UNION ALL
  SELECT s.called, l.* FROM line l JOIN sale s ON s.account = l.account AND s.reference = l.related
  WHERE l.order_id IS NULL AND l.kind NOT IN {TRADES}
),
placed AS (
  SELECT b.account, b.currency, b.evidence, b.line, max(b.place) AS place
  FROM balance_line b SEMI JOIN own o ON o.evidence = b.evidence AND o.line = b.line GROUP BY ALL
),
stood AS (
  SELECT o.*, p.place FROM own o LEFT JOIN placed p
    ON p.account = o.account AND p.currency = o.currency AND p.evidence = o.evidence AND p.line = o.line
)
SELECT s.called, s.account, s.currency, s.day, s.posted_at, s.kind, s.type, s.amount, coalesce(s.fee, 0) AS fee,
       s.evidence, s.line, coalesce(s.payout_id, d.payout_id) AS payout_id
FROM stood s ASOF LEFT JOIN balance_drawn d
  ON d.account = s.account AND d.currency = s.currency AND s.place < d.place
WHERE s.kind NOT IN ('withdrawal', 'conversion') ORDER BY s.posted_at, s.line, s.kind, s.amount
"""


@dataclass(frozen=True)
class Sold:
    """What an account sold in one order: the day of its first line, the sum without fees, the payouts that it was in
    (none while it is in the balance), and the first line."""

    order_id: str
    account: str
    currency: str
    day: date | None
    amount: int
    payouts: tuple[str, ...]
    evidence: str
    line: int


def lines_of(database: Database, orders: list[str]) -> list[dict[str, Any]]:
    """All lines of some orders but withdrawals and conversions, in their order; `called` is the order, `payout_id` the
    payout that the line is in, None while it is in none."""
    database.put("asked_order", pa.table({"order_id": pa.array(sorted(set(orders)), pa.string())}))
    return database.rows(_LINES) if orders else []


# Withdrawals that took of an order's money after it was converted or sent on.
_SENT = """
SELECT DISTINCT order_id, payout_id, went_on FROM flow SEMI JOIN asked_order USING (order_id)
WHERE payout_id IS NOT NULL ORDER BY went_on, payout_id
"""


def sent_in(database: Database, orders: list[str]) -> dict[str, tuple[str, ...]]:
    """By order the payouts that its money is in, wherever it went. `database` has the tables of `flow`."""
    database.put("asked_order", pa.table({"order_id": pa.array(sorted(set(orders)), pa.string())}))
    found: dict[str, tuple[str, ...]] = {}
    for row in database.rows(_SENT) if orders else ():
        found[row["order_id"]] = tuple(dict.fromkeys((*found.get(row["order_id"], ()), row["payout_id"])))
    return found


def sold(lines: list[dict[str, Any]], sent: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, str], list[Sold]]:
    """What was sold, by account and order: a row each currency. `sent` are the payouts that an order's money is in,
    where its lines are in none: it was converted first."""
    sales: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in lines:
        if row["kind"] in TRADES:
            sales[row["account"], row["called"], row["currency"]].append(row)
    found: dict[tuple[str, str], list[Sold]] = defaultdict(list)
    for (account, order, currency), rows in sales.items():
        one = Sold(
            order_id=order,
            account=account,
            currency=currency,
            day=rows[0]["day"],
            amount=sum(int(r["amount"]) - int(r["fee"]) for r in rows),
            payouts=tuple(dict.fromkeys(r["payout_id"] for r in rows if r["payout_id"])) or sent.get(order, ()),
            evidence=rows[0]["evidence"],
            line=rows[0]["line"],
        )
        found[account, order].append(one)
    return dict(found)
