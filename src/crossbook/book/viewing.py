"""A piece of evidence as a person reads it: one line with its neighbours, in cells where it is a table."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from lxml import etree

from crossbook import apart
from crossbook.book.book import Book
from crossbook.book.lines import original_lines
from crossbook.errors import NotFoundError
from crossbook.sources import spreadsheet
from crossbook.sources.encoding import read_head
from crossbook.sources.table.layout import DELIMITERS

AROUND = 6
HEADER_WITHIN = 40
LONGEST = 4_000
LONG_LINE = 600  # an XML file with such lines is shown as an outline
MOST_OUTLINE = 400


@dataclass(frozen=True)
class Row:
    """One line of the file: its number, its cells (one where it is no table), and whether it was asked for."""

    line: int
    cells: tuple[str, ...]
    here: bool


@dataclass(frozen=True)
class View:
    """Part of a file. `shape` is table or text; `header` holds the table's own names, where it has any. `outline` shows
    the XML elements that begin on the line, one to a row, indented by depth. `later` is the first line after those
    shown, None where the file ends."""

    shape: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    raw: str
    outline: tuple[Row, ...] = ()
    later: int | None = None


def view(book: Book, sha: str, line: int, hint: str = "", around: int = AROUND) -> View:
    """Line `line` of a piece of evidence with `around` lines on either side.

    In XML written on few long lines the outline alone is shown, and what holds the text `hint` is marked in it.
    Raises NotFoundError when the file has no such line.
    """
    path = book.evidence_path(sha)
    size = path.stat().st_size if path.exists() else 0
    return apart.run(_view, Book(book.path), sha, line, hint, around, name=sha[:12], size=size)


def _view(book: Book, sha: str, line: int, hint: str, around: int) -> View:
    """What runs in a process apart."""
    lines = original_lines(book, sha, range(max(1, line - around), line + around + 2), LONGEST)
    if line not in lines:
        raise NotFoundError(f"no line {line}", where=sha[:12])
    beyond = line + around + 1 if lines.pop(line + around + 1, None) is not None else None
    head = read_head(book.evidence_path(sha), sha)
    if head.text.lstrip("\ufeff \r\n\t").startswith("<") and head.encoding != spreadsheet.ENCODING:
        outline = _outline(book, sha, line, hint)
        long = bool(outline) and len(lines[line]) > LONG_LINE
        rows = () if long else tuple(Row(n, (text,), n == line) for n, text in lines.items())
        later = beyond if rows else line + 1 if line + 1 in lines else None
        return View(shape="text", header=(), rows=rows, raw=lines[line], outline=outline, later=later)
    delimiter = max(DELIMITERS, key=lambda d: len(_cells(lines[line], d)))
    width = len(_cells(lines[line], delimiter))
    if width < 3:
        return View(
            shape="text",
            header=(),
            rows=tuple(Row(n, (text,), n == line) for n, text in lines.items()),
            raw=lines[line],
            later=beyond,
        )
    header = _header(original_lines(book, sha, range(1, min(line, HEADER_WITHIN + 1)), LONGEST), delimiter, width)
    rows = tuple(Row(n, _cells(text, delimiter), n == line) for n, text in lines.items())
    return View(shape="table", header=header, rows=rows, raw=lines[line], later=beyond)


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([text], delimiter=delimiter), []))
    except csv.Error:
        return (text,)


def _header(lines: dict[int, str], delimiter: str, width: int) -> tuple[str, ...]:
    """The first line that is as wide as the one asked for, filled nearly everywhere, and holds no figures."""
    for text in lines.values():
        cells = _cells(text, delimiter)
        filled = sum(bool(c.strip()) for c in cells)
        figures = any(c.strip().replace(".", "").replace(",", "").isdigit() for c in cells)
        if len(cells) == width and filled >= width * 0.8 and not figures:
            return cells
    return ()


def _outline(book: Book, sha: str, line: int, hint: str) -> tuple[Row, ...]:
    """The XML elements that begin on a line and what they hold, one to a row with its text, indented by depth."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.parse(str(book.evidence_path(sha)), parser).getroot()
    except (etree.XMLSyntaxError, OSError):
        return ()
    rows: list[Row] = []
    held: set[etree._Element] = set()
    for element in root.iter(etree.Element):
        if element.sourceline != line and element.getparent() not in held:
            continue
        held.add(element)
        text = (element.text or "").strip()
        attributes = " ".join(f"{k}={v}" for k, v in dict(element.attrib).items())
        name = etree.QName(element).localname
        words = ": ".join(part for part in (" ".join(p for p in (name, attributes) if p), text) if part)
        depth = sum(1 for _ in element.iterancestors())
        rows.append(Row(line, ("\u2003" * depth + words,), bool(hint) and hint in words))
    first = next((i for i, row in enumerate(rows) if row.here), 0)
    start = max(0, first - MOST_OUTLINE // 2)
    return tuple(rows[start : start + MOST_OUTLINE])
