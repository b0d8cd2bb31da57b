"""The folder that a book is backed up into: originals and facts once each, and numbered snapshots that name them.

`evidence/` and `facts/` hold files under the SHA-256 of their content, as a book does, `files/` all else that lay in
the book (settings, mappings, messages, pictures). Each backup adds a folder `snapshots/000001`, `000002` and so on: the
catalog as it was at one moment, always a SQLite file, and `snapshot.json`, which says what it holds and its hashes.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from crossbook.book import faults
from crossbook.book.durable import opened, sync
from crossbook.errors import CrossbookError

CATALOG, TOLD, FOLDER, PART = "catalog.sqlite", "snapshot.json", "snapshots", ".part"
LAYOUT = 1
_BLOCK = 1 << 20
_MOST = 256 << 20  # bytes of what a snapshot says of itself: over a million files


@dataclass(frozen=True)
class Kept:
    """A file of a book by its content: where it lies in a backup, and where in a book, as paths below either."""

    sha: str
    size: int | None  # bytes; None where only the hash is known
    path: str  # in the backup
    book_path: str
    what: str  # for people


@dataclass(frozen=True)
class Snapshot:
    """What one backup holds. `files` are those beside evidence and facts, each with path, sha and size."""

    number: int
    made_at: str
    version: str  # of the program that made it
    catalog: str  # the SHA-256 of the catalog's bytes
    evidence: int
    fact_files: int
    journal: int
    head: str  # the hash of the journal's last entry
    files: list[dict[str, Any]]
    layout: int = LAYOUT


def numbers(folder: Path) -> list[int]:
    """The numbers of the finished snapshots in a backup, oldest first."""
    found = folder.glob(f"{FOLDER}/[0-9]*/{TOLD}")
    return sorted(int(path.parent.name) for path in found if re.fullmatch("[0-9]+", path.parent.name))


def place(folder: Path, number: int) -> Path:
    """The folder of one snapshot."""
    return folder / FOLDER / f"{number:06}"


def read(folder: Path, number: int) -> Snapshot:
    """What a snapshot says of itself. Raises CrossbookError when that, or its catalog, is not as it was written."""
    here = place(folder, number)
    todo = "recover an earlier snapshot with --snapshot"
    try:
        with opened(here / TOLD) as file:
            told = json.loads(file.read(_MOST))
        layout = told["layout"]
        if layout == LAYOUT:
            snapshot = _sound(Snapshot(**told))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise CrossbookError("the snapshot cannot be read", where=str(here / TOLD), todo=todo) from None
    if layout != LAYOUT:
        raise CrossbookError(
            f"a backup of layout {layout}, this crossbook reads {LAYOUT}", where=str(here), todo="use a newer crossbook"
        )
    if hash_of(here / CATALOG) != snapshot.catalog:
        raise CrossbookError("the catalog of the snapshot was changed", where=str(here / CATALOG), todo=todo)
    return snapshot


def _sound(snapshot: Snapshot) -> Snapshot:
    """A snapshot whose fields are of their kinds, as one that was written here is. Raises ValueError."""
    kinds = {f.name: {"int": int, "str": str}.get(str(f.type), list) for f in fields(snapshot)}
    names = [getattr(snapshot, name) for name, kind in kinds.items() if kind is str]
    files = [file if isinstance(file, dict) else {} for file in snapshot.files]
    if (
        any(type(getattr(snapshot, name)) is not kind for name, kind in kinds.items())
        or any(not isinstance(name, str) or not name.isprintable() for name in names)
        or any(type(file.get("size")) is not int or not isinstance(file.get("path"), str) for file in files)
        or any("\0" in file["path"] or not re.fullmatch("[0-9a-f]{64}", str(file.get("sha"))) for file in files)
    ):
        raise ValueError("not as it is written here")
    return snapshot


def write(staged: Path, folder: Path, snapshot: Snapshot) -> None:
    """Finish a snapshot: what it says of itself, then its name, safely on disk."""
    told = staged / TOLD
    told.write_text(json.dumps(asdict(snapshot), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    told.chmod(0o600)
    for path in (staged / CATALOG, told, staged):
        sync(path)
    target = place(folder, snapshot.number)
    staged.rename(target)
    sync(target.parent)


def contents(path: Path) -> list[Kept]:
    """The originals and fact files that a catalog, a SQLite file that nobody writes, names. Raises CrossbookError."""
    with reading(path) as connection:
        originals = connection.execute("SELECT sha, size, name FROM evidence ORDER BY seq").fetchall()
        facts = connection.execute("SELECT kind, sha, evidence FROM fact_file ORDER BY kind, sha").fetchall()
    found = []
    for sha, size, name in originals:
        at = f"evidence/{sha[:2]}/{sha}"
        found.append(Kept(sha=sha, size=size, path=at, book_path=at, what=f"evidence {name} ({sha[:12]})"))
    seen = set()
    for kind, sha, evidence in facts:
        if (kind, sha) in seen:  # of several originals
            continue
        seen.add((kind, sha))
        at = f"facts/{kind}/{sha}.parquet"
        found.append(Kept(sha=sha, size=None, path=at, book_path=at, what=f"facts {kind}/{evidence[:12]}"))
    return found


def others(snapshot: Snapshot) -> list[Kept]:
    """What a snapshot holds beside originals and facts."""
    return [other(file["path"], file["sha"], file["size"]) for file in snapshot.files]


def other(path: str, sha: str, size: int) -> Kept:
    """A file of a book that is neither an original nor of facts."""
    return Kept(sha=sha, size=size, path=f"files/{sha[:2]}/{sha}", book_path=path, what=path)


def history(path: Path) -> tuple[list[tuple[int, str]], set[str]]:
    """The journal's entries as (number, hash), and the hashes of the originals, of a catalog that nobody writes."""
    with reading(path) as connection:
        journal = connection.execute("SELECT seq, hash FROM journal ORDER BY seq").fetchall()
        return journal, {sha for (sha,) in connection.execute("SELECT sha FROM evidence")}


def links(path: Path) -> list[tuple[int, str]]:
    """The links of the chain as (number, hash), of a catalog that nobody writes; none in one of an older layout."""
    with reading(path) as connection:
        made = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'link'").fetchone()
        return connection.execute("SELECT seq, hash FROM link ORDER BY seq").fetchall() if made else []


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A SQLite file that nobody writes, read without leaving a trace. Raises CrossbookError when it is damaged."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            yield connection
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        raise CrossbookError("the catalog is damaged", where=str(path), todo="recover an earlier snapshot") from None


def hash_of(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None where there is none to be read."""
    try:
        with opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def copy(source: Path, target: Path, sha: str, *, mode: int = 0o600) -> bool:
    """Copy a file whose bytes have this SHA-256, under its name only when whole and on disk.

    Returns whether there was such a file; one with other bytes is not copied. Raises OSError when `target` cannot be
    written.
    """
    make_folder(target.parent)
    part = target.with_name(f"{target.name}{PART}")
    digest = hashlib.sha256()
    try:
        file = opened(source)
    except OSError:
        return False
    with file, part.open("wb") as out:
        while block := _block(file):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != sha:
        part.unlink()
        return False
    with contextlib.suppress(PermissionError):  # a disk that keeps no rights
        part.chmod(mode)
    part.replace(target)
    sync(target.parent)
    return True


def _block(file: Any) -> bytes:
    try:
        return bytes(file.read(_BLOCK))
    except OSError:  # of a disk that fails: what was read so far has another hash
        return b""


def make_folder(path: Path) -> None:
    """A folder, and those above it, that others may not look into."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        sync(path.parent)


@contextlib.contextmanager
def told(folder: Path, what: str) -> Iterator[None]:
    """Say what goes wrong with the disk that `folder` is on, and that nothing is lost by it."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CrossbookError(f"{what}: the disk is full", where=str(folder), todo="free space, and again") from None
        found = faults.of_system(error, near=folder)
        raise CrossbookError(f"{what}: {found.what}", where=found.where, todo=found.todo) from None
