"""The entry point: global options, and errors as people can read them."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from crossbook import __version__
from crossbook.cli import (
    branding,
    casework,
    clearing,
    customs,
    demo,
    duty,
    files,
    filing,
    identify,
    papers,
    refunding,
    restoring,
    settling,
    takedowns,
    tariff,
    taxing,
    verifying,
    web,
)
from crossbook.errors import BadRowsError, CrossbookError
from crossbook.i18n import choose, translated

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="One evidence-backed book of a business that sells across borders. 跨境生意的证据账簿",
)


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"crossbook {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[str | None, typer.Option(help="en or zh; CROSSBOOK_LANG and LANG else. 语言")] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which.")] = False,
) -> None:
    """Every command takes --book DIR (or CROSSBOOK_BOOK) and --json."""
    try:
        choose(lang)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


GROUPS = (
    files,
    settling,
    restoring,
    verifying,
    customs,
    papers,
    identify,
    filing,
    duty,
    refunding,
    tariff,
    taxing,
    branding,
    clearing,
    casework,
    takedowns,
    web,
    demo,
)
for group in GROUPS:
    group.register(app)


def run() -> None:
    """What the `crossbook` script calls. Exit codes: 0 done, 1 findings that need attention, 2 bad input or usage."""
    try:
        app()
    except CrossbookError as error:
        _complain(error)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _complain(error: CrossbookError) -> None:
    word = translated("error")
    sys.stderr.write(f"{word}: {message(error)}\n")


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
