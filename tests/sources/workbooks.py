"""Small workbooks made byte by byte, as no library here writes them: only what a reader looks at."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

Cells = dict[tuple[int, int], float]  # value by row and column, from 0


def zipped(path: Path, parts: dict[str, bytes | str]) -> Path:
    """A zip archive with these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


_SPREADSHEETML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(path: Path, sheet: str, **others: bytes | str) -> Path:
    """An XLSX with this text as its one sheet, and other parts (`a__b` for a/b)."""
    if "<worksheet" not in sheet:
        sheet = f'<worksheet xmlns="{_SPREADSHEETML}"><sheetData>{sheet}</sheetData></worksheet>'
    return zipped(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEETML}" xmlns:r="{_RELATIONS}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "_rels/.rels": _relation("xl/workbook.xml", "officeDocument"),
            "xl/_rels/workbook.xml.rels": _relation("worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet,
            **{name.replace("__", "/"): content for name, content in others.items()},
        },
    )


def _relation(target: str, kind: str = "worksheet") -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def ods(path: Path, table: str) -> Path:
    """An ODS with these rows as its one table."""
    names = "".join(
        f' xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text", "style")
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped(path, {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of an XLSB."""
    head = bytes([kind]) if kind < 0x80 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    length, left = b"", len(content)
    while True:
        left, low = left >> 7, left & 0x7F
        length += bytes([low | (0x80 if left else 0)])
        if not left:
            return head + length + content


def xlsb(path: Path, cells: Cells, dimensions: tuple[int, int, int, int] = (0, 0, 0, 0)) -> Path:
    """An XLSB with these numbers, and what it says of its size: first and last row, first and last column."""

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    sheet = record(0x81) + record(0x94, struct.pack("<4I", *dimensions)) + record(0x91)
    for (row, column), value in sorted(cells.items()):
        sheet += record(0, struct.pack("<I13x", row)) + record(5, struct.pack("<IId", column, 0, value))
    return zipped(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": record(0x9C, struct.pack("<II", 0, 1) + wide("rId1") + wide("S"))
            + record(0x90)
            + record(0x84),
            "xl/_rels/workbook.bin.rels": _relation("worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": sheet + record(0x92) + record(0x82),
        },
    )


def biff(kind: int, content: bytes = b"") -> bytes:
    """A record of an XLS."""
    return struct.pack("<HH", kind, len(content)) + content


def xls(path: Path, cells: Cells, dimensions: bytes = b"", *, times: int = 1, small: bool = False) -> Path:
    """An XLS with these numbers, the content of DIMENSIONS, and the sheet named so many times."""
    sheet = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    sheet += biff(0x0200, dimensions) if dimensions else b""
    for (row, column), value in sorted(cells.items()):
        sheet += biff(0x0203, struct.pack("<HHHd", row, column, 0, value))
    sheet += biff(0x000A)
    begin = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x05, 0, 0, 0, 0))
    position = len(begin) + times * 14 + 4
    named = b"".join(
        biff(0x0085, struct.pack("<IBBBB", position, 0, 0, 2, 0) + f"{i:02}".encode()) for i in range(times)
    )
    return compound(path, begin + named + biff(0x000A) + sheet, small=small)


def compound(path: Path, stream: bytes, *, circle: bool = False, small: bool = False) -> Path:
    """A compound file with this stream as its workbook, which lies in the mini stream where it is `small`.

    In a circle its last sector leads to its first.
    """
    length = len(stream) if small else max(4096, len(stream))
    stream += bytes(max((0 if small else 4096) - len(stream), -len(stream) % 512))
    count = len(stream) // 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, end, end, *range(4, 3 + count), 3 if circle else end]  # tables, directory, mini table, stream
    minis = [*range(1, count * 8), end] if small else []
    assert max(len(table), len(minis)) <= 128
    header = struct.pack("<8s16xHHHHH6xIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0)
    header += struct.pack("<IIIII", 4096, 2 if small else end, int(small), end, 0) + struct.pack(
        "<109I", 0, *[free] * 108
    )

    def entry(name: str, kind: int, first: int, length: int) -> bytes:
        raw = name.encode("utf-16-le")
        return raw.ljust(64, b"\0") + struct.pack(
            "<HBBIII16sI8s8sIQ", len(raw) + 2, kind, 1, free, free, free, b"", 0, b"", b"", first, length
        )

    root = entry("Root Entry", 5, 3, len(stream)) if small else entry("Root Entry", 5, end, 0)
    directory = root + entry("Workbook", 2, 0 if small else 3, 0xFFFFFFFF if circle else length) + bytes(256)
    tables = [struct.pack("<128I", *t, *[free] * (128 - len(t))) for t in (table, minis)]
    path.write_bytes(header + tables[0] + directory + tables[1] + stream)
    return path
