"""Odds that round to 1 or to 0 are not shown as certain or impossible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.i18n import in_chinese
from crossbook.odds import OVER, UNDER, odds


@pytest.mark.parametrize(
    ("probability", "decimals", "shown"),
    [
        (0.97321, 2, "97.32%"),
        (0.9994, 2, "99.94%"),
        (0.9995, 2, OVER),
        (0.99999999, 4, OVER),
        (1.0, 0, OVER),  # a sum of floats that came out as 1 has lost its rest
        (0.9962, 0, "99.6%"),
        (0.994, 0, "99%"),
        (0.004, 0, "0.4%"),
        (0.0004, 2, UNDER),
        (0.0, 2, "0.00%"),
    ],
)
def test_odds(probability: float, decimals: int, shown: str) -> None:
    assert odds(probability, decimals) == shown


@given(st.floats(0, 1), st.integers(0, 4))
def test_what_is_not_certain_is_not_shown_as_certain(probability: float, decimals: int) -> None:
    shown = odds(probability, decimals)
    assert not shown.startswith("100")
    assert not probability or shown.strip("0.") != "%"


def test_in_chinese() -> None:
    assert (in_chinese(OVER), in_chinese(UNDER)) == ("超过 99.9 %", "不足 0.1 %")
    assert in_chinese(f"order SB1, probability {OVER}") == "订单 SB1，概率 超过 99.9 %"
    assert in_chinese(f"P1, probability {OVER}") == "P1，概率 超过 99.9 %"
    assert in_chinese(f"explanation of P2 accepted, odds {OVER}: as expected").endswith("概率 超过 99.9 %：与预期一致")
