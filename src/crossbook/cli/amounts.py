"""Amounts as people read and type them: "12.50 USD", "12.50USD", "USD 12.50", "12.50"."""

from __future__ import annotations

import re

from crossbook.errors import CrossbookError

_AMOUNT = re.compile(r"\s{0,9}([A-Za-z]{3})?\s{0,9}(-?[\d.,]+)\s{0,9}([A-Za-z]{3})?\s{0,9}")


def amount(minor: int | None, currency: str) -> str:
    """Money for people."""
    from crossbook import money

    return money.show(minor, currency)


def minor_units(text: str, currency: str) -> int:
    """An amount as people write it, in minor units. Raises CrossbookError."""
    from crossbook import money

    try:
        return money.parse(text, money.exponent(currency))
    except ValueError as error:
        raise CrossbookError(f"{text!r}: {error}", todo="write it as 1858.73") from None


def split(text: str, default: str = "") -> tuple[str, str]:
    """Number and currency of an amount; `default` where it names none, which else is asked. Raises CrossbookError."""
    from crossbook import money

    found = _AMOUNT.fullmatch(text)
    if not found:
        raise CrossbookError(f"not an amount: {text!r}", todo="write it as 12.50USD")
    named = found[1] or found[3] or default
    if not named:
        raise CrossbookError(f"{text!r} names no currency", todo=f"write it as {found[2]}USD")
    try:
        code = money.currency(named)
    except ValueError:
        raise CrossbookError(f"unknown currency in {text!r}", todo="use an ISO 4217 code such as USD") from None
    return found[2].replace(",", ""), code


def minor(text: str, currency: str, what: str) -> int:
    """An amount in minor units of `currency`. Raises CrossbookError when it is in another one or negative."""
    from crossbook import money

    number, code = split(text, currency)
    if code != currency:
        raise CrossbookError(f"{what} in {code}, the value in {currency}", todo="give all amounts in one currency")
    try:
        found = money.parse(number, money.exponent(code))
    except ValueError as error:
        raise CrossbookError(f"{what}: {text!r}: {error}") from None
    if found < 0:
        raise CrossbookError(f"{what}: {text!r} is negative", todo="give an amount of zero or more")
    return found
