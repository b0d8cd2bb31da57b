"""Whether a catalog is older than the book that it lies in, or another program changed it: neither gives figures."""

from __future__ import annotations

import os

import sqlalchemy as sa

from crossbook.book import catalog, chain, faults, heads, journal, layout
from crossbook.book.book import Book
from crossbook.book.chain import Head
from crossbook.book.durable import opened
from crossbook.errors import CrossbookError

_TAIL = 4_096  # bytes: some forty heads


def refuse(book: Book) -> None:
    """Raise CrossbookError when the chain of the catalog ends before the last head beside it, or has another there, and
    when rows that figures rest on are not as it says.

    A book that has no heads (of an older layout, or copied without them) is read; `check` says so.
    """
    head = _last(book)  # before the catalog: heads lag behind it, and never lead
    if head is None:
        return
    column = catalog.links.c
    with book.engine.connect() as connection:
        digest = connection.execute(sa.select(column.hash).where(column.seq == head.count)).scalar()
        behind = not str(digest or "").startswith(head.hash)
        damage = catalog.damage(connection)
        told = [] if behind or damage else _changed(connection)
    if damage:
        raise CrossbookError(damage, where=str(book.path), todo=faults.RECOVER)
    if told:
        raise CrossbookError(
            f"the catalog was changed by another program, and gives no figures: {told[0]}",
            where=str(book.path),
            todo="`crossbook book check` says all of it; recover it from a backup: crossbook book recover FROM "
            "--replace, or make another book and add the originals in evidence/ to it",
        )
    if behind:
        raise CrossbookError(
            "the catalog is older than the book: changes that were confirmed are missing from it",
            where=str(book.path),
            todo="`crossbook book check` says what is missing; recover it from a backup: crossbook book recover FROM "
            "--replace, or let it stand as it is: crossbook book repair --set-back WHY",
        )


def _changed(connection: sa.Connection) -> list[str]:
    """Rows that another program changed; not those of a journal that was broken before it came into the chain."""
    if told := chain.unlike(connection):
        return told
    broken = journal.broken_at(connection)
    column = catalog.journal.c
    upgrades = sa.select(sa.func.max(column.seq)).where(column.action == layout.ACTION)
    if broken is None or broken < (connection.execute(upgrades).scalar() or 0):
        return []
    return [f"journal: entry {broken} was changed, removed or reordered"]


def _last(book: Book) -> Head | None:
    try:
        with opened(book.path / heads.FILE) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
    except OSError:
        return None
    if size > _TAIL:
        tail = tail.partition(b"\n")[2]
    lines, _ = heads.parsed(tail.decode("utf-8", "replace"))
    return lines[-1].head if lines else None
