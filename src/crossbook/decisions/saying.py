"""What a person said, as the kind asks for it: complete, days as days, several words as several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from crossbook import money
from crossbook.calendars import typed_day
from crossbook.decisions.kind import Asked, Kind, Wish
from crossbook.errors import CrossbookError
from crossbook.printable import is_text

_NOTHING: tuple[Any, ...] = (None, "", (), [], {})
SEVERAL = ("words", "names")  # what is asked of which several may be said
MOST_DIGITS = 15  # of a number that is typed
MOST_MINOR = 10**17  # minor units, as for an amount that is typed


def said(kind: Kind, asked: Iterable[Asked], wish: Wish) -> Wish:
    """The wish with days read and words told apart. Raises CrossbookError where what is needed was not said."""
    asked = tuple(asked)
    for name, value in wish.items():
        _sound(name, value)
    unsaid = [a.name for a in asked if a.needed and _blank(wish.get(a.name))]
    if unsaid:
        article = "an" if kind.name[0] in "aeiou" else "a"
        raise CrossbookError(f"{article} {kind.name} needs {', '.join(unsaid)}", todo=f"give {', '.join(unsaid)}")
    return {**wish, **{a.name: _read(a, wish[a.name]) for a in asked if wish.get(a.name) not in _NOTHING}}


def _blank(value: Any) -> bool:
    return value in _NOTHING or (isinstance(value, str) and not value.strip())


def _sound(name: str, value: Any) -> None:
    """Raise CrossbookError for what is no text, in any part of what was said."""
    if isinstance(value, str) and not is_text(value):
        shown = value.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")[:40]
        raise CrossbookError(f"{name} is no text: {shown}", todo="write it in letters, as UTF-8 has them")
    if isinstance(value, Mapping):
        _sound(name, tuple(value))
    elif isinstance(value, list | tuple):
        for part in value:
            _sound(name, part)


def _read(asked: Asked, value: Any) -> Any:
    if asked.of == "day":
        return _day(value, asked.name)
    if asked.of == "number":
        return _number(value, asked.name)
    if asked.of in SEVERAL:
        if not isinstance(value, str | list | tuple):
            raise CrossbookError(f"{asked.name} are words, not {str(value)[:40]!r}", todo="give them one by one")
        return apart(asked, value) if isinstance(value, str) else tuple(str(v) for v in value)
    if asked.of == "days":
        if not isinstance(value, Mapping):
            raise CrossbookError(f"{asked.name} names a day for each", todo="write it as served=2026-06-13")
        return {str(name): _day(day, str(name)) for name, day in value.items()}
    return value


def apart(asked: Asked, text: str) -> tuple[str, ...]:
    """Several that were typed as one text: words stand apart by spaces, names by lines."""
    found = text.split() if asked.of == "words" else (line.strip() for line in text.splitlines())
    return tuple(one for one in found if one)


def _number(value: Any, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise CrossbookError(f"{text[:60]!r} is no number", where=where, todo="give a whole number")
    return int(text)


def _day(value: Any, where: str) -> date:
    return typed_day(value.isoformat() if isinstance(value, date) else str(value), where)


def minor(value: Any, currency: str) -> int:
    """An amount in minor units: so many as a number, or an amount as text. Raises CrossbookError."""
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= MOST_MINOR:
            raise CrossbookError("amount over 10^17 minor units", where=str(value)[:40], todo="write it as 1858.73")
        return value
    try:
        return money.parse(str(value), money.exponent(currency))
    except ValueError as error:
        raise CrossbookError(str(error), where=repr(str(value)[:40]), todo="write it as 1858.73") from None
