"""The one shape of every source: recognise the head of a file, read the file into facts with line references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from crossbook.errors import BadRow, BadRowsError
from crossbook.sources.heading import Heading

if TYPE_CHECKING:
    import pyarrow as pa

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Head:
    """The start of a file: its name, first bytes, and these as text in the encoding that fits; where it lies, if it is
    a file, for what is not in its start (the further sheets of a workbook)."""

    name: str
    raw: bytes
    encoding: str
    text: str
    path: Path | None = field(default=None, compare=False)

    @cached_property
    def lines(self) -> list[str]:
        """The first lines, without the last one when it may be cut off."""
        lines = [line.rstrip("\r") for line in self.text.split("\n")]
        return lines[:-1] if len(self.raw) >= HEAD_BYTES and len(lines) > 1 else lines

    @cached_property
    def heading(self) -> Heading:
        """The lines in which a header is looked for, as cells."""
        return Heading(self.lines)


@dataclass(frozen=True)
class Recognition:
    """How sure a source is (0 to 1) that a file is its own, and why or why not."""

    confidence: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class Against:
    """What does not agree: its line, the column, the value that the file states, and what the rows make of it."""

    line: int
    column: str
    value: str
    text: str


@dataclass
class Reading:
    """What a read is given (path, name, account) and where it reports rows that it cannot read.

    `headers` says how the file itself calls the columns: errors name those. `unused` are those that nothing is read of.
    `notes` are sentences for who adds the file: what was left out, and why; what was read of words that are not known.
    `against` are rows whose own columns do not make the total that they state.
    `again`: it was read and taken before, and nobody is asked. `short` are rows with fewer fields than the header: how
    many, and the least of their lines with its fields.
    """

    path: Path
    name: str
    encoding: str
    account: str | None = None
    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    bad_lines: set[int] = field(default_factory=set)
    headers: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    against: list[Against] = field(default_factory=list)
    again: bool = False
    short: tuple[int, int, int] = (0, 0, 0)

    KEPT = 20

    def report(self, line: int, column: str, value: str, reason: str) -> None:
        """Note a value that cannot be read; its row is left out of the facts."""
        self.bad_lines.add(line)
        self.bad_count += 1
        if len(self.bad) < self.KEPT:
            self.bad.append(BadRow(line=line, column=self.headers.get(column, column), value=value[:80], reason=reason))

    def contradicts(self, line: int, column: str, value: str, text: str) -> None:
        """Note a row whose own columns do not make what it states: who adds the file must agree to it."""
        self.against.append(Against(line=line, column=column, value=value, text=text))

    def shorter(self, line: int, fields: int) -> None:
        """Count a row that ends before the last column that is read."""
        count, first, there = self.short
        self.short = (count + 1, line, fields) if not count or line < first else (count + 1, first, there)

    def finish(self, *, partial: bool) -> None:
        """Raise BadRowsError when rows were bad and `partial` does not allow that."""
        if self.bad_count and not partial:
            raise BadRowsError(self.name, sorted(self.bad, key=lambda r: (r.line, r.column)), len(self.bad_lines))


Facts = Iterator[tuple[str, "pa.Table"]]


@runtime_checkable
class Source(Protocol):
    """What a third party's entry point in the group `crossbook.sources` must offer."""

    @property
    def name(self) -> str:
        """What the source is called in commands and in the catalog."""
        ...

    @property
    def title(self) -> str:
        """The format's name for people."""
        ...

    @property
    def example(self) -> str:
        """The first lines of such a file."""
        ...

    def recognise(self, head: Head) -> Recognition:
        """Judge whether the file that starts with `head` is in this format."""
        ...

    def read(self, reading: Reading) -> Facts:
        """Yield (kind, table) pairs; tables follow `crossbook.facts`, `line` filled, `evidence` left out."""
        ...


def default_account(reading: Reading, found: Sequence[str], fallback: str) -> str:
    """The account a file belongs to: what the user said, else what the file says, else `fallback`."""
    if reading.account:
        return reading.account
    return next((text for text in found if text), fallback)
