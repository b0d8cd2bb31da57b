"""What stands beside the orders in each place: lines that name no order, orders that are in no list, what is carried.

With it the rows of a payout make what was paid, and the rows of a balance make what is in it, to the minor unit. Each
row says what it is: a kind of settlement line (`advertising`, `storage`, `fee`, …) or one of `KINDS`.

A balance that money left in parts is told by its lots: what of them is of no order that stands elsewhere. Any other
account is told by its lines.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from crossbook.settle.desk import Desk
from crossbook.settle.settled import LINES_IN

KINDS = (
    "unknown_order",  # of an order that no list of orders has
    "order_lines",  # of orders whose money is counted in another place, was paid back, or was lost
    "unknown_origin",  # in no file: what a balance began with, or moved by beyond its lines
    "carried",  # from the payout before, or to the next
    "overdrawn",  # below zero: what receipts to come will pay back
    "difference",  # what the lines of a payout do not explain of its amount
)
TABLES = ("account_rest", "rest_shown", "rest_of_lots", "rest_of_lines")

# Orders that stand where their lines put them, with what they are shown to bring of money that was settled.
SHOWN = """
SELECT settled_by AS account, currency, order_id,
       CASE WHEN place IN ('at_bank', 'on_its_way') THEN payout_id END AS payout_id,
       CASE WHEN place IN ('at_bank', 'on_its_way') THEN brings ELSE net END AS amount
FROM order_placed
WHERE settled_by IS NOT NULL
  AND (place IN ('at_bank', 'on_its_way') OR (place IN ('in_balance', 'in_dispute') AND net > 0)
       OR (place = 'awaiting_release' AND waiting IS NOT NULL))
"""

OF_LOTS = """
WITH told AS (
  SELECT n.account, n.currency, CASE WHEN n.place <> 'in_balance' THEN n.payout_id END AS payout_id, n.place,
         CASE WHEN w.order_id IS NOT NULL THEN 'order_lines' WHEN n.order_id IS NOT NULL THEN 'unknown_order'
              WHEN o.kind IS NULL OR o.kind IN ('carried', 'gap') THEN 'unknown_origin' ELSE o.kind END AS what,
         n.amount, n.came_on AS day, e.evidence, e.line
  FROM piece_now n SEMI JOIN lot_balance b ON b.account = n.account AND b.currency = n.currency
  ANTI JOIN order_touched t ON t.order_id = n.order_id AND t.origin_currency = n.origin_currency
  LEFT JOIN (SELECT DISTINCT order_id FROM order_way) w ON w.order_id = n.order_id
  LEFT JOIN flow_event o ON o.id = n.origin
  LEFT JOIN flow_event e ON e.id = CASE WHEN n.place = 'in_balance' THEN coalesce(n.came, n.went) ELSE n.went END
  WHERE n.held = 'balance'
  UNION ALL  -- taken by the day, and not there yet
  SELECT p.account, p.currency, NULL, 'in_balance', 'overdrawn', -p.amount, p.went_on, e.evidence, e.line
  FROM flow p SEMI JOIN lot_balance b ON b.account = p.account AND b.currency = p.currency
  LEFT JOIN flow_event e ON e.id = p.went
  WHERE p.held = 'balance' AND p.went_on <= $day AND (p.lacking OR p.came_on > $day)
  UNION ALL
  SELECT s.account, s.currency, s.payout_id,
         CASE WHEN s.payout_id IS NULL THEN 'in_balance' WHEN y.booked_on <= $day THEN 'at_bank' ELSE 'on_its_way' END,
         'order_lines', -s.amount, y.paid_on, y.evidence, y.line
  FROM rest_shown s SEMI JOIN lot_balance b ON b.account = s.account AND b.currency = s.currency
  LEFT JOIN payout_arrival y ON y.account = s.account AND y.payout_id = s.payout_id AND y.currency = s.currency
)
SELECT t.account, t.currency, t.place, t.what, CAST(sum(t.amount) AS BIGINT) AS amount, y.paid_on,
       CASE WHEN t.place = 'at_bank' THEN y.booked_on END AS booked_on, t.payout_id,
       max_by(t.evidence, (t.day, t.line, t.evidence)) AS evidence, max_by(t.line, (t.day, t.line, t.evidence)) AS line,
       coalesce(y.paid_on, max(t.day)) AS since
FROM told t
LEFT JOIN payout_arrival y ON y.account = t.account AND y.payout_id = t.payout_id AND y.currency = t.currency
GROUP BY t.account, t.currency, t.place, t.what, t.payout_id, y.paid_on, y.booked_on HAVING sum(t.amount) <> 0
"""

OF_LINES = f"""
WITH {LINES_IN.format(which="true")},
known AS (
  SELECT s.account, s.currency FROM order_settled s SEMI JOIN orders o ON o.order_id = s.order_id
  UNION SELECT account, currency FROM order_restored
),
mine AS (
  SELECT k.account, k.currency FROM known k ANTI JOIN lot_balance b ON b.account = k.account AND b.currency = k.currency
  WHERE k.account NOT IN (SELECT account FROM bank_used)
),
paid AS (  -- payouts of which an order is shown; one below zero that the next one takes over moves nothing
  SELECT y.account, y.currency, y.payout_id, y.paid_on, y.booked_on, y.evidence, y.line,
         CASE WHEN y.amount < 0 AND EXISTS (SELECT 1 FROM line l WHERE l.kind = 'carried' AND l.account = y.account
                                            AND l.currency = y.currency AND l.amount = y.amount)
              THEN y.amount ELSE 0 END AS over, y.amount
  FROM payout_arrival y SEMI JOIN mine m ON m.account = y.account AND m.currency = y.currency
  SEMI JOIN order_placed p ON p.payout_id = y.payout_id AND p.currency = y.currency AND p.paid_on <= $day
  ANTI JOIN told_by_lots b ON b.account = y.account AND b.payout_id = y.payout_id AND b.currency = y.currency
  WHERE y.paid_on <= $day
),
waiting AS (  -- of no order that is shown: told as awaiting its release
  SELECT t.evidence, t.line FROM release_told t
  ANTI JOIN order_placed p ON p.order_id = t.order_id AND p.currency = t.currency AND p.place <> 'gone'
  WHERE t.state <> 'deferred' AND t.release_on > $day
),
stands AS (
  SELECT l.account, l.currency, CASE WHEN y.paid_on <= $day THEN l.payout_id END AS payout_id,
         CASE WHEN l.order_id IS NULL THEN l.kind WHEN o.order_id IS NULL THEN 'unknown_order' ELSE 'order_lines' END
           AS what,
         l.amount, l.day, l.evidence, l.line
  FROM lines l SEMI JOIN mine m ON m.account = l.account AND m.currency = l.currency
  LEFT JOIN payout_arrival y ON y.account = l.account AND y.payout_id = l.payout_id AND y.currency = l.currency
  LEFT JOIN (SELECT DISTINCT order_id FROM orders) o ON o.order_id = l.order_id
  WHERE l.day <= $day OR y.paid_on <= $day
),
told AS (
  SELECT s.* FROM stands s SEMI JOIN paid p
    ON p.account = s.account AND p.payout_id = s.payout_id AND p.currency = s.currency
  UNION ALL
  SELECT s.* FROM stands s ANTI JOIN waiting w ON w.evidence = s.evidence AND w.line = s.line
  WHERE s.payout_id IS NULL AND NOT EXISTS (SELECT 1 FROM payout_used u WHERE u.account = s.account
                                            AND u.basis = 'total')
  UNION ALL
  SELECT r.account, r.currency, r.payout_id, 'order_lines', r.net, r.paid_on, p.evidence, p.line
  FROM order_restored r JOIN paid p ON p.account = r.account AND p.payout_id = r.payout_id AND p.currency = r.currency
  UNION ALL
  SELECT p.account, p.currency, p.payout_id, 'carried', c.amount, p.paid_on, p.evidence, p.line
  FROM paid p JOIN payout_carried c ON c.account = p.account AND c.payout_id = p.payout_id AND c.currency = p.currency
  UNION ALL
  SELECT account, currency, payout_id, 'carried', -over, paid_on, evidence, line FROM paid
),
running AS (
  SELECT b.account, b.currency, max_by(b.after, b.place) AS stated, max_by(b.evidence, b.place) AS evidence,
         max_by(b.line, b.place) AS line, max(b.day) AS day
  FROM balance_line b SEMI JOIN mine m ON m.account = b.account AND m.currency = b.currency
  WHERE b.day <= $day GROUP BY b.account, b.currency
),
whole AS (
  SELECT * FROM told
  UNION ALL
  SELECT p.account, p.currency, p.payout_id, 'difference', p.amount - p.over - coalesce(sum(t.amount), 0), p.paid_on,
         p.evidence, p.line
  FROM paid p LEFT JOIN told t ON t.account = p.account AND t.payout_id = p.payout_id AND t.currency = p.currency
  GROUP BY p.account, p.currency, p.payout_id, p.amount, p.over, p.paid_on, p.evidence, p.line
  UNION ALL  -- what the last payout left, or the balance began with
  SELECT r.account, r.currency, NULL, 'carried', r.stated - coalesce(sum(t.amount), 0), r.day, r.evidence, r.line
  FROM running r LEFT JOIN told t ON t.account = r.account AND t.currency = r.currency AND t.payout_id IS NULL
  WHERE r.stated IS NOT NULL GROUP BY r.account, r.currency, r.stated, r.day, r.evidence, r.line
  UNION ALL
  SELECT s.account, s.currency, s.payout_id, 'order_lines', -s.amount, NULL, NULL, NULL
  FROM rest_shown s SEMI JOIN mine m ON m.account = s.account AND m.currency = s.currency
  WHERE s.payout_id IS NULL OR EXISTS (SELECT 1 FROM paid p WHERE p.account = s.account AND p.payout_id = s.payout_id
                                       AND p.currency = s.currency)
  UNION ALL  -- what came by a conversion is shown as the orders behind it
  SELECT n.account, n.currency, n.payout_id, 'conversion', -n.amount, NULL, NULL, NULL
  FROM order_moved n SEMI JOIN mine m ON m.account = n.account AND m.currency = n.currency
  WHERE n.held = 'balance'
)
SELECT w.account, w.currency,
       CASE WHEN w.payout_id IS NULL THEN 'in_balance' WHEN p.booked_on <= $day THEN 'at_bank' ELSE 'on_its_way' END
         AS place,
       w.what, CAST(sum(w.amount) AS BIGINT) AS amount, p.paid_on,
       CASE WHEN p.booked_on <= $day THEN p.booked_on END AS booked_on, w.payout_id,
       coalesce(max_by(w.evidence, (w.day, w.line, w.evidence)), p.evidence) AS evidence,
       coalesce(max_by(w.line, (w.day, w.line, w.evidence)), p.line) AS line, coalesce(p.paid_on, max(w.day)) AS since
FROM whole w
LEFT JOIN paid p ON p.account = w.account AND p.payout_id = w.payout_id AND p.currency = w.currency
GROUP BY w.account, w.currency, w.what, w.payout_id, p.paid_on, p.booked_on, p.evidence, p.line
HAVING sum(w.amount) <> 0
"""

# What an account's lines have left on a day where the book has no order that they settle: of a running balance what it
# states, else what is in no payout. What awaits release, and what lies in a wallet, is told elsewhere.
ACCOUNT_REST = """
WITH known AS (
  SELECT DISTINCT s.account, s.currency FROM order_settled s SEMI JOIN orders o ON o.order_id = s.order_id
),
running AS (
  SELECT account, currency,
         max_by(after, place) AS amount,
         max_by(evidence, place) AS evidence, max_by(line, place) AS line, max(day) AS since
  FROM balance_line WHERE day <= $day GROUP BY account, currency
),
other AS (
  SELECT account, currency, sum(amount) AS amount,
         max_by(evidence, (day, line, evidence)) AS evidence, max_by(line, (day, line, evidence)) AS line,
         max(day) AS since
  FROM line l WHERE payout_id IS NULL AND day <= $day
    AND NOT EXISTS (SELECT 1 FROM balance_line b WHERE b.account = l.account)
  GROUP BY account, currency
)
SELECT account, currency, CAST(amount AS BIGINT) AS amount, evidence, line, since
FROM (SELECT * FROM running UNION ALL SELECT * FROM other) r
WHERE amount <> 0
  AND NOT EXISTS (SELECT 1 FROM known k WHERE k.account = r.account AND k.currency = r.currency)
  AND NOT EXISTS (SELECT 1 FROM lot_balance b WHERE b.account = r.account AND b.currency = r.currency)
  AND NOT EXISTS (SELECT 1 FROM bank_used b WHERE b.account = r.account)
  AND NOT EXISTS (SELECT 1 FROM order_waiting q WHERE q.account = r.account)
  AND NOT EXISTS (SELECT 1 FROM payout_used u WHERE u.account = r.account AND u.basis = 'total')
"""


def make(desk: Desk, day: date) -> None:
    """Make `rest_of_lots`, `rest_of_lines` and `account_rest` for a day; `order_placed` and what it rests on are there.

    Their columns: account, currency, place, what, amount (minor units), paid_on, booked_on, payout_id, evidence, line,
    since (the day from which it stands there).
    """
    database = desk.database
    database.put("payout_carried", _carried(desk))
    database.scratch("rest_shown", SHOWN)
    database.scratch("account_rest", ACCOUNT_REST, day=day)
    database.scratch("rest_of_lots", OF_LOTS, day=day)
    database.scratch("rest_of_lines", OF_LINES, day=day)


def _carried(desk: Desk) -> pa.Table:
    """What each payout of a running balance took over from the one before, less what it left."""
    rows = [
        (p.account, p.payout_id, p.currency, p.closure.total - dict(p.closure.parts)["lines"])
        for p in desk.payouts
        if p.basis == "balance" and p.closure is not None and p.closure.total is not None
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 4
    names = ("account", "payout_id", "currency", "amount")
    types = (pa.string(), pa.string(), pa.string(), pa.int64())
    return pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})
