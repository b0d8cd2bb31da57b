"""The shapes in which trackers send the same parcel, and what is wrong with some."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossbook.errors import CrossbookError
from crossbook.facts.tracking import EVENTS
from crossbook.sources import aftership, seventeen_track
from crossbook.sources.located_json import read
from crossbook.sources.source import Reading, Source
from crossbook.sources.tracking import event

PARCEL = {
    "tracking_number": "LP1",
    "slug": "cainiao",
    "order_number": "#7",
    "checkpoints": [{"checkpoint_time": "2026-04-02T09:15:00+08:00", "tag": "InTransit", "subtag": "InTransit_002"}],
}
NUMBER = {
    "number": "RB1",
    "track_info": {
        "tracking": {
            "providers": [{"events": [{"time_iso": "2026-04-02T09:15:00+08:00", "sub_status": "InTransit_PickedUp"}]}]
        }
    },
}


def facts(source: Source, tmp_path: Path, told: Any) -> tuple[dict[str, list[dict[str, Any]]], Reading]:
    path = tmp_path / "t.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    reading = Reading(path, path.name, "utf-8")
    return {kind: table.to_pylist() for kind, table in source.read(reading)}, reading


@pytest.mark.parametrize(
    "told",
    [
        {"meta": {"code": 200}, "data": {"trackings": [PARCEL]}},
        {"trackings": [PARCEL]},
        {"data": [PARCEL]},
        [PARCEL],
        {"data": {"tracking": PARCEL}},
        {"data": PARCEL},
        {"event": "tracking_update", "msg": PARCEL},
        PARCEL,
    ],
)
def test_aftership_in_every_shape(tmp_path: Path, told: Any) -> None:
    found, _ = facts(aftership.SOURCE, tmp_path, told)
    assert [(e["tracking"], e["event"]) for e in found["tracking"]] == [("LP1", "accepted")]
    assert [s["order_id"] for s in found["shipment"]] == ["#7"]


@pytest.mark.parametrize(
    "told", [{"code": 0, "data": {"accepted": [NUMBER]}}, {"event": "x", "data": NUMBER}, [NUMBER]]
)
def test_17track_in_every_shape(tmp_path: Path, told: Any) -> None:
    found, _ = facts(seventeen_track.SOURCE, tmp_path, told)
    assert [(e["tracking"], e["event"]) for e in found["tracking"]] == [("RB1", "accepted")]


@pytest.mark.parametrize("told", [{"data": "x"}, {"data": {"trackings": "x"}}, {}, [], [1], {"data": {"accepted": {}}}])
@pytest.mark.parametrize("source", [aftership.SOURCE, seventeen_track.SOURCE])
def test_nothing_in_it_is_no_fact(tmp_path: Path, source: Source, told: Any) -> None:
    found, reading = facts(source, tmp_path, told)
    assert found["tracking"] == [] and not reading.bad


def test_a_bad_time_is_named_with_its_line(tmp_path: Path) -> None:
    text = json.dumps({"data": {"accepted": [NUMBER]}}, indent=1).replace("2026-04-02T09", "2026-13-02T09")
    found, reading = facts(seventeen_track.SOURCE, tmp_path, text)
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "time_iso" in row) - 1
    assert found["tracking"] == []
    assert [(b.line, b.column, b.reason) for b in reading.bad] == [(line, "time_iso", "no such day")]


def test_lines_are_those_of_an_editor(tmp_path: Path) -> None:
    words = {"time_iso": "2026-04-02T09:15:00Z", "description": "a\u2028b\u0085c"}
    told = {"data": {"number": "RB1", "track_info": {"tracking": {"providers": [{"events": [words, words]}]}}}}
    text = json.dumps(told, indent=1, ensure_ascii=False)
    found, _ = facts(seventeen_track.SOURCE, tmp_path, text)
    starts = [i for i, row in enumerate(text.split("\n"), 1) if "time_iso" in row]
    assert [e["line"] for e in found["tracking"]] == [i - 1 for i in starts]


def test_json_cut_off_says_where(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError) as caught:
        facts(aftership.SOURCE, tmp_path, '{"data":\n{"trackings": [')
    assert caught.value.where.startswith("t.json:2:")


def test_every_code_means_an_event_of_the_vocabulary() -> None:
    assert {*aftership.EVENTS.values(), *seventeen_track.EVENTS.values()} <= set(EVENTS)
    assert event("InTransit_NewCode", seventeen_track.EVENTS) == "in_transit"
    assert event("Teleported", seventeen_track.EVENTS) == "exception"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": ' + "[" * 200_000 + "]" * 200_000 + "}", "nested too deeply"),
        ('{"a": ' + "9" * 5_000 + "}", "a number of absurdly many digits"),
        ('{"a": ', "not well-formed JSON"),
    ],
)
def test_json_that_breaks_readers_is_told_of(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(CrossbookError, match=told):
        read(tmp_path / "a.json", "a.json")
