"""Put faults under a book, one after another: a writer killed, a disk full, a disk that fails, bits turned in each kind
of stored file, a clock set back, a lock that is lost.

After each: nothing that was confirmed is lost, no wrong figure is shown, and what is wrong is said with its cure.

    python benchmarks/machine_faults.py --faults 1000 --seed 1

Prints the seed; a failure prints its number and what was found, and exits with 1.
"""

from __future__ import annotations

import argparse
import errno
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

from crossbook import apart
from crossbook.book import Book, clock, faults, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError

GOLDEN = Path(__file__).parent.parent / "tests" / "sources" / "golden"
FILES = ("amazon_settlement.txt", "camt.xml", "stripe_balance.csv")
FIGURES = (
    "SELECT account, currency, count(*) AS n, sum(amount) AS amount FROM settlement GROUP BY ALL ORDER BY ALL",
    "SELECT account, currency, payout_id, amount FROM payout ORDER BY ALL",
    "SELECT account, currency, count(*) AS n, sum(amount) AS amount FROM bank GROUP BY ALL ORDER BY ALL",
)
STORED = {
    "evidence": "evidence/*/*",
    "facts": "facts/*/*.parquet",
    "catalog": "catalog.sqlite",
    "log": "catalog.sqlite-wal",
    "cache": "cache/*.duckdb",
    "settings": "book.toml",
}


class Wrong(Exception):  # noqa: N818 - what this program is there to find
    """Something was lost, shown wrongly, or said without a cure."""


@dataclass
class Truth:
    """What was confirmed: originals by hash, entries by hash; and the figures that these give."""

    evidence: set[str] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    figures: list[Any] = field(default_factory=list)


def figures_of(book: Book) -> list[Any]:
    """The figures that the facts give."""
    database = raw_facts(book)
    try:
        return [database.rows(sql) for sql in FIGURES]
    finally:
        database.connection.close()


def base(folder: Path) -> Truth:
    """A small book with three files and four decisions."""
    book, truth = init_book(folder, "Shop", "USD"), Truth()
    for item in inputs([GOLDEN / name for name in FILES]):
        truth.evidence.add(add(book, item).sha)
    for n in range(4):
        truth.entries.add(book.decide("noted", f"n{n}", {"n": n}, "ann").hash)
    truth.figures = figures_of(book)
    shutil.copytree(folder, folder.with_name(f"{folder.name} with a log"))  # as it is while it is open
    book.engine.dispose()
    return truth


def settlement(folder: Path, number: int) -> Path:
    """One more settlement, with a payout of its own."""
    path = folder / f"in-{number}.txt"
    text = (GOLDEN / FILES[0]).read_text(encoding="utf-8")
    path.write_text(text.replace("18906543210", str(10_000_000 + number)), encoding="utf-8")
    return path


def write(folder: str, number: int, told: Connection, lose_lock: bool = False) -> None:
    """What the writer that is killed does: add, decide, and tell what was confirmed."""
    for n in range(number, number + 1_000):
        book = open_book(folder)
        if lose_lock:
            Path(folder, ".lock").unlink(missing_ok=True)
        told.send(("evidence", add(book, inputs([settlement(Path(folder).parent, n)])[0]).sha))
        told.send(("entries", book.decide("noted", f"p{n}", {"n": n}, "bo").hash))


def killed(book: Path, rng: random.Random, truth: Truth, *, lose_lock: bool = False) -> str:
    """A writer is killed at a moment that nobody chose."""
    here, there = _processes().Pipe(duplex=False)
    writer = _processes().Process(target=write, args=(str(book), rng.randrange(10**6), there, lose_lock))
    writer.start()
    there.close()
    first = here.recv()  # it has started
    getattr(truth, first[0]).add(first[1])
    time.sleep(rng.random() * 0.05)
    if lose_lock:
        with open_book(book).lock(shared=False):
            check(open_book(book))
    writer.kill()
    writer.join()
    while True:
        try:
            kind, sha = here.recv()
        except (EOFError, OSError):
            break
        getattr(truth, kind).add(sha)
    return ""


def _processes() -> Any:
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__ if __name__ != "__main__" else "machine_faults", "crossbook.book.adding"])
    return context


def lock_lost(book: Path, rng: random.Random, truth: Truth) -> str:
    """The lock of those who write goes away under them, while another checks the book."""
    return killed(book, rng, truth, lose_lock=True)


@contextmanager
def failing_at(rng: random.Random, number: int) -> Iterator[None]:
    """The system refuses one write or one sync of those that adding and deciding make, with this error."""
    left, what = rng.randrange(1, 12), rng.choice(("fsync", "replace", "open", "rows", "catalog"))
    real_fsync, real_replace, real_open = os.fsync, Path.replace, Path.open

    def turn() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(number, os.strerror(number))

    def fsync(handle: int) -> None:
        turn() if what == "fsync" else None
        real_fsync(handle)

    def replace(self: Path, target: Path) -> Path:
        turn() if what == "replace" else None
        return real_replace(self, target)

    def opened(self: Path, mode: str = "r", *args: Any, **named: Any) -> Any:
        if what == "open" and set(mode) & set("wax"):
            turn()
        return real_open(self, mode, *args, **named)

    def table(self: Any, *args: Any, **named: Any) -> None:
        raise OSError(number, os.strerror(number))

    with (
        mock.patch("os.fsync", fsync),
        mock.patch.object(Path, "replace", replace),
        mock.patch.object(Path, "open", opened),
        mock.patch.object(apart, "run", apart.direct),
        mock.patch("pyarrow.parquet.ParquetWriter.write_table", table) if what == "rows" else mock.patch("os.sep", "/"),
    ):
        yield


def system(number: int) -> Callable[[Path, random.Random, Truth], str]:
    """A fault by which the system refuses to write."""

    def fault(folder: Path, rng: random.Random, truth: Truth) -> str:
        path, book = settlement(folder.parent, rng.randrange(10**6)), open_book(folder)
        before = len(book.evidence())
        if rng.random() < 0.3:  # the catalog cannot grow: SQLite's own way to be full
            with book.engine.connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        said = ""
        works: tuple[Callable[[], object], ...] = (
            lambda: truth.evidence.add(add(book, inputs([path])[0]).sha),
            lambda: truth.entries.add(book.decide("noted", "x" * 9_000, {}, "cy").hash),
        )
        with failing_at(rng, number):
            for work in works:
                try:
                    work()
                except CrossbookError as error:
                    said = _with_cure(error)
        if len(open_book(folder).evidence()) > before and len(truth.evidence) == len(FILES):
            raise Wrong(f"it was added, and that was said not to be: {said}")
        book.engine.dispose()
        return said

    return fault


def bits(kind: str) -> Callable[[Path, random.Random, Truth], str]:
    """A bit turned, or a block lost, in a stored file of a kind."""

    def fault(folder: Path, rng: random.Random, truth: Truth) -> str:
        found = sorted(p for p in folder.glob(STORED[kind]) if p.stat().st_size)
        if not found:
            return ""
        path = rng.choice(found)
        content = bytearray(path.read_bytes())
        at = rng.randrange(len(content))
        if rng.random() < 0.7:
            content[at] ^= 1 << rng.randrange(8)
        else:
            content[at : at + 512] = bytes(len(content[at : at + 512]))
        path.chmod(0o644)
        path.write_bytes(content)
        return ""

    return fault


def clock_back(folder: Path, rng: random.Random, truth: Truth) -> str:
    """The clock is set back by days: what is decided then is marked."""
    then = datetime.now(UTC) - timedelta(days=rng.randrange(1, 400))
    book = open_book(folder)
    with mock.patch.object(clock, "datetime") as told:
        told.now.return_value = then
        entry = book.decide("noted", "then", {}, "ann")
    truth.entries.add(entry.hash)
    book.engine.dispose()
    if clock.SET_BACK not in entry.body:
        raise Wrong("a clock that was set back is not marked")
    return ""


FAULTS: dict[str, Callable[[Path, random.Random, Truth], str]] = {
    "writer killed": killed,
    "lock lost": lock_lost,
    "disk full": system(errno.ENOSPC),
    "disk fails": system(errno.EIO),
    "takes no changes": system(errno.EROFS),
    "clock set back": clock_back,
    **{f"bits in {kind}": bits(kind) for kind in STORED},
}


def _with_cure(error: CrossbookError) -> str:
    if not error.todo:
        raise Wrong(f"no cure is named: {error}")
    return error.what


def look(folder: Path, truth: Truth, fault: str) -> str:
    """Hold the book against what was confirmed. Raises Wrong; else what is said of it."""
    said = []
    try:
        book = open_book(folder)
        report = check(book)
        if fault.startswith("bits"):
            said += report.problems
        elif report.problems:
            raise Wrong(f"not sound: {report.problems}")
        have = {e["sha"] for e in book.evidence()}
        entries = {e.hash for e in book.journal()}
        if not said and (truth.evidence - have or truth.entries - entries):
            raise Wrong("what was confirmed is lost, and nothing says so")
    except CrossbookError as error:
        said.append(_with_cure(error))
        if not fault.startswith("bits"):
            raise Wrong(f"not to be opened: {error}") from None
    try:
        shown = figures_of(open_book(folder))
    except Exception as error:
        named = error if isinstance(error, CrossbookError) else faults.named(error, folder)  # as command and page do
        if named is None:
            raise
        return "; ".join([*said, _with_cure(named)])
    if fault.startswith("bits") and shown != truth.figures:
        raise Wrong(f"wrong figures are shown; said of it: {said}")
    return "; ".join(said)


def run(count: int, seed: int, say: Callable[[str], None] = print) -> int:
    """So many faults; how many went wrong."""
    say(f"seed {seed}, {count} faults")
    failures, outcomes = 0, {name: Counter[str]() for name in FAULTS}
    with tempfile.TemporaryDirectory() as made:
        truth = base(Path(made) / "base")
        for i in range(count):
            rng, name = random.Random(f"{seed} {i}"), list(FAULTS)[i % len(FAULTS)]
            folder = Path(made) / f"{i}"
            begun = "base with a log" if name == "bits in log" else "base"
            shutil.copytree(Path(made) / begun, folder / "book")
            now = Truth(set(truth.evidence), set(truth.entries), truth.figures)
            try:
                FAULTS[name](folder / "book", rng, now)
                said = look(folder / "book", now, name)
                outcomes[name]["said, with its cure" if said else "whole"] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                failures += 1
                outcomes[name]["WRONG"] += 1
                say(f"fault {i}, {name}: {type(error).__name__}: {error}")
            shutil.rmtree(folder)
    for name, counts in outcomes.items():
        say(f"{name:20} {dict(counts)}")
    say(f"{failures} of {count} went wrong")
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    given = parser.parse_args()
    return 1 if run(given.faults, given.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
