"""Interest on duty that comes back, worked out by hand at the rates of the notices."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crossbook.duty.interest import Quarter, interest, quarters


def test_quarters_follow_one_another_and_name_their_source() -> None:
    table = quarters()
    for before, after in itertools.pairwise(table):
        assert after.since == before.until + timedelta(days=1)
    for q in table:
        assert q.source
        assert q.since.month in (1, 4, 7, 10)
        assert q.other == q.corporation + Decimal("0.01") == q.underpayment  # 26 U.S.C. 6621(a)(1) and (2)


@pytest.mark.parametrize(
    ("principal", "since", "until", "corporation", "days", "amount"),
    [
        (100_000, date(2025, 6, 30), date(2025, 7, 1), True, 1, 16),  # 1,000 x 6 % / 365 = 0.1644
        (1_000_000, date(2025, 6, 30), date(2025, 9, 30), True, 92, 15_237),  # (1 + 0.06 / 365)^92 - 1 = 0.0152370
        # 41 + 92 + 92 + 90 days at 6 %, 91 at 5 %, 86 at 6 %: 3,000 x 0.0815284
        (300_000, date(2025, 5, 20), date(2026, 9, 24), True, 492, 24_459),
        (300_000, date(2025, 5, 20), date(2026, 9, 24), False, 492, 28_862),  # one point more: 3,000 x 0.0962052
        (100_000, date(2026, 3, 30), date(2026, 4, 1), True, 2, 30),  # the last day at 6 %, the first at 5 %: 0.3014
        (300_000, date(2025, 5, 20), date(2025, 5, 20), True, 0, 0),
    ],
)
def test_daily_compounding(principal: int, since: date, until: date, corporation: bool, days: int, amount: int) -> None:
    told = interest(principal, since, until, rate="corporation" if corporation else "other")
    assert told is not None
    assert (told.days, told.amount, told.until) == (days, amount, until)


def test_a_leap_year_has_366_days() -> None:
    year = Quarter(date(2024, 1, 1), date(2024, 3, 31), Decimal("0.06"), Decimal("0.07"), Decimal("0.07"), "made")
    told = interest(36_600_000, date(2024, 1, 1), date(2024, 1, 2), table=[year])
    assert told is not None
    assert told.amount == 6_000  # 366,000.00 x 6 % / 366


def test_where_no_rate_is_known_it_stops_and_says_so() -> None:
    told = interest(100_000, date(2026, 12, 30), date(2027, 1, 15))
    assert told is not None
    assert (told.until, told.asked, told.days, told.amount) == (date(2026, 12, 31), date(2027, 1, 15), 1, 16)
    assert interest(100_000, date(2024, 11, 1), date(2026, 1, 1)) is None, "the first days have no rate: no figure"
