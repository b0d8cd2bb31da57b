"""The rest of the bill into the United States: fees, Incoterms, small parcels."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.duty import quote
from crossbook.duty.bill import Landed
from crossbook.duty.fees import fees
from crossbook.errors import CrossbookError

SHIRT = "6109.10.0012"


def shirts(**more: Any) -> Landed:
    asked: dict[str, Any] = {"origin": "CN", "value": 100, "quantity": 100, "on": "2026-09-10", **more}
    return quote(SHIRT, **asked)


@pytest.mark.parametrize(
    ("value", "on", "wanted"),
    [
        (1_000_000, date(2025, 3, 1), 3_464),  # 0.3464 %
        (300_000, date(2025, 3, 1), 3_271),  # the minimum of fiscal year 2025, 89 FR 59126
        (300_000, date(2025, 10, 1), 3_358),  # of 2026, 90 FR 34665
        (300_000, date(2026, 10, 1), 3_458),  # of 2027
        (100_000_000, date(2025, 9, 30), 63_462),
        (100_000_000, date(2026, 9, 30), 65_150),
        (250_000, date(2026, 9, 30), 269),  # 2,500 USD is still informal, 19 CFR 143.21(a)
        (250_001, date(2026, 9, 30), 3_358),
        (1_000, date(2026, 10, 1), 277),
    ],
)
def test_merchandise_processing_fee(value: int, on: date, wanted: int) -> None:
    (fee,) = fees(value, on, "air", "CN")
    assert (fee.fee, fee.amount) == ("MPF", wanted)


@pytest.mark.parametrize(
    ("value", "on", "chapter_99", "wanted"),
    [
        (25_000, date(2025, 4, 29), True, 262),  # 19 CFR 143.21(a): 250 USD is not in excess of 250
        (25_001, date(2025, 4, 29), True, 3_271),  # formal, the minimum of fiscal year 2025
        (25_001, date(2025, 4, 29), False, 262),  # no heading of chapter 99
        (25_001, date(2025, 4, 30), True, 262),  # CSMS 64861116: the exception is suspended, ACE from this day
        (250_000, date(2026, 9, 30), True, 269),
        (250_001, date(2026, 9, 30), True, 3_358),
    ],
)
def test_goods_of_chapter_99_needed_a_formal_entry(value: int, on: date, chapter_99: bool, wanted: int) -> None:
    (fee,) = fees(value, on, "air", "CN", chapter_99=chapter_99)
    assert fee.amount == wanted


def test_an_informal_entry_says_what_a_formal_one_costs() -> None:
    (informal,) = fees(25_000, date(2026, 9, 30), "air", "CN")
    assert "33.58 USD" in informal.note
    (formal,) = fees(25_000, date(2026, 9, 30), "air", "CN", formal=True)
    assert (formal.amount, formal.note) == (3_358, "the minimum of the entry")
    (stated,) = fees(25_000, date(2026, 9, 30), "air", "CN", formal=False)
    assert not stated.note
    with pytest.raises(CrossbookError, match="over 250 USD need a formal entry"):
        list(fees(30_000, date(2025, 4, 29), "air", "CN", chapter_99=True, formal=False))


def test_the_bill_takes_the_entry_that_its_headings_need() -> None:
    """List 4A of Section 301 on shirts of China; a shirt of Vietnam bore nothing of chapter 99 before 2025-04-05."""
    fee = {o: quote("6109.10.0012", o, value=300, on="2025-03-01").fees[0].amount for o in ("CN", "VN")}
    assert fee == {"CN": 3_271, "VN": 262}


def test_harbor_maintenance_fee_is_for_the_ocean() -> None:
    assert [f.amount for f in fees(1_000_000, date(2026, 9, 1), "ocean", "CN")] == [3_464, 1_250]
    assert [f.fee for f in fees(1_000_000, date(2026, 9, 1), "truck", "MX", claimed=True)] == ["MPF"]
    assert next(fees(1_000_000, date(2026, 9, 1), "truck", "MX", claimed=True)).amount == 0
    with pytest.raises(CrossbookError, match="no MPF amounts"):
        list(fees(1, date(2030, 1, 1), "air", "CN"))


def test_the_bill_adds_up() -> None:
    bill = shirts(freight=50_000, insurance=2_000, brokerage=15_000)
    assert bill.customs_value == 1_000_000
    assert bill.total_duty == 365_000  # 16.5 % + 7.5 % list 4A + 12.5 % forced labour
    assert [f.amount for f in bill.fees] == [3_464, 1_250]
    assert bill.landed_cost == 1_000_000 + 365_000 + 4_714 + 67_000


def test_freight_is_no_part_of_the_value() -> None:
    """19 U.S.C. 1401a(b)(4): a CIF price holds freight and insurance, which come off again."""
    bill = shirts(incoterm="CIF", freight=50_000, insurance=2_000)
    assert bill.customs_value == 948_000
    assert bill.landed_cost == 948_000 + 346_020 + 3_358 + 1_185 + 52_000
    with pytest.raises(CrossbookError, match="more than the price"):
        shirts(incoterm="CIF", freight=2_000_000)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 10**5))
def test_a_duty_paid_price_is_the_whole_bill(price: int, freight: int) -> None:
    try:
        bill = quote(
            SHIRT, "CN", value=Decimal(price) / 100, quantity=50, on="2026-09-10", incoterm="DDP", freight=freight
        )
    except CrossbookError as error:
        assert "more than the price" in error.what or "does not cover the fees" in error.what
        return
    cost = bill.landed_cost
    assert cost is not None
    assert cost <= price * 50
    more = quote(SHIRT, "CN", value=Decimal(bill.customs_value + 1) / 100, on="2026-09-10", freight=freight)
    assert more.landed_cost is not None
    assert more.landed_cost > price * 50, "a cent more of value, and the bill passes the price"


@pytest.mark.parametrize(
    ("origin", "on", "mode", "duty"),
    [
        ("CN", "2025-05-01", "courier", 0),
        ("CN", "2025-05-02", "courier", 3_380),  # EO 14256: no relief for goods of China
        ("HK", "2025-05-02", "courier", None),
        ("VN", "2025-08-28", "courier", 0),
        ("VN", "2025-08-29", "courier", 730),  # EO 14324: no relief for any
        ("CN", "2025-05-10", "post", 2_400),  # 120 % or 100 USD an item
        ("CN", "2025-05-14", "post", 1_080),  # EO 14298: 54 %
        ("VN", "2025-09-10", "post", 400),  # the country's IEEPA rate
        ("VN", "2026-03-10", "post", 200),  # the surcharge
    ],
)
def test_small_parcels_by_day(origin: str, on: str, mode: str, duty: int | None) -> None:
    bill = quote(SHIRT, origin, value=20, on=on, mode=mode)
    if duty is None:
        assert bill.total_duty
        assert bill.total_duty > 0
    else:
        assert bill.total_duty == duty


def test_relief_ends_at_its_limit_and_with_the_mode() -> None:
    assert quote(SHIRT, "VN", value=800, on="2025-07-01", mode="courier").total_duty == 0
    assert quote(SHIRT, "VN", value="800.01", on="2025-07-01", mode="courier").total_duty > 0  # type: ignore[operator]
    assert quote(SHIRT, "VN", value=800, on="2025-07-01", mode="ocean").total_duty > 0  # type: ignore[operator]
    with pytest.raises(CrossbookError, match="postal regime after"):
        quote(SHIRT, "VN", value=20, on="2026-08-10", mode="post")


def test_as_json_has_what_programs_read() -> None:
    told = shirts().as_dict()
    for name in (
        "hts",
        "origin",
        "destination",
        "on",
        "customs_value",
        "lines",
        "suppressed",
        "missing",
        "fees",
        "total_duty",
        "total_ad_valorem_rate",
        "landed_cost",
    ):
        assert name in told
    assert set(told["lines"][0]) >= {
        "measure",
        "authority",
        "rate",
        "base",
        "amount",
        "legal_source",
        "heading_9903",
        "note",
    }
    assert told["total_ad_valorem_rate"] == 0.365


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"steel_share": "70%", "aluminum_share": "0.4"}, "steel_share=0.7 and aluminum_share=0.4 are more than"),
        ({"sailed": "2025-11-21"}, "sailed=2025-11-21 is after the entry on 2025-11-20"),
    ],
)
def test_facts_that_cannot_hold_together_are_refused(claims: dict[str, str], says: str) -> None:
    for to in ("US", "JP"):
        with pytest.raises(CrossbookError, match=says):
            quote("7326.90.8688", "CN", to, 100, "2025-11-20", claims=claims)


def test_shares_of_the_whole_value_are_taken() -> None:
    quote("7326.90.8688", "CN", "US", 100, "2025-11-20", claims={"steel_share": "0.6", "aluminum_share": "0.4"})
