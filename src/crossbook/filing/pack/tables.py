"""A pack's lists as a workbook, its transactions as CSV. Text that a spreadsheet would run as a formula stays text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crossbook import money
from crossbook.filing.pack.listing import MISSING, Cash, Cell, Column, Listing
from crossbook.filing.pack.lists import TAKEN_BACK, taken_back_rows
from crossbook.filing.pack.papers import Papers
from crossbook.filing.pack.words import both
from crossbook.spreadsheets import Sheet, Style, Workbook
from crossbook.spreadsheets import as_csv as as_table

MOST_ROWS = 1_048_576  # of a sheet
EXACT = 2**53  # whole numbers beyond it are no floats


def as_csv(papers: Papers) -> bytes:
    """All transactions, without totals, so that the columns can be added up. UTF-8 with a mark, so that spreadsheets
    show the Chinese; amounts with a decimal point."""
    rows = taken_back_rows(papers.inside.transactions, papers.payout.currency)
    heads = [f"{c.en} {c.zh}" for c in TAKEN_BACK]
    return as_table(heads, ([_text(cell) for cell in row] for row in rows))


def _text(cell: Cell) -> str:
    if cell is None:
        return MISSING
    return money.plain(cell.minor, cell.currency) if isinstance(cell, Cash) else str(cell)


def as_workbook(path: Path, papers: Papers) -> None:
    """A sheet for the cover, one for each list with its totals, one for what is wanting."""
    with Workbook(path) as book:
        look = _Look(book)
        _cover(book.sheet("封面 Cover"), look, papers)
        for listing in papers.lists:
            _list(book.sheet(f"{listing.title[0]} {listing.title[1]}"[:31]), look, listing)
        sheet = book.sheet("待补 Wanting")
        rows = [(both(w.what), "" if w.orders is None else w.orders, both(w.shown)) for w in papers.wanting]
        heads = (("缺少", "wanting", 44), ("涉及订单", "orders", 12), ("如何补充", "what to add", 110))
        _table(sheet, look, heads, rows)


class _Look:
    """The formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._cash: dict[tuple[int, bool], Style] = {}
        self.head = book.style({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#eef2f7", "border": 1})
        self.bold = book.style({"bold": True, "top": 1})
        self.missing = book.style({"font_color": "#b4540a"})

    def cash(self, currency: str, *, bold: bool = False) -> Style:
        """A number with the decimals of a currency."""
        digits = money.exponent(currency)
        if (digits, bold) not in self._cash:
            given = {"num_format": "#,##0" + ("." + "0" * digits if digits else "")}
            self._cash[digits, bold] = self._book.style(given | ({"bold": True, "top": 1} if bold else {}))
        return self._cash[digits, bold]


def _cover(sheet: Sheet, look: _Look, papers: Papers) -> None:
    sheet.layout.set_column(0, 0, 40)
    sheet.layout.set_column(1, 5, 24)
    line = 0
    for section in papers.sections:
        sheet.text(line, 0, both(section.title), look.head)
        for fact in section.facts:
            line += 1
            sheet.text(line, 0, f"{fact.zh} {fact.en}")
            _write(sheet, line, 1, fact.value, look)
        line += 2
    closing = papers.closing
    heads = ("金额勾稽 Closure", "行数 rows", "金额 amount", "费用 fees", "净额 net", "币种 currency")
    for column, text in enumerate(heads):
        sheet.text(line, column, text, look.head)
    for t in closing.totals:
        line += 1
        sheet.text(line, 0, both(t.title))
        _write(sheet, line, 1, t.rows, look)
        for column, minor in ((2, t.amount), (3, t.fees), (4, t.net)):
            _write(sheet, line, column, "" if minor is None else Cash(minor, closing.currency), look)
        sheet.text(line, 5, closing.currency)
    for zh, en, minor in (
        ("合计", "Sum", closing.sum),
        ("实付金额", "Amount paid", closing.paid),
        ("差额", "Difference", closing.difference),
        ("费用表与前两表费用之差", "List of fees less the fees above", closing.fees_differ),
    ):
        line += 1
        sheet.text(line, 0, f"{zh} {en}", look.bold)
        _write(sheet, line, 4, Cash(minor, closing.currency), look, bold=True)
        sheet.text(line, 5, closing.currency, look.bold)
    for text in (*papers.finding, *papers.credits):
        line += 1
        sheet.text(line, 0, text)


def _list(sheet: Sheet, look: _Look, listing: Listing) -> None:
    heads = [(c.zh, c.en, c.wide) for c in listing.columns]
    shown = listing.rows[: MOST_ROWS - 10]
    line = _table(sheet, look, heads, shown)
    if shown:
        sheet.layout.autofilter(0, 0, line - 1, len(heads) - 1)
    for currency, sums in listing.totals().items() or [("", {})]:
        for column, told in enumerate(listing.columns):
            _total(sheet, line, column, told, currency, sums, look)
        line += 1
    if len(shown) < len(listing.rows):
        left = len(listing.rows) - len(shown)
        sheet.text(line, 0, f"另有 {left:,} 行见 CSV · {left:,} more rows in the CSV; the totals have them all")


def _total(
    sheet: Sheet, line: int, column: int, told: Column, currency: str, sums: dict[str, int], look: _Look
) -> None:
    if told.key in sums:
        _write(sheet, line, column, Cash(sums[told.key], currency), look, bold=True)
    else:
        texts = {1: "合计 Total"} | ({column: currency} if told.key == "currency" else {})
        sheet.text(line, column, texts.get(column, ""), look.bold)


def _table(sheet: Sheet, look: _Look, heads: Any, rows: Any) -> int:
    """Heads and rows, set to be read and printed page by page; returns the line after them."""
    sheet.layout.freeze_panes(1, 2)
    sheet.layout.repeat_rows(0)
    sheet.layout.set_landscape()
    sheet.layout.set_paper(9)  # A4
    sheet.layout.fit_to_pages(1, 0)
    sheet.layout.set_footer("&C第 &P 页，共 &N 页 · page &P of &N")
    for column, (zh, en, wide) in enumerate(heads):
        sheet.text(0, column, f"{zh}\n{en}", look.head)
        sheet.layout.set_column(column, column, wide)
    line = 1
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, line, column, cell, look)
    return line + 1 if len(rows) else 1


def _write(sheet: Sheet, line: int, column: int, cell: Cell, look: _Look, *, bold: bool = False) -> None:
    if cell is None:
        sheet.text(line, column, MISSING, look.missing)
    elif isinstance(cell, Cash) and abs(cell.minor) < EXACT:
        number = money.to_decimal(cell.minor, cell.currency)
        sheet.number(line, column, number, look.cash(cell.currency, bold=bold))
    elif isinstance(cell, int):
        sheet.number(line, column, cell)
    else:
        sheet.text(line, column, _text(cell))
