"""What the name of a bank account says of it: an IBAN, the bank code and number inside one, a number of which a part is
masked. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection

from stdnum import iban

from crossbook.money import EXPONENT

_LEAST = 6  # digits that a number must have to be looked for in an IBAN
_TAIL = 4  # last digits by which people and banks name an account
_MASK = re.compile(r"[*•＊]+|[xX]{2,}")


def compact(name: str) -> str:
    """Letters and digits, without the currency that some banks put behind a number."""
    text = re.sub(r"[^0-9A-Z]", "", name.upper())
    return text[:-3] if text[-3:] in EXPONENT and text[:-3].strip("0")[-1:].isdigit() else text


def iban_of(name: str) -> str:
    """The IBAN that a name is, without spaces; empty when it is none."""
    text = compact(name)
    return text if iban.is_valid(text) else ""


def within(name: str, code: str) -> bool:
    """Whether a name is the bank code and number in an IBAN, or its number at the end."""
    own = code[4:]
    bank, mark, number = name.rpartition("/")
    number = compact(number).lstrip("0")
    if not number.isdigit():
        return False
    if mark:
        bank = compact(bank)
        return bool(bank) and own.startswith(bank) and own[len(bank) :].lstrip("0") == number
    if len(number) < _LEAST or not own.endswith(number):
        return False
    before = own[: -len(number)]
    return before.endswith("0") or len(number) >= _LEAST + 2


def alike(name: str) -> str:
    """A name as it is compared with others: spaces, hyphens and case do not count, a mask is one star."""
    return re.sub(r"[^\w*/]|_", "", _MASK.sub("*", name.upper()))


def may_be_one(names: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of a full name and a masked or short one that may be of one account: what is visible of it fits.

    Only such as fit exactly one full name are given.
    """
    found = []
    for short in sorted(names):
        fits = [full for full in sorted(names) if full != short and _fits(short, full)]
        if len(fits) == 1:
            found.append((fits[0], short))
    return found


def _fits(short: str, full: str) -> bool:
    whole, masked = compact(full), _MASK.search(short)
    if _MASK.search(full):
        return False
    if masked:
        head, tail = (re.sub(r"\D", "", part) for part in (short[: masked.start()], short[masked.end() :]))
        digits = re.sub(r"\D", "", whole)
        return len(tail) >= 3 and digits.endswith(tail) and digits.startswith(head) and len(digits) > len(head + tail)
    tail = short[len(short.rstrip("0123456789")) :]
    return len(tail) == _TAIL and whole.endswith(tail) and len(re.sub(r"\D", "", whole)) > 2 * _TAIL
