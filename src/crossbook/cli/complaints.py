"""Errors as people can read them, in the language in use."""

from __future__ import annotations

import sys

from crossbook.errors import BadRowsError, CrossbookError
from crossbook.i18n import translated
from crossbook.printable import printable


def complain(error: CrossbookError) -> None:
    """Write an error's text to stderr."""
    word = translated("error")
    sys.stderr.write(f"{word}: {printable(message(error))}\n")


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
