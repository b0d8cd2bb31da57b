"""What the recognised source reads of a file, and what it says of that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise
from crossbook.sources.source import Reading

NATIVE = Path(__file__).parent / "native"  # small reports of Amazon, PayPal, Shopify and Payoneer


@dataclass(frozen=True)
class Read:
    """The facts by kind, the notes, and the values that could not be read."""

    source: str
    facts: dict[str, list[dict[str, Any]]]
    notes: list[str]
    bad: list[tuple[int, str, str]]

    def column(self, kind: str, *names: str) -> list[Any]:
        """The values of a column of a kind of facts; of several columns, tuples."""
        rows = [tuple(row[name] for name in names) for row in self.facts.get(kind, [])]
        return rows if len(names) > 1 else [row[0] for row in rows]


def read(path: Path) -> Read:
    """Read a file by the source that recognises it."""
    source = recognise(read_head(path, path.name))
    reading = Reading(path, path.name, "utf-8")
    facts: dict[str, list[dict[str, Any]]] = {}
    for kind, table in source.read(reading):
        facts.setdefault(kind, []).extend(table.to_pylist())
    return Read(source.name, facts, reading.notes, [(b.line, b.column, b.reason) for b in reading.bad])
