"""The accounts that a book knows: a mistyped one is told from one without rows."""

from __future__ import annotations

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import one_of

NAMED = """
SELECT DISTINCT account FROM (
  SELECT account FROM payout_used UNION ALL SELECT account FROM orders UNION ALL SELECT account FROM line)
WHERE account IS NOT NULL
"""


def accounts(book: Book, database: Database) -> tuple[str, ...]:
    """Every account that the settings or the files of the book name."""
    database.ask("trade", "balances")
    named = {str(r["account"]) for r in database.rows(NAMED)}
    return tuple(sorted(named | set(book.config.get("accounts", {}))))


def known_account(book: Book, database: Database, account: str) -> str:
    """`account` when the book knows it. Raises ParameterError, which names those that it knows."""
    return one_of("account", account, accounts(book, database))
