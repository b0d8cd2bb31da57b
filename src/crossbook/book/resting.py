"""Whether somebody has a book open, for what needs it alone: a recovery, an upgrade, a repair."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crossbook.book.book import OWN_CATALOG, Book
from crossbook.errors import CrossbookError


@contextmanager
def at_rest(folder: Path) -> Iterator[None]:
    """While nobody adds to the book in the folder or has its own catalog open. Raises CrossbookError."""
    with Book(folder).lock(shared=False) as alone:
        if not alone or not _closed(folder / OWN_CATALOG):
            raise CrossbookError(
                "somebody has the book open", where=str(folder), todo="end `crossbook web` and what else uses it"
            )
        yield


def _closed(path: Path) -> bool:
    """Whether no other program has this catalog open; what its log holds is written into the file then."""
    if not path.is_file():
        return True
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # refused while another has it open
            return True
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    except sqlite3.DatabaseError:  # a damaged one
        return True
