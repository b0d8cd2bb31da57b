"""A database of trades from facts that a test writes by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from crossbook.engine import Database
from crossbook.facts import KINDS
from crossbook.trade import lines, orders, papers, territories, witnesses
from crossbook.trade.publishing import rows_once

EVIDENCE = pa.schema(
    [
        ("sha", pa.string()),
        ("seq", pa.int64()),
        ("name", pa.string()),
        ("source", pa.string()),
        ("authority", pa.int64()),
        ("whole", pa.bool_()),
    ]
)


def at(text: str) -> datetime:
    """A moment in UTC: 2026-03-01 or 2026-03-01 12:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def facts(**kinds: list[dict[str, Any]]) -> Database:
    """A database with these rows. Each stands in a file called as its kind, or as its `evidence` says;
    later is newer."""
    database = Database(duckdb.connect())
    database.connection.execute("SET TimeZone = 'UTC'")
    database.connection.execute(_empty())
    for name, kind in KINDS.items():
        if not kinds.get(name):
            continue
        rows = [{"evidence": name, "line": i} | row for i, row in enumerate(kinds.get(name, []), start=1)]
        for row in rows:
            assert set(row) <= set(kind.schema.names), set(row) - set(kind.schema.names)
        database.keep(name, pa.Table.from_pylist(rows, schema=kind.schema))
    told = list(dict.fromkeys(r.get("evidence", name) for name, rows in kinds.items() for r in rows or [{}]))
    files = [{"sha": n, "seq": i, "name": n, "source": n, "authority": 50, "whole": False} for i, n in enumerate(told)]
    database.keep("evidence", pa.Table.from_pylist(files, schema=EVIDENCE))
    return database


@cache
def _empty() -> str:
    """The SQL that makes a table of each kind without rows, as one that is copied from Arrow has it."""
    database = Database(duckdb.connect())
    for name, kind in KINDS.items():
        database.keep(name, kind.schema.empty_table())
    return "".join(row["sql"] for row in database.rows("SELECT sql FROM duckdb_tables()"))


def traded(goods_alone: tuple[str, ...] = (), **kinds: list[dict[str, Any]]) -> Database:
    """The tables of trades that such facts make."""
    database = facts(**kinds)
    rows = rows_once(database)
    orders.number(database, rows["order"])
    lines.make(database)
    witnesses.keep(database, None)
    orders.make(database, rows["order_item"], goods_alone)
    territories.make(database)
    papers.make(database, rows)
    return database
