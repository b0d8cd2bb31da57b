"""Rules across books, by hand: what two books hold counts once, what agrees by chance is not called."""

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


@pytest.mark.parametrize(
    ("signs", "called"),
    [
        ({"a": ("wang@a.example", "王伟"), "b": ("wang@b.example", "王伟")}, False),  # two people
        ({"a": ("wang@a.example", "王伟"), "b": ("wang@a.example", "王伟")}, True),  # one customer of both
        ({"a": ("wang@a.example", "王伟"), "b": ("li@b.example", "李娜")}, True),  # beside an order of another
        ({"a": ("wang@a.example", "王伟")}, True),  # the other book does not know who that is
        ({}, True),
    ],
)
def test_one_invoice_in_two_books(signs: dict[str, tuple[str, str]], called: bool) -> None:
    """Two sellers of two hundred count their invoices from one and sell the same lamp to a Wang Wei on one day."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE paper ({COLUMNS['paper']}, book string)")
    connection.execute(f"CREATE TABLE sign ({COLUMNS['sign']}, book string)")
    for book in "ab":
        number = "INV000036|王伟|12900|CNY|2026-03-01"
        row = ("invoice", number, "INV000036", f"O-{book}", 12_900, "CNY", DAY, book * 4, 2, book)
        connection.execute(f"INSERT INTO paper VALUES ({', '.join('?' * len(row))})", row)
    for book, (sign, name) in signs.items():
        row = ("email", sign, name, f"O-{book}", book * 5, 3, book)
        connection.execute(f"INSERT INTO sign VALUES ({', '.join('?' * len(row))})", row)
    told = rule("same_invoice")
    found = gathered(told, connection.sql(told.select).to_arrow_table().to_pylist())
    assert [(c.books, c.amount, len(c.because)) for c in found] == ([(("a", "b"), 12_900, 2)] if called else [])
