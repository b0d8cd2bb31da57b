"""A party that asks for too much, offers too many or tells of too many is refused by the side that it asks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from crossbook.exchange import agreement, meeting
from crossbook.exchange.allowance import Allowance, DisclosureError
from tests.exchange.making import agreed

DAY = timedelta(days=1)


@pytest.fixture
def allowance(tmp_path: Path) -> Allowance:
    _, path = agreed(tmp_path, most="smallest = 100\nborder = 50_000\ntimes = 3\nper_mille = 10")
    return Allowance(agreement=agreement.read(path), transfers=1000)


@pytest.mark.parametrize(
    ("border", "named"),
    [
        (99, "allows 100 to 50,000"),  # few tell who they are
        (50_001, "allows 100 to 50,000"),
        (3_001, "3,001 transfers that cross, this side 1,000: more than 3 times"),  # guesses
        ("many", "allows 100 to 50,000"),
        (None, "allows 100 to 50,000"),
    ],
)
def test_a_border_that_cannot_be_is_refused(allowance: Allowance, border: object, named: str) -> None:
    assert allowance.others(3_000, 1_000) == 3_000
    with pytest.raises(DisclosureError, match=named):
        allowance.others(border, 1_000)


def test_no_more_is_told_over_all_turns_than_agreed(allowance: Allowance) -> None:
    allowance.spend(np.arange(6))
    allowance.spend(np.arange(2, 10))
    with pytest.raises(DisclosureError, match="11 of 1,000"):
        allowance.spend(np.array([10]))
    assert len(allowance.told) == 10, "and what was refused is not counted as told"


def test_no_day_is_spoken_of_on_which_the_agreement_does_not_hold(allowance: Allowance) -> None:
    first, last = allowance.agreement.valid_from, allowance.agreement.valid_to
    allowance.window(first, first, 100)
    allowance.window(last, last, 100)
    for since, until in ((first - DAY, first), (last, last + DAY)):
        with pytest.raises(DisclosureError, match="does not hold on"):
            allowance.window(since, until, 100)


def test_a_guess_of_a_party_that_lies_meets_what_is_there() -> None:
    """What the protocol does not hinder: who offers a reference that it does not have learns that the other side has
    it. So the number that may be offered is bounded, by `border` and `times`."""
    ours, theirs, salt = meeting.secret(), meeting.secret(), b"s"
    held, guessed = ["TX1", "TX2"], [f"TX{n}" for n in range(10)]
    twice = meeting.again(meeting.blind(held, ours, salt), theirs)
    answered = meeting.again(meeting.blind(guessed, theirs, salt), ours)
    assert {guessed[k] for k in meeting.met(answered, twice)} == {"TX1", "TX2"}
