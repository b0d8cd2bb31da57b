"""The same law with something changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crossbook.duty import quote
from crossbook.duty.tables import law
from crossbook.duty.whatif import changed
from crossbook.errors import CrossbookError

ON = date(2025, 11, 20)


def rate(off: tuple[str, ...] = (), rates: tuple[str, ...] = (), on: date = ON) -> Decimal | None:
    table = changed(law(), off, rates, on)
    return quote("6109.10.0012", "CN", value=100, on=on, law=table, claims={"exclusion": "no"}).rate


def test_a_programme_taken_away() -> None:
    assert rate() == Decimal("0.44")  # 16.5 + 7.5 + 10 fentanyl + 10 reciprocal
    assert rate(("IEEPA=off",)) == Decimal("0.24")
    assert rate(("FENTANYL=off", "S301=off")) == Decimal("0.265")


def test_a_rate_changed() -> None:
    assert rate(rates=("s301:4A=25%",)) == Decimal("0.615")


def test_a_programme_kept_in_force() -> None:
    after = date(2026, 9, 1)
    assert rate(on=after) == Decimal("0.365")
    assert rate(("IEEPA=on",), on=after) == Decimal("0.565")


@pytest.mark.parametrize(
    ("off", "rates", "says"),
    [
        (("IEEPA",), (), "not a change"),
        (("IEEPA=perhaps",), (), "say on or off"),
        (("NOTHING=off",), (), "no measure 'NOTHING'"),
        ((), ("s301:4A=25",), "is no rate"),
        ((), ("s301:4A=-5%",), "between 0% and 1000%"),
    ],
)
def test_what_is_not_understood(off: tuple[str, ...], rates: tuple[str, ...], says: str) -> None:
    with pytest.raises(CrossbookError, match=says):
        changed(law(), off, rates)
