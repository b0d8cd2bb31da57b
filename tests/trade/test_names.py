"""Names of one person, of one family, and of strangers: a golden table in ten scripts, and what holds for any name."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.trade.degree import Degree
from crossbook.trade.names import same_name
from crossbook.trade.transliteration import scripts

with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
    GOLDEN = list(csv.DictReader(file))


@pytest.mark.parametrize("row", GOLDEN, ids=[f"{r['a']}={r['b']}" for r in GOLDEN])
def test_golden(row: dict[str, str]) -> None:
    there, back = same_name(row["a"], row["b"]), same_name(row["b"], row["a"])
    assert there == back
    assert (there or "unknown") in row["right"].split("|"), row["why"]


def test_the_golden_table_measures_false_matches_too() -> None:
    right = Counter(r["right"] for r in GOLDEN)
    assert len(GOLDEN) >= 300
    assert right["different"] + right["family"] >= 120
    assert len({s for r in GOLDEN for s in scripts(r["a"] + r["b"])} - {""}) >= 10
    assert len({frozenset((r["a"], r["b"])) for r in GOLDEN}) == len(GOLDEN)


PEOPLE = sorted({n for r in GOLDEN if r["right"] != "unknown" for n in (r["a"], r["b"]) if "*" not in n})
names = st.sampled_from(PEOPLE)


@given(names, names)
@settings(max_examples=400, deadline=None)
def test_it_does_not_matter_which_paper_comes_first(a: str, b: str) -> None:
    assert same_name(a, b) == same_name(b, a)


@given(names)
@settings(max_examples=200, deadline=None)
def test_a_name_is_itself_in_any_case_and_width(name: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    for other in (name, name.upper(), name.lower(), wide, f"  {name} ", unicodedata.normalize("NFD", name)):
        assert same_name(name, other) is Degree.SAME, other


@given(names, names, st.sampled_from([str.upper, str.lower]))
@settings(max_examples=300, deadline=None)
def test_case_makes_nobody_another(a: str, b: str, case: object) -> None:
    assert same_name(case(a), b) == same_name(a, b)  # type: ignore[operator]


WORDS = st.sampled_from("Mary Ann Ivanka Ortega Fisher Lindholm Иван Волков Γιώργος Ελένη דוד שרה".split())


@given(st.lists(WORDS, min_size=2, max_size=4, unique=True), st.randoms())
@settings(max_examples=200, deadline=None)
def test_the_order_of_words_does_not_matter(words: list[str], rng: object) -> None:
    words = [w for w in words if scripts(w) == scripts(words[0])]
    turned = list(words)
    rng.shuffle(turned)  # type: ignore[attr-defined]
    assert same_name(" ".join(words), " ".join(turned)) is Degree.SAME


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=400, deadline=None)
def test_no_text_is_too_odd(a: str, b: str) -> None:
    there = same_name(a, b)
    assert there == same_name(b, a)
    assert same_name(a, a) in (Degree.SAME, Degree.MAY_BE, None)


@pytest.mark.parametrize("text", ["", " ", "-", "N/A", "***", "🙂", "...", "unknown", "不详", None])
def test_what_names_nobody_is_unknown(text: str | None) -> None:
    assert same_name(text, "John Smith") is None
    assert same_name(text, text) is None


STRANGERS = {
    "Cyrillic": ("Иван Петров", "Сергей Волков", "Ольга Смирнова"),
    "Greek": ("Γιώργος Παππάς", "Ελένη Νικολάου", "Νίκος Ρήγας"),
    "Arabic": ("محمد علي", "فاطمة حسن", "خالد عمر"),
    "Hebrew": ("דוד כהן", "שרה לוי", "יוסף מזרחי"),
    "Thai": ("สมชาย ใจดี", "วิภา ทองคำ", "อนันต์ ศรีสุข"),
    "kana": ("たなか ゆうこ", "さとう けんじ", "やまだ はな"),
    "Hangul": ("김민준", "박서연", "최수영"),
    "Han": ("王伟", "李娜", "陈静"),
    "Latin": ("John Smith", "Ivan Orlov", "Maria Rossi"),
}


def test_two_people_of_one_script_or_two_are_two_people() -> None:
    everybody = [name for people in STRANGERS.values() for name in people]
    wrong = [(a, b) for i, a in enumerate(everybody) for b in everybody[:i] if same_name(a, b) is not Degree.DIFFERENT]
    assert wrong == []
