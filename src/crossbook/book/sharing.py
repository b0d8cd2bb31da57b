"""Files of facts as they lie, each of one original or, in a compacted book, of several; set aside when of none."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from crossbook.book import catalog
from crossbook.book.book import Book, FactFile


def by_path(files: Iterable[FactFile]) -> dict[Path, list[FactFile]]:
    """Files of facts by where they lie: that of a compacted book has rows of several originals."""
    found: dict[Path, list[FactFile]] = {}
    for file in files:
        found.setdefault(file.path, []).append(file)
    return found


def told_as(of: Sequence[FactFile]) -> str:
    """What a file of facts is called to people, by those that are in it."""
    if len(of) == 1:
        return f"facts {of[0].kind}/{of[0].evidence[:12]}"
    return f"facts {of[0].kind} of {len(of)} originals ({of[0].sha[:12]})"


def rebuilt_by(of: Sequence[FactFile]) -> str:
    """What `crossbook book rebuild` is to be told for a file that several originals share; "" for all others."""
    return f" {of[0].sha[:12]}" if len(of) > 1 else ""


def set_aside_unnamed(book: Book, paths: Collection[Path]) -> None:
    """Move those of these files to `set-aside/` that the catalog does not name, while no other writer is at it."""
    if not paths:
        return
    with catalog.writing(book.engine):
        named = {file.path for file in book.fact_files()}
        for path in sorted(set(paths) - named):
            _set_aside(book, path)


def _set_aside(book: Book, path: Path) -> None:
    """Move a file, and never over another."""
    if not path.exists():
        return
    target = book.path / "set-aside" / path.relative_to(book.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    while target.exists():
        target = target.with_name(f"{secrets.token_hex(4)}-{path.name}")
    path.rename(target)
