"""What commands share: how they are made, and the options that every one of them has."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from crossbook.calendars import typed_day
from crossbook.cli.numbers import Command
from crossbook.errors import CrossbookError
from crossbook.i18n import choose

PAYOUTS, GROUPS = "Payouts and the bank 结算与银行", "Groups 命令组"  # panels of the help that several files add to
HERE = Path()
"""Where the book is when neither --book nor CROSSBOOK_BOOK says it."""


def as_day(text: str) -> date:
    """A day as typed. Raises CrossbookError; Typer calls it before the command begins its work."""
    return typed_day(text)


def in_order(first: date | None, last: date | None) -> None:
    """Raise CrossbookError when a span of days ends before it begins."""
    if first and last and last < first:
        raise CrossbookError(f"from {first} to {last}: it ends before it begins", todo="correct a day")


def today() -> date:
    """The day where the reader is."""
    return date.today()  # noqa: DTZ011 - where the reader is


BookPath = Annotated[
    Path,
    typer.Option("--book", envvar="CROSSBOOK_BOOK", help="The book's folder. 账簿文件夹", show_default="this folder"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs. 输出JSON")]
Why = Annotated[str, typer.Option(help="Why you decide so. 原因")]
FEW = 30  # are listed where nobody says how many
Few = Annotated[int | None, typer.Option(min=0, help="How many; 0 for all. 条数")]
Commands = Mapping[str, Callable[..., None]]  # by their names


def _language(value: str | None) -> str | None:
    if value is not None:
        try:
            choose(value)
        except ValueError as error:
            raise CrossbookError(str(error)) from None
    return value


Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        is_eager=True,
        callback=_language,
        autocompletion=lambda: ["en", "zh"],
        metavar="en|zh",
        help="The language of what is shown. 语言",
        show_default="CROSSBOOK_LANG or LANG",
    ),
]


def _in_a_language(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with one option more: --lang, which may stand behind the command as well as before it."""

    @wraps(function)
    def called(*args: Any, lang: str | None = None, **options: Any) -> Any:
        return function(*args, **options)

    plain = inspect.signature(function, eval_str=True)
    lang = inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Language)
    named: Any = called
    named.__signature__ = plain.replace(parameters=[*plain.parameters.values(), lang])
    named.__annotations__ = {**{p.name: p.annotation for p in plain.parameters.values()}, "lang": Language}
    return called


def command(app: typer.Typer, function: Callable[..., None], name: str = "", panel: str | None = None) -> None:
    """Add a command, called as its function when no other name is given."""
    app.command(name or function.__name__, cls=Command, rich_help_panel=panel)(_in_a_language(function))


def group(app: typer.Typer, name: str, text: str, commands: Commands, panel: str | None = None) -> typer.Typer:
    """Add a group of commands, by their names; `text` is its help."""
    made = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help=text)
    made.callback()(_in_a_language(_nothing))
    for called, function in commands.items():
        command(made, function, called)
    app.add_typer(made, name=name, rich_help_panel=panel)
    return made


def _nothing() -> None:
    """A group does nothing by itself."""
