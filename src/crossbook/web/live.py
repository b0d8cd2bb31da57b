"""The book as it stands: a snapshot of the settle desk, made anew in the background when the book changes."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from crossbook.book import Book, StrPath, faults, open_book
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, settle
from crossbook.settle.position import orders_on
from crossbook.trade.last_day import day_of_figures
from crossbook.views.lists import list_payouts

MEMORY = "900MB"  # of the database in one snapshot; what is more goes to disk
PATIENCE = 1.0  # seconds that a page waits for new figures before it shows the old ones, saying so


@dataclass(frozen=True)
class Snapshot:
    """What the desk found, of which state of the book, and the last day that its evidence speaks of."""

    desk: Desk
    state: str
    day: date
    names: dict[str, str]  # of evidence, by SHA-256


class Live:
    """Gives every request the newest snapshot there is. Safe to use from many threads."""

    def __init__(self, path: StrPath) -> None:
        self.book: Book = open_book(path)
        self.path = self.book.path
        self.progress = ("", 0, 0)  # stage, done, of how many
        self._changed = threading.Condition()
        self._snapshot: Snapshot | None = None
        self._working = False
        self._error: CrossbookError | None = None

    def state(self) -> str:
        """A short text that changes with the book: its files, settings and decisions."""
        entries = self.book.journal_head()
        return hashlib.sha256(f"{self.book.facts_state()} {entries} {date.today()}".encode()).hexdigest()  # noqa: DTZ011

    def snapshot(self, patience: float = PATIENCE) -> tuple[Snapshot | None, bool]:
        """The newest snapshot (None before the first), and whether it shows the book as it is now.

        Raises CrossbookError when the book cannot be read.
        """
        state, until = self.state(), time.monotonic() + patience
        with self._changed:
            while True:
                if self._snapshot and self._snapshot.state == state:
                    return self._snapshot, True
                if self._error:
                    error, self._error = self._error, None
                    raise error
                if not self._working:
                    self._working = True
                    threading.Thread(target=self._work, args=(state,), daemon=True).start()
                if not self._changed.wait(timeout=max(0.0, until - time.monotonic())) and time.monotonic() >= until:
                    return self._snapshot, False

    @contextmanager
    def reading(self, snapshot: Snapshot) -> Iterator[Desk]:
        """The snapshot's desk with a database reader of its own, for one request."""
        database = snapshot.desk.database.reader()
        try:
            yield replace(snapshot.desk, engine=database)
        finally:
            database.connection.close()

    def _work(self, state: str) -> None:
        made, failed = None, None
        try:
            made = self._make(state)
        except CrossbookError as error:
            failed = error
        except Exception as error:
            failed = faults.named(error, self.path)
            if failed is None:
                failed = CrossbookError("the book cannot be read", todo="run `crossbook book check`")
                raise
        finally:
            with self._changed:
                self._snapshot = made or self._snapshot
                self._error, self._working, self.progress = failed, False, ("", 0, 0)
                self._changed.notify_all()

    def _make(self, state: str) -> Snapshot:
        # a book opened anew, for book.toml may have changed
        desk = settle(open_book(self.path), progress=self._tell)
        desk.database.bound(MEMORY)
        list_payouts(desk)
        desk.database.ask("verdict")
        day = day_of_figures(desk.database, date.today())  # noqa: DTZ011 - a day where the reader is
        orders_on(desk, day)
        names = desk.database.rows("SELECT sha, name FROM evidence")
        return Snapshot(desk=desk, state=state, day=day, names={r["sha"]: r["name"] for r in names})

    def _tell(self, stage: str, done: int, total: int) -> None:
        self.progress = (stage, done, total)
