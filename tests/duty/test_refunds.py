"""Duty paid, held against the duty that was due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crossbook.duty import remedies as r
from crossbook.duty.refunds import EntryLine, Refund, grouped, refunds

TODAY = date(2026, 9, 1)


def entry(paid: dict[str, int], **more: Any) -> EntryLine:
    fields: dict[str, Any] = {
        "entry": "BX1-0000101-4", "number": 1, "entered_on": date(2025, 4, 21), "origin": "CN", "hts": "6109100012",
        "value": 2_000_000, "paid": paid, "liquidation": "Liquidated", "liquidated_on": date(2026, 7, 6), "programme": "",
        "quantities": {}, "evidence": "e", "lines": (2,), **more,
    }  # fmt: skip
    return EntryLine(**fields)


def found(e: EntryLine, **more: Any) -> list[Refund]:
    kept, refused = refunds([e], TODAY, **more)
    assert not refused
    return kept


RIGHT = {"": 330_000, "99038815": 150_000}


def test_ieepa_duties_come_back_by_cape() -> None:
    kept = found(entry({**RIGHT, "99030124": 400_000, "99030163": 2_500_000}))
    assert [(x.heading, x.amount, x.reason) for x in kept] == [
        ("9903.01.24", 400_000, "ieepa"),
        ("9903.01.63", 2_500_000, "ieepa"),
    ]
    assert all(x.remedy == r.CAPE_DECLARATION and x.deadline == date(2026, 9, 24) and x.certain for x in kept)


def test_what_was_right_is_no_candidate() -> None:
    assert not [x for x in found(entry(RIGHT)) if x.certain]


def test_the_wrong_list() -> None:
    (x,) = found(entry({"": 330_000, "99038803": 500_000}))
    assert (x.reason, x.heading, x.paid, x.due, x.amount) == ("wrong_list", "9903.88.03", 500_000, 150_000, 350_000)
    assert "9903.88.15" in x.why


def test_too_much_and_too_little() -> None:
    kept = found(entry({"": 400_000, "99038815": 150_000}))
    assert [(x.reason, x.amount) for x in kept] == [("overpaid", 70_000)]
    kept = found(entry({"": 330_000}))
    assert [(x.reason, x.amount, x.remedy) for x in kept] == [("underpaid", -150_000, r.OWED)]


def test_a_cent_of_rounding_is_no_finding() -> None:
    assert not found(entry({"": 330_050, "99038815": 149_960}))


def test_a_rate_that_reaches_back() -> None:
    """Vehicle parts of Germany: 15 % in total, published 2025-09-25, back to 2025-08-01."""
    paid = {"": 50_000, "99039405": 500_000}
    kept = found(entry(paid, hts="8708305090", origin="DE", entered_on=date(2025, 8, 15)), table=None)
    assert any(x.amount > 0 for x in kept)


def test_another_origin_than_the_sellers_own() -> None:
    kept = found(entry(RIGHT), origins={"6109100012": "VN"})
    (x,) = [x for x in kept if x.reason == "wrong_origin"]
    assert not x.certain
    assert x.paid == 150_000


def test_an_exclusion_is_a_candidate_only() -> None:
    paid = {"": 2_900, "99038803": 25_000, "99030124": 20_000, "99030125": 10_000}
    kept = found(entry(paid, hts="7326908688", value=100_000, entered_on=date(2025, 5, 20)))
    (x,) = [x for x in kept if x.reason == "exclusion"]
    assert (x.amount, x.certain) == (25_000, False)


def test_a_line_that_cannot_be_worked_out_says_why() -> None:
    kept, refused = refunds([entry(RIGHT, hts="1234567890")], TODAY)
    assert not kept
    assert "no tariff line" in refused[0][1]


def test_rows_of_one_line_are_one() -> None:
    row: dict[str, Any] = {
        "entry": "A",
        "entry_line": 1,
        "entered_on": TODAY,
        "origin": "CN",
        "evidence": "e",
        "line": 2,
    }
    (one,) = grouped([
        {**row, "hts": "99038815", "amount": 0, "duty": 5},
        {**row, "hts": "6109100012", "amount": 100, "duty": 16, "quantity": "1,850.00", "unit": "DOZ", "line": 3},
        {**row, "entry_line": 2, "hts": "99038815", "amount": 0, "duty": 5},
    ])  # fmt: skip
    assert one.paid == {"99038815": 5, "": 16}
    assert one.quantities == {"No.": Decimal(22_200)}
    assert one.lines == (2, 3)


DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("liquidated", "today", "ieepa", "how", "until", "still"),
    [
        (None, date(2026, 2, 1), False, r.POST_SUMMARY, date(2026, 10, 28), True),
        (None, date(2026, 10, 29), False, r.AFTER_LIQUIDATION, None, True),
        (date(2026, 11, 11), date(2026, 10, 20), False, r.POST_SUMMARY, date(2026, 10, 27), True),
        (date(2026, 3, 1), date(2026, 8, 28), False, r.PROTEST_FORM, date(2026, 8, 28), True),
        (date(2026, 3, 1), date(2026, 8, 29), False, r.ENDED, date(2026, 8, 28), False),
        (None, date(2026, 2, 1), True, r.POST_SUMMARY, date(2026, 10, 28), True),
        (None, date(2026, 4, 20), True, r.CAPE_DECLARATION, None, True),
        (date(2026, 3, 1), date(2026, 5, 20), True, r.CAPE_DECLARATION, date(2026, 5, 20), True),
        (date(2026, 3, 1), date(2026, 5, 21), True, r.PROTEST_FORM, date(2026, 8, 28), True),
        (date(2026, 3, 1), date(2026, 9, 1), True, r.SUIT, date(2026, 8, 28), False),
    ],
)
def test_remedies(liquidated: date | None, today: date, ieepa: bool, how: str, until: date | None, still: bool) -> None:
    assert r.remedy(DAY, liquidated, today, ieepa=ieepa) == r.Remedy(how, until, still)
