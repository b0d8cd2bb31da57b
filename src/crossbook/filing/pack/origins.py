"""What the orders of a payout came to before their money was converted or sent on: sales, the platform's fees, refunds,
and how much of that is in the payout, in the currency of then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow.inside import inside_sql

# Lines that only move money within or out of the balance are none of an order's.
_MOVES = "('withdrawal', 'conversion', 'reserve_hold', 'reserve_release', 'deposit', 'carried')"
_BACK = "('refund', 'refund_fee', 'reversal', 'chargeback', 'dispute_hold')"
_FEE = "CASE WHEN l.fee IS NOT NULL THEN l.fee WHEN l.kind IN ('fee', 'refund_fee') THEN l.amount ELSE 0 END"
# Where a platform names no order its own number of the sale stands for it; what is paid back relates to that.
_OWN = f"coalesce(l.order_id, CASE WHEN l.kind IN {_BACK} THEN l.related END, l.reference)"
ORIGINS = f"""
WITH told AS (
  SELECT order_id, began_currency AS currency, evidence, line, sum(began) AS used
  FROM ({{lines}}) WHERE began IS NOT NULL AND order_id IS NOT NULL AND NOT apart GROUP BY ALL
),
used AS (
  SELECT t.order_id, a.account, t.currency, CAST(sum(t.used) AS BIGINT) AS used,
         min_by(t.evidence, (t.line, t.evidence)) AS evidence, min(t.line) AS line
  FROM told t JOIN (SELECT DISTINCT evidence, line, account FROM line) a USING (evidence, line) GROUP BY ALL
)
SELECT u.order_id, u.account, u.currency, u.used, u.evidence, u.line,
       CAST(sum(CASE WHEN l.kind IN {_BACK} THEN 0 ELSE l.amount - {_FEE} END) AS BIGINT) AS sales,
       CAST(sum({_FEE}) AS BIGINT) AS fees,
       CAST(sum(CASE WHEN l.kind IN {_BACK} THEN l.amount - {_FEE} ELSE 0 END) AS BIGINT) AS refunds
FROM used u JOIN line l ON l.account = u.account AND l.currency = u.currency AND {_OWN} = u.order_id
WHERE l.kind NOT IN {_MOVES} GROUP BY ALL ORDER BY u.currency, u.order_id
"""

# What became of an order's money at the balance where it began: taken by lines of other orders or of none, still there;
# and what its own refunds took of other orders' money. What left with a withdrawal or a conversion has no row.
APART = """
WITH here AS (SELECT id, order_id, kind, type, evidence, line FROM flow_event WHERE held = 'balance' AND amount < 0),
mine AS (
  SELECT p.order_id, p.account, p.currency, CASE WHEN p.went IS NULL THEN 'left' ELSE 'taken' END AS how,
         h.order_id AS whose, h.kind, h.evidence, h.line, -sum(p.amount) AS amount
  FROM flow p LEFT JOIN here h ON h.id = p.went
  WHERE p.came = p.origin AND p.order_id IS NOT NULL AND h.order_id IS DISTINCT FROM p.order_id
    AND (p.went IS NULL OR h.kind NOT IN ('withdrawal', 'conversion', 'reserve_hold')) GROUP BY ALL
  UNION ALL
  SELECT h.order_id, p.account, p.currency, 'of others', p.order_id, h.kind, h.evidence, h.line, sum(p.amount)
  FROM flow p JOIN here h ON h.id = p.went
  WHERE h.order_id IS NOT NULL AND p.order_id IS DISTINCT FROM h.order_id AND h.kind NOT IN ('withdrawal', 'conversion')
  GROUP BY ALL
)
SELECT order_id, account, currency, how, whose, kind, evidence, line, CAST(amount AS BIGINT) AS amount FROM mine
WHERE order_id IN (SELECT unnest($orders)) ORDER BY abs(amount) DESC, evidence, line
"""


@dataclass(frozen=True)
class Apart:
    """A part of the difference between what an order came to and what a payout holds of it: `how` is left (in the
    balance), taken (by a line of another order, or of none), of others (its own refund took of their money)."""

    how: str
    whose: str | None
    kind: str | None
    amount: int
    file: str
    line: int | None


@dataclass(frozen=True)
class Origin:
    """An order where its money began, in minor units of `currency`: sales and refunds without fees, the fees, and how
    much of what they leave the payout holds (`used`)."""

    order_id: str
    account: str
    currency: str
    sales: int
    fees: int
    refunds: int
    used: int
    file: str
    line: int
    apart: tuple[Apart, ...] = ()

    @property
    def net(self) -> int:
        """What the order came to at the platform."""
        return self.sales + self.fees + self.refunds


def origins(desk: Desk, payout: Payout, names: dict[str, str]) -> tuple[Origin, ...]:
    """The orders of a payout of which money came in another currency, or by another account; none of one that was
    restored. `names` has the name of each evidence file."""
    if payout.restoration is not None or payout.basis != "balance":
        return ()
    values: dict[str, Any] = {"account": payout.account, "payout": payout.payout_id, "currency": payout.currency}
    rows = desk.database.rows(ORIGINS.format(lines=inside_sql(desk, payout)), **values)
    apart: dict[tuple[str, str, str], list[Apart]] = defaultdict(list)
    for row in desk.database.rows(APART, orders=sorted({r["order_id"] for r in rows})) if rows else ():
        key = row.pop("order_id"), row.pop("account"), row.pop("currency")
        apart[key].append(Apart(file=names.get(row.pop("evidence"), ""), **row))
    return tuple(
        Origin(
            file=names.get(row.pop("evidence"), ""),
            apart=tuple(apart[row["order_id"], row["account"], row["currency"]]),
            **row,
        )
        for row in rows
    )
