"""How each letter of Thai, Hebrew and Arabic is written in Latin, so that a word is held against its romanisations.

These scripts write few vowels, and passports follow no one rule. A letter has the spellings of the usual rules (Thai:
Royal Institute, and the Sanskrit spellings of surnames; Hebrew: Academy of the Hebrew Language, and English use;
Arabic: ALA-LC, BGN/PCGN, and French and Egyptian use). What stands between the letters is vowels.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SHORT = "(?:ou|oo|ee|aa|[aeiou])?"  # a vowel that is not written
_AT_THE_END = "(?:[aeiou]{1,2}h?|h)"
_HEBREW = {
    "אע": "[aeiou]{0,2}",
    "ב": "bb?|v|w",
    "ג": "gg?|j",
    "ד": "dd?",
    "ה": "h?",
    "ו": "v|w|[ou]{0,2}",
    "ז": "zz?|s",
    "ח": "ch|kh|h",
    "ט": "tt?|th",
    "י": "j|[aeiy]{0,2}",
    "כך": "kk?|c|ck|ch|kh|h",
    "ל": "ll?",
    "מם": "mm?",
    "נן": "nn?",
    "ס": "ss?|z",
    "פף": "pp?|ph|ff?",
    "צץ": "ts|tz|zz?|s",
    "ק": "kk?|c|ck|q",
    "ר": "rr?",
    "ש": "sh|ss?|sch",
    "ת": "tt?|th",
}
_ARABIC = {
    "ا": "aa?|e|i?a",
    "عءئؤ": "[aeiou]{0,2}",
    "ب": "bb?|p",
    "ت": "tt?",
    "ث": "th|t|s",
    "ج": "jj?|gg?|dj",
    "حه": "hh?",
    "خ": "kh|k|ch",
    "د": "dd?",
    "ذ": "dh|z|d|th",
    "ر": "rr?",
    "ز": "zz?",
    "س": "ss?|c",
    "ش": "sh|ch|sch",
    "ص": "ss?",
    "ض": "dd?|dh|z",
    "ط": "tt?",
    "ظ": "z|dh",
    "غ": "gh|g",
    "ف": "ff?|ph",
    "ق": "qq?|kk?|c|gh?",
    "ك": "kk?|c",
    "ل": "ll?",
    "م": "mm?",
    "ن": "nn?",
    "و": "ww?|v|[ou]{1,2}|a[uw]",
    "ي": "[aeiy]{1,2}",
    "پ": "pp?",  # Persian and Urdu
    "چ": "t?ch|sh",
    "ژ": "zh|j",
    "گ": "gg?|gu",
}
# As a syllable begins with it; as it may also sound inside a word, where it may end a syllable.
_THAI = {
    "ก": ("k|g", "|c|ck"),
    "ขฃคฅฆ": ("kh?|g|c|q", "|ck"),
    "ง": ("ng", "|n"),
    "จ": ("j|ch?", "|t|d"),
    "ฉชฌ": ("ch|sh|c", "|j|t|d"),
    "ซ": ("s|z", "|t"),
    "ศษส": ("s|sh", "|t|d|"),
    "ญ": ("y", "|n|j"),
    "ดฎ": ("d", "|t"),
    "ตฏ": ("t|d", ""),
    "ถทธฐฑฒ": ("th?|dh", "|d"),
    "นณ": ("n", ""),
    "บ": ("b", "|p"),
    "ป": ("p|b", ""),
    "ผพภ": ("ph?|bh?", ""),
    "ฝฟ": ("f|ph", "|p"),
    "ม": ("m", ""),
    "ย": ("y", "|i"),
    "ร": ("r", "|rn|l|n"),
    "ลฬ": ("l", "|r|n"),
    "ว": ("w|v", "|"),
    "ห": ("h", "|"),
    "ฮ": ("h", ""),
}
# Silenced by the cancellation mark, with what it silences; short and tone marks say nothing of letters.
_SILENT = re.compile("(?:ทร|ษณ|ตร)์|[ก-ฮ][ิุ]?์|[็-๎ๆ]")
_WRITTEN_BEFORE = frozenset("เแโใไ")
_THAI_WRITTEN = "[aeiouyw]{0,3}"
_THAI_UNWRITTEN = "(?:[aou]{0,2}|e)"
_I, _U = "(?:ee|ea|ie|[iey])", "(?:oo|ou|[ou])"
_THAI_SIGNS = {"ิ": _I, "ี": _I, "ุ": _U, "ู": _U}
_OPEN = frozenset("הاه")  # letters that stand for a vowel at the end of a word
_GUTTURAL = frozenset("חעع")  # with a vowel before or after them at the end
_ARTICLE = "(?:[aeu](?:[ltdrszn]|th|dh|sh))?"


def _spread(table: dict[str, str]) -> dict[str, str]:
    return {letter: spellings for letters, spellings in table.items() for letter in letters}


_CONSONANTAL = {"hebrew": _spread(_HEBREW), "arabic": _spread(_ARABIC)}
_THAI_LETTERS = {letter: both for letters, both in _THAI.items() for letter in letters}
READ = frozenset({"thai", "hebrew", "arabic"})


@lru_cache(maxsize=16384)
def _pattern(word: str, of: str) -> re.Pattern[str] | None:
    """What a word's romanisations look like; None for one with fewer than two letters that are no vowels."""
    told = _thai(word) if of == "thai" else _consonantal(word, of)
    return None if told is None else re.compile(told)


def _consonantal(word: str, of: str) -> str | None:
    """A vowel at the end of a romanisation has a letter of its own: Dan is not Dina."""
    table = _CONSONANTAL[of]
    begin = ""
    if of == "arabic" and word.startswith("ال") and len(word) > 4:
        begin, word = _ARTICLE, word[2:]
    if of == "arabic" and word.startswith("عبدال") and len(word) > 6:  # servant of the ...: Abdullah, Abdul Rahman
        begin, word = "abd[aeiou]{0,2}(?:[ltdrszn]|th|dh|sh)?", word[5:]
    letters = [c for c in word if c in table]
    if len(letters) < 2:
        return None
    end = _AT_THE_END if letters[-1] in _OPEN else ""
    parts = [f"(?:{table[c]})" for c in (letters[:-1] if end else letters)]
    if letters[0] == "ا":
        parts[0] = "[aeiou]{0,2}"
    silent = "(?:(?<=in)e)?" if of == "arabic" and letters[-1] == "ن" else ""  # French: Yacine, Noureddine
    return begin + _SHORT.join(parts) + (_SHORT if letters[-1] in _GUTTURAL else "") + end + silent


def _thai(word: str) -> str | None:
    word = _SILENT.sub("", word.replace("ํา", "ัม")).replace("รร", "ั")  # plain() parts the sign of am
    found: list[str] = []
    before = ""  # the consonant before, where no vowel is written between
    written = 0  # consonants for which a vowel that is written before them may still sound
    signs = ""
    for c in word:
        if c not in _THAI_LETTERS:
            before, written, signs = "", 2 if c in _WRITTEN_BEFORE else max(written, 1), signs + c
            continue
        first, inside = _THAI_LETTERS[c]
        told = first if not found and c != "ห" else first + inside
        gap = _THAI_SIGNS.get(signs) or (_THAI_WRITTEN if written or not found else _THAI_UNWRITTEN)
        written, signs = max(written - 1, 0), signs[-1:] if signs[-1:] in _WRITTEN_BEFORE else ""
        found.append(f"{gap}(?:{told})" + ("?" if before == first else ""))
        before = first
    if len(found) < 2:
        return None
    open_ended = word[-1] not in _THAI_LETTERS or written > 0
    return "".join(found) + (_THAI_WRITTEN + "h?" if open_ended else "a?")


def romanises(latin: str, word: str, of: str) -> bool:
    """Whether a Latin word may be a word of the script `of` (thai, hebrew or arabic), letter by letter."""
    return _fits(_pattern(word, of), latin)


def romanise_together(latin: str, words: tuple[str, ...], of: str) -> bool:
    """The same of several words that are written as one in Latin: نور الدين, Noureddine."""
    return _fits(_patterns(words, of), latin)


def _fits(pattern: re.Pattern[str] | None, latin: str) -> bool:
    return (
        pattern is not None
        and len(latin) > 1
        and bool(pattern.fullmatch(latin) or pattern.fullmatch(re.sub(r"([^aeiou])\1", r"\1", latin)))
    )


@lru_cache(maxsize=16384)
def _patterns(words: tuple[str, ...], of: str) -> re.Pattern[str] | None:
    told = [_thai(w) if of == "thai" else _consonantal(w, of) for w in words]
    return re.compile("".join(t for t in told if t)) if all(told) else None
