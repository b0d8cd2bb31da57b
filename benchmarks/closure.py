"""Add and close an Amazon V2 settlement of 10 million lines, beside DuckDB's bare read of it and a pandas script.

    python benchmarks/closure.py --lines 10000000

Reports seconds, ratios to `read_csv` of the same file in the same run (into a table, and keeping nothing), and the peak
memory of each step, which runs in a process of its own. The file is written by the demo's generator.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import numpy as np
from apart import apart

from crossbook.demo import amazon
from crossbook.demo.business import sales

MEMORY = 16 << 30  # pandas holds 7 GiB


class WithoutPandas(MetaPathFinder):
    """Keeps pandas out of a process: Arrow loads it wherever it is installed, crossbook does not need it."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def write(path: Path, lines: int, seed: int) -> int:
    """One settlement of about `lines` lines that closes; returns its total in cents."""
    rng = np.random.default_rng(seed)
    orders = sales(rng, int(lines / 5.12))
    table = amazon.lines(rng, orders)
    total = int(table["amount"].sum())
    body = amazon.body_of(table, orders, amazon.order_ids(len(orders)))
    amazon.write_settlement(path, 18_906_543_210, (date(2025, 1, 1), date(2026, 7, 1)), body, total, date(2026, 7, 3))
    return total


def bare(path: Path, folder: Path) -> Any:
    """DuckDB's read of the file into a table."""
    import duckdb

    return duckdb.connect().execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}', delim='\t')").fetchall()


def scan(path: Path, folder: Path) -> Any:
    """Every column parsed, nothing kept: less than any book could do."""
    import duckdb

    return duckdb.connect().execute(f"SELECT count(COLUMNS(*)) FROM read_csv('{path}', delim='\t')").fetchall()[0][:1]


def ours(path: Path, folder: Path) -> Any:
    sys.meta_path.insert(0, WithoutPandas())

    from crossbook import apart as readers

    readers.start()  # as the command does, before anything has threads
    from crossbook.book import init_book
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs
    from crossbook.settle import settle

    book = init_book(folder / "book")
    add(book, inputs([path])[0])
    (payout,) = settle(book).payouts
    readers.stop()  # ended, what they took is told of this process's children
    return {"status": payout.status, "total": payout.lines_total, "lines": payout.lines}


def with_pandas(path: Path, folder: Path) -> Any:
    import pandas as pd

    frame = pd.read_csv(path, sep="\t", dtype={"amount": str, "total-amount": str}, low_memory=False)
    lines = frame[frame["total-amount"].isna()]
    cents = (lines["amount"].astype(float) * 100).round().astype("int64")
    return {"total": int(cents.groupby(lines["settlement-id"]).sum().iloc[0])}


def with_processor(step: Callable[[Path, Path], Any], path: Path, folder: Path) -> tuple[Any, float]:
    """What a step gives, and the seconds of the processor that it and the processes which it ended took."""
    answer = step(path, folder)
    both = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return answer, sum(used.ru_utime + used.ru_stime for used in both)


def measured(step: Callable[[Path, Path], Any], path: Path, folder: Path) -> dict[str, Any]:
    """Seconds, of the clock and of the processor, and peak memory of a step in a fresh process, its imports among them;
    or how else it ended."""
    ran = apart(with_processor, step, path, folder, memory=MEMORY)
    if ran.outcome != "done":
        return {ran.outcome: ran.told}
    assert ran.seconds is not None and ran.peak is not None
    answer, used = ran.answer
    return {
        "seconds": round(ran.seconds, 2),
        "processor": round(used, 2),
        "peak_mib": round(ran.peak / 2**20),
        "result": answer,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-pandas", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="crossbook-bench-"))
    try:
        path = folder / "settlement.txt"
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:  # so that its memory is not ours
            total = pool.apply(write, (path, options.lines, options.seed))
        print(f"{path.stat().st_size / 1e6:.0f} MB, total {total / 100:.2f} USD")
        ratios, to_scan, worked = [], [], []
        for n in range(options.rounds):
            base, least = measured(bare, path, folder), measured(scan, path, folder)
            mine = measured(ours, path, folder)
            shutil.rmtree(folder / "book")
            assert mine["result"]["status"] == "closed" and mine["result"]["total"] == total, mine
            ratios.append(mine["seconds"] / base["seconds"])
            to_scan.append(mine["seconds"] / least["seconds"])
            worked.append(mine["processor"] / base["processor"])
            shown = {"round": n + 1, "read_csv": base, "scan": least, "crossbook": mine, "ratio": round(ratios[-1], 2)}
            print(json.dumps(shown), flush=True)
        print(f"median ratio to read_csv into a table: {float(np.median(ratios)):.2f}")
        print(f"median ratio to read_csv that keeps nothing: {float(np.median(to_scan)):.2f}")
        print(f"median ratio of the processor's seconds, into a table: {float(np.median(worked)):.2f}")
        if not options.no_pandas:
            print(json.dumps({"pandas": measured(with_pandas, path, folder)}))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
