"""A wallet between platform and bank by a mapping: receipts, conversions with both legs, withdrawals that close."""

from __future__ import annotations

from pathlib import Path

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
