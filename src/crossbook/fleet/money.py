"""The books of a fleet by money: what each was paid out in each currency, and what in it needs somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from crossbook.fleet import results
from crossbook.fleet.across import Crossed
from crossbook.fleet.listing import Fleet
from crossbook.fleet.reading import Found, Line, standings

PAID = """
SELECT b.book, coalesce(f.currency, '') AS currency, count(*) AS payouts, sum(f.amount)::BIGINT AS amount,
  count(*) - count(f.amount) AS unknown
FROM read_parquet($files, filename = true, hive_partitioning = false) f
JOIN (SELECT unnest($files) AS file, unnest($books) AS book) b ON b.file = f.filename
GROUP BY ALL ORDER BY b.book, currency
"""


@dataclass(frozen=True, kw_only=True)
class Paid:
    """The payouts of a book in one currency (empty where none is told): how many, the sum in minor units of those that
    say an amount, None where none does, and how many say none."""

    currency: str
    payouts: int
    amount: int | None
    unknown: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A book of a fleet: how it stands, its payouts by currency (never added across them; None where it was never
    worked), the verdicts of what in it needs somebody, and how many findings across books are about it (None where that
    is not known)."""

    line: Line
    paid: tuple[Paid, ...] | None
    verdicts: Mapping[str, int]
    across: int | None

    def amount(self, currency: str) -> int | None:
        """What was paid out in a currency; None where nothing was, or nothing is known."""
        return next((p.amount for p in self.paid or () if p.currency == currency), None)


def paid_out(fleet: Fleet) -> dict[str, tuple[Paid, ...]]:
    """Of each book that was worked, and whose figures are whole, its payouts by currency."""
    sound = [s for s in standings(fleet) if s.done and not s.faults]
    found: dict[str, list[Paid]] = {s.book: [] for s in sound}
    files = results.files_of(sound, "trade", "payout_used")
    if files:
        connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        told = {"files": [str(path) for _, path in files], "books": [book for book, _ in files]}
        for book, currency, payouts, amount, unknown in connection.execute(PAID, told).fetchall():
            found[book].append(
                Paid(currency=currency, payouts=payouts, amount=amount if currency else None, unknown=unknown)
            )
    return {book: tuple(paid) for book, paid in found.items()}


def rows(
    lines: list[Line], paid: Mapping[str, tuple[Paid, ...]], needing: Found | None, crossed: Crossed | None
) -> list[Row]:
    """A row a book, from its line, its payouts, the findings that need somebody and those across books."""
    verdicts: dict[str, dict[str, int]] = defaultdict(dict)
    if needing is not None and needing.all:
        counted = needing.table.group_by(["book", "verdict"]).aggregate([([], "count_all")]).to_pylist()
        for one in sorted(counted, key=lambda r: (-r["count_all"], r["verdict"])):
            verdicts[one["book"]][one["verdict"]] = one["count_all"]
    meets: dict[str, int] = defaultdict(int)
    for crossing in crossed.found if crossed else ():
        for book in crossing.books:
            meets[book] += 1
    return [
        Row(
            line=line,
            paid=paid.get(line.book),
            verdicts=verdicts[line.book],
            across=meets[line.book] if crossed and line.book in paid else None,
        )
        for line in lines
    ]


def totals(found: list[Row]) -> tuple[Paid, ...]:
    """The payouts of all books by currency, the currency of most books first."""
    lying: dict[str, list[Paid]] = defaultdict(list)
    for row in found:
        for paid in row.paid or ():
            lying[paid.currency].append(paid)
    return tuple(_together(c, lying[c]) for c in sorted(lying, key=lambda c: (not c, -len(lying[c]), c)))


def _together(currency: str, paid: list[Paid]) -> Paid:
    known = [p.amount for p in paid if p.amount is not None]
    return Paid(
        currency=currency,
        payouts=sum(p.payouts for p in paid),
        amount=sum(known) if known else None,
        unknown=sum(p.unknown for p in paid),
    )
