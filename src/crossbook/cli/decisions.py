"""What was decided, and what may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.choices import choice
from crossbook.cli.decide import PANEL
from crossbook.cli.options import HERE, AsJson, BookPath, command
from crossbook.i18n import kind_of_decision, t, translated

if TYPE_CHECKING:
    from collections.abc import Iterable


def register(app: typer.Typer) -> None:
    """Add these commands."""
    command(app, decisions, panel=PANEL)


def _known() -> Iterable[str]:
    from crossbook.decisions.telling import of_kind

    return of_kind()


def decisions(
    book: BookPath = HERE,
    kind: Annotated[str, choice("kind", _known, text="Only match, explanation, finding, hit, file, ... 种类")] = "",
    standing: Annotated[bool, typer.Option("--standing", help="Only what was not taken back. 仅有效")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many to list, newest first. 条数")] = 50,
    kinds: Annotated[
        bool, typer.Option("--kinds", help="What may be decided, and what is checked. 可决定事项")
    ] = False,
    json: AsJson = False,
) -> None:
    """The journal: what was decided, by whom, when and why; what was taken back or approved. 决定记录"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.decisions.telling import PROOFS, journal

    if kinds:
        _kinds(json)
        return
    every = [d for d in journal(open_book(book), kind) if d.standing or not standing]
    if json:
        show.as_json(every)
        return
    if not every:
        show.say(t("nothing was decided"))
        return
    rows = [
        [
            str(d.seq),
            d.at[:16].replace("T", " "),
            show.clean(d.who) + (f" ({t(PROOFS[d.proof])})" if d.proof in PROOFS else ""),
            kind_of_decision(d.kind) if d.kind else "",
            show.clean(translated(d.text))
            + ("" if d.standing else f" [dim]({t('taken back')})[/]")
            + (f" [{show.WARN}]({show.clean(translated(d.clock))})[/]" if d.clock else ""),
            show.clean(d.why),
            show.clean(d.approved_by or ""),
        ]
        for d in every[:limit]
    ]
    show.table([t(c) for c in ("no.", "when", "who", "kind", "decision", "why", "approved by")], rows, right=[0])
    if len(every) > limit:
        show.say(t("and {count} more: --limit or --json", count=f"{len(every) - limit:,}"))


def _kinds(json: bool) -> None:
    """Say of every kind what it checks, when it is refused, what it asks."""
    from crossbook.cli import show
    from crossbook.decisions import kinds

    if json:
        told = ("name", "title", "checks", "refuses", "asks", "why")
        show.as_json([{n: getattr(k, n) for n in told} | {"undo": bool(k.undone)} for k in kinds().values()])
        return
    for k in kinds().values():
        show.say(f"[bold]{k.name}[/]  {show.clean(t(k.title))}")
        for label, texts in (("checks", k.checks), ("refused", k.refuses), ("asks", k.asks)):
            for text in texts:
                show.say(f"  {t(label)}: {show.clean(t(text))}")
