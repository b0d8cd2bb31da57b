"""The original text behind a reference (evidence, line): what a figure is traced back to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from crossbook.book import catalog
from crossbook.book.book import Book
from crossbook.sources import spreadsheet
from crossbook.sources.encoding import read_head, to_utf8
from crossbook.sources.mapping import mapping_from_text

LONGEST = 400
_BLOCK = 1 << 20
# A newline's byte is part of no other character in these.
_ONE_BYTE_NEWLINE = ("utf-8", "utf-8-sig", "gb18030", "cp932", "big5", "cp1252")


def original_lines(book: Book, sha: str, lines: Iterable[int], longest: int = LONGEST) -> dict[int, str]:
    """The text of these lines (from 1) of a piece of evidence; a spreadsheet's rows as comma-separated text.

    Lines that the file does not have are left out; long ones are cut at `longest` characters.
    """
    wanted = sorted({n for n in lines if n > 0})
    if not wanted:
        return {}
    with _opened(book, sha) as (file, encoding):
        found = {n: line.decode(encoding, "replace") for n, line in _pick(file, wanted)}
    return {n: text.rstrip("\r\n").lstrip("\ufeff")[:longest] for n, text in found.items()}


@contextmanager
def _opened(book: Book, sha: str) -> Iterator[tuple[IO[bytes], str]]:
    path = book.evidence_path(sha)
    encoding = read_head(path, sha).encoding
    if encoding in _ONE_BYTE_NEWLINE:
        with path.open("rb") as file:
            yield file, encoding.removesuffix("-sig")
        return
    sheet = _sheet(book, sha, path) if encoding == spreadsheet.ENCODING else 0
    with (
        tempfile.TemporaryDirectory(prefix="crossbook-") as folder,
        to_utf8(path, encoding, Path(folder) / "utf8", sha, sheet).open("rb") as file,
    ):
        yield file, "utf-8"


def _sheet(book: Book, sha: str, path: Path) -> int:
    """Which sheet of a workbook was read: the one where its mapping has its header, else the first."""
    with book.engine.connect() as connection:
        told = connection.execute(sa.select(catalog.evidence.c.mapping).where(catalog.evidence.c.sha == sha)).scalar()
    return mapping_from_text("", told).layout(path, sha).sheet if told else 0


def _pick(file: IO[bytes], wanted: list[int]) -> Iterator[tuple[int, bytes]]:
    """The wanted lines; blocks without one are only counted through."""
    at = 1  # the line that `offset` is in
    offset = 0
    for n in wanted:
        file.seek(offset)
        while at < n:
            block = file.read(_BLOCK)
            if not block:
                return
            breaks = block.count(b"\n")
            if at + breaks < n:
                at, offset = at + breaks, offset + len(block)
                continue
            place = 0
            for _ in range(n - at):
                place = block.index(b"\n", place) + 1
            at, offset = n, offset + place
        file.seek(offset)
        line = file.readline()
        if not line:
            return
        yield n, line
