"""A duty that is higher than the one worked out is claimed only where nothing that is not known could explain it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossbook.duty.filed import EntryLine
from crossbook.duty.refunds import Refund, refunds
from crossbook.duty.state import state
from crossbook.i18n import choose, translated

SHIRT = {"": 330_000, "99038815": 150_000}  # of 20,000.00 USD: 16.5 % and, of China, list 4A 7.5 %


def claimed(paid: dict[str, int], *, hts: str = "6109100012", origin: str = "CN", **more: Any) -> list[Refund]:
    entered, kind = more.get("entered_on", date(2025, 4, 21)), more.get("type", "01")
    line = EntryLine(
        entry="BX1-0000101-4",
        number=1,
        entered_on=entered,
        origin=origin,
        hts=hts,
        value=2_000_000,
        paid=paid,
        state=state(entered, liquidated_on=date(2026, 7, 6), entry_type=kind),
        programme="",
        quantities={},
        evidence="e",
        lines=(2,),
    )
    found, refused = refunds([line], date(2026, 9, 1))
    assert not refused
    return [x for x in found if x.reason in ("overpaid", "wrong_list")]


@pytest.mark.parametrize(
    ("paid", "more", "amount", "asks"),
    [
        ({**SHIRT, "": 400_000}, {}, 70_000, "no rate gives what was paid on this value"),  # 20 %, no rate of the line
        ({**SHIRT, "99038815": 200_000}, {}, 50_000, "no rate gives what was paid on this value"),  # 10 %
        # 15 % was the rate of list 4A until 2020-02-13: not of an entry for consumption of 2025, but of a zone
        ({**SHIRT, "99038815": 300_000}, {}, 150_000, ""),
        ({**SHIRT, "99038815": 300_000}, {"type": "06"}, 150_000, "2020-02-13 gives what was paid: ask which day"),
        # 50 % from 2025-06-04 (Proclamation 10947): three days later may be the day that counts, six weeks not
        (
            {"": 40_000, "99038190": 1_000_000},
            {"hts": "7323930060", "origin": "VN", "entered_on": date(2025, 6, 1)},
            500_000,
            "2025-06-04 gives what was paid: ask which day",
        ),
        ({"": 40_000, "99038190": 1_000_000}, {"hts": "7323930060", "origin": "VN"}, 500_000, ""),
        # a battery bears the duty on parts of vehicles if it is one, which no report tells
        (
            {"": 68_000, "99039405": 500_000},
            {"hts": "8507600020", "origin": "DE", "entered_on": date(2025, 6, 15)},
            500_000,
            "whether it is a part of a passenger vehicle or light truck",
        ),
        (SHIRT, {"origin": "VN"}, 150_000, "hold the origin against the entry summary"),  # Section 301 is of China
        ({"": 330_000, "99038803": 500_000}, {}, 350_000, ""),  # list 3 at its 25 %, where list 4A was due
        ({"": 330_000, "99038803": 400_000}, {}, 250_000, "no rate gives what was paid"),  # 20 %, no rate of list 3
    ],
)
def test_what_could_explain_more_is_asked_first(
    paid: dict[str, int], more: dict[str, Any], amount: int, asks: str
) -> None:
    (x,) = claimed(paid, **more)
    assert (x.amount, x.certain) == (amount, not asks)
    assert asks in x.why and ("ask first: " in x.why) is bool(asks)


def test_the_question_is_asked_in_chinese() -> None:
    (x,) = claimed(SHIRT, origin="VN")
    choose("zh")
    try:
        assert translated(x.why).endswith("；请先核实：此税号适用于其他原产地的货物：请将原产地与报关汇总单核对")
    finally:
        choose("en")
