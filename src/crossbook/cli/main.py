"""The entry point: global options, and errors as people can read them."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from crossbook import __version__
from crossbook.cli import (
    branding,
    casefile,
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
from crossbook.cli.complaints import complain
from crossbook.errors import CrossbookError
from crossbook.i18n import choose

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
    casefile,
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
        complain(error)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
