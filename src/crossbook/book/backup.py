"""Backing a book up while others write: its catalog as of one moment first, then what that names.

Nothing is taken away from a backup, and a snapshot stands only when all that could be copied is on disk; so one that is
cut off leaves the earlier ones as they were.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from crossbook.book import catalog, chain, durable, faults, heads, layout, snapshots
from crossbook.book.book import Book
from crossbook.book.snapshots import Kept, Snapshot
from crossbook.errors import CrossbookError
from crossbook.version import __version__

Progress = Callable[[str, int, int], None]  # stage, done, of how many
_TRIES = 5  # to take a catalog whose files all lie where it says; a rebuild meanwhile puts others there
_NOT_KEPT = ("cache", "evidence", "facts", "set-aside")  # made anew, named by the catalog, or out of use
_CANNOT = "the backup cannot be written"


@dataclass
class Backup:
    """What a backup did: the snapshot's number, what it holds, files copied and verified, `problems` of the book that
    it found, what it left out (`notes`)."""

    number: int
    evidence: int
    fact_files: int
    journal: int
    others: int
    copied: int = 0
    copied_bytes: int = 0
    mended: int = 0  # files in the backup that were damaged, and are whole again
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def backup(book: Book, folder: Path, progress: Progress = lambda stage, done, total: None) -> Backup:
    """Add a snapshot of the book to the backup in `folder`, which is made when it is not there.

    Files that the backup has are read and held against their hashes, not copied again. Raises CrossbookError when the
    folder is something else, when the catalog is damaged, when the book is no later state of what was backed up there
    before, and when the disk refuses; the earlier snapshots stand then.
    """
    folder = folder.resolve()
    _may_be(book, folder)
    with snapshots.told(folder, _CANNOT), _alone(folder):
        have = snapshots.numbers(folder)
        number = have[-1] + 1 if have else 1
        staged = snapshots.place(folder, number).with_suffix(snapshots.PART)
        lacking: list[Kept] | None = None
        try:
            for _ in range(_TRIES):
                done, lost, snapshot = _taken(book, folder, staged, number, progress)
                if not lost or lost == lacking:
                    break
                lacking = lost
            done.problems += [f"{file.what}: missing or changed; the backup has no copy either" for file in lost]
            snapshots.write(staged, folder, snapshot)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return done


def _taken(
    book: Book, folder: Path, staged: Path, number: int, progress: Progress
) -> tuple[Backup, list[Kept], Snapshot]:
    """One try: what was done, which named files are nowhere, and the snapshot, not yet written."""
    shutil.rmtree(staged, ignore_errors=True)
    snapshots.make_folder(staged)
    kept = staged / snapshots.CATALOG
    snapshot_catalog(book, kept)
    journal, originals = snapshots.history(kept)
    if number > 1:
        _later(snapshots.place(folder, number - 1) / snapshots.CATALOG, kept, journal, originals)
    named = snapshots.contents(kept)
    notes: list[str] = []
    others = [*_others(book, notes), *_heads(book, kept, staged)]
    done = Backup(
        number=number,
        evidence=len(originals),
        fact_files=len(named) - len(originals),
        journal=len(journal),
        others=len(others),
        problems=_unlike(kept),
        notes=notes,
    )
    lost = []
    facts = {file.sha: file.path for file in book.fact_files()}
    for count, file in enumerate([*named, *others], 1):
        if not _kept(book, folder, file, done, staged, facts):
            lost.append(file)
        progress("backing up", count, len(named) + len(others))
    snapshot = Snapshot(
        number=number,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        catalog=snapshots.hash_of(kept) or "",
        evidence=len(originals),
        fact_files=len(named) - len(originals),
        journal=len(journal),
        head=journal[-1][1] if journal else "",
        files=[{"path": f.book_path, "sha": f.sha, "size": f.size} for f in others if f not in lost],
    )
    return done, lost, snapshot


def _kept(book: Book, folder: Path, file: Kept, done: Backup, staged: Path, facts: Mapping[str, Path]) -> bool:
    """Whether the backup has the file, whole; it is copied when it has not."""
    target = folder / file.path
    there = snapshots.hash_of(target)
    if there == file.sha:
        if file.what.startswith("evidence ") and not book.evidence_path(file.sha).is_file():
            done.problems.append(f"{file.what}: missing in the book; the backup has it")
        return True
    sources = [(staged if file.book_path == heads.FILE else book.path) / file.book_path]
    if file.what.startswith("facts ") and file.sha in facts:  # books from before 0.6 called them by the original
        sources.append(facts[file.sha])
    mode = 0o400 if file.what.startswith("evidence ") else 0o600
    if not any(snapshots.copy(source, target, file.sha, mode=mode) for source in sources):
        return False
    done.copied += 1
    done.copied_bytes += target.stat().st_size
    done.mended += there is not None
    return True


def _others(book: Book, notes: list[str]) -> Iterator[Kept]:
    """What else lies in the book: settings, mappings, messages, pictures; not what is made anew or out of use."""
    for path in sorted(book.path.rglob("*")):
        inside = path.relative_to(book.path)
        first = inside.parts[0]
        if first in (*_NOT_KEPT, heads.FILE) or first.startswith((".", snapshots.CATALOG)) or path.is_dir():
            continue
        name = inside.as_posix()
        sha = None if path.is_symlink() or not path.is_file() else snapshots.hash_of(path)
        if sha is None:
            notes.append(f"{name}: left out, for it is no plain file that can be read")
        else:
            yield snapshots.other(name, sha, path.stat().st_size)


def _heads(book: Book, kept: Path, staged: Path) -> Iterator[Kept]:
    """The heads of what the snapshot's catalog holds, and not those of later changes."""
    own, links = book.path / heads.FILE, dict(snapshots.links(kept))
    if not own.is_file() or not links:
        return
    lines = own.read_text(encoding="utf-8", errors="replace").splitlines()
    told = [line for line in lines if (head := chain.read_head(line.split(" ")[0])) and head.count <= max(links)]
    (staged / heads.FILE).write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
    (staged / heads.FILE).chmod(0o600)
    sha = snapshots.hash_of(staged / heads.FILE)
    if sha:
        yield snapshots.other(heads.FILE, sha, (staged / heads.FILE).stat().st_size)


def _unlike(kept: Path) -> list[str]:
    """Where a catalog is not as its chain says."""
    engine = sa.create_engine(f"sqlite:///{kept}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return chain.held(connection).problems if layout.of(connection) > layout.UNCHAINED else []


def snapshot_catalog(book: Book, target: Path) -> None:
    """The catalog as it is at one moment, as a SQLite file of its own, whatever it is kept on."""
    if book.engine.dialect.name == "sqlite":
        with closing(book.engine.raw_connection()) as connection:  # VACUUM stands outside of any transaction
            try:
                connection.cursor().execute("VACUUM INTO ?", (str(target),))
            except sqlite3.OperationalError as error:
                raise faults.of_catalog(error, target) from None
            except sqlite3.DatabaseError:
                raise CrossbookError(
                    "the catalog is damaged", where=str(book.path), todo="recover it: crossbook book recover FROM"
                ) from None
    else:
        into = sa.create_engine(f"sqlite:///{target}", poolclass=sa.pool.NullPool)
        with book.engine.connect() as connection, into.begin() as written:
            copy_rows(connection, written)
    target.chmod(0o600)


def copy_rows(source: sa.Connection, target: sa.Connection) -> None:
    """Make the tables of a catalog where they are not yet, and put the rows of another into them."""
    there = sa.inspect(source)
    for table in (t for t in (*catalog.meta.sorted_tables, catalog.users) if there.has_table(t.name)):
        table.create(target, checkfirst=True)
        for rows in source.execute(sa.select(table)).mappings().partitions(10_000):
            target.execute(table.insert(), [dict(row) for row in rows])


def _later(before: Path, now: Path, journal: list[tuple[int, str]], originals: set[str]) -> None:
    """Raise CrossbookError unless all that the last snapshot held is in the book as it was."""
    entries, files = snapshots.history(before)
    lost, gone = len(set(entries) - set(journal)), len(files - originals)
    if not (lost or gone) and set(snapshots.links(before)) - set(snapshots.links(now)):
        raise CrossbookError(
            "the book's history is another than the last snapshot has",
            where=str(before.parent),
            todo="its catalog was rewritten, or it is another book: find out which, and back it up into another folder",
        )
    if lost or gone:
        raise CrossbookError(
            f"the book lacks {lost} journal entries and {gone} originals that the last snapshot has",
            where=str(before.parent),
            todo="it was set back, changed, or is another book: find out which, and back it up into another folder",
        )


def _may_be(book: Book, folder: Path) -> None:
    own = book.path.resolve()
    if folder == own or own in folder.parents or folder in own.parents:
        raise CrossbookError("a backup lies outside the book", where=str(folder), todo="name another folder")
    if folder.exists() and not (folder / snapshots.FOLDER).is_dir() and (folder.is_file() or any(folder.iterdir())):
        raise CrossbookError(
            "there is something here already", where=str(folder), todo="name a new folder, or that of a backup"
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time into one folder, where the system has such locks."""
    snapshots.make_folder(folder / snapshots.FOLDER)
    try:
        import fcntl
    except ImportError:
        yield
        return
    with closing(_Handle(durable.handle(folder / ".lock", os.O_RDWR | os.O_CREAT))) as lock:
        try:
            fcntl.flock(lock.number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CrossbookError("another backup is at work here", where=str(folder), todo="wait for it") from None
        yield


@dataclass(frozen=True)
class _Handle:
    number: int

    def close(self) -> None:
        os.close(self.number)
