"""Whether two names may be one person's, or one company's: one answer for all desks.

Names are held against each other without titles, particles, accents and order; in two scripts by their transliteration,
which is a reading and so never more than "may be". Initials are a weak sign. Two different names of one surname are of
one family.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from crossbook.trade.companies import companies
from crossbook.trade.degree import Degree
from crossbook.trade.east_asian import (
    han_hangul,
    han_kana,
    han_latin,
    hangul_latin,
    in_own_letters,
    romanised_alike,
    wade_giles,
)
from crossbook.trade.letters import READ, romanise_together, romanises
from crossbook.trade.name_parts import Name, Word, readings
from crossbook.trade.name_tables import arabic_given, given_variants, nicknames, romanised
from crossbook.trade.surnames import NONE, collapsed, feminine, is_given, masculine, one_surname
from crossbook.trade.transliteration import (
    ALPHABETS,
    ARABIC_SIGN,
    arabic_sounds,
    consonants,
    korean_sounds,
    latin,
    latin_forms,
    plain,
    russian_forms,
    spelled,
)

__all__ = ["Degree", "same_name"]

_SIGNS = str.maketrans(dict.fromkeys(",.;", " "))
EXACT, VARIANT, SLIP, INITIAL = 4, 3, 2, 1


def same_name(a: str | None, b: str | None) -> Degree | None:
    """How near two names are. None when one is unknown: nothing, a dash, "N/A"."""
    if a is None or b is None:
        return None
    if a > b:
        a, b = b, a
    if a.isascii() and b.isascii() and "*" not in a and _quick(a) == _quick(b) != []:
        return Degree.SAME
    return _same_name(a, b)


def _quick(text: str) -> list[str]:
    """The words of a plain name in order of the alphabet; none where there is but one."""
    words = sorted(text.translate(_SIGNS).lower().split())
    return words if len(words) > 1 else []


@lru_cache(maxsize=100_000)
def _same_name(a: str, b: str) -> Degree | None:
    if "*" in a or "*" in b:
        return _masked(a, b)
    left, right = readings(a), readings(b)
    if not left or not right:
        return None
    found = Degree.DIFFERENT
    for x in left:
        for y in right:
            degree = _compared(x, y)
            if degree is Degree.SAME and (x.beside or y.beside):
                degree = Degree.MAY_BE
            found = min(found, degree, key=lambda d: d.far)
            if found is Degree.SAME:
                return found
    return found


def _masked(a: str, b: str) -> Degree | None:
    """Payment institutions hide a part of a name: *伟, J*** Smith. What is left is a weak sign."""
    a, b = ("".join(c for c in plain(x) if c == "*" or c.isalnum()) for x in (a, b))
    if not a.strip("*") or not b.strip("*"):
        return None
    for mask, name in ((a, b), (b, a)):
        pattern = ".*".join(re.escape(part) for part in re.split(r"\*+", mask))
        if re.fullmatch(pattern, name) or mask == name:
            return Degree.MAY_BE
    return Degree.DIFFERENT


def _compared(a: Name, b: Name) -> Degree:
    if a.forms or b.forms:
        return companies(a, b)
    if a.script == b.script:
        if a.script in ("han", "hangul"):
            return in_own_letters(a, b)
        return _generations(a, b, _words(a, b))
    kinds = {a.script, b.script}
    first, second = sorted(
        (a, b), key=lambda n: ("han", "hangul", "kana").index(n.script) if n.script in ("han", "hangul", "kana") else 9
    )
    if kinds == {"han", "kana"}:
        return han_kana(first, second)
    if kinds == {"han", "hangul"}:
        return han_hangul(first, second)
    if first.script in ("han", "hangul"):
        if second.script not in ALPHABETS | {"mixed"}:
            return Degree.DIFFERENT
        other = _in_latin(replace(second, words=second.full or second.words))
        return han_latin(first, other) if first.script == "han" else hangul_latin(first, other)
    return _across(a, b)


def _generations(a: Name, b: Name, found: Degree) -> Degree:
    """Junior is not senior; on one paper only it is not known."""
    if found.far > Degree.MAY_BE.far or a.generation == b.generation:
        return found
    return Degree.FAMILY if a.generation and b.generation else Degree.MAY_BE


def _in_latin(name: Name) -> Name:
    words = tuple(Word(x, x) for w in name.words if (x := latin(w.plain)))
    return Name(words, "".join(w.plain for w in words), "latin", surname_last=name.surname_last, foreign=name.foreign)


def _across(a: Name, b: Name) -> Degree:
    """Names in two scripts: by their letters where both write vowels, else by their consonants."""
    if {a.script, b.script} & READ and "latin" in (a.script, b.script):
        return _by_letters(a, b) if b.script == "latin" else _by_letters(b, a)
    x, y = _in_latin(a), _in_latin(b)
    if not x.words or not y.words:
        return Degree.DIFFERENT
    lettered = {n.script for n in (a, b)} <= ALPHABETS | {"kana", "mixed"}
    if {a.script, b.script} & _SEVERAL_FORMS and "latin" in (a.script, b.script):
        x, y = (_as_written(a, y), y) if b.script == "latin" else (x, _as_written(b, x))
    found = _words(x, y) if lettered else Degree.DIFFERENT
    if lettered and found.far > Degree.MAY_BE.far:
        joined = [{spelled("".join(r)) for r in _rotated(n.plain)} for n in (x, y)]
        found = Degree.MAY_BE if joined[0] & joined[1] else found
    if found.far > Degree.MAY_BE.far and not {a.script, b.script} <= ALPHABETS:
        found = min(found, _by_consonants(x, y, a.script if a.script != "latin" else b.script), key=lambda d: d.far)
    return max(found, Degree.MAY_BE, key=lambda d: d.far)


_SEVERAL_FORMS = frozenset({"cyrillic", "greek"})


def _as_written(own: Name, other: Name) -> Name:
    """A Cyrillic or Greek name in Latin, each word spelled as the other name has it where it may be written so."""
    found = []
    for w in own.words:
        ways = {spelled(x) for x in latin_forms(w.plain)}
        russian = "cyrillic" in own.script
        same = [v for v in other.words if ways & set(map(spelled, russian_forms(v.plain) if russian else {v.plain}))]
        found.append(same[0] if same else Word(latin(w.plain), latin(w.plain)))
    words = tuple(found)
    return Name(words, "".join(w.plain for w in words), "latin", surname_last=own.surname_last, foreign=own.foreign)


_ABD = frozenset({"عبد", "abd", "abdul", "abdel", "abdal", "abdur", "abdus"})


def _servants(words: tuple[str, ...]) -> list[str]:
    """Words, Abd with what follows as one: Abd al-Rahman is a given name."""
    found: list[str] = []
    for w in words:
        if found and found[-1] in _ABD:
            found[-1] += w
        else:
            found.append(w)
    return found


def _by_letters(a: Name, b: Name) -> Degree:
    """A name in a script of few vowels and one in Latin: letter by letter, the words in any order."""
    own, rest = _servants(a.plain), _servants(b.plain)
    size, other = len(own), len(rest)
    for word in own:
        latin_word = next((w for w in rest if any(romanises(x, word, a.script) for x in _full(w))), None)
        if latin_word is not None:
            rest.remove(latin_word)
    if 1 < other - len(rest) == min(size, other):
        return Degree.MAY_BE
    if any(
        romanise_together("".join(w.plain for w in y), tuple(w.plain for w in x), a.script)
        for x in (a.full, a.words)
        for y in (b.full, b.words)
        if x and y
    ):
        return Degree.MAY_BE
    family = len(a.plain) > 1 < len(b.plain) and romanises(b.plain[-1], a.plain[-1], a.script)
    return Degree.FAMILY if family else Degree.DIFFERENT


def _full(word: str) -> tuple[str, ...]:
    """A Latin word, and what a written abbreviation of it stands for: Mohd is Mohammed."""
    return (word, "mohammed") if word in ("mohd", "md", "muhd", "mhd") else (word,)


def _by_consonants(a: Name, b: Name, of: str) -> Degree:
    left, right = ([consonants(w, of) for w in n.plain] for n in (a, b))
    rest = list(right)
    matched = 0
    for x in left:
        y = next((y for y in rest if x & y), None)
        if y is not None:
            rest.remove(y)
            matched += 1
    whole = consonants("".join(a.plain), of) & consonants("".join(b.plain), of)
    size = sum(max(len(w) for w in x) for x in left)
    every = matched == min(len(left), len(right)) and matched > 1
    if (every or whole) and size >= 4:
        return Degree.MAY_BE
    last = left[-1] & right[-1]
    return Degree.FAMILY if len(left) > 1 < len(right) and any(len(w) > 2 for w in last) else Degree.DIFFERENT


def _rotated(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words, (*words[1:], words[0]), (words[-1], *words[:-1])}


def _words(a: Name, b: Name) -> Degree:
    """Two names in one script, word by word, in any order."""
    x, y = a.plain, b.plain
    if x == y or sorted(x) == sorted(y):
        return Degree.SAME
    if _joined(a) & _joined(b):
        return Degree.SAME
    if len(y) > len(x):
        a, b = b, a
    pairs = _aligned(a, b)
    left = [i for i in range(len(a.words)) if i not in {p[0] for p in pairs}]
    right = [j for j in range(len(b.words)) if j not in {p[1] for p in pairs}]
    grades = [p[2] for p in pairs]
    if not left and not right:
        return _complete(a, grades)
    if not right and max(grades) >= VARIANT and INITIAL not in grades and SLIP not in grades:
        surname_varies = any(g == VARIANT and not (is_given(a, i) and is_given(b, j)) for i, j, g in pairs)
        return Degree.DIFFERENT if surname_varies and len(a.words) > 2 else Degree.MAY_BE
    if not right and EXACT in grades:
        return Degree.MAY_BE
    if _rotation_alike(a, b) or _arabic_alike(a, b):
        return Degree.MAY_BE
    shared = any(g >= VARIANT and one_surname(a, b, i, j) for i, j, g in pairs)
    return Degree.FAMILY if shared or feminine(a, b) else Degree.DIFFERENT


def _complete(a: Name, grades: list[int]) -> Degree:
    """Every word of one has its word in the other."""
    if set(grades) == {EXACT}:
        return Degree.SAME
    if SLIP in grades and (grades.count(SLIP) > 1 or set(grades) != {SLIP, EXACT}):
        return Degree.DIFFERENT
    return Degree.MAY_BE


def _joined(name: Name) -> set[str]:
    found = {"".join(r) for r in _rotated(name.plain)} | {name.whole}
    return found if len(name.whole) > 4 else {name.whole} if len(name.words) == 1 else found


def _aligned(a: Name, b: Name) -> list[tuple[int, int, int]]:
    """The words of two names that belong together, each once, the surest first: (place, place, grade)."""
    every = []
    for i, v in enumerate(a.words):
        for j, w in enumerate(b.words):
            if grade := _grade(v, w, is_given(a, i) or is_given(b, j), a.script):
                every.append((-grade, abs(i - j), i, j))
    every.sort()
    found: list[tuple[int, int, int]] = []
    for grade, _, i, j in every:
        if all(i != p[0] and j != p[1] for p in found):
            found.append((i, j, -grade))
    if any(p[2] == SLIP for p in found) and any(p[2] != EXACT for p in found if p[2] != SLIP):
        found = [p for p in found if p[2] != SLIP]
    return found


@lru_cache(maxsize=200_000)
def _grade(v: Word, w: Word, given: bool, script: str) -> int:
    if v.plain == w.plain or v.out == w.plain or v.plain == w.out:
        return EXACT
    if 1 in (len(v.plain), len(w.plain)):
        return INITIAL if v.plain[0] == w.plain[0] else 0
    if script not in ("latin", "cyrillic", "greek", "mixed"):
        return 0
    if given_variants().get(latin(v.plain), -1) == given_variants().get(latin(w.plain)):
        return VARIANT
    if script != "latin":
        return SLIP if not given and masculine(latin(v.plain)) == masculine(latin(w.plain)) else 0
    x, y = v.plain, w.plain
    if v.out != x and w.out != y and unicodedata.normalize("NFC", v.out) != w.out and _umlauts_differ(v, w):
        return 0
    sounds = spelled(x), spelled(y)
    if sounds[0] == sounds[1] or collapsed(v.out) == collapsed(w.out):
        return VARIANT
    if given:
        return VARIANT if _given_variant(x, y) else SLIP if _slip(x, y, 8) else 0
    if romanised().get(x, NONE) & romanised().get(y, NONE):
        return VARIANT
    if _UKRAINIAN.search(x) and _UKRAINIAN.search(y) and sounds[0].replace("h", "g") == sounds[1].replace("h", "g"):
        return VARIANT
    if len(x) > 4 < len(y) and sounds[0].removesuffix("e") == sounds[1].removesuffix("e"):
        return VARIANT
    return SLIP if masculine(x) == masculine(y) or _slip(x, y, 7) else 0


def _umlauts_differ(v: Word, w: Word) -> bool:
    """Müller and Möller: both are written with care, and are two names."""
    return collapsed(v.out) != collapsed(w.out)


_UKRAINIAN = re.compile("(?:enko|chuk|uk|iuk|yk|ets|skyi|sky|skiy)$")
_OF_WOMEN = ("a", "e", "ne", "na", "ine", "ina", "ette")


def _given_variant(x: str, y: str) -> bool:
    short, long = sorted((x, y), key=len)
    if long.startswith(short) and long[len(short) :] in _OF_WOMEN:
        return False
    return y in nicknames(x) or x in nicknames(y) or romanised_alike(x, y)


def _slip(x: str, y: str, least: int) -> bool:
    """One letter wrong, missing or out of turn inside a long word; endings tell women from men."""
    if x[-1] != y[-1] or x[0] != y[0] or OSA.distance(x, y, score_cutoff=1) != 1:
        return False
    turned = sorted(x) == sorted(y) and len(x) >= 5
    left_out = len(x) != len(y) and max(len(x), len(y)) >= least - 1
    return turned or (x[-2:] == y[-2:] and (left_out or min(len(x), len(y)) >= least))


def _rotation_alike(a: Name, b: Name) -> bool:
    """Chang Wei-ming and Zhang Weiming: romanisations of one surname, and of one given name in one word or two."""
    known = romanised()
    if a.script != "latin" or not all(n.plain[0] in known or n.plain[-1] in known for n in (a, b)):
        return False
    for i in (0, -1):
        for j in (0, -1):
            x, y = a.plain[i], b.plain[j]
            rest = [
                "".join(w for k, w in enumerate(n.plain) if k != (p if p == 0 else len(n.plain) - 1))
                for n, p in ((a, i), (b, j))
            ]
            shared = known.get(x, NONE) & known.get(y, NONE)
            alike = rest[0] == rest[1] or romanised_alike(*rest)
            if not alike and any(s.startswith("ko ") for s in shared):
                alike = bool(korean_sounds(rest[0]) & korean_sounds(rest[1]))
            if not alike and x != y and any(s.startswith("zh ") for s in shared):  # two systems, one of them throughout
                alike = wade_giles(rest[0]) == wade_giles(rest[1])
            if all(rest) and alike and (x == y or shared):
                return True
    return False


def _arabic_alike(a: Name, b: Name) -> bool:
    """Two Latin spellings of one Arabic name: Khaled El-Masry and Khalid Al-Masri.

    Where a word is written alike on both, what differs must look Arabic: Karen and Karin Hughes are two.
    """
    if {a.script, b.script} != {"latin"}:
        return False
    left, right = _servants(a.plain), _servants(b.plain)
    if len(left) != len(right) or len(left) < 2:
        return False
    shared = set(left) & set(right)
    differ = (set(left) | set(right)) - shared
    if shared and not any(w in arabic_given() for w in (*left, *right)) and not any(map(ARABIC_SIGN.search, differ)):
        return False
    for x in left:
        y = next((y for y in right if _arabic_word(x, y)), None)
        if y is None:
            return False
        right.remove(y)
    return True


def _arabic_word(x: str, y: str) -> bool:
    if x == y or given_variants().get(x, -1) == given_variants().get(y):
        return True
    return (
        1 not in (len(x), len(y)) and not (nicknames(x) and nicknames(y)) and bool(arabic_sounds(x) & arabic_sounds(y))
    )
