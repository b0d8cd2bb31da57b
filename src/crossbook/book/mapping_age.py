"""What a mapping of another age than the program, or than the files before, leaves to be said when a file is added."""

from __future__ import annotations

import sqlalchemy as sa

from crossbook.book import catalog
from crossbook.book.book import Book
from crossbook.sources import line_types
from crossbook.sources.mapping import MappedTable, mapping_from_text
from crossbook.sources.settlement_spec import OF_A_BALANCE, STATUS
from crossbook.sources.source import Head
from crossbook.sources.table.layout import DELIMITERS

_OF_ONE_FILE = ("shipped", "currency", "agreed")  # what says nothing of how a layout is read
_NO_STATUS = (
    "the mapping {name} has no [status], and the column {header} says of rows whether their money moved: all rows "
    "count; see what is proposed (crossbook map FILE --dry-run), and put [status] into the mapping"
)
_CHANGED = (
    "the mapping {name} ships otherwise than when {file} was read ({parts}): files before stay as they were read; "
    "where it matters, take them out of use (crossbook decide file NAME) and add a fresh export"
)


def changed(book: Book, name: str, text: str) -> list[str]:
    """Whether a shipped mapping is another than the one by which files before were read."""
    mapped = mapping_from_text(name, text)
    return _changed(book, mapped) if "shipped" in mapped.spec else []


def lacking(mapped: MappedTable, head: Head) -> list[str]:
    """Whether a mapping of the book's own lacks what tells rows that moved no money."""
    if "shipped" in mapped.spec or mapped.spec["kind"] not in ("bank", *OF_A_BALANCE):
        return []
    if STATUS in mapped.spec:
        return []
    header = _status_column(mapped, head)
    return [_NO_STATUS.format(name=mapped.name, header=header)] if header else []


def _changed(book: Book, mapped: MappedTable) -> list[str]:
    """The newest file that another text of the mapping read, and in what the texts differ."""
    table = catalog.evidence.c
    query = sa.select(table.mapping, table.name).where(table.source == mapped.name).order_by(table.seq.desc())
    with book.engine.connect() as connection:
        row = connection.execute(query.where(table.mapping.is_not(None)).limit(1)).first()
    if row is None or row.mapping == mapped.text:
        return []
    before, now = mapping_from_text(mapped.name, row.mapping).spec, mapped.spec
    parts = [n for n in sorted({*before, *now} - {*_OF_ONE_FILE}) if before.get(n) != now.get(n)]
    return [_CHANGED.format(name=mapped.name, file=row.name, parts=", ".join(parts))] if parts else []


def _status_column(mapped: MappedTable, head: Head) -> str | None:
    """A column that the mapping does not read and that says whether each row's money moved."""
    needed = set(mapped.headers)
    for delimiter in DELIMITERS:
        rows = head.heading.rows(delimiter)
        for n, row in enumerate(rows):
            if needed <= {cell.lower() for cell in row}:
                for i, cell in enumerate(row):
                    words = [r[i] for r in rows[n + 1 :] if len(r) == len(row)]
                    if cell.lower() not in needed and line_types.tells_status(cell, words):
                        return cell
                return None
    return None
