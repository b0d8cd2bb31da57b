"""The entry point: the tree of commands, global options, and errors as people can read them."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from crossbook.cli import (
    bank,
    book,
    cases,
    customs,
    decide,
    decisions,
    demo,
    duty,
    exchange,
    files,
    former,
    market,
    marks,
    pack,
    payouts,
    restore,
    tax,
    trade,
    undo,
    watch,
    web,
    why,
)
from crossbook.cli.complaints import advise, complain
from crossbook.cli.options import Language
from crossbook.errors import CrossbookError
from crossbook.i18n import choose
from crossbook.version import __version__

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="One evidence-backed book of a business that sells across borders. 跨境生意的证据账簿",
)


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"crossbook {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    lang: Language = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which. 版本")
    ] = False,
) -> None:
    """--lang may stand before or behind any command; --book DIR (or CROSSBOOK_BOOK) and --json behind it."""
    choose(lang)


# In this order they are listed; each adds its commands to a panel.
for part in (
    files,
    payouts,
    restore,
    bank,
    pack,
    why,
    decide,
    undo,
    decisions,
    web,
    demo,
    book,
    trade,
    customs,
    duty,
    market,
    watch,
    exchange,
    tax,
    marks,
    cases,
):
    part.register(app)


def only(wanted: str) -> None:
    """Leave the command or group of that name, if there is one, and none beside it: making all of them takes long."""
    commands = [c for c in app.registered_commands if wanted == (c.name or getattr(c.callback, "__name__", ""))]
    groups = [g for g in app.registered_groups if wanted == g.name]
    if commands or groups:
        app.registered_commands, app.registered_groups = commands, groups


def run() -> None:
    """What the `crossbook` script calls. Exit codes: 0 done, 1 findings that need attention, 2 bad input or usage."""
    given, now = former.words(sys.argv[1:])
    if now:
        advise(f"crossbook {sys.argv[1]} is called crossbook {now} now")
    sys.argv[1:] = given
    only(given[0] if given else "")
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
    except Exception as error:
        from crossbook.book import faults

        words = [*sys.argv[1:], os.environ.get("CROSSBOOK_BOOK", ""), "."]
        fault = faults.named(error, faults.fullest(words))
        if fault is None:
            raise
        complain(fault)
        sys.exit(2)
