"""Every heading of chapter 99 in every revision is worked out, or listed with the reason and what that means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from crossbook.duty import quote
from crossbook.duty.claims import FACTS
from crossbook.duty.countries import COUNTRIES
from crossbook.duty.coverage import coverage
from crossbook.duty.headings import CITED, headings, is_measure, treatment_of, untreated
from crossbook.duty.tables import is_origin, law

# Made by tools/chapter99.py from 13 exports of the USITC: first and last revision, then the headings printed in them.
PRINTED = [line.split() for line in (Path(__file__).parent / "chapter99.txt").read_text(encoding="utf-8").splitlines()]

# Printed in revisions 14, 17 and 20 of 2026, which are not among the exports: U.S. notes 40 and 51.
LATER = [f"9903.04.{n}" for n in range(60, 71)] + [f"9903.03.{n}" for n in range(12, 17)]


def printed() -> Iterator[str]:
    return (heading for found in (*(line[2:] for line in PRINTED), LATER) for heading in found)


def test_every_heading_of_every_revision_is_treated() -> None:
    assert len(set(printed())) > 3_600
    assert untreated(printed()) == []


def test_a_heading_is_worked_out_or_listed_and_never_both() -> None:
    both = [h for h in printed() if is_measure(h) and treatment_of(h)]
    assert both == []


def test_every_listed_run_names_headings_that_are_printed_its_reason_and_its_source() -> None:
    everything = sorted(printed())
    scopes = {scope for group in law().scopes.by_prefix.values() for scope, *_ in group}
    for h in headings():
        assert h.treatment in ("elsewhere", "ended", "outside"), h
        assert any(h.first <= x <= h.last for x in everything), h
        assert h.reason, h
        assert h.source, h
        assert h.since <= h.until, h
        assert all(name in FACTS for name, _, _ in h.when), h
        if h.treatment == "outside":
            assert h.origins, h
            assert h.codes, h
            assert all(c in ("*", CITED) or c.isdigit() or c in scopes for c in h.codes), h
            assert any(is_origin(o, h.origins) for o in COUNTRIES), h


def test_runs_do_not_overlap() -> None:
    runs = sorted((h.first, h.last) for h in headings())
    assert all(a[1] < b[0] for a, b in pairwise(runs))


@pytest.mark.parametrize(
    ("hts", "origin", "on", "claims", "run"),
    [
        ("0201.30.5091", "AR", "2026-06-20", {}, "9903.54.01"),
        ("5201.00.3800", "IN", "2026-06-20", {}, "9903.52.00–9903.52.26"),
        ("7323.93.0060", "JP", "2026-06-20", {}, "9903.82.20–9903.82.21"),
        ("2208.30.3030", "GB", "2026-08-20", {}, "9903.89.05–9903.89.63"),
        ("8481.80.5090", "DE", "2026-06-20", {"auto_part": "yes"}, "9903.94.44–9903.94.45"),
        ("0402.91.7000", "PA", "2026-06-20", {"preference": "yes"}, "9919.01.01–9919.99.99"),
    ],
)
def test_a_bill_that_a_heading_may_touch_says_so(
    hts: str, origin: str, on: str, claims: dict[str, str], run: str
) -> None:
    bill = quote(hts, origin, value=100, on=on, claims=claims)
    assert any(note.startswith(f"not worked out: {run}: ") for note in bill.notes)


def test_a_bill_that_none_touches_says_nothing() -> None:
    bill = quote("6109.10.0012", "VN", value=100, on="2026-06-20")
    assert not any("not worked out" in note for note in bill.notes)
    before = quote("0201.30.5091", "AR", value=100, on="2026-02-12")
    assert not any("9903.54.01" in note for note in before.notes)


def test_coverage_prints_them() -> None:
    found = {c.subject: [x for x in coverage() if x.subject == c.subject] for c in coverage() if c.market == "US"}
    assert int(found["chapter 99, with a row of their own"][0].covered.split()[0]) > 250
    outside = found["chapter 99, not worked out"]
    assert len(outside) == sum(h.treatment == "outside" for h in headings())
    assert any(c.covered.startswith("9903.54.01: ") and c.source for c in outside)
    assert found["chapter 99, in other rows"]
    assert found["chapter 99, without effect since 2025"]
    assert date.fromisoformat("2026-02-13") in {h.since for h in headings()}
