"""Workbooks that ask for more cells than a computer has room for are refused before the reader makes room."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError
from crossbook.sources.sheet_extent import Allowance, Extent, cell_name
from crossbook.sources.sheet_size import refuse_oversized
from crossbook.sources.spreadsheet import to_csv
from tests.sources.workbooks import biff, compound, ods, record, xls, xlsb, xlsx, zipped

LAST = (1_048_575, 16_383)
TOLD = "which is more than can be opened"


def cell(name: str, value: str = "1") -> str:
    return f'<c r="{name}"><v>{value}</v></c>'


def ods_cell(columns: int = 1, value: str = "1") -> str:
    repeated = f'table:number-columns-repeated="{columns}"'
    return f'<table:table-cell {repeated} office:value-type="float" office:value="{value}"/>'


def ods_row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (6, 25, "Z7"), (0, 26, "AA1"), (*LAST, "XFD1048576"), (0, 701, "ZZ1")]
)
def test_what_a_cell_is_called(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name


def test_allowance() -> None:
    small, large = Allowance.of("a", 1_400), Allowance.of("a", 50_000_000)
    assert (small.cells, large.cells) == (4_011_200, 64_000_000)
    extent = Extent(small)
    extent.hold(1_048_575, 0)
    extent.hold(0, 2)
    assert extent.cells == 3 * 1_048_576
    with pytest.raises(CrossbookError, match="cell D1 makes a sheet of 1,048,576 rows × 4 columns"):
        extent.hold(0, 3)


def test_small_workbooks_of_every_format_are_read(tmp_path: Path) -> None:
    cells = {(0, 0): 1.0, (0, 2): 2.0, (3, 1): 3.5}
    told = "1,,2\n,,\n,,\n,3.5,\n"
    assert to_csv(xls(tmp_path / "a.xls", cells, struct.pack("<IIHHH", 0, 4, 0, 3, 0)), "a") == told
    assert to_csv(xls(tmp_path / "b.xls", cells, small=True), "a") == told
    assert to_csv(xlsb(tmp_path / "a.xlsb", cells, (0, 3, 0, 2)), "a") == told
    sheet = f'<row r="1">{cell("A1")}{cell("C1", "2")}</row><row r="4">{cell("B4", "3.5")}</row>'
    assert to_csv(xlsx(tmp_path / "a.xlsx", sheet), "a") == told
    empty = '<table:table-cell table:number-columns-repeated="{}"/>'
    rows = [
        ods_row(ods_cell() + empty.format(1) + ods_cell(1, "2") + empty.format(16_381)),
        ods_row(empty.format(16_384), 2),
        ods_row(empty.format(1) + ods_cell(1, "3.5")),
        ods_row(empty.format(16_384), 1_048_572),
    ]
    assert to_csv(ods(tmp_path / "a.ods", "".join(rows)), "a") == told


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    sheet = '<worksheet><dimension ref="A1:{}"/><sheetData>{}</sheetData></worksheet>'
    assert to_csv(xlsx(tmp_path / "large.xlsx", sheet.format("XFD1048576", cell("A1"))), "a") == "1\n"
    with pytest.raises(CrossbookError, match=TOLD):
        to_csv(xlsx(tmp_path / "small.xlsx", sheet.format("B2", cell("A1") + cell("XFD1048576"))), "a")
    with pytest.raises(CrossbookError, match=TOLD):
        to_csv(xlsb(tmp_path / "small.xlsb", {(0, 0): 1, LAST: 1}, (0, 1, 0, 1)), "a")


def test_formatted_cells_without_a_value_do_not_count(tmp_path: Path) -> None:
    far = '<c r="XFD1048576" s="1"/>'
    assert to_csv(xlsx(tmp_path / "a.xlsx", cell("A1") + far), "a") == "1\n"


def test_a_table_far_from_the_corner_is_read(tmp_path: Path) -> None:
    sheet = f'<row r="1000">{cell("XFC1000")}{cell("XFD1000", "2")}</row>'
    assert to_csv(xlsx(tmp_path / "a.xlsx", sheet), "a").endswith("\n1,2\n")


FAR_XLSX = {
    "corner": cell("A1") + cell("XFD1048576"),
    "190 million": cell("A1") + cell("FZ1048576"),
    "quotes": cell("A1") + "<c x='\"' r = 'XFD1048576'><v>1</v></c>",
    "prefix": f'<x:row xmlns:x="y" r="1">{cell("A1")}<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "text": cell("A1") + '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
    "row says, cells do not": f'{cell("A1")}<row r="1048576">{"<c/>" * 9}<c><v>1</v></c></row>',
    "nothing says": "<row><c><v>1</v></c></row>" + "<row/>" * 3_000 + f"<row>{'<c/>' * 3_000}<c><v>1</v></c></row>",
    "rows in rows": cell("A1")
    + "<row>" * 300
    + '<row r="1048000">'
    + "</row>" * 301
    + "<row><c/><c/><c/><c/><c><v>1</v></c></row>",
    "beyond the sheet": cell("A1") + cell("A9999999"),
    "beyond the columns": cell("A1") + cell("AAAAAAA1"),
    "beyond counting": cell("A1") + cell("A1" + "0" * 40),
    "not a name": cell("A1") + cell("Ä1"),
}


@pytest.mark.parametrize("sheet", FAR_XLSX.values(), ids=FAR_XLSX)
def test_far_cells_in_xlsx(tmp_path: Path, sheet: str) -> None:
    with pytest.raises(CrossbookError, match=f"{TOLD}|no cell is called"):
        refuse_oversized(xlsx(tmp_path / "a.xlsx", sheet), "a.xlsx")


def test_a_far_cell_is_found_wherever_the_sheet_lies(tmp_path: Path) -> None:
    sheet = f"<worksheet><sheetData>{cell('A1')}{cell('XFD1048576')}</sheetData></worksheet>"
    for name in ("xl/worksheets/sheet2.xml", "xl/media/picture.png", "any.bin"):
        with pytest.raises(CrossbookError, match=TOLD):
            refuse_oversized(xlsx(tmp_path / "a.xlsx", "", **{name: sheet}), f"a {name}")


@pytest.mark.parametrize(
    "part",
    [
        "<!DOCTYPE x><worksheet><sheetData/></worksheet>",
        "<worksheet><bad a=<></bad><sheetData/></worksheet>",
        "no XML <worksheet><sheetData/></worksheet>",
        "<worksheet><sheetData></worksheet>",
    ],
)
def test_sheets_that_only_a_lenient_reader_reads_are_refused(tmp_path: Path, part: str) -> None:
    with pytest.raises(CrossbookError, match="not a readable workbook"):
        refuse_oversized(xlsx(tmp_path / "a.xlsx", part.replace("<worksheet>", '<worksheet x="">')), part)


def test_other_parts_may_be_anything(tmp_path: Path) -> None:
    others = {
        "xl/media/a.svg": "<!DOCTYPE svg><svg/>",
        "xl/media/a.png": b"\x89PNG\r\n" + bytes(range(256)) * 9,
        "xl/drawings/a.vml": "<xml><br></xml>",
        "customXml/item1.xml": '<a><c r="hello">x<v/></c><row r="x"/></a>',
        "xl/printerSettings/a.bin": bytes([0x94, 1, 0, 0, 4, 5, 5, 255, 255, 255, 255]) * 40,
    }
    assert to_csv(xlsx(tmp_path / "a.xlsx", cell("A1"), **others), "a") == "1\n"


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(ods_cell(16_384), 1_048_576),
        ods_row(ods_cell()) + ods_row("<table:table-cell/>", 1_048_574) + ods_row(ods_cell(16_384)),
        ods_row('<table:table-cell table:number-columns-repeated="16383"/>' + ods_cell(), 1_000),
        "".join(ods_row(ods_cell(16_384)) for _ in range(300)),
        ods_row(ods_cell(), 400_000) * 2 + ods_row(ods_cell(9)),
        ods_row("<table:covered-table-cell table:formula='=1' table:number-columns-repeated='9999'/>", 9_999),
    ],
)
def test_repeated_cells_in_ods(tmp_path: Path, rows: str) -> None:
    with pytest.raises(CrossbookError, match=TOLD):
        refuse_oversized(ods(tmp_path / "a.ods", rows), "a.ods")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ods_row(
                '<table:table-cell office:value-type="string"><text:p><text:s text:c="4000000000"/></text:p>'
                "</table:table-cell>"
            ),
            "spaces written as a count",
        ),
        (ods_row(ods_cell() + ods_row(ods_cell())), "where none can be"),
        (ods_row('<table:table-cell table:number-columns-repeated="-1"/>'), "is no count"),
    ],
)
def test_other_tricks_in_ods(tmp_path: Path, rows: str, told: str) -> None:
    with pytest.raises(CrossbookError, match=told):
        refuse_oversized(ods(tmp_path / "a.ods", rows), "a.ods")


def test_tables_of_ods_are_held_together(tmp_path: Path) -> None:
    half = ods_row(ods_cell(3), 1_000_000)
    refuse_oversized(ods(tmp_path / "a.ods", half), "one")
    two = half + '</table:table><table:table table:name="T">' + half
    with pytest.raises(CrossbookError, match=TOLD):
        refuse_oversized(ods(tmp_path / "b.ods", two), "two")


def test_far_cells_in_xlsb(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="cell XFD1048576 makes a sheet"):
        to_csv(xlsb(tmp_path / "a.xlsb", {(0, 0): 1, LAST: 1}, (0, LAST[0], 0, LAST[1])), "a")
    with pytest.raises(CrossbookError, match=TOLD):
        to_csv(xlsb(tmp_path / "b.xlsb", {(0, 0): 1, (0, 4_000_000_000): 1}), "b")
    sheet = (
        record(0x81) + record(0x94, bytes(16)) + record(0x91) + record(0, struct.pack("<I13x", 1_048_575)) + record(5)
    )
    with pytest.raises(CrossbookError, match="does not say where it is"):
        refuse_oversized(zipped(tmp_path / "c.xlsb", {"xl/worksheets/sheet1.bin": sheet + record(0x92)}), "c")


def test_far_cells_in_xls(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="cell IV65536 makes a sheet of 65,536 rows × 256 columns"):
        to_csv(xls(tmp_path / "a.xls", {(0, 0): 1, (65_535, 255): 1}), "a")
    with pytest.raises(CrossbookError, match=TOLD):
        to_csv(xls(tmp_path / "b.xls", {(0, 0): 1, (65_535, 65_535): 1}), "b")
    with pytest.raises(CrossbookError, match=TOLD):
        to_csv(xls(tmp_path / "c.xls", {(0, 0): 1, (65_535, 255): 1}, small=True), "c")


@pytest.mark.parametrize(
    "dimensions", [struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 255, 0), struct.pack("<IIHHH", 9, 3, 0, 1, 0)]
)
def test_dimensions_of_xls(tmp_path: Path, dimensions: bytes) -> None:
    """The reader makes room for so many, and for four thousand million where the last row is before the first."""
    with pytest.raises(CrossbookError, match=TOLD):
        to_csv(xls(tmp_path / "a.xls", {(0, 0): 1}, dimensions), "a")
    assert to_csv(xls(tmp_path / "b.xls", {(0, 0): 1}, struct.pack("<IIHHH", 0, 65_536, 0, 256, 0)), "b") == "1\n"


def test_a_sheet_of_xls_named_many_times(tmp_path: Path) -> None:
    cells = {(0, 0): 1.0, (65_535, 9): 1.0}  # 655,360
    assert to_csv(xls(tmp_path / "a.xls", cells, times=3), "a").startswith("1,")
    with pytest.raises(CrossbookError, match="many times over"):
        to_csv(xls(tmp_path / "b.xls", cells, times=20), "b")


def test_a_compound_file_that_leads_in_circles(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="in a circle"):
        to_csv(compound(tmp_path / "a.xls", biff(0x0809, bytes(16)), circle=True), "a")
    for raw in (b"\xd0\xcf\x11\xe0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600):
        (tmp_path / "b.xls").write_bytes(raw)
        with pytest.raises(CrossbookError, match="not a readable workbook"):
            to_csv(tmp_path / "b.xls", "b")


def test_parts_that_unpack_to_more_than_they_say(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    raw = bytearray(out.getvalue())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(mark) + place
        raw[at : at + 4] = struct.pack("<I", 1_000)
    (tmp_path / "a.xlsx").write_bytes(raw)
    with pytest.raises(CrossbookError, match="unpacks to more than the archive says"):
        refuse_oversized(tmp_path / "a.xlsx", "a.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w") as part,
    ):
        for _ in range(500):
            part.write(b" " * (1 << 20))
    with pytest.raises(CrossbookError, match="absurd size"):
        refuse_oversized(tmp_path / "b.xlsx", "b.xlsx")


def test_texts_that_are_only_counted(tmp_path: Path) -> None:
    strings = '<sst uniqueCount="99999999999999"><si><t>x</t></si></sst>'
    with pytest.raises(CrossbookError, match="99999999999999 texts"):
        to_csv(xlsx(tmp_path / "a.xlsx", cell("A1"), **{"xl__sharedStrings.xml": strings}), "a")


@pytest.mark.parametrize(
    ("sheet", "others", "told"),
    [
        (cell("A1"), {"xl__sharedStrings.xml": f"<sst>{'<si><t>x</t></si>' * 12_000}</sst>"}, "texts"),
        (cell("A1"), {"xl__styles.xml": f"<styleSheet>{'<xf/>' * 300_000}</styleSheet>"}, "elements of XML"),
        ("<row/>" * 1_048_577, {}, "elements of XML"),
        ('<row r="1048577"/>', {}, "a row beyond 1,048,576"),
    ],
)
def test_what_is_much_work_and_holds_no_cell_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheet: str, others: dict[str, str], told: str
) -> None:
    """The same part again and again packs into little, and keeps a reader at work for minutes."""
    monkeypatch.setattr("crossbook.sources.sheet_size_zip.FREE_TEXTS", 10_000)
    monkeypatch.setattr("crossbook.sources.sheet_size_zip.FREE_ELEMENTS", 100_000)
    monkeypatch.setattr("crossbook.sources.sheet_extent.FREE_CELLS", 1_000)
    with pytest.raises(CrossbookError, match=told):
        refuse_oversized(xlsx(tmp_path / "a.xlsx", sheet, **others), "a.xlsx")


PROGRAM = """
import sys
from pathlib import Path
from crossbook.book import init_book
from crossbook.book.adding import add
from crossbook.book.mapping import preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError

book = init_book(Path(sys.argv[2]))
(item,) = inputs([Path(sys.argv[1])])
for work in (lambda: add(book, item), lambda: preview(Path(sys.argv[1]))):
    try:
        work()
    except CrossbookError as error:
        print(error)
print([p for p in book.path.rglob("*") if p.is_file() and p.parent.parent.name == "evidence"], book.evidence())
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("far-corner-cell.xlsx", "cell XFD1048576 makes a sheet of 1,048,576 rows × 16,384 columns"),
        ("190-million-cells.xlsx", "cell FZ1048576 makes a sheet of 1,048,576 rows × 182 columns"),
    ],
)
def test_the_process_lives_and_tells(tmp_path: Path, name: str, told: str) -> None:
    """Adding it to a book, and looking at it for a mapping, in a process that may use two gigabytes of addresses."""
    path = Path(__file__).with_name("oversized") / name

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

    words = [sys.executable, "-c", PROGRAM, str(path), str(tmp_path / "b")]
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=limit, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"{name}: {told}, {TOLD}\n  → clear that cell") == 2
    *_, held, memory = done.stdout.splitlines()
    assert held == "[] []" and int(memory) < 1_000_000  # in KiB, of this program alone


def test_a_directory_that_points_before_the_file(tmp_path: Path) -> None:
    """The offset of an archive's directory, 6 bytes before its end, is made larger than where the directory stands."""
    whole = bytearray((Path(__file__).parent / "table" / "cases" / "temu.xlsx").read_bytes())
    (at,) = struct.unpack("<I", whole[-6:-2])
    whole[-6:-2] = struct.pack("<I", at + 100)
    path = tmp_path / "book.xlsx"
    path.write_bytes(whole)
    with pytest.raises(CrossbookError):
        refuse_oversized(path, path.name)
