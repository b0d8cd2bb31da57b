"""Simplified (A) or summary (B): who says which, and what stands against A."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from crossbook.filing.customs.regime import against, code_of, flag_of, simplified
from crossbook.filing.customs.settings import Customs, Goods, Party, Platform
from crossbook.filing.customs.trade import Item
from tests.filing.customs.test_value import trade

PLAIN = Goods(code="4202920000", name="包", model="户外", unit="011", unit1="035", export_duty=False, licence=False)
ONE = (Item(sku="BAG", title="Bag", quantity=1, amount=100),)


def customs(flag: str = "", platform: str = "", zone: str = "深圳", mode: str = "9610", **goods: Goods) -> Customs:
    one = Party("4403660099", "名")
    return Customs(
        mode=mode,
        office="5316",
        port="5316",
        transport="5",
        packing="2",
        order_type="E",
        freight_flag="3",
        seller=one,
        agent=one,
        owner=one,
        transfer=one,
        transfer_id="DXP1",
        statistics_flag=flag,
        zone=zone,
        platforms={"shop": Platform("4403660099", "名", platform)},
        goods=goods or {"BAG": PLAIN},
    )


def against_a(settings: Customs, value: int | None = 10_000, **changed: Any) -> list[str]:
    one = trade(**{"account": "shop", "items": ONE, "cny": Decimal(7)} | changed)
    return [w.field for w in against("A", one, settings, value)]


def test_the_product_says_before_the_platform_and_the_platform_before_the_book() -> None:
    assert flag_of(customs(), "shop", ["BAG"]) == ""
    assert flag_of(customs("B"), "shop", ["BAG"]) == "B"
    assert flag_of(customs("B", "A"), "shop", ["BAG"]) == "A"
    assert flag_of(customs("B", "A"), "other", ["BAG"]) == "B"
    mixed = customs("A", BAG=PLAIN, TENT=replace(PLAIN, statistics_flag="B"))
    assert flag_of(mixed, "shop", ["BAG"]) == "A"
    assert flag_of(mixed, "shop", ["BAG", "TENT"]) == "B"  # a list has one flag
    half = customs("", BAG=replace(PLAIN, statistics_flag="A"), TENT=PLAIN)
    assert flag_of(half, "shop", ["BAG", "TENT"]) == ""


def test_a_flag_that_is_not_set_is_wanting() -> None:
    (want,) = against("", trade(items=ONE), customs(), 100)
    assert want.field == "statisticsFlag" and "statistics_flag" in want.why


def test_what_simplified_lists_may_not_hold() -> None:
    """No licence, no export duty, no refund, in a pilot zone, up to 5,000 yuan: 714.28 USD at 7 is 4,999.96."""
    assert against_a(customs("A")) == []
    assert against_a(customs("A", zone="")) == ["zone"]
    assert against_a(customs("A", mode="1210")) == ["statisticsFlag"]
    for name in ("export_duty", "licence", "refund"):
        assert against_a(customs("A", BAG=replace(PLAIN, **{name: True}))) == [name]
    for name in ("export_duty", "licence"):
        assert against_a(customs("A", BAG=replace(PLAIN, **{name: None}))) == [name]  # not said
    assert against_a(customs("A"), 71_428) == []
    assert against_a(customs("A"), 71_429) == ["goodsValue"]
    assert against_a(customs("A"), 71_428, cny=None) == ["rate"]


def test_summary_lists_need_the_whole_code() -> None:
    assert against("B", trade(items=ONE), customs("B", zone=""), 10**9) == []
    (want,) = against("B", trade(items=ONE), customs("B", BAG=replace(PLAIN, code="4202")), 100)
    assert want.field == "gcode"


@pytest.mark.parametrize(
    ("flag", "mode", "code", "expected"),
    [
        ("A", "9610", "4202920000", "4202000000"),
        ("A", "9610", "4202", "4202000000"),
        ("A", "9710", "4202920000", "4202920000"),
        ("B", "9610", "4202920000", "4202920000"),
    ],
)
def test_codes(flag: str, mode: str, code: str, expected: str) -> None:
    assert code_of(flag, mode, code) == expected


def test_the_conditions_have_sources() -> None:
    assert simplified()["9610"].limit == 500_000 and simplified()["9610"].digits == 4
    assert all(x.source and x.read for x in simplified().values())
