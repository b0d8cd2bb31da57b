"""Opening and settling a book of many small fact files, before and after it is compacted.

    python benchmarks/compact.py --orders 600

Makes the sample business (or takes a copy of `--book`), and prints files, bytes, and the least seconds of some runs,
each in a process of its own with nothing kept in the cache. Both books must give the same payouts.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from crossbook.book import Book, init_book, open_book, seals
from crossbook.book.adding import add
from crossbook.book.compacting import compact
from crossbook.book.opening import inputs
from crossbook.demo import make, settings_for

_RUN = """
import hashlib, sys, time
import crossbook
from crossbook.book import open_book
from crossbook.engine import connect
begun = time.perf_counter()
connect(open_book(sys.argv[1])).close()
opened = time.perf_counter()
payouts = crossbook.open(sys.argv[1]).payouts()
settled = time.perf_counter()
print(opened - begun, settled - begun, hashlib.sha256(repr(payouts.to_arrow().to_pylist()).encode()).hexdigest())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=600, help="of the sample business")
    parser.add_argument("--book", type=Path, help="a book to copy instead")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        if given.book:
            shutil.copytree(given.book, before)
        else:
            _make(Path(folder), before, given.orders)
        shutil.copytree(before, after)
        compact(open_book(after))
        told = {path.name: _measured(path, given.runs) for path in (before, after)}
        for name, (files, size, opening, settling, _) in told.items():
            print(
                f"{name}: {files} fact files, {size / 1024:.0f} KiB, opened {opening:.2f} s, settled {settling:.2f} s"
            )
        if told["before"][-1] != told["after"][-1]:
            sys.exit("the payouts differ")


def _make(folder: Path, path: Path, orders: int) -> None:
    made = make(folder / "sample", orders=orders)
    settings_for(init_book(path, "Sample", "CNY"))
    for item in inputs([made.inbox]):
        add(open_book(path), item)


def _measured(path: Path, runs: int) -> tuple[int, int, float, float, str]:
    files = {file.path for file in Book(path).fact_files()}
    sizes = [seen[0] for file in files if (seen := seals.look(file))]
    found = []
    for _ in range(runs):
        shutil.rmtree(path / "cache", ignore_errors=True)
        told = subprocess.run([sys.executable, "-c", _RUN, str(path)], capture_output=True, text=True, check=True)
        opening, settling, digest = told.stdout.split()
        found.append((float(opening), float(settling), digest))
    return len(files), sum(sizes), min(f[0] for f in found), min(f[1] for f in found), found[0][2]


if __name__ == "__main__":
    main()
