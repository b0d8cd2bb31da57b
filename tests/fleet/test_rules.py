"""What people spent with several sellers, by hand: what two books hold counts once."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from crossbook.fleet.across import gathered, limit_rows
from crossbook.fleet.carried import COLUMNS
from crossbook.fleet.rules import rule

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("numbers", "sum_"),
    [
        (("P1", "P2"), 6_000_000),  # twice 30,000 dollars: over the quota of 50,000
        (("P1", "P1"), None),  # one payment of 30,000 that both books hold
    ],
)
def test_a_payment_that_two_books_hold_is_spent_once(numbers: tuple[str, str], sum_: int | None) -> None:
    """SAFE's quota for individuals is 50,000 dollars a year."""
    connection = duckdb.connect()
    connection.register("limit_row", limit_rows())
    connection.execute(f"CREATE TABLE spent ({COLUMNS['spent']}, book string)")
    for n, (book, number) in enumerate(zip("ab", numbers, strict=True)):
        row = ("payment", "S", "S", "Milo", 3_000_000, "USD", DAY, number, f"O{n}", book * 4, n + 2, book)
        connection.execute(f"INSERT INTO spent VALUES ({', '.join('?' * len(row))})", row)
    for name in ("yearly_quota", "payment_split"):
        told = rule(name)
        rows = connection.sql(told.select).to_arrow_table().to_pylist()
        assert [c.amount for c in gathered(told, rows)] == ([sum_] if sum_ else []), name
