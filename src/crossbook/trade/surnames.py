"""Which word of a name is the surname, and when two surnames are one: in either gender, in several romanisations."""

from __future__ import annotations

import re
from functools import lru_cache

from crossbook.trade.name_parts import Name
from crossbook.trade.name_tables import known_given, ranks, romanised, surnames
from crossbook.trade.transliteration import ALPHABETS, latin

NONE: frozenset[str] = frozenset()


def collapsed(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("aa", "a")


_FEMININE = (
    ("ova", "ov"),
    ("eva", "ev"),
    ("ina", "in"),
    ("ska", "ski"),
    ("skaya", "sky"),
    ("skaia", "ski"),
    ("cka", "cki"),
)


def masculine(word: str) -> str:
    """A Slavic surname as men bear it."""
    for of_woman, of_man in _FEMININE:
        if word.endswith(of_woman) and len(word) > len(of_woman) + 2:
            word = word[: -len(of_woman)] + of_man
            break
    word = re.sub("(?:skii|skiy|skij|sky)$", "ski", word)
    return word.removesuffix("ov") if word.endswith(("akov", "kov")) and len(word) > 6 else word


_PATRONYMICS = ("ovich", "evich", "ovna", "evna", "ichna")
_SLAVIC = (
    "ov",
    "ova",
    "ev",
    "eva",
    "ski",
    "sky",
    "skii",
    "skiy",
    "ska",
    "skaya",
    "enko",
    "chuk",
    "vich",
    "vic",
    "yan",
    "dze",
)


@lru_cache(maxsize=65536)
def _surname_places(name: Name) -> frozenset[int]:
    """Where the surname may stand: last, or first where custom or its look says so."""
    words = [latin(w) for w in name.plain]
    last = len(words) - 1
    if last == 0:
        return frozenset({0})
    if name.script == "kana" and not name.foreign:
        return frozenset({0})
    if last > 1 and words[last].endswith(_PATRONYMICS):
        return frozenset({0})
    found = {last}
    before, first = words[last - 1], words[0]
    if not name.surname_last and (place := _eastern(first, words[last])) is not None:
        return frozenset({last if place else 0})
    if last > 1 and len(before) > 1 and not before.endswith(_PATRONYMICS) and (name.double or not known_given(before)):
        found.add(last - 1)
    if name.surname_last:
        return frozenset(found)
    if first in romanised() and (not known_given(first) or all(_SYLLABLES.fullmatch(w) for w in words[1:])):
        found.add(0)
    if len(first) > 4 and first.endswith(_SLAVIC):
        found = {0} if not words[last].endswith(_SLAVIC) else found | {0}
    if len(words[last]) == 1:
        found = {0}
    return frozenset(found)


# Words that pinyin or a romanisation of Korean may be.
_SYLLABLES = re.compile("(?:(?:[bpmfdtnlgkhjqxzcsrwy]|zh|ch|sh|[hkmbg]y)?[aeiouv]+(?:ng|[nmklrpt])?){1,2}")


def _eastern(first: str, last: str) -> int | None:
    """0 or 1 where the first or the last word is the commoner surname of East Asia; None where neither is known."""
    known = ranks()
    if first in known and last in known:
        return int(known[last] < known[first])
    if first in surnames("vi"):
        return 0
    return 1 if last in known else None


def is_given(name: Name, place: int) -> bool:
    return place not in _surname_places(name)


def one_surname(a: Name, b: Name, i: int, j: int) -> bool:
    if i not in _surname_places(a) or j not in _surname_places(b):
        return False
    x, y = a.words[i], b.words[j]
    known = romanised()
    return collapsed(x.out) == collapsed(y.out) or bool(known.get(x.plain, NONE) & known.get(y.plain, NONE))


def feminine(a: Name, b: Name) -> bool:
    """Petrov and Petrova, Novák and Nováková."""
    if a.script not in ALPHABETS:
        return False
    left, right = ({masculine(latin(n.words[i].plain)) for i in _surname_places(n)} for n in (a, b))
    longest = max((len(w) for w in left & right), default=0)
    return longest > 4 or bool({f"{w}ov" for w in left} & right or {f"{w}ov" for w in right} & left)
