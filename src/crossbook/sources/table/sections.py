"""Two tables one below the other in one file: the second is of another account or currency, or has another header."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crossbook.errors import CrossbookError
from crossbook.sources.table import days, owner
from crossbook.sources.table.amounts import is_amount
from crossbook.sources.table.layout import Row

TODO = "split it: one table a file, each with the lines above it, and map or add each of them"


@dataclass(kw_only=True)
class Sections:
    """Watches the lines of a statement, in their order, for what begins a second one. `currency` is that of all rows,
    "" where they name theirs; `day` and `sums` are the places of their columns. `own` is whether rows name accounts."""

    name: str
    stated: owner.Stated
    currency: str
    own: bool
    day: Collection[int]
    sums: Collection[int]
    begun: bool = field(default=False, init=False)
    known: set[tuple[str, ...]] = field(default_factory=set, init=False)  # lines that stand below the header on a page
    found: tuple[int, str] | None = field(default=None, init=False)

    def refuse_above(self, above: Sequence[Sequence[str]]) -> None:
        """Raise CrossbookError where rows of another account stand above the header."""
        rows = (n for n, cells in enumerate(above, start=1) if any(map(days.is_day, cells)) and _sums(cells))
        if self.stated.several and (line := next(rows, 0)):
            accounts = ", ".join(self.stated.several[:3])
            text = f"there are two tables, of the accounts {accounts}: rows stand above the header"
            raise CrossbookError(text, where=f"{self.name}:{line}", todo=TODO)

    def look(self, row: Row) -> None:
        """Take note of a line. Raises CrossbookError at a row of a second table."""
        if row.role == "row" and any(_is_day(row.cells[i]) for i in self.day):
            if self.found is not None:
                line, text = self.found
                raise CrossbookError(text, where=f"{self.name}:{line}", todo=TODO)
            self.begun = True
        elif not self.begun:
            self.known.add(_plain(row.cells))
        elif self.found is None and row.role != "header":
            text = self._begins(row.cells)
            self.found = (row.line, text) if text else None

    def _begins(self, cells: Sequence[str]) -> str:
        """What a line says of another table; "" where it says nothing. What goes on in another column is a row's."""
        if not cells[0].strip():
            return ""
        told = owner.stated([[c.strip() for c in cells]])
        account = told.account or told.called
        if account and not self.own and not self._is_same(account):
            return f"a second table begins here, of the account {account}"
        if told.currency and self.currency and told.currency != self.currency:
            return f"a second table begins here, in {told.currency}"
        header = all(any(cells[i].strip() for i in places) for places in (self.day, self.sums) if places)
        if header and self.day and not _sums(cells) and _plain(cells) not in self.known and _words(cells):
            return "a second table begins here, under another header"
        return ""

    def _is_same(self, account: str) -> bool:
        of = [self.stated.account or "", self.stated.called or "", *self.stated.several]
        return any(owner.is_one(account, text) for text in of if text)


def _is_day(text: str) -> bool:
    return text[:1].isdigit() or days.is_day(text)


def _sums(cells: Sequence[str]) -> bool:
    return any(c.strip() and is_amount(c) and not days.is_day(c) for c in cells)


def _plain(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(c.split()).lower() for c in cells)


def _words(cells: Sequence[str]) -> bool:
    """Whether a line is of words alone, three or more, as a header is."""
    texts = [c.strip() for c in cells if c.strip()]
    return len(texts) > 2 and all(len(t) < 40 and not any(c.isdigit() for c in t) for t in texts)
