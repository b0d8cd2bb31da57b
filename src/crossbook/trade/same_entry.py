"""Whether two entries of one bank account, of one amount and about one day, told by two files, are one entry.

What they say is weighed, not compared as strings: formats cut texts, wrap them, and put references into other fields.
Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

SAME, PERHAPS, TWO = "same", "perhaps", "two"
_BANKS = frozenset({"camt", "mt940"})  # formats whose reference is the bank's own: two of them tell two entries apart
_SINGLE = frozenset({"ofx", "mt940"})  # formats whose reference is that of one entry, however short
_LEAST = 6  # letters and digits that a text must have to be found within another
_NUMBER = 7  # of which a number must have to be one that is cut off or wrapped in the other text
_DAY = re.compile(
    r"(?:20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])20\d{2}"
)
_GENERIC = frozenset(
    "CREDIT CREDITS TRANSFER WIRE PAYMENT PAYMENTS INCOMING DEPOSIT GUTSCHRIFT UEBERWEISUNG ÜBERWEISUNG ZAHLUNG "
    "VIREMENT TRANSFERENCIA BONIFICO SEPA ACH FROM THE AND FOR REF NONREF NOTPROVIDED EREF SVWZ KREF "
    "转账 汇款 汇入汇款 来账 入账 货款".split()
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One telling of an entry: the format of its file, its days, its reference, and all its text."""

    source: str
    booked_on: date
    reference: str
    text: str
    valued_on: date | None = None


def weigh(a: Told, b: Told) -> str:
    """`SAME`, `TWO`, or `PERHAPS` where their texts neither agree nor contradict each other.

    Two formats that agree in their words and on no day leave it open."""
    verdict = _weigh(a, b)
    if a.booked_on == b.booked_on or (a.valued_on is not None and a.valued_on == b.valued_on):
        return verdict
    agree = verdict == SAME or (verdict == PERHAPS and _alike(a.text, b.text))
    return PERHAPS if agree and a.source != b.source else TWO


def words_agree(a: Told, b: Told) -> bool:
    """Whether two tellings would be one entry if they were of one day."""
    return _weigh(replace(a, booked_on=b.booked_on), b) == SAME


def numbered(a: Told, b: Told) -> bool:
    """Whether a reference or a number that names one payment stands in both."""
    return _same_reference(a, b) or _same_number(a, b)


def _weigh(a: Told, b: Told) -> str:
    other_format = a.source != b.source
    refs = _plain(a.reference), _plain(b.reference)
    if _same_reference(a, b):
        return SAME
    shared = _same_number(a, b)
    alike = shared or _alike(a.text, b.text)
    if _own(a.source, refs[0]) and _own(b.source, refs[1]) and (not other_format or {a.source, b.source} <= _BANKS):
        return PERHAPS if other_format and alike else TWO
    numbers = _telling(a.text), _telling(b.text)
    if not shared and all(numbers):
        return PERHAPS if other_format and alike else TWO
    if alike:
        if not other_format and all(refs) and not shared:
            return PERHAPS
        return SAME if shared or a.booked_on == b.booked_on else PERHAPS
    if not _plain(a.text) or not _plain(b.text):
        return PERHAPS
    return PERHAPS if other_format else TWO


def _same_reference(a: Told, b: Told) -> bool:
    whole = [_plain(f"{t.text} {t.reference}" if a.source != b.source else t.text) for t in (a, b)]
    return _referred((_plain(a.reference), _plain(b.reference)), (whole[0], whole[1]))


def _same_number(a: Told, b: Told) -> bool:
    whole = [_plain(f"{t.text} {t.reference}") for t in (a, b)]
    telling = [_telling(f"{t.text} {t.reference}") for t in (a, b)]
    return any(_cut(x, y) for x in telling[0] for y in telling[1]) or any(
        len(x) >= _NUMBER and x in whole[1 - i] for i in (0, 1) for x in telling[i]
    )


def _plain(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).upper())


def _own(source: str, reference: str) -> bool:
    """Whether a reference is the entry's own. A digit or two are so where the format has a field for it alone;
    elsewhere they may be the entry's place in its file (NtryRef of camt, a column of row numbers)."""
    return bool(reference) and (source in _SINGLE or len(reference) >= 3 or not reference.isdigit())


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).upper())


def _telling(text: str) -> set[str]:
    """Words that name one payment: five digits or more in them, and no day."""
    return {w for w in _words(text) if sum(c.isdigit() for c in w) >= 5 and not _DAY.fullmatch(w)}


def _cut(a: str, b: str) -> bool:
    """Whether two numbers are one, of which a format may have cut the end off."""
    short, long = sorted((a, b), key=len)
    return short == long or (len(short) >= _NUMBER and long.startswith(short))


def _referred(refs: tuple[str, str], whole: tuple[str, str]) -> bool:
    """Whether the references are one, or that of one stands in the text of the other."""
    if refs[0] and refs[0] == refs[1]:
        return True
    for ref, other in ((refs[0], whole[1]), (refs[1], whole[0])):
        if len(ref) >= _LEAST and any(c.isdigit() for c in ref) and ref in other:
            return True
    return False


def _alike(a: str, b: str) -> bool:
    """Whether one text is the other, holds it, or shares most of its words with it."""
    short, long = sorted((_plain(a), _plain(b)), key=len)
    if not short:
        return False
    if short == long:
        return True
    left, right = _of_meaning(_words(a)), _of_meaning(_words(b))
    if len(short) >= _LEAST and short in long and (left if short == _plain(a) else right):
        return True
    common = {w for w in left if any(w == o or (len(w) >= 5 and o.startswith(w)) for o in right)}
    return bool(common) and 2 * len(common) > min(len(left), len(right))


def _of_meaning(words: Iterable[str]) -> set[str]:
    return {w for w in words if len(w) > 1 and w not in _GENERIC}
