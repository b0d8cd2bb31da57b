"""What the commands on payouts share: settling a book with a progress bar, colours, and what is wrong in general."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossbook.cli.amounts import amount
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from pathlib import Path

    from crossbook.settle import Desk
    from crossbook.trade.contradicting import Contradiction

STYLE = {
    "closed": "green",
    "unique": "green",
    "implied": "cyan",
    "unproved": "yellow",
    "likely": "cyan",
    "accepted": "green",
    "ambiguous": "yellow",
    "not_closed": "red",
    "unexplained": "red",
    "no_rule": "yellow",
}


def open_desk(path: Path, *, quiet: bool, restore: bool = True) -> Desk:
    """The desk over the book at `path`, with a progress bar."""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.settle import settle

    opened = open_book(path)
    with show.progress(quiet) as step:
        return settle(opened, restore=restore, progress=step)


def problems(desk: Desk, json: bool = False) -> None:
    """Say which accounts could not be restored, and which files contradict each other, or themselves; beside JSON on
    standard error."""
    from crossbook.cli import show
    from crossbook.trade.contradicting import contradictions

    told = [translated(text) for text in desk.problems]
    told += [_contradicted(c) for c in contradictions(desk.engine)[:20]]
    for text in told:
        if json:
            show.aside(text)
        else:
            show.say(f"[{show.WARN}]{show.clean(text)}[/]")


def _contradicted(c: Contradiction) -> str:
    used, other = amount(c.used, c.currency), amount(c.other, c.currency)
    if c.used_evidence != c.other_evidence:
        return t(
            "two files contradict each other on {id}: {used} is used, the other says {other}",
            id=c.id,
            used=used,
            other=other,
        )
    return t(
        "a file states {id} twice: {used} in line {used_line} is used, {other} in line {other_line} is not",
        id=c.id,
        used=used,
        used_line=c.used_line,
        other=other,
        other_line=c.other_line,
    )
