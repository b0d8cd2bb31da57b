"""Layers applied and suppressed, facts that are missing, the interval they open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.duty import quote
from crossbook.duty.quoting import duty
from crossbook.duty.schedule import line, table
from crossbook.duty.tables import FAR, FIRST_DAY, KNOWN_UNTIL, Measure, Scopes, law
from crossbook.errors import CrossbookError

SPAN = (KNOWN_UNTIL - FIRST_DAY).days
CODES = sorted(
    {
        r["code"]
        for r in table().select(["code", "valid_from", "valid_to"]).to_pylist()
        if r["valid_from"] <= FIRST_DAY and r["valid_to"] is None
    }
)


def test_metal_content_divides_the_value() -> None:
    """EO 14257 sec. 3(b) and EO 14289: the reciprocal duty falls on what is not steel, the fentanyl duty on all."""
    bill = quote("8516.60.4070", "CN", value=1000, on="2025-07-01", claims={"steel_share": "40%", "exclusion": "no"})
    found = {x.heading_9903: (x.base, x.amount) for x in bill.lines}
    assert found["9903.81.91"] == (40_000, 20_000)
    assert found["9903.01.25"] == (60_000, 6_000)
    assert found["9903.01.24"] == (100_000, 20_000)
    assert bill.total_duty == 71_000


def test_a_missing_share_opens_an_interval() -> None:
    bill = quote("8516.60.4070", "CN", value=1000, on="2025-07-01", claims={"exclusion": "no"})
    assert [m.fact for m in bill.missing] == ["steel_share"]
    assert (bill.duty_low, bill.duty_high) == (55_000, 95_000)
    assert bill.total_duty == 95_000, "the full value is metal unless stated"


def test_a_missing_quantity_leaves_the_total_open() -> None:
    bill = quote("2204.10.0030", "DE", value=1000, on="2025-07-01")
    assert bill.total_duty is None
    assert bill.rate is None
    assert bill.missing[0].ask == "the quantity in liters"
    known = quote("2204.10.0030", "DE", value=1000, on="2025-07-01", quantities={"liters": Decimal(100)})
    assert known.total_duty == 1_980 + 10_000
    assert known.rate is None, "a duty by the liter is no share of the value"


def test_goods_at_sea_when_a_rate_rose() -> None:
    """EO 14257 sec. 3(a): loaded before 2025-04-05 and entered before 2025-05-28 is not subject to it."""
    claims = {"exclusion": "no"}
    late = quote("6109.10.0012", "VN", value=1000, on="2025-04-20", claims={**claims, "sailed": "2025-04-06"})
    early = quote("6109.10.0012", "VN", value=1000, on="2025-04-20", claims={**claims, "sailed": "2025-04-03"})
    assert (late.rate, early.rate) == (Decimal("0.265"), Decimal("0.165"))
    open_ = quote("6109.10.0012", "VN", value=1000, on="2025-04-20", claims=claims)
    assert [m.fact for m in open_.missing] == ["sailed"]


def test_a_floor_tops_up_to_the_agreed_total() -> None:
    """Japan, 15 % in total: what column 1 leaves of it."""
    low = quote("8703.23.0160", "JP", value=30_000, on="2025-10-01")
    assert (low.total_duty, low.rate) == (450_000, Decimal("0.15"))
    assert low.lines[1].note.startswith("what is left of the total")


def test_a_preference_is_asked_for_and_applied() -> None:
    open_ = quote("6109.10.0012", "MX", value=1000, on="2025-07-01")
    assert "usmca" in [m.fact for m in open_.missing]
    assert open_.duty_low == 0
    claimed = quote("6109.10.0012", "MX", value=1000, on="2025-07-01", claims={"usmca": "yes"})
    assert claimed.total_duty == 0
    assert claimed.lines[0].measure == "HTSUS column 1, special (S)"


def test_an_antidumping_case_is_a_fact_until_stated() -> None:
    case = Measure(
        id="case:A-570-000",
        programme="case A-570-000",
        name="Antidumping duty A-570-000",
        authority="Title VII",
        heading="A-570-000",
        origins=("CN",),
        scopes=("mine",),
        kind="add",
        rate=Decimal("0.5"),
        on="value",
        when=(("case_A-570-000", "=", "yes"),),
        sailed_before=None,
        since=FIRST_DAY,
        until=FAR,
        published=None,
        effective=FIRST_DAY,
        source="the order",
    )
    before = law().scopes.by_prefix
    scopes = Scopes({**before, "61091000": [*before.get("61091000", []), ("mine", FIRST_DAY, FAR, "the order")]})
    table_ = replace(law(), measures=(*law().measures, case), scopes=scopes)
    open_ = quote("6109.10.0012", "CN", value=1000, on="2026-09-01", law=table_)
    assert [m.fact for m in open_.missing] == ["case_A-570-000"]
    assert (open_.duty_low, open_.duty_high) == (36_500, 86_500)
    out = quote("6109.10.0012", "CN", value=1000, on="2026-09-01", law=table_, claims={"case_A-570-000": "no"})
    assert out.total_duty == 36_500


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"origin": "XX"}, "unknown origin 'XX'"),
        ({"origin": "US"}, "return there"),
        ({"value": -1}, "a negative value"),
        ({"value": "twelve"}, "not a number"),
        ({"on": "2024-12-31"}, "outside what is known"),
        ({"on": "2026-11-10"}, "outside what is known"),
        ({"claims": {"steel_share": "1.4"}}, "not between 0 and 1"),
        ({"claims": {"steel": "1"}}, "unknown fact 'steel'"),
        ({"claims": {"usmca": "perhaps"}}, "neither yes nor no"),
        ({"claims": {"sailed": "soon"}}, "is no date"),
        ({"mode": "rocket"}, "unknown mode"),
        ({"incoterm": "XYZ"}, "unknown Incoterm"),
        ({"quantity": 0}, "a quantity of 0"),
        ({"destination": "KE"}, "KE is not covered"),
        ({"currency": "CNY"}, "a value in CNY"),
    ],
)
def test_bad_input_says_what_is_wrong(more: dict[str, Any], says: str) -> None:
    asked: dict[str, Any] = {"origin": "CN", "value": 10, "on": "2026-09-01", **more}
    with pytest.raises(CrossbookError, match=says):
        quote("7326.90.8688", **asked)


def test_beyond_what_is_known_is_labelled() -> None:
    bill = quote("7326.90.8688", "CN", value=10, on="2027-01-10", beyond=True)
    assert bill.beyond
    assert bill.as_dict()["beyond"] is True


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CODES),
    st.sampled_from(["CN", "VN", "MX", "DE", "JP", "CA", "KR", "IN", "RU", "GB"]),
    st.integers(0, SPAN),
    st.integers(0, 10**8),
)
def test_the_outcome_lies_between_its_ends(code: str, origin: str, days: int, value: int) -> None:
    on = date.fromordinal(FIRST_DAY.toordinal() + days)
    q = duty(line(code, on), origin, on, value)
    low, high = (o.total if o.total is not None else o.floor for o in (q.lowest, q.highest))
    here = q.outcome.total if q.outcome.total is not None else q.outcome.floor
    assert low <= here <= high
    if q.outcome.total is not None:
        assert q.outcome.total == sum(x.amount or 0 for x in q.outcome.lines)
    if low != high:
        assert q.missing
    programmes = [x.programme for x in q.outcome.lines if x.programme != "metals"]
    assert len(programmes) == len(set(programmes)), "one programme, one duty; only metals may each bear their own"
    for x in q.outcome.lines:
        assert x.legal_source
        assert 0 <= x.base <= value
    for s in q.outcome.suppressed:
        assert s.reason
        assert s.source
