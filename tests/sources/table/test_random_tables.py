"""Tables written from known facts are read right, or asked about, or refused: never silently wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.sources.table.judging import judge
from tests.sources.table.writing import CONVENTIONS, write

TABLES = 300


def test_no_table_is_silently_wrong(tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    wrong = []
    for seed in range(TABLES):
        table = write(seed)
        verdict, why = judge(table, tmp_path)
        found[verdict] += 1
        if verdict == "wrong":
            wrong.append(f"{table.how}: {why}")
    assert not wrong, wrong
    assert found["right"] > TABLES // 4 and found["refused"] < TABLES // 10, found


def test_every_convention_has_an_address() -> None:
    assert all(told["address"].startswith("github.com/") for told in CONVENTIONS)
