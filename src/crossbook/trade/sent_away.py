"""Withdrawals of a wallet that went to somebody else (a supplier, a carrier, staff): outgoes, not the way to the bank.

A wallet's entry names its payee. It is one's own where `holder` of an account in book.toml may be that name, or where
it is an account of the book; a stranger's name is not. Where no holder is stated, or an entry names nobody, nothing
tells, and the withdrawal stays one.
"""

from __future__ import annotations

import pyarrow as pa

from crossbook.book import Book
from crossbook.book.aliases import aliases
from crossbook.book.bank_names import alike
from crossbook.engine import Database
from crossbook.trade.degree import Degree
from crossbook.trade.names import same_name

KEY = ("account", "payout_id", "currency")
# The wallet's entry of each withdrawal. Payoneer's report names a store there, not a payee.
NAMED = """
SELECT DISTINCT p.account, p.payout_id, p.currency, b.counterparty FROM payout_stated p
JOIN bank b ON b.evidence = p.evidence AND b.line = p.line AND b.account = p.account AND b.currency = p.currency
WHERE p.basis = 'balance' AND b.amount < 0 AND b.counterparty IS NOT NULL AND p.source <> 'payoneer_transactions'
"""
# `line` where some went to others: what was sent there is an outgo.
LINE = """
SELECT l.* REPLACE (CASE WHEN s.payout_id IS NOT NULL AND l.kind = 'withdrawal' AND l.amount < 0 THEN 'other'
                         ELSE l.kind END AS kind)
FROM ({line}) l LEFT JOIN sent_away s
  ON s.account = l.account AND s.payout_id = l.reference AND s.currency = l.currency
"""


def own(book: Book | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of those who hold the business's accounts, and the accounts' own names and numbers, of book.toml."""
    accounts = book.config.get("accounts", {}) if book is not None else {}
    tables = {name: told for name, told in accounts.items() if isinstance(told, dict)}
    holders = {str(told["holder"]).strip() for told in tables.values() if told.get("holder")}
    numbers = {str(told["number"]) for told in tables.values() if told.get("number")}
    names = {*tables, *numbers, *(aliases(book) if book is not None else ())}
    return tuple(sorted(holders)), tuple(sorted(filter(None, map(alike, names))))


def make(database: Database, book: Book | None) -> bool:
    """Make `sent_away`, the withdrawals that went to others, by account, payout and currency; whether there are any.
    Needs `payout_stated`."""
    holders, names = own(book)
    rows = [r for r in database.rows(NAMED) if _foreign(r["counterparty"], holders, names)] if holders else []
    schema = pa.schema([(name, pa.string()) for name in KEY])
    database.keep("sent_away", pa.table({name: [r[name] for r in rows] for name in KEY}, schema=schema))
    return bool(rows)


def _foreign(payee: str, holders: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether a payee is a stranger to all holders, and no account of the book."""
    return alike(payee) not in names and all(same_name(payee, holder) is Degree.DIFFERENT for holder in holders)
