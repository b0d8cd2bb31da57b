"""Finding tariff lines for goods in trade words."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.duty.finding import find, recall, stem, words

ON = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("USB charging cable", "8544"),
        ("cotton t-shirt for men", "6109"),
        ("stainless steel frying pan", "7323"),
        ("running shoes with textile upper", "6404"),
        ("蓝牙耳机", "8518"),
        ("手机壳", "3926"),
    ],
)
def test_goods_that_such_sellers_ship(query: str, heading: str) -> None:
    assert heading in list(dict.fromkeys(f.code[:4] for f in find(query, ON)))[:4]


def test_shares_and_order() -> None:
    found = find("toaster", ON)
    assert all(0 < f.sure <= 1 for f in found)
    assert found[0].code.startswith("8516")
    assert "Electrothermic" in found[0].path or "heaters" in found[0].path
    assert [f.sure for f in found] == sorted((f.sure for f in found), reverse=True)
    assert len({f.code[:4] for f in find("cotton bag", ON, limit=3)}) == 3


def test_nothing_is_found_for_nonsense() -> None:
    assert find("qqqq zzzz", ON) == []
    assert find("the of and", ON) == []


def test_recall_counts_what_it_says() -> None:
    told = recall([("toaster", "8516.72.0000".replace(".", "")), ("toaster", "0101210010")], ON)
    assert told == {"heading at 1": 0.5, "heading at 10": 0.5, "six digits at 10": 0.5}


def test_stems() -> None:
    assert [stem(w) for w in ("batteries", "boxes", "knives", "glasses", "knitted", "glass")] == [
        "battery",
        "box",
        "knif",
        "glass",
        "knitt",
        "glass",
    ]
    assert words("Men's hand-made boots") == ["men", "hand-made", "hand", "made", "boot"]
