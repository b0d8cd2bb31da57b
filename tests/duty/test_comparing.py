"""Two schedules held against each other, and what is covered."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from crossbook.duty.abroad import MARKETS
from crossbook.duty.comparing import compare, schedule_at
from crossbook.duty.coverage import coverage
from crossbook.duty.foreign import ForeignDuty
from crossbook.errors import CrossbookError
from tests.conftest import GOLDEN


def test_what_came_went_and_changed(tmp_path: Path) -> None:
    rows = json.loads((GOLDEN / "usitc_hts.json").read_text(encoding="utf-8"))
    later = [dict(r) for r in rows if r["htsno"] != "7326.90.86.88"]
    for r in later:
        if r["htsno"] == "6109.10.00":
            r["general"] = "15%"
    (tmp_path / "later.json").write_text(json.dumps(later), encoding="utf-8")
    found = compare(schedule_at(str(GOLDEN / "usitc_hts.json")), schedule_at(str(tmp_path / "later.json")))
    assert [(c.shown, c.what, c.before, c.after) for c in found] == [
        ("6109.10.0004", "general", "16.5%", "15%"),
        ("7326.90.8688", "retired", found[1].before, ""),
    ]
    assert compare(schedule_at(str(GOLDEN / "usitc_hts.json")), schedule_at(str(GOLDEN / "usitc_hts.json"))) == []


def test_two_days_of_the_shipped_schedule() -> None:
    found = compare(schedule_at("2025-06-30"), schedule_at("2025-07-01"))
    assert {c.what for c in found} >= {"added", "retired"}
    assert any(c.after.startswith("→ ") for c in found if c.what == "retired")


def test_neither_a_file_nor_a_day(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="neither a file nor a day"):
        schedule_at("nowhere")
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CrossbookError, match="not an export"):
        schedule_at(str(tmp_path / "x.json"))


def test_coverage_names_every_market() -> None:
    mine = ForeignDuty(
        market="GB",
        code="61",
        description="",
        duty="12%",
        origins=("ALL",),
        measure="import duty",
        since=date(2025, 1, 1),
        until=None,
        cite="abc:2",
    )
    found = coverage([mine])
    assert {c.market for c in found} == set(MARKETS)
    duty = {c.market: c.covered for c in found if c.subject == "import duty"}
    assert duty["GB"] == "1 rows of added tables"
    assert duty["TR"] == "none: crossbook duty add --market TR FILE"
    assert any(c.subject == "not covered" for c in found)
