"""What a platform held in reserve before the book's first report: what it set free of which no file tells the holding.

The first report of a book mostly sets free what the one before it held back. Held was then, at least, what keeps the
reserve from ever falling below nothing. A report that has every line of its payouts begins each with what the one
before held, so what it sets free comes before what it holds, wherever the two lines stand.
"""

from __future__ import annotations

# By account and currency, in minor units; none where nothing was held before. Of `line` and `evidence`.
HELD_BEFORE = """
SELECT account, currency, CAST(-min(held) AS BIGINT) AS amount FROM (
  SELECT l.account, l.currency, -sum(l.amount) OVER (
           PARTITION BY l.account, l.currency
           ORDER BY l.day, CASE WHEN e.whole AND l.kind = 'reserve_release' THEN 0 ELSE 1 END, e.seq, l.line
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS held
  FROM line l JOIN evidence e ON e.sha = l.evidence
  WHERE l.kind IN ('reserve_hold', 'reserve_release')
) GROUP BY account, currency HAVING min(held) < 0
"""
