"""Import duty abroad by the tables that ship: lines in doubt, agreements, old editions, amounts for a quantity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crossbook.duty import quote
from crossbook.duty.bill import Landed
from crossbook.duty.foreign import ForeignDuty, editions, shipped
from crossbook.duty.foreign_rates import worth
from crossbook.errors import CrossbookError

FX = {"EUR": Decimal("1.25"), "JPY": Decimal("0.01"), "GBP": Decimal("1.5"), "CAD": Decimal("0.75")}


def row(code: str, duty: str, measure: str = "mfn", origins: str = "ALL", note: str = "") -> ForeignDuty:
    return ForeignDuty(
        market="KR",
        code=code,
        description="",
        duty=duty,
        origins=tuple(origins.split()),
        measure=measure,
        since=date(2026, 1, 1),
        until=None,
        cite="table:1",
        note=note,
    )


def land(to: str, hts: str, **more: Any) -> Landed:
    asked: dict[str, Any] = {"value": 1000, "on": "2026-11-20", "fx": FX, **more}
    return quote(hts, "CN", to, **asked)


def facts(bill: Landed) -> list[str]:
    return [m.fact for m in bill.missing]


def test_lines_of_one_subheading_are_a_range_until_the_line_is_stated() -> None:
    """EU heading 4202 12, trunks and cases, in the Common External Tariff: 9.7 % of plastic sheeting, 5.2 % of moulded
    plastic, 3.7 % of other materials. Germany takes 19 % of value and duty."""
    bill = land("DE", "4202.12.2120")
    assert (bill.duty_low, bill.total_duty, bill.duty_high) == (3_700, 9_700, 9_700), "the dearest until it is known"
    assert "line" in facts(bill)
    told = bill.as_dict()
    assert (told["landed_cost_low"], told["landed_cost_high"]) == (123_403, 130_543), "VAT of 19 % on the duty too"
    assert bill.path.startswith("42021211 ") and "; 42021250 " in bill.path, "the lines, not the first of them"
    stated = land("DE", "4202.12.2120", claims={"line": "4202.12.50"})
    assert stated.path and "42021" not in stated.path
    assert (stated.duty_low, stated.total_duty, stated.duty_high) == (5_200, 5_200, 5_200)
    assert "line" not in facts(stated)
    elsewhere = land("DE", "4202.12.2120", claims={"line": "85171300"})
    assert "changes nothing: line=85171300" in elsewhere.notes
    with pytest.raises(CrossbookError, match="no tariff number"):
        land("DE", "4202.12.2120", claims={"line": "trunk"})


def test_the_last_digits_of_a_us_number_are_not_those_of_another_market() -> None:
    table = [row("42021211", "8%"), row("42021219", "3%")]
    bill = land("KR", "4202.12.1100", duties=table)
    assert (bill.duty_low, bill.duty_high) == (3_000, 8_000)


def test_an_agreement_is_asked_for_and_stands_when_claimed() -> None:
    table = [row("610910", "13%"), row("6109", "7.8%", "rcep", "CN VN"), row("610910", "5%", "china-korea", "CN")]
    silent = land("KR", "6109.10.0012", duties=table)
    assert (silent.duty_low, silent.total_duty, silent.duty_high) == (5_000, 13_000, 13_000), "without proof MFN stands"
    asked = next(m.ask for m in silent.missing if m.fact == "preference")
    assert asked == "whether China-Korea FTA is claimed, with proof of origin: 5% in place of 13%"
    claimed = land("KR", "6109.10.0012", duties=table, claims={"preference": "yes"})
    assert (claimed.total_duty, claimed.lines[0].measure, facts(claimed)) == (5_000, "China-Korea FTA", [])
    refused = land("KR", "6109.10.0012", duties=table, claims={"preference": "no"})
    assert (refused.duty_low, refused.duty_high) == (13_000, 13_000)
    from_vietnam = quote("6109.10.0012", "VN", "KR", 1000, "2026-11-20", duties=table, claims={"preference": "yes"})
    assert from_vietnam.total_duty == 7_800
    dear = [row("610910", "13%"), row("610910", "16%", "rcep", "CN")]
    assert "preference" not in facts(land("KR", "6109.10.0012", duties=dear)), "none is lost where it is dearer"


def test_of_the_general_and_the_wto_s_rate_the_lower_stands() -> None:
    table = [row("611020", "20%", "trade remedy 1", "CN"), row("611020", "13%", "general"), row("611020", "35%", "wto")]
    assert land("KR", "6110.20.2079", duties=table).total_duty == 33_000
    assert land("KR", "6110.20.2079", duties=[*table[1:2], row("611020", "6.5%", "wto")]).total_duty == 6_500


def test_any_other_measure_is_a_duty_on_top() -> None:
    table = [row("6109", "13%"), row("610910", "20%", "trade remedy 552", "CN"), row("61", "10%", "rcep", "CN")]
    assert land("KR", "6109.10.0012", duties=table).total_duty == 33_000
    assert land("KR", "6109.10.0012", duties=table, claims={"preference": "yes"}).total_duty == 30_000


def test_an_added_table_takes_the_place_of_the_one_that_ships() -> None:
    own = ForeignDuty("GB", "6109", "", "6%", ("ALL",), "import duty", date(2026, 1, 1), None, "mine.csv:2")
    bill = land("GB", "6109.10.0012", duties=[own])
    assert (bill.total_duty, bill.lines[0].legal_source) == (6_000, "mine.csv:2")
    assert any("by the table of GB that was added, not the one that ships, of 2021-01-27" in n for n in bill.notes)
    with pytest.raises(CrossbookError, match=r"a table of import duties of GB has no row for 8517\.13\.0000"):
        land("GB", "8517.13.0000", duties=[own])


def test_an_old_edition_is_an_estimate_that_says_so() -> None:
    old = land("GB", "6109.10.0012")
    assert [m.ask for m in old.missing] == ["an estimate: the table of GB is of 2021-01-27"]
    assert any("not in it: anti-dumping" in n for n in old.notes)
    fresh = land("CA", "6109.10.0012")
    assert facts(fresh) == []
    assert fresh.lines[0].legal_source == "CBSA, Customs Tariff, 2026-09-01, MFN, 610910"
    early = land("CA", "6109.10.0012", on="2026-08-31")
    assert "later than 2026-08-31" in early.missing[0].ask
    assert early.total_duty == 18_000


def test_a_line_that_a_table_lacks_is_refused_and_the_table_named() -> None:
    with pytest.raises(CrossbookError, match=r"a table of import duties of CA has no row for 8802\.20") as caught:
        land("CA", "8802.20.0060")
    assert caught.value.todo == "add it: crossbook duty add --market CA FILE"


def test_a_doubt_of_a_row_is_asked() -> None:
    bill = land("KR", "6109.10.0012", duties=[row("6109", "13%", note="ask: note 9 of the tariff")])
    assert [m.ask for m in bill.missing] == ["the duty of 6109: note 9 of the tariff"]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Free", 0, 0),
        ("12%", 12_000, 12_000),
        ("1.75 EUR/kg", 2_188, 2_188),  # 10 kg at 1.75 EUR of 1.25 USD: 21.875 USD
        ("4.5% MIN 0.3 EUR/each MAX 0.8 EUR/each", 400, 400),  # 45 USD, but at most 4 pieces at 0.80 EUR
        ("0.1% MIN 0.3 EUR/each MAX 0.8 EUR/each", 150, 150),  # 1 USD, but at least 4 at 0.30 EUR
        ("8% + 9.2 EUR/100 kg", 8_115, 8_115),  # 80 USD, and 0.92 EUR of 1.25 USD
        ("8% + 9.2 EUR/100 kg MAX 8.1%", 8_100, 8_100),
        ("2.7% MIN 2 GBP/pr.", 2_700, 2_700),  # 4 pairs at 3 USD are 12 USD
        ("10% MIN 5 EUR/m2", 10_000, None),  # no area is known: at least the share
        ("5 EUR/m2 MAX 10%", 0, 10_000),
        ("see the tariff: by the size of the engine", 0, None),
    ],
)
def test_what_a_duty_comes_to(text: str, low: int, high: int | None) -> None:
    known = {"kg": Decimal(10), "No.": Decimal(4), "prs.": Decimal(4)}
    found = worth(text, 100_000, known, "USD", FX)
    assert round(found.low) == low
    assert (None if found.high is None else round(found.high)) == high


@pytest.mark.parametrize("text", ["about 5%", "5 EUR/barrel", ""])
def test_what_is_no_duty_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duty|no duty|unknown unit"):
        worth(text, 100_000, {}, "USD", FX)


@pytest.mark.parametrize("market", sorted(editions()))
def test_every_duty_that_ships_can_be_read(market: str) -> None:
    every = shipped(market)
    assert every
    for text in {r.duty for r in every}:
        worth(text, 100_000, {}, "USD", {c: Decimal(1) for c in ("EUR", "GBP", "JPY", "KRW", "CAD", "AUD")})
    assert min(r.since for r in every) <= editions()[market].day
