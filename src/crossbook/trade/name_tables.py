"""Tables of names: surnames of East Asia with their readings, spellings of given names, titles, particles, legal forms.

Kept in `data/names`. The readings are those that passports and companies' registers show; a surname's reading may not
be its character's usual one (仇 is Qiu, 单 is Shan).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from importlib import resources

from nicknames import NickNamer

from crossbook.trade.transliteration import korean, plain


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("crossbook.data").joinpath("names").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def _surnames() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for r in _rows("surnames.csv"):
        found[r["language"]][r["written"]] = tuple(r["readings"].split())
    return dict(found)


def simplified(characters: str) -> str:
    """Han characters, the traditional ones simplified."""
    from zhconv import convert  # slow to import, and most names do without

    return str(convert(characters, "zh-hans"))


@lru_cache(maxsize=8)
def surnames(language: str) -> dict[str, tuple[str, ...]]:
    """Surnames with their readings, Han characters simplified; `language` is zh, ko, ja, vi or hanja."""
    found = _surnames()[language]
    return {simplified(written): told for written, told in found.items()} if language == "ja" else found


@lru_cache(maxsize=1)
def romanised() -> dict[str, frozenset[str]]:
    """East Asian surnames in Latin letters, each with the surnames that it may stand for."""
    found: dict[str, set[str]] = defaultdict(set)
    for language in ("zh", "ko", "ja", "vi"):
        for written, readings in _surnames()[language].items():
            for reading in readings:
                found[reading].add(f"{language} {written}")
    return {reading: frozenset(which) for reading, which in found.items()}


@lru_cache(maxsize=1)
def ranks() -> dict[str, int]:
    """How common a surname in Latin letters is in its country, from 0: the tables begin with the commonest."""
    found: dict[str, int] = {}
    for language in ("zh", "ko", "ja", "vi"):
        for place, readings in enumerate(_surnames()[language].values()):
            for reading in readings:
                found[reading] = min(place, found.get(reading, place))
    return found


@lru_cache(maxsize=1)
def given_variants() -> dict[str, int]:
    """Given names that are spellings of one another: the same number for each."""
    return {name: i for i, r in enumerate(_rows("given.csv")) for name in r["variants"].split()}


@lru_cache(maxsize=1)
def arabic_given() -> frozenset[str]:
    """The spellings of given names that are Arabic ones."""
    return frozenset(name for r in _rows("given.csv") if r["language"] == "ar" for name in r["variants"].split())


@lru_cache(maxsize=1)
def words() -> dict[str, tuple[str, str]]:
    """Titles, particles, legal forms and the like: the kind, and what it means, by the word."""
    found = {}
    for r in _rows("words.csv"):
        found[r["word"]] = found[plain(r["word"])] = (r["kind"], r["means"])
    return found


@lru_cache(maxsize=8192)
def nicknames(name: str) -> frozenset[str]:
    """Short forms of a given name, and the names that it is short for."""
    namer = _namer()
    return frozenset(namer.nicknames_of(name) | namer.canonicals_of(name)) | _short_forms().get(name, frozenset())


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, frozenset[str]]:
    """Short forms that other languages than English have, both ways, in every spelling of the full name."""
    found: dict[str, set[str]] = defaultdict(set)
    spellings = [r["variants"].split() for r in _rows("given.csv")]
    for r in _rows("short.csv"):
        for name in next((s for s in spellings if r["name"] in s), [r["name"]]):
            for short in r["short"].split():
                found[name].add(short)
                found[short].add(name)
    return {name: frozenset(others) for name, others in found.items()}


@lru_cache(maxsize=1)
def _namer() -> NickNamer:
    return NickNamer()


def known_given(name: str) -> bool:
    """Whether a word is a given name that the tables know."""
    return name in given_variants() or bool(nicknames(name))


@lru_cache(maxsize=8192)
def korean_surnames(written: str) -> frozenset[str]:
    """The Latin readings of a Korean surname in Hangul."""
    return frozenset(surnames("ko").get(written, (korean(written),)))
