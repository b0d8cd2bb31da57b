"""Working one book of a fleet, in a process of its own: its figures into the results, or why there are none."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crossbook.book import Book, faults, open_book
from crossbook.book.book import CONFIG, OWN_CATALOG
from crossbook.errors import CrossbookError, FaultError
from crossbook.fleet import results
from crossbook.fleet.figures import figures, look_of, state_of
from crossbook.fleet.places import Place, Remote, fetch, place

if TYPE_CHECKING:
    import pyarrow as pa

    Figures = Callable[[Book], Iterator[tuple[str, str, pa.Table | pa.RecordBatchReader]]]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One book to work: where it lies, where its results go, in which run."""

    book: str
    path: str
    results: str
    run: str
    again: bool = False  # work it although its state is that of its figures


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a book: `status` is done, same (nothing had changed) or failed, with why."""

    book: str
    status: str
    seconds: float = 0.0
    verdict: str = ""
    what: str = ""
    where: str = ""
    todo: str = ""


def work(task: Task, made: Figures = figures) -> Outcome:
    """Work a book; `made` makes its tables. Never raises for a fault of the book or the machine: that is an outcome,
    and is kept."""
    began = time.perf_counter()
    folder = results.folder_of(place(task.results), task.book)
    mark = folder / results.BEGUN
    try:
        with faults.naming("", folder) if isinstance(folder, Path) else nullcontext():
            folder.mkdir(parents=True, exist_ok=True)
            mark.write_bytes(str(os.getpid()).encode())
        status = _worked(task, folder, made, began)
        return Outcome(book=task.book, status=status, seconds=time.perf_counter() - began)
    except Exception as error:  # noqa: BLE001 - one book stops nothing: what it was is told
        return _failed(task, folder, error, time.perf_counter() - began)
    finally:
        _unmark(mark)


def _worked(task: Task, folder: Place, made: Figures, began: float) -> str:
    path = place(task.path)
    look = look_of(path)  # before it is opened: what changes from here on shows
    held = results.standing(folder.parent, task.book, whole=True)
    if isinstance(path, Remote) and held.done and held.done.look == look and not held.faults and not task.again:
        results.unfail(folder)  # it is not even fetched
        return "same"
    with at_hand(there(path)) as here:
        book = open_book(here)
        try:
            return _figured(task, folder, held, book, look, made, began)
        finally:
            if "engine" in vars(book):  # else it stays open in this process, and nobody can bring it over
                book.engine.dispose()


def _figured(
    task: Task, folder: Place, held: results.Standing, book: Book, look: str, made: Figures, began: float
) -> str:
    state = state_of(book)
    if held.done and held.done.state == state and not held.faults and not task.again:
        results.unfail(folder)
        return "same"
    at, files = results.write(folder, task.run, state, made(book))
    seconds = round(time.perf_counter() - began, 3)
    done = results.Done(run=task.run, state=state, seconds=seconds, files=tuple(files), look=look)
    results.publish(folder, done, at)
    return "done"


@contextmanager
def at_hand(path: Place) -> Iterator[Path]:
    """A book in a folder of this machine: its own, or a copy of what desks read of it, for as long as this lasts."""
    if isinstance(path, Path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        fetch(path, Path(folder))
        yield Path(folder)


def there(path: Place) -> Place:
    """Where a book of a fleet lies. Raises CrossbookError where there is none."""
    if not (path / CONFIG).is_file() and not (path / OWN_CATALOG).is_file():
        raise CrossbookError("there is no book here", where=str(path), todo="put it back, or take it off fleet.toml")
    return path


def why(error: Exception, path: Place) -> tuple[str, CrossbookError]:
    """Why the book at this path could not be worked or opened: a verdict of `results.Failed`, and what is told."""
    near = path if isinstance(path, Path) else Path(tempfile.gettempdir())
    told = error if isinstance(error, CrossbookError) else faults.named(error, near)
    if told is None:
        return "unexpected", CrossbookError(f"the program failed on it ({type(error).__name__})")
    if isinstance(told, FaultError):
        gone = isinstance(path, Path) and not (path / CONFIG).is_file()
        return "missing" if gone else "machine", told
    if isinstance(path, Remote) and told.where != str(path):
        told = CrossbookError(told.what, where=str(path), todo=told.todo)  # not of the copy that it was worked in
    return "refused" if (path / CONFIG).is_file() else "missing", told


def _failed(task: Task, folder: Place, error: Exception, seconds: float) -> Outcome:
    verdict, told = why(error, place(task.path))
    return keep_failure(task, folder, verdict=verdict, told=told, seconds=seconds)


def keep_failure(task: Task, folder: Place, *, verdict: str, told: CrossbookError, seconds: float = 0.0) -> Outcome:
    """A book's failure as its outcome; kept beside its results where the disk takes it."""
    failed = results.Failed(run=task.run, verdict=verdict, what=told.what, where=told.where, todo=told.todo)
    try:
        results.fail(folder, failed)
    except (OSError, FaultError) as error:
        near = folder if isinstance(folder, Path) else None
        kept = error if isinstance(error, FaultError) else faults.of_system(error, near=near)
        failed = results.Failed(run=task.run, verdict="machine", what=kept.what, where=kept.where, todo=kept.todo)
    return Outcome(
        book=task.book,
        status="failed",
        seconds=seconds,
        verdict=failed.verdict,
        what=failed.what,
        where=failed.where,
        todo=failed.todo,
    )


def _unmark(mark: Place) -> None:
    with suppress(OSError, FaultError):
        mark.unlink(missing_ok=True)
