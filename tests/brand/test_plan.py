"""Filing plans: fees by their dated rows, and days."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.brand.plan import Asked, fee_rows, plan
from crossbook.errors import CrossbookError

ON = date(2026, 12, 1)


def test_a_direct_filing_in_the_united_states() -> None:
    found = plan(Asked(name="Yuanshan", classes=(18, 22), offices=("US",), route="direct", on=ON, own_words=True))
    assert found.total == {"USD": 2 * 350_00 + 2 * 200_00} and not found.unknown
    assert found.dates[0].day == date(2027, 6, 1)


def test_madrid_with_offices_that_are_known_and_one_that_is_not() -> None:
    found = plan(
        Asked(
            name="Yuanshan",
            classes=(18, 22),
            offices=("US", "CN", "EM"),
            route="madrid",
            on=ON,
            first_filing=date(2026, 8, 31),
            registered=date(2026, 12, 1),
        )
    )
    assert found.total == {"CHF": 653_00 + 249_00 + 125_00, "USD": 1200_00}
    assert [o for o, _ in found.unknown] == ["EM"]
    assert [(d.name, str(d.day)) for d in found.dates] == [("priority", "2027-02-28"), ("dependence", "2031-12-01")]


def test_the_european_union_and_the_united_kingdom() -> None:
    found = plan(Asked(name="Yuanshan", classes=(9, 18, 22, 25), offices=("EM", "GB"), route="direct", on=ON))
    assert found.total == {"EUR": 850_00 + 50_00 + 2 * 150_00, "GBP": 205_00 + 3 * 60_00} and not found.unknown
    before = plan(Asked(name="Yuanshan", classes=(9,), offices=("EM", "GB"), route="direct", on=date(2026, 3, 31)))
    assert before.total == {"EUR": 850_00, "GBP": 170_00}


def test_what_a_brand_registry_asks_for_is_in_the_plan() -> None:
    asked = plan(Asked(name="Yuanshan", classes=(9,), offices=("US",), route="direct", on=ON)).registries
    assert asked and all(r.needs and r.needs_zh and r.source.startswith("http") for r in asked)


def test_no_fee_is_told_before_its_day() -> None:
    assert plan(Asked(name="x", classes=(9,), offices=("US",), route="direct", on=date(2025, 1, 17))).unknown == (
        ("US", "its fees were not read, so they are not in the sum; ask the office"),
    )


def test_what_cannot_be_planned() -> None:
    for asked in (
        Asked(name="x", classes=(), offices=("US",), route="direct", on=ON),
        Asked(name="x", classes=(9,), offices=("US",), route="hague", on=ON),
        Asked(name="x", classes=(9,), offices=("US",), route="direct", on=ON, first_filing=date(2027, 1, 1)),
    ):
        with pytest.raises(CrossbookError):
            plan(asked)


def test_every_fee_has_its_source() -> None:
    for row in fee_rows():
        assert row["source"].startswith("http") and int(row["amount"]) > 0 and date.fromisoformat(row["since"])
