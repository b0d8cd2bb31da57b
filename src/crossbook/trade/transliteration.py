"""Names in Latin letters, and what remains of a word when the spellings of one name are folded into one.

Alphabets are read letter by letter (anyascii), kana by Hepburn (jaconv), Han characters by pinyin (pypinyin). Arabic,
Hebrew and Thai write few vowels or none, so such names are compared by their consonants.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

from anyascii import anyascii
from jaconv import kana2alphabet, kata2hira

# First and last code points of the scripts that names are read in; other letters are read letter by letter too.
_RANGES = (
    (0x41, 0x24F, "latin"),
    (0x250, 0x36F, "latin"),
    (0x1E00, 0x1EFF, "latin"),
    (0x370, 0x3FF, "greek"),
    (0x1F00, 0x1FFF, "greek"),
    (0x400, 0x52F, "cyrillic"),
    (0x530, 0x58F, "armenian"),
    (0x590, 0x5FF, "hebrew"),
    (0x600, 0x6FF, "arabic"),
    (0x750, 0x77F, "arabic"),
    (0xE00, 0xE7F, "thai"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "hangul"),
    (0x3005, 0x3007, "han"),
    (0x3040, 0x30FF, "kana"),
    (0x3400, 0x9FFF, "han"),
    (0xAC00, 0xD7AF, "hangul"),
    (0xF900, 0xFAFF, "han"),
    (0x20000, 0x323AF, "han"),
)
_LATIN = frozenset({"latin"})
ALPHABETS = frozenset({"latin", "cyrillic", "greek", "armenian", "georgian"})  # read letter by letter, vowels and all

_SPECIAL = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "å": "a",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŋ": "ng",
        "ς": "σ",
        "ґ": "г",
        "ё": "е",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ی": "ي",  # Persian and Urdu letters that are Arabic ones
        "ک": "ك",
        "ھ": "ه",
        "ہ": "ه",
        "ۀ": "ه",
        "ـ": None,
    }
)
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})  # ICAO 9303, DIN 5007-2
_KEPT_MARKS = frozenset({"thai", "kana", "other"})  # where marks are letters


@lru_cache(maxsize=4096)
def script(letter: str) -> str:
    """The script of a letter, "other" for one that is not listed, "" for what is no letter."""
    at = ord(letter)
    if unicodedata.category(letter)[0] not in "LM":
        return "han" if letter in "々〇" else "kana" if letter == "ー" else ""
    return next((name for first, last, name in _RANGES if first <= at <= last), "other")


def scripts(word: str) -> frozenset[str]:
    """The scripts of a word's letters."""
    if word.isascii():
        return _LATIN if word.isalpha() else frozenset(filter(None, map(script, word)))
    return frozenset(filter(None, map(script, word)))


def plain(text: str) -> str:
    """Text in lower case without accents and marks that do not tell letters apart; full and half width are one."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return _bare(kata2hira(text) if "kana" in scripts(text) else text)


def _bare(text: str) -> str:
    found = []
    for c in text.translate(_SPECIAL):
        if script(c) in _KEPT_MARKS or "HANGUL" in unicodedata.name(c, ""):
            found.append(c)
            continue
        found += [x for x in unicodedata.normalize("NFD", c) if unicodedata.category(x) != "Mn"]
    return "".join(found).translate(_SPECIAL)


def written_out(word: str) -> str:
    """A word without accents, its umlauts written as two letters: müller is mueller."""
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold())
    return plain(word.translate(_WRITTEN_OUT))


_GREEK = (("ου", "ou"), ("γγ", "ng"), ("γκ", "gk"), ("γχ", "nch"), ("χ", "ch"), ("αυ", "av"), ("ευ", "ev"))  # ELOT 743
_UKRAINIAN = re.compile("[іїєґ]")


@lru_cache(maxsize=65536)
def latin(word: str) -> str:
    """A plain word in Latin letters."""
    if word.isascii():
        return word
    of = scripts(word)
    if of == {"kana"}:
        return re.sub("[^a-z]", "", kana2alphabet(word.replace("ー", "")))
    if "greek" in of:
        for letters, sound in _GREEK:
            word = word.replace(letters, sound)
    if "cyrillic" in of and _UKRAINIAN.search(word):
        word = word.replace("г", "h")
    return re.sub("[^a-z]", "", anyascii(word).lower())


# Begin a Greek word where one sound is meant (ELOT 743: Μπ is B); inside it either: Λάμπρου is Lamprou, Lambrou.
_GREEK_BEGINNINGS = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"))
_GREEK_INSIDE = (("mp", "mb"), ("mp", "b"), ("nt", "nd"), ("nt", "d"), ("gk", "g"), ("ch", "h"))


@lru_cache(maxsize=65536)
def latin_forms(word: str) -> frozenset[str]:
    """The ways in which a plain Cyrillic or Greek word is written in Latin letters, `latin` among them.

    A Cyrillic word may be Ukrainian without a letter that shows it: Гавриленко is Gavrilenko and Havrylenko.
    """
    found = {latin(word)}
    if "cyrillic" in scripts(word):
        ukrainian = word.replace("г", "h").replace("и", "y")
        found |= {latin(w) for w in (ukrainian, word.replace("г", "h"))}
        found |= {re.sub("(?<=[czs]h)ev(?=a?$)", "ov", w) for w in found}  # yo after a hushing sound: Хрущёв
    if "greek" in scripts(word):
        for letters, sound in _GREEK_BEGINNINGS:
            if word.startswith(letters):
                found.add(sound + latin(word[len(letters) :]))
        for letters, sound in _GREEK_INSIDE:
            found |= {w[0] + w[1:].replace(letters, sound) for w in found if w}
    return frozenset(found - {""})


# Russian as German and French write it: Schukow, Schtscherbakowa (DIN 1460 before passports), Chtchoukine.
_WESTERN = (
    ("schtsch|chtch|stsch", ("shch",)),
    ("tsch|tch", ("ch",)),
    ("sch", ("sh", "zh")),
    ("(?<![sc])ch", ("ch", "kh", "sh")),
    ("j", ("y", "zh", "i")),
    ("(?<=[^aeiou]in)e$", ("",)),
    ("(?<=[^aeiou]ine)v$", ("v",)),
    ("o[fw]f?$", ("ov",)),
    ("e[fw]f?$", ("ev",)),
    ("ow(?=a$)", ("ov",)),
    ("ou", ("u",)),
    ("gu(?=[ei])", ("g",)),
    ("tz|(?<![a-z])z(?=[vw])", ("ts",)),
)


@lru_cache(maxsize=65536)
def russian_forms(word: str) -> frozenset[str]:
    """What a Latin word is in English transliteration, had it been written in German or French."""
    found = {word}
    for pattern, sounds in _WESTERN:
        found = {re.sub(pattern, sound, w) for w in found for sound in sounds}
    return frozenset(found | {word})


_SPELLINGS = tuple(
    (re.compile(a), b)
    for a, b in (
        ("tch", "ch"),
        ("off$", "ov"),
        (r"([b-df-hj-np-tv-z])\1+", r"\1"),
        ("^shch", "sch"),  # Russian: ye at the beginning, -yev and yo (BGN/PCGN) are e in passports (ICAO 9303)
        ("^ye(?=.{4})", "e"),
        ("(?<=.{3})[iy]e(?=va?$)", "e"),
        ("(?<=[dtmlnrsvp])yo(?=[dmlnrvp])", "e"),
        ("^[ck]?h(?=r)", "h"),  # Greek: Christos, Hristos; Oikonomou, Economou; Vasileiou, Vassiliou; Ioanna, Joanna
        ("^oi(?=k)", "e"),
        ("ei(?=ou$)", "i"),
        ("^jo(?=a)", "io"),
        ("ph", "f"),
        ("ck", "k"),
        ("sh", "S"),
        ("zh", "Z"),
        ("ch", "C"),
        ("kh", "h"),
        ("ks", "x"),
        ("c(?=[aourlt]|$)", "k"),
        ("w", "v"),
        ("y", "i"),
        ("(?<=[aeiou])h(?=[^aeiou]|$)", ""),
        ("ou", "o"),
        (r"(.)\1+", r"\1"),
        ("(?<=.{3})(?:ei|ie)$", "i"),
    )
)


@lru_cache(maxsize=65536)
def spelled(word: str) -> str:
    """What spellings and transliterations of one name have in common: Yuri, Yuriy, Iurii; Philip, Phillip;
    Ono, Ohno."""
    for pattern, sound in _SPELLINGS:
        word = pattern.sub(sound, word)
    return word


_CONSONANTS = tuple(
    (re.compile(a), b)
    for a, b in (
        ("tch|tsch", "ch"),
        ("sh", "s"),
        ("ph", "f"),
        ("th", "t"),
        ("dh", "d"),
        ("gh", "g"),
        ("tz", "ts"),
        ("[cq]k?(?!h)", "k"),
        ("j", "g"),
        ("z", "s"),
        ("x", "ks"),
        ("w(?=[aeiou])", ""),
        ("[aeiouyw`']", ""),
        (r"(.)\1+", r"\1"),
        ("(?<=.)h$", ""),
    )
)


@lru_cache(maxsize=65536)
def consonants(word: str, of: str) -> frozenset[str]:
    """The consonants of a Latin word, in each way in which a word of the script `of` may have been written in Latin.

    Hebrew vav is a vowel or v; ch and kh stand for k or h; Thai and Devanagari do not tell j from ch.
    """
    found = {word}
    if of == "hebrew":
        found = {w.replace("v", x) for w in found for x in ("b", "")}
    if of == "arabic":  # the article
        found |= {w[1:] for w in found if w.startswith("l") and len(w) > 3}
        found |= {w.replace("dh", "z") for w in found}
    if of == "thai":
        found = {re.sub("g(?!h)", "k", re.sub("j|sh", "ch", re.sub("(?<=n)g", "", w))) for w in found}
    if of == "kana":
        found = {re.sub("(?<=[aeiou])h", "", w.replace("th", "s")).replace("l", "r").replace("v", "b") for w in found}
    found = {re.sub("[ck]h", x, w) for w in found for x in ("k", "h")}
    for pattern, sound in _CONSONANTS:
        found = {pattern.sub(sound, w) for w in found}
    return frozenset(found)


_KOREAN = tuple(
    (re.compile(a), b)
    for a, b in (
        ("sh", "s"),
        ("ch", "c"),
        ("j", "c"),
        ("g", "k"),
        ("d", "t"),
        ("b", "p"),
        ("l", "r"),
        ("[aeiouyw]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=65536)
def korean(word: str) -> str:
    """The consonants of a Korean word in Latin letters, in which romanisations agree: Minjun, Min-joon."""
    for pattern, sound in _KOREAN:
        word = pattern.sub(sound, word)
    return word


# What the vowels of Korean are in Latin (Revised, McCune-Reischauer without its marks, and as passports write them); a
# spelling that is used for two vowels stands for both.
_KOREAN_VOWELS = {
    "yeo": "yE",
    "you": "yE yU",
    "yoo": "yU",
    "yu": "yU yE",
    "yo": "yO yE",
    "yae": "ye",
    "woo": "U",
    "wo": "wE",
    "weo": "wE",
    "wu": "U",
    "eui": "i",
    "ui": "i",
    "ee": "i",
    "ie": "i",
    "yi": "i",
    "oo": "U",
    "ou": "U E",
    "eu": "e-",
    "eo": "E",
    "oe": "oi",
    "oi": "oi",
    "ae": "e",
    "ai": "e",
    "ay": "e",
    "ah": "a",
    "oh": "O",
    "u": "U E",
    "o": "O",
}
_KOREAN_VOWEL = re.compile("|".join(_KOREAN_VOWELS))
_KOREAN_CONSONANTS = _KOREAN[:7]


@lru_cache(maxsize=65536)
def korean_sounds(word: str) -> frozenset[str]:
    """The sounds that a Korean word in Latin letters may stand for: Sung-ho and Seongho share one, Min-ji and Min-ju
    none."""
    for pattern, sound in _KOREAN_CONSONANTS:
        word = pattern.sub(sound, word)
    found = {""}
    at = 0
    while at < len(word):
        vowel = _KOREAN_VOWEL.match(word, at)
        sounds = _KOREAN_VOWELS[vowel.group()].split() if vowel else [word[at]]
        found = {f + s for f in found for s in sounds}
        at += len(vowel.group()) if vowel else 1
    return frozenset(found)


# Signs that a name in Latin letters is an Arabic one: sounds and lengths that European names do not write so.
ARABIC_SIGN = re.compile("kh|gh|dh|q(?!u)|aa|ou|uu|ullah|^abd|^[ae]l(?=.{4})")
_ARABIC = tuple(
    (re.compile(a), b)
    for a, b in (
        ("^abd(?:[aeou]{1,2}[lrsndtz])?(?=.{3})", "abd"),
        ("kh", "X"),
        ("gh", "G"),
        ("dh|dj(?!a)", "d"),
        ("sh|ch", "S"),
        ("th", "t"),
        ("ph", "f"),
        ("c", "k"),
        (r"([b-df-hj-np-tv-zGSX])\1+", r"\1"),
        ("h$", ""),
        ("aei|aey", "ai"),
        ("y(?=[aeou])", "I"),
        ("[ae][iy]", "D"),
        ("ee|ie|ii|[iy]", "I"),
        ("a[uw]", "W"),
        ("oo|ou|uu|[ou]", "U"),
        ("aa|a", "A"),
    )
)


@lru_cache(maxsize=65536)
def arabic_sounds(word: str) -> frozenset[str]:
    """What the usual Latin spellings of an Arabic word share: its consonants, and a, i, u, ai or au between them.

    Spellings of one vowel (e for a or i, ou for u) are one; Hassan and Hussein stay two names.
    """
    found = {word, re.sub("^[ae]l(?=.{4})", "", word)}
    for pattern, sound in _ARABIC:
        found = {pattern.sub(sound, w) for w in found}
    for letter, sounds in (("e", "AI"), ("D", "DI"), ("g", "gj"), ("q", "kG")):
        found = {"".join(c) for w in found for c in _each(w, letter, sounds)}
    return frozenset(found)


def _each(word: str, letter: str, sounds: str) -> product[tuple[str, ...]]:
    return product(*((sounds if c == letter else c) for c in word))
