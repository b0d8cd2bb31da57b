"""What a person says of words that a table's columns of status and of direction hold: `--word Sent=done`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.table.directions import plain

# What a word can mean, and where a mapping says so.
MEANINGS = {
    "done": ("status", "done"),
    "undone": ("status", "none"),
    "in": ("direction", "in"),
    "out": ("direction", "out"),
    "neither": ("direction", "none"),
}
_ASKS = {
    "status": "no column of the table says whether its rows are done",
    "direction": "no column of the table says which way money went in words",
}


def pair(text: str) -> tuple[str, str]:
    """A word and what it means, of WORD=MEANING. Raises CrossbookError for what no word can mean."""
    word, mark, meaning = text.rpartition("=")
    if not mark or meaning not in MEANINGS:
        raise CrossbookError(f"{text!r} is no WORD=MEANING", todo=f"use one of {', '.join(MEANINGS)}: 'Sent=done'")
    return word, meaning


def of(table: str) -> list[str]:
    """What a word of [status] or of [direction] can mean."""
    return [meaning for meaning, (where, _) in MEANINGS.items() if where == table]


def taken(spec: Mapping[str, Any], said: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The mapping with what is said of words, which comes before what it said of them.

    Raises CrossbookError where the mapping reads no such column.
    """
    found = dict(spec)
    for word, meaning in said:
        table, way = MEANINGS[meaning]
        if table not in found:
            todo = f"leave out --word {word}={meaning}, or name the column under [{table}] of a mapping"
            raise CrossbookError(_ASKS[table], todo=todo)
        told = {n: v if n == "column" else [w for w in v if plain(w) != plain(word)] for n, v in found[table].items()}
        found[table] = told | {way: [*told.get(way, []), plain(word)]}
    return found
