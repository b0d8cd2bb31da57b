"""Desks may not read raw facts that `trade` covers, however the SQL names them."""

from __future__ import annotations

import duckdb
import pytest

from crossbook.engine import Database
from crossbook.engine.guard import COVERED, RawFactError, refuse_raw_facts, tables_named

REFUSED = (
    'SELECT * FROM "order" BY',
    'SELECT * FROM "order"\n--\nby ORDER BY 1',
    "SELECT * FROM rate, order/**/by",
    "SELECT * FROM rate ORDER BY (SELECT max(amount) FROM payment)",
    'SELECT * FROM "order"',
    'select count(*) from ( select * from "ORDER" ) x',
    "WITH a AS (SELECT * FROM payment) SELECT * FROM a",
    "SELECT 1 FROM rate r, shipment s WHERE r.day = s.shipped_at",
    "SELECT (SELECT max(number) FROM customs_return c WHERE c.order_id = t.order_id) FROM orders t",
    "SELECT * FROM orders o WHERE EXISTS (SELECT 1 FROM main.invoice i WHERE i.order_id = o.order_id)",
    "SELECT * FROM rate UNION ALL BY NAME SELECT * FROM facts.main.settlement",
    "SELECT * FROM read_parquet('/book/facts/order/x.parquet')",
    "SELECT * FROM orders ANTI JOIN receipt USING (order_id)",
    "WITH payment AS (SELECT * FROM payment) SELECT * FROM payment",
    "SELECT list(x) FROM (SELECT unnest([1]) AS x) JOIN LATERAL (SELECT amount FROM bank) ON true",
    "FROM dispute SELECT order_id",
    "WITH payment AS (SELECT * FROM payments) SELECT * FROM payment",
    "VALUES ((SELECT count(*) FROM payment))",
    "SELECT unnest((SELECT list(amount) FROM payment))",
    "SELECT 1 FROM rate JOIN orders ON orders.total > (SELECT max(amount) FROM payment)",
    "SELECT * FROM (PIVOT payment ON currency USING sum(amount))",
    "WITH RECURSIVE x AS (SELECT 1 AS n FROM payment UNION ALL SELECT n + 1 FROM x) SELECT * FROM x",
    "SELECT * FROM query_table('payment')",
    "SELECT * FROM query('SELECT * FROM pay' || 'ment')",
    "SUMMARIZE payments",
    "SELECT * FROM (SUMMARIZE payment)",
    "SELECT * FROM (DESCRIBE payment)",
    "SELECT * FROM '/book/facts/**/*.parquet'",
    "SELECT * FROM read_text('/book/book.toml')",
    "SELECT * FROM read_json_auto('/x.json')",
    "COPY payments TO '/tmp/x.csv'",
    "CREATE TABLE mine AS SELECT 1",
    "SELECT 1; DROP TABLE orders",
    "SET memory_limit = '1GB'",
    "ATTACH '/tmp/x.db'",
    "-- SELECT\nINSERT INTO orders VALUES (1)",
)
TAKEN = (
    "SELECT sum(total) OVER (PARTITION BY account ORDER BY order_id) FROM orders ORDER\n  BY 1",
    "SELECT order_id, tracking FROM parcels ORDER BY tracking",
    "SELECT 'a shipment of an order' AS text, placed_at AS \"order\" FROM orders",
    "SELECT customs.amount FROM declarations customs",
    "-- the orders\nSELECT 1 FROM orders",
    "(SELECT 1 AS x) UNION ALL (SELECT 2)",
    "SELECT ';' AS mark, count(*) FROM orders",
    "SELECT 1 -- FROM payment",
    "SELECT 7 * 6 / 2 AS x, 'a' || 'b' FROM orders WHERE tracking ~ 'x'",
)


@pytest.mark.parametrize("sql", REFUSED)
def test_raw_facts_are_refused(sql: str) -> None:
    with pytest.raises(RawFactError):
        Database(duckdb.connect(), reads=()).rows(sql)


@pytest.mark.parametrize("sql", TAKEN)
def test_names_that_are_no_facts_pass(sql: str) -> None:
    assert not tables_named(sql) & set(COVERED)


def test_what_is_allowed_by_name_is_read() -> None:
    database = Database(duckdb.connect(), reads=("settlement",))
    database.connection.execute("CREATE TABLE settlement AS SELECT 1 AS x; CREATE TABLE payment AS SELECT 1 AS x")
    assert database.rows("SELECT x FROM settlement") == [{"x": 1}]
    for make in (database.make, database.scratch):
        with pytest.raises(RawFactError, match="payment"):
            make("mine", "SELECT s.x FROM settlement s JOIN payment USING (x)")
    with pytest.raises(RawFactError, match="payment"):
        database.define("mine", "SELECT * FROM payment")


def test_order_by_alone_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossbook.engine.guard.tables_named", lambda sql: {"payment"})
    refuse_raw_facts("SELECT order_id FROM orders ORDER BY order_id", frozenset())
    with pytest.raises(RawFactError):
        refuse_raw_facts('SELECT "order" FROM orders', frozenset())
