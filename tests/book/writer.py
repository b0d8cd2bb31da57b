"""Adds files and journal entries until it is killed, telling on standard output what was acknowledged."""

import sys
from pathlib import Path

from crossbook.book import open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs


def main(folder: Path, first: int) -> None:
    book = open_book(folder)
    golden = Path(sys.argv[3]).read_text(encoding="utf-8")
    for n in range(first, first + 100_000):
        path = folder.parent / f"in-{n}.txt"
        path.write_text(golden.replace("18906543210", str(10_000_000 + n)), encoding="utf-8")
        (item,) = inputs([path])
        added = add(book, item)
        print("added", added.sha, flush=True)
        path.unlink()
        entry = book.decide("match", f"p{n}", {"n": n}, "writer")
        print("journal", entry.hash, flush=True)


main(Path(sys.argv[1]), int(sys.argv[2]))
