"""The tree of commands, and the options of all of them."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import typer

from crossbook.cli.options import Language
from crossbook.i18n import choose
from crossbook.version import __version__

# The files of commands and what each adds to the tree, in the order in which they are listed.
PARTS = {
    "files": ("init", "add", "map", "formats"),
    "payouts": ("payouts", "payout", "money"),
    "restore": ("restore",),
    "bank": ("bank",),
    "pack": ("pack",),
    "why": ("why",),
    "decide": ("decide",),
    "undo": ("undo",),
    "decisions": ("decisions",),
    "web": ("web",),
    "demo": ("demo",),
    "book": ("book",),
    "trade": ("trade",),
    "customs": ("customs",),
    "duty": ("duty",),
    "market": ("market",),
    "watch": ("watch",),
    "exchange": ("exchange",),
    "fleet": ("fleet",),
    "tax": ("tax",),
    "marks": ("marks",),
    "cases": ("cases",),
}


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"crossbook {__version__}\n")
        raise typer.Exit


def options(
    lang: Language = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which. 版本")
    ] = False,
) -> None:
    """--lang may stand before or behind any command; --book DIR (or CROSSBOOK_BOOK) and --json behind it."""
    choose(lang)


def tree(wanted: str = "") -> typer.Typer:
    """The tree of commands: that of one command or group alone when it is wanted, since to import and make all of them
    takes longer than most commands; the whole of it for any other word."""
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        help="One evidence-backed book of a business that sells across borders. 跨境生意的证据账簿",
    )
    app.callback()(options)
    chosen = [part for part, names in PARTS.items() if wanted in names]
    for part in chosen or ([] if wanted == "--version" else PARTS):
        import_module(f"crossbook.cli.{part}").register(app)
    if chosen:
        app.registered_commands = [c for c in app.registered_commands if c.name == wanted]
        app.registered_groups = [g for g in app.registered_groups if g.name == wanted]
    return app
