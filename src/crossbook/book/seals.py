"""Whether files that are made anew from others are as they were made: fact files, and the databases kept in `cache/`.

A fact file is held against the hash that the catalog has of it, a kept database against its seal: a file beside it with
the SHA-256 of its bytes, under a key of the book. At every opening size and time of change are compared, and the bytes
are hashed where those are others; `check` hashes them all.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from crossbook.book import durable, private
from crossbook.book.book import Book, FactFile
from crossbook.book.durable import opened
from crossbook.book.sharing import rebuilt_by
from crossbook.errors import CrossbookError

ENDING = ".seal"
FOLDER = "cache"
_LONGEST = 4_096  # bytes of a seal
Look = tuple[int, int]  # size and time of change of a file


def look(path: Path) -> Look | None:
    """What can be seen of a file without reading it; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def check_facts(book: Book, files: Iterable[FactFile]) -> None:
    """Raise CrossbookError, with the cure, for the first file whose bytes are not those that the catalog has."""
    for file in files:
        seen = look(file.path)
        if seen is not None and _digest(file.path, seen) == file.sha:
            continue
        of = [f for f in book.fact_files() if f.sha == file.sha] or [file]
        name = next((e["name"] for e in book.evidence() if e["sha"] == file.evidence), file.evidence[:12])
        what = "missing" if seen is None else "changed since they were read from it; no figure is made of them"
        raise CrossbookError(
            f"facts {file.kind}: {what}",
            where=file.path.relative_to(book.path).as_posix() if len(of) > 1 else str(name),
            todo=f"make them anew: crossbook book rebuild{rebuilt_by(of) or f' {file.evidence[:12]}'}",
        )


def _digest(path: Path, seen: Look) -> str | None:
    try:
        return _hashed(str(path), seen)
    except OSError:
        return None


@lru_cache(maxsize=4_096)
def _hashed(path: str, seen: Look) -> str:
    with opened(Path(path)) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(book: Book, part: Path, target: Path) -> None:
    """Give a database that was just made its name, and a seal."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    private.keep(part, book.path)
    with _alone(target.parent, shared=False):
        part.replace(target)
        _write(book, target, digest)


def _write(book: Book, path: Path, digest: str) -> None:
    seen = look(path)
    told = {"sha": digest, "mac": _mac(book, path, digest), "size": seen and seen[0], "changed": seen and seen[1]}
    beside = _beside(path)
    beside.write_text(json.dumps(told), encoding="utf-8")
    private.keep(beside, book.path)


def holds(book: Book, path: Path, *, whole: bool = False) -> bool:
    """Whether a kept database is as it was made. With `whole` its bytes are hashed whatever its look."""
    if _holds(book, path, whole=whole):
        return True
    with _alone(path.parent, shared=True):  # another may be putting both there
        return _holds(book, path, whole=whole)


def _holds(book: Book, path: Path, *, whole: bool) -> bool:
    told, seen = _read(path), look(path)
    if not told or seen is None or not hmac.compare_digest(str(told.get("mac")), _mac(book, path, str(told["sha"]))):
        return False
    if not whole and seen == (told.get("size"), told.get("changed")):
        return True
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False
    if digest != told["sha"]:
        return False
    if not whole:  # a copy of the book
        with contextlib.suppress(OSError):
            _write(book, path, digest)
    return True


def _read(path: Path) -> dict[str, Any]:
    try:
        with _beside(path).open("rb") as file:
            told = json.loads(file.read(_LONGEST))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and isinstance(told.get("sha"), str) else {}


def _mac(book: Book, path: Path, digest: str) -> str:
    return hmac.new(book.key, f"{path.name} {digest}".encode(), "sha256").hexdigest()


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ENDING)


def remove(path: Path) -> None:
    """Take a kept database and its seal away. Raises OSError where the system does not let it."""
    path.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)


def forget(book: Book) -> None:
    """Take all seals away, where the book is to have another key: what they held is made anew."""
    for path in (book.path / FOLDER).glob(f"*{ENDING}"):
        path.unlink()


def sealed(path: Path) -> bool:
    """Whether a kept database has a seal, whatever that says."""
    return look(path) is not None and _beside(path).exists()


def changed(book: Book) -> list[str]:
    """The kept databases that are not as they were made, as paths in the book; those without a seal are not used."""
    found = sorted((book.path / FOLDER).glob(f"*.duckdb{ENDING}"))
    kept = [path.with_name(path.name.removesuffix(ENDING)) for path in found]
    return [f"{FOLDER}/{path.name}" for path in kept if path.exists() and not holds(book, path, whole=True)]


@contextlib.contextmanager
def _alone(folder: Path, *, shared: bool) -> Iterator[None]:
    """One at a time puts a database and its seal there, where the system has such locks."""
    try:
        import fcntl

        handle = durable.handle(folder / ".lock", os.O_RDWR | os.O_CREAT)
    except (ImportError, OSError):
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
