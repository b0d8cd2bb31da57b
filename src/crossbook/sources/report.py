"""What every report in table form shares: finding its header in any of its languages, reading it block by block."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.sources import cut_off, day_order
from crossbook.sources.delimited import Layout, read_blocks
from crossbook.sources.encoding import read_head, to_utf8
from crossbook.sources.frame import Column, Frame
from crossbook.sources.header_again import Header
from crossbook.sources.heading import WITHIN
from crossbook.sources.source import Facts, Head, Reading, Recognition

PART = "part "  # begins the names of columns that stand between others
SAMPLE_BYTES = 1 << 20  # from which the decimal separator is judged
Build = Callable[[Frame, dict[str, Any]], Iterator[tuple[str, pa.Table]]]


@dataclass(frozen=True)
class TableReport:
    """A source for delimited reports with a header.

    `columns` maps a canonical name to the header texts it may have (lower case); `required` are those without
    which the file is not this report. `build` turns a block into facts; its second argument is kept from block
    to block, starts with `account`, `head` and `header_line`. `amounts` names columns from which the decimal
    separator is judged (without them it is a point), `dates` those from which the order of day and month is: where
    nothing in them decides it is the platform's own, `order`, and where the platform itself writes days otherwise (a
    spreadsheet saved the file again), the file is refused.
    Delimiters behind the first are those that a spreadsheet saves such a report with.
    `authority` says which report is believed when two tell of the same money: the higher one. A `whole` report has
    every line of each payout it names, so that of two of them the newer one replaces the older. `also` are further
    reports of the same platform, found with this one, sources of their own. `beside` are pairs of columns, of which the
    first stands right behind the second where all do: headers that stand there twice are told apart by that. What
    stands `between` a column and another, the second not counted, is read whatever its header (`parts`).
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    build: Build
    example: str
    delimiters: str = ","
    wide: frozenset[str] = frozenset()
    quoted: bool = True
    amounts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    order: str | None = None
    account: str = ""
    authority: int = 50
    whole: bool = False
    absent: tuple[str, ...] = ()  # header texts that show it to be another report
    finish: Callable[[dict[str, Any], Reading], Iterator[tuple[str, pa.Table]]] | None = field(default=None)
    also: tuple[TableReport, ...] = ()
    cells: tuple[re.Pattern[str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    between: tuple[str, str] | None = None

    @property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """The headers that a file must have, each as the texts that it may be written with."""
        return tuple(self.columns[c] for c in self.required)

    def recognise(self, head: Head) -> Recognition:
        found = self._header(head)
        if found is None:
            needed = ", ".join(repr(self.columns[c][0]) for c in self.required[:4])
            return Recognition(0.0, f"no line among the first {WITHIN} has the columns {needed}")
        line, _, header = found
        if other := set(header) & set(self.absent):
            return Recognition(0.0, f"has the column {other.pop()!r}, which this report never has")
        known = self._wanted(header)
        return Recognition(
            min(0.99, 0.8 + 0.2 * len(known) / len(self.columns)),
            f"line {line} is its header ({len(known)} of {len(self.columns)} known columns)",
        )

    def read(self, reading: Reading) -> Facts:
        head = read_head(reading.path, reading.name)
        found = self._header(head)
        if found is None:
            raise CrossbookError(f"no header of a {self.title}", where=reading.name, todo="run crossbook formats")
        line, delimiter, header = found
        wanted = self._wanted(header)
        wanted |= self._parts(wanted, len(header))
        layout = Layout(
            delimiter=delimiter,
            header_line=line,
            width=len(header),
            wanted=wanted,
            wide=self.wide,
            quoted=self.quoted or delimiter != self.delimiters[0],  # saved by a spreadsheet, which quotes
        )
        again = self._again(line, header, wanted)
        written = head.heading.rows(delimiter)[line - 1]
        reading.headers = {name: written[place] for place, name in wanted.items()}
        reading.unused = [text for place, text in enumerate(written) if text and place not in wanted]
        state: dict[str, Any] = {
            "account": reading.account or self.account or self.name,
            "head": head,
            "header_line": line,
            "delimiter": delimiter,
        }
        memory: dict[Any, Any] = {}
        with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
            path = to_utf8(reading.path, head.encoding, Path(folder) / "utf8", reading.name)
            if not reading.again and (cut := cut_off.last_row(path, delimiter)):
                reading.report(cut[0], "(row)", cut[1], cut_off.REASON)
            point, order = self._conventions(path, layout, reading, again)
            for block in read_blocks(path, layout, reading):
                table = again.left_out(block, reading, told=True)
                if table.num_rows:
                    yield from self.build(Frame(table, reading, memory, point, order), state)
        if self.finish:
            yield from self.finish(state, reading)

    def _again(self, line: int, header: Sequence[str], wanted: Mapping[int, str]) -> Header:
        probes = [c for c in self.required if c in wanted.values()]
        probes = [c for c in probes if c not in self.wide] or probes or list(wanted.values())
        known = frozenset(text for texts in self.columns.values() for text in texts)
        return Header(
            line=line, own={name: header[place] for place, name in wanted.items()}, known=known, probes=probes
        )

    def _conventions(self, path: Path, layout: Layout, reading: Reading, again: Header) -> tuple[str, str]:
        """The decimal separator and the order of day and month, judged from the start of the file."""
        if not self.amounts and not self.dates:
            return ".", "mdy"
        samples, currencies = self._sampled(path, layout, reading, again, SAMPLE_BYTES)
        codes = [str(c).strip().upper() for t in currencies for c in t.to_pylist()]
        decimals = max((money.EXPONENT.get(code, 2) for code in codes), default=2)
        try:
            point = money.decimal_point([text for name in self.amounts for text in samples[name]], decimals)
        except ValueError as error:
            raise CrossbookError(
                str(error), where=reading.name, todo="export the report again in one number format"
            ) from None
        return point, self._order(path, layout, reading, again, samples, comma=point == ",")

    def _sampled(
        self, path: Path, layout: Layout, reading: Reading, again: Header, most: int | None
    ) -> tuple[dict[str, list[str]], list[pa.Array]]:
        """The texts of the columns of amounts and days in the first `most` bytes, and its currencies."""
        samples: dict[str, list[str]] = {name: [] for name in (*self.amounts, *self.dates)}
        currencies = []
        for block in read_blocks(path, layout, Reading(path, reading.name, "utf-8"), most):
            table = again.left_out(block, reading, told=False)
            if "currency" in table.column_names:
                currencies.append(pc.unique(table["currency"]))
            for name in set(samples) & set(table.column_names):
                samples[name] += [str(s).strip() for s in pc.unique(table[name]).to_pylist() if s]
        return samples, currencies

    def _order(
        self,
        path: Path,
        layout: Layout,
        reading: Reading,
        again: Header,
        samples: dict[str, list[str]],
        *,
        comma: bool,
    ) -> str:
        """The order of day and month. Raises CrossbookError where the whole file does not tell it."""
        for most in (SAMPLE_BYTES, None):
            texts = [text for name in self.dates for text in samples[name]]
            try:
                order = day_order.of_texts(texts, comma=comma)
            except ValueError as error:
                raise CrossbookError(
                    str(error), where=reading.name, todo="export the report again in one date format"
                ) from None
            if order := order or self.order:
                return order
            if most is not None and path.stat().st_size > most:
                samples, _ = self._sampled(path, layout, reading, again, None)
        raise day_order.undecided(
            texts,
            reading.name,
            "add the file as the platform wrote it, not as a spreadsheet saved it, or a period with a day over 12",
        )

    def _wanted(self, header: Sequence[str]) -> dict[int, str]:
        wanted = self._behind(header)
        left = {name: texts for name, texts in self.columns.items() if name not in wanted.values()}
        for name, texts in left.items():
            for text in texts:
                places = [place for place, told in enumerate(header) if told == text]
                if places:  # of a header that stands there twice, the second is for the column that asks next
                    wanted.setdefault(next((p for p in places if p not in wanted), places[0]), name)
                    break
        return wanted

    def _parts(self, wanted: Mapping[int, str], width: int) -> dict[int, str]:
        """The columns of `between` that have no name, by their place."""
        places = {name: place for place, name in wanted.items()}
        if self.between is None or not set(self.between) <= set(places):
            return {}
        first, last = (places[name] for name in self.between)
        return {place: f"{PART}{place}" for place in range(first, min(last, width)) if place not in wanted}

    def _behind(self, header: Sequence[str]) -> dict[int, str]:
        """The places of the columns of `beside`; none where not all of them stand so."""
        found: dict[int, str] = {}
        for name, other in self.beside:
            place = next((p for p, told in enumerate(header, 1) if told in self.columns[other]), len(header))
            if place >= len(header) or header[place] not in self.columns[name]:
                return {}
            found[place] = name
        return found

    def _header(self, head: Head) -> tuple[int, str, tuple[str, ...]] | None:
        return head.heading.where(self.needs, self.delimiters)


def fact_table(
    name: str, frame: Frame, account: Column | str, /, **columns: Column | str | None
) -> tuple[str, pa.Table]:
    """A table of facts of kind `name` from columns as long as `frame`; rows with a bad value are left out."""
    count = len(frame)
    given: dict[str, Any] = {"line": frame.line, **columns}
    if "account" in KINDS[name].columns:
        given["account"] = account
    arrays = []
    schema = pa.schema([f for f in KINDS[name].schema if f.name != "evidence"])
    for column in schema:
        value = given.get(column.name)
        if value is None:
            arrays.append(pa.nulls(count, column.type))
            continue
        if isinstance(value, str):
            value = constant(value, count)
        if isinstance(value, pa.ChunkedArray):
            value = value.combine_chunks()
        if isinstance(value, pa.ChunkedArray):
            value = value.chunk(0) if value.num_chunks else pa.array([], value.type)
        if value.type != column.type:
            encode = pa.types.is_dictionary(column.type) and not pa.types.is_dictionary(value.type)
            value = (value.cast(pa.string()).dictionary_encode() if encode else value).cast(column.type)
        arrays.append(value)
    table = pa.Table.from_arrays(arrays, schema=schema)
    bad = frame.reading.bad_lines
    if bad:
        table = table.filter(pc.invert(pc.is_in(table["line"], pa.array(sorted(bad), pa.int64()))))
    return name, table


def constant(value: str | None, count: int) -> pa.DictionaryArray:
    """One text (or null) `count` times, dictionary-encoded."""
    index = pa.array([None if value is None else 0], pa.int32())
    codes = pa.DictionaryArray.from_arrays(index, pa.array([value or ""]))
    return codes.take(pa.array(_zeros(count), pa.int32()))


def _zeros(count: int) -> Any:
    import numpy as np

    return np.zeros(count, np.int32)


def rows_table(kind: str, rows: list[dict[str, Any]]) -> tuple[str, pa.Table]:
    """A table of facts of `kind` from plain rows (for formats that are small or not tables)."""
    schema = pa.schema([f for f in KINDS[kind].schema if f.name != "evidence"])
    columns = {c.name: [row.get(c.name) for row in rows] for c in schema}
    try:
        return kind, pa.table({c.name: pa.array(columns[c.name], c.type) for c in schema}, schema=schema)
    except OverflowError:
        raise CrossbookError(
            f"amounts of a {kind} add up to more than 2^63 minor units", todo="look for a spoiled amount in the file"
        ) from None
