"""A run over a fleet: which books, the largest first, whoever works them; what ends from outside is found out."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crossbook.book import faults
from crossbook.errors import CrossbookError, FaultError
from crossbook.fleet import local, results
from crossbook.fleet.listing import Fleet, Member
from crossbook.fleet.places import Place, Remote, place, remove
from crossbook.fleet.working import Outcome, Task, keep_failure

Runner = Callable[[Sequence[Task], int], Iterator[Outcome]]
Progress = Callable[[int, int], None]  # done, of how many
TRIES = 2  # with others, before a book whose process ends is worked alone


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a run ended: the outcome of each book, in the fleet's order."""

    run: str
    outcomes: tuple[Outcome, ...]

    def counts(self) -> dict[str, int]:
        """How many books were done, the same as before, or failed."""
        found = Counter(o.status for o in self.outcomes)
        return {status: found[status] for status in ("done", "same", "failed")}


def size_of(book: Place) -> int:
    """The bytes of a book's facts, by which it is sized: 0 where they cannot be seen."""
    total = 0
    if isinstance(book, Remote):
        with contextlib.suppress(FaultError):
            total = sum(size for size, _ in (book / "facts").within().values())
        return total
    for path in (book / "facts").rglob("*.parquet"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def run_fleet(
    fleet: Fleet,
    *,
    books: Sequence[Member] = (),
    jobs: int = 0,
    runner: Runner = local.run,
    again: bool = False,
    progress: Progress = lambda done, of: None,
) -> Run:
    """Work the books of a fleet whose state has changed, the largest first. A book that fails stops nothing.

    Raises CrossbookError where another run is at work, or the folder takes no results.
    """
    wanted = list(books or fleet.books)
    name = secrets.token_hex(4)
    if isinstance(fleet.results, Path):
        with faults.naming("results", fleet.results.parent):
            fleet.results.mkdir(parents=True, exist_ok=True)
    with _alone(fleet.results):
        for member in wanted:
            _clear(results.folder_of(fleet.results, member.id))
        sized = sorted(wanted, key=lambda m: (-size_of(m.path), m.id))
        tasks = [
            Task(
                book=m.id,
                path=str(m.path.resolve()),
                results=str(fleet.results.resolve()),
                run=name,
                again=again,
            )
            for m in sized
        ]
        found = _all(tasks, jobs or local.cores(), runner, progress)
    return Run(run=name, outcomes=tuple(found[m.id] for m in wanted))


def _all(tasks: list[Task], jobs: int, runner: Runner, progress: Progress) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    strikes: Counter[str] = Counter()
    progress(0, len(tasks))
    while waiting := [task for task in tasks if task.book not in found]:
        alone = [task for task in waiting if strikes[task.book] >= TRIES]
        batch = [task for task in waiting if task not in alone] or alone[:1]
        for outcome in runner(batch, min(jobs, len(batch))):
            found[outcome.book] = outcome
            progress(len(found), len(tasks))
        left = [task for task in batch if task.book not in found]
        marked = {task.book for task in left if (folder_of(task) / results.BEGUN).exists()}
        for task in left:
            if (kept := _kept(task)) is not None:
                found[task.book] = kept
            elif strikes[task.book] >= TRIES:
                found[task.book] = keep_failure(task, folder_of(task), verdict="ended", told=_killed(task))
            elif task.book in marked or not marked:
                strikes[task.book] += 1
    return found


def folder_of(task: Task) -> Place:
    """Where the results of a task's book are."""
    return results.folder_of(place(task.results), task.book)


def _kept(task: Task) -> Outcome | None:
    """What became of a book in this run, though whoever gathers outcomes was ended before it told; None where nothing
    did."""
    held = results.standing(place(task.results), task.book)
    if held.failed and held.failed.run == task.run:
        told = held.failed
        return Outcome(
            book=task.book,
            status="failed",
            verdict=told.verdict,
            what=told.what,
            where=told.where,
            todo=told.todo,
        )
    if held.done and held.done.run == task.run:
        return Outcome(book=task.book, status="done", seconds=held.done.seconds)
    return None


def _killed(task: Task) -> CrossbookError:
    return CrossbookError(
        "the process that worked it was ended, again and again",
        where=task.path,
        todo="see whether the machine ran out of memory; work it alone: crossbook fleet work --only",
    )


def _clear(folder: Place) -> None:
    """Take away what a run that was ended left: its mark, and a folder that nothing names."""
    if not folder.is_dir():
        return
    held = results.standing(folder.parent, folder.name.removeprefix("book=")).done
    named = {f.path.partition("/")[0] for f in held.files if f.path} if held else set()
    with contextlib.suppress(OSError, FaultError):
        (folder / results.BEGUN).unlink(missing_ok=True)
        for other in folder.iterdir():
            if other.is_dir() and other.name not in named:
                remove(other)


@contextmanager
def _alone(folder: Place) -> Iterator[None]:
    """One run at a time works a fleet, where the system has such locks; of a fleet in object storage one of a machine's
    user."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    if isinstance(folder, Remote):
        told = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        lock = Path(tempfile.gettempdir()) / f"crossbook-fleet-{os.getuid()}-{told}.lock"
    else:
        lock = folder / ".lock"
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CrossbookError(
                "another run is at work on this fleet", where=str(folder), todo="wait until it has ended"
            ) from None
        yield
