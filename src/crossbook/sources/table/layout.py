"""Where a table stands in its file: sheet, lines above the header, a header of one line or two, rows, what ends it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crossbook.printable import CONTROL_BYTES
from crossbook.sources.source import Head
from crossbook.sources.table import days
from crossbook.sources.table.amounts import is_amount

DELIMITERS = ",;\t|"
HEADER_WITHIN = 60  # lines that are searched for the header
JOIN = "/"  # between the two lines of a header
MAX_FIELD = 1 << 20
_CONTROLS = dict.fromkeys(b for b in CONTROL_BYTES)
TOTAL = re.compile(
    r"\W*(?:收入|支出|借方|贷方|本月|本日|当月)?"
    r"(合\s*计|共\s*\d+\s*笔|总\s*计|小\s*计|本页合计|本页小计|累计|本期合计|合計|小計|総計|总额|grand total|"
    r"sub-?total|totals?\b|summen?\b|gesamt|zwischensumme|somme|totale?s?\b|suma\b|razem|итого|всего|합계|소계|"
    r"subtotaal|totaal)",
    re.IGNORECASE,
)
CARRIED = re.compile(
    r"(期初|上期|上页|承前|结转|上年结转|昨日余额|前期繰越|繰越|opening|brought forward|b/f|previous balance|"
    r"starting balance|anfangssaldo|alter kontostand|solde (initial|précédent)|saldo (inicial|iniziale|anterior))",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"(期末|本期余额|过次页|过次|次期繰越|closing|carried forward|c/f|ending balance|endsaldo|neuer kontostand|"
    r"solde final|saldo (final|finale))",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A table in one sheet or file: its header's last line (from 1) and texts, the lines above it as cells."""

    sheet: int
    delimiter: str
    line: int
    header: tuple[str, ...]
    above: tuple[tuple[str, ...], ...]
    first: tuple[str, ...] = ()  # the upper of a header's two lines

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The header's texts as they are compared."""
        return tuple(h.lower() for h in self.header)

    @cached_property
    def texts(self) -> frozenset[str]:
        """The same, in no order."""
        return frozenset(self.plain)


@dataclass(frozen=True)
class Row:
    """One line below the header. `role` is row, total, opening, closing, header or note."""

    line: int
    cells: list[str]
    role: str


def cells(text: str, delimiter: str) -> tuple[str, ...]:
    """The cells of one line, each with single spaces."""
    try:
        row = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return ()
    return tuple(" ".join(cell.replace("\ufeff", "").split()) for cell in row)


def headers(lines: Sequence[str], sheet: int, delimiters: str = DELIMITERS) -> Iterator[Layout]:
    """Every line, and every two lines, that may be the header, from the top."""
    split: dict[str, list[tuple[str, ...]]] = {}
    for i, text in enumerate(lines[:HEADER_WITHIN]):
        for delimiter in delimiters:
            if delimiter not in text:
                continue
            if delimiter not in split:
                split[delimiter] = [cells(line, delimiter) for line in lines[: HEADER_WITHIN + 1]]
            upper, above = split[delimiter][i], tuple(split[delimiter][:i])
            yield Layout(sheet=sheet, delimiter=delimiter, line=i + 1, header=upper, above=above)
            lower = split[delimiter][i + 1] if i + 1 < len(lines) else ()
            if joined := _joined(upper, lower):
                yield Layout(sheet=sheet, delimiter=delimiter, line=i + 2, header=joined, above=above, first=upper)


def of_head(head: Head) -> tuple[Layout, ...]:
    """The headers that the start of a file may have: split once, however many mappings look at them."""
    if "layouts" not in head.kept:
        head.kept["layouts"] = tuple(headers(head.lines, 0))
    found: tuple[Layout, ...] = head.kept["layouts"]
    return found


def find(layouts: Iterable[Layout], needed: Collection[str]) -> Layout | None:
    """The first header that has all of the texts; None where no line has them."""
    for layout in layouts:
        if len(layout.header) > 1 and layout.texts.issuperset(needed):
            return layout
    return None


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """The texts of a header on two lines: "amount" over "in" and "out" is amount/in and amount/out; () if it is none.

    A line of data below a header of one line is none: it holds days or amounts.
    """
    width = max(len(upper), len(lower))
    top = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    if not any(top) or not any(below) or any(is_amount(c) or days.is_day(c) for c in [*top, *below] if c):
        return ()
    if not any(below[i] and top[i] for i in range(width)) and not any(below[i] and not top[i] for i in range(width)):
        return ()
    texts, over = [], ""
    for upper_text, lower_text in zip(top, below, strict=True):
        over = upper_text or (over if lower_text else "")
        texts.append(JOIN.join(t for t in (over, lower_text) if t))
    return tuple(texts)


def rows(
    path: Path, layout: Layout, role: Callable[[list[str]], str], broken: Callable[[int, str], None]
) -> Iterator[Row]:
    """The lines below the header, each with its line in the file and its role; blank ones are left out.

    `broken` is told of quoting that cannot be followed: line and reason.
    """
    csv.field_size_limit(MAX_FIELD)
    repeated = {tuple(h.lower() for h in texts) for texts in (layout.header, layout.first) if texts}
    width = len(layout.header)
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for _ in range(layout.line):
            file.readline()
        reader = csv.reader(map(_legible, file), delimiter=layout.delimiter)
        before = 0
        try:
            for cells_ in reader:
                line = layout.line + before + 1
                before = reader.line_num
                if not any(c.strip() for c in cells_):
                    continue
                cells_ += [""] * (width - len(cells_))
                if tuple(" ".join(c.split()).lower() for c in cells_) in repeated:
                    yield Row(line, cells_, "header")
                else:
                    yield Row(line, cells_, role(cells_))
        except csv.Error as error:
            broken(layout.line + reader.line_num, f"broken quoting: {error}")


def _legible(line: str) -> str:
    return line if line.isprintable() else line.translate(_CONTROLS)


def roles(
    day: Collection[int], amounts: Collection[int], needed: Collection[int], *, statement: bool
) -> Callable[[list[str]], str]:
    """What tells the role of a line, by the places of its days, its amounts, and of all columns that a row needs.

    Only a statement has notes and balances among its rows; elsewhere what lacks a needed value and is no total is a
    row, and is reported.
    """

    def role(row: list[str]) -> str:
        has_day = any(days.is_day(row[i]) for i in day)
        texts = [c.strip() for c in row if c.strip()]
        first = texts[0]
        if has_day and day:
            if statement and not any(row[i].strip() for i in amounts):
                words = [t for t in texts if not is_amount(t)]
                if any(CARRIED.search(t) for t in words):
                    return "opening"
                if any(CLOSING.search(t) for t in words):
                    return "closing"
            return "row"
        lacking = any(not row[i].strip() or TOTAL.match(row[i]) for i in needed)
        if lacking and TOTAL.match(first):
            return "total"
        if not statement:
            return "row"
        sums = any(is_amount(row[i]) for i in amounts)
        if not sums and any(CARRIED.search(t) for t in texts):
            return "opening"
        if not sums and any(CLOSING.search(t) for t in texts):
            return "closing"
        if not sums and not first[0].isdigit() and not any(row[i].strip() and is_amount(row[i]) for i in day):
            return "note"
        return "row"

    return role
