"""Where two measures meet: which comes first, on what part of the value, from which day, for which way of transport.

Each row of the CSV was worked out by hand from the notice or the guidance of CBP that it names.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from crossbook.duty import quote, quote_table
from crossbook.duty.batch import REQUIRED
from crossbook.duty.claims import FACTS
from crossbook.duty.tables import law

CASES = list(csv.DictReader((Path(__file__).parent / "seams.csv").open(encoding="utf-8")))


def facts(text: str) -> dict[str, str]:
    return dict(part.split("=") for part in text.split(";") if part)


@pytest.mark.parametrize("r", CASES, ids=[f"{r['hts']}-{r['origin']}-{r['on']}-{r['claims'][:12]}" for r in CASES])
def test_the_duty_is_that_of_the_guidance(r: dict[str, str]) -> None:
    bill = quote(r["hts"], r["origin"], value=r["value"], on=r["on"], mode=r["mode"], claims=facts(r["claims"]))
    assert bill.total_duty == int(Decimal(r["duty"]) * 100), r["why"]


def test_many_lines_at_once_have_the_same_duty() -> None:
    names = sorted({name for r in CASES for name in facts(r["claims"])})
    columns = {
        "hts": [r["hts"] for r in CASES],
        "origin": [r["origin"] for r in CASES],
        "on": [date.fromisoformat(r["on"]) for r in CASES],
        "value": [int(r["value"]) * 100 for r in CASES],
        "mode": [r["mode"] for r in CASES],
        **{n: [facts(r["claims"]).get(n) for r in CASES] for n in names},
    }
    assert set(REQUIRED) <= set(columns)
    found = quote_table(pa.table(columns))
    assert found["total_duty"].to_pylist() == [int(Decimal(r["duty"]) * 100) for r in CASES]
    assert not set(", ".join(found["missing"].to_pylist()).split(", ")) & {n for n in FACTS if not FACTS[n].asked}


def test_a_stated_fact_that_changes_nothing_is_named() -> None:
    known = {"informational": "yes", "steel_share": "0.7", "sailed": "2025-04-04"}
    bill = quote("7323.93.0060", "CN", value=100, on="2025-09-20", claims=known)
    assert "changes nothing: informational=yes" in bill.notes
    assert "changes nothing: sailed=2025-04-04" in bill.notes
    assert not any("steel_share" in note for note in bill.notes)


def test_a_fact_that_is_known_is_not_asked_for() -> None:
    by_air = quote("6109.10.0012", "CN", value=100, on="2025-04-15", mode="air")
    assert [m.fact for m in by_air.missing] == []
    by_sea = quote("6109.10.0012", "CN", value=100, on="2025-04-15")
    assert [m.fact for m in by_sea.missing] == ["sailed"]
    assert (
        "changes nothing: sailed=2025-04-04"
        in quote("6109.10.0012", "CN", value=100, on="2025-04-15", mode="air", claims={"sailed": "2025-04-04"}).notes
    )


def test_a_fact_that_is_seldom_so_is_named_and_not_asked_for() -> None:
    bill = quote("6109.10.0012", "TH", value=100, on="2025-11-20")
    assert bill.missing == ()
    assert "taken as usual unless stated: us_content, transshipped, donation" in bill.notes
    stated = quote("6109.10.0012", "TH", value=100, on="2025-11-20", claims={"us_content": "0.3"})
    assert "taken as usual unless stated: transshipped, donation" in stated.notes
    assert ("9903.01.34", 0) in [(x.heading_9903, x.amount) for x in stated.lines]


def test_no_statistical_line_leaves_a_scope_without_its_successor() -> None:
    """A line of note 19(k) that ends while the note is in force has others of its subheading in its place."""
    scope = {
        c: rows for c, rows in law().scopes.by_prefix.items() if any(r[0] == "s232-aluminum-content" for r in rows)
    }
    for code in ("9401999081", "9401999070", "9401999030", "9401999040", "9401999085", "8415908010", "8415908020"):
        assert code in scope


def test_a_fact_that_settles_another_condition_leaves_none_to_be_asked() -> None:
    """Metal under 15 % of the weight (note 16(e)) is no article of annex I-B, wherever it was melted: a British
    hydraulic motor of 8412.29 in July 2026 bears the surcharge of 10 % alone, and whether it is for civil aircraft."""
    asked = {"origin": "GB", "value": "100", "on": "2026-07-07"}
    light = quote("8412.29.8045", **asked, claims={"metal_weight": Decimal(0)})
    assert (light.total_duty, light.duty_low, light.duty_high) == (1_000, 0, 1_000)
    assert [m.fact for m in light.missing] == ["civil_aircraft"]
    heavy = quote("8412.29.8045", **asked, claims={"metal_weight": Decimal(1)})
    assert heavy.total_duty == 2_500 and "uk_metal" in [m.fact for m in heavy.missing]


def test_a_share_that_follows_from_another_changes_nothing() -> None:
    """What is all steel has no aluminum."""
    facts = {"steel_share": Decimal(1), "aluminum_share": Decimal(0)}
    bill = quote("9403.20.0082", origin="CN", value="100", on="2026-02-10", claims=facts)
    assert [note for note in bill.notes if note.startswith("changes nothing")] == ["changes nothing: aluminum_share=0"]
