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
from crossbook.watch.transfers import LEGS
from tests.effort import LONG
from tests.engine.test_spark import rows

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
        there = on_spark.connect(book, spark, tmp_path)
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
