"""The day that a command's figures are of: the one asked for, else the last that the book's files speak of,
and said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.options import as_day, today
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.engine import Database

HELP = "As of this day (2026-06-30); the last day of the book's files else. 日期"
On = Annotated[date | None, typer.Option("--on", metavar="DAY", parser=as_day, help=HELP)]


def day_of(database: Database, on: date | None) -> date:
    """The day asked for, else the one that pages and the API take, too."""
    from crossbook.trade.last_day import day_of_figures

    return on or day_of_figures(database, today())


def say_day(day: date, on: date | None) -> None:
    """Tell people which day it is that nobody asked for, where it is not today."""
    from crossbook.cli import show

    if on is None and day != today():
        told = t("as of {day}, the last day that the files speak of; for today: --on {today}", day=day, today=today())
        show.say(f"[dim]{told}[/]")
