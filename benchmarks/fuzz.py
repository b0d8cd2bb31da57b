"""Feed every source spoiled copies of its golden file: a clean error or valid facts, never anything else.

    python benchmarks/fuzz.py --inputs 10000 --seed 1

Every hundredth input goes through the whole of `add`; after it the book must check and hold nothing half-added.
Prints the seed; a failure prints the source, the number of the input and the traceback, and exits with 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from mutations import mutate

from crossbook.book import init_book
from crossbook.book.adding import add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import sources
from crossbook.sources.source import Reading, Source

GOLDEN = Path(__file__).parent.parent / "tests" / "sources" / "golden"


def originals_of(name: str) -> list[Path]:
    """The golden files that a source reads: whose facts say so, or which are called after it."""
    told = {p: p.with_name(f"{p.name}.json") for p in sorted(GOLDEN.iterdir())}
    return [
        p
        for p, facts in told.items()
        if facts.exists()
        and (p.stem.startswith(name) or json.loads(facts.read_text(encoding="utf-8")).get("source") == name)
    ]


def read_spoiled(source: Source, path: Path) -> str:
    """How reading ends: read, bad rows, error or declined. Anything but these is a fault and raises."""
    try:
        head = read_head(path, path.name)
        if source.recognise(head).confidence < 0.5:
            return "declined"
        reading = Reading(path, path.name, "utf-8")
        for kind, table in source.read(reading):
            expected = [f for f in KINDS[kind].schema if f.name != "evidence"]
            assert [(f.name, f.type) for f in table.schema] == [(f.name, f.type) for f in expected], kind
            table.validate(full=True)
        return "bad rows" if reading.bad_count else "read"
    except CrossbookError:
        return "error"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--source", help="only this one")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.inputs} inputs per source")
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        book = init_book(Path(folder) / "book")
        for name, source in sources().items():
            if options.source in (None, name):
                failures += _fuzz(name, source, options.inputs, options.seed, Path(folder), book)
        report = check(book)
        if not report.sound:
            print("the book is not clean:", report.problems, report.orphans)
            failures += 1
    return 1 if failures else 0


def _fuzz(name, source, count, seed, folder, book) -> int:  # type: ignore[no-untyped-def]
    golden = originals_of(name)
    golden = [p for p in golden if source.recognise(read_head(p, p.name)).confidence >= 0.5]
    originals = [p.read_bytes() for p in golden]
    outcomes: Counter[str] = Counter()
    failures, started = 0, time.perf_counter()
    for i in range(count):
        rng = random.Random(f"{seed} {name} {i}")
        content = mutate(rng, originals[i % len(originals)])
        path = folder / golden[i % len(golden)].name
        path.write_bytes(content)
        try:
            outcomes[read_spoiled(source, path)] += 1
            if i % 100 == 0:
                _through_add(book, path)
        except Exception:  # noqa: BLE001 - whatever it is, it is the finding
            failures += 1
            print(f"{name} input {i}:\n{traceback.format_exc()}")
            if failures >= 5:
                break
    print(f"{name:24} {dict(outcomes)}  {failures} failures  {time.perf_counter() - started:.0f} s", flush=True)
    return failures


def _through_add(book, path: Path) -> None:  # type: ignore[no-untyped-def]
    before = {e["sha"] for e in book.evidence()}
    try:
        (item,) = inputs([path])
        added = add(book, item)
    except CrossbookError:
        assert {e["sha"] for e in book.evidence()} == before
    else:
        assert added.status in ("added", "duplicate")


if __name__ == "__main__":
    sys.exit(main())
