"""Showing results: tables for people, JSON for programs, progress bars on what takes longer than a second."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.cli import working
from crossbook.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

GOOD, WARN, BAD = "green", "yellow", "red"


def console(*, error: bool = False) -> Console:
    """Where to write; Rich minds NO_COLOR and whether it is a terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 160
    # no emoji: ":cat:" in a name is shown as it stands
    return Console(stderr=error, highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty(), width=width)


def say(text: str = "") -> None:
    """One line of text with Rich's markup."""
    console().print(printable(text))


def aside(text: str) -> None:
    """A sentence of the product on standard error, beside an answer that is data; nothing where it is empty."""
    from crossbook.i18n import translated

    if text:
        console(error=True).print(f"[{WARN}]{clean(translated(text))}[/]")


def as_json(value: Any) -> None:
    """`value` as JSON on standard output; money stays whole minor units, decimals are texts."""
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=False, indent=1) + "\n")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be shown as JSON")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), title: str = "") -> None:
    """A table; the columns with an index in `right` are numbers."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for i, name in enumerate(columns):
        shown.add_column(escape(name), justify="right" if i in right else "left", overflow="fold", no_wrap=i in right)
    for row in rows:
        shown.add_row(*(Text.from_markup(printable(cell), emoji=False) for cell in row))  # else it is parsed twice
    console().print(shown)


def clean(text: object) -> str:
    """Text from data, so that brackets in it are not taken for markup."""
    from rich.markup import escape

    return printable(escape(str(text)))


@contextmanager
def progress(quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A bar per stage: call it with the stage's name, how much is done, of how much. Shown on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with working.bars(), Progress(*columns, console=console(error=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def step(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield step
