"""Whether two names may be of one person: case, blanks, points, dashes and look-alike letters tell nobody apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Characters that are not seen: those for layout, and Unicode's Default_Ignorable_Code_Point beside them.
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANK = "\u2800"  # a Braille cell without a dot
_BETWEEN = re.compile(r"[\s.@_-]")  # what a name may have between its letters
_TWO = (("rn", "m"), ("vv", "w"))  # two letters that are read as one


def alike(one: str, other: str) -> bool:
    """Whether the names look the same: "Li Lei", "li.lei", "lilei" and "Lі Lei" with a Cyrillic letter do."""
    return bool(_keys(one) & _keys(other))


def _keys(name: str) -> set[str]:
    """The name as it looks, with case left out before look-alikes are one, and after: I is i, and l."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if not _UNSEEN.match(c))
    plain = _BETWEEN.sub("", seen.replace(_BLANK, " "))
    folded = plain.casefold().replace("i\u0307", "i")  # of the Turkish capital
    return {_looks(folded), _looks(plain).casefold(), _looks(_looks(plain).casefold())}


def _looks(text: str) -> str:
    told = "".join(_look(_look(c)) for c in text)  # 1 is told like l, and l like I
    for two, one in _TWO:
        told = told.replace(two, one)
    return told


@lru_cache(maxsize=4_096)
def _look(char: str) -> str:
    """One letter for all that look alike (Unicode TR 39, through `confusable_homoglyphs`): an ASCII one if any."""
    from confusable_homoglyphs import confusables

    likes = {found["c"] for found in confusables.confusables_data.get(char, ()) if len(found["c"]) == 1} | {char}
    return min(likes, key=lambda c: (not c.isascii(), not c.isalpha(), c))
