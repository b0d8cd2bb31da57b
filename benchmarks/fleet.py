"""A fleet: the desks on each book by Spark's runner against one after another, and what is planted across books.

    python benchmarks/fleet.py                              # 6 books of 120 orders: some minutes
    python benchmarks/fleet.py --books 20 --orders 500      # the sample fleet
    python benchmarks/fleet.py --books 200 --orders 500 --growth --rounds 1

Makes a fleet with planted faults and (unless `--no-clean`) one without, works the first in turn as one process with
one thread, by Spark on local[1] and on local[2], and prints seconds by the clock and of the processor with their
ratios. Each is a process of its own, held to as many cores as it has threads (the JVM included), with nothing in the
books' caches. Starting Python and Spark is told apart. Every row of every table that Spark's runner keeps must be the
direct one's, evidence and line included, or the program exits with 1; so it does where a planted fault is not found,
or another is called. Linux alone: cores and seconds of the processor are read from it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import processes
import pyarrow.parquet as pq

from crossbook.demo.fleet import make, make_books
from crossbook.fleet.across import find
from crossbook.fleet.listing import open_fleet
from crossbook.fleet.reading import standings
from crossbook.fleet.running import Runner, run_fleet
from crossbook.fleet.working import Outcome, Task, work

SPARK = {"local[1]": 1, "local[2]": 2}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=6)
    parser.add_argument("--orders", type=int, default=120, help="of each book")
    parser.add_argument("--rounds", type=int, default=1, help="each runner so often, in turn; medians are told")
    parser.add_argument("--growth", action="store_true", help="also a tenth of the books, on local[2]")
    parser.add_argument("--clean", action=argparse.BooleanOptionalAction, default=True, help="also without faults")
    parser.add_argument("--folder", type=Path, help="keep the fleets here, and take those that are there")
    parser.add_argument("--work", nargs=3, metavar=("RUNNER", "FLEET", "CORES"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        _work(given.work[0], Path(given.work[1]), int(given.work[2]))
        return
    with tempfile.TemporaryDirectory(prefix="crossbook-") as scratch:
        right = _measure(given.folder or Path(scratch), given)
    sys.exit(0 if right else 1)


def _measure(folder: Path, given: argparse.Namespace) -> bool:
    books = _books(folder / f"faults-{given.books}-{given.orders}", given.books, given.orders, faults=True)
    there = books[0].parent.parent
    taken: dict[str, list[dict[str, float]]] = {}
    for _ in range(given.rounds):
        for runner in ("direct", *SPARK):
            taken.setdefault(runner, []).append(_timed(runner, there / runner, books))
    seconds = {name: _told(name, runs, len(books)) for name, runs in taken.items()}
    for over, under in (("local[1]", "direct"), ("local[1]", "local[2]")):
        clock, processor = (seconds[over][k] / seconds[under][k] for k in ("clock", "processor"))
        print(f"{over} over {under}: {clock:.2f} by the clock, {processor:.2f} of the processor")
    if given.growth:
        few = books[: max(1, len(books) // 10)]
        told = _told(f"local[2], {len(few)} books", [_timed("local[2]", there / "few", few)], len(few))
        clock, processor = (seconds["local[2]"][k] / told[k] for k in ("clock", "processor"))
        print(f"{len(few)} to {len(books)} books: {clock:.1f} times by the clock, {processor:.1f} of the processor")
    right = all(_equal(there / "direct", there / runner) for runner in SPARK)
    right &= _planted(there)
    if given.clean:
        plain = _books(folder / f"clean-{given.books}-{given.orders}", given.books, given.orders, faults=False)
        clean = plain[0].parent.parent
        _timed("processes", clean / "processes", plain)
        crossed = find(open_fleet(clean / "processes"))
        print(f"without faults: {len(crossed.found)} found across {len(plain)} books, {len(crossed.unknown)} not known")
        right &= not crossed.found and not crossed.unknown
    return right


def _books(folder: Path, books: int, orders: int, *, faults: bool) -> list[Path]:
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        make_books(folder, make(folder, books=books, orders=orders, faults=faults))
        (folder / "made").touch()
    return sorted((folder / "books").iterdir())


def _timed(runner: str, fleet: Path, books: list[Path]) -> dict[str, float]:
    """Work these books as a new fleet, with nothing kept from before, in a process of its own."""
    shutil.rmtree(fleet, ignore_errors=True)
    fleet.mkdir(parents=True)
    for book in books:
        shutil.rmtree(book / "cache", ignore_errors=True)
    listed = "".join(f"[[book]]\nid = {json.dumps(b.name)}\npath = {json.dumps(str(b.resolve()))}\n" for b in books)
    (fleet / "fleet.toml").write_text(listed, encoding="utf-8")
    cores = SPARK.get(runner, os.cpu_count() or 1 if runner == "processes" else 1)
    command = [sys.executable, __file__, "--work", runner, str(fleet), str(cores)]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{runner}: {done.stdout}{done.stderr}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told | {"whole": time.perf_counter() - begun}


def _work(runner: str, path: Path, cores: int) -> None:
    """Inside that process: held to its cores, it works the fleet and prints what that took."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    from crossbook.fleet import local

    fleet = open_fleet(path)
    begun = time.perf_counter()
    if runner == "direct":
        local.bounded(1)
        chosen = _one_after_another(work)
    elif runner in SPARK:
        from crossbook.engine.sessions import session
        from crossbook.fleet import spark

        chosen = spark.runner(session(runner, spark.LIGHT))
    else:
        chosen = local.run
    ready = time.perf_counter()
    before = _processor()
    counts = run_fleet(fleet, runner=chosen).counts()
    ended, used = time.perf_counter(), _processor() - before
    if counts["done"] != len(fleet.books):
        sys.exit(f"not all books were worked: {counts}")
    if runner in SPARK:
        from pyspark.sql import SparkSession

        SparkSession.builder.getOrCreate().stop()
    print(json.dumps({"start": ready - begun, "clock": ended - ready, "processor": used}))


def _one_after_another(work: Callable[[Task], Outcome]) -> Runner:
    def run(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
        yield from (work(task) for task in tasks)

    return run


def _processor() -> float:
    """Seconds of the processor of this process and of all that it started, and they."""
    ticks = sum(sum(map(int, words[11:15])) for words in processes.of(os.getpid()).values())
    return ticks / os.sysconf("SC_CLK_TCK")


def _told(name: str, runs: list[dict[str, float]], books: int) -> dict[str, float]:
    told = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    spread = f" ({min(r['clock'] for r in runs):.1f} to {max(r['clock'] for r in runs):.1f})" if len(runs) > 1 else ""
    print(
        f"{name}: {books} books in {told['clock']:.1f} s{spread}, {told['processor']:.1f} s of the processor; "
        f"to start {told['start']:.1f} s",
        flush=True,
    )
    return told


def _equal(one: Path, other: Path) -> bool:
    """Whether every row of every table of two fleets is the same, whatever its place."""
    tables = rows = 0
    for a, b in zip(standings(open_fleet(one)), standings(open_fleet(other)), strict=True):
        if not a.done or not b.done:
            return False
        files = {(f.desk, f.name): f for f in b.done.files}
        for file in a.done.files:
            twin = files.pop((file.desk, file.name), None)
            if twin is None or file.rows != twin.rows:
                print(f"{a.book} {file.desk} {file.name}: {file.rows} rows against {twin and twin.rows}")
                return False
            if file.path and _rows(a.folder / file.path) != _rows(b.folder / twin.path):
                print(f"{a.book} {file.desk} {file.name}: the rows differ")
                return False
            tables, rows = tables + bool(file.rows), rows + file.rows
        if files:
            return False
    print(f"{other.name}: {tables:,} tables with {rows:,} rows, all as {one.name} has them")
    return True


def _rows(path: Path) -> Counter[str]:
    return Counter(repr(sorted(row.items())) for row in pq.read_table(path, partitioning=None).to_pylist())


def _planted(folder: Path) -> bool:
    told = json.loads((folder / "truth" / "planted.json").read_text(encoding="utf-8"))
    truth = Counter((x["rule"], x["key"].upper(), tuple(x["books"])) for x in told)
    begun = time.perf_counter()
    crossed = find(open_fleet(folder / "local[2]"))
    found = Counter((c.rule, c.subject.upper(), c.books) for c in crossed.found)
    print(
        f"planted across books: {sum(truth.values())}, found by their rule {sum((truth & found).values())}, "
        f"others called {sum((found - truth).values())}, in {time.perf_counter() - begun:.1f} s"
    )
    for rule, key, books in (truth - found) | (found - truth):
        print(f"  {'not found' if (rule, key, books) in truth else 'called'}: {rule} {key} {', '.join(books)}")
    return truth == found


if __name__ == "__main__":
    main()
