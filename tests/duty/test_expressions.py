"""Duty expressions of tariff schedules: read in full or refused, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.duty.expressions import UNITS, Duty, Term, by_programme, parse
from crossbook.duty.schedule import table

GOLDEN: dict[str, tuple[Term, ...]] = {
    "Free": (),
    "2.9%": (Term(Decimal("0.029")),),
    "1.4¢/kg": (Term(Decimal("0.014"), "kg"),),
    "$1.59/liter": (Term(Decimal("1.59"), "liter"),),
    "36¢ each + 5.3% on the battery": (Term(Decimal("0.36"), "each"), Term(Decimal("0.053"), on="battery")),
    "3.1% on the movement + 4.2% on the battery": (
        Term(Decimal("0.031"), on="movement"),
        Term(Decimal("0.042"), on="battery"),
    ),
    "$1.50/doz. pr. + 2.5%": (Term(Decimal("1.50"), "doz. pr."), Term(Decimal("0.025"))),
    "0.9¢ each": (Term(Decimal("0.009"), "each"),),
    "12.000 %": (Term(Decimal("0.12")),),
    "7 1/2%": (Term(Decimal("0.075")),),
    "$2.13/m<sup>2</sup> + 5%": (Term(Decimal("2.13"), "m2"), Term(Decimal("0.05"))),
    "68¢/head": (Term(Decimal("0.68"), "head"),),
    "37% 1/": (Term(Decimal("0.37")),),
}


@pytest.mark.parametrize("text", GOLDEN)
def test_golden(text: str) -> None:
    assert parse(text).terms == GOLDEN[text]


@pytest.mark.parametrize("text", ["", "5", "abc", "5% or so", "3¢/furlong", "5%%", "-2%", "26.00 GBP / hl"])
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(text)


def test_what_only_another_line_can_resolve_is_a_rule() -> None:
    duty = parse("The rate applicable to the article in the absence of this subheading")
    assert duty.rule
    assert duty.ad_valorem is None


def test_the_whole_shipped_schedule_is_read() -> None:
    texts = {t for name in ("general", "other") for t in pc.unique(table()[name]).to_pylist()}
    unread = []
    for text in texts:
        try:
            parse(text)
        except ValueError:
            unread.append(text)
    assert unread == [""], "9006.59.15, whose general rate the exports leave empty"
    for text in pc.unique(table()["special"]).to_pylist():
        by_programme(text) if text else None


RATE = st.decimals(Decimal("0.01"), Decimal(999), places=2)


@given(st.lists(st.tuples(RATE, st.sampled_from(["", *(u for u in UNITS if u[0].isalpha())])), min_size=1, max_size=3))
def test_what_is_written_is_read_back(parts: list[tuple[Decimal, str]]) -> None:
    text = " + ".join(
        f"{rate}%" if not unit else f"{rate}¢ each" if unit == "each" else f"${rate}/{unit}" for rate, unit in parts
    )
    wanted = tuple(
        Term(rate / 100) if not unit else Term(rate / (100 if unit == "each" else 1), unit) for rate, unit in parts
    )
    assert parse(text).terms == wanted


def test_programmes() -> None:
    found = by_programme("Free (A,AU,S+) 3.2% (JP)8.8¢/liter(JO)")
    assert found["AU"] == Duty("Free")
    assert found["JP"].ad_valorem == Decimal("0.032")
    assert found["JO"].needs == ("liter",)
    with pytest.raises(ValueError, match="no programme"):
        by_programme("Free")
