"""A book in which one account is on a side of every transfer: each row accounted for, seconds, memory, what is called.

    python benchmarks/one_account.py 1000000
    python benchmarks/one_account.py 10000000 --folder one   # 12 GiB of disk

Writes a table of that many transfers within a month, of which one in a thousand each is of zero, is negative, or is
told twice, and has `crossbook add` and `crossbook watch run` read it, each a process of its own. Then the book is held
against what was written: how many are kept and how many are set aside for which reason, what the account paid and was
paid in all; and each alert counts as many transfers as it rests on. Else the program exits with 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from crossbook.book import init_book, open_book
from crossbook.engine import connect
from crossbook.watch.reading import summary

HEAD = "transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind\n"
ZERO, NEGATIVE, AGAIN = 1, 2, 3  # by the number of a transfer modulo EACH
EACH = 1000
AT_ONCE = 200_000
CROSSBOOK = (sys.executable, "-c", "from crossbook.cli.main import run; run()")


def write(path: Path, count: int, seed: int) -> dict[str, int]:
    """Transfers of a month to and from one account, of strangers who come back twenty times each. Gives what a book of
    them must tell."""
    rng = np.random.default_rng(seed)
    seconds = np.sort(rng.integers(0, 30 * 86_400, count))
    other, amount = rng.integers(0, max(count // 20, 50), count), rng.integers(1_000, 3_000_000, count)
    out = rng.random(count) < 0.5
    odd = np.arange(count) % EACH
    amount[odd == ZERO] = 0
    amount[odd == NEGATIVE] *= -1
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for start in range(0, count, AT_ONCE):
            part = slice(start, start + AT_ONCE)
            moments = np.datetime64("2026-03-01T00:00:00") + seconds[part].astype("timedelta64[s]")
            rows = zip(np.datetime_as_string(moments), other[part], amount[part], out[part], odd[part], strict=True)
            for n, (when, who, minor, paying, oddity) in enumerate(rows, start):
                sides = f"ONE,C{who}" if paying else f"C{who},ONE"
                paid = f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"
                row = f"T{n},{when}+08:00,{sides},{paid},CNY,CN,CN,transfer\n"
                file.write(row * 2 if oddity == AGAIN else row)
    return {
        "transfers": int((amount > 0).sum()),
        "amount of zero": int((odd == ZERO).sum()),
        "negative amount": int((odd == NEGATIVE).sum()),
        "told again": int((odd == AGAIN).sum()),
        "paid by the account": int(amount[out & (amount > 0)].sum()),
        "paid to the account": int(amount[~out & (amount > 0)].sum()),
    }


def run(folder: Path, *words: str) -> str:
    """One command of crossbook on the book: prints its seconds by the clock and of the processor, the most memory of
    its largest process, and the most disk that the folder came to meanwhile; gives what it printed."""
    used = [0]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(2):
            used[0] = max(used[0], size(folder))

    watching = threading.Thread(target=look)
    watching.start()
    began = time.perf_counter()
    told = folder / "told.txt"
    with told.open("w") as file:
        child = subprocess.Popen([*CROSSBOOK, *words, "--book", str(folder / "book")], stdout=file)
        _, status, spent = os.wait4(child.pid, 0)
    took = time.perf_counter() - began
    ended.set()
    watching.join()
    shown = " ".join(word for word in words if not word.endswith(".csv"))
    print(
        f"crossbook {shown}: {took:.0f} s, {spent.ru_utime + spent.ru_stime:.0f} of the processor, "
        f"at most {spent.ru_maxrss / 2**20:.1f} GiB of memory, "
        f"{used[0] / 2**30:.1f} GiB of disk",
        flush=True,
    )
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: alerts were found
        sys.exit(f"it ended with {os.waitstatus_to_exitcode(status)}\n{told.read_text()}")
    return told.read_text()


def size(folder: Path) -> int:
    """Bytes of all files in a folder; what goes away meanwhile counts as nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(place) / name).lstat().st_size
    return total


def kept(folder: Path) -> dict[str, int]:
    """What the book tells of itself, in the words of `write`; prints what each rule called."""
    database = connect(open_book(folder / "book"))
    told = summary(database)
    (sums,) = database.rows(
        "SELECT CAST(sum(CASE WHEN payer_account = 'ONE' THEN paid END) AS BIGINT) AS paid, "
        "CAST(sum(CASE WHEN payee_account = 'ONE' THEN received END) AS BIGINT) AS received FROM watch_transfer"
    )
    called = database.rows(
        "SELECT a.rule, count(DISTINCT a.alert) AS alerts, count(*) AS rests, count(DISTINCT x.id) AS transfers, "
        "count(DISTINCT CASE WHEN a.subject = 'ONE' THEN x.id END) AS ones "
        "FROM alert a JOIN alert_transfer x ON x.alert = a.alert GROUP BY a.rule ORDER BY a.rule"
    )
    for row in called:
        print(f"{row['rule']}: {row['alerts']:,} alerts on {row['transfers']:,} transfers", flush=True)
    (counted,) = database.rows("SELECT coalesce(CAST(sum(transfers) AS BIGINT), 0) AS n FROM alert")
    if counted["n"] != sum(row["rests"] for row in called):
        sys.exit("alerts count other transfers than they rest on")
    return {
        "transfers": told.transfers,
        **told.aside,
        "paid by the account": sums["paid"],
        "paid to the account": sums["received"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transfers", type=int)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the book here, where it must not be yet")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="crossbook-") as scratch:
        folder = asked.folder or Path(scratch)
        folder.mkdir(exist_ok=True)
        wanted = write(folder / "transfers.csv", asked.transfers, asked.seed)
        init_book(folder / "book", "One", "CNY")
        run(folder, "add", str(folder / "transfers.csv"))
        print(run(folder, "watch", "run"), flush=True)
        found = kept(folder)
    for what in sorted(wanted.keys() | found.keys()):
        print(f"{what}: {wanted.get(what, 0):,} written, {found.get(what, 0):,} in the book")
    sys.exit(0 if wanted == found else 1)


if __name__ == "__main__":
    main()
