"""The cases commands, end to end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.cli.test_cli import run


def test_deadlines_as_shown_as_data_and_as_a_calendar(tmp_path: Path) -> None:
    words = ("cases", "deadlines", "us_suit", "served=2025-06-13", "order_entered=2025-12-10")
    shown = run(*words)
    assert shown.returncode == 0, shown.stderr
    for text in ("2025-07-07 Mon", "2025-12-24 Wed … 2025-12-29 Mon", "21 days from 2025-06-13", "no legal advice"):
        assert text in shown.stdout
    told = json.loads(run(*words, "--json", "--out", tmp_path / "c.ics").stdout)
    assert [d["limit"]["name"] for d in told["deadlines"]] == ["answer", "order_lapses", "order_lapses_after_extension"]
    assert told["deadlines"][0]["due"] == {"earliest": "2025-07-07", "latest": "2025-07-07"}
    events = Calendar.from_ical((tmp_path / "c.ics").read_bytes()).walk("VEVENT")
    assert [str(e.decoded("dtstart")) for e in events] == ["2025-07-07", "2025-12-24", "2026-01-07"]


def test_the_safe_day_of_what_must_wait_is_the_last(tmp_path: Path) -> None:
    run("cases", "deadlines", "us_dmca", "counter_notice_received=2025-12-10", "--out", tmp_path / "c.ics")
    events = Calendar.from_ical((tmp_path / "c.ics").read_bytes()).walk("VEVENT")
    assert [str(e.decoded("dtstart")) for e in events] == ["2025-12-29", "2025-12-31"]


def test_procedures_are_listed_and_shown_in_chinese() -> None:
    assert {p["name"] for p in json.loads(run("cases", "procedures", "--json").stdout)} >= {"us_suit", "udrp"}
    shown = run("--lang", "zh", "cases", "procedures", "wto_consultations").stdout
    assert "只有世贸组织成员方" in shown and "DSU, article 4.3" in shown and "10 日" in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("us_suit", "served"), "is not an event with its day"),
        (("us_suit", "served=13/06/2025"), "is not a day"),
        (("us_suit", "served=2025-06-13", "served=2025-06-14"), "was on 2025-06-13 and on 2025-06-14"),
        (("us_suit", "served=2025-06-13", "--state", "ZZ"), "is no state"),
        (("murder", "served=2025-06-13"), "there is no procedure"),
    ],
)
def test_bad_input_is_named(words: tuple[str, ...], says: str) -> None:
    done = run("cases", "deadlines", *words)
    assert done.returncode == 2 and says in done.stderr
