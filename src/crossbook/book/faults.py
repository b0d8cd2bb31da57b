"""Faults of the machine under a book, each named as what it is, with where and its cure: a full disk, one that takes no
changes, what may not be read, what is missing, a disk that fails, a catalog that is half-made, damaged or held.

What a system or a library says of them is often another thing: SQLite calls a full disk an I/O error, and a folder that
takes no changes a file that cannot be opened.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from crossbook.book import durable
from crossbook.errors import CrossbookError, FaultError

ROOM = 1 << 20  # bytes; on a disk with fewer what failed to write failed by that
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FREE = "free space there, and do it again"
_CHECK = "look at the disk and the system's log, then run `crossbook book check`"
RECOVER = "recover it from a backup: crossbook book recover FROM --replace"
_AGAIN = "make them anew from their originals: crossbook book rebuild"
_TAKES_NONE = "the disk takes no changes here: it is mounted read-only"
_NO_FILE = "it is no file, but a pipe, a device or a socket"
_MAY_NOT = "may not be read or written by this user"
_OWN = "change its permissions, or run this as the user whom it belongs to"

_SYSTEM = {
    errno.EROFS: (_TAKES_NONE, "reading works; to change something mount it for writing, or work on a copy"),
    errno.EACCES: (_MAY_NOT, _OWN),
    errno.EPERM: (_MAY_NOT, _OWN),
    errno.EIO: ("the disk failed while it was read or written", _CHECK),
    errno.ENOENT: ("there is no such file or folder", "look whether it was moved, or its disk is not mounted"),
    errno.ENOTDIR: ("there is a file where a folder should be", "move it away"),
    errno.EISDIR: ("there is a folder where a file should be", "move it away"),
    errno.ELOOP: ("it is a link that leads to itself", "move it away"),
    errno.ENXIO: (_NO_FILE, "move it away"),
    errno.EMFILE: ("too many files are open", "end other programs, or allow more: ulimit -n"),
    errno.ENFILE: ("too many files are open", "end other programs, or allow more: ulimit -n"),
    errno.ENOMEM: ("the computer has not enough memory left", "end other programs, and do it again"),
}


def of_system(error: OSError, *, name: str = "", near: Path | None = None) -> FaultError:
    """What an error of the system means; `name` is what was worked on, `near` a folder that may be meant."""
    at = _named(error)
    if error.errno in _FULL:
        full = next((p for p in (at, near, Path(tempfile.gettempdir())) if p and room(p) < ROOM), at or near)
        where = ": ".join(filter(None, (name, str(full or ""))))
        return FaultError("the disk is full; nothing was written", where=where, todo=_FREE)
    where = ": ".join(dict.fromkeys(filter(None, (name, str(at or "")))))
    if error.errno == errno.ENOENT and at is None and "temporary" in str(error):
        return FaultError(
            "there is no folder for temporary files", where=name, todo="let TMPDIR name a folder with room in it"
        )
    if error.strerror == durable.NO_FILE and not (at and at.is_dir()):
        return FaultError(_NO_FILE, where=where, todo="move it away")
    if error.errno == errno.ENOENT and at is not None and at.is_symlink():
        todo = "put back what it leads to, or remove it"
        return FaultError("it is a link that leads nowhere", where=where, todo=todo)
    number = errno.EISDIR if error.strerror == durable.NO_FILE else error.errno
    what, todo = _SYSTEM.get(number or 0, ("the system refused to read or write it", _CHECK))
    return FaultError(what, where=where or str(near or ""), todo=todo)


def of_catalog(error: BaseException, path: Path) -> CrossbookError:
    """What an error of SQLite on the catalog at `path` means."""
    code = int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    where, ended = str(path), code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
    if code == sqlite3.SQLITE_FULL or (ended and room(path) < ROOM and not _read_only(path)):
        return FaultError("the disk is full; nothing was written", where=where, todo=_FREE)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return closed(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return FaultError(
            "another program has held the catalog for a minute",
            where=where,
            todo="do it again; if nobody is at work, end the crossbook that hangs",
        )
    if code == sqlite3.SQLITE_IOERR:
        return FaultError("the disk failed while it was read or written", where=where, todo=_CHECK)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return CrossbookError("the catalog is damaged", where=where, todo=RECOVER)
    if "no such table" in str(error):
        return half_made(path)
    if code == sqlite3.SQLITE_NOMEM:
        return FaultError(*_SYSTEM[errno.ENOMEM][:1], where=where, todo=_SYSTEM[errno.ENOMEM][1])
    told = getattr(error, "sqlite_errorname", "unknown")
    return CrossbookError(f"the catalog cannot be used ({told})", where=where, todo="run `crossbook book check`")


def closed(path: Path) -> FaultError:
    """Why the catalog at `path` cannot be opened or changed."""
    if room(path) < ROOM and not _read_only(path):
        return FaultError("the disk is full; nothing was written", where=str(path), todo=_FREE)
    for at in (path.parent, path):
        if not _reached(at):
            continue
        if not os.access(at, os.F_OK):
            if at == path:
                return half_made(path)
            return FaultError(*_SYSTEM[errno.ENOENT][:1], where=str(at), todo=_SYSTEM[errno.ENOENT][1])
        if not os.access(at, os.R_OK):
            return FaultError(_MAY_NOT, where=str(at), todo=_OWN)
    for at in (path.parent, path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if at.exists() and not os.access(at, os.W_OK):
            what, todo = _SYSTEM[errno.EROFS if _read_only(at) else errno.EACCES]
            return FaultError(what, where=str(at), todo=todo)
    return FaultError("the catalog cannot be opened", where=str(path), todo=_CHECK)


def half_made(path: Path) -> FaultError:
    """Of a catalog that is missing or has no tables: of a book that was never finished, or of one that has lost it."""
    if begun(path.parent):
        what = "the catalog is empty" if path.exists() else "the catalog is missing"
        return FaultError(f"{what}, though there is a book beside it", where=str(path), todo=RECOVER)
    return FaultError(
        "the book is half-made: making it was cut off", where=str(path.parent), todo="make it again: crossbook init"
    )


def begun(folder: Path) -> bool:
    """Whether a book was ever whole in this folder: it has heads of its chain, or originals."""
    kept = folder / "evidence"
    return (folder / "heads").exists() or (kept.is_dir() and any(kept.iterdir()))


def of_database(error: BaseException) -> CrossbookError | None:
    """What an error of DuckDB means that is one of the machine; None for a fault of ours."""
    text = str(error)
    found = re.search(r'"([^"\n]{1,4096}\.(?:parquet|duckdb))"', text) or re.search(r"'([^'\n]{1,4096})'", text)
    at = Path(found[1]) if found else None
    for words, number in (
        ("No space left", errno.ENOSPC),
        ("Read-only file system", errno.EROFS),
        ("Permission denied", errno.EACCES),
        ("Input/output error", errno.EIO),
        ("Too many open files", errno.EMFILE),
    ):
        if words in text:
            return of_system(OSError(number, "", str(at) if at else None))
    if "Out of Memory" in text:  # of a query that is held to so much, or of the computer: it names no file
        return of_system(OSError(errno.ENOMEM, ""))
    if at is None or at.suffix != ".parquet":
        unread = type(error).__name__ in ("Error", "IOException", "InvalidInputException") and "read_parquet" in text
        return CrossbookError("facts are damaged", todo=_AGAIN) if unread else None
    if not _reached(at) or (at.exists() and not os.access(at, os.R_OK)):
        return FaultError(_MAY_NOT, where=str(at), todo=_OWN)
    what = "facts are damaged" if at.exists() else "facts are missing"
    return CrossbookError(what, where=str(at), todo=_AGAIN)


def named(error: BaseException, near: Path | None = None) -> CrossbookError | None:
    """What any error means that is one of the machine; None for a fault of ours."""
    database = sys.modules.get("duckdb")
    if database is not None and isinstance(error, database.Error):
        return of_database(error)
    if isinstance(error, sqlite3.Error) and near is not None:
        return of_catalog(error, near / "catalog.sqlite")
    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        return of_system(error, near=near)
    if isinstance(error, MemoryError):
        what, todo = _SYSTEM[errno.ENOMEM]
        return FaultError(what, todo=todo)
    return None


@contextlib.contextmanager
def naming(name: str, near: Path | None = None) -> Iterator[None]:
    """Errors of the system as what they are, for work on what is called `name`."""
    try:
        yield
    except OSError as error:
        raise of_system(error, name=name, near=near) from None


def room(path: Path) -> int:
    """The bytes that may still be written where this lies, or will lie; many where the system does not say."""
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        told = os.statvfs(path)
    except (OSError, AttributeError):
        return 1 << 62
    return told.f_bavail * told.f_frsize


def fullest(words: Iterable[str]) -> Path | None:
    """The first path of these whose disk is full, if any."""
    return next((Path(w) for w in words if w and Path(w).parent.is_dir() and room(Path(w)) < ROOM), None)


def _read_only(path: Path) -> bool:
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):
        return False


def _reached(path: Path) -> bool:
    """Whether the folder that it lies in may be looked into."""
    return os.access(path.parent, os.X_OK) or not path.parent.exists()


def _named(error: OSError) -> Path | None:
    if isinstance(error.filename, str | bytes):
        return Path(os.fsdecode(error.filename))
    return None
