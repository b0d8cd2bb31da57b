"""By what two sides name a party of the watch, in one spelling: an account, a customer's number, a phone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crossbook.engine import Database
from crossbook.errors import one_of
from crossbook.trade.signs import phone, phone_of

IDENTIFIERS = ("account", "holder", "phone")
Named = tuple[str, str]  # kind and value
# Rows that may be spelled as one that is wanted; `spelled` decides. What is written in other letters than ASCII may
# become any of them, and is looked at in any case.
_SIGNS = f"""CASE kind WHEN 'phone' THEN {phone("value")}
    ELSE upper(regexp_replace(value, '[^0-9A-Za-z]', '', 'g')) END"""
_LIKELY = f"""
WITH known AS (
  SELECT party, 'account' AS kind, account AS value FROM watch_leg WHERE NOT starts_with(account, 'name:')
  UNION SELECT holder_id, 'account', number FROM watch_account
  UNION SELECT holder_id, 'holder', holder_id FROM watch_account
  UNION SELECT holder_id, 'phone', phone FROM watch_account
)
SELECT party, kind, value FROM known WHERE party IS NOT NULL AND value IS NOT NULL
  AND ({_SIGNS} IN (SELECT unnest($signs)) OR regexp_matches(value, '[^\\x00-\\x7f]'))
ORDER BY ALL
"""


def spelled(kind: str, value: str) -> str:
    """An identifier in its one spelling; empty where it is none. Raises CrossbookError for another kind."""
    one_of("kind", kind, IDENTIFIERS)
    if kind == "phone":
        return phone_of(value)
    if kind == "account":
        return re.sub(r"[^0-9A-Z]", "", value.upper())
    return " ".join(value.upper().split())


def parties_of(database: Database, named: Iterable[Named]) -> dict[str, set[Named]]:
    """The parties of the watch that are known by any of these, each with those by which it is."""
    wanted = set(named)
    if not wanted:
        return {}
    database.ask("transfers")
    signs = sorted({re.sub(r"[^0-9A-Z]", "", value) for _, value in wanted})
    found: dict[str, set[Named]] = {}
    for row in database.rows(_LIKELY, signs=signs):
        one = (row["kind"], spelled(row["kind"], row["value"]))
        if one in wanted:
            found.setdefault(row["party"], set()).add(one)
    return found
