"""Which encoding of one byte a letter its text is in, as its letters prove: in the right one each letter over 127 is of
one language, and stands as that language writes it.

Letters of the languages: Unicode CLDR, main exemplar characters, https://cldr.unicode.org (common/main).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SIGNS = "€£§°º–—’‘“”„«»…№©®·\u00a0"
# Encoding -> languages with the letters that they have besides a to z; of some encodings the same languages.
_CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Croatian": "čćđšž",
    "Romanian": "âăîşţ",
}
_WESTERN = {
    "German": "äöüßé",
    "French": "àâæçèéêëîïôùûüÿœ",
    "Spanish": "áéíñóúüª¿¡",
    "Italian": "àèéìíòóùú",
    "Portuguese": "áâãàçéêíóôõúüª",
    "Dutch": "áäéëíïóöúüè",
    "Swedish": "åäöéà",
    "Danish": "æøåéóò",
    "Icelandic": "áæéíóöúýþð",
}
LATIN = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1254": {"Turkish": "çğıöşüâîû"},
    "cp1257": {"Lithuanian": "ąčęėįšųūž", "Latvian": "āčēģīķļņšūž", "Estonian": "äõöüšž"},
}
# The commonest letters of running text, Lewand's counts for Russian and Trapp's for Greek: more than half of it.
OTHER = {
    "cp1251": ("Russian", "оеаинтсрвлкм", "а-яёіїєґўћјљњђџ"),
    "koi8_r": ("Russian", "оеаинтсрвлкм", "а-яё"),
    "cp866": ("Russian", "оеаинтсрвлкм", "а-яё"),
    "iso8859_5": ("Russian", "оеаинтсрвлкм", "а-яёіїєґў"),
    "cp1253": ("Greek", "αοιετσνηυρπκ", "α-ωάέήίόύώϊϋΐΰς"),
}
LEAST = 12  # letters of another script, below which nothing is proved
MOSTLY = 0.9  # of the letters over 127 are of one language; the others stand in foreign names
COMMON = 0.5  # the share of the commonest letters in them, at least


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the letters of a text prove: an encoding, or between which they leave it open (with the languages)."""

    encoding: str | None = None
    open: tuple[str, ...] = ()


def judged(raw: bytes) -> Judged:
    """The encoding that the letters of a text prove; neither where no encoding fits."""
    if not raw.isascii() and (found := _of_another_script(raw)):
        return Judged(encoding=found)
    return _latin(raw)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _of_another_script(raw: bytes) -> str | None:
    """The encoding in which all letters over 127 are of one script, in words that are not capitals inside, and mostly
    its commonest."""
    found: dict[str, float] = {}
    for encoding, (_, common, letters) in OTHER.items():
        text = _decoded(raw, encoding)
        foreign = re.findall(r"[^\x00-\x7f]", text or "")
        of_script = [c for c in foreign if re.fullmatch(f"[{letters}]", c.lower())]
        if len(of_script) < LEAST or len(of_script) + sum(c in SIGNS for c in foreign) < len(foreign):
            continue
        own = letters + letters.upper()
        words = re.findall(rf"[{own}]{{2,}}", text or "")
        mixed = re.findall(rf"[a-zA-Z][{own}]|[{own}][a-zA-Z]", text or "")  # French in KOI8-R: LibellИ
        if len(mixed) > (1 - MOSTLY) * len(of_script) or any(not (w.isupper() or w[1:].islower()) for w in words):
            continue
        found[encoding] = sum(c.lower() in common for c in of_script) / len(of_script)
    best = max(found, key=lambda name: found[name], default=None)
    return best if best and found[best] >= COMMON else None


def _latin(raw: bytes) -> Judged:
    """The encoding in which nearly all letters over 127 are of one language, in words with plain ones; where several
    fit as well the Western one, for its languages are the commonest."""
    fits: dict[str, tuple[float, str, str]] = {}
    for encoding, languages in LATIN.items():
        text = _decoded(raw, encoding)
        foreign = [c for c in text or "" if c > "\x7f" and c not in SIGNS]
        if text is None or not foreign or not all(c.isalpha() or c in "¿¡" for c in foreign) or not _in_words(text):
            continue
        shares = {
            name: sum(c in _letters(name, told) for c in foreign) / len(foreign) for name, told in languages.items()
        }
        language = max(shares, key=lambda name: shares[name])
        if shares[language] >= MOSTLY:
            fits.setdefault(text, (shares[language], encoding, language))
    if not fits:
        return Judged()
    best = max(share for share, _, _ in fits.values())
    left = [(encoding, language) for share, encoding, language in fits.values() if share == best]
    if {"Turkish", "Icelandic"} <= {language for _, language in left}:  # letters that both have, as often
        return Judged(open=tuple(f"{encoding} ({language})" for encoding, language in left))
    return Judged(encoding=left[0][0])


def _letters(language: str, told: str) -> set[str]:
    upper = {c.upper() for c in told if c not in "ıß"}
    return {*told, *upper, "İ"} if language == "Turkish" else {*told, *upper}


def _in_words(text: str) -> bool:
    """Whether letters over 127 stand in words with plain ones, and as capitals stand: none behind a small letter, none
    small behind capitals."""
    words = [w for w in re.findall(r"[^\W\d_]+", text) if not w.isascii()]
    plain = sum(any(c.isascii() for c in w) for w in words)
    pairs = [(w[i - 1], w[i], i) for w in words for i in range(1, len(w)) if not w[i].isascii()]
    odd = any((b.isupper() and a.islower()) or (b.islower() and a.isupper() and i > 1) for a, b, i in pairs)
    return 2 * plain > len(words) and not odd
