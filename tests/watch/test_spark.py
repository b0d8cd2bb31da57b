"""The rules of the watch on Spark: every alert, with its transfers and orders, as DuckDB calls it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyspark")

from crossbook.book import open_book
from crossbook.engine import connect
from crossbook.engine import spark as on_spark
from crossbook.watch.alerts import ALERTS
from crossbook.watch.rules import rules
from crossbook.watch.trading import needed
from crossbook.watch.transfers import LEGS, TRANSFERS
from tests.effort import LONG
from tests.engine.test_spark import rows
from tests.watch.test_own_money import OTHER, OURS, REVERSED, add_statements, entry, statement
from tests.watch.writing import transfer, watched

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What the rules read, as `transfers`, `listed`, `trade` and `verify` publish it: that these are the same on Spark,
# tests/engine/test_spark.py shows of their SELECTs; on `make soak` Spark makes them here, too.
READ = ("watch_transfer", "watch_account", "watch_listed", "business_day", "orders", "payments", "listed_party")
MADE = ("alert", "alert_transfer", "alert_trade", "alert_hit", "alert_rule", "chain_of", "chain_lot")
pytestmark = pytest.mark.services


def test_alerts_are_the_same(institution: Path, spark: SparkSession, tmp_path: Path) -> None:
    """Of a sample in which every rule has something to call; the chains are walked here over rows that Spark sorts."""
    book = open_book(institution / "book")
    here = connect(book)
    here.ask("alerts")
    if LONG:
        there = on_spark.connect(book, spark, tmp_path, by_driver=0)
        there.ask("alerts")
    else:
        there = on_spark.SparkDatabase(spark, tmp_path)
        for name in (*READ, *needed(here)):
            there.put(name, here.arrow(f'SELECT * FROM "{name}"'))
        there.define("watch_leg", LEGS)
        ALERTS.make(there, book)
    called = {r["rule"] for r in there.rows("SELECT DISTINCT rule FROM alert")}
    assert {r.name for r in rules()} - called <= {"large_value"}
    for name in MADE:
        assert rows(here.arrow(f"SELECT * FROM {name}")) == rows(there.arrow(f"SELECT * FROM {name}")), name
    there.close()


def test_the_books_own_money_is_the_same(spark: SparkSession, tmp_path: Path) -> None:
    """Statements of two own accounts, one of which a record tells, too, and an entry that is taken back: DuckDB makes
    the bank's entries, Spark the transfers."""
    book = watched(tmp_path, [transfer("T1", "2026-03-02", OURS, "GB33BUKB20201555555555", "990.00", "EUR")])
    out = entry("2026-03-03", "-990.00"), entry("2026-03-04", "-50.00", OTHER), entry("2026-03-05", "-7.00", name="X")
    back = entry("2026-03-06", "7.00", sign=REVERSED, name="X")
    add_statements(book, "a.xml", statement(*out, back))
    add_statements(book, "b.xml", statement(entry("2026-03-06", "50.00", OURS), own=OTHER))
    here = connect(book)
    here.ask("transfers")
    (tmp_path / "spark").mkdir()
    there = on_spark.SparkDatabase(spark, tmp_path / "spark")
    for name in ("bank_used", "payments", "payment_account", "transfer", "evidence", "rate"):
        there.put(name, here.arrow(f'SELECT * FROM "{name}"'))
    TRANSFERS.make(there, book)
    for name in ("watch_transfer", "watch_aside"):
        assert rows(here.arrow(f"SELECT * FROM {name}")) == rows(there.arrow(f"SELECT * FROM {name}")), name
    assert len(rows(here.arrow("SELECT * FROM watch_aside"))) == 2
    there.close()
