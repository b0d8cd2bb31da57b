"""Payoneer's transactions as it exports them since 2025: one amount column, a running balance."""

from __future__ import annotations

from datetime import date

from tests.conftest import GOLDEN
from tests.sources.reading import NATIVE, read


def test_the_newer_export() -> None:
    found = read(NATIVE / "payoneer_new.csv")
    assert found.column("settlement", "kind", "amount", "balance") == [
        ("deposit", 100_000, 100_000),
        ("withdrawal", -99_000, 1_000),
    ]
    assert found.column("payout", "payout_id", "amount", "paid_on") == [("900002", 99_000, date(2026, 1, 6))]
    assert found.column("bank", "booked_on", "amount") == [(date(2026, 1, 5), 100_000), (date(2026, 1, 6), -99_000)]


def test_rows_that_moved_no_money_are_told() -> None:
    """The golden file has one such row, in line 5: Pending."""
    found = read(GOLDEN / "payoneer_transactions.csv")
    assert found.notes == ["rows left out, as Status says 'Pending': 1, no money moved, the first is line 5"]
    assert 5 not in found.column("settlement", "line")
