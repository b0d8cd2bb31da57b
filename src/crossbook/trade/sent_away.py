"""Withdrawals of a wallet that went to somebody else (a supplier, a carrier, staff): outgoes, not the way to the bank.

A wallet's entry names its payee. It is a stranger where `holder` is said of accounts in book.toml and the name, written
in the letters of one of them, is none of theirs, nor the business's, nor an account's of the book. A bank or a payment
institution is no stranger, nor what is no name (an account's last digits), nor anybody whose sum arrived at the bank.
Where no holder is stated, or an entry names nobody, nothing tells, and the withdrawal stays one.
"""

from __future__ import annotations

import re

import pyarrow as pa

from crossbook.book import Book
from crossbook.book.aliases import aliases
from crossbook.book.bank_names import alike
from crossbook.engine import Database
from crossbook.trade import institutions
from crossbook.trade.degree import Degree
from crossbook.trade.names import same_name

KEY = ("account", "payout_id", "currency")
# The wallet's entry of each withdrawal. Payoneer's report names a store there, not a payee.
NAMED = """
SELECT DISTINCT p.account, p.payout_id, p.currency, b.counterparty FROM payout_stated p
JOIN bank b ON b.evidence = p.evidence AND b.line = p.line AND b.account = p.account AND b.currency = p.currency
WHERE p.basis = 'balance' AND b.amount < 0 AND b.counterparty IS NOT NULL AND p.source <> 'payoneer_transactions'
  AND NOT EXISTS (
    SELECT 1 FROM bank c WHERE c.account <> p.account AND c.currency = p.currency AND c.amount = p.amount
      AND c.booked_on BETWEEN p.paid_on AND p.paid_on + INTERVAL 14 DAYS)
"""
# `line` where some went to others: what was sent there is an outgo.
LINE = """
SELECT l.* REPLACE (CASE WHEN s.payout_id IS NOT NULL AND l.kind = 'withdrawal' AND l.amount < 0 THEN 'other'
                         ELSE l.kind END AS kind)
FROM ({line}) l LEFT JOIN sent_away s
  ON s.account = l.account AND s.payout_id = l.reference AND s.currency = l.currency
"""
_NO_NAME = re.compile(
    r"\d{3}|[*#•]|尾号|账户|帐户|账号|银行卡|\b(?:account|acct|a/c|card|iban|konto|compte|cuenta|conto|conta)\b",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def own(book: Book | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of those who hold the business's accounts, the business's among them, and the accounts' own names and
    numbers, of book.toml. No names where no holder is said."""
    config = book.config if book is not None else {}
    tables = {name: told for name, told in config.get("accounts", {}).items() if isinstance(told, dict)}
    holders = {str(told["holder"]).strip() for told in tables.values() if told.get("holder")}
    business = config.get("business", {}).get("name") if holders else None
    numbers = {str(told["number"]) for told in tables.values() if told.get("number")}
    names = {*tables, *numbers, *(aliases(book) if book is not None else ())}
    return tuple(sorted(holders | ({str(business)} if business else set()))), tuple(
        sorted(filter(None, map(alike, names)))
    )


def make(database: Database, book: Book | None) -> bool:
    """Make `sent_away`, the withdrawals that went to others, by account, payout and currency; whether there are any.
    Needs `payout_stated`."""
    holders, names = own(book)
    rows = [r for r in database.rows(NAMED) if foreign(r["counterparty"], holders, names)] if holders else []
    schema = pa.schema([(name, pa.string()) for name in KEY])
    database.keep("sent_away", pa.table({name: [r[name] for r in rows] for name in KEY}, schema=schema))
    return bool(rows)


def foreign(payee: str, holders: tuple[str, ...], names: tuple[str, ...] = ()) -> bool:
    """Whether a payee is a stranger to all holders, and neither an account (`names`) nor who keeps others' money. A
    name in other letters than all of theirs may be theirs."""
    if alike(payee) in names or institutions.is_one(payee) or _NO_NAME.search(payee):
        return False
    if not any(bool(_EAST_ASIAN.search(h)) == bool(_EAST_ASIAN.search(payee)) for h in holders):
        return False
    return all(same_name(payee, holder) is Degree.DIFFERENT for holder in holders)
