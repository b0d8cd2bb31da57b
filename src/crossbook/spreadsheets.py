"""The one writer of CSV and XLSX: text that a spreadsheet would run as a formula stays text, numbers stay numbers.

A CSV cell that begins like a formula gets an apostrophe before it. Source: OWASP, CSV Injection,
https://owasp.org/www-community/attacks/CSV_Injection (signs = + - @, tab, carriage return, full-width signs, and that a
field separator or a quote may begin a new cell); OWASP ASVS 5.0, requirement 1.2.10 (a null character too). In XLSX a
text is a string by its type; one that looks like a formula is marked so (quotePrefix) that editing it runs nothing.
"""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from crossbook.errors import CrossbookError
from crossbook.printable import printable

if TYPE_CHECKING:
    import pyarrow as pa

MARK = "\ufeff"  # before UTF-8, so that spreadsheets show the Chinese
SIGNS = "=+-@\u2212＝＋－＠﹦﹢﹣﹫"  # ASCII, the minus sign, full-width and small forms
_QUOTES = '"“”„«»`´'
_NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
# What may begin a cell where the separator is another one, or where a quote in the middle does not count as one.
_INSIDE = re.compile(rf"([;\t\r\n](?:[^\S\t\r\n]|[{re.escape(_QUOTES)}])*)(?=[{re.escape(SIGNS)}])([^;\t\r\n]*)")
_PERHAPS = rf"[{re.escape(SIGNS)}\x00-\x1f\x7f]"


def safe(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet takes for a formula; plain numbers stay as they are.

    >>> safe("=1+1"), safe(" ＝1+1"), safe("-12.50"), safe("SO-1")
    ("'=1+1", "' ＝1+1", '-12.50', 'SO-1')
    """
    if _NUMBER.fullmatch(text):
        return text
    begin = _begin(text)
    inside = _INSIDE.sub(lambda m: m[0] if _NUMBER.fullmatch(m[2].strip()) else f"{m[1]}'{m[2]}", text[begin:])
    return ("'" if _is_formula(text) else "") + text[:begin] + inside


def _begin(text: str) -> int:
    """Where a text begins after blanks, quotes and characters that are not seen."""
    start = 1 if text.startswith("'") else 0  # a spreadsheet's own sign that a text follows
    unseen = (c.isspace() or c in _QUOTES or unicodedata.category(c) in ("Cf", "Cc", "Zs") for c in text[start:])
    return next((i for i, skipped in enumerate(unseen, start) if not skipped), len(text))


def _is_formula(text: str) -> bool:
    """Whether a text begins like a formula, or with a control character."""
    if text[:1] in ("", "'"):
        return False
    return text[_begin(text) :][:1] in tuple(SIGNS) or unicodedata.category(text[0]) == "Cc"


def as_csv(heads: Sequence[str], rows: Iterable[Iterable[object]], *, mark: bool = True) -> bytes:
    """A table as CSV in UTF-8 (RFC 4180), with a byte order mark unless told otherwise. None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(head) for head in heads])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return ((MARK if mark else "") + out.getvalue()).encode()


def _cell(value: object) -> object:
    """A text safe, and without orders to a terminal; what ends a line stays."""
    return "\r".join(map(printable, safe(value).split("\r"))) if isinstance(value, str) else value


def write_csv(path: Path, heads: Sequence[str], rows: Iterable[Iterable[object]], *, mark: bool = True) -> None:
    """Write a table as CSV. Raises CrossbookError where the file cannot be written."""
    content = as_csv(heads, rows, mark=mark)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CrossbookError(f"cannot write {path}: {error.strerror or error}") from None


def write_table(table: pa.Table, out: Path | BinaryIO) -> None:
    """Write an Arrow table as CSV in UTF-8, for tables too long for Python's rows. Raises CrossbookError as above."""
    import pyarrow as pa
    import pyarrow.csv as pacsv

    for at, field in enumerate(table.schema):
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            table = table.set_column(at, field.name, _safe_column(table[field.name].cast(pa.string())))
    table = table.rename_columns([safe(name) for name in table.column_names])
    try:
        pacsv.write_csv(table, out)
    except OSError as error:
        why = error.strerror or (os.strerror(error.errno) if error.errno else "the system refuses it")
        raise CrossbookError(f"cannot write {out}: {why}") from None


def _safe_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of texts, those made safe that have a sign anywhere."""
    import pyarrow as pa
    import pyarrow.compute as pc

    perhaps = pc.fill_null(pc.match_substring_regex(column, _PERHAPS), False)
    if not pc.any(perhaps).as_py():
        return column
    made = pa.array([safe(text) for text in column.filter(perhaps).to_pylist()], pa.string())
    return pc.replace_with_mask(column, perhaps.combine_chunks(), made)


@dataclass(frozen=True)
class Style:
    """How cells look: as they are, and for text that looks like a formula."""

    plain: Any
    quoted: Any


class Workbook:
    """An XLSX file whose texts are never formulas, links or numbers. Used in a `with`."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(path, options)
        self.usual = Style(plain=None, quoted=self._book.add_format({"quote_prefix": True}))

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *told: object) -> None:
        self._book.close()

    def style(self, given: Mapping[str, object]) -> Style:
        """A look, in the words of XlsxWriter's formats."""
        quoted = self._book.add_format({**given, "quote_prefix": True})
        return Style(plain=self._book.add_format(dict(given)), quoted=quoted)

    def sheet(self, name: str) -> Sheet:
        """A new sheet."""
        return Sheet(self._book.add_worksheet(name), self.usual)


class Sheet:
    """A sheet: cells are written here; `layout` is XlsxWriter's, for widths, panes and pages."""

    MOST_TEXT = 32_767  # characters of a cell

    def __init__(self, layout: Any, usual: Style) -> None:
        self.layout, self._usual = layout, usual

    def text(self, row: int, column: int, text: str, style: Style | None = None) -> None:
        """Write a text as a text."""
        look = style or self._usual
        self.layout.write_string(row, column, text[: self.MOST_TEXT], look.quoted if _is_formula(text) else look.plain)

    def number(self, row: int, column: int, number: Any, style: Style | None = None) -> None:
        """Write a number."""
        self.layout.write_number(row, column, number, (style or self._usual).plain)
