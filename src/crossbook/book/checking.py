"""Checking a book against itself, and making its facts anew."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crossbook.book import catalog, journal
from crossbook.book.adding import name_facts, place, source_of, written_facts
from crossbook.book.book import Book, FactFile, fact_name
from crossbook.book.mapping import FOLDER
from crossbook.book.reading import Job, Told, left, read_apart
from crossbook.sources.source import Reading

BUSY = "files are being added just now; what the catalog does not name was not looked for: check again later"
RESTORE = "restore it from a backup"


@dataclass
class Report:
    """What a check found. `problems` say what is missing, changed or unreadable; `orphans` are files of evidence and
    facts that the catalog does not name, as paths in the book."""

    evidence: int = 0
    fact_files: int = 0
    journal: int = 0
    problems: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems and not self.orphans


def check(book: Book, progress: Callable[[int], None] = lambda done: None) -> Report:
    """Re-hash evidence and facts, verify the journal's chain, name the files that no catalog row names.

    It only reads. What the catalog does not name may be an original whose catalog was replaced by an older one, so it
    is told and left where it is.
    """
    report = Report()
    with book.lock(shared=False) as alone:
        lying = _lying(book) if alone else []
        with book.engine.connect() as connection:
            broken = journal.broken_at(connection)
            report.journal = len(journal.entries(connection)) if broken is None else 0
            evidence = connection.execute(sa.select(catalog.evidence)).mappings().all()
        files = book.fact_files()
    if broken is not None:
        report.problems.append(f"journal: entry {broken} was changed, removed or reordered")
    report.problems += _mappings(book)
    if not alone:
        report.notes.append(BUSY)
    for row in evidence:
        path = book.evidence_path(row["sha"])
        report.problems += _compare(path, row["sha"], f"evidence {row['name']} ({row['sha'][:12]})", RESTORE)
        report.evidence += 1
        progress(1)
    wrong: dict[FactFile, list[str]] = {}
    for file in files:
        told = _compare(file.path, file.sha, f"facts {file.kind}/{file.evidence[:12]}", "run `crossbook book rebuild`")
        if told:
            wrong[file] = told
        report.fact_files += 1
        progress(1)
    if wrong:  # a rebuild meanwhile may have set them aside
        still = set(book.fact_files())
        report.problems += [text for file, told in wrong.items() if file in still for text in told]
    known = {book.evidence_path(row["sha"]) for row in evidence} | {file.path for file in files}
    report.orphans = [path.relative_to(book.path).as_posix() for path in lying if path not in known]
    return report


def _mappings(book: Book) -> list[str]:
    """Mappings that people decided to read by, and that are not where files are read by them."""
    kept: dict[str, bool] = {}
    for entry in book.journal():
        if entry.action in ("map", "unmap"):
            kept[entry.subject] = entry.action == "map"
    return [
        f"mapping {name}: missing; decide the reading again: crossbook decide reading"
        for name, stands in kept.items()
        if stands and not (book.path / FOLDER / f"{name}.toml").exists()
    ]


def _lying(book: Book) -> list[Path]:
    """Every file where evidence and facts lie."""
    folders = (book.evidence_dir, book.facts_dir)
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _compare(path: Path, sha: str, what: str, todo: str) -> list[str]:
    """What is wrong with a file that should have this SHA-256, if anything."""
    try:
        with path.open("rb") as file:
            held = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return [f"{what}: missing; {todo}"]
    except OSError as error:
        return [f"{what}: cannot be read ({error.strerror}); {todo}"]
    return [] if held == sha else [f"{what}: changed since it was added; {todo}"]


def rebuild(book: Book, progress: Callable[[int], None] = lambda done: None) -> Report:
    """Make every fact file anew from its evidence, by the source and mapping that read it first.

    Files that it replaces are moved to `set-aside/`, out of the readers' way. A book from before fact files were called
    by their content has them so afterwards. Where the original itself is missing or changed its facts stay as they are,
    and the report says so.
    """
    report = Report()
    whole = True
    with book.lock(shared=True):
        for row in book.evidence():
            name = f"evidence {row['name']} ({row['sha'][:12]})"
            if wrong := _compare(book.evidence_path(row["sha"]), row["sha"], name, RESTORE):
                report.problems += wrong
                whole = False
            else:
                _rebuild(book, row, report)
            progress(1)
        if whole:
            with catalog.writing(book.engine) as connection:
                catalog.note_facts_by_content(connection)
    return report


def _rebuild(book: Book, row: dict[str, Any], report: Report) -> None:
    sha = row["sha"]
    kept = book.evidence_path(sha)
    job = Job(
        path=kept,
        name=row["name"],
        book=Book(book.path),
        sha=sha,
        account=row["account"],
        source=None,
        yes=(),
        currency=None,
        partial=row["partial"],
    )
    before = {file.path for file in book.fact_files() if file.evidence == sha}
    before |= set(book.facts_dir.glob(f"*/{fact_name(sha)}"))  # as older books called them
    with (
        read_apart(partial(_read, row), job, row["size"]) as told,
        catalog.writing(book.engine) as connection,
    ):
        files = told.files
        place(files)
        name_facts(connection, sha, files)
    for path in before - {file.target for file in files.values()}:
        _set_aside(book, path)
    for kind, rows in row["facts"].items():
        now = files[kind].rows if kind in files else 0
        if now != rows:
            report.problems.append(f"{row['name']}: {kind} had {rows} rows, now {now}")
    report.evidence += 1
    report.fact_files += len(files)


def _read(row: dict[str, Any], job: Job, tell: Callable[[str, int], None]) -> Told:
    """What runs in a process apart: read an original again, as it was read first."""
    reading = Reading(path=job.path, name=job.name, encoding="utf-8", account=job.account, again=True)
    source = source_of(row)
    with written_facts(job.book, job.sha, source, reading, partial=job.partial, ending=job.ending) as files:
        return left(files, reading, source=source.name, agreed=[])


def _set_aside(book: Book, path: Path) -> None:
    """Move a file that nothing names any more out of the way, and never over another."""
    if not path.exists():
        return
    target = book.path / "set-aside" / path.relative_to(book.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    while target.exists():
        target = target.with_name(f"{secrets.token_hex(4)}-{path.name}")
    path.rename(target)
