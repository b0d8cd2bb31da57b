"""Whether two names are one company's: the legal form is held apart from the name proper."""

from __future__ import annotations

from crossbook.trade.degree import Degree
from crossbook.trade.name_parts import Name
from crossbook.trade.transliteration import latin, spelled


def companies(a: Name, b: Name) -> Degree:
    """Two names of which at least one has a legal form."""
    a_core, b_core = _core(a), _core(b)
    if a.script == b.script:
        same = a_core == b_core or "".join(a_core) == "".join(b_core) or _out(a) == _out(b)
        like = same or [spelled(latin(w)) for w in a_core] == [spelled(latin(w)) for w in b_core]
    else:
        same, like = False, _read_alike(a_core, b_core)
    if like:
        if a.forms and b.forms:
            if not a.forms & b.forms and (a.forms | b.forms) - {"co"} and a.forms - {"co"} and b.forms - {"co"}:
                return Degree.FAMILY
            return Degree.SAME if same else Degree.MAY_BE
        return Degree.MAY_BE
    if not (a.forms and b.forms):
        return Degree.DIFFERENT
    short, long = sorted((a_core, b_core), key=lambda c: len("".join(c)))
    if len(short) > 1 and set(short) < set(long):
        return Degree.FAMILY
    return Degree.FAMILY if a.script == b.script == "han" and "".join(short) in "".join(long) else Degree.DIFFERENT


def _core(name: Name) -> list[str]:
    if name.script == "han":
        return ["".join(name.plain).replace("市", "").replace("省", "")]
    return list(name.plain)


def _out(name: Name) -> list[str]:
    return [w.out for w in name.words]


def _read_alike(a: list[str], b: list[str]) -> bool:
    """Whether the first two words of one are how the other one, in another script, begins: the rest is translated."""
    if all(w.isascii() for w in a):
        a, b = b, a
    sound = spelled(latin("".join(a)))
    begin = spelled("".join(latin(w) for w in b[:2]))
    return len(begin) >= 5 and sound.startswith(begin)
