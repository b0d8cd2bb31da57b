"""Candidates with the rates they would bear, and what people and programs are told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from crossbook.duty.finding import search
from crossbook.duty.finding.rated import as_dict, asked, how_sure, rated, shortened
from crossbook.i18n import choose

ON = date(2026, 9, 1)


def test_the_rate_is_that_of_the_desk() -> None:
    told = search("USB charging cable", ON)
    first = next(c for c in (rated(f, "CN", ON) for f in told.found) if c.hts.startswith("8544.42"))
    # column 1 of 8544.42.90 is 2.6 %; Section 301 list 3 25 % and 12.5 % of note 52 are in force beside it
    assert first.general in ("2.6%", "Free")
    assert first.rate is not None and first.rate >= Decimal("0.25")
    assert first.lines and all(x.startswith(first.hts) for x in first.lines)


def test_a_provision_has_no_rate_of_its_own() -> None:
    told = search("under the Nairobi Protocol", ON)
    found = next(c for c in (rated(f, "CN", ON) for f in told.found) if c.hts == "9817.00.96")
    assert (found.rate, found.general, found.lines) == (None, "Free", ())


def test_what_programs_are_told() -> None:
    told = search("women's polyester dress xyzzyplugh", ON, limit=2)
    found = as_dict(told, [rated(f, "CN", ON) for f in told.found])
    assert found["unknown"] == ["xyzzyplugh"]
    assert found["verdict"] in ("likely", "possible", "a guess")
    assert 1 <= found["right_of_ten"] <= 10
    assert found["question"]["trait"] == "construction"
    assert isinstance(found["candidates"][0]["rate"], float)


def test_what_people_are_told_in_both_languages() -> None:
    told = search("women's polyester dress", ON)
    assert "of 10 were right" in how_sure(told)
    question = asked(told)
    assert question is not None and question[0].startswith("Is it knitted")
    choose("zh")
    try:
        assert "十次约有" in how_sure(told)
        question = asked(told)
        assert question is not None and question[0].startswith("是针织") and question[1][0].startswith("针织")
    finally:
        choose("en")


def test_a_shortened_path_keeps_what_decides() -> None:
    path = (
        "Women's or girls' suits, ensembles, suit-type jackets, blazers, dresses, skirts, divided skirts, trousers, "
        "bib and brace overalls, breeches and shorts (other than swimwear), knitted or crocheted > Dresses > Of cotton"
    )
    assert shortened(path) == "Women's or girls' suits, ensembles … knitted or crocheted > Dresses > Of cotton"
    assert shortened("Candles, tapers and the like") == "Candles, tapers and the like"
