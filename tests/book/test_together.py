"""Readers and writers at the same time: no reader waits or fails, each sees whole files only."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from crossbook.book import init_book, open_book
from crossbook.engine import raw_facts
from tests.conftest import GOLDEN
from tests.patience import LONG


def test_reading_while_two_write(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    init_book(folder)
    writer, golden = Path(__file__).with_name("writer.py"), GOLDEN / "amazon_settlement.txt"
    writers = [
        subprocess.Popen([sys.executable, str(writer), str(folder), str(n), str(golden)], stdout=subprocess.DEVNULL)
        for n in (0, 500_000)
    ]
    try:
        seen, end = 0, time.monotonic() + LONG
        while seen <= 30 and time.monotonic() < end:
            database = raw_facts(open_book(folder))
            (row,) = database.rows("SELECT count(*) AS lines, count(DISTINCT evidence) AS files FROM settlement")
            assert row["lines"] == 11 * row["files"]
            assert row["files"] >= seen
            seen = row["files"]
        assert seen > 30
        assert all(w.poll() is None for w in writers)
    finally:
        for w in writers:
            w.kill()
            w.wait()
