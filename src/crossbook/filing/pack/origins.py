"""What the orders of a payout came to before their money was converted or sent on: sales, the platform's fees, refunds,
and how much of that is in the payout, in the currency of then."""

from __future__ import annotations

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
  SELECT t.order_id, a.account, t.currency, CAST(sum(t.used) AS BIGINT) AS used, min_by(t.evidence, t.line) AS evidence,
         min(t.line) AS line
  FROM told t JOIN (SELECT DISTINCT evidence, line, account FROM line) a USING (evidence, line) GROUP BY ALL
)
SELECT u.order_id, u.account, u.currency, u.used, u.evidence, u.line,
       CAST(sum(CASE WHEN l.kind IN {_BACK} THEN 0 ELSE l.amount - {_FEE} END) AS BIGINT) AS sales,
       CAST(sum({_FEE}) AS BIGINT) AS fees,
       CAST(sum(CASE WHEN l.kind IN {_BACK} THEN l.amount - {_FEE} ELSE 0 END) AS BIGINT) AS refunds
FROM used u JOIN line l ON l.account = u.account AND l.currency = u.currency AND {_OWN} = u.order_id
WHERE l.kind NOT IN {_MOVES} GROUP BY ALL ORDER BY u.currency, u.order_id
"""


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
    return tuple(Origin(file=names.get(row.pop("evidence"), ""), **row) for row in rows)
