"""The one writer of CSV and XLSX: no cell is a formula, numbers stay numbers, and nothing else writes such files."""

from __future__ import annotations

import ast
import csv
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from crossbook.errors import CrossbookError
from crossbook.spreadsheets import Workbook, as_csv, safe, write_csv, write_table

SRC = Path(__file__).parents[1] / "src" / "crossbook"

# What OWASP's page on CSV injection names, and what stands for the same in other scripts or behind characters unseen.
FORMULAS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "-cmd",
    "@SUM(A1)",
    "\tx",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "﹦1",
    "\u22121+1",
    " =1+1",
    "\u3000＝1+1",
    "\u00a0=1",
    '"=1+1"',
    ' " =1',
    "\ufeff=1+1",
    "\u200b=1",
    "\u202e=1",
    "--1",
    "+-1",
    "-1e",
    "-٣",
    "=",
    "-",
)
PLAIN = ("-12.50", "12", "+7", "-1,234.50", "SO-1", "a=b", "", "0", "张三", "'=1+1", "a; b", "x\ny", "a;-5.00")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_becomes_text(text: str) -> None:
    assert safe(text) == "'" + text
    assert safe(safe(text)) == safe(text)


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_and_numbers_stay(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("text", ["a;=1+1", 'a";"=1', "a\t@SUM(A1)", "a\n=1", "a\r\n ＝1"])
def test_no_cell_begins_inside_one_where_the_separator_is_another(text: str) -> None:
    told = safe(text)
    assert told.replace("'", "") == text and told != text and safe(told) == told


def test_a_csv_holds_no_formula_and_every_number() -> None:
    heads, rows = ["=head", "n"], [[text, -5] for text in FORMULAS]
    content = as_csv(heads, [*rows, [None, "-1.50"]])
    cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert content.startswith(b"\xef\xbb\xbf") and cells[0] == ["'=head", "n"]
    assert [row[0] for row in cells[1:-1]] == ["'" + text.strip("\0\u202e") for text in FORMULAS]
    assert {row[1] for row in cells[1:-1]} == {"-5"} and cells[-1] == ["", "-1.50"]
    assert not as_csv(["a"], [], mark=False).startswith(b"\xef\xbb\xbf")


def test_a_table_is_written_by_the_same_rule(tmp_path: Path) -> None:
    texts = [*FORMULAS, "SO-1", "-1.50", None]
    table = pa.table({"=t": texts, "d": pa.array(texts).dictionary_encode(), "n": pa.array([-5] * len(texts))})
    write_table(table, tmp_path / "t.csv")
    cells = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_bytes().decode(), newline="")))
    assert cells[0] == ["'=t", "d", "n"]
    assert [r[0] for r in cells[1:]] == [safe(t or "") for t in texts]
    assert [r[0] for r in cells[1:]] == [r[1] for r in cells[1:]] and {r[2] for r in cells[1:]} == {"-5"}


def test_a_workbook_holds_texts_as_texts_alone(tmp_path: Path) -> None:
    with Workbook(tmp_path / "b.xlsx") as book:
        sheet, bold = book.sheet("s"), book.style({"bold": True})
        for row, text in enumerate(("=1+1", "http://example.com", "12", "SO-1")):
            sheet.text(row, 0, text)
            sheet.text(row, 1, text, bold)
        sheet.number(9, 0, -5)
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        sheet_xml = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet_xml and "hyperlink" not in sheet_xml and sheet_xml.count('t="s"') == 8
    assert styles.count('quotePrefix="1"') == 2


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="cannot write"):
        write_csv(tmp_path / "no" / "a.csv", ["a"], [])
    with pytest.raises(CrossbookError, match="cannot write"):
        write_table(pa.table({"a": ["x"]}), tmp_path / "no" / "a.csv")


# Files that turn one input into another inside the house, to be read again; nobody opens them in a spreadsheet.
INWARD = {"sources/spreadsheet.py", "sources/uspto_parquet.py"}
WRITERS = {"writer", "DictWriter", "write_csv", "CSVWriter", "to_csv", "to_excel"}


def test_nothing_else_writes_csv_or_xlsx() -> None:
    found = []
    for path in sorted(SRC.rglob("*.py")):
        name = path.relative_to(SRC).as_posix()
        if name == "spreadsheets.py" or name in INWARD or name.startswith("demo/"):  # the demo writes others' formats
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names]
                if "xlsxwriter" in names or getattr(node, "module", "") in ("xlsxwriter", "openpyxl"):
                    found.append(f"{name}:{node.lineno}")
            elif isinstance(node, ast.Attribute) and node.attr in WRITERS and isinstance(node.value, ast.Name):
                if node.value.id in ("csv", "pacsv", "pc", "pandas", "pd") or node.attr.startswith("to_"):
                    found.append(f"{name}:{node.lineno} {node.attr}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "FORMAT CSV" in node.value.upper():
                found.append(f"{name}:{node.lineno} COPY")
    assert [f for f in found if "sources/encoding.py" not in f] == []
