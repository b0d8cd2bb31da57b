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
SELECT b.book, f.currency, count(*) AS payouts, sum(f.amount)::BIGINT AS amount
FROM read_parquet($files, filename = true, hive_partitioning = false) f
JOIN (SELECT unnest($files) AS file, unnest($books) AS book) b ON b.file = f.filename
GROUP BY b.book, f.currency ORDER BY b.book, f.currency
"""


@dataclass(frozen=True, kw_only=True)
class Paid:
    """The payouts of a book in one currency: how many, and their sum in minor units."""

    currency: str
    payouts: int
    amount: int


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
        for book, currency, payouts, amount in connection.execute(PAID, told).fetchall():
            found[book].append(Paid(currency=currency, payouts=payouts, amount=amount))
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
    books: dict[str, int] = defaultdict(int)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in found:
        for paid in row.paid or ():
            books[paid.currency] += 1
            sums[paid.currency][0] += paid.payouts
            sums[paid.currency][1] += paid.amount
    return tuple(
        Paid(currency=c, payouts=sums[c][0], amount=sums[c][1]) for c in sorted(sums, key=lambda c: (-books[c], c))
    )
