"""Reading a text as a source reads its file, for tests of single sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise
from crossbook.sources.source import Reading

STATEMENTS = Path(__file__).parent / "statements"


def read(path: Path) -> tuple[dict[str, list[dict[str, Any]]], Reading]:
    """The facts that the source which recognises a file reads, by kind, and what it reported."""
    source = recognise(read_head(path, path.name))
    reading = Reading(path=path, name=path.name, encoding="utf-8")
    found: dict[str, list[dict[str, Any]]] = {"bank": [], "balance": []}
    for kind, table in source.read(reading):
        found.setdefault(kind, []).extend(table.to_pylist())
    return found, reading


def written(folder: Path, name: str, text: str | bytes) -> Path:
    """A file of that text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
