"""Many add files to one book at once, with its catalog on PostgreSQL: how many are lost, and how many are told so raw.

python benchmarks/parallel_adds.py [--adds 1000] [--processes 8] [--catalog URL]

Without `--catalog` (the address of an empty database) it starts a server of its own, which needs Debian's postgresql.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError

GOLDEN = Path(__file__).parent.parent / "tests" / "sources" / "golden" / "amazon_settlement.txt"


def add_all(folder: Path, inbox: Path, numbers: range, told: Any) -> None:
    """Add these settlements one by one, and tell how each ended."""
    text, book = GOLDEN.read_text(encoding="utf-8"), open_book(folder)
    ended: Counter[str] = Counter()
    for number in numbers:
        path = inbox / f"{number}.txt"
        path.write_text(text.replace("18906543210", str(10_000_000 + number)), encoding="utf-8")
        try:
            ended[add(book, inputs([path])[0]).status] += 1
        except CrossbookError as error:
            ended[f"refused: {error.what}"] += 1
        except Exception as error:  # noqa: BLE001 - what should never be
            ended[f"raw: {type(error).__name__}"] += 1
    told.put(ended)


def measure(url: str, adds: int, processes: int) -> int:
    """Add so many from so many processes; how many are lost or raw."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as made:
        folder, inbox = Path(made) / "book", Path(made) / "inbox"
        inbox.mkdir()
        book, told = init_book(folder, "Shop", "USD", url), context.Queue()
        started = time.perf_counter()
        adders = [
            context.Process(target=add_all, args=(folder, inbox, range(n, adds, processes), told))
            for n in range(processes)
        ]
        for adder in adders:
            adder.start()
        ended: Counter[str] = sum((told.get() for _ in adders), Counter())
        for adder in adders:
            adder.join()
        took = time.perf_counter() - started
        lines = raw_facts(book).rows("SELECT count(*) AS n, count(DISTINCT evidence) AS files FROM settlement")[0]
        lost = ended["added"] - len(book.evidence())
        raw = sum(n for how, n in ended.items() if how.startswith("raw"))
        sound = check(book).sound
        print(f"{adds} adds from {processes} processes in {took:.0f} s: {dict(ended)}")
        print(f"{lost} lost, {raw} raw errors; {lines['files']} files with {lines['n']} lines read; sound: {sound}")
        return int(lost + raw + (not sound) + (lines["files"] != adds))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adds", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--catalog", default="")
    given = parser.parse_args()
    if given.catalog:
        return 1 if measure(given.catalog, given.adds, given.processes) else 0
    from tests.book.server import binaries, start, stop

    programs = binaries()
    if programs is None:
        print("no PostgreSQL server is installed: make services", file=sys.stderr)
        return 2
    server = start(programs)
    try:
        return 1 if measure(server.url(server.database()), given.adds, given.processes) else 0
    finally:
        stop(server)


if __name__ == "__main__":
    sys.exit(main())
