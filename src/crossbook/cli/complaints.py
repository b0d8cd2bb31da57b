"""Errors as people can read them, in the language in use."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from crossbook.errors import BadRowsError, CrossbookError
from crossbook.i18n import t, translated
from crossbook.printable import printable

_FEW = 5


def complain(error: CrossbookError) -> None:
    """Write an error's text to stderr."""
    word = translated("error")
    sys.stderr.write(f"{word}: {printable(message(error))}\n")


def complain_by_kind(errors: Iterable[tuple[str, CrossbookError]]) -> None:
    """Write the errors of files, those that say the same of several files once, with how many and which.

    An error of a place inside its file stands for itself."""
    by: dict[object, list[tuple[str, CrossbookError]]] = {}
    for n, (name, error) in enumerate(errors):
        where = None if error.where == name else error.where
        by.setdefault(n if isinstance(error, BadRowsError) else (error.what, error.todo, where), []).append(
            (name, error)
        )
    for same in by.values():
        complain(same[0][1])
        if len(same) > 1:
            names = [name for name, _ in same]
            sys.stderr.write(f"  {printable(t('{n} files: {names}', n=f'{len(names):,}', names=few(names)))}\n")


def few(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    told = ", ".join(names[:_FEW])
    return told if len(names) <= _FEW else f"{told} {t('and {n} more', n=f'{len(names) - _FEW:,}')}"


def advise(text: str) -> None:
    """Write a word of advice to stderr."""
    sys.stderr.write(f"{printable(translated(text))}\n")


def message(error: CrossbookError) -> str:
    """An error's text in the language in use."""
    if isinstance(error, BadRowsError):
        return _bad_rows(error)
    where = f"{error.where}: " if error.where else ""
    todo = f"\n  → {translated(error.todo)}" if error.todo else ""
    return where + translated(error.what) + todo


def _bad_rows(error: BadRowsError) -> str:
    shown = error.rows[: error.SHOWN]
    lines = [f"{error.where}: " + translated(f"{error.count} row(s) cannot be read")]
    for row in shown:
        reason = translated(row.reason)
        lines.append(translated(f"  line {row.line}, column {row.column!r}: {row.value!r}: {reason}"))
    more = error.count - len({row.line for row in shown})
    if more > 0:
        lines.append(translated(f"  and {more} more"))
    return "\n".join([*lines, f"  → {translated(error.todo)}"])
