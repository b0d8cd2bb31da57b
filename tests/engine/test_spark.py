"""Desks on Spark: every table that is published from a small seller's book, and its payouts, as DuckDB gives them."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

pytest.importorskip("pyspark")

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.compacting import compact
from crossbook.book.opening import inputs
from crossbook.demo.fleet import make, make_books
from crossbook.engine import connect, small
from crossbook.engine import spark as on_spark
from crossbook.engine.small import Small
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.settle import settle
from crossbook.trade.paid_since import KEY
from tests.book.test_compacting import put
from tests.conftest import GOLDEN
from tests.effort import LONG

MORE = (
    "balances",
    "parties",
    "stage",
    "flow",
    "transfers",
    "listed",
    "alerts",
)  # on `make soak`: each table takes Spark a second or two
SOME = 20_000  # bytes: about half of the statements on this book name fewer
PUBLISHED = ("lines", "trade", "trade_match", "verdict", *(MORE if LONG else ()))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("seller")
    path, *_ = make_books(folder, make(folder, books=3, orders=30))
    return open_book(path)


def plain(value: Any) -> Any:
    """A value as both engines have it: whole numbers of any width, moments in UTC, fractions of their sixth place."""
    if isinstance(value, Decimal | float):
        return int(value) if value == int(value) else round(float(value), 6)
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def rows(table: pa.Table) -> list[str]:
    return sorted(repr({name: plain(row[name]) for name in sorted(row)}) for row in table.to_pylist())


@pytest.fixture(scope="module")
def there(book: Book, spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[on_spark.SparkDatabase]:
    """The book on Spark; when it is closed nothing is left of it."""
    folder = tmp_path_factory.mktemp("tables")
    database = on_spark.connect(book, spark, folder, by_driver=0)
    yield database
    database.close()
    assert not any(folder.iterdir())


def test_payouts_are_the_same(book: Book, there: on_spark.SparkDatabase) -> None:
    one, other = settle(book), settle(book, database=there)
    assert one.payouts and one.payouts == other.payouts
    assert (one.side, one.returns, one.problems) == (other.side, other.returns, other.problems)
    assert one.findings() == other.findings()


def test_every_published_table_is_the_same(book: Book, there: on_spark.SparkDatabase) -> None:
    same_tables(book, there)


@pytest.mark.parametrize("by_driver", [SOME, on_spark.BY_DRIVER])
def test_the_same_where_duckdb_answers_what_is_small(
    book: Book, spark: Any, tmp_path: Path, by_driver: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables of the one engine are read by the other: some statements are Spark's, or none."""
    taken = set[bool]()
    reader = Small.reader

    def counted(small: Small, sql: str, tables: Collection[str]) -> Any:
        answer = reader(small, sql, tables)
        taken.add(answer is not None)
        return answer

    monkeypatch.setattr(Small, "reader", counted)
    database = on_spark.connect(book, spark, tmp_path, by_driver=by_driver)
    same_tables(book, database)
    assert settle(book).findings() == settle(book, database=database).findings()
    assert taken == ({True, False} if by_driver == SOME else {True})
    database.close()
    assert not any(tmp_path.iterdir())


def same_tables(book: Book, there: on_spark.SparkDatabase) -> None:
    here, seen = connect(book), set(KINDS)  # of facts a desk reads what `trade` makes of them
    unlike, compared = [], 0
    for name in PUBLISHED:
        there.ask(name)
        here.ask(name)
        for table in sorted(set(there.tables) - seen):
            seen.add(table)
            if here.has(table):
                compared += 1
                one, other = (engine.arrow(f'SELECT * FROM "{table}"') for engine in (here, there))
                if one.column_names != other.column_names or rows(one) != rows(other):
                    unlike.append((name, table))
    assert not unlike and compared > 40


def test_merged_facts_of_a_file_that_is_out_of_use_are_not_read(spark: Any, tmp_path: Path) -> None:
    """Of two reports in one file of facts one alone is left, which no other shares with it any more."""
    one = init_book(tmp_path / "book", "Test business", "CNY")
    first, second = put(one, tmp_path, 1, 2)
    assert compact(one).files_after == 2
    one.decide("retire", first, {}, "li")
    database = on_spark.connect(open_book(one.path), spark, tmp_path, by_driver=0)
    database.reads = None
    found = database.rows("SELECT evidence, count(*) AS n FROM settlement GROUP BY evidence")
    assert found == [{"evidence": second, "n": 11}]
    database.close()


def test_a_desk_names_no_raw_facts(there: on_spark.SparkDatabase) -> None:
    with pytest.raises(CrossbookError, match="settlement"):
        there.rows('SELECT count(*) FROM "settlement"')


def test_what_fails_while_it_is_written_is_raised_where_it_is_asked_for(spark: Any, tmp_path: Path) -> None:
    """Tables are written beside each other: one that cannot be must not be taken for one that is there."""
    database = on_spark.SparkDatabase(spark, tmp_path / "tables")
    database.folder.mkdir()
    database.put("told", pa.table({"text": ["12", "twelve"]}))
    database.make("numbers", "SELECT CAST(text AS BIGINT) AS number FROM told")
    database.make("texts", "SELECT text FROM told")
    assert database.has("numbers") and len(database.rows("SELECT * FROM texts")) == 2
    with pytest.raises(Exception, match="twelve"):
        database.rows("SELECT sum(number) AS total FROM numbers")
    database.make("numbers", "SELECT CAST(text AS BIGINT) AS number FROM told")
    with pytest.raises(Exception, match="twelve"):
        database.close()
    assert not database.folder.exists()


def test_a_moment_is_one_text(spark: Any, tmp_path: Path) -> None:
    """What lines go by until they have a number: behind a moment DuckDB writes its zone, and Spark none."""
    columns: dict[str, Any] = {
        "reference": pa.nulls(1, pa.string()),
        "type": ["sale"],
        "order_id": ["A1"],
        "item": pa.nulls(1, pa.string()),
        "amount": [-5],
        "posted_at": pa.array([datetime(2026, 3, 1, 23, 59, 30, tzinfo=UTC)], pa.timestamp("us", "UTC")),
    }
    for by_driver in (0, on_spark.BY_DRIVER):
        database = on_spark.SparkDatabase(spark, tmp_path / "tables", by_driver=by_driver)
        database.folder.mkdir()
        database.put("told", pa.table(columns))
        told = database.rows(f"SELECT {KEY} AS name FROM told s")
        assert told == [{"name": "sale|A1|-5|2026-03-01 23:59:30|2026-03-01 23:59:00|out"}]
        database.close()


def test_sums_that_are_too_wide_are_named(spark: Any, tmp_path: Path) -> None:
    """A hundred of the largest amounts that any source reads: DuckDB has 128 bits for their sum, Spark 64."""
    database = on_spark.SparkDatabase(spark, tmp_path / "tables")
    database.folder.mkdir()
    database.put("told", pa.table({"amount": [10**17] * 100}))
    database.make("total", "SELECT sum(amount) AS total FROM told")
    for select in ("SELECT * FROM total", "SELECT sum(amount) FROM told"):
        with pytest.raises(CrossbookError, match="wider than 64 bits"):
            database.rows(select)
    database.close()
    driver = on_spark.SparkDatabase(spark, tmp_path / "tables", by_driver=on_spark.BY_DRIVER)
    driver.folder.mkdir()
    driver.put("told", pa.table({"amount": [10**17] * 100}))
    assert driver.rows("SELECT sum(amount) AS total FROM told") == [{"total": 10**19}]
    driver.make("total", "SELECT sum(amount) AS total FROM told")
    with pytest.raises(CrossbookError, match="wider than 64 bits"):
        driver.rows("SELECT * FROM total")
    driver.close()


def test_what_duckdb_has_no_memory_for_is_sparks(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of 200,000 texts in 4 MB, none of which DuckDB can put on disk."""
    monkeypatch.setattr(small, "MEMORY", "4MB")
    database = on_spark.SparkDatabase(spark, tmp_path / "tables", by_driver=on_spark.BY_DRIVER)
    database.folder.mkdir()
    database.put("told", pa.table({"text": [f"parcel number {i:09}" for i in range(200_000)]}))
    database.make("listed", "SELECT list(text ORDER BY text DESC) AS texts FROM told")
    assert database.rows("SELECT len(texts) AS n, texts[1] AS last FROM listed") == [
        {"n": 200_000, "last": "parcel number 000199999"}
    ]
    assert len(database.rows("SELECT list(text ORDER BY text) AS texts FROM told")[0]["texts"]) == 200_000
    database.close()


def test_a_table_is_read_as_it_was_when_another_was_asked_for(spark: Any, tmp_path: Path) -> None:
    """What is written meanwhile rests on the tables of the moment, not on those that took their names."""
    database = on_spark.SparkDatabase(spark, tmp_path / "tables", by_driver=on_spark.BY_DRIVER)
    database.folder.mkdir()
    database.put("told", pa.table({"n": [1, 2]}))
    database.define("doubled", "SELECT 2 * n AS n FROM told")
    database.make("total", "SELECT CAST(sum(n) AS BIGINT) AS total FROM doubled")
    database.put("told", pa.table({"n": [10]}))
    database.make("again", "SELECT CAST(sum(n) AS BIGINT) AS total FROM told")
    assert database.rows("SELECT total FROM total UNION ALL SELECT total FROM again ORDER BY total") == [
        {"total": 6},
        {"total": 10},
    ]
    database.close()


def test_a_catalog_that_was_set_back_gives_no_figures(book: Book, spark: Any, tmp_path: Path) -> None:
    """As on DuckDB: what it does not name any more would be missing from all sums."""
    shutil.copytree(book.path, tmp_path / "book")
    copy = open_book(tmp_path / "book")
    older = (copy.path / "catalog.sqlite").read_bytes()
    shutil.copy(GOLDEN / "shopify_payouts.csv", tmp_path / "more.csv")
    (item,) = inputs([tmp_path / "more.csv"])
    assert add(copy, item).status == "added"
    copy.engine.dispose()
    (copy.path / "catalog.sqlite").write_bytes(older)
    with pytest.raises(CrossbookError, match="older than the book"):
        on_spark.connect(open_book(copy.path), spark, tmp_path)
