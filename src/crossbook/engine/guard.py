"""Desks read trades, not raw facts: SQL that names a fact which `trade` has worked out is refused."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import duckdb

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
# Functions that read files, or tables by a name that is only put together when they run.
_READERS = re.compile(
    r"read_\w+|\w+_scan|glob|sniff_csv|query|query_table|parquet_\w+|sqlite_\w+|duckdb_\w+|pragma_\w+"
)
# Words that make a text worth parsing: ORDER before BY is none, for unquoted it is a word of the language.
_WORDS = "|".join(rf"{name}\b(?!\s+by\b)" if name == "order" else name for name in COVERED)
_SUSPECT = re.compile(rf"\b({_WORDS}|{_READERS.pattern})\b", re.IGNORECASE)
_FROM_TEXT = re.compile(r"\b(from|join)\s+'", re.IGNORECASE)
_FILE = re.compile(r"[/\\*]|\.\w+$")  # in the name of a table
_SELECTS = re.compile(r"(\s|\(|--[^\n]*\n|/\*.*?\*/)*(select|with|from|values)\b", re.IGNORECASE | re.DOTALL)


class RawFactError(CrossbookError):
    """A desk's SQL names a raw fact that `trade` covers, reads a file, or is no SELECT."""


@lru_cache(maxsize=1024)
def refuse_raw_facts(sql: str, allowed: frozenset[str]) -> None:
    """Raise RawFactError when `sql` is not one SELECT, or reads a raw fact that `trade` covers and that is not
    `allowed`.

    The text is parsed; only one in which no such name stands anywhere is passed unread. A fact's name may not even be
    that of a table which the SELECT defines itself.
    """
    if (not _SELECTS.match(sql) or ";" in sql.rstrip().rstrip(";")) and _parsed(sql) is None:
        raise RawFactError("this SQL is not one SELECT", todo="make tables with Database.make, define or scratch")
    if not _SUSPECT.search(sql) and not _FROM_TEXT.search(sql):
        return
    for name in tables_named(sql):
        if name in COVERED and name not in allowed:
            raise RawFactError(f"this SQL reads the raw fact {name!r}", todo=f"read {COVERED[name]!r} of trade instead")
        if _READERS.fullmatch(name) or _FILE.search(name):
            raise RawFactError(f"this SQL reads files with {name}", todo="read the tables of the engine instead")


def tables_named(sql: str) -> set[str]:
    """The tables that a SELECT names anywhere, its own among them, and the functions that it calls.

    What is not one SELECT that can be parsed names every fact: it is refused.
    """
    found: set[str] = set()
    waiting: list[Any] = [_parsed(sql)]
    if waiting == [None]:
        return set(COVERED)
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            names = ("table_name",) if node.get("is_operator") else ("table_name", "function_name")
            found |= {str(node[name]).lower() for name in names if node.get(name)}
            waiting += node.values()
    return found


def _parsed(sql: str) -> dict[str, Any] | None:
    """The one SELECT that `sql` is, as DuckDB itself parses it; None for anything else."""
    (text,) = _parser().cursor().execute("SELECT json_serialize_sql($sql)", {"sql": sql}).fetchone() or ("{}",)
    told = json.loads(text)
    statements = told.get("statements", [])
    if told.get("error") or len(statements) != 1 or '"SHOW_REF"' in text:  # SUMMARIZE, DESCRIBE and SHOW
        return None
    return dict(statements[0])


@lru_cache(maxsize=1)
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})
