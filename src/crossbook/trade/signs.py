"""What parties and papers are told apart by, in one writing: phones, and numbers in digits of full width.

As SQL that both engines run, and for what somebody typed as a function of the same steps.
"""

from __future__ import annotations

import re

_WIDE = "".join(map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF20, 0xFF0E)))
_PLAIN = "".join(chr(ord(letter) - 0xFEE0) for letter in _WIDE)
_HIDDEN = "*＊•●"  # what stands for digits that a paper does not show

# One cell may hold several numbers, and a number an extension: `x12`, `ext. 12`, `转12`, `#12`, or `-12` behind an area
# code and a number of China, or a mobile of China (as platforms write numbers that hide the buyer's). An extension is
# no part of the number; neither is one number with two extensions one person, nor the number alone whoever is behind
# it: the sign is the number, x, and the extension.
_APART = ",;/|，；、\\n"
_CELL = (
    ("~", " "),
    (
        r"([0-9][)）]?)[\s,;，；、.(（-]*"
        r"(?:[eE][xX][tT](?:[nN]|[eE][nN][sS][iI][oO][nN])?|[xX]|#|转|轉|分机号?|分機|内线)"
        r"[.:：#\s]*([0-9]{1,6})($|[^0-9])",
        r"\1~\2\3",
    ),
    (r"(^|[^0-9])((?:86[-\s]*)?(?:1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}))-([0-9]{1,6})($|[^0-9])", r"\1\2~\3\4"),
    (r"([0-9])[\s]*(?:[\s][oO][rR][\s]|[\s][aA][nN][dD][\s]|或|和)", r"\1/"),
    (rf"([0-9](?:[^0-9{_APART}]*[0-9]){{6,}}[^0-9{_APART}]*)[{_APART}]+", r"\1|"),  # 030/1234567 is one number
    (r"(1[3-9][0-9]{9})[\s-]+", r"\1|"),
)

# Phones are written with the code of their country, behind + or 00 (ITU-T E.164), or without. A mobile of China (code
# 86) has eleven digits from 13 to 19 on. A number of North America (code 1) has ten, of which neither the first nor
# the fourth is 0 or 1. Eleven digits from 13 on can be either: they are of North America where a + says so, or where
# they are parted 1-3-3-4. Where a country's own numbers begin with 0, the 0 stands for its code.
_STEPS = (
    *_CELL,
    (r"[|](?:.|\n)*", ""),
    (r"(~[0-9]+)[^0-9](?:.|\n)*", r"\1"),  # what stands behind an extension is no part of it
    ("[(（]0[)）]", ""),  # +44 (0)20: a 0 that is not dialled behind the code
    ("^[^0-9]*([+＋]|00)[^0-9]*(00)*", "+"),
    (
        r"^[^0-9+]*1[^0-9]+([2-9][0-9]{2})[^0-9]+([2-9][0-9]{2})[^0-9]*([0-9]{4})[^0-9~]*(~[0-9]+|)[^0-9]*$",
        r"+1\1\2\3\4",
    ),
    (r"([0-9])[^0-9~]+|^[^0-9+]+", r"\1"),
    (
        "^(?:[+]?(?:011)?86(1[3-9][0-9]{9})|(?:[+]|011)?1(2[0-9]{2}[2-9][0-9]{6})|[+]1([2-9][0-9]{2}[2-9][0-9]{6}))"
        "(~.*|)$",
        r"\1\2\3\4",
    ),
    ("^[+](?:33|44|49|61|81|82)([1-9][0-9]{7,10})(~.*|)$", r"0\1\2"),
    ("^[+]?[0-9]{0,6}(~.*|)$|[+]", ""),  # so few digits are no phone
    ("~", "x"),
)


def plain(column: str) -> str:
    """The SQL of a sign, or of a number of a paper, in which digits and letters of full width are plain ones."""
    wide = f"regexp_matches({column}, '[{_WIDE}]')"  # to look is faster than to translate
    return f"CASE WHEN {wide} THEN translate({column}, '{_WIDE}', '{_PLAIN}') ELSE {column} END"


def shown(column: str) -> str:
    """The SQL of a sign that is shown whole, else null: what masks leave of a phone is nobody's phone."""
    return f"CASE WHEN regexp_matches({column}, '[{_HIDDEN}]') THEN NULL ELSE {plain(column)} END"


def phone(column: str) -> str:
    """The SQL of a phone's digits as they are dialled within its country, where that is certain, else as they stand,
    and its extension behind an x; of several in one cell the first. Null for fewer than seven digits, and where some
    are hidden."""
    return f"nullif({_replaced(shown(column), _STEPS)}, '')"


def further_phones(column: str) -> str:
    """The SQL of a list of the numbers in a cell behind the first, each as it stands there, for `phone`; null where
    there is one alone."""
    told = _replaced(plain(column), (*_CELL, ("~", "x")))
    return f"""CASE WHEN length(regexp_replace({column}, '[^0-9０-９]', '', 'g')) >= 14 AND {told} LIKE '%|%'
    THEN string_split_regex(regexp_replace({told}, '^[^|]*[|]', ''), '[|]') END"""


def _replaced(told: str, steps: tuple[tuple[str, str], ...]) -> str:
    for pattern, by in steps:
        told = f"regexp_replace({told}, '{pattern}', '{by}', 'g')"
    return told


def phone_of(text: str) -> str:
    """The same of what somebody typed; empty where `phone` is null.

    >>> phone_of("+86 138 0013 8000"), phone_of("+1 (415) 555-0132"), phone_of("+44 (0)20 7946 0018")
    ('13800138000', '4155550132', '02079460018')
    >>> phone_of("021-55550132转12"), phone_of("13800138000/13900139000")
    ('02155550132x12', '13800138000')
    """
    if any(sign in text for sign in _HIDDEN):
        return ""
    text = text.translate(str.maketrans(_WIDE, _PLAIN))
    for pattern, by in _STEPS:
        text = re.sub(pattern, by, text)
    return text
