"""The catalog in the book's own folder, a SQLite file: opened to read and write, and where nothing can be written
read as it is, or from a copy in memory.

SQLite in WAL mode writes beside its file even to read it. So where that cannot be (a read-only mount, a full disk, the
folder of somebody else) and no writer has left its files there, the catalog is copied: with what its log holds.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crossbook.book import faults
from crossbook.errors import CrossbookError

PATIENCE = 60  # seconds that a writer waits for the others
_TRIES = 20  # to copy what somebody writes to meanwhile
_NEEDED = 64 << 10  # bytes that SQLite writes beside the catalog to read it
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite calls its own files, which it opens only where they are files
_NO_WRITING = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)
_STATE = "the state of what was copied"


class _Reading(sqlite3.Connection):
    """One that only reads, for nothing could be written when it was opened."""


class _Copy(_Reading):
    """A copy of the catalog in memory."""


def open_own(path: Path, *, new: bool = False) -> sa.Engine:
    """An engine on the catalog at `path`; only a `new` one is made where there is none.

    What goes wrong with it later is raised as CrossbookError, but for sqlalchemy.exc.IntegrityError.
    """
    engine = sa.create_engine(f"sqlite:///{path}", creator=lambda: _connected(path, new))

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, in one place
        if isinstance(connection, _Reading):
            record.info[_STATE] = _state(path)
            return
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "checkout")
    def _as_it_is(connection: Any, record: Any, proxy: Any) -> None:
        changed = isinstance(connection, _Copy) and record.info.get(_STATE) != _state(path)
        if changed or (isinstance(connection, _Reading) and _writable(path)):
            raise sa.exc.DisconnectionError  # opened or copied anew

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        if writes and isinstance(connection.connection.dbapi_connection, _Reading):
            raise faults.closed(path)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @sa.event.listens_for(engine, "handle_error")
    def _tell(context: sa.engine.ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
            raise faults.of_catalog(error, path)

    return engine


def _connected(path: Path, new: bool) -> sqlite3.Connection:
    if path.exists() and not path.is_file():
        raise CrossbookError("the catalog is no file", where=str(path), todo=faults.RECOVER)
    for beside in (path.with_name(f"{path.name}{ending}") for ending in BESIDE):
        if beside.is_symlink() or (beside.exists() and not beside.is_file()):
            raise CrossbookError("where SQLite keeps its own there is no file", where=str(beside), todo="move it away")
    if new or not path.exists():
        return _opened(path, "rwc" if new else "rw")
    if not os.access(path, os.R_OK):
        raise faults.closed(path)
    try:
        found = _opened(path, "rw") if _writable(path) else _opened(path, "ro", _Reading)
        found.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return found
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in _NO_WRITING:
            return _copied(path)
        raise


def _writable(path: Path) -> bool:
    """Whether the catalog may be written, and there is room for what SQLite needs to read it."""
    return os.access(path.parent, os.W_OK) and os.access(path, os.W_OK) and faults.room(path) >= _NEEDED


def _opened(path: Path, mode: str, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=PATIENCE, check_same_thread=False, factory=kind)


def _copied(path: Path) -> sqlite3.Connection:
    """A copy in memory of the catalog and its log as they are at one moment."""
    for _ in range(_TRIES):
        before = _state(path)
        copy = sqlite3.connect(":memory:", check_same_thread=False, factory=_Copy)
        with ExitStack() as stack:
            if before[1] is not None and before[1][1]:  # there is a log: it is read where it may be written
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="crossbook-"))
                for beside in (path, _log(path)):
                    shutil.copyfile(beside, Path(folder, beside.name))
                source = stack.enter_context(closing(sqlite3.connect(Path(folder, path.name))))
            else:
                source = stack.enter_context(closing(_opened(path, "ro&immutable=1")))
            source.backup(copy)
        if before == _state(path):
            return copy
        copy.close()
    raise faults.closed(path)


def _state(path: Path) -> tuple[tuple[int, int, int] | None, ...]:
    """What changes when the catalog does."""
    found: list[tuple[int, int, int] | None] = []
    for beside in (path, _log(path)):
        try:
            told = beside.stat()
            found.append((told.st_ino, told.st_size, told.st_mtime_ns))
        except OSError:
            found.append(None)
    return tuple(found)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
