"""The tables of import duty of other markets that ship: what a row may be, and lines as authorities print them."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from crossbook.duty import quote

FOLDER = files("crossbook") / "data" / "duty" / "markets"
COLUMNS = ["code", "description", "duty", "origins", "measure", "from", "to", "note", "source"]
MARKETS = ("AU", "CA", "CH", "EAEU", "EU", "GB", "JP", "KR")  # KZ and RU share one
AMOUNT = r"\d+(\.\d+)? (EUR|GBP|JPY|USD)/(kg|100 kg|each|1000|pr\.|m2|m3|liter|t|100 m)"
BOUND = rf"( MIN ([\d.]+% \+ )?({AMOUNT}|[\d.]+%))?( MAX ({AMOUNT}|[\d.]+%))?"
DUTY = re.compile(rf"Free|\d+(\.\d+)?%( \+ {AMOUNT})?{BOUND}|{AMOUNT}{BOUND}|see the tariff: \S.*")


def _rows(market: str) -> list[dict[str, str]]:
    with (FOLDER / f"{market}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


@pytest.mark.parametrize("market", MARKETS)
def test_every_row_is_a_duty_of_a_code_with_days_and_a_source(market: str) -> None:
    periods: dict[tuple[str, str, str], list[tuple[date, date]]] = defaultdict(list)
    for row in _rows(market):
        assert re.fullmatch(r"\d{2,10}", row["code"]), row
        assert DUTY.fullmatch(row["duty"]), row
        assert row["source"], row
        assert row["origins"] == "ALL" or re.fullmatch(r"[A-Z]{2}( [A-Z]{2})*", row["origins"]), row
        since, until = date.fromisoformat(row["from"]), date.fromisoformat(row["to"] or "9999-12-31")
        assert since <= until, row
        periods[row["code"], row["origins"], row["measure"]].append((since, until))
    for key, days in periods.items():
        for (_, until), (since, _) in zip(sorted(days), sorted(days)[1:], strict=False):
            assert until < since, key


@pytest.mark.parametrize(
    ("market", "least"),
    [("AU", 2500), ("CA", 550), ("EU", 3500), ("GB", 3500), ("JP", 3500), ("KR", 900), ("EAEU", 3500)],
)
def test_a_table_has_the_subheadings_that_sellers_ship(market: str, least: int) -> None:
    assert len({row["code"][:6] for row in _rows(market) if len(row["code"]) >= 6}) >= least


# Read off the page of the authority, before the tables were made: market, code, day, duty.
PRINTED = [
    ("GB", "610910", "2026-11-01", "12%"),  # T-shirts of cotton
    ("GB", "42021211", "2026-11-01", "8%"),  # school satchels of plastic sheeting
    ("GB", "910111", "2026-11-01", "0.2 GBP/each"),  # wrist-watches of precious metal
    ("EU", "610910", "2026-11-01", "12%"),
    ("EU", "42021211", "2026-11-01", "9.7%"),
    ("EU", "95030041", "2026-11-01", "4.7%"),  # stuffed animals
    ("EU", "910111", "2026-11-01", "4.5% MIN 0.3 EUR/each MAX 0.8 EUR/each"),
    ("AU", "42023210", "2026-11-01", "5%"),  # wallets of plastic sheeting or textiles
    ("AU", "42023290", "2026-11-01", "Free"),
    ("AU", "851713", "2026-11-01", "Free"),
    ("CA", "610910", "2026-11-01", "18%"),
    ("CA", "392410", "2026-11-01", "6.5%"),  # tableware of plastics
    ("CA", "482010", "2026-11-01", "Free"),  # note books
    ("CA", "84145110", "2026-11-01", "8%"),  # oscillating table fans
    ("CA", "847160", "2026-11-01", "Free"),  # keyboards
    ("CA", "85131090", "2026-11-01", "7%"),  # portable lamps, but flashlights
    ("CA", "64035920", "2026-11-01", "11%"),  # women's shoes of 30 dollars or more
    ("CA", "85167110", "2026-11-01", "9%"),  # coffee makers
    ("CA", "33049990", "2026-11-01", "6.5%"),  # skin care, but for ostomy
    ("CA", "420221", "2026-11-01", "10%"),  # handbags of leather
    ("CA", "82033010", "2026-11-01", "11%"),  # metal cutting shears
    ("CA", "87082960", "2026-11-01", "8.5%"),  # seat covers and mats of plastics
    ("CA", "871200", "2026-11-01", "13%"),  # bicycles
    ("CA", "910211", "2026-11-01", "5%"),
    ("CH", "61", "2026-11-01", "Free"),
    ("JP", "392410", "2026-11-01", "3.9%"),  # tableware of plastics: in brackets is 3.9 %, so the general rate stands
    ("JP", "610910020", "2026-11-01", "7.4%"),  # the WTO's rate is below the general 11.2 %
    ("JP", "420212210", "2026-11-01", "8%"),
    ("JP", "640399029", "2026-11-01", "30% MIN 4300 JPY/pr."),  # leather shoes out of quota
    ("JP", "851713", "2026-11-01", "Free"),
    ("KR", "611020", "2026-11-01", "13%"),  # the WTO's 35 % is more
    ("KR", "392410", "2026-11-01", "6.5%"),  # the WTO's, below the basic 8 %
    ("KR", "950730", "2026-11-01", "8%"),
    ("KR", "640411", "2026-11-01", "13%"),  # sports shoes with uppers of textiles
    ("KR", "851830", "2026-11-01", "Free"),  # earphones: free by the WTO, 8 % by the basic rate
    ("KR", "3304991000", "2026-11-01", "6.5%"),  # skin care
    ("KR", "910212", "2026-11-01", "8%"),
    ("KR", "9619001010", "2026-11-01", "Free"),  # napkins for babies of paper
    ("EAEU", "610910", "2026-11-01", "1.75 EUR/kg"),
    ("EAEU", "64029905", "2026-11-01", "0.34 EUR/pr."),  # with a metal toe-cap
    ("EAEU", "9503001001", "2026-11-01", "7.5%"),  # dolls' carriages
    ("EAEU", "570110", "2026-11-01", "0.38 EUR/m2"),  # carpets of wool, knotted
    ("EAEU", "8549210000", "2026-11-01", "15%"),  # and not 155: the 5 is that of a note
]


@pytest.mark.parametrize(("market", "code", "day", "duty"), PRINTED)
def test_a_line_bears_what_its_authority_prints(market: str, code: str, day: str, duty: str) -> None:
    found = [
        row["duty"]
        for row in _rows(market)
        if code.startswith(row["code"])
        and len(row["code"]) >= min(6, len(code))
        and row["origins"] == "ALL"
        and row["from"] <= day <= (row["to"] or "9999")
    ]
    assert found == [duty]


def test_goods_of_china_are_free_in_australia_but_for_excisable_ones() -> None:
    free = {row["code"] for row in _rows("AU") if row["origins"] == "CN" and row["duty"] == "Free"}
    assert {"61", "64", "85", "95"} <= free
    assert not {"34", "38"} & free  # lines of Schedule 12 bear as much as excise


def test_a_subheading_that_came_after_the_edition_is_an_estimate_that_asks() -> None:
    """Ceiling lamps of 9405.10 bore 4.7 % of plastics, 3.7 % of glass, 2.7 % else; 2022 divides them otherwise."""
    lamp = next(row for row in _rows("EU") if row["code"] == "940511")
    assert lamp["duty"] == "4.7%"
    assert lamp["note"].startswith("ask: ") and "2.7% or 3.7% or 4.7%" in lamp["note"]


# Worked by hand from the lines above: 100 pieces of China for 1,000 dollars, a euro at 1.10 and a pound at 1.30.
WORKED = [
    ("GB", "6109.10.0012", {}, 12_000),  # 12 %
    ("GB", "9101.11.4000", {}, 2_600),  # 0.20 pounds each
    ("DE", "9102.11.1020", {}, 4_500),  # 4.5 %, as 45 dollars are between 33 (0.30 euros each) and 88 (0.80)
    ("KZ", "6109.10.0012", {"weight_kg": Decimal(40)}, 7_700),  # 1.75 euros for each of 40 kg
    ("KZ", "6402.99.1815", {"quantities": {"prs.": Decimal(100)}}, 3_740),  # 0.34 euros a pair, the dearest line
    ("AU", "4202.21.9000", {}, 5_000),  # 5 % where no agreement is claimed
    ("AU", "4202.21.9000", {"claims": {"preference": "yes"}}, 0),
    ("CA", "8516.71.0020", {}, 9_000),  # a coffee maker at 9 %, not a tea maker at 8 %
    ("CH", "6109.10.0012", {}, 0),
]


@pytest.mark.parametrize(("to", "hts", "more", "duty"), WORKED)
def test_a_bill_by_a_table_that_ships(to: str, hts: str, more: dict[str, Any], duty: int) -> None:
    fx = {"EUR": Decimal("1.1"), "GBP": Decimal("1.3")}
    assert quote(hts, "CN", to, 10, "2026-11-05", quantity=100, fx=fx, **more).total_duty == duty


def test_a_duty_that_may_come_on_top_leaves_the_most_open() -> None:
    """Steel wares of China in Canada: 6.5 %, and perhaps a surtax (SOR/2024-187, SOR/2025-154) that no table holds."""
    bill = quote("7323.93.0060", "CN", "CA", 10, "2026-11-05", quantity=100)
    assert (bill.total_duty, bill.duty_high) == (6_500, None)
    assert any("surtax on steel" in m.ask for m in bill.missing)


def test_a_doubt_of_one_member_of_the_union_is_none_of_the_other() -> None:
    """Line 3910 00 000 1 bears note 10C, which speaks of Russia alone."""

    def asked(to: str) -> set[str]:
        claims = {"line": "3910000001"}
        return {m.fact for m in quote("3910.00.0000", "CN", to, 10, "2026-11-05", claims=claims).missing}

    assert "duty" in asked("RU")
    assert asked("KZ") == set()


def test_a_tax_on_a_duty_that_is_not_known_is_not_known() -> None:
    """Kazakhstan: 1.75 euros a kilogram on T-shirts, 16 % VAT on value and duty; of an unknown weight neither is."""
    bill = quote("6109.10.0012", "CN", "KZ", 10, "2026-11-05", quantity=100, fx={"EUR": Decimal("1.1")})
    told = bill.as_dict()
    assert (told["taxes"][0]["amount"], told["taxes"][0]["base"], told["landed_cost"]) == (None, None, None)
    assert told["landed_cost_low"] == 116_000, "without any duty, 1,000 and 16 %"
    assert told["landed_cost_high"] is None
    assert [(m.fact, m.ask) for m in bill.missing] == [("quantity", "the quantity in kg")]
    known = quote("6109.10.0012", "CN", "KZ", 10, "2026-11-05", quantity=100, fx={"EUR": Decimal("1.1")}, weight_kg=40)
    assert known.taxes[0].amount == 17_232, "16 % of 1,077"


def test_what_is_in_doubt_is_asked() -> None:
    """An old edition, a remedy, several lines, an agreement."""

    def asked(to: str, hts: str) -> set[str]:
        return {m.fact for m in quote(hts, "CN", to, 10, "2026-11-05").missing}

    assert asked("DE", "8711.60.0050") == {"edition", "duty"}
    assert asked("CA", "6403.59.9045") == {"line"}
    assert asked("AU", "4202.21.9000") == {"preference"}
