"""Everything that decisions reach, as the book shows it, to be compared; and the same of a book with nothing kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from crossbook.book import Book, open_book
from crossbook.brand import desk as brand
from crossbook.cases.case import calendar_of, cases
from crossbook.cases.takedown import takedowns
from crossbook.decisions.telling import journal
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, settle
from crossbook.settle.position import position
from crossbook.tax.desk import compute, ready
from crossbook.tax.owed import due
from crossbook.tax.period import filed, period
from crossbook.trade.last_day import day_of_figures
from crossbook.verify.board import board
from crossbook.views.lists import list_payouts
from crossbook.views.overview import overview

# Of publications, the columns that tell rows apart come first.
PUBLISHED = {
    "stage": ("stage", "settle_finding"),
    "verdict": ("verdict", "verify_finding"),
}


def figures(book: Book) -> dict[str, Any]:
    """What the book shows when it is opened."""
    return figures_of(settle(book))


def figures_of(desk: Desk) -> dict[str, Any]:
    """What a settled book shows: payouts with their restorations and matches, both sides of the bank, where the money
    is, findings, every table that rooms publish of decisions, cases and notices with what falls due, returns, hits on
    marks, mappings, and the journal as it is told."""
    book = desk.book
    list_payouts(desk)
    day = day_of_figures(desk.database, date(2999, 1, 1))
    found: dict[str, Any] = {
        "payouts": {p.id: asdict(p) for p in desk.payouts},
        "arrivals": {p.id: (desk.arrival(p), desk.short(p), desk.booked_on(p)) for p in desk.payouts},
        "attention": {p.id for p in desk.payouts if desk.needs_attention(p)},
        "problems": desk.problems,
        "matches": sorted((asdict(m) for m in desk.side.matches), key=repr),
        "late": desk.side.late,
        "open payouts": sorted(p.key for p in desk.side.open_payouts),
        "open credits": sorted(c["key"] for c in desk.side.open_credits),
        "findings": sorted(map(repr, desk.findings())),
        "position": position(desk, day),
        "overview": asdict(overview(desk, day)),
        "journal": [(t.seq, t.text, t.standing, t.undoable, t.approved_by) for t in journal(book)],
        "out of use": sorted(book.retired()),
        "mappings": {str(p.relative_to(book.path)): p.read_text() for p in book.path.glob("mappings/**/*.toml")},
        **_cases(book),
        **_returns(desk.database, book, day),
        **_hits(desk.database, book, day),
    }
    for name, tables in PUBLISHED.items():
        desk.database.ask(name)
        for table in tables:
            rows = desk.database.rows(f"SELECT * FROM {table}")
            found[table] = sorted(map(repr, (sorted(row.items()) for row in rows)))
    found["board"] = board(desk.database)
    return found


def _cases(book: Book) -> dict[str, Any]:
    """Every case and notice with what runs in it, and what falls due in all of them."""
    return {
        "cases": {c.name: (asdict(c), _counted(c.deadlines)) for c in cases(book).values()},
        "notices": {t.id: (asdict(t), t.state, t.down, _counted(t.deadlines)) for t in takedowns(book).values()},
        "calendar": _counted(lambda: calendar_of(book)),
    }


def _counted(work: Callable[[], list[Any]]) -> Any:
    """What is counted from days; why not, where the days cannot be."""
    try:
        return work()
    except CrossbookError as error:
        return error.what


def _returns(database: Database, book: Book, day: date) -> dict[str, Any]:
    """What falls due around a day, what was filed, and what the book computes for that."""
    ready(database, book)
    done = filed(book)
    return {
        "due": due(database, book, day),
        "filed": {key: (on, asdict(compute(database, book, key[0], period(key[1])))) for key, on in done.items()},
    }


def _hits(database: Database, book: Book, day: date) -> dict[str, Any]:
    """The hits of the book's listings, and those that were set aside; of a book without a register none."""
    if not database.rows("SELECT 1 FROM mark LIMIT 1"):
        return {"dismissed": sorted(brand.dismissed(book))}
    brand.open_brand(database, book, day)
    return {
        "dismissed": sorted(brand.dismissed(book)),
        "brands": asdict(brand.board(database)),
        "open hits": brand.queue(database),
        "hits set aside": brand.queue(database, gone=True),
    }


def anew(book: Book, folder: Path) -> dict[str, Any]:
    """The figures of a copy of the book that has nothing kept; the copy is made in `folder` and removed."""
    copy = folder / "anew"
    shutil.copytree(book.path, copy, ignore=shutil.ignore_patterns("cache"))
    try:
        return figures(open_book(copy))
    finally:
        shutil.rmtree(copy)


def apart(one: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs between two books' figures: empty when they are the same."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in one.keys() | other.keys():
        a, b = one.get(name), other.get(name)
        if a == b:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            found |= {f"{name} {k}": (a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)}
        elif isinstance(a, list) and isinstance(b, list):
            found[name] = ([x for x in a if x not in b], [x for x in b if x not in a])
        else:
            found[name] = (a, b)
    return found
