"""What the sources of sanctions lists share: an entry as rows, one for each of its names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import elements, local

BATCH = 20_000
AGAIN = "download it again"
Row = dict[str, Any]


@dataclass
class Edition:
    """What a list says of itself: the day that it is of, and how many entries it has (None: it says neither)."""

    published: date | None = None
    promised: int | None = None


def recognised(head: Head, root: str) -> Recognition:
    """Whether a file is XML with this element near its beginning."""
    if not head.text.lstrip("\ufeff \r\n\t").startswith("<"):
        return Recognition(0.0, "not XML")
    if f"<{root}" not in head.text:
        return Recognition(0.0, f"no {root}")
    return Recognition(0.97, f"holds {root}")


def listed(
    reading: Reading,
    entries: Iterable[str],
    say: Callable[[Any, Edition], None],
    rows_of: Callable[[Any, date | None], list[Row]],
) -> Facts:
    """The rows of a list. `say` is given every element that is no entry, and each entry before it is read, to note what
    the list says of itself; `rows_of` gives the rows of an entry, published on a day.

    Raises CrossbookError for a list without an entry, or with another number of them than it says.
    """
    rows: list[Row] = []
    edition, seen, names_ = Edition(), 0, frozenset(entries)
    with reading.path.open("rb") as file:
        for element in elements(file, reading.name):
            say(element, edition)
            if local(element) not in names_:
                continue
            seen += 1
            rows += rows_of(element, edition.published)
            element.clear()
            if len(rows) >= BATCH:
                yield rows_table("listed_party", rows)
                rows = []
    if not seen:
        raise CrossbookError("the list holds no entry", where=reading.name, todo=AGAIN)
    if edition.promised not in (None, seen):
        raise CrossbookError(
            f"the list says that it has {edition.promised} entries and has {seen}",
            where=reading.name,
            todo="download it again, whole",
        )
    yield rows_table("listed_party", rows)


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
