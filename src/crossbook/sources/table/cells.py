"""What is read from several cells of a row: some joined, or what a pattern finds in any of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from typing import Any

from crossbook.sources.settlement_spec import AND, TYPE
from crossbook.sources.table.amounts import bare

Reader = Callable[[list[str]], str]


def joined(places: list[int]) -> Reader:
    """The texts of several columns, with a stroke between."""
    return lambda cells: "/".join(cells[place].strip() for place in places)


def found(pattern: re.Pattern[str], *, amount: bool) -> Reader:
    """What a pattern finds first in the cells of a row."""

    def read(cells: list[str]) -> str:
        match = next((m for cell in cells if (m := pattern.search(cell))), None)
        text = match[1] or "" if match else ""
        return bare(text)[0] if amount else text

    return read


def first(*readers: Reader) -> Reader:
    """What the first of some readers finds that finds anything."""
    return lambda cells: next((text for read in readers if (text := read(cells))), "")


def derived(spec: Mapping[str, Any], place: Callable[[str], int], *, sums: Container[str]) -> dict[str, Reader]:
    """What a mapping reads from more than one cell, by name: the words of several columns for a type, and what [find]
    finds; a type that is found comes before that of its columns. `sums` are the names of amounts."""
    made: dict[str, Reader] = {}
    told = [h for h in spec["columns"].get(TYPE, "=").split(AND) if not h.startswith("=")]
    if len(told) > 1 or (told and TYPE in spec.get("find", {})):
        made[TYPE] = joined([place(header) for header in told])
    for name, pattern in spec.get("find", {}).items():
        finds = found(re.compile(pattern), amount=name in sums)
        made[name] = first(finds, made[name]) if name in made else finds
    return made
