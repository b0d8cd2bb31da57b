"""Errors meant for people: what is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any


def place_in_toml(error: ValueError) -> str:
    """The place that a fault in TOML has, as ":line:column"; empty where it is the end of the text."""
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    return f":{found[1]}:{found[2]}" if found else ""


class CrossbookError(Exception):
    """Bad input or usage. The command line prints the message and exits with code 2.

    `what` says what is wrong, `where` names file, line and column, `todo` says what to do.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what, self.where, self.todo = what, where, todo
        super().__init__(": ".join(part for part in (where, what) if part) + (f"\n  → {todo}" if todo else ""))

    def __reduce__(self) -> tuple[Any, ...]:
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[CrossbookError], told: tuple[Any, ...], state: dict[str, Any]) -> CrossbookError:
    """An error that another process raised."""
    error = kind.__new__(kind, *told)
    error.__dict__.update(state)
    return error


_as_it_was.of_data = True  # type: ignore[attr-defined] # for the reader of what processes apart answer


class FaultError(CrossbookError):
    """The machine cannot: a full disk, a folder that takes no changes, a file that may not be read."""


class NotFoundError(CrossbookError):
    """Nothing in the book has the name that was asked for."""


class ParameterError(CrossbookError):
    """A parameter that was given a value which it cannot have. `known` are the values that it can, as far as they can
    be listed; `todo` names all of them unless it says something else."""

    def __init__(
        self, parameter: str, value: str, known: Collection[str] = (), *, what: str = "", todo: str = ""
    ) -> None:
        self.parameter, self.value, self.known = parameter, value, tuple(known)
        shown = ", ".join(self.known)
        super().__init__(
            what or f"{parameter} cannot be {value[:60]!r}",
            todo=todo or (f"use one of {shown}" if shown else "leave it out"),
        )


def one_of(parameter: str, value: str, known: Collection[str]) -> str:
    """`value`, when it is one of those that are known or empty. Raises ParameterError naming them."""
    if value and value not in known:
        raise ParameterError(parameter, value, known)
    return value


@dataclass(frozen=True, kw_only=True)
class Near:
    """A format that a file looks like: its name, its name for people, the share of what it needs that is there
    (0 to 1), and what is missing."""

    name: str
    title: str
    share: float
    missing: str


EMAIL = "an e-mail"


class UnrecognisedError(CrossbookError):
    """No source reads this file. `near` are the formats that it looks most like, `tried` says of each source why not;
    `kind` is what the file shows itself to be, where it is no table."""

    def __init__(self, name: str, tried: list[tuple[str, str]], near: Sequence[Near] = (), kind: str = "") -> None:
        self.tried, self.near, self.kind = tried, tuple(near), kind
        self.summary = "no source recognises this file" + (f": {kind}" if kind else "")
        lines = [f"  it looks most like {n.title}: {n.missing}" for n in self.near[:1]]
        lines += [f"  or like {n.title}: {n.missing}" for n in self.near[1:]]
        todo = "correct the file, or get it in a format that is read: see `crossbook formats`"
        if kind == EMAIL:
            todo = "save what is attached to it and add that; or print it to a PDF, and add it as a letter"
        elif not kind:
            todo = "describe its columns once: crossbook map FILE; `crossbook formats` lists what is read"
        super().__init__("\n".join([self.summary, *lines]), where=name, todo=todo)


@dataclass(frozen=True, slots=True)
class BadRow:
    """One value that could not be read: its line in the original file, column, text and the reason."""

    line: int
    column: str
    value: str
    reason: str


class BadRowsError(CrossbookError):
    """A recognised file holds rows that cannot be read. Lists up to 20 of them and counts the rest."""

    SHOWN = 20

    def __init__(self, name: str, rows: list[BadRow], count: int | None = None) -> None:
        self.rows = rows
        self.count = len(rows) if count is None else count
        shown = rows[: self.SHOWN]
        text = "\n".join(f"  line {r.line}, column {r.column!r}: {r.value!r}: {r.reason}" for r in shown)
        more = self.count - len({r.line for r in shown})
        super().__init__(
            f"{self.count} row(s) cannot be read\n{text}" + (f"\n  and {more} more" if more > 0 else ""),
            where=name,
            todo="correct the file, or add the rest of it with --partial",
        )
