"""Duty for many lines beside a bare DuckDB join of them; every line quoted; one quote from a cold command line.

    python benchmarks/duty.py

The join gives each line its general rate, by ten digits and day, and nothing else. Both run in this process, on two
threads, over the same Arrow table, after a run that is not timed.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow as pa

from crossbook.duty.batch import quote_table
from crossbook.duty.schedule import table

ORIGINS = ["CN", "VN", "MX", "DE", "JP"]
DAYS = [date(2025, m, 20) for m in (1, 3, 4, 6, 8, 10, 12)] + [date(2026, m, 20) for m in (1, 3, 5, 6, 9)]
JOIN = """SELECT l.*, s.general FROM lines l JOIN schedule s
          ON l.hts = s.code AND l."on" >= s.valid_from AND (s.valid_to IS NULL OR l."on" <= s.valid_to)"""


def made_up(rows: int, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    codes = sorted(set(table()["code"].to_pylist()))
    return pa.table(
        {
            "hts": pa.array(codes).take(pa.array(rng.integers(0, len(codes), rows))),
            "origin": pa.array(ORIGINS).take(pa.array(rng.integers(0, len(ORIGINS), rows))),
            "on": pa.array(DAYS).take(pa.array(rng.integers(0, len(DAYS), rows))),
            "value": pa.array(rng.integers(100, 10_000_000, rows)),
        }
    )


def seconds(works: list[Callable[[], object]], times: int) -> list[list[tuple[float, float]]]:
    """Of each work, in turn: seconds on the clock and of the processors, after a run that is not timed."""
    found: list[list[tuple[float, float]]] = [[] for _ in works]
    for number in range(times + 1):
        for work, into in zip(works, found, strict=True):
            clock, processor = time.perf_counter(), time.process_time()
            work()
            if number:
                into.append((time.perf_counter() - clock, time.process_time() - processor))
    return found


def speed(rows: int, times: int) -> None:
    lines = made_up(rows, 1)
    database = duckdb.connect()
    database.execute("SET threads = 2")
    database.register("lines", lines)
    with as_file(files("crossbook").joinpath("data", "duty", "schedule.parquet")) as path:
        database.execute(f"CREATE TABLE schedule AS SELECT * FROM '{path}'")
    started = time.perf_counter()
    quote_table(lines)
    first = time.perf_counter() - started
    both = seconds([lambda: quote_table(lines), lambda: database.sql(JOIN).to_arrow_table()], times)
    (mine, theirs), (used, needed) = ([[x[k] for x in found] for found in both] for k in (0, 1))
    ours, bare = statistics.median(mine), statistics.median(theirs)
    print(f"{rows:,} lines, median of {times} (least, most)")
    print(
        f"  quote_table   {ours:.3f} s ({min(mine):.3f}, {max(mine):.3f}): {rows / ours:,.0f} lines a second;"
        f" the first call of a process {first:.2f} s"
    )
    print(f"  DuckDB join   {bare:.3f} s ({min(theirs):.3f}, {max(theirs):.3f})")
    work = statistics.median(a / b for a, b in zip(used, needed, strict=True))
    ratio = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
    print(f"  ratio         {ratio:.2f} (limit 2.5), pair by pair; of the processors' time {work:.2f}")


def everything() -> None:
    codes = sorted(set(table()["code"].to_pylist()))
    size = len(codes) * len(ORIGINS) * len(DAYS)
    each = np.arange(size)
    lines = pa.table(
        {
            "hts": pa.array(codes).take(pa.array(each % len(codes))),
            "origin": pa.array(ORIGINS).take(pa.array(each // len(codes) % len(ORIGINS))),
            "on": pa.array(DAYS).take(pa.array(each // (len(codes) * len(ORIGINS)))),
            "value": pa.array(np.full(size, 100_000)),
        }
    )
    answer = quote_table(lines)
    counts = Counter(answer["status"].to_pylist())
    assert sum(counts.values()) == size
    print(f"every line ever in force ({len(codes):,}) x {len(ORIGINS)} origins x {len(DAYS)} days: {size:,}")
    for status in ("priced", "interval", "quantity", "refused"):
        print(f"  {status:<9} {counts[status]:>9,}")
    why = Counter(
        re.sub(r"[\d.-]*\d", "…", r)  # the numbers and days of each
        for s, r in zip(answer["status"].to_pylist(), answer["reason"].to_pylist(), strict=True)
        if s == "refused"
    )
    for reason, count in why.items():
        print(f"    {count:,}: {reason}")


def cold(times: int) -> None:
    command = [
        str(Path(sys.executable).with_name("crossbook")),
        "duty",
        "landed",
        "--hts",
        "7326.90.8688",
        "--origin",
        "CN",
        "--value",
        "12.50USD",
        "--qty",
        "100",
        "--on",
        "2026-09-20",
        "--json",
    ]
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "CROSSBOOK_BOOK")}
    imports = [sys.executable, "-c", "import typer, typer._adapters, rich.console, rich.table, pyarrow.parquet"]
    with TemporaryDirectory() as nowhere:  # no book is there
        both = seconds(
            [
                lambda: subprocess.run(command, check=True, capture_output=True, env=environment, cwd=nowhere),
                lambda: subprocess.run(imports, check=True, env=environment, cwd=nowhere),
            ],
            times,
        )
    found, bare = ([x[0] for x in one] for one in both)
    print(f"one quote from the command line, median of {times} (least, most)")
    print(f"  crossbook duty landed    {statistics.median(found):.2f} s ({min(found):.2f}, {max(found):.2f})")
    ratio = statistics.median(a / b for a, b in zip(found, bare, strict=True))
    print(f"  importing its libraries  {statistics.median(bare):.2f} s: ratio {ratio:.2f} (limit 2), pair by pair")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    cold(options.times)
    speed(options.rows, options.times)
    everything()


if __name__ == "__main__":
    main()
