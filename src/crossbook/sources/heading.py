"""The lines of a file in which a header is looked for, split once for every source that looks."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence

WITHIN = 60  # lines from the top


def split(text: str, delimiter: str) -> tuple[str, ...]:
    """The cells of one line, each with single spaces and without a byte-order mark."""
    if "\ufeff" in text:
        text = text.replace("\ufeff", "")
    if '"' in text or "\r" in text:
        try:
            row = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error:  # a stray carriage return, or a field longer than any header
            return ()
    else:
        row = text.split(delimiter) if text else []
    if '="' in text:  # a text that a spreadsheet is to leave as it is: ="0012"
        row = [cell[2:-1] if len(cell) > 2 and cell.startswith('="') and cell.endswith('"') else cell for cell in row]
    return tuple([" ".join(cell.split()) for cell in row])


class Heading:
    """The first lines of a file as cells, by delimiter; each way of splitting them is worked out once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines[:WITHIN]
        self._lower = [line.lower() for line in self.lines]
        self._rows: dict[str, list[tuple[str, ...]]] = {}
        self._plain: dict[str, list[tuple[str, ...]]] = {}
        self._texts: dict[str, frozenset[str]] = {}

    def rows(self, delimiter: str) -> list[tuple[str, ...]]:
        """The cells of each line as they are written."""
        if delimiter not in self._rows:
            self._rows[delimiter] = [split(line, delimiter) for line in self.lines]
        return self._rows[delimiter]

    def plain(self, delimiter: str) -> list[tuple[str, ...]]:
        """The cells of each line as they are compared, in lower case; of a line without the delimiter, none."""
        if delimiter not in self._plain:
            self._plain[delimiter] = [split(line, delimiter) if delimiter in line else () for line in self._lower]
        return self._plain[delimiter]

    def texts(self, delimiters: str) -> frozenset[str]:
        """Every text that a cell of these lines has: where one is missing, no line need be looked at."""
        if delimiters not in self._texts:
            if len(delimiters) > 1:
                self._texts[delimiters] = frozenset().union(*map(self.texts, delimiters))
            else:
                self._texts[delimiters] = frozenset().union(*self.plain(delimiters))
        return self._texts[delimiters]

    def where(self, texts: Sequence[Collection[str]], delimiters: str) -> tuple[int, str, tuple[str, ...]] | None:
        """The first line that has one of each of `texts`: its number, its delimiter, and its cells as compared."""
        known = self.texts(delimiters)
        if any(known.isdisjoint(of) for of in texts):
            return None
        for i in range(len(self.lines)):
            for delimiter in delimiters:
                row = self.plain(delimiter)[i]
                if len(row) > 1 and all(any(t in row for t in of) for of in texts):
                    return i + 1, delimiter, row
        return None
