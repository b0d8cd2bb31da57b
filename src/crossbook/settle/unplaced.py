"""Money of which no file says where it is, and orders of which none says how much they bring: named, never left away.

`position` puts money in places by what files prove. A settlement that no payout pays, or of which no
file says when, has no day on which its money left; an order of an unknown total or day that no payout holds brings
nobody knows how much, or when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.settle.desk import Desk
from crossbook.trade.statuses import NOT_SALES

SHOWN = 5  # names of each kind
# What is not known of it, as faces say it.
WHAT = {
    "unpaid": "settlements without a day of payment",
    "total": "orders of an unknown total",
    "day": "orders of an unknown day",
}

UNPLACED = f"""
WITH lines AS (
  SELECT l.account, l.currency, l.payout_id AS name, sum(l.amount) AS amount,
         min_by(l.evidence, (l.evidence, l.line)) AS evidence, min_by(l.line, (l.evidence, l.line)) AS line
  FROM line l ANTI JOIN payout_used u
    ON u.account = l.account AND u.payout_id = l.payout_id AND u.currency = l.currency
  WHERE l.payout_id IS NOT NULL AND l.kind <> 'withdrawal' AND l.day <= $day
  GROUP BY l.account, l.currency, l.payout_id
),
paid AS (
  SELECT DISTINCT l.account, l.order_id FROM line l
  JOIN payout_used u ON u.account = l.account AND u.payout_id = l.payout_id AND u.currency = l.currency
  WHERE l.order_id IS NOT NULL AND u.paid_on <= $day
),
found AS (
  SELECT 'unpaid' AS what, account, currency, name, amount, evidence, line FROM lines
  UNION ALL
  SELECT 'unpaid', account, currency, payout_id, amount, evidence, line FROM payout_used
  WHERE paid_on IS NULL AND amount <> 0
  UNION ALL
  SELECT CASE WHEN o.total IS NULL THEN 'total' ELSE 'day' END, o.account, o.currency, o.order_id, o.total,
         o.evidence, o.line
  FROM orders o
  WHERE (o.total IS NULL OR (o.placed_on IS NULL AND o.total > 0)) AND coalesce(o.placed_on <= $day, true)
    AND o.status <> 'refunded' AND o.status NOT IN {NOT_SALES}
    AND NOT EXISTS (SELECT 1 FROM paid p WHERE p.account = o.account AND p.order_id = o.order_id)
)
SELECT what, account, currency, count(*) AS count, CASE WHEN what <> 'total' THEN sum(amount) END AS amount,
       list(name ORDER BY name) AS names, min_by(evidence, (evidence, line)) AS evidence,
       min_by(line, (evidence, line)) AS line
FROM found GROUP BY what, account, currency ORDER BY account, currency, what
"""


@dataclass(frozen=True)
class Unplaced:
    """What stands in no place: `what` is one of `WHAT`, `count` how many with the first of their `names`, `amount`
    what they come to in minor units, None where no file says it; `evidence` and `line` cite one of them. Lines of
    settlements are told whole: orders among them that the book lists have a place of their own, besides."""

    what: str
    account: str
    currency: str | None
    count: int
    amount: int | None
    names: tuple[str, ...]
    evidence: str
    line: int


def unplaced(desk: Desk, day: date) -> list[Unplaced]:
    """What on `day` is in no place of `position`, by account and currency."""
    return [
        Unplaced(
            what=row["what"],
            account=row["account"],
            currency=row["currency"],
            count=row["count"],
            amount=None if row["amount"] is None else int(row["amount"]),
            names=tuple(row["names"][:SHOWN]),
            evidence=row["evidence"],
            line=row["line"],
        )
        for row in desk.database.rows(UNPLACED, day=day)
    ]
