"""Where money is on a day that was converted, sent to a wallet or drawn in parts: in the place of its lots.

All orders of a balance that was converted from, or in which a withdrawal left something, are told so, in the currency
that their money is in; one that is held in a dispute stands there. An order all of whose money was used up stands
nowhere, and not where its lines would put it.

Scratch tables: `lot_balance` (balances that lots tell), `order_touched` (their orders), `order_moved` (each piece of
such an order), `order_elsewhere` (those orders, a row each place, with the columns of `order_way`, `place` and
`brings`) and `told_by_lots` (payouts that the lots tell whole).
"""

from __future__ import annotations

from datetime import date

from crossbook.settle.desk import Desk
from crossbook.settle.flow.following import followed

TABLES = ("piece_now", "lot_balance", "order_touched", "order_moved", "order_elsewhere", "told_by_lots")

# Every piece that has not gone on by the day, and where it is. What is held in reserve is told by the reserve's own
# row.
NOW = """
SELECT p.*, y.paid_on, CASE WHEN p.into IS NULL THEN y.booked_on END AS booked_on,
  CASE WHEN p.went_on IS NULL OR p.went_on > $day THEN 'in_balance'
       WHEN p.went_as = 'withdrawal' AND p.into IS NULL AND y.booked_on <= $day THEN 'at_bank'
       WHEN p.went_as = 'withdrawal' THEN 'on_its_way' ELSE 'untraced' END AS place
FROM flow p
LEFT JOIN payout_arrival y ON y.account = p.account AND y.payout_id = p.payout_id AND y.currency = p.currency
WHERE NOT p.lacking AND p.held <> 'reserve'
  AND CASE WHEN p.held = 'payout' THEN p.went_on <= $day ELSE p.came_on <= $day END
  AND (p.into IS NULL OR p.into_on > $day OR p.went_on > $day)
  AND (p.went_on IS NULL OR p.went_on > $day OR p.went_as IN ('withdrawal', 'conversion'))
"""

# Balances that lots tell: what was converted from, what a withdrawal left something in, and what is of a wallet.
BALANCES = """
SELECT DISTINCT account, currency FROM flow WHERE went_as = 'conversion' AND went_on <= $day
UNION
SELECT d.account, d.currency FROM balance_drawn d
JOIN payout_arrival y ON y.account = d.account AND y.payout_id = d.payout_id AND y.currency = d.currency
WHERE y.paid_on <= $day AND (d.after <> 0 OR y.returned_on IS NOT NULL)
UNION
SELECT DISTINCT account, currency FROM flow_event
WHERE held = 'balance' AND account IN (SELECT account FROM bank_used)
"""

TOUCHED = """
SELECT DISTINCT f.order_id, f.origin_currency FROM flow f
LEFT JOIN lot_balance c ON c.account = f.origin_account AND c.currency = f.origin_currency
JOIN order_way w ON w.order_id = f.order_id AND w.currency = f.origin_currency
WHERE (c.account IS NOT NULL OR (f.how = 'match' AND f.into_on <= $day)) AND coalesce(w.held, 0) >= 0
"""

MOVED = """
SELECT n.* REPLACE (CASE WHEN n.went_on <= $day THEN n.payout_id END AS payout_id) FROM piece_now n
SEMI JOIN order_touched t ON t.order_id = n.order_id AND t.origin_currency = n.origin_currency
"""

ELSEWHERE = """
WITH whole AS (
  SELECT *, sum(origin_amount) OVER (PARTITION BY order_id, origin_currency) AS of_order FROM order_moved
  WHERE amount IS NOT NULL
),
told AS (
  SELECT m.order_id, m.origin_currency, m.currency, m.place,
         CASE WHEN m.place = 'at_bank' OR m.account = m.origin_account THEN w.account ELSE m.account END AS account,
         sum(m.amount) AS amount, any_value(m.of_order) AS of_order, sum(m.origin_amount) AS began,
         max(m.payout_id) AS payout_id, max(m.paid_on) AS paid_on, max(m.booked_on) AS booked_on,
           min(m.came_on) AS came_on
  FROM whole m JOIN order_way w ON w.order_id = m.order_id AND w.currency = m.origin_currency GROUP BY ALL
)
SELECT t.account, t.currency, w.order_id,
       CAST(round(CAST(w.total AS DOUBLE) * t.amount / t.of_order
                  * CASE WHEN t.currency = t.origin_currency THEN t.began / t.amount ELSE 1 END) AS BIGINT) AS total,
       w.country, w.evidence, w.line, w.placed_on, w.shipped_on, w.delivered_on, w.status, w.opened_on, w.closed_on,
       w.state,
       coalesce(w.settled_on, t.came_on) AS settled_on, CAST(t.amount AS BIGINT) AS net, w.held, t.payout_id,
       CASE WHEN t.place IN ('at_bank', 'on_its_way') THEN t.paid_on END AS paid_on,
       CASE WHEN t.place = 'at_bank' THEN t.booked_on END AS booked_on, w.back, NULL AS waiting, w.deferred,
       w.release_on, NULL AS settled_by,
       CASE WHEN t.place = 'in_balance' AND w.opened_on <= $day AND coalesce(w.closed_on, DATE '9999-12-31') > $day
            THEN 'in_dispute' ELSE t.place END AS place,
       CAST(t.amount AS BIGINT) AS brings
FROM told t JOIN order_way w ON w.order_id = t.order_id AND w.currency = t.origin_currency
WHERE t.amount > 0
"""

# Payouts that went to a wallet, and those out of balances that lots tell: their lots are told one by one.
BY_LOTS = """
SELECT DISTINCT account, payout_id, currency FROM flow
WHERE payout_id IS NOT NULL AND held <> 'reserve'
  AND (into_on <= $day OR (held = 'balance' AND (account, currency) IN (SELECT (account, currency) FROM lot_balance)))
"""


def make(desk: Desk, day: date) -> None:
    """Make the tables for a day; `order_way` and `payout_arrival` are there."""
    database = followed(desk)
    for name, sql in (
        ("piece_now", NOW),
        ("lot_balance", BALANCES),
        ("order_touched", TOUCHED),
        ("order_moved", MOVED),
        ("order_elsewhere", ELSEWHERE),
        ("told_by_lots", BY_LOTS),
    ):
        database.scratch(name, sql, **({"day": day} if "$day" in sql else {}))
