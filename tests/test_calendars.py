"""Business days by country."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crossbook.calendars import add_business_days, business_days_between, is_business_day

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def test_holidays_and_weekends() -> None:
    assert not is_business_day(date(2026, 7, 3), ("US",))  # Independence Day, observed
    assert not is_business_day(date(2026, 2, 17), ("CN",))  # Spring Festival
    assert is_business_day(date(2026, 2, 17), ("US",))
    assert not is_business_day(date(2026, 2, 17), ("US", "CN"))
    assert not is_business_day(date(2026, 11, 28), ("US",))


@given(DAYS, st.integers(0, 40))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    later = add_business_days(day, count, ("US",))
    assert business_days_between(day, later, ("US",)) == count
    assert business_days_between(later, day, ("US",)) == -count
