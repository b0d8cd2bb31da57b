"""A file read into facts in a process apart: what that is told, what it leaves on disk, and who clears up after it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from crossbook import apart
from crossbook.book.book import Book
from crossbook.errors import BadRow
from crossbook.sources.source import Reading


@dataclass(frozen=True)
class Written:
    """A file of facts under its temporary name `part`, safely on disk: its rows, its SHA-256, and where it will lie."""

    rows: int
    sha: str
    part: Path
    target: Path


@dataclass(frozen=True, kw_only=True)
class Job:
    """A file to read, as who adds it said: the original with the SHA-256 `sha` lies at `path`. What is written for it
    ends in `ending`."""

    path: Path
    name: str
    book: Book
    sha: str
    account: str | None
    source: str | None
    yes: tuple[str, ...]
    currency: str | None
    partial: bool
    ending: str = field(default_factory=lambda: f"{secrets.token_hex(8)}.part")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was read: by which source and mapping, which files of facts, and what is to be said of it."""

    source: str
    mapping: str | None
    agreed: list[str]
    files: dict[str, Written]
    bad: list[BadRow]
    bad_lines: int
    notes: list[str]


def left(
    files: Mapping[str, Written], reading: Reading, *, source: str, mapping: str | None = None, agreed: list[str]
) -> Told:
    """Leave the files on disk for the process that asked, under names of its own."""
    kept = {}
    for kind, file in files.items():
        part = file.part.with_name(f"of-{file.part.name}")
        file.part.rename(part)
        kept[kind] = replace(file, part=part)
    return Told(
        source=source,
        mapping=mapping,
        agreed=agreed,
        files=kept,
        bad=reading.bad,
        bad_lines=len(reading.bad_lines),
        notes=reading.notes,
    )


@contextmanager
def read_apart(
    read: Callable[..., Told], job: Job, size: int, progress: Callable[[str, int], None] = lambda stage, done: None
) -> Iterator[Told]:
    """What `read(job)` tells, done in a process apart; of the files that it wrote, those that did not get their names
    are removed when the context is left, also what it left when it was ended.

    Raises CrossbookError, with the file's name, when the reader crashes, stalls or takes too much.
    """
    try:
        yield apart.run(read, job, name=job.name, size=size, tell=progress)
    finally:
        for path in job.book.facts_dir.glob(f"*/*.{job.ending}"):
            path.unlink(missing_ok=True)
