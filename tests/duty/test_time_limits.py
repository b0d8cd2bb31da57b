"""Last days at their edge, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.duty.time_limits import last_day, time_limits


@pytest.mark.parametrize(
    ("rule", "start", "counted", "day"),
    [
        ("protest", date(2026, 3, 27), date(2026, 9, 23), date(2026, 9, 23)),
        ("protest", date(2026, 3, 2), date(2026, 8, 29), date(2026, 8, 31)),  # a Saturday
        ("protest", date(2026, 3, 10), date(2026, 9, 6), date(2026, 9, 8)),  # the Sunday before Labor Day
        ("protest", date(2026, 3, 11), date(2026, 9, 7), date(2026, 9, 8)),  # Labor Day
        ("cape", date(2026, 9, 20), date(2026, 12, 9), date(2026, 12, 9)),
        ("cape", date(2026, 5, 20), date(2026, 8, 8), date(2026, 8, 8)),  # a Saturday: ACE counts on
        ("psc", date(2026, 1, 1), date(2026, 10, 28), date(2026, 10, 28)),
        ("psc before liquidation", date(2026, 11, 11), date(2026, 10, 27), date(2026, 10, 27)),
        ("reliquidation", date(2026, 9, 20), date(2026, 12, 19), date(2026, 12, 19)),
        ("deemed liquidation", date(2025, 5, 20), date(2026, 5, 20), date(2026, 5, 20)),
        ("suit", date(2025, 5, 20), date(2027, 5, 20), date(2027, 5, 20)),
        ("suit", date(2025, 5, 22), date(2027, 5, 22), date(2027, 5, 24)),  # a Saturday
        ("drawback", date(2024, 2, 29), date(2029, 2, 28), date(2029, 2, 28)),
    ],
)
def test_counted_and_moved(rule: str, start: date, counted: date, day: date) -> None:
    told = last_day(rule, start)
    assert (told.counted, told.day) == (counted, day)


def test_every_rule_names_its_law_and_what_was_read() -> None:
    for row in time_limits().values():
        assert row["law"], row
        assert row["source"], row
        assert row["unit"] in ("days", "years"), row
        assert row["moved"] in ("yes", "no"), row
