"""Desks read trades, not raw facts: SQL that names a fact which `trade` has worked out is refused."""

from __future__ import annotations

import re
from functools import lru_cache

from crossbook.errors import CrossbookError

# Raw facts, and the table of `trade` that is read in their place.
COVERED = {
    "order": "orders",
    "order_item": "order_lines",
    "payment": "payments",
    "shipment": "parcels",
    "tracking": "parcel_events",
    "customs": "declarations",
    "customs_return": "customs_answers",
    "receipt": "receipts",
    "invoice": "invoices",
    "dispute": "disputes",
    "settlement": "line",
    "payout": "payout_used",
    "bank": "bank_used",
}
_FILES = ("read_parquet", "parquet_scan", "read_csv", "read_csv_auto", "read_json", "glob")
_SUSPECT = re.compile(rf"\b({'|'.join((*COVERED, *_FILES))})\b", re.IGNORECASE)


class RawFactError(CrossbookError):
    """A desk's SQL names a raw fact that `trade` covers."""


@lru_cache(maxsize=1024)
def refuse_raw_facts(sql: str, allowed: frozenset[str]) -> None:
    """Raise RawFactError when `sql` reads a raw fact that `trade` covers, or a file, and that is not `allowed`.

    The text is parsed; only one in which no such name stands anywhere is passed unread.
    """
    if not _SUSPECT.search(sql):
        return
    for name in tables_named(sql):
        if name in COVERED and name not in allowed:
            raise RawFactError(f"this SQL reads the raw fact {name!r}", todo=f"read {COVERED[name]!r} of trade instead")
        if name in _FILES and name not in allowed:
            raise RawFactError(f"this SQL reads files with {name}", todo="read the tables of the engine instead")


def tables_named(sql: str) -> set[str]:
    """The tables that a SELECT reads, without those that it defines itself, and the table functions that it calls."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    found: set[str] = set()
    for statement in sqlglot.parse(sql, read="duckdb"):
        if statement is None:
            continue
        for scope in traverse_scope(statement):
            tables = [source for source in scope.sources.values() if isinstance(source, exp.Table)]
            found |= {table.name.lower() for table in tables}
        for table in statement.find_all(exp.Table):
            if isinstance(table.this, exp.Func):
                found.add((table.this.name or table.this.sql_name()).lower())
    return found
