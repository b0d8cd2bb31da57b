"""CAPE's phases as rows, and the file that is uploaded."""

from __future__ import annotations

from datetime import date

from crossbook.duty import cape, courts
from crossbook.duty.state import state


def test_every_row_says_why_and_where_it_was_read() -> None:
    for r in cape.rules():
        assert r.effect in ("rejects", "waits", "rejects others"), r
        assert r.why, r
        assert "http" in r.source, r
        assert r.since <= r.until, r


def test_it_opened_on_2026_04_20() -> None:
    assert cape.opened() == date(2026, 4, 20)


def test_what_is_rejected_by_fact() -> None:
    told = state(date(2025, 8, 1), entry_type="47", protest="3001-26-100001", drawback="Y")
    assert {r.fact for r in cape.that_apply(told, date(2026, 9, 1), "rejects")} == {"type", "protest", "drawback"}
    plain = state(date(2025, 8, 1), entry_type="01")
    assert not cape.that_apply(plain, date(2026, 9, 1), "rejects")


def test_a_file_has_each_number_once_and_no_more_than_cape_takes() -> None:
    numbers = [f"BX1-{n:07d}-{n % 10}" for n in range(10_000)]
    first, second = cape.declarations([*numbers, numbers[0], "BX1-12-3"])
    assert (len(first), len(second)) == (9_999, 1)
    assert first[0] == "BX100000000"
    assert all(len(n) == 11 for n in first)


def test_orders_of_courts_are_in_order_and_cited() -> None:
    days = [o.day for o in courts.orders()]
    assert days == sorted(days)
    assert all("http" in o.source for o in courts.orders())
    assert courts.said("IEEPA final", date(2026, 4, 18))[0].effect == "refund"
    assert courts.said("IEEPA final", date(2026, 4, 20))[0].effect == "stayed"
