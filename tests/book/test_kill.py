"""The writer is killed many times at random moments: nothing acknowledged is lost, nothing half-added is visible."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from crossbook.book.checking import check
from crossbook.engine import raw_facts
from tests.conftest import GOLDEN
from tests.effort import times

KILLS = {"sqlite": times(8, long=200), "postgresql": times(4, long=40)}
SEED = 20_260_301


@pytest.mark.slow
def test_killing_the_writer(either: Book) -> None:
    folder, kills = either.path, KILLS[either.engine.dialect.name]
    rng = random.Random(SEED)
    acknowledged: dict[str, set[str]] = {"added": set(), "journal": set()}
    number = 0
    writer = Path(__file__).with_name("writer.py")
    golden = GOLDEN / "amazon_settlement.txt"
    for kill in range(kills):
        process = subprocess.Popen(
            [sys.executable, str(writer), str(folder), str(number), str(golden)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        first = process.stdout.readline()  # the first acknowledgement: it has started, and writes
        time.sleep(rng.random() * 0.06)
        process.kill()
        lines = [first, *process.stdout.read().split("\n")]
        process.wait()
        for line in lines:
            words = line.split()
            if len(words) == 2 and len(words[1]) == 64:
                acknowledged[words[0]].add(words[1])
        number += 1_000
        if kill % 10 == 9:
            _sound(folder, acknowledged, kill)
    assert len(acknowledged["added"]) >= kills
    _sound(folder, acknowledged, kills)


def _sound(folder: Path, acknowledged: dict[str, set[str]], kill: int) -> None:
    book = open_book(folder)
    report = check(book)
    told = f"seed {SEED}, after kill {kill}"
    assert not report.problems, (told, report.problems)
    evidence = {e["sha"]: e for e in book.evidence()}
    assert acknowledged["added"] <= set(evidence), told
    assert acknowledged["journal"] <= {e.hash for e in book.journal()}, told
    counts = raw_facts(book).rows(
        "SELECT count(*) AS lines, count(DISTINCT evidence) AS files, (SELECT count(*) FROM payout) AS payouts "
        "FROM settlement"
    )
    assert counts == [{"lines": 11 * len(evidence), "files": len(evidence), "payouts": len(evidence)}], told
