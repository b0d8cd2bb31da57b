"""Which names that bank files give an account are of one account: an IBAN, and the bank code and number inside it.

Cautious: a name is only taken for another when exactly one account of the book can be meant. What a book says of its
accounts' other names (`crossbook.book.aliases`) is told before facts come here.
"""

from __future__ import annotations

from collections.abc import Collection

from crossbook.book.bank_names import compact, iban_of, within

_LEAST = 6  # digits of a number that is compared without what stands around it


def owners(names: Collection[str]) -> dict[str, str]:
    """By each name, the name of the account: the IBAN where there is one, else one of the names that mean the same."""
    ibans = sorted({code for name in names if (code := iban_of(name))})
    found = {}
    for name in names:
        code = iban_of(name)
        inside = [i for i in ibans if within(name, i)]
        found[name] = code or (inside[0] if len(inside) == 1 else _plain(name))
    return found


def _plain(name: str) -> str:
    bank, mark, number = name.rpartition("/")
    if mark and compact(number).isdigit():
        return f"{bank}/{compact(number)}"
    text = compact(name) if "/" not in name else ""
    return text.lstrip("0") if text.isdigit() and len(text.lstrip("0")) >= _LEAST else name
