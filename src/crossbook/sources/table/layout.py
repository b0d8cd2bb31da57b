"""Where a table stands in its file: sheet, lines above the header, a header of one line or two, rows, what ends it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crossbook.printable import CONTROL_BYTES
from crossbook.sources.heading import Heading
from crossbook.sources.table import days, labels
from crossbook.sources.table.amounts import is_amount
from crossbook.sources.table.totals import names_total

DELIMITERS = ",;\t|"
JOIN = "/"  # between the two lines of a header
MAX_FIELD = 1 << 20
_CONTROLS = dict.fromkeys(b for b in CONTROL_BYTES)
TOTAL = re.compile(
    r"\W*(?:(?:截[至止])?[本当今全](?:[年月日周期季]度?|页))?(?:收入|支出|借方|贷方|人民币|美元|欧元|港币|英镑|日元)?"
    r"(合\s*计|共\s*\d+\s*笔|总\s*计|小\s*计|本页合计|本页小计|累计|本期合计|合計|小計|総計|总额|grand total|"
    r"sub-?total|totals?\b|summen?\b|gesamt|zwischensumme|somme|totale?s?\b|suma\b|razem|итого|всего|합계|소계|"
    r"subtotaal|totaal)",
    re.IGNORECASE,
)
CARRIED = re.compile(
    r"(期初|上期|上页|承前|结转|上年结转|昨日余额|前期繰越|繰越|opening|brought forward|b/f|previous balance|"
    r"starting balance|anfangssaldo|alter kontostand|solde (initial|précédent)|saldo (inicial|iniziale|anterior|"
    r"początkowe)|входящий остаток)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"(期末|本期余额|过次页|过次|次期繰越|closing|carried forward|c/f|ending balance|endsaldo|neuer kontostand|"
    r"solde final|saldo (finale?|końcowe)|исходящий остаток)",
    re.IGNORECASE,
)
# A cell that is nothing but the name of a balance: its line is no row, though it has a day and a sum.
_BALANCE = re.compile(
    r"\W*(?:期初余额|上期余额|上期结余|期末余额|前期繰越|次期繰越|balance (?:brought|carried) forward|"
    r"(?:opening|closing|previous|starting|ending) balance|anfangssaldo|endsaldo|(?:alter|neuer) kontostand|"
    r"solde (?:initial|précédent|final)|saldo (?:inicial|iniziale|anterior|finale?|początkowe|końcowe)|"
    r"(?:входящий|исходящий) остаток)\W*",
    re.IGNORECASE,
)

# A cell that carries the sums of one page to the next: it is no row, and no balance that the statement begins with.
_PAGE = re.compile(
    r"\W*(?:承前页|过次页|转次页|承上页|转下页|承前頁|過次頁|前頁(?:より)?繰越|次頁(?:へ)?繰越|"
    r"(?:balance |total )?(?:brought|carried) forward (?:from|to) (?:the )?(?:previous|last|next) page)\W*",
    re.IGNORECASE,
)
# A cell that is nothing but the name of the total of a period: its line is no row, though it has a day.
_OF_PERIOD = re.compile(
    r"\W*(?:(?:截[至止])?[本当今全]?(?:[年月日周季期]度?|页)(?:合计|小计|累计|总计)|累计|合计|小计|月計|累計|日計|"
    r"(?:monats|tages|jahres|wochen|zwischen|gesamt)?summen?|(?:month|day|year|week)(?:ly)?[ -](?:sub-?)?total|"
    r"daily total|(?:grand |sub[ -]?)?totals?(?: (?:in|out|général|generale?|geral))?|合計|小計|總計|総計|合\s+计|"
    r"总\s*计|sous-total|subtotaa?l|totaal|somme|suma|razem|итого|всего|합계|소계|전체합계)\W*",
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

    @property
    def words(self) -> str:
        """All that stands in the header and above it."""
        return " ".join(text for row in (*self.above, self.first, self.header) for text in row if text)


@dataclass(frozen=True)
class Row:
    """One line below the header. `role` is row, total, opening, closing, page, header or note."""

    line: int
    cells: list[str]
    role: str


def headers(heading: Heading, sheet: int, delimiters: str = DELIMITERS) -> Iterator[Layout]:
    """Every line, and every two lines, that may be the header, from the top."""
    for i, text in enumerate(heading.lines):
        for delimiter in delimiters:
            if delimiter in text:
                yield _alone(heading, sheet, delimiter, i)
                if found := _on_two(heading, sheet, delimiter, i):
                    yield found


def _alone(heading: Heading, sheet: int, delimiter: str, i: int) -> Layout:
    rows = heading.rows(delimiter)
    return Layout(sheet=sheet, delimiter=delimiter, line=i + 1, header=rows[i], above=tuple(rows[:i]))


def _on_two(heading: Heading, sheet: int, delimiter: str, i: int) -> Layout | None:
    rows = heading.rows(delimiter)
    if i + 1 == len(rows) or not heading.plain(delimiter)[i + 1] or not (joined := _joined(rows[i], rows[i + 1])):
        return None
    return Layout(sheet=sheet, delimiter=delimiter, line=i + 2, header=joined, above=tuple(rows[:i]), first=rows[i])


def find(heading: Heading, needed: Collection[str], sheet: int) -> Layout | None:
    """The first header that has all of the texts; None where no line has them."""
    if not _written(needed, heading.texts(DELIMITERS)):
        return None
    for i, text in enumerate(heading.lines):
        for delimiter in (d for d in DELIMITERS if d in text):
            plain = heading.plain(delimiter)
            if len(plain[i]) > 1 and set(needed) <= set(plain[i]):
                return _alone(heading, sheet, delimiter, i)
            if i + 1 < len(plain) and _written(needed, {*plain[i], *plain[i + 1]}):
                found = _on_two(heading, sheet, delimiter, i)
                if found and set(needed) <= set(found.plain):
                    return found
    return None


def _written(needed: Collection[str], texts: Collection[str]) -> bool:
    """Whether each needed header is one of the texts, or two of them joined."""
    return all(text in texts or (JOIN in text and _is_joined(text, texts)) for text in needed)


def _is_joined(text: str, texts: Collection[str]) -> bool:
    places = [i for i, c in enumerate(text) if c == JOIN]
    return any(text[:i] in texts and text[i + 1 :] in texts for i in places)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """The texts of a header on two lines: "amount" over "in" and "out" is amount/in and amount/out; () if it is none.

    A line of data below a header of one line is none: it holds days or amounts. Nor is a title or a label, such as
    "account: 1", that stands alone above a header of one line.
    """
    alone = [i for i, text in enumerate(upper) if text]
    if len(alone) == 1 and (alone[0] == 0 or ":" in upper[alone[0]] or "：" in upper[alone[0]]):
        return ()
    width = max(len(upper), len(lower))
    top = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    if not any(top) or not any(below) or any(is_amount(c) or days.is_day(c) for c in [*top, *below] if c):
        return ()
    if not any(below[i] and top[i] for i in range(width)) and not any(below[i] and not top[i] for i in range(width)):
        return ()
    if labels.are_told(upper):
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
        shown = re.compile(rf'(?:^|(?<={re.escape(layout.delimiter)}))="')
        reader = csv.reader((_legible(line, shown) for line in file), delimiter=layout.delimiter)
        before, began = 0, False
        try:
            for cells_ in reader:
                line = layout.line + before + 1
                before = reader.line_num
                if not any(c.strip() for c in cells_):
                    continue
                cells_ = [c[2:-1] if c.startswith('="') and c.endswith('"') else c for c in cells_]
                cells_ += [""] * (width - len(cells_))
                if tuple(" ".join(c.split()).lower() for c in cells_) in repeated:
                    yield Row(line, cells_, "header")
                else:
                    found = role(cells_)
                    began = began or found == "row"
                    # a page that nothing is above: the file begins with what the page before had
                    yield Row(line, cells_, "opening" if found == "page" and not began else found)
        except csv.Error:
            broken(layout.line + reader.line_num, "broken quotation marks")


def _legible(line: str, shown: re.Pattern[str]) -> str:
    """A line without control characters, and the text in each ="…" as one in quotes: it may hold the delimiter."""
    if '="' in line:
        line = shown.sub('"', line)
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
        if statement and any(_PAGE.fullmatch(t) for t in texts):
            return "page"
        if statement and texts[1:2] == ["="] and not has_day:  # a label, = and its value, each in a cell
            return "note"
        if statement and any(names_total(t) or (has_day and _OF_PERIOD.fullmatch(t)) for t in texts):
            return "total"
        if has_day and day:
            named = next((t for t in texts if _BALANCE.fullmatch(t)), None) if statement else None
            if named is not None:
                return "closing" if CLOSING.search(named) else "opening"
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
