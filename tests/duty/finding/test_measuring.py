"""Measuring counts what it says."""

from __future__ import annotations

from datetime import date

from crossbook.duty.finding.measuring import held_back, measured

ON = date(2026, 9, 1)


def test_what_is_counted() -> None:
    told = measured([("toaster", "8516.72.0000".replace(".", "")), ("toaster", "0101210010"), ("qqqq", "8516")], ON)
    assert (told.count, round(told.first, 3), round(told.ten, 3)) == (3, 0.333, 0.333)
    assert (round(told.six_first, 3), round(told.six_ten, 3)) == (0.333, 0.333)
    assert told.verdicts["likely"] == (2, 0.5)


def test_any_of_several_numbers_is_right() -> None:
    assert measured([("toaster", "010121;851672")], ON).first == 1


def test_half_is_held_back_whoever_asks() -> None:
    texts = [f"goods {i}" for i in range(1000)]
    assert 400 < sum(map(held_back, texts)) < 600
    assert [held_back(t) for t in texts[:8]] == [held_back(t) for t in texts[:8]]
