"""Chinese, Japanese and Korean names, in their own characters and against other scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from crossbook.trade.degree import Degree
from crossbook.trade.name_parts import Name
from crossbook.trade.name_tables import korean_surnames, surnames
from crossbook.trade.transliteration import korean, latin, spelled

_WADE_GILES = (("hs", "x"), ("ts", "c"), ("tz", "z"))


def _parted(name: Name, known: list[str]) -> tuple[str, str]:
    """Surname and given name: a known surname of several characters, the first word, or the first character."""
    joined = "".join(name.plain)
    if len(name.words) == 2:
        return name.words[0].plain, name.words[1].plain
    long = max((s for s in known if len(s) > 1 and joined.startswith(s) and len(joined) > len(s)), key=len, default="")
    size = len(long) or (2 if name.script == "han" and len(joined) == 4 else 1)
    return joined[:size], joined[size:]


def _han(name: Name) -> tuple[str, str]:
    return _parted(name, [*surnames("zh"), *surnames("ja")])


# Surnames as the North writes and says them, in the South's writing.
_NORTHERN = {"리": "이", "류": "유", "림": "임", "량": "양", "로": "노", "라": "나", "려": "여", "렴": "염"}


def _hangul(name: Name) -> tuple[str, str]:
    family, given = _parted(name, list(surnames("ko")))
    return _NORTHERN.get(family, family), given


def in_own_letters(a: Name, b: Name) -> Degree:
    """Two names in Han characters, or two in Hangul."""
    if "".join(a.plain) == "".join(b.plain):
        return Degree.SAME
    if any(len(x.words) == 2 and "".join(reversed(x.plain)) == "".join(y.plain) for x, y in ((a, b), (b, a))):
        return Degree.SAME if len(a.words) == len(b.words) else Degree.MAY_BE  # the surname last, as on cards
    part = _han if a.script == "han" else _hangul
    (a_family, a_given), (b_family, b_given) = part(a), part(b)
    if a_family != b_family:
        return Degree.DIFFERENT
    if a_given == b_given:  # 리 and 이
        return Degree.MAY_BE
    return Degree.FAMILY if a_given and b_given else Degree.MAY_BE


def _rotations(name: Name) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A Latin name as surname and given names, with the surname first and last."""
    words = name.plain
    if not name.surname_last:
        yield words[0], words[1:]
    yield words[-1], words[:-1]
    if len(words) > 2 and not name.surname_last:  # Ou Yang Na Na
        yield words[0] + words[1], words[2:]


@lru_cache(maxsize=65536)
def _pinyin(characters: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each character, at most four."""
    from pypinyin import Style, pinyin  # its dictionaries take a third of a second

    found = pinyin(characters, style=Style.NORMAL, heteronym=True, v_to_u=False)
    return tuple(tuple(dict.fromkeys(r.replace("ü", "v") for r in one))[:4] for one in found)


def _u(text: str) -> str:
    return text.replace("lyu", "lv").replace("nyu", "nv")


@lru_cache(maxsize=65536)
def _surname_readings(family: str, language: str) -> frozenset[str]:
    told = surnames(language).get(family, ())
    if language == "ja":
        return frozenset(spelled(r) for r in told)
    usual = ["".join(r[0] for r in _pinyin(family))] if not told else []
    return frozenset(_u(r) for r in (*told, *usual))


def _given_fits(given: str, words: tuple[str, ...]) -> bool:
    """Whether Latin words may be the reading of given characters: pinyin, Wade-Giles, or initials."""
    joined = _u("".join(words))
    readings = _pinyin(given)
    if all(len(w) == 1 for w in words):
        return joined == "".join(r[0][0] for r in readings)[: len(joined)]
    if len(joined) == 1:
        return any(r.startswith(joined) for r in readings[0])
    found = {"".join(each) for each in product(*readings[:4])}
    return joined in found or joined.replace("u", "v") in found or wade_giles(joined) in {wade_giles(r) for r in found}


def wade_giles(text: str) -> str:
    """What Wade-Giles without its apostrophes and pinyin have in common: chih and zhi, hsiao and xiao."""
    for a, b in (
        ("chih", "zhi"),
        ("shih", "shi"),
        ("hs", "x"),
        ("zh", "j"),
        ("ch", "j"),
        ("q", "j"),
        ("ts", "z"),
        ("c", "z"),
        ("tz", "z"),
        ("t", "d"),
        ("p", "b"),
        ("k", "g"),
        ("ung", "ong"),
        ("ien", "ian"),
        ("ueh", "ue"),
        ("jih", "ri"),
        ("ssu", "si"),
        ("yeh", "ye"),
        ("ieh", "ie"),
        ("jen", "ren"),
    ):
        text = text.replace(a, b)
    return text


_NO_PINYIN = re.compile("hs|ih|ts|ien|ung|ieh|ueh|erh|-")  # what only Wade-Giles has


def romanised_alike(a: str, b: str) -> bool:
    """Whether two Latin words are one given name in pinyin and in Wade-Giles."""
    return a != b and _NO_PINYIN.search(f"{a} {b}") is not None and wade_giles(a) == wade_giles(b)


def han_latin(a: Name, b: Name) -> Degree:
    """A name in Han characters and one in Latin letters: pinyin first, then other romanisations of the surname."""
    joined = "".join(a.plain)
    family, given = _han(a)
    found = Degree.DIFFERENT
    chinese = _surname_readings(family, "zh")
    pin = {_u(r) for r in surnames("zh").get(family, ())[:1]} or chinese
    for last, rest in _rotations(b):
        last = _u(last)
        if last in chinese or (last == "lu" and "lv" in chinese):
            if not rest or not given or _given_fits(given, rest):
                return Degree.MAY_BE
            # Cantonese and other readings of given names are not in the tables: only their number is held against them
            syllables = len(rest) if len(rest) > 1 else 0
            if last not in pin and syllables == len(given):
                return Degree.MAY_BE
            found = Degree.FAMILY
    for size in (2, 3, 1):
        japanese = _surname_readings(joined[:size], "ja")
        if japanese and len(joined) > size and any(spelled(w) in japanese for w in (b.plain[0], b.plain[-1])):
            return Degree.MAY_BE
    return found


def han_kana(a: Name, b: Name) -> Degree:
    """A name in Han characters and one in kana, by the reading of a Japanese surname."""
    joined, sound = "".join(a.plain), spelled(latin("".join(b.plain)))
    for size in (3, 2, 1):
        if any(sound.startswith(r) for r in _surname_readings(joined[:size], "ja")):
            return Degree.MAY_BE
    return Degree.DIFFERENT


def han_hangul(a: Name, b: Name) -> Degree:
    """A Korean name in Han characters and in Hangul, by the surname and the number of syllables."""
    (family, given), (korean_family, korean_given) = _han(a), _hangul(b)
    same = korean_family in surnames("hanja").get(family, ())
    return Degree.MAY_BE if same and len(given) == len(korean_given) else Degree.DIFFERENT


def hangul_latin(a: Name, b: Name) -> Degree:
    """A name in Hangul and one in Latin letters."""
    family, given = _hangul(a)
    readings = korean_surnames(family) | {latin(family)}
    found = Degree.DIFFERENT
    for last, rest in _rotations(b):
        if last in readings:
            if not rest or not given or korean("".join(rest)) == korean(latin(given)):
                return Degree.MAY_BE
            if all(len(w) == 1 for w in rest) and korean(rest[0]) == korean(latin(given))[:1]:
                return Degree.MAY_BE
            found = Degree.FAMILY
    return found


def han_words(characters: str) -> list[tuple[str, frozenset[str]]]:
    """Surname and given name of a name in Han characters, each with its readings in Latin letters."""
    known = [*surnames("zh"), *surnames("ja")]
    long = max((s for s in known if len(s) > 1 and characters.startswith(s)), key=len, default="")
    found = []
    for size in dict.fromkeys((len(long) or 1, 1, 2)):
        family, given = characters[:size], characters[size:]
        if not family:
            continue
        told = _surname_readings(family, "zh") | _surname_readings(family, "ja")
        found.append((family, told or frozenset({"".join(r[0] for r in _pinyin(family))})))
        if given:
            found.append((given, frozenset("".join(each) for each in product(*_pinyin(given)[:4]))))
    return found


def hangul_words(written: str) -> list[tuple[str, frozenset[str]]]:
    """Surname and given name of a name in Hangul, each with its readings in Latin letters."""
    size = max((len(s) for s in surnames("ko") if written.startswith(s)), default=1)
    family, given = written[:size], written[size:]
    told = korean_surnames(_NORTHERN.get(family, family)) | {latin(family)}
    return [(family, told), *([(given, frozenset({latin(given)}))] if given else [])]
