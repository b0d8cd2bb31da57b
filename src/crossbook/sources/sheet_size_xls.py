"""How large the sheets of an XLS file are, told from its records before the reader makes room for them.

An XLS file is a compound file ([MS-CFB]), a small file system of sectors in chains, with one stream of records
([MS-XLS] 2.1.4): type, length, content. The reader makes room for what DIMENSIONS says, and for the rectangle of the
cells, and it follows chains without end; each is looked at here first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from crossbook.errors import CrossbookError
from crossbook.sources.sheet_extent import Allowance, Extent, damaged

_END = 0xFFFFFFFE
_RESERVED = 0xFFFFFFFA  # from here on a number is no sector's
_STREAMS = ("workbook", "book")
_SMALL = 4096  # streams below this size lie in the mini stream
_MINI = 64
_BOF, _EOF, _SHEET, _DIMENSIONS, _MUL_RK = 0x0809, 0x000A, 0x0085, 0x0200, 0x00BD
_DATE_1904 = 0x0022
_CELLS = {0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006}  # number, label, text, yes/no, short number, formula
_ROOM = 65_536 * 256  # what the format has room for


def refuse_oversized_xls(data: bytes, allowance: Allowance) -> None:
    """Raise CrossbookError when the sheets span more cells than can be opened, or the file leads in circles."""
    for stream in _Compound(data, allowance.name).streams():
        _sheets(stream, allowance)


def counts_from_1904(data: bytes, name: str) -> bool:
    """Whether a workbook counts its days from 1904-01-01: its record Date1904 ([MS-XLS] 2.4.77) is 1.

    Raises CrossbookError for a file that leads in circles or beyond its end.
    """
    for stream in _Compound(data, name).streams():
        for kind, at, length in records(stream, 0):
            if kind == _EOF:
                break
            if kind == _DATE_1904 and length >= 2:
                return bool(struct.unpack_from("<H", stream, at)[0])
    return False


def streams(data: bytes, name: str) -> Iterator[bytes]:
    """Every stream of records that a reader may take for the workbook. Raises CrossbookError as the other functions."""
    return _Compound(data, name).streams()


class _Compound:
    """A compound file's streams of records."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name
        if len(data) < 512 or data[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise self.damaged("it ends before it begins")
        shift, mini = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini != 6:
            raise self.damaged("its sectors have no known size")
        self.size = 1 << shift
        self.sectors = len(data) // self.size
        tables, directory = struct.unpack_from("<II", data, 44)
        minis, mini_tables, more = struct.unpack_from("<III", data, 60)
        if max(tables, mini_tables) > self.sectors + 1:
            raise self.damaged("it says that it has more sectors than it has bytes")
        self.table = self._table(more)
        self.directory = self._chain(directory, self.table, self.size, data, self.size)
        root = self.directory[:128]
        self.mini_stream = b""
        self.minis: list[int] = []
        if mini_tables and len(root) == 128:
            self.mini_stream = self._chain(
                struct.unpack_from("<I", root, 116)[0], self.table, self.size, data, self.size
            )
            chain = self._chain(minis, self.table, self.size, data, self.size)
            self.minis = list(struct.unpack(f"<{len(chain) // 4}I", chain[: len(chain) // 4 * 4]))

    def damaged(self, why: str) -> CrossbookError:
        return damaged(self.name, why)

    def streams(self) -> Iterator[bytes]:
        """Every stream that the reader may take for the workbook."""
        for at in range(0, len(self.directory) - 127, 128):
            entry = self.directory[at : at + 128]
            name = entry[:64].decode("utf-16-le", "replace").partition("\0")[0]
            if name.lower() not in _STREAMS:
                continue
            first, length = struct.unpack_from("<IQ", entry, 116)
            length &= 0xFFFFFFFF if self.size == 512 else 0xFFFFFFFFFFFFFFFF
            if length < _SMALL:
                yield self._chain(first, self.minis, _MINI, self.mini_stream, 0)[:length]
            else:
                yield self._chain(first, self.table, self.size, self.data, self.size)[:length]

    def _table(self, more: int) -> list[int]:
        """Which sector follows which: the numbers of the table's own sectors are in the header, then in a chain."""
        own = list(struct.unpack_from("<109I", self.data, 76))
        seen: set[int] = set()
        while more < _RESERVED:
            if more in seen or more >= self.sectors:
                raise self.damaged("its table of sectors leads in a circle or beyond its end")
            seen.add(more)
            *numbers, more = self._numbers(more)
            own += numbers
        return [number for sector in own if sector < _RESERVED for number in self._numbers(sector)]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        start = (sector + 1) * self.size
        part = self.data[start : start + self.size]
        if len(part) < 4:
            raise self.damaged("its table of sectors leads beyond its end")
        return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])

    def _chain(self, sector: int, table: list[int], size: int, data: bytes, before: int) -> bytes:
        """The bytes of a chain of sectors; those lie in `data` behind `before` bytes."""
        found: list[bytes] = []
        seen: set[int] = set()
        while sector != _END:
            if sector in seen or sector >= len(table):
                raise self.damaged("a chain of its sectors leads in a circle or beyond its end")
            seen.add(sector)
            start = before + sector * size
            found.append(data[start : start + size])
            sector = table[sector]
        return b"".join(found)


def _sheets(stream: bytes, allowance: Allowance) -> None:
    """Look through every sheet that the workbook names, as often as it names it."""
    held = 0
    known: dict[int, int] = {}
    for kind, at, length in records(stream, 0):
        if kind == _EOF:
            break
        if kind == _SHEET and length >= 4:
            (position,) = struct.unpack_from("<I", stream, at)
            if position in known:  # it would be read once more
                held += known[position]
                if held > allowance.cells:
                    raise CrossbookError("the same sheet many times over", where=allowance.name, todo="save it anew")
                continue
            extent = _sheet(stream, position, Extent(allowance, held))
            known[position] = extent.cells
            held += extent.cells


def _sheet(stream: bytes, position: int, extent: Extent) -> Extent:
    depth = -1  # charts in the sheet have records of their own between BOF and EOF
    for kind, at, length in records(stream, position):
        if kind == _BOF:
            depth += 1
        elif depth > 0:
            depth -= kind == _EOF
        elif kind == _EOF:
            break
        elif kind == _DIMENSIONS:
            _dimensions(stream[at : at + length], extent.allowance.name)
        elif kind in _CELLS and length >= 4:
            extent.hold(*struct.unpack_from("<HH", stream, at))
        elif kind == _MUL_RK and length >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            extent.hold(row, column)
            extent.hold(row, column + (length - 6) // 6)
    return extent


def _dimensions(said: bytes, name: str) -> None:
    """The reader makes room for so many cells at once, also for none where the last row is before the first."""
    if len(said) == 14:
        top, bottom, left, right = struct.unpack_from("<IIHH", said)
    elif len(said) == 10:
        top, bottom, left, right = struct.unpack_from("<HHHH", said)
    else:
        return
    if not bottom or not right:
        return
    if left > 0xFF or right - 1 < left:
        left = 0
    rows, columns = (bottom - top) & 0xFFFFFFFF, (right - left) & 0xFFFFFFFF
    if rows * columns > _ROOM:
        raise CrossbookError(
            f"a sheet that says it has {rows:,} rows × {columns:,} columns, which is more than can be opened",
            where=name,
            todo="open it in a spreadsheet and save it anew, or save the table as CSV",
        )


def records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Type, place of the content and length of each record from here on."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if at + length > len(stream):
            return
        yield kind, at, length
        at += length
