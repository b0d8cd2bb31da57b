"""What the sources of sanctions lists share: an entry as rows, one for each of its names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from crossbook.sources.source import Reading

BATCH = 20_000


def texts(element: Any, *path: str) -> list[str]:
    """The texts, without empty ones, at the end of a path of local names below an element."""
    found = [element]
    for name in path:
        found = [child for e in found for child in e if isinstance(child.tag, str) and child.tag.split("}")[-1] == name]
    return [" ".join(t.split()) for e in found if (t := (e.text or "").strip())]


def children(element: Any, *path: str) -> list[Any]:
    """The elements at the end of a path of local names below an element."""
    found = [element]
    for name in path:
        found = [child for e in found for child in e if isinstance(child.tag, str) and child.tag.split("}")[-1] == name]
    return found


def names(row: dict[str, Any], told: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """The row of an entry for each of its names with their quality; a name that is there twice keeps its best."""
    best: dict[str, str] = {}
    rank = ("primary", "strong", "weak")
    for text, quality in told:
        for name in (part.strip() for part in text.split(";")):
            if name and (name not in best or rank.index(quality) < rank.index(best[name])):
                best[name] = quality
    return [row | {"name": name, "quality": quality} for name, quality in best.items()]


def joined(told: Iterable[str]) -> str | None:
    """Distinct texts, separated by semicolons; None for none."""
    return "; ".join(dict.fromkeys(told)) or None


def day(text: str, line: int, column: str, reading: Reading) -> date | None:
    """A day as 2026-06-22 or 06/22/2026; None for no text, and with a report for any other."""
    if not text:
        return None
    try:
        if "/" in text:
            month, of_month, year = (int(part) for part in text.split("/"))
            return date(year, month, of_month)
        return date.fromisoformat(text[:10])
    except ValueError:
        reading.report(line, column, text, "not a day (YYYY-MM-DD or MM/DD/YYYY)")
        return None
