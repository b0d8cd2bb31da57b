"""Which returns a business has to make: those for which it has a number, and what platforms report of its sales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.tax.held import Held, held_now
from crossbook.tax.obliged import FROM_SALES, NUMBERS, numbers, quarters, wanting_number
from crossbook.tax.period import LOOKING_BACK, Deadline, Period, calendar_of, filed, frequency
from crossbook.tax.settings import FAR
from crossbook.trade.days import UTC_ZONE, local_day


@dataclass(frozen=True)
class Owed:
    """A return that has a day on which it is due. `wants` says what would make it due; empty when something does."""

    kind: str
    wants: str


@dataclass(frozen=True)
class Due:
    """A deadline, and what was filed beside what the book computes today; None when nothing was marked as filed."""

    deadline: Deadline
    filed: Held | None


def owed(database: Database, book: Book, on: date) -> list[Owed]:
    """Every return with a deadline, and what would make it due on a day. Needs `sales.prepare`.

    A return whose number in book.toml is wrong says so: nobody can say that it is not due.
    """
    found = [Owed(kind, wanting_number(book, number, on, on)) for kind, number in NUMBERS.items()]
    sold = quarters(database)
    return found + [
        Owed(kind, "" if sold else "the book has no sales: the first would make it due") for kind in FROM_SALES
    ]


def due(database: Database, book: Book, on: date) -> list[Due]:
    """What is due around a day, the next first, and what was filed. Needs `sales.prepare`.

    What was not filed stays, however long it is overdue, from the period of the book's first sale on.
    A return whose number is wrong is shown as due: a wrong number is no reason to be calm.
    """
    sold, done = quarters(database), filed(book)
    valid = {kind: numbers(book, number) for kind, number in NUMBERS.items()}
    makes: dict[str, Callable[[Period], bool]] = {
        kind: lambda of, mine=mine: (  # type: ignore[misc]
            mine is None or any(i.since <= of.last and of.first <= (i.until or FAR) for i in mine)
        )
        for kind, mine in valid.items()
    }
    # a quarter that is over is reported when something was sold in it; one to come, by a business that has sold
    makes |= {
        kind: lambda of: of.name in sold if of.last < on else bool(sold) and min(sold) <= of.name for kind in FROM_SALES
    }
    return [
        Due(d, held_now(database, book, was, d.kind, d.period) if was else None)
        for d in calendar_of([k for k in makes if frequency(k)], on, since=_first_sale(database))
        for was in [done.get((d.kind, d.period.name))]
        if (on - LOOKING_BACK <= d.due if was else makes[d.kind](d.period))
    ]


def _first_sale(database: Database) -> date | None:
    """The day of the first sale that counts."""
    day = local_day("min(placed_at)", UTC_ZONE)
    found: date | None = database.rows(f"SELECT {day} AS day FROM tax_order WHERE counts = ''")[0]["day"]
    return found
