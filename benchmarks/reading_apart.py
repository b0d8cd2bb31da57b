"""What reading in processes apart costs: the sample business added with and without them.

python benchmarks/reading_apart.py [--files 0]

Each way runs in a process of its own that adds the same files to a new book; 0 files are all of them. It may cost a
tenth of the processor's time at most.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crossbook import apart
from crossbook.book import Book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError

COMMAND = Path(sys.executable).with_name("crossbook")
MOST = 1.10


def added(book: Book, inbox: Path, files: int) -> int:
    """Add files; how many were read."""
    found = inputs([inbox])
    step = max(1, len(found) // files) if files else 1
    count = 0
    for item in found[::step]:
        try:
            add(book, item)
            count += 1
        except CrossbookError:
            continue
    return count


def measured(way: str, inbox: Path, book: Path, files: int) -> tuple[float, float]:
    """Seconds of processor and of the clock that adding took, in a process of its own and those that it began."""
    before, started = os.times(), time.perf_counter()
    words = [sys.executable, __file__, "--way", way, "--inbox", str(inbox), "--book", str(book), "--files", str(files)]
    subprocess.run(words, check=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--demo", type=Path, help="A sample business made before.")
    parser.add_argument("--way", choices=("apart", "here"), help=argparse.SUPPRESS)
    parser.add_argument("--inbox", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--book", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        if given.way == "here":
            apart.run = apart.direct
        else:
            apart.start()
        print(f"{added(open_book(given.book), given.inbox, given.files)} files read", end="  ", flush=True)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = given.demo or folder / "demo"
        if given.demo is None:
            subprocess.run([COMMAND, "demo", demo], check=True, stdout=subprocess.DEVNULL)
        took = {}
        for way in ("here", "apart"):
            subprocess.run([COMMAND, "init", folder / way], check=True, stdout=subprocess.DEVNULL)
            (folder / way / "book.toml").write_text((demo / "book" / "book.toml").read_text(encoding="utf-8"))
            (folder / way / "mappings").mkdir()
            for mapping in (demo / "book" / "mappings").glob("*.toml"):
                (folder / way / "mappings" / mapping.name).write_bytes(mapping.read_bytes())
            took[way] = measured(way, demo / "inbox", folder / way, given.files)
            print(f"{way:6} {took[way][0]:6.1f} s of processor, {took[way][1]:6.1f} s", flush=True)
    ratio = took["apart"][0] / took["here"][0]
    print(f"apart costs {ratio:.2f} times the processor's time, limit {MOST}")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
