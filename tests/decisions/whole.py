"""Everything that decisions reach, as the book shows it, to be compared; and the same of a book with nothing kept."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from crossbook.book import Book, open_book
from crossbook.brand.desk import dismissed
from crossbook.settle import settle
from crossbook.settle.position import position
from crossbook.trade.last_day import day_of_figures
from crossbook.verify.board import board

# Of publications, the columns that tell rows apart come first.
PUBLISHED = {
    "stage": ("stage", "settle_finding"),
    "verdict": ("verdict", "verify_finding"),
}


def figures(book: Book) -> dict[str, Any]:
    """What the book shows: payouts with their restorations and matches, both sides of the bank, where the money is,
    findings, and every table that rooms publish of decisions."""
    desk = settle(book)
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
        "dismissed": sorted((d.listing, d.mark) for d in dismissed(book).values()),
    }
    for name, tables in PUBLISHED.items():
        desk.database.ask(name)
        for table in tables:
            rows = desk.database.rows(f"SELECT * FROM {table}")
            found[table] = sorted(map(repr, (sorted(row.items()) for row in rows)))
    found["board"] = board(desk.database)
    return found


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
