"""A balance before its row, one that is owed, and the order of rows by their days; the amounts by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import Preview, keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.sources.header_words import match
from crossbook.sources.table.balances import is_before, is_owed

OF_A_BANK = "账号：,6222000000000009,币种：,人民币\n"
BOTH_SIDES = (
    OF_A_BANK + "交易日期,变动前余额,交易金额,借贷标志,变动后余额,摘要\n2026-01-05,10000.00,7200.00,贷,17200.00,收款\n"
    "2026-01-06,17200.00,1200.50,借,15999.50,运费\n2026-01-07,15999.50,1.00,贷,16000.50,息\n"
)
BEFORE_ALONE = (
    OF_A_BANK + "交易日期,交易前余额,收入,支出,摘要\n2026-01-05,10000.00,7200.00,,收款\n"
    "2026-01-06,17200.00,,1200.50,运费\n2026-01-07,15999.50,1.00,,息\n"
)
GERMAN = (
    "Konto;DE-1\nWährung;EUR\nDatum;Text;Alter Saldo;Betrag;Neuer Saldo\n05.01.2026;a;10000,00;7200,00;17200,00\n"
    "06.01.2026;b;17200,00;-1200,50;15999,50\n17.01.2026;c;15999,50;1,00;16000,50\n"
)
NO_SIGN = (
    OF_A_BANK + "交易日期,交易前余额,交易金额,交易后余额,摘要\n2026-01-05,10000.00,7200.00,17200.00,收款\n"
    "2026-01-06,17200.00,1200.50,15999.50,运费\n2026-01-07,15999.50,1.00,16000.50,息\n"
)
HEAD = "Account,ACC-1\nCurrency,USD\n"
FALLING = "2026-01-05,fee,5.00,95.00\n2026-01-06,fee,5.00,90.00\n2026-01-07,fee,5.00,85.00\n"


def seen(folder: Path, text: str) -> Preview:
    path = folder / "statement.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path)


@pytest.mark.parametrize("text", [BOTH_SIDES, BEFORE_ALONE, GERMAN, NO_SIGN], ids=["both", "before", "de", "no sign"])
def test_the_balance_before_a_row_is_not_that_after_it(tmp_path: Path, text: str) -> None:
    found = seen(tmp_path, text)
    assert [(r["amount"], r["balance"]) for r in found.rows["bank"]] == [
        (720_000, 1_720_000),
        (-120_050, 1_599_950),
        (100, 1_600_050),
    ]
    assert not found.doubts and not found.bad and "2 of 2 balances agree" in found.proofs


def test_a_row_whose_two_balances_do_not_fit_it_is_asked_about(tmp_path: Path) -> None:
    found = seen(tmp_path, BOTH_SIDES.replace("15999.50,1.00,贷,16000.50", "15999.50,1.00,贷,16000.60"))
    told = "line 5: the balance before and the amount do not make the balance after"
    assert told in [d.text for d in found.doubts] or any(d.answer == "5" for d in found.doubts)


@pytest.mark.parametrize(
    ("header", "before"),
    [
        ("交易前余额", True),
        ("原余额", True),
        ("opening balance", True),
        ("starting_balance", True),
        ("previous balance", True),
        ("alter saldo", True),
        ("ancien solde", True),
        ("saldo anterior", True),
        ("取引前残高", True),
        ("余额", False),
        ("交易后余额", False),
        ("当前余额", False),
        ("账户余额", False),
        ("balance", False),
        ("closing balance", False),
        ("neuer saldo", False),
        ("nouveau solde", False),
        ("取引後残高(円)", False),
    ],
)
def test_which_balances_stand_before_their_row(header: str, before: bool) -> None:
    assert is_before(header) is before
    columns = match("bank", ["交易日期", "金额", header])
    assert columns is not None and columns.get("balance_before" if before else "balance") == header


def test_days_say_in_which_order_rows_stand(tmp_path: Path) -> None:
    """Days ascend and balances fall by 5.00: read from below, the same would be money in."""
    two = HEAD + "Date,Details,Debit,Credit,Balance\n" + FALLING.replace("5.00,", "5.00,,")
    for text in (two, HEAD + "Date,Details,Amount,Balance\n" + FALLING):
        found = seen(tmp_path, text)
        assert [r["amount"] for r in found.rows["bank"]] == [-500] * 3 and not found.doubts


def test_a_file_whose_balances_run_against_its_days_is_not_added(tmp_path: Path, book: Book) -> None:
    """A debit of 5.00 leaves 1,000,005, the next 1,000,010: with days ascending that is no money out."""
    head = "账号：,1111,币种：,人民币\n交易日期,借方金额,贷方金额,余额,摘要\n"
    first = seen(tmp_path, head + "20260105,,7200.00,17200.00,收款\n")
    keep_mapping(book, first.name, first.kept)
    path = tmp_path / "later.csv"
    path.write_text(head + "20260211,5,,1000005,a\n20260212,5,,1000010,b\n", encoding="utf-8")
    with pytest.raises(CrossbookError, match="balance of line 4 does not follow"):
        add(book, inputs([path])[0])


def test_words_for_money_in_are_not_turned_round_unasked(tmp_path: Path) -> None:
    """All on one day, so that rows may stand in either order; balances agree only where 收入 is money out."""
    text = (
        OF_A_BANK + "交易日期,收入,支出,余额,摘要\n2026-01-05,7200.00,,10000.00,a\n2026-01-05,,1200.50,17200.00,b\n"
        "2026-01-05,1.00,,15999.50,c\n"
    )
    assert seen(tmp_path, text).doubts


def test_a_balance_that_is_owed_is_no_balance(tmp_path: Path) -> None:
    """What is spent on a card raises what is owed: 500.00 and 1.00 are money out, the payment of 300.00 is in."""
    rows = "2026-01-05,ADS,500.00,700.00\n2026-01-06,PAYMENT,-300.00,400.00\n2026-01-07,ADS,1.00,401.00\n"
    for above, header in (("Card,ACC-1\n", "Balance owed"), ("Credit card statement,\nAccount,ACC-1\n", "Balance")):
        found = seen(tmp_path, f"{above}Currency,USD\nDate,Description,Amount,{header}\n{rows}")
        assert [(r["amount"], r["balance"]) for r in found.rows["bank"]] == [
            (-50_000, None),
            (30_000, None),
            (-100, None),
        ]
        assert [d.answer for d in found.doubts] == ["out"]


@pytest.mark.parametrize(
    ("header", "owed"),
    [("balance owed", True), ("应还余额", True), ("solde dû", True), ("balance", False), ("showed balance", False)],
)
def test_which_balances_are_owed(header: str, owed: bool) -> None:
    assert is_owed(header) is owed
