"""Which SELECTs DuckDB answers in the driver, and what it writes: sizes are those of files written here."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crossbook.engine.small import Small, Source, answered, write

ROWS = 10_000
TABLES = ("orders", "parcels")


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Two columns of 80,000 bytes as they lie (8 a number, plain), and one of texts of 20 letters."""
    path = tmp_path / "orders.parquet"
    numbers = pa.array(range(ROWS), pa.int64())
    texts = pa.array([f"a text of {i:010}" for i in range(ROWS)])
    pq.write_table(pa.table({"id": numbers, "total": numbers, "text": texts}), path, use_dictionary=False)
    return path


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("SELECT count(*) AS n, sum(total * 2) AS total FROM orders", 1),
        ("SELECT id, total FROM orders", 2),
        ("WITH o AS (SELECT id FROM orders) SELECT count(*) FROM o a JOIN o b USING (id)", 1),
    ],
)
def test_a_select_counts_the_columns_that_it_names(orders: Path, tmp_path: Path, sql: str, columns: int) -> None:
    for limit, taken in ((columns * 8 * ROWS, False), (columns * 8 * ROWS + 4_000, True)):  # heads of pages take some
        small = Small(tmp_path, limit, threads=1)
        small.put("orders", Source.of_files([orders]))
        assert (small.reader(sql, TABLES) is not None) is taken
        small.close()


def test_a_star_is_all_columns(orders: Path, tmp_path: Path) -> None:
    small = Small(tmp_path, 36 * ROWS, threads=1)  # id and total have 16 bytes a row, a text 24 with its length
    small.put("orders", Source.of_files([orders]))
    for sql in ("SELECT * FROM orders", "SELECT o.* FROM orders o", "SELECT * EXCLUDE (text) FROM orders"):
        assert small.reader(sql, TABLES) is None
    assert small.reader("SELECT id, total FROM orders", TABLES) is not None
    small.put("few", Source(select="SELECT text FROM orders WHERE id < 10"))
    assert small.reader("SELECT * FROM few", (*TABLES, "few")) is not None  # of what it rests on, what that names
    small.put("all", Source(select="SELECT * FROM orders"))
    assert small.reader('SELECT id FROM "all"', (*TABLES, "all")) is None


def test_what_only_spark_can_read_is_sparks(orders: Path, tmp_path: Path) -> None:
    small = Small(tmp_path, 1 << 20, threads=1)
    small.put("orders", Source.of_files([orders]))
    assert small.reader("SELECT id FROM orders JOIN parcels USING (id)", TABLES) is None
    small.put("parcels", Source(table=pa.table({"id": [3]})))
    reader = small.reader("SELECT id FROM orders JOIN parcels USING (id)", TABLES)
    assert reader and answered(reader, "SELECT id FROM orders JOIN parcels USING (id)", {}).to_pylist() == [{"id": 3}]
    small.put("orders", None)
    assert small.reader("SELECT id FROM orders", TABLES) is None
    assert Small(tmp_path, 0, threads=1).reader("SELECT 1 AS one", ()) is None


def test_columns_are_written_by_name_with_the_types_asked_for(tmp_path: Path) -> None:
    """Numbers wider than a BIGINT are decimals of 38 places in files, and whole numbers to DuckDB: the product of two
    such would have 76 places."""
    wide = pa.decimal128(38, 0)
    pq.write_table(pa.table({"n": pa.array([Decimal(10**20)], wide)}), tmp_path / "a.parquet")
    small = Small(tmp_path, 1 << 20, threads=1)
    small.put("numbers", Source.of_files([tmp_path / "a.parquet"], ["n"]))
    sql = "SELECT n * CAST(1000 AS HUGEINT) AS product, CAST($word AS VARCHAR) AS word FROM numbers"
    reader = small.reader(sql, ("numbers",))
    assert reader
    schema = pa.schema([("word", pa.string()), ("product", wide)])
    write(reader, sql, {"word": "so"}, schema, tmp_path / "out")
    told = pq.read_table(tmp_path / "out")
    assert told.schema.equals(schema) and told.to_pylist() == [{"word": "so", "product": Decimal(10**23)}]
    small.close()
