"""A case file as every face shows it: its clocks, the money held back, accused sales, what is at stake,
what to do first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.cases.case import Case
from crossbook.cases.exposure import Exposure, exposure_of
from crossbook.cases.procedure import Deadline, First
from crossbook.cases.sales import Accused, accused_sales
from crossbook.settle.desk import Desk
from crossbook.settle.position import Stage, held


@dataclass(frozen=True)
class CaseFile:
    """A case on a day: what runs, the money of its accounts that is not at the bank, accused sales, the range of
    statutory damages, what to do first."""

    case: Case
    on: date
    deadlines: list[Deadline]
    held: list[Stage]
    sales: Accused | None
    exposure: Exposure | None
    first: tuple[First, ...]

    @property
    def frozen(self) -> dict[str, int]:
        """Money held back by currency (minor units) where an order freezes it; nothing where none was entered."""
        found: dict[str, int] = {}
        for s in self.held if self.case.frozen else ():
            found[s.currency] = found.get(s.currency, 0) + s.amount
        return found


def case_file(desk: Desk, case: Case, day: date, marks: int = 1, types: int = 1) -> CaseFile:
    """What the book says of a case on a day."""
    return CaseFile(
        case=case,
        on=day,
        deadlines=case.deadlines(),
        held=held(desk, day, case.accounts),
        sales=accused_sales(desk.database, case.skus, case.accounts) if case.skus else None,
        exposure=exposure_of(case, marks, types),
        first=case.first(),
    )
