"""Which lists each step of a consignment takes: numbered, not refused, released, of one flag."""

from __future__ import annotations

import pytest

from crossbook.filing.customs.steps import of_list
from tests.filing.customs.test_regime import customs
from tests.filing.customs.test_value import trade

NUMBER = "531620269000004735"
STEPS = ("507", "607", "509", "701")


# state, code, number of the list: which steps take it
@pytest.mark.parametrize(
    ("state", "code", "number", "taken"),
    [
        (None, None, None, ()),  # customs has said nothing
        ("refused", "100", NUMBER, ()),  # a number, and refused all the same
        ("refused", "-304001", None, ()),
        ("cancelled", "399", NUMBER, ()),
        ("unknown", "777", NUMBER, ()),
        ("pending", "2", None, ()),  # not numbered yet
        ("pending", "300", NUMBER, ("507", "607")),
        ("accepted", "120", NUMBER, ("507", "607")),
        ("accepted", "399", NUMBER, ("507", "607")),
        ("held", "500", NUMBER, ("507",)),  # looked at in the yard
        ("held", "502", NUMBER, ()),  # handed to the anti-smuggling bureau
        ("released", "800", NUMBER, ("507", "607", "509")),  # goods that have not left yet
        ("released", "899", NUMBER, STEPS),
        ("released", "899", None, ()),
    ],
)
def test_what_a_list_must_be(state: str | None, code: str | None, number: str | None, taken: tuple[str, ...]) -> None:
    one = trade(list_state=state, list_code=code, list_number=number, list_flag="B")
    assert tuple(n for n in STEPS if not of_list(n, one, customs("B"))) == taken


def test_a_list_that_is_released_and_not_cleared_is_not_summarised() -> None:
    """Announcement 194 of 2018: the lists that were cleared in the month before."""
    (want,) = of_list("701", trade(list_state="released", list_code="800", list_number=NUMBER), customs("B"))
    assert want.why == "customs has not cleared the export list (800): it is summarised once it has (899)"


def test_what_customs_said_is_shown() -> None:
    (want,) = of_list("507", trade(list_state="refused", list_code="100", list_number=NUMBER), customs("B"))
    assert want == ("list_number", NUMBER, "customs refused the export list (100)")
