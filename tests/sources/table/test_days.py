"""Days by their own figures, by the period that a heading states, and as numbers of a workbook."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.sources.table import days


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("日期区间：2024-12-01 至 2024-12-31", date(2024, 12, 1), date(2024, 12, 31)),
        ("Statement Period: 01-Jan-2024 to 31-Jan-2024", date(2024, 1, 1), date(2024, 1, 31)),
        ("Zeitraum: 01.02.2024 - 03.03.2024", date(2024, 2, 1), date(2024, 3, 3)),
        ("Period 01/02/2024 to 28/02/2024", date(2024, 2, 1), date(2024, 2, 28)),
    ],
)
def test_a_heading_states_a_period(text: str, first: date, last: date) -> None:
    assert days.period(text) == (first, last)


@pytest.mark.parametrize("text", ["Period 01/02/2024 to 02/03/2024", "2024-12-01", "Amount from 2024"])
def test_a_period_whose_own_order_is_open_says_nothing(text: str) -> None:
    assert days.period(text) is None


def test_a_stated_period_decides_the_order() -> None:
    texts = ["01/02/2024", "03/02/2024"]
    assert set(days.decided(texts, 2027)) == {"dmy", "mdy"}
    assert days.decided(texts, 2027, within=(date(2024, 2, 1), date(2024, 2, 29))) == ("dmy",)
    assert len(days.decided(texts, 2027, within=(date(2024, 1, 1), date(2024, 3, 31)))) == 2


def test_two_orders_that_read_every_day_alike_are_one() -> None:
    assert days.orders(["14.06.2021", "01.07.2021"], 2027) == ("dmy",)


def test_a_number_counted_from_1904_is_1462_days_later() -> None:
    """44580 days after 1904-01-01 is 2026-01-20, which is 46042 days after 1899-12-30."""
    assert days.from_1904("44580") == "46042" and days.written("46042", "ymd") == "2026-01-20"
    assert days.from_1904("2026-01-20") == "2026-01-20"
