"""How large the sheets of a workbook are that is a zip archive: XLSX, XLSB and ODS.

Every part is unpacked as a stream, only as far as the archive says that it goes, and looked through for filled cells.

Formats: XLSX (ECMA-376 part 1, 18.3.1), XLSB ([MS-XLSB] 2.2.1, 2.4), ODS (OpenDocument 1.3 part 3, 9.1).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from crossbook.errors import CrossbookError
from crossbook.sources.sheet_extent import COLUMNS, ROWS, Allowance, Extent, damaged

FREE_BYTES = 256 << 20  # may come out of any workbook
MAX_RATIO = 200  # and beyond that, unpacked bytes per packed byte
MAX_SPACES = 1_000_000  # that OpenDocument writes as a count
FREE_TEXTS = 1_000_000  # any workbook may have so many, and a larger file one more a packed byte: each stands once
FREE_ELEMENTS = (
    4_000_000  # of XML, and so many for each cell that it may have: its row, itself, value and what is in it
)
ELEMENTS_PER_CELL = 6
_BLOCK = 1 << 20
_BINARY = ("xl/worksheets/", "xl/chartsheets/", "xl/dialogsheets/")  # the reader finds XLSB's sheets nowhere else
_LONGEST_HEAD = 14  # of a record in XLSB, with the places behind it
_OF_WORKBOOKS = ("[content_types].xml", "xl/", "meta-inf/", "content.xml")  # what parts of workbooks are called
_SHEETS = (b"sheetData", b"table:table")  # no sheet is without one of these


# OpenDocument's elements that make cells, and how many of them each is in.
_NESTING = {"table:table": 0, "table:table-row": 1, "table:table-cell": 2, "table:covered-table-cell": 2}


def refuse_oversized_zip(file: IO[bytes], allowance: Allowance, size: int) -> None:
    """Raise CrossbookError when the sheets of an archive of `size` bytes span more cells than can be opened.

    Every part is looked through, whatever it is called: any of them may be named as a sheet.
    """
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise damaged(allowance.name, "its list of parts cannot be read") from None
    if sum(part.file_size for part in parts) > FREE_BYTES + MAX_RATIO * size:
        raise CrossbookError("a workbook that unpacks to an absurd size", where=allowance.name)
    if not any(part.filename.replace("\\", "/").lower().startswith(_OF_WORKBOOKS) for part in parts):
        raise CrossbookError("an archive, and no workbook", where=allowance.name, todo="unpack it first")
    held = elements = 0
    for part in parts:
        if part.flag_bits & 1:  # with a password: the reader says so
            continue
        xml = _Xml(allowance, held, elements, FREE_TEXTS + size)
        records = _Records(allowance)
        binary = part.filename.replace("\\", "/").lower().startswith(_BINARY)
        for block in _unpacked(file, part, allowance.name):
            xml.feed(block)
            if binary:
                records.feed(block)
        if binary:
            records.feed(bytes(_LONGEST_HEAD))
        held, elements = xml.finish(), xml.elements


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The bytes of one part, a block at a time. Raises CrossbookError where there are more than the archive says."""
    if part.header_offset < 0:
        raise damaged(name, f"the part {part.filename!r} cannot be unpacked")
    file.seek(part.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04" or part.compress_type not in (0, 8):
        raise damaged(name, f"the part {part.filename!r} cannot be unpacked")
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflating = zlib.decompressobj(-15) if part.compress_type == 8 else None
    packed, unpacked = part.compress_size, 0
    while packed > 0 and (raw := file.read(min(_BLOCK, packed))):
        packed -= len(raw)
        while raw:
            try:
                block = inflating.decompress(raw, _BLOCK) if inflating else raw
            except zlib.error:
                raise damaged(name, f"the part {part.filename!r} cannot be unpacked") from None
            raw = inflating.unconsumed_tail if inflating else b""
            unpacked += len(block)
            if unpacked > part.file_size:
                raise damaged(name, f"the part {part.filename!r} unpacks to more than the archive says")
            yield block
    if inflating and (block := inflating.flush(_BLOCK)):
        if unpacked + len(block) > part.file_size:
            raise damaged(name, f"the part {part.filename!r} unpacks to more than the archive says")
        yield block


class _Xml:
    """The sheets in one part, if it is XML that has any: in XLSX at most one, in OpenDocument all of them.

    The elements that matter have the names that the reader goes by. XML that is not well formed, or declares a document
    type, is refused where it names a sheet: the reader is less strict, and would read on.
    """

    def __init__(self, allowance: Allowance, held: int, elements: int, texts: int) -> None:
        self.name, self.allowance = allowance.name, allowance
        self.elements, self.most = elements, FREE_ELEMENTS + ELEMENTS_PER_CELL * allowance.cells
        self.texts, self.most_texts = 0, texts
        self.parser = expat.ParserCreate("utf-8")  # as the reader takes it, whatever the part declares
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.broken = ""
        self.sheets = False
        self.tail = b""
        self.extent = Extent(allowance, held)
        self.inside = False  # XLSX's sheetData
        self.row = self.column = 0  # where the next element is that does not say
        self.cell: tuple[int, int] | None = None  # of which no value was seen yet
        self.letters: dict[str, int] = {}
        self.tables = False  # it is OpenDocument's
        self.open: list[str] = []  # tables, rows and cells
        self.repeats = self.width = 0  # of a row: how often it stands there, cells so far
        self.spaces = 0

    def feed(self, block: bytes) -> None:
        """Read on."""
        self.sheets = self.sheets or any(mark in self.tail + block[:20] or mark in block for mark in _SHEETS)
        self.tail = block[-20:]
        if not self.broken:
            try:
                self.parser.Parse(block, False)
            except expat.ExpatError:
                self.broken = "not well-formed XML"
        self._judge()

    def finish(self) -> int:
        """How many cells the reader then holds at once: one sheet of XLSX at a time, all of OpenDocument's."""
        if not self.broken:
            try:
                self.parser.Parse(b"", True)
            except expat.ExpatError:
                self.broken = "not well-formed XML"
        self._judge()
        return self.extent.before + self.extent.cells if self.tables else self.extent.before

    def _judge(self) -> None:
        if self.broken and self.sheets:
            raise damaged(self.name, self.broken)

    def _doctype(self, *_: object) -> None:
        self.broken = "XML with a document type declaration is refused"
        self.parser.StartElementHandler = self.parser.EndElementHandler = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        self.elements += 1
        if self.elements > self.most:
            raise damaged(self.name, f"more than {self.most:,} elements of XML")
        if self.inside and kind == "c":
            self._cell(attributes.get("r"))
        elif self.inside and kind in ("v", "is"):
            if self.cell is not None:
                self.extent.hold(*self.cell)
                self.cell = None
        elif self.inside and kind == "row":
            if said := attributes.get("r"):
                self.row = self._place(said)[0]
            if self.row >= ROWS:
                raise damaged(self.name, f"a row beyond {ROWS:,}")
        elif kind == "sheetData":
            self.inside = True
        elif kind == "si":
            self.texts += 1
            if self.texts > self.most_texts:
                raise damaged(self.name, f"more than {self.most_texts:,} texts")
        elif kind == "sst" and self._number(attributes.get("uniqueCount")) > self.allowance.cells:
            raise damaged(self.name, f"it says that it has {attributes['uniqueCount']} texts")
        elif tag.startswith("table:table") or tag == "table:covered-table-cell":
            self._table(tag, attributes)
        elif tag == "text:s":
            self.spaces += self._number(attributes.get("text:c"))
            if self.spaces > MAX_SPACES:
                raise damaged(self.name, f"{self.spaces:,} spaces written as a count")

    def _end(self, tag: str) -> None:
        kind = tag.rpartition(":")[2]
        if self.inside and kind == "c":
            self.cell = None
            self.column += 1
        elif self.inside and kind == "row":
            self.row, self.column = self.row + 1, 0
        elif kind == "sheetData":
            self.inside = False
        elif self.open and tag == self.open[-1]:
            self.open.pop()
            if tag == "table:table-row":
                self.row = min(self.row + self.repeats, ROWS)

    def _cell(self, said: str | None) -> None:
        row, column = self._place(said) if said else (self.row, self.column)
        if column < 0:
            raise damaged(self.name, f"no cell is called {said!r}")
        self.cell, self.column = (row, column), column

    def _place(self, said: str) -> tuple[int, int]:
        """Row and column (−1 without one) of a reference such as B7."""
        letters = said.rstrip("0123456789")
        column = self.letters.get(letters)
        if column is None:
            column = 0
            for letter in letters:
                if not ("A" <= letter <= "Z" or "a" <= letter <= "z") or len(letters) > 7:
                    raise damaged(self.name, f"no cell is called {said[:40]!r}")
                column = column * 26 + ord(letter.upper()) - 64
            if column > COLUMNS:
                raise damaged(self.name, f"no cell is called {said[:40]!r}")
            column = self.letters[letters] = column - 1
        digits = said[len(letters) :]
        if not digits or len(digits) > 9:
            raise damaged(self.name, f"no cell is called {said[:40]!r}")
        return int(digits) - 1, column

    def _number(self, said: str | None) -> int:
        """A count as OpenDocument writes it; 1 where none is written."""
        if said is None:
            return 1
        if not said.isascii() or not said.isdigit() or len(said) > 18:
            raise damaged(self.name, f"{said[:40]!r} is no count")
        return int(said)

    def _table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in _NESTING:
            return
        level = _NESTING[tag]
        if len(self.open) != level:
            raise damaged(self.name, f"{tag} where none can be")
        self.open.append(tag)
        if level == 0:
            self.tables = True
            self.extent = Extent(self.allowance, self.extent.before + self.extent.cells)
            self.row = 0
        elif level == 1:
            self.repeats = min(self._number(attributes.get("table:number-rows-repeated")), ROWS)
            self.width = 0
        else:
            self.width = min(self.width + self._number(attributes.get("table:number-columns-repeated")), COLUMNS)
            if any(key.startswith("office:") or key == "table:formula" for key in attributes):
                first = min(self.row, ROWS - 1)  # what is beyond, the reader counts no further either
                self.extent.hold(first, 0)  # the reader begins at the first filled column, or before it
                self.extent.hold(min(first + max(self.repeats, 1), ROWS) - 1, self.width - 1)


class _Records:
    """The sheet in one part of an XLSB, read record by record: type, length, content."""

    DIMENSIONS, ROW = 0x94, 0
    CELLS = range(2, 12)  # with a value; 1 is a blank one. Only sheets have records of these types

    def __init__(self, allowance: Allowance) -> None:
        self.name, self.extent = allowance.name, Extent(allowance)
        self.rest = b""
        self.skip = 0
        self.row = 0
        self.sheet = False  # its dimensions, which the reader looks for first, were seen

    def feed(self, block: bytes) -> None:
        """Read on."""
        data, at = self.rest + block, 0
        while True:
            step = min(self.skip, len(data) - at)
            self.skip, at = self.skip - step, at + step
            if len(data) - at < _LONGEST_HEAD:
                break
            at = self._record(data, at)
        self.rest = data[at:]

    def _record(self, data: bytes, at: int) -> int:
        """Read the head of a record and where it lies in the sheet; returns where its content begins."""
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) + ((data[at] & 0x7F) << 7)
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            length += (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        self.skip = length
        if kind == self.DIMENSIONS:
            self.sheet = True
        elif self.sheet and (kind == self.ROW or kind in self.CELLS):
            place = int.from_bytes(data[at : at + 4], "little")
            if length < 4 and any(data[at:]):  # the reader would take what the record before it left
                raise damaged(self.name, "a row or cell that does not say where it is")
            if kind == self.ROW:
                self.row = place
            else:
                self.extent.hold(self.row, place)
        return at
