"""Texts as banks of the Single Euro Payments Area take them: few Latin characters, written out from other letters.

Sources: European Payments Council, EPC217-08, SEPA requirements for an extended character set (letters written out in
Latin ones), and its clarification paper on slashes (references neither begin nor end with a slash, nor hold two in a
row): europeanpaymentscouncil.eu. The table of letters and the lengths of names (70) and of remittance (140; EPC132-08)
are known from secondary pages.
"""

from __future__ import annotations

import re
import unicodedata

from crossbook.errors import CrossbookError

NAME, REMITTANCE, IDENTIFIER = 70, 140, 35
ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")

# Letters that no accent makes of a Latin one. Greek as ISO 843, Cyrillic as Bulgarian law and passports write it.
_LETTERS = {
    **dict(zip("ßÆæŒœØøÐðÞþŁłĐđĦħıŊŋŦŧ", "s A a O o O o D d T t L l D d H h i N n T t".split(), strict=True)),
    **dict(
        zip(
            "αβγδεζηθικλμνξοπρσςτυφχψω",
            "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
            strict=True,
        )
    ),
    **dict(
        zip(
            "абвгдежзийклмнопрстуфхцчшщъьюяыэіїєґ",
            "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya y e i yi ye g".split(),
            strict=True,
        )
    ),
}
_SIGNS = {
    **dict.fromkeys("‘’‚‛`´ʼ", "'"),
    **dict.fromkeys('“”„"«»‹›', ""),
    **dict.fromkeys("‐‑‒–—―_~", "-"),
    **dict.fromkeys("[{<", "("),
    **dict.fromkeys("]}>", ")"),
    **dict.fromkeys("&", "+"),
    **dict.fromkeys("\\|", "/"),
    **dict.fromkeys(";", ","),
    **dict.fromkeys("!#$%*=@^§€£¥", "."),
    **dict.fromkeys("\t\n\r\u00a0\u3000", " "),
}


def sepa(text: str, most: int, *, what: str) -> str:
    """A text in the characters that banks take, cut to `most` of them.

    Raises CrossbookError for letters that cannot be written out (Chinese, say): nobody guesses how a name is spelt.
    """
    found, lost = [], []
    for letter in unicodedata.normalize("NFKC", text):
        told = _written(letter)
        if told is None:
            lost.append(letter)
        found.append(told or "")
    if lost:
        raise CrossbookError(
            f"{what} {text!r} has letters that no bank takes in a payment: {''.join(dict.fromkeys(lost))}",
            todo="write it in Latin letters",
        )
    clean = re.sub(" +", " ", "".join(found)).strip()
    if not clean:
        raise CrossbookError(f"{what} is empty", todo="write it in Latin letters")
    return clean[:most].rstrip()


def identifier(text: str) -> str:
    """A reference that may stand in a payment: no slash at its ends, no two in a row."""
    return re.sub("/+", "/", sepa(text, 200, what="reference")).strip("/ ")[:IDENTIFIER].rstrip("/ ")


def _written(letter: str) -> str | None:
    """A letter in the characters that banks take; None where it has none."""
    if letter in ALLOWED:
        return letter
    if letter in _SIGNS:
        return _SIGNS[letter]
    small = letter.lower()
    for form in (letter, small):
        if form in _LETTERS:
            told = _LETTERS[form]
            return told if form == letter else told.capitalize()
    bare = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
    if bare == letter:
        return "" if unicodedata.combining(letter) else None
    parts = [_written(c) for c in bare]
    return None if None in parts else "".join(p for p in parts if p)
