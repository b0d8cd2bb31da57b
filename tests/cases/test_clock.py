"""Counting days: cases worked by hand, what must hold of every count, and how far China's notices reach."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from holidays.countries import china as china_data
from hypothesis import given
from hypothesis import strategies as st

from crossbook.cases import days
from crossbook.cases.clock import Span, count, on
from crossbook.cases.days import calendar
from crossbook.errors import CrossbookError

GOLDEN = list(csv.DictReader(Path(__file__).with_name("golden.csv").read_text(encoding="utf-8").splitlines()))
NAMES = st.sampled_from(days.NAMES)
DAYS = st.dates(date(2009, 12, 1), date(2029, 12, 31))
UNITS = st.sampled_from(["day", "working day", "month", "year"])
ROLLS = st.sampled_from(["next", "none", "unsettled"])
LENGTHS = st.integers(-40, 40).filter(bool)


@pytest.mark.parametrize(
    "case", GOLDEN, ids=lambda c: f"{c['calendar']}{c['state']} {c['start']} {c['length']} {c['unit']}"
)
def test_golden(case: dict[str, str]) -> None:
    works = calendar(case["calendar"], case["state"])
    found = count(on(date.fromisoformat(case["start"])), int(case["length"]), case["unit"], works, case["roll"])  # type: ignore[arg-type]
    assert (str(found.earliest), str(found.latest)) == (case["earliest"], case["latest"]), case["why"]


@given(NAMES, DAYS, LENGTHS, UNITS, ROLLS)
def test_a_longer_limit_never_falls_earlier(name: str, start: date, length: int, unit: str, roll: str) -> None:
    works = calendar(name)
    shorter, longer = (
        count(on(start), n, unit, works, roll) for n in (length, length + 1 if length > 0 else length - 1)
    )  # type: ignore[arg-type]
    if length < 0:
        shorter, longer = longer, shorter
    assert shorter.earliest <= longer.earliest and shorter.latest <= longer.latest


@given(NAMES, DAYS, st.integers(1, 40), UNITS)
def test_a_count_from_the_first_working_day_is_never_shorter_and_an_unsettled_one_holds_both(
    name: str, start: date, length: int, unit: str
) -> None:
    works = calendar(name)
    plain = count(on(start), length, unit, works, "none")  # type: ignore[arg-type]
    begun = count(on(start), length, unit, works, "next", "next working day")  # type: ignore[arg-type]
    either = count(on(start), length, unit, works, "unsettled", "next working day")  # type: ignore[arg-type]
    assert plain.earliest <= begun.earliest and plain.latest <= begun.latest
    assert either.earliest == plain.earliest and either.latest == begun.latest


@given(NAMES, DAYS, st.integers(0, 9), LENGTHS, UNITS)
def test_an_open_answer_holds_each_settled_one(name: str, start: date, wide: int, length: int, unit: str) -> None:
    works = calendar(name)
    whole = count(Span(start, start + timedelta(wide)), length, unit, works, "unsettled")  # type: ignore[arg-type]
    assert whole.earliest <= whole.latest
    for offset in range(wide + 1):
        for roll in ("next", "none"):
            for answer in (True, False):
                one = count(
                    on(start + timedelta(offset)),
                    length,
                    unit,
                    lambda d, a=answer: a if works(d) is None else works(d),
                    roll,
                )  # type: ignore[arg-type, misc]
                assert one.settled and whole.earliest <= one.earliest <= whole.latest


@given(DAYS, st.integers(1, 40))
def test_a_rolled_last_day_is_worked(start: date, length: int) -> None:
    works = calendar("us_federal", "IL")
    found = count(on(start), length, "day", works)
    assert works(found.latest) and works(found.earliest) is not False


def test_no_notice_reached_further_than_the_open_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the notice of each year taken away, no day of it contradicts what is said without."""
    told = {d: days.china(d) for d in (date(2008, 1, 1) + timedelta(n) for n in range(6900))}
    monkeypatch.setattr(china_data.ChinaStaticHolidays, "special_public_holidays", {})
    days._china.cache_clear()
    bare = {y: frozenset(china_data.China(years=y, observed=False)) for y in range(2007, 2029)}
    monkeypatch.setattr(days, "_china", lambda year: (bare[year], frozenset(), 0))
    wrong = [d for d, known in told.items() if days.china(d) not in (None, known)]
    monkeypatch.undo()
    assert wrong == [date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)], "a one-off holiday made in that year"
    assert sum(v is None for v in told.values()) == 0


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(CrossbookError, match="no calendar"):
        calendar("mars")
    with pytest.raises(CrossbookError, match="no state"):
        calendar("us_federal", "ZZ")
    with pytest.raises(ValueError, match="no length"):
        count(on(date(2025, 1, 1)), 0, "day", calendar("every_day"))
