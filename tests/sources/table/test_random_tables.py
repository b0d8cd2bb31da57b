"""Tables written from known facts are read right, or asked about, or refused: never silently wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.effort import times
from tests.sources.table.judging import judge
from tests.sources.table.writing import CONVENTIONS, HABITS, write

TABLES = times(60, long=3_000)


def test_no_table_is_silently_wrong(tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    wrong, alarms = [], []
    for seed in range(TABLES):
        table = write(seed)
        verdict, why = judge(table, tmp_path)
        found[verdict] += 1
        if verdict == "wrong":
            wrong.append(f"{table.how}: {why}")
        elif verdict != "right" and table.decides:
            alarms.append(f"{table.how}: {why}")
    assert not wrong, wrong
    assert found["right"] > TABLES // 4 and not found["refused"], found
    assert len(alarms) < TABLES // 50, alarms


def test_every_convention_and_habit_has_an_address() -> None:
    assert all("/" in told["address"] for told in CONVENTIONS) and all("/" in address for address in HABITS.values())


def test_twelve_languages_are_among_the_headers() -> None:
    languages = {told["language"] for told in CONVENTIONS}
    assert {"en", "zh-Hans", "zh-Hant", "ja", "ko", "de", "fr", "es", "it", "pt", "nl", "pl"} <= languages
