"""A plain table that a user keeps: its columns read as they are, as days, or by a function of their text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, fact_table

DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Cell:
    """A column of a plain table: the headers that tell it, how a cell is read, whether it must be filled.

    `read` makes text of a cell's text and raises ValueError for what cannot be; without it the text is taken as it is.
    """

    words: tuple[str, ...]
    required: bool = False
    read: Callable[[str], str] | None = None
    day: bool = False

    def column(self, frame: Frame, name: str) -> Column:
        """The column of this name, read."""
        if self.day:
            return frame.day(name, "ymd", required=self.required)
        if self.read is not None:
            return frame.convert(name, self.read, pa.string(), name, required=self.required)
        return frame.text(name, required=self.required)


def text(*words: str, required: bool = False, read: Callable[[str], str] | None = None) -> Cell:
    """A column of text."""
    return Cell(words, required=required, read=read)


def day(*words: str, required: bool = False) -> Cell:
    """A column of days, the year first."""
    return Cell(words, required=required, day=True)


def one_of(names: Mapping[str, str]) -> Callable[[str], str]:
    """Reads one of some words, as what each means. It raises ValueError for any other."""

    def read(told: str) -> str:
        found = names.get(told.casefold())
        if found is None:
            raise ValueError(f"not one of {', '.join(sorted(set(names.values())))}")
        return found

    return read


def plain_table(
    name: str,
    *,
    title: str,
    kind: str,
    cells: Mapping[str, Cell],
    needs: tuple[str, ...],
    example: str,
    wide: frozenset[str] = frozenset(),
    more: Callable[[Frame], dict[str, Column]] = lambda frame: {},
) -> TableReport:
    """The source of a table whose every row is one fact of `kind`, its columns called as the fact's are.

    `needs` are the columns without which a file is not this table; `more` gives columns that are worked out of others.
    """

    def build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
        read = {called: cell.column(frame, called) for called, cell in cells.items()}
        yield fact_table(kind, frame, "", **read, **more(frame))

    return TableReport(
        name=name,
        title=title,
        columns={called: cell.words for called, cell in cells.items()},
        required=needs,
        build=build,
        delimiters=DELIMITERS,
        wide=wide,
        example=example,
    )
