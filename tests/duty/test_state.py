"""What reports say of an entry, in their own words."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.duty.remedies import UNKNOWN_DAY, ways
from crossbook.duty.state import is_told, state, type_of

DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("01", "01"),
        ("1", "01"),
        (" 47 ", "47"),
        ("47 - Drawback", "47"),
        ("01 ABI/A", "01"),
        ("", ""),
        ("AB", ""),
        ("99", ""),
        ("470", ""),
    ],
)
def test_types(text: str, kind: str) -> None:
    assert type_of(text) == kind


@pytest.mark.parametrize("text", ["", "N/A", "n/a", "-", "0", "none", "No", "000"])
def test_words_for_nothing(text: str) -> None:
    assert not is_told(text)


@pytest.mark.parametrize(
    ("words", "liquidation"),
    [
        ("Liquidated", "liquidated"),
        ("Reliquidated", "liquidated"),
        ("Unliquidated", ""),
        ("Suspended", "suspended"),
        ("Extended", "extended"),
        ("Under Review", "under review"),
        ("Pending", ""),
    ],
)
def test_liquidation(words: str, liquidation: str) -> None:
    assert state(DAY, liquidation=words, entry_type="01").liquidation == liquidation


def test_a_liquidation_before_the_entry_is_not_taken() -> None:
    odd = state(DAY, liquidated_on=date(2025, 3, 1), liquidation="Liquidated", entry_type="01")
    assert (odd.liquidated_on, odd.impossible) == (None, date(2025, 3, 1))
    first = ways(odd, date(2026, 6, 30), ieepa=True)[0]
    assert first.how == UNKNOWN_DAY and "2025-03-01, which is before its entry" in first.why[-1].text


def test_only_dumping_entries_are_pending() -> None:
    assert state(DAY, liquidation="Pending Liquidation", entry_type="03").liquidation == "pending"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, ""),
        ("", ""),
        ("Y", "flagged"),
        ("001 - Value", "flagged"),
        ("N", "no"),
        ("0", "no"),
        ("Y - reconciliation entry filed", "filed"),
        ("Y - not filed", "flagged"),
        ("Reconciled", "filed"),
    ],
)
def test_reconciliation(text: str | None, told: str) -> None:
    assert state(DAY, reconciliation=text).reconciliation == told


@pytest.mark.parametrize(
    ("number", "status", "protested"),
    [
        ("3001-26-100001", "", True),
        ("3001-26-100001", "Open", True),
        ("3001-26-100001", "Suspended", True),
        ("3001-26-100001", "Denied", False),
        ("3001-26-100001", "Approved", False),
        ("3001-26-100001", "Withdrawn", False),
        ("N/A", "Open", True),  # how it stands is told, so there is one
        ("N/A", "N/A", False),
        ("", "", False),
    ],
)
def test_protests(number: str, status: str, protested: bool) -> None:
    assert state(DAY, protest=number, protest_status=status).protested is protested
