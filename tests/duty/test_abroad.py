"""Markets beside the United States: thresholds, VAT, parcel duties, and duty from tables that were added."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crossbook.duty import quote
from crossbook.duty.abroad import MARKETS, ForeignDuty, applicable
from crossbook.duty.bill import Landed
from crossbook.errors import CrossbookError

FX = {
    c: Decimal(r)
    for c, r in {
        "EUR": "1.1",
        "GBP": "1.3",
        "JPY": "0.0067",
        "KRW": "0.0007",
        "AUD": "0.65",
        "CAD": "0.73",
        "MYR": "0.23",
        "THB": "0.03",
        "VND": "0.00004",
        "AED": "0.2723",
        "SAR": "0.2667",
        "MXN": "0.055",
        "BRL": "0.18",
        "SGD": "0.77",
        "IDR": "0.00006",
        "KZT": "0.002",
        "RUB": "0.012",
        "CNY": "0.14",
    }.items()
}


def row(market: str, code: str, duty: str, origins: str = "ALL", measure: str = "import duty") -> ForeignDuty:
    return ForeignDuty(
        market=market,
        code=code,
        description="",
        duty=duty,
        origins=tuple(origins.split()),
        measure=measure,
        since=date(2020, 1, 1),
        until=None,
        cite="table:1",
    )


def land(to: str, value: Any = 100, **more: Any) -> Landed:
    asked: dict[str, Any] = {"on": "2026-09-10", "fx": FX, "currency": "USD", **more}
    return quote("6109.10.0012", "CN", to, value, **asked)


@pytest.mark.parametrize("market", [m for m in MARKETS if m not in ("US", "SG")])
def test_without_a_table_duty_is_refused_and_the_table_named(market: str) -> None:
    with pytest.raises(CrossbookError, match=f"a table of import duties of {market} is needed") as caught:
        land("DE" if market == "EU" else market, 100_000)
    assert caught.value.todo == f"add it: crossbook duty add --market {market} FILE"


def test_duty_and_vat_from_a_table() -> None:
    bill = land("GB", 1000, freight=20_000, duties=[row("GB", "610910", "12.00%")])
    assert bill.customs_value == 120_000, "cost, insurance and freight"
    assert (bill.total_duty, bill.taxes[0].amount) == (14_400, 26_880)
    assert bill.lines[0].legal_source == "table:1"
    assert bill.landed_cost == 120_000 + 14_400 + 26_880, "freight counts once"
    with pytest.raises(CrossbookError, match="duty-paid price"):
        land("GB", 1000, incoterm="DDP", duties=[row("GB", "610910", "12.00%")])


def test_the_longest_code_and_the_origin_decide() -> None:
    rows = [row("KR", "6109", "8%"), row("KR", "610910", "13%"), row("KR", "610910", "0%", "VN"), row("JP", "61", "1%")]
    at = date(2026, 1, 1)
    assert [r.duty for r in applicable(rows, "KR", "6109100012", "CN", at)] == ["13%"]
    assert [r.duty for r in applicable(rows, "KR", "6109900000", "CN", at)] == ["8%"]
    with pytest.raises(CrossbookError, match="has no row for"):
        land("KR", 1000, duties=[row("KR", "8544", "8%")])


def test_a_trade_remedy_is_added_to_the_duty() -> None:
    table = [row("EU", "6109", "12.000 %"), row("EU", "610910", "48.500 %", "CN", "trade remedy 552")]
    assert land("FR", 1000, duties=table).rate == Decimal("0.605")


@pytest.mark.parametrize(
    ("to", "value", "on", "duty", "vat"),
    [
        ("GB", 135, "2026-09-10", 0, 2_700),  # relief to 135 GBP, VAT by the seller
        ("DE", 100, "2026-06-30", 0, 1_900),  # relief to 150 EUR until 2026-06-30
        ("DE", 100, "2026-07-01", 330, None),  # then 3 EUR for each code
        ("JP", 60, "2026-09-10", 0, 0),  # both free to 10,000 JPY
        ("KR", 150, "2026-09-10", 0, 0),
        ("AU", 100, "2026-09-10", 0, 1_000),  # GST by the seller to 1,000 AUD
    ],
)
def test_parcels(to: str, value: int, on: str, duty: int, vat: int | None) -> None:
    bill = land(to, value, on=on, mode="courier")
    assert bill.total_duty == duty
    if vat is not None:
        assert sum(t.amount or 0 for t in bill.taxes) == vat


def test_the_eu_counts_codes() -> None:
    assert land("DE", 100, on="2026-07-01", mode="courier", codes=3).total_duty == 990


@pytest.mark.parametrize("wrong", [{"mode": "rocket"}, {"incoterm": "XYZ"}, {"freight": -1}, {"quantity": 0}])
def test_what_no_shipment_has_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CrossbookError):
        land("GB", 10, mode="courier", **wrong) if "mode" not in wrong else land("GB", 10, **wrong)


def test_vat_of_the_union_needs_a_country() -> None:
    with pytest.raises(CrossbookError, match="differs by member state"):
        land("EU", 1000, duties=[row("EU", "6109", "12%")])
    with pytest.raises(CrossbookError, match="needs the rate of EUR"):
        land("DE", 100, on="2026-07-01", mode="courier", fx={})


def test_singapore_bears_gst_alone() -> None:
    bill = land("SG", 1000)
    assert (bill.total_duty, bill.taxes[0].amount) == (0, 9_000)


def test_what_a_specific_duty_needs_is_asked_for() -> None:
    assert land("GB", 1000, duties=[row("GB", "6109", "$2.00/kg")]).total_duty is None
    assert land("GB", 1000, duties=[row("GB", "6109", "$2.00/kg")], weight_kg=Decimal(10)).total_duty == 2_000
    with pytest.raises(CrossbookError, match="not a duty that can be read") as caught:
        land("GB", 1000, duties=[row("GB", "6109", "26.00 GBP / hl")])
    assert "table:1" in caught.value.what


def test_unknown_vat_leaves_the_cost_open() -> None:
    bill = land("BR", 10_000, duties=[row("BR", "6109", "35%")])
    assert [m.fact for m in bill.missing] == ["vat"]
    assert bill.landed_cost is None
