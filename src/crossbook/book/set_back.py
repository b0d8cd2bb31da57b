"""Whether a catalog is older than the book that it lies in: figures of an earlier state are never shown as today's."""

from __future__ import annotations

import os

import sqlalchemy as sa

from crossbook.book import catalog, heads
from crossbook.book.book import Book
from crossbook.book.chain import Head
from crossbook.errors import CrossbookError

_TAIL = 4_096  # bytes: some forty heads


def refuse(book: Book) -> None:
    """Raise CrossbookError when the chain of the catalog ends before the last head beside it, or has another there.

    A book that has no heads (of an older layout, or copied without them) is read; `check` says so.
    """
    head = _last(book)  # before the catalog: heads lag behind it, and never lead
    if head is None:
        return
    column = catalog.links.c
    with book.engine.connect() as connection:
        digest = connection.execute(sa.select(column.hash).where(column.seq == head.count)).scalar()
    if not digest or not digest.startswith(head.hash):
        raise CrossbookError(
            "the catalog is older than the book: changes that were confirmed are missing from it",
            where=str(book.path),
            todo="`crossbook book check` says what is missing; recover it from a backup: crossbook book recover FROM "
            "--replace, or let it stand as it is: crossbook book repair --set-back WHY",
        )


def _last(book: Book) -> Head | None:
    try:
        with (book.path / heads.FILE).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
    except OSError:
        return None
    if size > _TAIL:
        tail = tail.partition(b"\n")[2]
    lines, _ = heads.parsed(tail.decode("utf-8", "replace"))
    return lines[-1].head if lines else None
