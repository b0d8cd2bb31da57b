"""Ranges of damages and the break-even of answering."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.cases.case import RIGHTS, Case
from crossbook.cases.exposure import NOTE, NOTE_IF, Quotes, exposure, exposure_of, weigh
from crossbook.cases.procedure import names, procedure
from crossbook.errors import CrossbookError

SUM = st.integers(0, 10**10)


def test_the_range_of_the_law() -> None:
    found = exposure(2, 3)
    assert (found.least, found.most, found.most_wilful) == (6_000_00, 1_200_000_00, 12_000_000_00)
    with pytest.raises(CrossbookError):
        exposure(0, 1)


def test_worked_by_hand() -> None:
    # 5,000 to answer, 20,000 to settle, 40,000 at stake, 30,000 frozen: 5,000 + (1 - p) 40,000 < 20,000 from p = 62.5 %
    found = weigh(Quotes(answer=5_000_00, settle=20_000_00, judgment=40_000_00, frozen=30_000_00))
    assert found.answer_beats_settle == 625
    assert found.recoverable == 30_000_00 and found.answer_beats_default == 375
    assert weigh(Quotes(answer=20_000_00, settle=9_000_00, judgment=40_000_00, frozen=0)).answer_beats_settle is None
    with pytest.raises(CrossbookError):
        weigh(Quotes(answer=-1, settle=0, judgment=0, frozen=0))


@given(SUM, SUM, SUM, SUM)
def test_at_the_break_even_answering_costs_no_more(answer: int, settle: int, judgment: int, frozen: int) -> None:
    chance = weigh(Quotes(answer=answer, settle=settle, judgment=judgment, frozen=frozen)).answer_beats_settle
    if chance is None:
        assert answer >= settle or not judgment
        return
    assert answer * 1000 + (1000 - chance) * judgment <= settle * 1000
    if chance:
        assert answer * 1000 + (1000 - chance + 1) * judgment > settle * 1000


BINDS, RANGE_DAY = "the order binds you", date(2026, 1, 19)


def told(case: Case) -> tuple[bool, bool]:
    """Whether the range is given, and whether the order is said to bind."""
    return exposure_of(case) is not None, any(BINDS in f.do for f in case.first())


def test_only_an_order_in_a_us_suit_on_trademarks_has_a_range_and_binds() -> None:
    ordered = {"order_entered": RANGE_DAY}
    assert told(Case("a", "us_suit", right="trademark", happened=ordered)) == (True, True)
    assert told(Case("a", "us_suit", right="trademark", happened={"served": RANGE_DAY})) == (False, False)
    assert told(Case("a", "us_suit")) == (False, False)
    for right in set(RIGHTS) - {"trademark"}:
        assert told(Case("a", "us_suit", right=right, happened=ordered)) == (False, False)
    for name in set(names()) - {"us_suit"}:
        everything = {e.name: RANGE_DAY for e in procedure(name).events}
        assert told(Case("a", name, right="trademark", happened=everything)) == (False, False), name


def test_a_right_that_is_not_told_is_named_as_such() -> None:
    ordered = {"order_entered": RANGE_DAY}
    for right, note in (("", NOTE_IF), ("trademark", NOTE)):
        found = exposure_of(Case("a", "us_suit", right=right, happened=ordered))
        assert found is not None and found.note == note
