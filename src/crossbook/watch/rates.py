"""What an amount is worth in another currency on a day, by the rates that the book has."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from crossbook import money
from crossbook.engine import Database

if TYPE_CHECKING:
    import pyarrow as pa

OLDEST = 10  # days that a rate may be old: over a week of holidays no rate is set


def factors(database: Database, source: str, into: str) -> pa.Table:
    """(currency, day, factor): what one minor unit is in minor units of `into`, for each pair of `source` that a rate
    of the book tells of, of that day or of at most ten days before. A pair without one is not in the table."""
    import pyarrow as pa

    told: dict[str, list[tuple[date, Fraction]]] = {}
    for row in database.rows(
        "SELECT r.base, r.quote, r.day, max_by(r.rate, (e.seq, r.line)) AS rate "
        "FROM rate r JOIN evidence e ON e.sha = r.evidence "
        "WHERE (r.base = $into OR r.quote = $into) AND r.rate > 0 GROUP BY r.base, r.quote, r.day ORDER BY r.day",
        into=into,
    ):
        worth = Fraction(row["rate"]) if row["quote"] == into else 1 / Fraction(row["rate"])
        other = row["base"] if row["quote"] == into else row["quote"]
        told.setdefault(other, []).append((row["day"], worth))
    found: list[tuple[str, date, float]] = []
    for row in database.rows(f"SELECT DISTINCT currency, day FROM {source} WHERE currency IS NOT NULL"):
        currency, day = row["currency"], row["day"]
        rates = told.get(currency, [])
        place = bisect_right(rates, day, key=lambda r: r[0]) - 1
        if currency != into and place >= 0 and (day - rates[place][0]).days <= OLDEST:
            scale = Fraction(10) ** (money.exponent(into) - money.exponent(currency))
            found.append((currency, day, float(rates[place][1] * scale)))
    return pa.table(
        {
            "currency": pa.array([f[0] for f in found], pa.string()),
            "day": pa.array([f[1] for f in found], pa.date32()),
            "factor": pa.array([f[2] for f in found], pa.float64()),
        }
    )
