"""One giant book: trades, payouts, bank, verification and duty on DuckDB and on Spark, held against each other.

    python benchmarks/giant.py                       # 3,000 orders: some minutes
    python benchmarks/giant.py --orders 1000000 --folder giant

Makes the sample business with that many orders in one book, compacts it, and works out what the rooms `trade`, `settle`
(closure and bank) and `verify` publish, and the duty on every item sold, as if it were sent to the United States
(`quote_table`; on Spark by `mapInArrow`), each engine as a process of its own that is held to two cores. Prints seconds
by the clock, and the most memory that the processes of each had. DuckDB may use `--memory`, Spark's one JVM `--heap`;
what is small DuckDB answers in Spark's driver (`--by-driver`: bytes that a SELECT may name, 0 leaves all to Spark).
Every row of every table must be the same, or the program exits with 1. Linux alone: cores and memory are read from it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import processes
import pyarrow as pa
import pyarrow.parquet as pq

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.compacting import compact
from crossbook.book.opening import inputs
from crossbook.demo import make, settings_for
from crossbook.facts import KINDS
from crossbook.findings import as_table
from crossbook.settle import settle

STEPS = ("lines", "trade", "balances", "trade_match", "verdict")
CORES = 2
DUTY = """
SELECT concat(order_id, '/', coalesce(item, '')) AS name, max(CAST(amount AS BIGINT)) AS value,
       sum(CAST(quantity AS BIGINT)) AS quantity
FROM order_lines WHERE amount > 0 GROUP BY ALL
"""
PRICED = "name string, value bigint, quantity bigint, total_duty bigint, status string, measures string"
CODE = "7326908688"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=3_000)
    parser.add_argument("--folder", type=Path, help="keep the book here, and take one that is there")
    parser.add_argument("--memory", default="4GB", help="what DuckDB's queries may take; what is more goes to disk")
    parser.add_argument("--heap", default="3g", help="of Spark's JVM")
    parser.add_argument("--by-driver", type=int, help="bytes of columns")
    parser.add_argument("--inside", nargs=2, metavar=("ENGINE", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crossbook-") as scratch:
        folder = given.folder or Path(scratch)
        if given.inside:
            _inside(folder / "book", given.inside[0], Path(given.inside[1]), given)
            return
        _book(folder, given.orders)
        for engine in ("duckdb", "spark"):
            _timed(folder, engine, given)
        sys.exit(0 if _equal(folder / "duckdb", folder / "spark") else 1)


def _book(folder: Path, orders: int) -> None:
    if (folder / "made").exists():
        return
    begun = time.perf_counter()
    made = make(folder, orders=orders)
    init_book(folder / "book", "样本公司 Sample Ltd", "CNY")
    settings_for(open_book(folder / "book"))
    book = open_book(folder / "book")
    for item in inputs([made.inbox]):
        add(book, item)
    compact(book)
    (folder / "made").touch()
    print(f"{orders:,} orders made, added and compacted in {time.perf_counter() - begun:.0f} s", flush=True)


def _timed(folder: Path, engine: str, given: argparse.Namespace) -> None:
    out = folder / engine
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    shutil.rmtree(folder / "book" / "cache", ignore_errors=True)
    command = [sys.executable, __file__, "--folder", str(folder), "--memory", given.memory, "--heap", given.heap]
    command += [] if given.by_driver is None else ["--by-driver", str(given.by_driver)]
    process = subprocess.Popen([*command, "--inside", engine, str(out)], stdout=subprocess.PIPE, text=True)
    most = [0.0]
    threading.Thread(target=_watch, args=(process, most), daemon=True).start()
    told = process.communicate()[0]
    if process.returncode:
        sys.exit(f"{engine} ended with {process.returncode}: {told}")
    print(f"{engine}: {told.strip()}; at most {most[0]:,.0f} MiB", flush=True)


def _watch(process: subprocess.Popen[str], most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], _memory(process.pid))
        time.sleep(0.5)


def _memory(first: int) -> float:
    """MiB of a process and of all that it started."""
    pages = sum(int(words[21]) for words in processes.of(first).values())
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def _inside(path: Path, engine: str, out: Path, given: argparse.Namespace) -> None:
    """Inside that process: make what is published, print the seconds of each step, write the tables to compare."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    book, told = open_book(path), []
    begun = time.perf_counter()

    def lap(what: str) -> None:
        nonlocal begun
        told.append(f"{what} {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()

    if engine == "duckdb":
        from crossbook.engine import connect, publishing

        publishing.bound_each(threads=CORES, memory=given.memory)
        database = connect(book)
    else:
        from crossbook.engine import spark
        from crossbook.engine.sessions import session

        started = session(f"local[{CORES}]", {"spark.driver.memory": given.heap})
        lap("to start")
        most = spark.BY_DRIVER if given.by_driver is None else given.by_driver
        database = spark.connect(book, started, out, by_driver=most)
    lap("facts")
    for name in STEPS:
        database.ask(name)
        lap(name)
    found = as_table(settle(book, restore=False, database=database).findings())
    lap("closure and bank")
    if engine == "duckdb":
        pq.write_table(_priced(database.arrow(DUTY)), out / "duty.parquet")
    else:
        asked = database._asked(DUTY, {})
        asked.mapInArrow(_in_worker, PRICED).write.parquet(str(out / "compared" / "duty"))
    lap("duty")
    print(", ".join(told))
    payouts = out / "payouts.parquet" if engine == "duckdb" else out / "compared" / "payouts" / "part.parquet"
    payouts.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(found, payouts)
    if engine == "duckdb":
        names = [r["table_name"] for r in database.rows("SELECT table_name FROM information_schema.tables")]
        for name in sorted(set(names) - set(KINDS)):
            file = str(out / f"{name}.parquet").replace("'", "''")
            database.connection.execute(f"COPY (SELECT * FROM \"{name}\") TO '{file}'")
    else:
        for name in sorted(set(database.tables) - set(KINDS)):
            database.tables[name].write.parquet(str(out / "compared" / name))


def _in_worker(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from _priced(pa.Table.from_batches([batch])).to_batches()


def _priced(lines: pa.Table) -> pa.Table:
    from crossbook.duty import quote_table

    many = lines.num_rows
    asked = lines.append_column("hts", pa.array([CODE] * many)).append_column("origin", pa.array(["CN"] * many))
    asked = asked.append_column("on", pa.array([date(2026, 9, 20)] * many, pa.date32()))
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # the name of a line is carried along
        priced = quote_table(asked)
    measures = pa.array([str(m) for m in priced["measures"].to_pylist()], pa.string())
    told = priced.select(["name", "value", "quantity", "total_duty", "status"]).append_column("measures", measures)
    words = {"name": pa.string(), "status": pa.string(), "measures": pa.string()}  # Spark reads no dictionaries
    return told.cast(pa.schema([(name, words.get(name, pa.int64())) for name in told.column_names]))


def _equal(one: Path, other: Path) -> bool:
    """Whether every row of the tables that both have is the same."""
    connection = duckdb.connect()
    right, tables, rows = True, 0, 0
    for path in sorted(one.glob("*.parquet")):
        twin = other / "compared" / path.stem
        if not twin.exists():
            continue
        here, there = f"read_parquet('{path}')", f"read_parquet('{twin}/*.parquet')"
        told = connection.execute(f"DESCRIBE SELECT * FROM {here}").fetchall()
        kinds = {name: kind for name, kind, *_ in told}
        cast = {
            n: f'round(CAST("{n}" AS DOUBLE), 6)' if k == "DOUBLE" else f'CAST("{n}" AS {k})' for n, k in kinds.items()
        }
        columns = ", ".join(f'{how} AS "{n}"' for n, how in cast.items())
        a, b = f"SELECT {columns} FROM {here}", f"SELECT {columns} FROM {there}"
        unlike = connection.execute(
            f"SELECT (SELECT count(*) FROM ({a} EXCEPT ALL {b})), (SELECT count(*) FROM ({b} EXCEPT ALL {a})), "
            f"(SELECT count(*) FROM {here})"
        ).fetchone()
        assert unlike
        tables, rows = tables + 1, rows + unlike[2]
        if unlike[0] or unlike[1]:
            print(f"{path.stem}: {unlike[0]:,} rows of DuckDB's are not among Spark's, {unlike[1]:,} the other way")
            right = False
    print(f"{tables} tables with {rows:,} rows compared: {'the same' if right else 'not the same'}")
    return right and tables > 0


if __name__ == "__main__":
    main()
