"""What somebody typed or chose for a decision, as a form or an address has it, and the fields to show it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crossbook.calendars import typed_day
from crossbook.decisions import Asked, Choice, Kind, Opened, Wish
from crossbook.decisions.saying import SEVERAL, apart
from crossbook.errors import CrossbookError, NotFoundError, ParameterError
from crossbook.printable import is_text
from crossbook.web.uploads import Uploads

MOST = 500  # choices in one list
OURS = ("why", "yes")  # beside what a kind asks
HIDDEN = ("csrf", "seen", "look")  # what forms carry beside what somebody typed


@dataclass(frozen=True)
class Typed:
    """What was typed: for each name its values as text, the empty ones left out. A form is filled from it again."""

    values: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The value of a name that has one; empty when it was left out."""
        return self.values.get(name, ("",))[-1]

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return self.values.get(name, ())

    def days(self, name: str) -> dict[str, str]:
        """The days that were typed beside the parts of a name, as text: those called `name.part`."""
        start = f"{name}."
        return {n.removeprefix(start): v[-1] for n, v in self.values.items() if n.startswith(start)}

    def without(self, names: Iterable[str]) -> Typed:
        """The same with some names left out."""
        left = set(names)
        return Typed({n: v for n, v in self.values.items() if n not in left})


def typed(pairs: Iterable[tuple[str, Any]], asked: Iterable[Asked], *, hidden: bool = False) -> Typed:
    """Take what was typed from the pairs of an address or, with what is `hidden` in it, of a form.

    Raises ParameterError for a name that is not asked, or that is given twice though it has one value.
    """
    known = list(asked)
    names = [*(a.name for a in known), *OURS, *(HIDDEN if hidden else ())]
    parts = tuple(f"{a.name}." for a in known if a.of == "days")
    several = ["yes", *(a.name for a in known if a.of in SEVERAL)]
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in names and not name.startswith(parts):
            raise ParameterError(name, str(value), sorted(names), what=f"there is no parameter {name[:60]!r}")
        text = str(value).strip()
        if not is_text(text):
            raise ParameterError(name, "", what=f"{name} is no text", todo="write it in letters, as UTF-8 has them")
        if text and name in found and name not in several:
            raise ParameterError(name, text, what=f"{name} is given twice", todo="give it once")
        if text:
            found.setdefault(name, []).append(text)
    return Typed({n: tuple(v) for n, v in found.items()})


@dataclass(frozen=True)
class Read:
    """What was typed as a kind understands it, and what is wrong with the values that it cannot, by name."""

    wish: Wish
    wrong: Mapping[str, ParameterError]


def read(asked: Iterable[Asked], told: Typed, uploads: Uploads) -> Read:
    """Read what was typed: numbers, days, words, names. An amount stays text, as a person writes it.

    A path is that of a file that waits in `uploads`, and nothing else that lies on this machine: its token is typed.
    """
    wish: dict[str, Any] = {}
    wrong: dict[str, ParameterError] = {}
    for a in asked:
        try:
            value = str(uploads.path(told.one(a.name))) if a.of == "path" and told.one(a.name) else _value(a, told)
        except ParameterError as error:
            wrong[a.name] = error
        except NotFoundError as error:
            wrong[a.name] = ParameterError(a.name, told.one(a.name), what=error.what, todo=error.todo)
        else:
            if value not in (None, "", (), {}):
                wish[a.name] = value
    if told.one("why"):
        wish["why"] = told.one("why")
    return Read(wish=wish, wrong=wrong)


def _value(a: Asked, told: Typed) -> Any:
    if a.of == "days":
        return {part: _day(f"{a.name}.{part}", text) for part, text in told.days(a.name).items()}
    if a.of in SEVERAL:
        return told.many(a.name) if a.choices else tuple(one for v in told.many(a.name) for one in apart(a, v))
    text = told.one(a.name)
    if not text:
        return None
    if a.of == "number":
        if not text.isascii() or not text.isdecimal() or len(text) > 15:
            raise ParameterError(a.name, text, what=f"{text[:60]!r} is no number", todo="give a whole number")
        return int(text)
    return _day(a.name, text) if a.of == "day" else text


def _day(name: str, text: str) -> Any:
    try:
        return typed_day(text)
    except CrossbookError as error:
        raise ParameterError(name, text, what=error.what, todo=error.todo) from None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to ask for: what was typed, what may be chosen (None: anything), and what is wrong with it."""

    asked: Asked
    value: str
    values: tuple[str, ...] = ()
    days: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] | None = None
    wrong: CrossbookError | None = None

    @property
    def long(self) -> bool:
        """Whether it takes lines of text."""
        return self.asked.of in ("lines", "names")

    @property
    def unlisted(self) -> bool:
        """Whether the value is none of the choices: it is shown all the same."""
        return bool(self.value) and self.value not in [c.value for c in self.choices or ()]

    @property
    def beside(self) -> dict[str, str]:
        """The days that were typed beside what is none of the choices: they are shown all the same."""
        known = [c.value for c in self.choices or ()]
        return {part: text for part, text in self.days.items() if part not in known}

    @staticmethod
    def fits(text: str) -> bool:
        """Whether a field of a browser for days shows this: of another text it shows nothing."""
        try:
            return not text or date.fromisoformat(text).isoformat() == text
        except ValueError:
            return False


def unfit(shown: Iterable[Field]) -> list[str]:
    """The names of what was chosen before something else was, and does not go with it."""
    after = [f for f in list(shown)[1:] if f.choices is not None and len(f.choices) < MOST]
    return [f.asked.name for f in after if f.unlisted] + [f"{f.asked.name}.{p}" for f in after for p in f.beside]


def fields(opened: Opened, kind: Kind, told: Typed, got: Read, uploads: Uploads, *, back: bool = False) -> list[Field]:
    """The fields of a form, filled; to take a decision back only what names it is asked, from nobody's list."""
    return [
        Field(
            asked=a,
            value=told.one(a.name),
            values=told.many(a.name),
            days=told.days(a.name),
            choices=None if back else _choices(opened, a, got.wish, uploads),
            wrong=got.wrong.get(a.name),
        )
        for a in (kind.keys if back else kind.asked)
        if a.on_forms
    ]


def _choices(opened: Opened, a: Asked, wish: Wish, uploads: Uploads) -> tuple[Choice, ...] | None:
    if a.of == "path":
        return tuple(Choice(token, name) for token, name in uploads.waiting())
    if a.choices is None:
        return None
    try:
        return tuple(a.choices(opened, wish)[:MOST])
    except CrossbookError:  # what was chosen before is nothing: looking says so
        return ()


def unsaid(asked: Iterable[Asked], wish: Wish) -> list[str]:
    """The names of what must be said and was not."""
    return [a.name for a in asked if a.needed and wish.get(a.name) in (None, "", (), {})]
