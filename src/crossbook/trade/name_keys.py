"""Under which keys a listed name is looked for, so that names that may be one meet whatever script each is in.

Every word has keys of the ways in which it is written: its letters as spellings share them, the sounds of Arabic in
Latin, its consonants where its script writes no vowels, a surname of East Asia as a surname whatever its romanisation,
and a given name in pinyin, Wade-Giles and Korean romanisations. What meets in two words, or whole, is compared by
`trade/names.py`; keys decide nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations, pairwise, product

from crossbook.trade.east_asian import han_words, hangul_words, wade_giles
from crossbook.trade.name_parts import readings
from crossbook.trade.name_tables import given_variants, nicknames, romanised
from crossbook.trade.transliteration import arabic_sounds, korean, latin, latin_forms, plain, russian_forms, scripts
from crossbook.trade.transliteration import spelled as spelling

_FEW_VOWELS = frozenset({"arabic", "hebrew", "thai", "other"})
_AL = re.compile("^(?:al|el|ul|as|ash|ad|ar|an|at|az)(?=.{4})")
_ABD = re.compile("^(?:abd|abdu|abdou)(?:a?[ltdrszn]|[aeou]l|el|th|sh)?(?=.{4})")
# Sounds by the way in which they are written in Latin. Vowels, h, w and v, which may be vowels, fall away.
_CLASSES = (
    ("ts(?!c)|tz", "s"),
    ("sch|tsch|tch|sh|ch|zh|dj|j", "j"),
    ("kh|gh|ck|[kqgx]", "k"),
    ("c(?=[ei])", "s"),
    ("c", "k"),
    ("th|dh|[td]", "t"),
    ("[sz]", "s"),
    ("ph|f", "f"),
    ("[pb]", "b"),
    ("[aeiouyhwv'`]", ""),
    (r"(.)\1+", r"\1"),
)
# Letters that are written with sounds of two classes.
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("اعءئؤويهح", ""),
        **dict.fromkeys("بپ", "b"),
        **dict.fromkeys("تدطض", "t"),
        **dict.fromkeys("ثذظ", "2"),
        **dict.fromkeys("جگ", "3"),
        **dict.fromkeys("سزص", "s"),
        **dict.fromkeys("شچژ", "j"),
        **dict.fromkeys("كقغ", "k"),
        "خ": "3",
        "ض": "2",
        "ف": "f",
        "ل": "l",
        "م": "m",
        "ن": "n",
        "ر": "r",
    }
)
_HEBREW = str.maketrans(
    {
        **dict.fromkeys("אעהוי", ""),
        **dict.fromkeys("טדת", "t"),
        **dict.fromkeys("כךח", "5"),
        **dict.fromkeys("גק", "k"),
        **dict.fromkeys("סזצץ", "s"),
        **dict.fromkeys("פף", "6"),
        **dict.fromkeys("מם", "m"),
        **dict.fromkeys("נן", "n"),
        "ב": "4",
        "ל": "l",
        "ר": "r",
        "ש": "7",
    }
)
_EITHER = {"2": ("t", "s"), "3": ("j", "k"), "4": ("b", ""), "5": ("j", "k", ""), "6": ("b", "f"), "7": ("j", "s")}


@lru_cache(maxsize=65536)
def word_keys(word: str) -> frozenset[str]:
    """The keys of one plain word of a name. A script's own words have those of their Latin spellings."""
    of = scripts(word)
    if of & {"arabic", "hebrew"}:
        return frozenset(_own(word)) | {f"n:{c}" for c in _consonants_of(word)}
    forms = latin_forms(word) if of & {"cyrillic", "greek"} else frozenset({latin(word)})
    found = {f"s:{spelling(w)}" for w in forms}
    found |= {f"{'l' if of == {'latin'} else 'n'}:{_consonants(w)}" for w in forms}
    if of & _FEW_VOWELS or "latin" not in of:
        found |= {f"y:{spelling(w)}" for w in forms}
        if "other" in of:  # Devanagari and its kin tell s from sh by a mark that is lost
            found |= {f"n:{re.sub(r'j+', 'j', _consonants(w).replace('s', 'j'))}" for w in forms}
        return frozenset(found) | frozenset(_own(word))
    found |= {f"r:{spelling(w)}" for w in russian_forms(word)}
    found |= {f"q:{spelling(w)}" for w in nicknames(word)}
    if (row := given_variants().get(word)) is not None:
        found.add(f"g:{row}")
    bare = _AL.sub("", word)
    servant = _ABD.sub("", word)
    for w in {word, bare, servant}:
        found |= {f"a:{sound}" for sound in arabic_sounds(w)}
        found |= {f"s:{spelling(w)}", f"l:{_consonants(w)}"}
    if _UKRAINIAN.search(word):
        found.add(f"u:{spelling(word).replace('h', 'g')}")
    found |= _eastern(word)
    return frozenset(found)


def _eastern(word: str) -> set[str]:
    """A surname of East Asia by what it may stand for; a given name as pinyin and as Korean."""
    found = {f"f:{which}" for which in romanised().get(word, ())}
    if _SYLLABLES.fullmatch(word):
        found |= {f"z:{wade_giles(word)}", f"k:{korean(word)}"}
    return found


_UKRAINIAN = re.compile("(?:enko|chuk|uk|iuk|yk|ets|skyi|sky|skiy)$")  # h or g: Havrylenko, Gavrilenko
_SYLLABLES = re.compile("(?:(?:[bpmfdtnlgkhjqxzcsrwy]|zh|ch|sh|hs|ts|[hkmbgry]y)?[aeiouv]+h?(?:ng|[nmklrpt])?){1,4}")


def _own(word: str) -> set[str]:
    """The word itself, in its own script, with and without the article."""
    return {f"o:{word}", f"o:{word.removeprefix('ال')}"}


@lru_cache(maxsize=65536)
def _consonants(word: str) -> str:
    for pattern, sound in _CLASSES:
        word = re.sub(pattern, sound, word)
    return word


def _consonants_of(word: str) -> set[str]:
    """The classes of an Arabic or Hebrew word's letters, in each way in which they may sound."""
    table = _HEBREW if "hebrew" in scripts(word) else _ARABIC
    found = set()
    for text in {word, word.removeprefix("ال"), word.removeprefix("عبدال")}:
        coded = text.translate(table)
        for each in product(*(_EITHER.get(c, (c,)) for c in coded[:9])):
            found.add(re.sub(r"(.)\1+", r"\1", "".join(each)))
    return found - {""}


def name_words(name: str) -> list[frozenset[str]]:
    """The keys of each word of a name, and of words that may be written as one, as sets to be met."""
    if name.isascii():
        told = [[w for w in re.split("[^a-z0-9]+", name.lower()) if w]]
    else:
        told = [[plain(w.plain) for w in (n.full or n.words)] for n in readings(name)]
    found: dict[frozenset[str], None] = {}
    for words in told:
        for word in words:
            of = scripts(word)
            if "han" in of:
                found |= dict.fromkeys(_parts(han_words(word)))
            elif "hangul" in of:
                found |= dict.fromkeys(_parts(hangul_words(word)))
            elif len(word) == 1:
                found[frozenset({f"i:{latin(word)[:1]}"})] = None
            else:
                found[word_keys(word)] = None
        if len(words) > 1:
            found |= dict.fromkeys(_together(words))
    return list(found)


def _parts(parts: Iterable[tuple[str, frozenset[str]]]) -> Iterator[frozenset[str]]:
    for own, latins in parts:
        keys = {f"o:{own}"}
        for w in latins:
            keys |= _eastern(w) | {f"s:{spelling(w)}", f"z:{wade_giles(w)}", f"k:{korean(w)}"}
        yield frozenset(keys)


def _together(words: list[str]) -> Iterator[frozenset[str]]:
    """Neighbours as one word: Ou Yang, Jian Guo; Abd al-Rahman; نور الدين."""
    for pair in pairwise(words):
        if all(len(w) < 8 for w in pair) and any(len(w) < 6 for w in pair) and scripts(pair[0]) == scripts(pair[1]):
            yield word_keys("".join(pair))
    if len(words) == 2 and scripts(words[0]) & {"han", "hangul"}:
        yield frozenset({f"o:{''.join(words)}"})


# Kinds of keys: the sounds of a given name of East Asia, which much else shares, count beside its surname alone.
_ANY, _SURNAME, _GIVEN = "slnagoifuyqr", "f", "zk"


class Listed:
    """The names of lists by their keys: `near(name)` gives those that share two words with a name, or the whole."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_key: dict[str, set[str]] = defaultdict(set)
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._of: dict[tuple[frozenset[str], str], frozenset[str]] = {}
        for name in names:
            for keys in name_words(name):
                for key in keys:
                    self._by_key[key].add(name)
            for n in readings(name):
                for w in n.words:
                    if len(w.plain) > 1:
                        self._by_key[f"i:{latin(w.plain)[:1]}"].add(name)
            for whole in wholes(name):
                self._whole[whole].add(name)

    def _met(self, keys: frozenset[str], kinds: str) -> frozenset[str]:
        found = self._of.get((keys, kinds))
        if found is None:
            asked = {a for key in keys if key[0] in kinds for a in _across(key)}
            found = frozenset().union(*(self._by_key[k] for k in asked if k in self._by_key))
            self._of[keys, kinds] = found
        return found

    def near(self, name: str) -> set[str]:
        """The listed names that are to be compared with a name: no surname alone, and no two initials."""
        found = {x for whole in wholes(name) for x in self._whole.get(whole, ())}
        for a, b in combinations(name_words(name), 2):
            if not (_initial(a) and _initial(b)):
                found |= self._met(a, _ANY) & self._met(b, _ANY)
            for family, given in ((a, b), (b, a)):
                found |= self._met(family, _SURNAME) & self._met(given, _GIVEN)
        return found


def _across(key: str) -> tuple[str, ...]:
    """The keys that a key meets. Consonants alone tell nothing between two names in Latin letters, nor do German and
    French spellings of Russian; a short form (q) meets full names."""
    kind, rest = key[0], key[2:]
    if kind in "lyqr":
        return tuple(f"{k}:{rest}" for k in {"l": "n", "y": "r", "q": "s", "r": "sy"}[kind])
    return (key, f"l:{key[2:]}") if key.startswith("n:") else (key,)


def _initial(keys: frozenset[str]) -> bool:
    return next(iter(keys)).startswith("i:")


def wholes(name: str) -> set[str]:
    """The whole of a name as it is spelled, its words in either order."""
    if name.isascii():
        told = [[w for w in re.split("[^a-z0-9]+", name.lower()) if w]]
    else:
        told = [list(n.plain) for n in readings(name)]
    found = set()
    for words in told:
        codes = [spelling(latin(w)) for w in words]
        found |= {"".join(codes), "".join(reversed(codes))} | {"".join(words)}
    return {whole for whole in found if len(whole) > 3 or not whole.isascii()}
