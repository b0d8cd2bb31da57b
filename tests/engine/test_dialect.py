"""What desks' SQL says to Spark: the rows that DuckDB gives, where the two engines' own words would not give them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

pytest.importorskip("sqlglot")

from crossbook.engine.dialect import spark_sql
from crossbook.engine.spark import SparkDatabase
from crossbook.trade.signs import phone

# Each: SELECT over t(a, b, c, d, moment), and its rows as DuckDB's documentation says they are, worked by hand.
ROWS = """
SELECT * FROM (VALUES (1, 'x', 10, NULL, TIMESTAMP '2026-03-01 20:00:00'), (1, 'y', NULL, 2, NULL),
               (2, 'x', 30, 0, TIMESTAMP '2026-03-02 01:00:00'), (3, NULL, 5, 4, NULL)) AS t(a, b, c, d, moment)
"""
SAYS: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "a list keeps its order": ("SELECT list(b ORDER BY c DESC) FROM t WHERE a < 3", [(["x", "x", "y"],)]),
    "a list keeps its nulls": ("SELECT list(c ORDER BY b) FROM t WHERE a = 1", [([10, None],)]),
    "a list of nothing is null": ("SELECT list(b) FROM t WHERE a > 9", [(None,)]),
    "a list of some rows": ("SELECT list(b ORDER BY a) FILTER (c > 9) FROM t", [(["x", "x"],)]),
    "the first of a list that has none": ("SELECT list(b ORDER BY b)[3] FROM t WHERE a = 1", [(None,)]),
    "distinct in a list": ("SELECT list(DISTINCT b ORDER BY b) FROM t WHERE a < 3", [(["x", "y"],)]),
    "a list over a window": (
        "SELECT a, c, list(c) OVER (PARTITION BY a ORDER BY b DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED"
        " FOLLOWING) AS told FROM t WHERE a < 3 ORDER BY a, c",
        [(1, 10, [None, 10]), (1, None, [None, 10]), (2, 30, [30])],
    ),
    "many texts are told apart by their hash": (
        "SELECT count(*) - count(DISTINCT hash(CAST(x AS VARCHAR))) FROM (SELECT unnest(range(0, 300000)) AS x)",
        [(0,)],
    ),
    "max_by passes over nulls": ("SELECT max_by(d, c) FROM t WHERE a = 1 OR a = 3", [(4,)]),
    "any_value passes over nulls": ("SELECT any_value(c) FROM t WHERE b = 'y'", [(None,)]),
    "one of two": ("SELECT b FROM t WHERE a = 1 QUALIFY row_number() OVER (PARTITION BY a ORDER BY c) = 1", [("x",)]),
    "all columns of one of two": (
        "SELECT t.* EXCLUDE (moment, d) FROM t QUALIFY row_number() OVER (PARTITION BY b ORDER BY a DESC) = 1"
        " ORDER BY a",
        [(1, "y", None), (2, "x", 30), (3, None, 5)],
    ),
    "a column in place of another": (
        "SELECT * REPLACE (b AS d) FROM (SELECT a, b, d FROM t WHERE a = 2) AS s",
        [(2, "x", "x")],
    ),
    "a column in place of another where columns meet by their order": (
        "WITH r AS (SELECT * EXCLUDE (moment) FROM t)"
        " SELECT s.* REPLACE (concat(s.b, '!') AS b, 7 AS a), 1 AS more FROM r AS s WHERE a = 2"
        " UNION ALL SELECT *, 0 FROM (SELECT * REPLACE (c + 1 AS c) FROM r WHERE a = 3) ORDER BY a DESC",
        [(7, "x!", 30, 0, 1), (3, None, 6, 4, 0)],
    ),
    "a column in place of another in one of two": (
        "WITH s AS (SELECT * REPLACE (c AS a) FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY c) = 1)"
        " SELECT * EXCLUDE (moment) FROM s ORDER BY c",
        [(5, None, 5, 4), (10, "x", 10, None), (30, "x", 30, 0)],
    ),
    "nulls come last": ("SELECT c FROM t ORDER BY c", [(5,), (10,), (30,), (None,)]),
    "a text of parts passes over nulls": (
        "SELECT concat(b, '-', c) FROM t WHERE a IN (1, 3) ORDER BY c",
        [("-5",), ("x-10",), ("y-",)],
    ),
    "how many are different in a window": ("SELECT DISTINCT count(DISTINCT b) OVER () FROM t", [(2,)]),
    "a day in a named place": (
        "SELECT CAST(CAST(timezone('Asia/Shanghai', moment) AS DATE) AS VARCHAR) FROM u",
        [("2026-03-02",)],
    ),
    "the whole of a text": ("SELECT b FROM t WHERE regexp_full_match(concat(b, b), 'x|xx')  AND a = 1", [("x",)]),
    "groups of what is replaced, at each place": (
        r"SELECT regexp_replace('ab1-cd2', '([a-z])([0-9])', '\2$\1', 'g')",
        [("a1$b-c2$d",)],
    ),
    "the first place alone": (r"SELECT regexp_replace('ab1-cd2', '([a-z])([0-9])', '<\2>')", [("a<1>-cd2",)]),
    "capitals or not": ("SELECT regexp_replace('Anna C/O Bob c/o', '\\s(c/o|bei)', '', 'i')", [("Anna Bob c/o",)]),
    "a phone with its country's code and without": (
        f"SELECT {phone('p')} FROM (SELECT unnest(['+86 138-0013-8000', '1 (415) 555-0132', '+44 (0)20 7946 0018', "
        "'１３８****', '4155550132']) AS p)",
        [("13800138000",), ("4155550132",), ("02079460018",), (None,), ("4155550132",)],
    ),
    "a quantile between two": ("SELECT quantile_cont(c, 0.5) FROM t", [(10.0,)]),
    "wider than 64 bits": (
        "SELECT CAST(CAST(9223372036854775807 AS HUGEINT) * 2 // 4 AS BIGINT)",
        [(4611686018427387903,)],
    ),
}


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("SET timezone = 'UTC'")
    connection.execute(f"CREATE TABLE t AS {ROWS}")
    connection.execute("CREATE TABLE u AS SELECT TIMESTAMPTZ '2026-03-01 20:00:00+00' AS moment")
    yield connection
    connection.close()


@pytest.mark.parametrize("what", SAYS)
def test_what_it_says_in_duckdb(what: str, duck: duckdb.DuckDBPyConnection) -> None:
    sql, rows = SAYS[what]
    assert duck.execute(sql).fetchall() == rows


@pytest.mark.slow
def test_what_it_says_in_spark(spark: Any, tmp_path: Any) -> None:
    """All in one session: what differs is told by its name."""
    database = SparkDatabase(spark, tmp_path)
    database.define("t", ROWS)
    database.put("u", pa.table({"moment": pa.array([datetime(2026, 3, 1, 20, tzinfo=UTC)], pa.timestamp("us", "UTC"))}))
    wrong = {}
    for what, (sql, rows) in SAYS.items():
        found = [tuple(plain(v) for v in row.values()) for row in database.rows(sql)]
        if found != rows:
            wrong[what] = (found, rows, spark_sql(sql))
    database.close()
    assert not wrong


def plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value


def test_a_union_whose_columns_would_stand_otherwise_is_refused() -> None:
    """Spark puts the column of USING first, whatever its place in the table."""
    joined = "SELECT t.* FROM t SEMI JOIN u USING (b)"
    assert "USING" in spark_sql(joined)
    with pytest.raises(ValueError, match="write ON"):
        spark_sql(f"SELECT * FROM t UNION ALL {joined}")
