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


@dataclass
class Report:
    """What a check found: `problems` need a person, `swept` are leftovers of a crash that were removed."""

    evidence: int = 0
    fact_files: int = 0
    journal: int = 0
    problems: list[str] = field(default_factory=list)
    swept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(book: Book, progress: Callable[[int], None] = lambda done: None) -> Report:
    """Re-hash evidence and facts, verify the journal's chain, sweep what no catalog row names."""
    report = Report()
    with book.lock(shared=False) as alone:
        known = _verify(book, report, progress)
        if alone:
            _sweep(book, known, report)
        else:
            report.notes.append("files are being added just now; leftovers were not swept")
    return report


def _verify(book: Book, report: Report, progress: Callable[[int], None]) -> set[Path]:
    with book.engine.connect() as connection:
        broken = journal.broken_at(connection)
        if broken is not None:
            report.problems.append(f"journal: entry {broken} was changed, removed or reordered")
        report.journal = len(journal.entries(connection)) if broken is None else 0
        evidence = connection.execute(sa.select(catalog.evidence)).mappings().all()
        files = connection.execute(sa.select(catalog.fact_files)).mappings().all()
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
    return known


def _compare(report: Report, path: Path, sha: str, what: str, todo: str = "restore it from a backup") -> None:
    if not path.exists():
        report.problems.append(f"{what}: missing; {todo}")
    elif _sha(path) != sha:
        report.problems.append(f"{what}: changed since it was added; {todo}")


def _sweep(book: Book, known: set[Path], report: Report) -> None:
    """Remove files that no catalog row names."""
    for folder in (book.evidence_dir, book.facts_dir):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path not in known:
                path.unlink()
                report.swept.append(str(path.relative_to(book.path)))


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
