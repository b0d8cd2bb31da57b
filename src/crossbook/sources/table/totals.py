"""Cells that say of their row that it is the total of a period ("January total", 1月合计, Zwischensumme): they hold
nothing but a word for a total, a period, and words between. A firm that is called Total has a name beside it."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from babel import Locale

_WORDS = tomllib.loads(files("crossbook.data").joinpath("mapping/totals.toml").read_text(encoding="utf-8"))
_TOTAL, _BETWEEN = frozenset(_WORDS["total"]), frozenset(_WORDS["between"])
_LANGUAGES = "en de fr es it nl pt pl cs sk sv da nb fi tr hu ro ru uk el id vi th ar".split()
LONGEST = 60  # letters of a total's name
_THAI = re.compile("[\u0e00-\u0e7f]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?[.]?", re.UNICODE)
_FIGURES = re.compile(r"\bq[1-4]\b|\bkw\s*\d{1,2}\b|\d+")
_NUMBER = r"(?:\d{1,2}|十[一二]|[一二三四五六七八九十])"
_YEAR = r"(?:(?:\d{2,4}|[一二三四五六七八九〇○零]{4})\s*[年년](?:度|도)?)"
_SPAN = (
    rf"(?:(?:{_YEAR}\s*)?(?:第?{_NUMBER}\s*(?:月|월|季|分기|분기|週|周)(?:份|度)?|"
    r"[本当當今全前上]\s*(?:月|日|周|週|季|年|期|页|頁)(?:度|份)?|당월|당일|당기|월|일)|"
    rf"{_YEAR})"
)
_SUM = r"(?:合\s*[计計]|小\s*[计計]|[总總総]\s*[计計额額]|累\s*[计計]|합계|소계|누계|총계)"
_EAST_ASIAN = re.compile(
    rf"{_SPAN}?\s*(?:(?:发生额|發生額|収支|收支|收入|支出|入出金|거래)?\s*{_SUM}|"
    r"(?<=\S)(?:[计計계]|发生额|發生額))(?:数|額|额|금액)?"
)
_HINT = re.compile("|".join(["[计計額额계]", *map(re.escape, sorted(_TOTAL, key=len, reverse=True))]))


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    """The names of months as the Unicode CLDR has them, in full and cut."""
    found = {"sept"}
    for language in _LANGUAGES:
        for told in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                found |= {_bare(name) for name in told.get(width, {}).values()}
    return frozenset(n for n in found if len(n) > 2 and not n.isdigit())


def _bare(word: str) -> str:
    return word.strip(". ").lower()


@lru_cache(maxsize=65536)
def names_total(text: str) -> bool:
    """Whether a cell is the name of a total of a period, and nothing else."""
    plain = " ".join(text.split()).strip("*-–—=:：[]()（）【】<>«» .").lower()
    if len(plain) > LONGEST or not _HINT.search(plain):
        return False
    if _EAST_ASIAN.fullmatch(plain):
        return True
    words, rest = _words(plain)
    numbers = [int(n) for n in re.findall(r"\d+", plain)]
    dated = any(1990 <= n <= 2100 for n in numbers)
    if rest or any(n > 31 and not 1990 <= n <= 2100 for n in numbers):
        return False
    if (
        numbers
        and not dated
        and not any(w in _months() or w in _BETWEEN for w in words)
        and not re.search("q[1-4]", plain)
    ):
        return False
    return any(w in _TOTAL for w in words) and all(w in _TOTAL or w in _BETWEEN or w in _months() for w in words)


@lru_cache(maxsize=65536)
def mentions_total(text: str) -> bool:
    """Whether a total or a month is among the words of a short text: the row may be a total under another name."""
    words, _ = _words(" ".join(text.split()).lower())
    return len(words) <= 6 and any(w in _TOTAL or w in _months() for w in words)


def _words(plain: str) -> tuple[list[str], str]:
    """The words of a text, and what is neither one nor a number of a period. Thai writes without spaces."""
    text = plain
    if _THAI.search(plain):
        for word in _thai():
            text = text.replace(word, f" {word} ")
    thai = [w for w in text.split() if _THAI.match(w)]
    text = " ".join(w for w in text.split() if not _THAI.match(w))
    text = _FIGURES.sub(" ", re.sub(r"\b[ld]['’]", " ", text))
    words = [_bare(w) for w in _WORD.findall(text)]
    return [*thai, *words], re.sub(r"[\s.,:;/'’&()–-]+", "", _WORD.sub(" ", text))


@lru_cache(maxsize=1)
def _thai() -> list[str]:
    """The words that are written in Thai, the longest first."""
    return sorted((w for w in (*_TOTAL, *_BETWEEN, *_months()) if _THAI.match(w)), key=len, reverse=True)
