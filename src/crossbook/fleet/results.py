"""The results folder of a fleet: of each book the Parquet files of one state, and a file that says which are whole.

    results/book=ID/STATE.RUN/desk=settle/findings.parquet
    results/book=ID/done.json       which of these folders holds, its state, and each file with rows, size and SHA-256
    results/book=ID/failed.json     why the last run could not work the book, if it could not

`done.json` is renamed into place once its files are safely on disk: a reader sees all of a book's figures or those
before them. What a stopped run leaves is named by nothing and removed by the next.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.book import faults
from crossbook.errors import CrossbookError
from crossbook.fleet.places import Place, Remote, put, remove

if TYPE_CHECKING:
    import pyarrow as pa

DONE, FAILED, BEGUN = "done.json", "failed.json", "begun"


@dataclass(frozen=True, kw_only=True)
class File:
    """One table of a book: its desk, its name, how many rows, and the file, which is none where it has no rows."""

    desk: str
    name: str
    rows: int
    size: int = 0
    sha: str = ""
    path: str = ""  # in the folder of the book's results


@dataclass(frozen=True, kw_only=True)
class Done:
    """The figures of a book that hold: made in which run, from which state of it, in how many seconds. `look` is how
    its files looked then, by which it is known to be in that state without being opened; empty where it is not."""

    run: str
    state: str
    seconds: float
    files: tuple[File, ...]
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class Failed:
    """Why a book could not be worked. `verdict` is missing (no book there), refused (its own fault), machine (a full
    disk, a lock, permissions), ended (the process that worked it was ended) or unexpected (a fault of the program)."""

    run: str
    verdict: str
    what: str
    where: str = ""
    todo: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands of a book: its figures, and why the last run failed. Both: the figures are of an earlier state."""

    book: str
    folder: Place
    done: Done | None = None
    failed: Failed | None = None
    faults: tuple[str, ...] = field(default=())  # files that are not as they were written

    @property
    def status(self) -> str:
        """One of done, failed, stale (failed, with figures of an earlier state), damaged, waiting (never worked)."""
        if self.faults:
            return "damaged"
        if self.failed:
            return "stale" if self.done else "failed"
        return "done" if self.done else "waiting"


def folder_of(results: Place, book: str) -> Place:
    """Where the results of a book are."""
    return results / f"book={book}"


def write(
    folder: Place, run: str, state: str, tables: Iterable[tuple[str, str, pa.Table | pa.RecordBatchReader]]
) -> tuple[Place, list[File]]:
    """Write the tables of a state into a folder of their own. Raises FaultError; then nothing is left there."""
    at = folder / f"{state[:16]}.{run}.{secrets.token_hex(3)}"
    files = []
    try:
        for desk, name, table in tables:
            content, rows = _as_parquet(table)
            if not rows:
                files.append(File(desk=desk, name=name, rows=0))
                continue
            inside = f"{at.name}/desk={desk}/{name}.parquet"
            _put(folder / inside, content)
            sha = hashlib.sha256(content).hexdigest()
            files.append(File(desk=desk, name=name, rows=rows, size=len(content), sha=sha, path=inside))
    except BaseException:
        remove(at)
        raise
    return at, files


def _as_parquet(table: pa.Table | pa.RecordBatchReader) -> tuple[bytes, int]:
    """A table as the bytes of a file, and how many rows it has; what comes some rows at a time is held as
    those bytes alone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink, rows = pa.BufferOutputStream(), 0
    with pq.ParquetWriter(sink, table.schema, compression="zstd") as writer:
        for part in (table,) if isinstance(table, pa.Table) else table:
            if part.num_rows:
                writer.write(part)
                rows += part.num_rows
    return sink.getvalue().to_pybytes(), rows


def publish(folder: Place, done: Done, at: Place) -> None:
    """Let these figures hold, and take away what held before. Raises OSError, FaultError."""
    _put(folder / DONE, _json(done), whole=True)
    (folder / FAILED).unlink(missing_ok=True)
    for other in folder.iterdir():
        if other.is_dir() and other != at:
            remove(other)


def fail(folder: Place, failed: Failed) -> None:
    """Say why a book could not be worked; its earlier figures stay. Raises OSError, FaultError."""
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / FAILED, _json(failed), whole=True)


def unfail(folder: Place) -> None:
    """A book whose state is that of its figures is not failed any more."""
    (folder / FAILED).unlink(missing_ok=True)


def standing(results: Place, book: str, *, whole: bool = False) -> Standing:
    """What stands of a book. With `whole` the bytes of its files are held against their hashes, else their sizes."""
    folder = folder_of(results, book)
    told, wrong = _read(folder / DONE), _read(folder / FAILED)
    done = failed = None
    faults: tuple[str, ...] = ()
    try:
        if told is not None:
            done = Done(**{**told, "files": tuple(File(**f) for f in told["files"])})
        if wrong is not None:
            failed = Failed(**wrong)
    except (TypeError, KeyError):
        done, faults = None, (DONE,)
    if done is not None:
        sizes = {name: size for name, (size, _) in folder.within().items()} if isinstance(folder, Remote) else None
        faults = tuple(f.path for f in done.files if f.path and not _sound(folder / f.path, f, sizes, whole))
    return Standing(book=book, folder=folder, done=done, failed=failed, faults=faults)


def files_of(found: Iterable[Standing], desk: str, name: str) -> list[tuple[str, Place]]:
    """The Parquet files of one table, each with its book. Raises CrossbookError for a file that was changed."""
    paths = []
    for one in found:
        if one.faults:
            raise CrossbookError(
                "figures of a book were changed or are missing",
                where=str(one.folder / one.faults[0]),
                todo="make them anew: crossbook fleet work",
            )
        for file in one.done.files if one.done else ():
            if (file.desk, file.name) == (desk, name) and file.path:
                paths.append((one.book, one.folder / file.path))
    return paths


def _put(at: Place, content: bytes, *, whole: bool = False) -> None:
    """Write a file; a disk that is full is told by where this lies, for it is not the book's. Raises FaultError."""
    with faults.naming("", at.parent) if isinstance(at, Path) else nullcontext():
        put(at, content, whole=whole)


def _sound(path: Place, file: File, sizes: dict[str, int] | None, whole: bool) -> bool:
    try:
        if (path.stat().st_size if isinstance(path, Path) else (sizes or {}).get(file.path)) != file.size:
            return False
        return not whole or hashlib.sha256(path.read_bytes()).hexdigest() == file.sha
    except OSError:
        return False


def _read(path: Place) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _json(value: Done | Failed) -> bytes:
    return json.dumps(asdict(value), ensure_ascii=False, indent=1).encode()
