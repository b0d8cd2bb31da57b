"""Delimited text as Arrow tables of strings, block by block, each row with its line in the file.

Blocks without quotation marks go through Arrow's CSV reader; a file with quotes goes through Python's, which
follows quoted line breaks. Rows shorter than the header are padded, which is said once of a file; longer ones are
reported. Control characters are dropped: no name has any.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from crossbook.errors import CrossbookError
from crossbook.printable import CONTROL_BYTES
from crossbook.sources.source import Reading
from crossbook.sources.text_bytes import holds_controls

BLOCK_BYTES = 16 << 20
ROWS = 100_000
MAX_FIELD = 1 << 20
LONGEST_LINE = 16 << 20  # bytes
_PIECE = 1 << 18
_SURPRISES = 3
_LINE_END = 10
_CONTROLS = dict.fromkeys(CONTROL_BYTES)
_CODE = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Layout:
    """How a table is laid out: separator, line of its header (from 1), column names, whether fields are quoted.

    `wanted` maps the index of a column to the name it gets; `wide` names those with mostly distinct values.
    """

    delimiter: str
    header_line: int
    width: int
    wanted: dict[int, str]
    wide: frozenset[str] = frozenset()
    quoted: bool = True


def read_blocks(path: Path, layout: Layout, reading: Reading, only: int | None = None) -> Iterator[pa.Table]:
    """Tables of the wanted columns (strings, dictionary-encoded but for the wide ones) and `line`.

    With `only`, no more than about that many bytes from the start are read.
    """
    if layout.quoted and _has_quotes(path):
        yield from _read_quoted(path, layout, reading, only)
        _tell_short(layout, reading, only)
        return
    if only:
        with path.open("rb") as file:
            line, block, ends = next(_line_blocks(file, layout.header_line, only, reading.name), (0, b"", 0))
        if block:
            yield _parse_block(block, line, ends, layout, reading)
        return
    bare = _Bare()
    with path.open("rb") as file, ThreadPoolExecutor(2) as pool:
        waiting: list[Future[pa.Table]] = []
        for line, block, ends in _line_blocks(file, layout.header_line, BLOCK_BYTES, reading.name):
            waiting.append(pool.submit(_parse_block, block, line, ends, layout, reading, bare))
            if len(waiting) > 2:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
    _tell_short(layout, reading, only)


def _tell_short(layout: Layout, reading: Reading, only: int | None) -> None:
    count, line, fields = reading.short
    reading.short = (0, 0, 0)
    if count and not only:
        reading.notes.append(
            f"rows with fewer fields than the header: {count}, the first in line {line} "
            f"({fields} of {layout.width}); what they lack is taken as not told"
        )


class _Bare:
    """Columns without text in the last block that was read. Arrow is told so, which spares it to encode each empty
    field; it refuses a block that has text there, which is read anew. A column whose text comes and goes is read as any
    other after `_SURPRISES` of these."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self._surprises: Counter[str] = Counter()

    def look(self, table: pa.Table) -> None:
        """Learn from a block that was read."""
        full = {
            column
            for column in table.column_names
            if not pa.types.is_dictionary(table[column].type)
            or any(len(chunk.dictionary) > 1 or chunk.dictionary[0].as_py() for chunk in table[column].chunks)
        }
        self._surprises.update(self.names & full)
        self.names = frozenset(c for c in table.column_names if c not in full and self._surprises[c] < _SURPRISES)


def _has_quotes(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b'"' in block for block in iter(lambda: file.read(BLOCK_BYTES), b""))


def _line_blocks(file: io.BufferedReader, skip: int, size: int, name: str) -> Iterator[tuple[int, bytes, int]]:
    """(number of the first line, whole lines, how many line ends are in them) after the first `skip` lines."""
    for _ in range(skip):
        file.readline()
    line, start = skip + 1, file.tell()
    while True:
        file.seek(start + size)
        if len(file.readline(LONGEST_LINE)) == LONGEST_LINE:
            raise CrossbookError(
                f"line {line} or one behind it has more than {LONGEST_LINE >> 20} MB",
                where=name,
                todo="no table has such lines: get the file again",
            )
        end = file.tell()
        file.seek(start)
        block = file.read(end - start)
        if not block:
            return
        ends = _line_ends(block)
        yield line, block, ends
        line += ends
        start = end


def _line_ends(block: bytes) -> int:
    """How many line ends are in a block, counted in pieces that a processor's cache holds."""
    values = np.frombuffer(block, np.uint8)
    return sum(int(np.count_nonzero(values[k : k + _PIECE] == _LINE_END)) for k in range(0, len(values), _PIECE))


def _parse_block(
    block: bytes, first: int, ends: int, layout: Layout, reading: Reading, bare: _Bare | None = None
) -> pa.Table:
    lines = ends + (not block.endswith(b"\n"))
    told = bare.names if bare else frozenset()
    table = _read(block, layout, told)
    if table is None and told:
        table = _read(block, layout, frozenset())
    if table is not None and (table.num_rows != lines or not _lines_end_plainly(block)):
        table = None
    if table is None or _has_controls(table):
        clean = block.translate(None, CONTROL_BYTES)
        if len(clean) < len(block):
            return _parse_block(clean, first, ends, layout, reading, bare)
    if table is not None:
        if bare is not None and lines:
            bare.look(table)
        table = table.append_column("line", pa.array(np.arange(first, first + lines), pa.int64()))
        return _without_blank_lines(table)
    rows = (line.rstrip("\r").split(layout.delimiter) for line in block.decode("utf-8", "replace").split("\n"))
    numbered = ((first + i, row) for i, row in enumerate(rows))
    return _table([r for r in numbered if any(r[1])], layout, reading)


def _read(block: bytes, layout: Layout, bare: frozenset[str]) -> pa.Table | None:
    """The wanted columns of a block, those called `bare` without any text; None where Arrow does not read it so."""
    names = [layout.wanted.get(i, f"#{i}") for i in range(layout.width)]
    wanted = list(layout.wanted.values())
    types = {n: pa.null() if n in bare else pa.string() if n in layout.wide else _CODE for n in wanted}
    try:
        table = pacsv.read_csv(
            pa.BufferReader(block),
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=len(block) + 1),
            parse_options=pacsv.ParseOptions(
                delimiter=layout.delimiter, quote_char=False, double_quote=False, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=wanted,
                strings_can_be_null=False,
                null_values=[""],
                check_utf8=not block.isascii(),  # looked at once, where Arrow looks at each column
                column_types=types,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if not bare:
        return table
    codes = pa.array(np.zeros(table.num_rows, np.int32))
    nothing = pa.chunked_array([pa.DictionaryArray.from_arrays(codes, pa.array([""]))])
    return pa.table({n: nothing if n in bare else table[n] for n in wanted})


def _has_controls(table: pa.Table) -> bool:
    """Whether any text of the wanted columns has a control character; of repeated texts each is looked at once."""
    chunks = [chunk for column in table.columns for chunk in column.chunks]
    return any(holds_controls(c.dictionary if pa.types.is_dictionary(c.type) else c) for c in chunks)


def _lines_end_plainly(block: bytes) -> bool:
    """Whether no carriage return stands alone, which Arrow would take for the end of a line."""
    return b"\r" not in block or b"\r" not in block.replace(b"\r\n", b"")


def _without_blank_lines(table: pa.Table) -> pa.Table:
    columns = [table[name] for name in table.column_names if name != "line"]
    for column in columns:
        chunks = column.chunks
        if pa.types.is_dictionary(column.type) and not any("" in c.dictionary.to_pylist() for c in chunks):
            return table  # no row lacks this column, so no row is blank
    blank = None
    for column in columns:
        empty = pc.equal(column.cast(pa.string()), "")
        blank = empty if blank is None else pc.and_(blank, empty)
    return table.filter(pc.invert(blank)) if blank is not None else table


def _read_quoted(path: Path, layout: Layout, reading: Reading, only: int | None) -> Iterator[pa.Table]:
    csv.field_size_limit(MAX_FIELD)
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for _ in range(layout.header_line):
            file.readline()
        reader = csv.reader(map(_legible, file), delimiter=layout.delimiter)
        rows: list[tuple[int, list[str]]] = []
        before = 0
        try:
            for row in reader:
                if any(row):
                    rows.append((layout.header_line + before + 1, row))
                before = reader.line_num
                if len(rows) >= (only // 100 if only else ROWS):
                    if only:
                        break
                    yield _table(rows, layout, reading)
                    rows = []
        except csv.Error:
            reading.report(layout.header_line + reader.line_num, "(row)", "", "broken quotation marks")
        if rows:
            yield _table(rows, layout, reading)


def _legible(line: str) -> str:
    """A line without control characters but for its end, which may stand within quotation marks."""
    return line if line.isprintable() else line.translate(_CONTROLS)


def _table(rows: list[tuple[int, list[str]]], layout: Layout, reading: Reading) -> pa.Table:
    kept, last = [], max(layout.wanted, default=-1)
    for line, row in rows:
        if len(row) > layout.width and any(cell.strip() for cell in row[layout.width :]):
            reading.report(line, "(row)", row[layout.width], f"{len(row)} fields where the header has {layout.width}")
        else:
            kept.append((line, row))
        if len(row) <= last:
            reading.shorter(line, len(row))
    columns = {
        name: pa.array([row[i] if i < len(row) else "" for _, row in kept], pa.string())
        for i, name in layout.wanted.items()
    }
    columns = {n: a if n in layout.wide else a.dictionary_encode() for n, a in columns.items()}
    return pa.table({**columns, "line": pa.array([line for line, _ in kept], pa.int64())})
