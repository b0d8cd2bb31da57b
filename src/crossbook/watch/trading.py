"""The trades behind transfers: whose orders the book has under the number of an account, and which transfer pays which.

A transfer pays an order of its payee when its reference is the order's number, or its own number is what the order
names as its payment. What verify says of the trade goes with it.
"""

from __future__ import annotations

from crossbook.engine import Database

VERDICTS = ("verdict",)  # what verify publishes, asked for only where the book has trades
NONE = "there are no orders in this book under the number of an account: not asked"

_ACCOUNTS = """
SELECT DISTINCT o.account, a.holder_id AS party FROM orders o JOIN watch_account a ON a.number = o.account
"""
_ORDERS = """
SELECT o.order_id, o.account, o.evidence, o.line, CAST(o.placed_on - DATE '1970-01-01' AS BIGINT) AS dn
FROM orders o JOIN traded_account a ON a.account = o.account
WHERE o.cancelled_at IS NULL AND coalesce(o.status, '') <> 'cancelled' AND o.placed_on IS NOT NULL
"""
_PAID = """
SELECT t.id, o.order_id, min(v.verdict) AS verdict FROM watch_transfer t
JOIN orders o ON o.account = t.payee_account AND (o.number = t.reference OR o.reference = t.transfer_id)
LEFT JOIN {verdict} v ON v.order_id = o.order_id
GROUP BY t.id, o.order_id
"""
_UNKNOWN = "(SELECT CAST(NULL AS VARCHAR) AS order_id, CAST(NULL AS VARCHAR) AS verdict)"


def needed(database: Database) -> tuple[str, ...]:
    """The publications that trades are asked of: none where no account has orders. Needs `transfers`."""
    return VERDICTS if database.rows(f"SELECT 1 FROM ({_ACCOUNTS}) a LIMIT 1") else ()


def lay(database: Database, window: str) -> bool:
    """Make `traded_account`, `trade_order` (in the SQL `window` of days) and `trade_paid` for this reader; gives
    whether there are any trades to ask about."""
    database.scratch("traded_account", _ACCOUNTS)
    asked = bool(database.rows("SELECT 1 FROM traded_account LIMIT 1"))
    placed = window.replace("day ", "o.placed_on ")
    database.scratch("trade_order", f"{_ORDERS} AND {placed}")
    database.scratch("trade_paid", _PAID.format(verdict=VERDICTS[-1] if asked else _UNKNOWN))
    return asked
