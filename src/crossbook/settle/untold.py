"""Money that left a balance by lines of which no file says what they are: a withdrawal may be among them.

A payout of such an account is made of each line that is known as a withdrawal. A line whose word no list has is
`other`, and no payout is made of it: that is said, so that a withdrawal that was not understood is not taken for none.
"""

from __future__ import annotations

from crossbook import money
from crossbook.engine import Database

# PayPal's event codes (T0001 …) are told by its own list: `other` is what they are, not what is unknown.
UNTOLD = """
SELECT account, currency, count(*) AS lines, CAST(sum(amount) AS BIGINT) AS amount,
       list(DISTINCT type ORDER BY type) AS types
FROM line l
WHERE kind = 'other' AND amount < 0 AND payout_id IS NULL AND order_id IS NULL AND coalesce(type, '') <> ''
  AND NOT regexp_full_match(type, '[Tt][0-9]{4}')
  AND NOT EXISTS (SELECT 1 FROM payout_used u WHERE u.account = l.account AND u.basis = 'total')
GROUP BY account, currency ORDER BY account, currency
"""
SHOWN = 5  # words by account


def untold(database: Database) -> list[str]:
    """A sentence for each account and currency whose balance lines of no known kind took money out."""
    return [
        f"{row['account']}: {money.show(-row['amount'], row['currency'])} went out in {row['lines']} lines of no known "
        f"kind ({', '.join(row['types'][:SHOWN])}): if one is a withdrawal, no payout is made of it"
        for row in database.rows(UNTOLD)
    ]
