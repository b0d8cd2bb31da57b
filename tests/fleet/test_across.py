"""Across books: every planted fault by its rule and nothing beside, each with the lines of every book."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError
from crossbook.fleet.across import find
from crossbook.fleet.listing import open_fleet
from crossbook.fleet.rules import rules


def test_planted_faults_are_found_and_no_other(worked: Path) -> None:
    told = json.loads((worked / "truth" / "planted.json").read_text(encoding="utf-8"))
    truth = Counter((x["rule"], x["key"].upper(), tuple(x["books"])) for x in told)
    found = find(open_fleet(worked / "fleet"))
    assert Counter((c.rule, c.subject.upper(), c.books) for c in found.found) == truth
    assert {x["rule"] for x in told} == {r.name for r in rules()}
    assert all({line.book for line in c.because} == set(c.books) for c in found.found)
    assert all(line.file and line.file.endswith(".csv") for c in found.found for line in c.because)
    year = next(c for c in found.found if c.rule == "import_year")
    assert (year.amount, year.currency) == (6 * 475_000, "CNY")  # two of 4,750 yuan from each of three sellers
    assert year.at_least  # of other currencies nothing is said
    with pytest.raises(CrossbookError, match="no rule"):
        find(open_fleet(worked / "fleet"), rule_name="nothing")
