"""The original text behind a reference (evidence, line): what a figure is traced back to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from crossbook.book.book import Book
from crossbook.sources.encoding import read_head, to_utf8

LONGEST = 400


def original_lines(book: Book, sha: str, lines: Iterable[int]) -> dict[int, str]:
    """The text of these lines (from 1) of a piece of evidence; a spreadsheet's rows as comma-separated text.

    Lines that the file does not have are left out; long ones are cut at 400 characters.
    """
    wanted = sorted({n for n in lines if n > 0})
    found: dict[int, str] = {}
    if not wanted:
        return found
    path = book.evidence_path(sha)
    head = read_head(path, sha)
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        text = to_utf8(path, head.encoding, Path(folder) / "utf8", sha)
        with text.open(encoding="utf-8", errors="replace", newline="\n") as file:
            at = 0
            for n in wanted:
                line = next(islice(file, n - at - 1, n - at), None)
                if line is None:
                    break
                at = n
                found[n] = line.rstrip("\r\n").lstrip("\ufeff")[:LONGEST]
    return found
