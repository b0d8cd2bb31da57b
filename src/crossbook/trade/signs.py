"""What parties and papers are told apart by, in one writing: phones, and numbers in digits of full width.

As SQL that both engines run, and for what somebody typed as a function of the same steps.
"""

from __future__ import annotations

import re

_WIDE = "".join(map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF20, 0xFF0E)))
_PLAIN = "".join(chr(ord(letter) - 0xFEE0) for letter in _WIDE)
_HIDDEN = "*＊•●"  # what stands for digits that a paper does not show

# Phones are written with the code of their country, behind + or 00 (ITU-T E.164), or without. A mobile of China (code
# 86) has eleven digits from 13 to 19 on. A number of North America (code 1) has ten, of which neither the first nor
# the fourth is 0 or 1. Eleven digits from 13 on can be either: they are of North America where a + says so, or where
# they are parted 1-3-3-4. Where a country's own numbers begin with 0, the 0 stands for its code.
_STEPS = (
    ("[(（]0[)）]", ""),  # +44 (0)20: a 0 that is not dialled behind the code
    ("^[^0-9]*([+＋]|00)[^0-9]*(00)*", "+"),
    (r"^[^0-9+]*1[^0-9]+([2-9][0-9]{2})[^0-9]+([2-9][0-9]{2})[^0-9]*([0-9]{4})[^0-9]*$", r"+1\1\2\3"),
    (r"([0-9])[^0-9]+|^[^0-9+]+", r"\1"),
    (
        "^(?:[+]?(?:011)?86(1[3-9][0-9]{9})|(?:[+]|011)?1(2[0-9]{2}[2-9][0-9]{6})|[+]1([2-9][0-9]{2}[2-9][0-9]{6}))$",
        r"\1\2\3",
    ),
    ("^[+](?:33|44|49|61|81|82)([1-9][0-9]{7,10})$", r"0\1"),
    ("^[+]?.{0,6}$|[+]", ""),  # so few digits are no phone
)


def plain(column: str) -> str:
    """The SQL of a sign, or of a number of a paper, in which digits and letters of full width are plain ones."""
    wide = f"regexp_matches({column}, '[{_WIDE}]')"  # to look is faster than to translate
    return f"CASE WHEN {wide} THEN translate({column}, '{_WIDE}', '{_PLAIN}') ELSE {column} END"


def shown(column: str) -> str:
    """The SQL of a sign that is shown whole, else null: what masks leave of a phone is nobody's phone."""
    return f"CASE WHEN regexp_matches({column}, '[{_HIDDEN}]') THEN NULL ELSE {plain(column)} END"


def phone(column: str) -> str:
    """The SQL of a phone's digits as they are dialled within its country, where that is certain, else as they stand;
    null for fewer than seven, and where some are hidden."""
    told = shown(column)
    for pattern, by in _STEPS:
        told = f"regexp_replace({told}, '{pattern}', '{by}', 'g')"
    return f"nullif({told}, '')"


def phone_of(text: str) -> str:
    """The same of what somebody typed; empty where `phone` is null.

    >>> phone_of("+86 138 0013 8000"), phone_of("+1 (415) 555-0132"), phone_of("+44 (0)20 7946 0018")
    ('13800138000', '4155550132', '02079460018')
    """
    if any(sign in text for sign in _HIDDEN):
        return ""
    text = text.translate(str.maketrans(_WIDE, _PLAIN))
    for pattern, by in _STEPS:
        text = re.sub(pattern, by, text)
    return text
