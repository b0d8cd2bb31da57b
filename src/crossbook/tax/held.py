"""What was filed, held against what the book computes today."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.desk import beside_filed
from crossbook.tax.period import Filing, Period
from crossbook.tax.returned import Return

NO_TOTAL = "the book computes no total to hold it against"
NO_AMOUNT = "no amount was kept when it was marked as filed"


@dataclass(frozen=True)
class Held:
    """A return that was filed, beside what the book computes today; minor units of `currency`.

    `difference` is filed less computed: positive when more was filed. None where an amount is not known; `why` says it.
    """

    on: str
    amount: int | None
    computed: int | None
    difference: int | None
    currency: str
    why: str = ""

    @property
    def words(self) -> str:
        """The amounts as a sentence."""
        if self.difference is None:
            return f"filed {money.show(self.amount, self.currency)}; {self.why}"
        filed, now = money.show(self.amount, self.currency), money.show(self.computed, self.currency)
        if not self.difference:
            return f"filed {filed}, as the book computes now"
        sign = "+" if self.difference > 0 else ""
        return f"filed {filed}, computed now {now}, difference {sign}{money.show(self.difference, self.currency)}"


def held(filing: Filing, told: Return) -> Held:
    """What was filed against a return as computed today."""
    same = filing.currency == told.currency
    computed = told.total if same else None
    if not same:
        why = f"the book computes in {told.currency} now"
    else:
        why = NO_AMOUNT if filing.amount is None else NO_TOTAL if computed is None else ""
    difference = None if filing.amount is None or computed is None else filing.amount - computed
    return _beside(filing, computed, difference, why)


def held_now(database: Database, book: Book, filing: Filing, kind: str, of: Period) -> Held:
    """What was filed against what the book computes; where it cannot compute, why. Needs `desk.ready`."""
    try:
        return held(filing, beside_filed(database, book, kind, of, filing))
    except CrossbookError as error:
        return _beside(filing, None, None, error.what)


def _beside(filing: Filing, computed: int | None, difference: int | None, why: str) -> Held:
    return Held(
        on=filing.on,
        amount=filing.amount,
        computed=computed,
        difference=difference,
        currency=filing.currency,
        why=why,
    )
