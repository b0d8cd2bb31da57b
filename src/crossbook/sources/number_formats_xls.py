"""Currencies that an old workbook (XLS) shows its amounts in: of the formats that its cells' styles name.

Records of [MS-XLS]: FORMAT (2.4.126) has the text of a format, XF (2.4.353) the format of a style, BOUNDSHEET8 (2.4.28)
a sheet's name and place, and each cell begins with row, column and style. The formats that come with Excel (5 to 8, 37
to 44) stand there too, with the currency of the one who wrote the file, and say nothing.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from crossbook.sources.number_formats import Codes, shown
from crossbook.sources.sheet_size_xls import records, streams

_BOF, _EOF, _SHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_NUMBER, _RK, _MUL_RK, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_BIFF8 = 0x0600
_OWN = 164  # the first number of a format that a file brings itself


def currencies(path: Path, name: str, sheet: str, columns: Collection[int], below: int) -> dict[Codes, tuple[int, int]]:
    """What the numbers of some columns (from 0) of a sheet, in rows under row `below` (from 1), are shown in: how many
    of them, and the first row. Empty for records that end before they are whole. Raises CrossbookError for a file that
    leads in circles."""
    for stream in streams(path.read_bytes(), name):
        try:
            styles, place = _styles(stream, sheet)
            if place is not None and styles:
                return _counted(stream, place, styles, frozenset(columns), below)
        except struct.error:
            continue
    return {}


def _styles(stream: bytes, wanted: str) -> tuple[dict[int, Codes], int | None]:
    """The styles that show a currency, by number, and where the sheet's records begin."""
    formats: dict[int, Codes] = {}
    found: dict[int, Codes] = {}
    number, place, wide = 0, None, True
    for kind, at, length in records(stream, 0):
        content = stream[at : at + length]
        if kind == _EOF:
            break
        if kind == _BOF:
            wide = struct.unpack_from("<H", content)[0] >= _BIFF8
        elif kind == _SHEET and _text(content, 6, 1, wide) == wanted:
            (place,) = struct.unpack_from("<I", content)
        elif kind == _FORMAT:
            (which,) = struct.unpack_from("<H", content)
            if which >= _OWN and (codes := shown(_text(content, 2, 2 if wide else 1, wide))):
                formats[which] = codes
        elif kind == _XF:
            if codes := formats.get(struct.unpack_from("<H", content, 2)[0]):
                found[number] = codes
            number += 1
    return found, place


def _text(content: bytes, at: int, size: int, wide: bool) -> str:
    """A text behind its length, of `size` bytes; since BIFF8 a byte says whether its letters have two."""
    (length,) = struct.unpack_from("<H" if size == 2 else "<B", content, at)
    at += size
    if not wide:
        return content[at : at + length].decode("cp1252", "replace")
    (flags,) = struct.unpack_from("<B", content, at)
    if flags & 1:
        return content[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
    return content[at + 1 : at + 1 + length].decode("latin-1")


def _counted(
    stream: bytes, place: int, styles: dict[int, Codes], columns: frozenset[int], below: int
) -> dict[Codes, tuple[int, int]]:
    counted: Counter[Codes] = Counter()
    first: dict[Codes, int] = {}
    for row, column, style in _cells(stream, place):
        if (codes := styles.get(style)) and column in columns and row + 1 > below:
            counted[codes] += 1
            first.setdefault(codes, row + 1)
    return {codes: (n, first[codes]) for codes, n in counted.items()}


def _cells(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Row, column (from 0) and style of each number of a sheet."""
    depth = -1  # charts in the sheet have records of their own between BOF and EOF
    for kind, at, length in records(stream, place):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF and depth <= 0:
            return
        elif kind == _EOF:
            depth -= 1
        elif depth > 0:
            continue
        elif kind in (_NUMBER, _RK, _FORMULA) and length >= 6:
            yield struct.unpack_from("<HHH", stream, at)
        elif kind == _MUL_RK and length >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            for i in range((length - 6) // 6):
                yield row, column + i, struct.unpack_from("<H", stream, at + 4 + 6 * i)[0]
