"""Checking a book against itself, and making its facts anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from crossbook.book import catalog, journal
from crossbook.book.adding import source_of, write_facts
from crossbook.book.book import Book
from crossbook.sources.source import Reading

BUSY = "files are being added just now; what the catalog does not name was not looked for: check again later"


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
            files = connection.execute(sa.select(catalog.fact_files)).mappings().all()
    if broken is not None:
        report.problems.append(f"journal: entry {broken} was changed, removed or reordered")
    if not alone:
        report.notes.append(BUSY)
    known: set[Path] = set()
    for row in evidence:
        path = book.evidence_path(row["sha"])
        known.add(path)
        _compare(report, path, row["sha"], f"evidence {row['name']} ({row['sha'][:12]})")
        report.evidence += 1
        progress(1)
    for row in files:
        path = book.fact_path(row["kind"], row["evidence"])
        known.add(path)
        _compare(report, path, row["sha"], f"facts {row['kind']}/{row['evidence'][:12]}", "run `crossbook rebuild`")
        report.fact_files += 1
        progress(1)
    report.orphans = [path.relative_to(book.path).as_posix() for path in lying if path not in known]
    return report


def _lying(book: Book) -> list[Path]:
    """Every file where evidence and facts lie."""
    folders = (book.evidence_dir, book.facts_dir)
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _compare(report: Report, path: Path, sha: str, what: str, todo: str = "restore it from a backup") -> None:
    try:
        with path.open("rb") as file:
            held = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        report.problems.append(f"{what}: missing; {todo}")
    except OSError as error:
        report.problems.append(f"{what}: cannot be read ({error.strerror}); {todo}")
    else:
        if held != sha:
            report.problems.append(f"{what}: changed since it was added; {todo}")


def rebuild(book: Book, progress: Callable[[int], None] = lambda done: None) -> Report:
    """Make every fact file anew from its evidence, by the source and mapping that read it first."""
    report = Report()
    with book.lock(shared=True):
        _rebuild(book, report, progress)
    return report


def _rebuild(book: Book, report: Report, progress: Callable[[int], None]) -> None:
    for row in book.evidence():
        path = book.evidence_path(row["sha"])
        reading = Reading(path, row["name"], "utf-8", row["account"])
        files = write_facts(book, row["sha"], source_of(row), reading, partial=row["partial"])
        table = catalog.fact_files
        with catalog.writing(book.engine) as connection:
            connection.execute(table.delete().where(table.c.evidence == row["sha"]))
            for kind, (count, digest) in files.items():
                connection.execute(table.insert().values(evidence=row["sha"], kind=kind, rows=count, sha=digest))
        for kind, before in row["facts"].items():
            if files.get(kind, (0, ""))[0] != before:
                report.problems.append(f"{row['name']}: {kind} had {before} rows, now {files.get(kind, (0, ''))[0]}")
        report.evidence += 1
        report.fact_files += len(files)
        progress(1)
