"""How a word sounds, as a code: English spelling to sounds, Chinese characters to pinyin. For screening, not for
speech.

The code keeps the consonants by how they are made and the vowels in three groups; keys leave the vowels' group out.
Many texts are rewritten as one long one, which is what makes a million quick.
"""

from __future__ import annotations

import re
from functools import lru_cache

# In order: letters of a spelling and the sound they stand for. Capitals are sounds that have no letter of their own.
_SPELLINGS = (
    ("tch", "C"),
    ("sch", "S"),
    ("ph", "f"),
    ("ck", "k"),
    ("sh", "S"),
    ("ch", "C"),
    ("th", "t"),
    ("wh", "w"),
    ("dg", "j"),
    ("gh", ""),
    ("qu", "kw"),
    ("tio", "So"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("ge", "je"),
    ("gi", "ji"),
    ("x", "ks"),
    ("c", "k"),
    ("q", "k"),
    ("z", "s"),
    ("v", "f"),
    ("mb", "m"),
    ("ng", "n"),
    ("oo", "u"),
    ("ou", "u"),
    ("ow", "u"),
    ("ew", "u"),
    ("ee", "e"),
    ("ea", "e"),
    ("ie", "e"),
    ("ei", "e"),
    ("ey", "e"),
    ("ay", "e"),
    ("ai", "e"),
    ("au", "o"),
    ("aw", "o"),
    ("y", "e"),
    ("i", "e"),
    ("u", "o"),
)
_STARTS = (("kn", "n"), ("gn", "n"), ("pn", "n"), ("wr", "r"), ("ps", "s"), ("x", "s"))
_DIGITS = (("0", "o"), ("1", "i"), ("3", "e"), ("4", "a"), ("5", "s"), ("7", "t"), ("8", "b"))
_SILENT_E = re.compile(r"(?<=[^\n]{3})e(?=\n)")
_INNER_H = re.compile(r"(?<=[^\n])h")
_VOWELS = re.compile(r"[aeou]+")
_FUZZY_PINYIN = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


def sounds(texts: list[str]) -> list[str]:
    """The sound codes of folded texts, with vowels in three groups (a, e, o) and no letter twice in a row."""
    if not texts:
        return []
    joined = "\n" + "\n".join(texts) + "\n"
    for digit, letter in _DIGITS:
        joined = joined.replace(digit, letter)
    for spelling, sound in _STARTS:
        joined = joined.replace(f"\n{spelling}", f"\n{sound}")
    for spelling, sound in _SPELLINGS:
        joined = joined.replace(spelling, sound)
    joined = _INNER_H.sub("", _SILENT_E.sub("", joined))
    for letter in "aeoubcCdfgjklmnprsStw":
        joined = joined.replace(letter * 3, letter).replace(letter * 2, letter)
    return joined[1:-1].split("\n")


def without_vowel_groups(codes: list[str]) -> list[str]:
    """Codes with every run of vowels as one `a`."""
    return _VOWELS.sub("a", "\n".join(codes)).split("\n") if codes else []


@lru_cache(maxsize=30_000)
def _syllable(char: str) -> str:
    from pypinyin import Style, pinyin

    return str(pinyin(char, style=Style.NORMAL, errors="default")[0][0]).replace("ü", "v")


def pinyin_of(text: str) -> str:
    """A text with each Chinese character as its syllable without tone, in the reading that is most common."""
    return "".join(_syllable(c) if "\u3400" <= c <= "\u9fff" else c for c in text)


def fuzzy_pinyin(texts: list[str]) -> list[str]:
    """Pinyin with the sounds as one that speakers of many dialects do not tell apart (zh z, ch c, sh s, ng n)."""
    joined = "\n".join(texts)
    for a, b in _FUZZY_PINYIN:
        joined = joined.replace(a, b)
    return joined.split("\n") if texts else []
