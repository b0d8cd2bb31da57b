"""A wallet between platform and bank by a mapping: receipts, conversions with both legs, withdrawals that close."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.mapping import Preview, keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.settle.desk import settle

HEAD = "交易时间,交易流水号,交易类型,币种,金额,手续费,账户余额,目标金额,目标币种,状态\n"
# 1,000.00 came in, 500.00 became 3,600.00 CNY, which left; 300.00 left, and 1.50 for that: 198.50 stay.
ROWS = """2026-03-01 10:00:00,T1,收款,USD,1000.00,0.00,1000.00,,,成功
2026-03-02 10:00:00,T2,换汇,USD,-500.00,0.00,500.00,3600.00,CNY,成功
2026-03-03 10:00:00,T3,提现,CNY,-3600.00,0.00,0.00,,,成功
2026-03-04 10:00:00,T4,提现,USD,-300.00,1.50,198.50,,,成功
2026-03-05 10:00:00,T5,提现,USD,-100.00,0.00,98.50,,,处理中
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "流水.csv"
    path.write_text(text, encoding="utf-8")
    return path


def seen(folder: Path, text: str = HEAD + ROWS) -> Preview:
    return preview(written(folder, text), kind="wallet", account="LL")


def test_the_running_balance_proves_that_fees_are_apart(tmp_path: Path) -> None:
    read = seen(tmp_path)
    assert not read.bad and not read.doubts
    assert 'fees = "apart"' in read.text and read.proofs == ["2 of 2 balances agree"]
    assert [(line, what) for line, what, _ in read.left_out] == [(6, "not done")]


def test_without_a_balance_it_is_asked(tmp_path: Path) -> None:
    text = "\n".join(",".join(c for i, c in enumerate(r.split(",")) if i != 6) for r in (HEAD + ROWS).splitlines())
    assert [d.answer for d in seen(tmp_path, text + "\n").doubts] == ["within"]


def test_a_fee_within_a_withdrawal_is_the_wallet_s_and_the_rest_arrives(tmp_path: Path) -> None:
    """1,000.00 less 972.70 leaves 27.30, so the fee of 2.70 is in the 972.70: 970.00 arrives at the bank. Beside the
    amount, as of T4 above, 1.50 leaves on top of the 300.00 that arrive."""
    rows = "2026-03-01,T1,收款,USD,1000.00,0.00,1000.00,,,成功\n2026-03-04,T2,提现,USD,-972.70,2.70,27.30,,,成功\n"
    read = seen(tmp_path, HEAD + rows)
    assert not read.doubts and read.proofs == ["1 of 1 balances agree"]
    lines = [(r["kind"], r["amount"]) for r in read.rows["settlement"]]
    assert lines == [("deposit", 100_000), ("fee", -270), ("withdrawal", -97_000)]
    assert [r["amount"] for r in read.rows["payout"]] == [97_000]
    beside = seen(tmp_path)
    assert ("fee", -150) in [(r["kind"], r["amount"]) for r in beside.rows["settlement"]]
    assert [r["amount"] for r in beside.rows["payout"]] == [360_000, 30_000]


def test_a_fee_with_a_row_of_its_own_is_not_taken_twice(tmp_path: Path) -> None:
    """300.00 arrive; the 1.50 beside them leave in the next row."""
    rows = "2026-03-01,T1,收款,USD,1000.00,0.00,1000.00,,,成功\n2026-03-04,T2,提现,USD,-300.00,1.50,700.00,,,成功\n"
    read = seen(tmp_path, HEAD + rows + "2026-03-04,T3,手续费,USD,-1.50,0.00,698.50,,,成功\n")
    lines = [(r["kind"], r["amount"]) for r in read.rows["settlement"]]
    assert lines == [("deposit", 100_000), ("withdrawal", -30_000), ("fee", -150)]


def test_withdrawals_close_and_a_conversion_has_both_legs(tmp_path: Path, book: Book) -> None:
    read = seen(tmp_path)
    keep_mapping(book, read.name, read.kept)
    done = add(book, inputs([tmp_path / "流水.csv"])[0])
    assert done.facts == {"settlement": 6, "bank": 6, "payout": 2}
    desk = settle(book)
    told = [(p.payout_id, p.amount, p.currency, p.basis, p.status) for p in desk.payouts]
    assert told == [("T3", 360_000, "CNY", "balance", "closed"), ("T4", 30_000, "USD", "balance", "closed")]
    assert not desk.side.matches  # 3,600.00 CNY came into the wallet itself, and are not that payout at a bank


def test_the_legs_of_a_conversion_share_their_reference(tmp_path: Path) -> None:
    rows = [r for r in seen(tmp_path).rows["settlement"] if r["kind"] == "conversion"]
    assert [(r["amount"], r["currency"], r["reference"]) for r in rows] == [
        (-50_000, "USD", "T2"),
        (360_000, "CNY", "T2"),
    ]
    assert [r["balance"] for r in rows] == [50_000, None]


def test_what_was_sold_may_have_columns_of_its_own(tmp_path: Path) -> None:
    text = (
        "Date,Transaction ID,Type,Amount,Currency,Source amount,Source currency,Balance\n"
        "2026-03-01,A,Deposit,10.00,EUR,,,10.00\n2026-03-02,B,Conversion,108.00,USD,100.00,EUR,108.00\n"
    )
    read = preview(written(tmp_path, text), kind="wallet", account="W", kinds={"Deposit": "deposit"})
    rows = [(r["amount"], r["currency"], r["balance"]) for r in read.rows["settlement"]]
    assert rows == [(1_000, "EUR", 1_000), (-10_000, "EUR", None), (10_800, "USD", 10_800)]


def test_a_balance_that_does_not_follow_is_shown(tmp_path: Path) -> None:
    wrong = (HEAD + ROWS).replace("198.50", "298.50")
    assert any("does not follow" in d.text for d in seen(tmp_path, wrong).doubts)


SIDED = """交易时间,流水号,交易类型,支出金额,支出币种,收入金额,收入币种,手续费,余额
2026-01-05 10:00:00,W1,收款,,,1000.00,USD,,1000.00
2026-01-06 10:00:00,W2,结汇,600.00,USD,4260.00,CNY,3.00,400.00
2026-01-07 10:00:00,W3,提现,4260.00,CNY,,,0.00,0.00
"""
IN_ENGLISH = """Date,Transaction ID,Type,From amount,From currency,To amount,To currency,Balance
2026-01-05,W1,Deposit,,,"1,000.00",USD,"1,000.00"
2026-01-06,W2,Conversion,600.00,USD,"4,260.00",CNY,400.00
2026-01-07,W3,Withdrawal,"4,260.00",CNY,,,0.00
"""


@pytest.mark.parametrize("text", [SIDED, IN_ENGLISH])
def test_both_sides_of_a_conversion_in_one_row_are_proposed(tmp_path: Path, text: str) -> None:
    """1,000.00 USD came, of which 600.00 became 4,260.00 CNY, and these were drawn."""
    read = preview(written(tmp_path, text), kind="wallet", account="W", kinds={"收款": "deposit", "Deposit": "deposit"})
    assert not read.bad and not read.doubts and read.proofs == ["1 of 1 balances agree"]
    assert [(r["kind"], r["amount"], r["currency"], r["balance"]) for r in read.rows["settlement"]] == [
        ("deposit", 100_000, "USD", 100_000),
        ("conversion", -60_000, "USD", 40_000),
        ("conversion", 426_000, "CNY", None),
        ("withdrawal", -426_000, "CNY", 0),
    ]


def test_both_sides_of_what_is_no_conversion_are_a_bad_row(tmp_path: Path) -> None:
    text = SIDED.replace("W1,收款,,,", "W1,收款,900.00,EUR,")
    read = preview(written(tmp_path, text), kind="wallet", account="W", kinds={"收款": "deposit"})
    assert [(b.line, b.column, b.reason) for b in read.bad] == [(2, "收入金额", "both money in and money out")]


def test_a_row_without_any_currency_is_a_bad_row(tmp_path: Path) -> None:
    text = SIDED.replace("4260.00,CNY,,,0.00,0.00", "4260.00,,,,0.00,0.00")
    read = preview(written(tmp_path, text), kind="wallet", account="W", kinds={"收款": "deposit"})
    assert [(b.line, b.column, b.reason) for b in read.bad] == [(4, "支出币种", "empty")]


def test_a_currency_for_each_side_and_one_column_of_amounts_is_another_table(tmp_path: Path) -> None:
    """One currency column alone says of both sides what they are in."""
    text = "交易时间,交易流水号,交易类型,币种,收入金额,支出金额,账户余额\n"
    rows = "2026-03-01 10:00:00,T1,收款,USD,1000.00,,1000.00\n2026-03-02 10:00:00,T2,提现,USD,,400.00,600.00\n"
    read = seen(tmp_path, text + rows)
    assert [r["amount"] for r in read.rows["settlement"]] == [100_000, -40_000] and 'currency = "币种"' in read.text
