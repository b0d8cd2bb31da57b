"""The shape of every computed return."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.findings import Reference
from crossbook.tax.period import Deadline, Period


@dataclass(frozen=True)
class Line:
    """One line: sales or corrections of one country, state or kind; money in the return's currency.

    `period` is the one that a correction corrects, `dispatch` the member state that goods were sent from.
    """

    label: str
    orders: int
    base: int
    rate: str
    tax: int
    because: tuple[Reference, ...] = ()
    note: str = ""
    period: str = ""
    dispatch: str = ""

    @property
    def about(self) -> str:
        """What tells a line from others of its label: "DE" goods sent from there, "2025-07" the period corrected."""
        return ", ".join(x for x in (self.dispatch, self.period) if x)


@dataclass(frozen=True)
class Box:
    """One figure that the authority's form asks for, in the return's currency."""

    name: str
    title: str
    amount: int


@dataclass(frozen=True)
class Return:
    """A return as computed: its lines and boxes, what is to pay (negative: to be refunded), and what it rests on.

    `total` is None where a figure that no file holds is not set. `open` says what was left out and why. `read_at` is
    where the law was read, `secondary`: not on the authority's own page. Both also in `open`: `wanting` says which
    exchange rates are missing, `too_late` what no return of this kind may correct any more. `due` is the day for
    whoever has to make it; where nothing in the book says that this business has, `wants` says what would.
    """

    kind: str
    period: Period
    currency: str
    number: str
    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]
    total: int | None
    due: Deadline | None
    source: str
    notes: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    read_at: str = ""
    secondary: bool = False
    wanting: tuple[str, ...] = ()
    too_late: tuple[str, ...] = ()
    wants: str = ""
