"""Typologies and oddities are planted alike from one seed, each kind for itself, and what is called is counted."""

from __future__ import annotations

from pathlib import Path

import planted
import pytest
from trade_names import SCRIPTS, person
from trade_oddities import ODDITIES
from trade_papers import TABLES, Maker, lines
from typologies import FAULTS

EACH = 1


def test_there_are_twenty_kinds_of_each_and_more() -> None:
    assert len(FAULTS) >= 20 and len(ODDITIES) >= 20 and not FAULTS.keys() & ODDITIES.keys()


def test_one_seed_makes_the_same_papers_and_another_does_not() -> None:
    def papers(seed: int) -> list[object]:
        clean, faults, oddities = planted.made(20, seed, 2)
        cases = [t for kinds in (faults, oddities) for found in kinds.values() for case in found for t in case]
        return [lines(t, kind) for t in (*clean, *cases) for kind in TABLES]

    assert papers(3) == papers(3) != papers(4)


def test_names_come_in_eight_scripts_and_more() -> None:
    rng = Maker(1).rng("names")
    names = {script: person(rng, script).name for script in SCRIPTS}
    assert len(SCRIPTS) >= 8
    assert sum(not name.replace(" ", "").isascii() for name in names.values()) >= 8


@pytest.mark.slow
def test_most_that_is_planted_is_found_and_what_is_clean_is_not_called(tmp_path: Path) -> None:
    clean, faults, oddities = planted.made(500, 7, EACH)
    inside = [*clean, *(t for kinds in (faults, oddities) for found in kinds.values() for case in found for t in case)]
    book = planted.fill(tmp_path, inside)
    result = planted.score(book.path, clean, faults, oddities)
    assert result["clean"] == 500 and result["clean_not_verified"] == 0
    assert result["recall"].keys() == FAULTS.keys() and result["oddities"].keys() == ODDITIES.keys()
    assert all(r["all"] == EACH for r in result["recall"].values())
    assert result["recall"]["one_waybill_two_trades"]["contradicted_or_suspicious"] == EACH
    assert result["recall"]["stranger_pays"]["contradicted_or_suspicious"] == EACH
    assert result["oddities"]["whole_refund"]["called"] == 0
    assert result["recall_percent"] > 75
    assert set(result["examples"]["missed"]) == {
        kind for kind, r in result["recall"].items() if r["contradicted_or_suspicious"] < EACH
    }
