"""Titles and labels above a table that name a currency or an account other than its mapping's: never read as that."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.sources.table.owner import currency_in_title, stated

HEADER = "交易日期,借方金额,贷方金额,余额,对方户名,摘要,流水号\n"
KNOWN = "账户交易明细\n账号：,1111,币种：,人民币\n" + HEADER + "20260105,,7200.00,17200.00,连连,收款,A1\n"


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("美元账户交易明细", "name USD"),
        ("USD Account Statement", "name USD"),
        ("US Dollar Account", "name USD"),
        ("账户名称：深圳甲公司(美元户)", "name USD"),
        ("单位：美元", "name USD"),
        ("Kontoauszug Eurokonto", "name EUR"),
        ("账户3333交易明细", "of the account 3333"),
        ("账户3333交易明细（美元）", "of the account 3333"),
        ("Account 3333 Statement", "of the account 3333"),
    ],
)
def test_another_currency_or_account_in_a_title_is_not_added(tmp_path: Path, book: Book, title: str, why: str) -> None:
    first, later = tmp_path / "first.csv", tmp_path / "later.csv"
    first.write_text(KNOWN, encoding="utf-8")
    seen = preview(first, account="BANK-1111")
    keep_mapping(book, seen.name, seen.kept)
    later.write_text(f"{title},,\n{HEADER}20260206,,1000,5000,a,b,C3\n", encoding="utf-8")
    with pytest.raises(CrossbookError, match=why):
        add(book, inputs([later])[0])


def test_a_title_is_no_matter_where_a_label_says_the_currency(tmp_path: Path, book: Book) -> None:
    path = tmp_path / "first.csv"
    path.write_text(KNOWN.replace("账户交易明细", "美元购汇专户交易明细"), encoding="utf-8")
    seen = preview(path, account="BANK-1111")
    assert not seen.doubts and seen.rows["bank"][0]["currency"] == "CNY"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("All transactions", None),
        ("US Dollar Account", "USD"),
        ("人民币及美元", None),
        ("Top up", None),
        ("美金户", "USD"),
    ],
)
def test_the_currency_that_a_title_names(title: str, code: str | None) -> None:
    assert currency_in_title(title) == code


@pytest.mark.parametrize(
    ("title", "account"),
    [
        ("账户3333交易明细", "3333"),
        ("账户2026年1月交易明细", None),
        ("Account Statement 2026", None),
        ("账户202601明细", None),
        ("尾号9876交易明细", "9876"),
    ],
)
def test_the_account_that_a_title_names(title: str, account: str | None) -> None:
    assert stated([[title]]).account == account
