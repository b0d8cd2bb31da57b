"""Sound codes."""

from __future__ import annotations

import pytest

from crossbook.brand.sound import fuzzy_pinyin, pinyin_of, sounds, without_vowel_groups


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zephyr", "zefir"),
        ("nike", "nyke"),
        ("knight", "nite"),
        ("fotografix", "photographics"),
        ("kwik", "quick"),
        ("luxe", "lucks"),
        ("cee", "see"),
        ("bazz", "bass"),
    ],
)
def test_words_that_sound_alike_have_one_code(one: str, other: str) -> None:
    a, b = without_vowel_groups(sounds([one, other]))
    assert a == b


def test_words_that_do_not_have_two() -> None:
    assert len(set(sounds(["valkore", "zephyron", "lumenara"]))) == 3
    assert sounds([]) == [] and without_vowel_groups([]) == [] and fuzzy_pinyin([]) == []


def test_many_are_coded_as_each_alone() -> None:
    texts = ["night", "kn", "", "xerox", "thetch", "eee"]
    assert sounds(texts) == [sounds([t])[0] for t in texts]


def test_pinyin() -> None:
    assert pinyin_of("北狼 pro") == "beilang pro"
    assert fuzzy_pinyin(["zhangsheng"]) == ["zansen"]
