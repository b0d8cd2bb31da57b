"""Accounts that book.toml names and no transfer is of: mostly a typing error, which leaves a hub none."""

from __future__ import annotations

from typing import Any

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.identifiers import account_of
from crossbook.watch.settings import Settings

HUB, OWN = "hub", "own account"
_PART = 6  # figures of an own account's number that may stand within an IBAN

# A number within another, as in an IBAN, is used: that it is not must be sure.
_UNUSED = f"""
SELECT n.what, n.name FROM named n
LEFT JOIN (
  SELECT DISTINCT account FROM (
    SELECT payer_account AS account FROM watch_transfer UNION ALL SELECT payee_account FROM watch_transfer) w
  WHERE account IS NOT NULL
) t ON t.account = n.spelled OR (n.what = '{OWN}' AND length(n.spelled) >= {_PART} AND contains(t.account, n.spelled))
GROUP BY n.what, n.name HAVING count(t.account) = 0 ORDER BY n.what, n.name
"""


def named(book: Book, settings: Settings) -> tuple[tuple[str, str, str], ...]:
    """What book.toml names: hub or own account, its name there, and each spelling that a transfer may have. Of own
    accounts those that have a number, where the book's own money is watched; others may be of shops."""
    found = [(HUB, hub, spelled) for hub in settings.hubs_told for spelled in dict.fromkeys((hub, account_of(hub)))]
    tables = book.config.get("accounts", {}) if settings.own_money else {}
    for name, told in tables.items():
        if isinstance(told, dict) and told.get("number"):
            also = told.get("also", [])
            spellings = (name, str(told["number"]), *(map(str, also) if isinstance(also, list) else ()))
            found += [(OWN, name, account_of(spelled)) for spelled in dict.fromkeys(spellings)]
            found.append((OWN, name, name))
    return tuple(found)


def make(database: Database, told: tuple[tuple[str, str, str], ...]) -> None:
    """Make `watch_unused(what, name)` of what `named` gives and of `watch_transfer`."""
    database.keep("named", _table(told, ("what", "name", "spelled")))
    found = database.rows(_UNUSED) if told else []
    database.drop("named")
    database.keep("watch_unused", _table([(r["what"], r["name"]) for r in found], ("what", "name")))


def _table(rows: Any, names: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})
