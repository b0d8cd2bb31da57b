"""What settlement lines say on a day: orders settled and in which payout, and what awaits release."""

from __future__ import annotations

from datetime import date

from crossbook.engine import Database

TABLES = ("order_waiting", "order_settled", "balance_line_placed")

# The payout that each settled line is in: by name, or the next withdrawal from the balance. To be told which lines.
LINES_IN = """
drawn AS (
  SELECT account, currency, order_id, day, amount, kind, evidence, line,
         min(CASE WHEN kind = 'withdrawal' THEN reference END) OVER w AS payout_id
  FROM balance_line_placed
  WINDOW w AS (PARTITION BY account, currency, span)
),
lines AS (
  SELECT account, currency, order_id, day, amount, kind, payout_id, evidence, line FROM line
  WHERE payout_id IS NOT NULL AND kind <> 'withdrawal' AND {which}
  UNION ALL
  SELECT account, currency, order_id, day, amount, kind, payout_id, evidence, line FROM drawn
  WHERE kind <> 'withdrawal' AND {which}
  UNION ALL
  SELECT account, currency, order_id, day, amount, kind, NULL, evidence, line FROM line l
  WHERE payout_id IS NULL AND kind <> 'withdrawal' AND {which}
    AND NOT EXISTS (SELECT 1 FROM payout_used u
                    WHERE u.account = l.account AND u.basis = 'balance')
    AND NOT EXISTS (SELECT 1 FROM balance_line b WHERE b.account = l.account)
)""".strip()

SETTLED = f"""
WITH {LINES_IN.format(which="order_id IS NOT NULL")}
SELECT l.account, l.currency, order_id, min(day) AS settled_on, sum(amount) AS net,
       min_by(payout_id, (day, payout_id)) AS payout_id,
       sum(CASE WHEN kind IN ('dispute_hold', 'dispute_release') THEN amount ELSE 0 END) AS held
FROM lines l
WHERE day <= $day
GROUP BY l.account, l.currency, order_id
"""

# What an order awaits of its platform on a day: money that a report calls deferred, and what it releases later only.
# A deferred line gives way once the order's settled lines make the sum of all that was told of it.
OVER = """
settled AS (
  SELECT account, currency, order_id, kind IN ('refund', 'refund_fee', 'chargeback') AS back, sum(amount) AS amount
  FROM line WHERE kind <> 'withdrawal' AND {until} AND order_id IS NOT NULL
  GROUP BY account, currency, order_id, 4
),
over AS (
  SELECT t.account, t.currency, t.order_id, t.back FROM told t
  JOIN settled s ON s.account = t.account AND s.currency = t.currency AND s.order_id = t.order_id AND s.back = t.back
  GROUP BY t.account, t.currency, t.order_id, t.back, s.amount HAVING s.amount = sum(t.amount)
)
""".strip()
WAITING = f"""
WITH told AS (
  SELECT *, kind IN ('refund', 'refund_fee', 'chargeback') AS back FROM release_told
  WHERE kind <> 'withdrawal' AND day <= $day
),
{OVER.format(until="day <= $day")}
SELECT t.account, t.currency, t.order_id, CAST(sum(t.amount) AS BIGINT) AS amount,
       CAST(sum(CASE WHEN state = 'deferred' THEN t.amount ELSE 0 END) AS BIGINT) AS deferred,
       min(day) AS day, CASE WHEN count(release_on) = count(*) THEN max(release_on) END AS release_on,
       min_by(evidence, (day, line, evidence)) AS evidence, min_by(line, (day, line, evidence)) AS line
FROM told t
LEFT JOIN over o ON o.account = t.account AND o.currency = t.currency AND o.order_id = t.order_id AND o.back = t.back
WHERE CASE WHEN state = 'deferred' THEN o.order_id IS NULL ELSE release_on > $day END
GROUP BY t.account, t.currency, t.order_id
"""

# A span is the run of lines that one withdrawal ends.
SPANS = """
SELECT *, sum(CASE WHEN kind = 'withdrawal' THEN 1 ELSE 0 END)
            OVER (PARTITION BY account, currency ORDER BY place DESC ROWS UNBOUNDED PRECEDING) AS span
FROM balance_line
"""


def make(database: Database, day: date) -> None:
    """Make the scratch tables `TABLES` for a day; whoever does so drops them."""
    database.scratch("balance_line_placed", SPANS)
    database.scratch("order_settled", SETTLED, day=day)
    database.scratch("order_waiting", WAITING, day=day)
