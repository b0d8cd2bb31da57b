"""Folding text to the letters that count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.brand.letters import WIDTH, fold, matrix, skeletons, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Coca-Cola", "cocacola"),
        ("NIKÉ", "nike"),
        ("Nіkе", "nike"),  # Cyrillic і and е
        ("ＮＩＫＥ", "nike"),
        ("蘋果", "苹果"),
        ("  ", ""),
        ("🔥Puma™ 🔥", "pumatm"),
        ("O'Neill", "oneill"),
        ("ΒΟss", "boss"),  # Greek capitals
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert all(c.isalnum() for c in once)


def test_look_alikes_share_a_skeleton() -> None:
    assert len(set(skeletons(["nike", "n1ke", "nlke", "n!ke".replace("!", "i")]))) == 1
    assert skeletons(["corn", "com"]) == ["com", "com"]
    assert skeletons([]) == []


def test_words_of_a_listing() -> None:
    assert [w for w, _, _ in words("Slim N I K E case, 100%")] == ["Slim", "N I K E", "case", "100"]
    assert [w for w, _, _ in words("登山杖 pole2")] == ["登", "山", "杖", "pole2"]
    assert words("") == [] and words("🔥🔥") == []
    arabic = "حقيبة ظهر Valkore"
    assert [arabic[a:b] for _, a, b in words(arabic)] == ["حقيبة", "ظهر", "Valkore"]


def test_a_matrix_is_cut_at_its_width() -> None:
    rows, lengths = matrix(["ab", "x" * 50, ""])
    assert rows.shape == (3, WIDTH) and lengths.tolist() == [2, WIDTH, 0]
    assert rows[0, :3].tolist() == [ord("a"), ord("b"), 0]
