"""A book in which one account is on a side of every transfer: how long each step takes, and how much memory.

python benchmarks/one_account.py 1000000
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine import connect
from crossbook.watch.reading import summary

HEAD = "transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind\n"


def write(path: Path, count: int, seed: int) -> None:
    """Transfers of a month to and from one account, of strangers who come back twenty times each."""
    rng = np.random.default_rng(seed)
    seconds = np.sort(rng.integers(0, 30 * 86_400, count))
    when = np.datetime_as_string(np.datetime64("2026-03-01T00:00:00") + seconds.astype("timedelta64[s]"))
    other, amount = rng.integers(0, max(count // 20, 50), count), rng.integers(1_000, 3_000_000, count)
    out = rng.random(count) < 0.5
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for n in range(count):
            sides = f"ONE,C{other[n]}" if out[n] else f"C{other[n]},ONE"
            paid = f"{amount[n] // 100}.{amount[n] % 100:02d}"
            file.write(f"T{n},{when[n]}+08:00,{sides},{paid},CNY,CN,CN,transfer\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("transfers", type=int)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "transfers.csv"
        write(path, asked.transfers, asked.seed)
        init_book(Path(folder) / "book", "One", "CNY")
        book = open_book(Path(folder) / "book")
        began = time.perf_counter()
        for item in inputs([path]):
            add(book, item)
        read = time.perf_counter()
        told = summary(connect(book))
        ended = time.perf_counter()
    print(f"{told.transfers:,} transfers, {sum(told.aside.values()):,} set aside, {told.alerts:,} alerts")
    print(f"added in {read - began:.0f} s, held against every rule in {ended - read:.0f} s")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB")
    for note, n in told.notes:
        print(f"{note} {n:,}" if n else note)


if __name__ == "__main__":
    main()
