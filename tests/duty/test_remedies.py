"""The way an overpayment comes back, and what becomes of an underpayment, from the law and CBP's notices."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from crossbook.duty import remedies as r
from crossbook.duty.cape import rules as cape_rules
from crossbook.duty.state import state

DAY = date(2026, 1, 1)
MAY = date(2026, 5, 1)


def ways(today: date, ieepa: bool = True, **more: Any) -> tuple[r.Way, ...]:
    return r.ways(state(more.pop("entered_on", DAY), **{"entry_type": "01", **more}), today, ieepa=ieepa)


@pytest.mark.parametrize(
    ("liquidated", "today", "ieepa", "how", "until", "still"),
    [
        (None, date(2026, 2, 1), False, r.POST_SUMMARY, date(2026, 10, 28), True),
        (None, date(2026, 10, 29), False, r.AFTER_LIQUIDATION, None, True),
        (date(2026, 11, 11), date(2026, 10, 20), False, r.POST_SUMMARY, date(2026, 10, 27), True),
        (date(2026, 3, 1), date(2026, 8, 28), False, r.PROTEST_FORM, date(2026, 8, 28), True),
        (date(2026, 3, 1), date(2026, 8, 29), False, r.ENDED, date(2026, 8, 28), False),
        (date(2026, 3, 2), date(2026, 8, 31), False, r.PROTEST_FORM, date(2026, 8, 31), True),
        (None, date(2026, 2, 1), True, r.POST_SUMMARY, date(2026, 10, 28), True),
        (None, date(2026, 4, 20), True, r.CAPE_DECLARATION, None, True),
        (date(2026, 3, 1), date(2026, 5, 20), True, r.CAPE_DECLARATION, date(2026, 5, 20), True),
        (date(2026, 3, 1), date(2026, 5, 21), True, r.PROTEST_FORM, date(2026, 8, 28), True),
        (date(2026, 3, 1), date(2026, 9, 1), True, r.SUIT, date(2028, 1, 3), True),  # 2028-01-01 is a holiday
        (date(2026, 3, 1), date(2028, 1, 4), True, r.SUIT, date(2028, 1, 3), False),
    ],
)
def test_by_liquidation(
    liquidated: date | None, today: date, ieepa: bool, how: str, until: date | None, still: bool
) -> None:
    first = ways(today, ieepa, liquidated_on=liquidated)[0]
    assert (first.how, first.until, first.open) == (how, until, still)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("01", r.CAPE_DECLARATION),
        ("06", r.CAPE_DECLARATION),
        ("21", r.CAPE_DECLARATION),
        ("08", r.OUTSIDE_CAPE),
        ("09 - Reconciliation", r.OUTSIDE_CAPE),
        ("23", r.OUTSIDE_CAPE),
        ("47 - Drawback", r.OUTSIDE_CAPE),
        ("", r.UNKNOWN_TYPE),
        ("99", r.UNKNOWN_TYPE),
    ],
)
def test_types_of_entry(kind: str, how: str) -> None:
    assert ways(MAY, entry_type=kind)[0].how == how
    assert ways(MAY, False, entry_type=kind)[0].how == r.POST_SUMMARY


def test_warehouse_and_suspended_entries_wait_for_their_money() -> None:
    assert any("warehouse" in why.text for why in ways(MAY, entry_type="21")[0].why)
    assert any("suspension" in why.text for why in ways(MAY, liquidation="Suspended")[0].why)
    assert not ways(MAY)[0].why


@pytest.mark.parametrize(
    ("today", "flag", "kind", "how"),
    [
        (date(2026, 6, 28), "Y", "01", r.REJECTED),
        (date(2026, 6, 29), "Y", "01", r.CAPE_DECLARATION),  # CSMS 69035485
        (date(2026, 6, 29), "Y", "03", r.REJECTED),  # only types 01, 02 and 06
        (date(2026, 6, 29), "Y - filed", "01", r.REJECTED),
        (date(2026, 6, 29), "N", "03", r.CAPE_DECLARATION),
    ],
)
def test_entries_flagged_for_reconciliation(today: date, flag: str, kind: str, how: str) -> None:
    assert ways(today, reconciliation=flag, entry_type=kind)[0].how == how


def test_what_cape_rejects_is_protested_after_liquidation() -> None:
    done = date(2026, 4, 1)
    for more in ({"entry_type": "09"}, {"drawback": "Y"}, {"reconciliation": "Y"}):
        first, *rest = ways(MAY, liquidated_on=done, **more)
        assert (first.how, first.until) == (r.PROTEST_FORM, date(2026, 9, 28))
        assert first.why
        assert [w.how for w in rest] == [r.SUE]
    assert ways(MAY, liquidated_on=done, entry_type="47")[0].how == r.OUTSIDE_CAPE
    assert ways(MAY, drawback="Y")[0].how == r.REJECTED


def test_a_protest_bars_cape_until_it_is_decided() -> None:
    done = date(2026, 4, 1)
    first, then, *_ = ways(MAY, liquidated_on=done, protest="3001-26-100001")
    assert (first.how, first.until) == (r.PROTESTED, date(2026, 6, 20))
    assert (then.how, then.until) == (r.AMEND, date(2026, 9, 28)), "19 U.S.C. 1514(c)(1): one protest, which is amended"
    decided = ways(MAY, liquidated_on=done, protest="3001-26-100001", protest_status="Withdrawn")
    assert decided[0].how == r.CAPE_DECLARATION
    later = ways(date(2026, 10, 1), liquidated_on=done, protest="3001-26-100001")
    assert (later[0].how, later[0].open) == (r.PENDING, True)
    assert ways(date(2026, 10, 1), False, liquidated_on=done, protest="3001-26-100001")[0].how == r.PENDING


@pytest.mark.parametrize(
    ("status", "ieepa", "today", "hows"),
    [
        ("Open", False, date(2026, 8, 1), [r.AMEND]),
        ("Suspended", True, date(2026, 8, 1), [r.AMEND, r.SUE]),
        ("Denied", False, date(2026, 8, 1), [r.AFTER_DENIAL]),  # 28 U.S.C. 2636(a)(1), and not another protest
        ("Denied in full", True, date(2026, 8, 1), [r.AFTER_DENIAL, r.SUE]),
        ("Denied in full", True, MAY, [r.CAPE_DECLARATION, r.AFTER_DENIAL, r.SUE]),
        ("Approved", False, date(2026, 8, 1), [r.GRANTED]),
        ("Approved", True, MAY, [r.GRANTED, r.SUE]),  # not by a declaration too
        ("Withdrawn", False, date(2026, 8, 1), [r.PROTEST_FORM]),
    ],
)
def test_what_a_protest_on_file_leaves(status: str, ieepa: bool, today: date, hows: list[str]) -> None:
    done = date(2026, 4, 1)
    found = ways(today, ieepa, liquidated_on=done, protest="270426100001", protest_status=status)
    assert [w.how for w in found] == hows
    assert any("270426100001" in why.text for w in found for why in w.why) or status == "Withdrawn"


def test_finally_liquidated_entries_show_what_is_open() -> None:
    entered, done = date(2025, 5, 20), date(2026, 3, 27)
    suit, order = ways(date(2026, 9, 24), entered_on=entered, liquidated_on=done)
    assert (suit.how, suit.until, suit.open) == (r.SUIT, date(2027, 5, 20), True)
    assert any("2028-03-27" in why.text for why in suit.why)
    assert order.how == r.ORDER
    days = [why.source[:10] for why in order.why[:-2]]
    assert days == ["2026-06-02", "2026-05-29", "2026-05-27", "2026-04-20", "2026-04-17"]


def test_the_order_for_all_importers_is_not_known_before_it_was_made() -> None:
    (only,) = ways(date(2026, 4, 16), entered_on=date(2025, 2, 10), liquidated_on=date(2025, 9, 1))
    assert only.how == r.SUIT


def test_an_entry_past_its_year_may_be_liquidated_by_law() -> None:
    first = ways(date(2027, 1, 2))[0]
    assert first.how == r.CAPE_DECLARATION
    assert any("2027-01-01" in why.text for why in first.why)
    assert not ways(date(2027, 1, 1))[0].why
    assert not any("a year after" in why.text for why in ways(date(2027, 1, 2), liquidation="Extended")[0].why)


def test_liquidated_on_a_day_that_is_not_told_has_no_clock() -> None:
    first = ways(MAY, liquidation="Liquidated")[0]
    assert (first.how, first.until, first.open) == (r.UNKNOWN_DAY, None, True)


@pytest.mark.parametrize(
    ("entered", "liquidated", "today", "more", "how", "until"),
    [
        (DAY, None, MAY, {}, r.POST_SUMMARY, date(2026, 10, 28)),
        (DAY, None, date(2026, 10, 29), {}, r.OWED, None),
        (DAY, None, date(2027, 1, 2), {}, r.OWED_DEEMED, None),  # 19 U.S.C. 1504(a): one year
        (DAY, None, date(2027, 1, 1), {}, r.OWED, None),
        (DAY, None, date(2027, 1, 2), {"liquidation": "Extended"}, r.OWED, None),
        (DAY, date(2026, 3, 1), date(2026, 5, 30), {}, r.OWED, None),  # 90 days, 19 U.S.C. 1501
        (DAY, date(2026, 3, 1), date(2026, 5, 31), {}, r.OWED_FINAL, None),
        (DAY, date(2026, 3, 1), date(2026, 5, 31), {"protest": "3001-26-100001"}, r.OWED, None),
    ],
)
def test_a_duty_that_was_not_paid(
    entered: date, liquidated: date | None, today: date, more: dict[str, str], how: str, until: date | None
) -> None:
    told, *more_ways = r.owed(state(entered, liquidated_on=liquidated, entry_type="01", **more), today)
    assert (told.how, told.until) == (how, until)
    assert told.why
    wanted = [] if how == r.POST_SUMMARY else [(r.DISCLOSE, date(2031, 1, 1))]  # 19 U.S.C. 1621: five years
    assert [(w.how, w.until) for w in more_ways] == wanted


def test_no_penalty_follows_after_five_years() -> None:
    old = state(date(2021, 10, 1), liquidated_on=date(2022, 8, 12), entry_type="01")
    assert [w.how for w in r.owed(old, date(2026, 10, 1))] == [r.OWED_FINAL, r.DISCLOSE]
    assert [w.how for w in r.owed(old, date(2026, 10, 2))] == [r.OWED_FINAL]


def test_an_informal_entry_is_liquidated_when_its_duty_is_paid() -> None:
    """19 CFR 159.10(a)(1). Paid with the summary of 2026-02-10: 80 days to 05-01, 180 to Sunday 08-09."""
    entry = state(date(2026, 2, 3), entry_type="11", paid_on=date(2026, 2, 10))
    cape = r.ways(entry, date(2026, 4, 25), ieepa=True)[0]
    assert (cape.how, cape.until) == (r.CAPE_DECLARATION, date(2026, 5, 1))
    protest = r.ways(entry, date(2026, 4, 25))[0]
    assert (protest.how, protest.counted, protest.until) == (r.PROTEST_FORM, date(2026, 8, 9), date(2026, 8, 10))
    assert any("taken to be 2026-02-10" in why.text for why in protest.why)
    told = state(date(2026, 2, 3), entry_type="11", liquidated_on=date(2026, 3, 1))
    assert not told.taken and told.liquidated_on == date(2026, 3, 1)
    assert state(date(2026, 2, 3), entry_type="11", liquidation="Suspended").liquidated_on is None


def test_the_last_days_of_an_entry_liquidated_by_law_are_shown_with_the_doubt() -> None:
    """A year after 2026-01-01 (19 U.S.C. 1504(a)), then 80 and 180 days (19 CFR 159.9(c)(2)(ii))."""
    on = date(2027, 1, 2)
    cape, protest, *_ = ways(on)
    assert (cape.how, cape.until) == (r.CAPE_DECLARATION, date(2027, 3, 22))
    assert (protest.how, protest.until) == (r.IF_BY_LAW, date(2027, 6, 30))
    assert any("no time runs yet" in why.text for why in cape.why)
    other = ways(on, False)[0]
    assert (other.how, other.until) == (r.AFTER_LIQUIDATION, date(2027, 6, 30))
    later = ways(date(2027, 7, 1), False)[0]
    assert (later.how, later.until, later.open) == (r.AFTER_LIQUIDATION, None, True), "it may have been extended"
    assert any("over on 2027-06-30" in why.text for why in later.why)


@pytest.mark.parametrize(
    ("kind", "overdue"),
    [("21", True), ("34", True), ("03", True), ("23", False)],  # 19 CFR 159.2: a temporary one is not liquidated
)
def test_entries_whose_year_does_not_run_from_entry_show_no_day(kind: str, overdue: bool) -> None:
    told = state(DAY, entry_type=kind)
    assert r.is_overdue(told, date(2027, 1, 2)) is overdue
    assert r.liquidated_by_law(told, date(2027, 1, 2)) is None
    assert r.ways(told, date(2027, 1, 2))[0].until is None


def test_a_report_that_contradicts_itself_is_named() -> None:
    past = ways(MAY, False, liquidation="Not Liquidated", liquidated_on=date(2026, 3, 1))[0]
    assert (past.how, past.until) == (r.PROTEST_FORM, date(2026, 8, 28))
    assert any("Not Liquidated and gives 2026-03-01" in why.text for why in past.why)
    ahead = ways(MAY, False, liquidation="Not Liquidated", liquidated_on=date(2026, 11, 13))[0]
    assert (ahead.how, ahead.why) == (r.POST_SUMMARY, ()), "the day that is scheduled"


def test_the_types_that_cape_rejects_are_those_of_its_rows() -> None:
    rejected = {v for row in cape_rules() if row.fact == "type" and row.effect == "rejects" for v in row.values}
    assert set(re.findall(r"\b[0-9]{2}\b", r.UNKNOWN_TYPE)) == rejected
    odd = ways(MAY, entry_type="86")[0]
    assert odd.how == r.FREE_TYPE
