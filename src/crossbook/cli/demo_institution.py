"""The command demo --institution: a sample payment institution and what the rules find in its transfers."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.demo.institution.weighing import Weighed
    from crossbook.watch.reading import Summary


def institution(folder: Path, transfers: int, seed: int | None, files_only: bool, json: bool) -> None:
    """Write the institution's files to a folder, add them to a book, and say what was found of what was planted."""
    from crossbook.book import init_book, open_book
    from crossbook.cli import show
    from crossbook.demo.institution import make, settings_for
    from crossbook.demo.institution.making import NAME, SEED

    if not json:
        text = "writing a year of a payment institution, {n} transfers, to {folder}"
        show.say(t(text, n=f"{transfers:,}", folder=show.clean(folder)))
    made = make(folder, transfers=transfers, seed=SEED if seed is None else seed)
    if files_only:
        return
    settings_for(init_book(folder / "book", NAME, "CNY"))
    book = open_book(folder / "book")
    add_all(book, made.inbox, quiet=json)
    planted = jsonlib.loads((made.truth / "planted.json").read_text(encoding="utf-8"))
    told, weighed = found_in(book, planted)
    if json:
        show.as_json({"folder": folder, "transfers": told.transfers, "alerts": told.alerts, "rules": weighed})
        return
    show.say(t("{n} transfers, {first} to {last}", n=f"{told.transfers:,}", first=told.first, last=told.last))
    _table(weighed)
    _next(folder)


def add_all(book: Book, inbox: Path, *, quiet: bool) -> None:
    """Add every file of the inbox; those in a folder under the account that the folder is called by."""
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs
    from crossbook.cli import show

    files = sorted(p for p in inbox.rglob("*") if p.is_file())
    with show.progress(quiet=quiet) as step:
        for n, path in enumerate(files):
            step(t("adding"), n, len(files))
            for item in inputs([path]):
                add(book, item, account=None if path.parent == inbox else path.parent.name)
        step(t("adding"), len(files), len(files))


def found_in(book: Book, planted: list[dict[str, Any]]) -> tuple[Summary, list[Weighed]]:
    """How the rules ended in a book of the institution, and each weighed against what was planted."""
    from crossbook.demo.institution.weighing import weigh
    from crossbook.engine.duck import connect
    from crossbook.watch.reading import summary

    database = connect(book)
    told = summary(database)
    rows = database.rows(
        "SELECT a.alert, a.rule, a.subject, list(t.transfer_id) AS transfers FROM alert a "
        "LEFT JOIN alert_transfer x ON x.alert = a.alert LEFT JOIN watch_transfer t ON t.id = x.id GROUP BY ALL"
    )
    return told, weigh(((r["rule"], r["subject"], frozenset(r["transfers"]) - {None}) for r in rows), planted)


def _table(weighed: list[Weighed]) -> None:
    from crossbook.cli import show

    rows = [
        [
            w.rule,
            f"{w.found} / {w.planted}" if w.planted else "",
            f"{w.alerts:,}",
            f"{w.right:,}",
            f"{w.others:,}",
            f"{sum(w.alike.values()):,}",
            f"{w.plain:,}",
        ]
        for w in weighed
    ]
    columns = [
        t("rule"),
        t("planted and found"),
        t("alerts"),
        t("on these"),
        t("on others planted"),
        t("on honest look-alikes"),
        t("on everyday business"),
    ]
    show.table(columns, rows, right=(1, 2, 3, 4, 5, 6))


def _next(folder: Path) -> None:
    from crossbook.cli import show

    show.say(f"[bold]{t('Next')}[/]")
    for line, text in (
        (f"export CROSSBOOK_BOOK={show.clean(folder / 'book')}", ""),
        ("crossbook watch run", t("how each rule ended")),
        ("crossbook watch alerts --rule chain", t("the alerts of one rule")),
        ("crossbook watch rules", t("the figures that hold in this book, and the limits")),
    ):
        show.say(f"  {line:<44} [dim]{text}[/]")
