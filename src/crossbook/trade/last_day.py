"""The day that figures are of when nobody names one: the same on every face."""

from __future__ import annotations

from datetime import date

from crossbook.engine import Database

LAST = """
SELECT max("day") AS last FROM (
  SELECT max(paid_on) AS "day" FROM payout_used
  UNION ALL SELECT max(booked_on) FROM bank_used
  UNION ALL SELECT max(placed_on) FROM orders
  UNION ALL SELECT max("day") FROM line
)
"""


def last_day(database: Database) -> date | None:
    """The last day that the book's files speak of: a bank entry, a payout, a line of
    a settlement or an order. None of a book without any."""
    database.ask("trade")
    found: date | None = database.rows(LAST)[0]["last"]
    return found


def day_of_figures(database: Database, today: date) -> date:
    """The last day that the book's files speak of, but none to come; `today` where they speak of no day."""
    return min(last_day(database) or today, today)
