"""Fees of a settlement that states no gross amount: within its amounts or beside them, as what was paid proves."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview

HEAD = "Date,Type,Order ID,Amount,Commission,Currency,Payout ID\n"
ROWS = "2026-03-01,Order,A1,50.00,{a},USD,P9\n2026-03-02,Order,A2,30.00,{b},USD,P9\n"
PAID = "2026-03-05,Payout,,-{paid},,USD,P9\n"


def seen(folder: Path, text: str) -> Preview:
    path = folder / "shop.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return preview(path, kind="settlement")


def lines(read: Preview) -> list[tuple[str, int]]:
    return [(row["kind"], row["amount"]) for row in read.rows["settlement"]]


@pytest.mark.parametrize(("a", "b"), [("-2.00", "-1.00"), ("2.00", "1.00")])
def test_what_was_paid_proves_that_fees_stand_beside_the_amounts(tmp_path: Path, a: str, b: str) -> None:
    """50.00 + 30.00 - 2.00 - 1.00 = 77.00."""
    read = seen(tmp_path, ROWS.format(a=a, b=b) + PAID.format(paid="77.00"))
    assert not read.doubts and read.proofs == ["1 of 1 payouts are the sum of their lines"]
    assert lines(read) == [("fee", -200), ("sale", 5_000), ("fee", -100), ("sale", 3_000), ("withdrawal", -7_700)]


def test_or_that_they_are_in_the_amounts(tmp_path: Path) -> None:
    """50.00 + 30.00 = 80.00."""
    read = seen(tmp_path, ROWS.format(a="-2.00", b="-1.00") + PAID.format(paid="80.00"))
    assert not read.doubts and 'fees = "within"' in read.text
    assert lines(read) == [("sale", 5_000), ("sale", 3_000), ("withdrawal", -8_000)]


def test_what_a_refund_gives_back_of_a_fee_comes_in(tmp_path: Path) -> None:
    """50.00 - 2.00 + 30.00 - 1.00 - 30.00 + 0.60 = 47.60."""
    rows = ROWS.format(a="-2.00", b="-1.00") + "2026-03-04,Refund,A2,-30.00,0.60,USD,P9\n"
    read = seen(tmp_path, rows + PAID.format(paid="47.60"))
    assert not read.doubts and ("refund_fee", 60) in lines(read)


def test_without_a_stated_payout_it_is_asked(tmp_path: Path) -> None:
    (doubt,) = seen(tmp_path, ROWS.format(a="2.00", b="1.00")).doubts
    assert doubt.answer == "within" and "nothing proves whether fees are in the amounts" in doubt.text
