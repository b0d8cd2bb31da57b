"""Rows of a report as lines of entries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.duty.drawback import candidates
from crossbook.duty.filed import EntryLine, grouped
from crossbook.duty.refunds import refunds

ROW: dict[str, Any] = {
    "entry": "A",
    "entry_line": 1,
    "entered_on": date(2025, 5, 20),
    "origin": "CN",
    "evidence": "e",
    "line": 2,
}
IEEPA = {"hts": "99030124", "amount": 0, "duty": 200_000, "ordinal": 1}
SHIRTS = {"hts": "6109100012", "amount": 1_000_000, "duty": 165_000, "ordinal": 2}


def one(*rows: dict[str, Any]) -> EntryLine:
    (line,) = grouped([{**ROW, **r} for r in rows])
    return line


def back(line: EntryLine) -> tuple[dict[str, int], list[str]]:
    found, refused = refunds([line], date(2026, 9, 1))
    return {r.reason: r.amount for r in found if r.certain or r.reason == "ieepa"}, [why for _, why in refused]


def test_rows_of_one_line_are_one() -> None:
    first, _second = grouped(
        [
            {**ROW, "hts": "99038815", "amount": 0, "duty": 5},
            {**ROW, "hts": "6109100012", "amount": 100, "duty": 16, "quantity": "1,850.00", "unit": "DOZ", "line": 3},
            {**ROW, "entry_line": 2, "hts": "99038815", "amount": 0, "duty": 5},
        ]
    )
    assert first.paid == {"99038815": 5, "": 16}
    assert first.quantities == {"No.": Decimal(22_200)}
    assert first.lines == (2, 3)


def test_a_row_told_twice_is_paid_once() -> None:
    line = one(IEEPA, SHIRTS, {**IEEPA, "line": 9}, {**SHIRTS, "line": 10})
    assert line.paid == {"99030124": 200_000, "": 165_000}
    assert line.value == 1_000_000


def test_an_origin_is_taken_by_its_name_and_asked_where_it_is_no_country() -> None:
    """Else goods of China would seem to have paid Section 301 for nothing."""
    list_4a = {"hts": "99038815", "amount": 0, "duty": 75_000, "ordinal": 3}
    for written in ("China", "中国", " cn "):
        line = one(IEEPA, *({**r, "origin": written} for r in (SHIRTS, list_4a)))
        assert line.origin == "CN" and back(line) == ({"ieepa": 200_000}, [])
    amounts, (why,) = back(one(*({**r, "origin": "MULTI"} for r in (IEEPA, SHIRTS, list_4a))))
    assert amounts == {"ieepa": 200_000}
    assert why == "its origin is written MULTI, which is no country: write its two letters"


def test_a_value_that_is_not_told_is_no_value_of_nothing() -> None:
    """Else all duty would be due on nothing, and come back."""
    for amount in (None, 0):
        amounts, refused = back(one({**IEEPA, "amount": None}, {**SHIRTS, "amount": amount}))
        assert amounts == {"ieepa": 200_000}
        assert refused == ["the report does not give the value of its goods"]


def test_a_value_written_with_chapter_99_is_taken_and_not_doubled() -> None:
    assert one({**IEEPA, "amount": 1_000_000}, {**SHIRTS, "amount": 0}).value == 1_000_000
    assert one({**IEEPA, "amount": 1_000_000}, SHIRTS).value == 1_000_000
    unclear = one({**IEEPA, "amount": 400_000}, SHIRTS)
    assert (unclear.value, back(unclear)[1]) == (None, ["the report gives different values with its tariff numbers"])


def test_a_report_of_chapter_99_alone_still_claims_what_needs_no_price() -> None:
    amounts, refused = back(one(IEEPA, {"hts": "99038815", "amount": 0, "duty": 75_000, "ordinal": 2}))
    assert amounts == {"ieepa": 200_000}
    assert refused == ["the report has no tariff number of its goods (chapters 1 to 97)"]
    assert back(one(IEEPA)) == ({"ieepa": 200_000}, [])


def test_a_set_is_not_priced_by_its_first_number() -> None:
    amounts, refused = back(one(IEEPA, SHIRTS, {**SHIRTS, "hts": "7326908688", "ordinal": 3}))
    assert amounts == {"ieepa": 200_000}
    assert "several tariff numbers" in refused[0]


def test_a_quantity_that_is_not_told_is_said() -> None:
    """Seed potatoes bear 0.5 cents a kilogram: without their weight the ordinary duty is not known."""
    goods = {"hts": "0701100020", "amount": 100_000, "duty": 4_000, "ordinal": 1}
    _, refused = back(one(goods))
    assert refused
    assert "quantity" in refused[0]


def test_what_one_row_says_of_the_entry_holds_for_the_line() -> None:
    line = one({**IEEPA, "protest": "N/A"}, {**SHIRTS, "protest": "3001-26-100001", "reconciliation": "Y"})
    assert (line.state.protest, line.state.protested, line.state.reconciliation) == ("3001-26-100001", True, "flagged")


def test_duty_below_zero_is_said() -> None:
    """A correction or a refund within the report: what was paid in the end it does not tell."""
    amounts, refused = back(one({**IEEPA, "duty": -200_000}, SHIRTS))
    assert "ieepa" not in amounts
    assert refused[0] == "the report gives duty below 0 under 99030124: a correction"


def test_an_entry_of_two_types_claims_nothing() -> None:
    """01 is filed for consumption, 03 under an antidumping or countervailing order: their remedies differ."""
    rows = [{**ROW, **IEEPA, "type": "01"}, {**ROW, **SHIRTS, "type": "01"}]
    rows += [{**ROW, **IEEPA, "type": "03", "entry_line": 2}, {**ROW, **SHIRTS, "type": "03", "entry_line": 2}]
    found, refused = refunds(grouped(rows), date(2026, 9, 1))
    assert not found
    assert {why for _, why in refused} == {"its entry has two types in the report, 01 and 03"}


def test_duty_that_no_rate_gives_on_the_value_is_said_and_not_claimed() -> None:
    """9903.01.24 never was more than 20 %: 99,000.00 on 10,000.00 is a slip of the value or of the duty. What was paid
    at the rate of another day (20 % where 10 % was due) is no contradiction."""
    assert back(one({**IEEPA, "duty": 9_900_000}, SHIRTS)) == (
        {},
        ["the duty under 9903.01.24 is 990% of the value, and the most is 20%: one of the two is wrong"],
    )
    assert back(one({**IEEPA, "duty": 2_000_000}, {**SHIRTS, "duty": 9_900_000}))[1] == [
        "the duty under 9903.01.24 is 200% of the value, and the most is 20%: one of the two is wrong"
    ]
    assert back(one(IEEPA, {**SHIRTS, "duty": 9_900_000}))[1] == [
        "the duty under 6109100012 is 990% of the value, and the most is 350%: one of the two is wrong"
    ]
    assert back(one(IEEPA, SHIRTS))[0]["ieepa"] == 200_000
    told, slip = one(IEEPA, SHIRTS), one(IEEPA, {**SHIRTS, "duty": 9_900_000})
    assert [len(candidates([line], [], date(2026, 9, 1))) for line in (told, slip)] == [1, 0]
