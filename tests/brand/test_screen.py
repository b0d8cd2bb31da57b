"""Listings against a small register."""

from __future__ import annotations

from typing import Any

import pytest

from crossbook.brand.listing import Known, Licence, Listing
from crossbook.brand.matching import translations
from crossbook.brand.register import Register
from crossbook.brand.screen import COLUMNS, screen


def hits(register: Register, title: str, known: Known | None = None, **rest: str) -> list[dict[str, Any]]:
    found = screen(register, [Listing("x", title, **rest)], known or Known(translations=translations()))
    return list(found.to_pylist())


@pytest.mark.parametrize(
    ("title", "mark", "kind"),
    [
        ("Day pack Valkore 20 l", "VALKORE", "same"),
        ("Day pack V a l k o r e 20 l", "VALKORE", "same"),
        ("Day pack Valk0re", "VALKORE", "look-alike"),
        ("Day pack Vаlkоrе", "VALKORE", "same"),  # Cyrillic а, о, е
        ("Day pack Valkora", "VALKORE", "letters"),
        ("Day pack Vlakore", "VALKORE", "letters"),
        ("Val-kore bag", "VALKORE", "same"),
        ("Zefyron speaker", "ZEPHYRON", "sound"),
        ("tent north vik", "NORTH VIK", "same"),
        ("officialvalkore", "VALKORE", "affix"),
        ("Valkores", "VALKORE", "letters"),
        ("cocacola can", "COCA-COLA", "same"),
        ("登山杖 北郎 同款", "北狼", "sound"),
        ("beilang pack", "北狼", "sound"),
        ("苹果 充电线", "APPLE", "translation"),
        ("summer dream holidays", "SUMMERDREAM HOLIDAYS", "same"),
        ("summer draem holydays", "SUMMERDREAM HOLIDAYS", "sound"),
    ],
)
def test_an_altered_mark_is_found(register: Register, title: str, mark: str, kind: str) -> None:
    found = {h["mark"]: h for h in hits(register, title)}
    assert mark in found
    assert found[mark]["kind"] == kind
    assert found[mark]["span"].lower() in title.lower()


def test_a_hit_names_its_evidence(register: Register) -> None:
    hit = hits(register, "Day pack Valk0re")[0]
    assert set(hit) == set(COLUMNS)
    assert (hit["register"], hit["number"], hit["mark_classes"], hit["live"]) == ("US", "97000000", "18", "live")
    assert hit["evidence"] == "e" * 64 and hit["line"] == 1
    assert "Day pack Valk0re"[hit["start"] : hit["end"]] == "Valk0re"


def test_what_moves_the_risk(register: Register) -> None:
    def risk(title: str, known: Known | None = None, **rest: str) -> int:
        return int(next(h["risk"] for h in hits(register, title, known, **rest) if h["mark"] == "VALKORE"))

    plain = risk("Day pack Valkore", classes="18")
    assert plain >= 80
    assert risk("Day pack Valkore", classes="9") < plain
    assert risk("Day pack compatible with Valkore", classes="18") < plain
    assert risk("Day pack Valk0re", classes="18") < risk(
        "Day pack Valk0re", Known(sued_marks=frozenset({"valkore"})), classes="18"
    )
    assert risk("Day pack Valk0re", Known(suing_owners=frozenset({"valkore outdoor inc."})), classes="18") > 97
    licence = Known(licences=(Licence("valkore", 1 << 18, frozenset({"US"})),))
    assert risk("Day pack Valkore", licence, classes="18", market="US") <= 20
    assert risk("Day pack Valkore", licence, classes="18", market="DE") == plain
    assert risk("Day pack Valkore", licence, classes="25", market="US") > 20


def test_for_reaches_no_further_than_its_field(register: Register) -> None:
    (hit,) = [h for h in hits(register, "A pack for", bullets="Valkore") if h["mark"] == "VALKORE"]
    assert "fits" not in hit["why"]


def test_dead_and_ordinary_marks_are_ranked_low_not_dropped(register: Register) -> None:
    lamp = next(h for h in hits(register, "Lumenara lamp") if h["mark"] == "LUMENARA")
    assert "dead" in lamp["why"] and lamp["level"] == "note"
    trail = [h for h in hits(register, "trail") if h["mark"].startswith("TRAIL")]
    assert trail and all(h["level"] != "act" for h in trail)


def test_no_words_no_hits(register: Register) -> None:
    listings = [Listing("a"), Listing("b", "🔥🔥🔥"), Listing("c", "حقيبة ظهر"), Listing("d", " . , ")]
    assert screen(register, listings, Known()).num_rows == 0
    assert screen(register, [], Known()).num_rows == 0


def test_each_listing_keeps_its_gravest(register: Register) -> None:
    title = "Valkore Zephyron north vik cocacola apple peak"
    found = screen(register, [Listing("a", "pack"), Listing("b", title)], Known(), kept=3)
    assert found["listing"].to_pylist() == [1, 1, 1]
    assert found["risk"].to_pylist() == sorted(found["risk"].to_pylist(), reverse=True)
