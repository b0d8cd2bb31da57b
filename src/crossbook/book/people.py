"""Whether two names may be of one person: letter case, blanks, forms of a letter and look-alikes tell nobody apart."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def alike(one: str, other: str) -> bool:
    """Whether the names look the same: "Li Lei", "li lei " and "Lі Lei" with a Cyrillic letter do."""
    return bool(_keys(one) & _keys(other))


def _keys(name: str) -> set[str]:
    """The name as it looks, with case left out before look-alikes are one, and after: I is i, and l."""
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")  # what is not seen
    return {_looks(plain.casefold()), _looks(plain).casefold(), _looks(_looks(plain).casefold())}


def _looks(text: str) -> str:
    return "".join(_look(_look(c)) for c in text)  # 1 is told like l, and l like I


@lru_cache(maxsize=4_096)
def _look(char: str) -> str:
    """One letter for all that look alike (Unicode TR 39, through `confusable_homoglyphs`): an ASCII one if any."""
    from confusable_homoglyphs import confusables

    likes = {found["c"] for found in confusables.confusables_data.get(char, ()) if len(found["c"]) == 1} | {char}
    return min(likes, key=lambda c: (not c.isascii(), not c.isalpha(), c))
