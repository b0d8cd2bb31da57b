"""Money that a platform deferred until a day which is past, in no payout that the book has: what is lacking is named.

A report says until when it holds a line back. Once the book's files speak of a later day and no settled line pays the
order, nothing shows that the money was released: the report of the payout that holds it is not in the book, or the
platform holds it still.
"""

from __future__ import annotations

from datetime import date

from crossbook import money
from crossbook.engine import Database
from crossbook.settle.settled import OVER

ANY = "SELECT 1 AS one FROM release_told WHERE state = 'deferred' AND release_on IS NOT NULL LIMIT 1"
# The last day that files on money speak of: of a later one nothing can be lacking yet.
LAST = """
SELECT max(day) AS day FROM (
  SELECT max(day) AS day FROM line UNION ALL SELECT max(paid_on) FROM payout_used
  UNION ALL SELECT max(booked_on) FROM bank_used UNION ALL SELECT max(day) FROM release_told
)
"""
PAST = f"""
WITH told AS (
  SELECT *, kind IN ('refund', 'refund_fee', 'chargeback') AS back FROM release_told WHERE kind <> 'withdrawal'
),
{OVER.format(until="true")}
SELECT t.account, t.currency, count(DISTINCT t.order_id) AS orders,
       CAST(sum(t.amount) AS BIGINT) AS amount, max(t.release_on) AS last
FROM told t ANTI JOIN over o
  ON o.account = t.account AND o.currency = t.currency AND o.order_id = t.order_id AND o.back = t.back
WHERE t.state = 'deferred' AND t.release_on < $day
GROUP BY t.account, t.currency ORDER BY t.account, t.currency
"""


def last_told(database: Database) -> date | None:
    """The last day that the book's files on money speak of."""
    found: date | None = database.rows(LAST)[0]["day"]
    return found


def past_release(database: Database) -> list[str]:
    """A sentence for each account and currency whose deferred money is past its day and in no payout."""
    if not database.rows(ANY):
        return []
    return [
        f"{row['account']}: {money.show(row['amount'], row['currency'])} of {row['orders']} deferred orders was to be "
        f"released by {row['last']}, and no payout that the book has holds it: add the later reports of this account"
        for row in database.rows(PAST, day=last_told(database))
    ]
