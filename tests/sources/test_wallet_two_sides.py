"""Rows of a wallet with a sum that left and one that came, each in its currency, are conversions with two lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview

SIDES = "From amount,From currency,To amount,To currency"


def seen(folder: Path, *rows: str) -> Preview:
    path = folder / "wallet.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return preview(path, kind="wallet", account="W")


def lines(read: Preview) -> list[tuple[int, str, int, str]]:
    return [(r["line"], r["kind"], r["amount"], r["currency"]) for r in read.rows["settlement"]]


OWN = [
    f"Date,Transaction ID,Type,Status,Currency,Amount,{SIDES}",
    "2026-03-03,W1,Received,Completed,JPY,30002,,,,",
    "2026-03-06,W3,{word},Completed,,,20000,JPY,131.11,USD",
    "2026-03-07,W4,Withdrawal,Completed,USD,-100.00,,,,",
]


@pytest.mark.parametrize("word", ["Conversion", ""])
def test_a_row_without_an_amount_of_its_own(tmp_path: Path, word: str) -> None:
    """20,000 yen left, 131.11 USD came, of which 100.00 left: 10,002 yen and 31.11 USD stay."""
    read = seen(tmp_path, *(row.format(word=word) for row in OWN))
    assert not read.bad
    told = lines(read)
    assert told[1:] == [
        (3, "conversion", -20_000, "JPY"),
        (3, "conversion", 13_111, "USD"),
        (4, "withdrawal", -10_000, "USD"),
    ]
    assert sum(a for _, _, a, code in told if code == "JPY") == 10_002
    assert sum(a for _, _, a, code in told if code == "USD") == 3_111


def test_a_table_without_types(tmp_path: Path) -> None:
    read = seen(
        tmp_path,
        f"Date,Transaction ID,{SIDES}",
        "2026-03-06,W3,20000,JPY,131.11,USD",
        "2026-03-07,W5,100.00,EUR,108.00,USD",
    )
    assert not read.bad and not read.doubts
    assert lines(read) == [
        (2, "conversion", -20_000, "JPY"),
        (2, "conversion", 13_111, "USD"),
        (3, "conversion", -10_000, "EUR"),
        (3, "conversion", 10_800, "USD"),
    ]


def test_one_side_alone_is_no_conversion_and_is_said(tmp_path: Path) -> None:
    read = seen(
        tmp_path,
        f"Date,Transaction ID,{SIDES}",
        "2026-03-06,W3,20000,JPY,131.11,USD",
        "2026-03-08,W6,50.00,USD,,",
    )
    assert [row.line for row in read.bad] == [3]
    assert [line for line, *_ in lines(read)] == [2, 2]


def test_an_empty_currency_beside_an_amount_is_still_bad(tmp_path: Path) -> None:
    read = seen(tmp_path, *(r.format(word="Conversion") for r in OWN), "2026-03-08,W6,Withdrawal,Completed,,-5.00,,,,")
    assert [(row.line, row.reason) for row in read.bad] == [(5, "empty")]


def test_sums_that_left_under_another_word_are_a_side_where_what_came_has_none(tmp_path: Path) -> None:
    """500.00 EUR came, became 540.00 USD, which arrived as 3,888.00 CNY; what failed moved nothing."""
    read = seen(
        tmp_path,
        "创建时间,业务类型,流水号,扣款金额,扣款币种,到账金额,到账币种,状态",
        "2026-03-01 10:00:00,入账,P1,,,500.00,EUR,已完成",
        "2026-03-02 10:00:00,兑换,P2,500.00,EUR,540.00,USD,已完成",
        "2026-03-03 10:00:00,提现,P3,540.00,USD,3888.00,CNY,已完成",
        "2026-03-03 11:00:00,提现,P4,100.00,USD,720.00,CNY,失败",
    )
    assert not read.bad and not read.doubts
    assert lines(read)[:3] == [
        (2, "deposit", 50_000, "EUR"),
        (3, "conversion", -50_000, "EUR"),
        (3, "conversion", 54_000, "USD"),
    ]
    assert [(r["amount"], r["currency"]) for r in read.rows["payout"]] == [(388_800, "CNY")]
