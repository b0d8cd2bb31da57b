"""Which names that bank files give an account are of one account: an IBAN, and the bank code and number inside it.

Cautious: a name is only taken for another when exactly one account of the book can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from stdnum import iban

from crossbook.money import EXPONENT

_LEAST = 6  # digits that a number must have to be looked for in an IBAN


def owners(names: Collection[str]) -> dict[str, str]:
    """By each name, the name of the account: the IBAN where there is one, else one of the names that mean the same."""
    ibans = sorted({code for name in names if (code := _iban(name))})
    found = {}
    for name in names:
        code = _iban(name)
        inside = [i for i in ibans if _within(name, i)]
        found[name] = code or (inside[0] if len(inside) == 1 else _plain(name))
    return found


def _compact(name: str) -> str:
    """Letters and digits, without the currency that some banks put behind a number."""
    text = re.sub(r"[^0-9A-Z]", "", name.upper())
    return text[:-3] if text[-3:] in EXPONENT and text[:-3].strip("0")[-1:].isdigit() else text


def _iban(name: str) -> str:
    text = _compact(name)
    return text if iban.is_valid(text) else ""


def _within(name: str, code: str) -> bool:
    """Whether a name is the bank code and number in an IBAN, or its number at the end."""
    own = code[4:]
    bank, mark, number = name.rpartition("/")
    number = _compact(number).lstrip("0")
    if not number.isdigit():
        return False
    if mark:
        bank = _compact(bank)
        return bool(bank) and own.startswith(bank) and own[len(bank) :].lstrip("0") == number
    if len(number) < _LEAST or not own.endswith(number):
        return False
    before = own[: -len(number)]
    return before.endswith("0") or len(number) >= _LEAST + 2


def _plain(name: str) -> str:
    bank, mark, number = name.rpartition("/")
    if mark and _compact(number).isdigit():
        return f"{bank}/{_compact(number)}"
    text = _compact(name) if "/" not in name else ""
    return text.lstrip("0") if text.isdigit() and len(text.lstrip("0")) >= _LEAST else name
