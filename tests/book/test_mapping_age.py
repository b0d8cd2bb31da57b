"""A mapping that is older than the program, or than the files before, is named when a file is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book, mapping_age
from crossbook.book.adding import Added, add
from crossbook.book.book import init_book
from crossbook.book.mapping import keep_mapping
from crossbook.book.opening import inputs
from crossbook.sources import shipped
from crossbook.sources.mapping import MappedTable

TABLE = "日期,订单号,类型,金额,交易状态\n2026-03-01,O1,订单,10.00,已完成\n2026-03-02,O2,订单,20.00,待结算\n"
MAPPING = """kind = "settlement"
account = "shop"
currency = "USD"
date_order = "ymd"
zone = "Asia/Shanghai"

[columns]
day = "日期"
order_id = "订单号"
type = "类型"
amount = "金额"

[types]
"订单" = "sale"
"""
STATUS = '\n[status]\ncolumn = "交易状态"\ndone = ["已完成"]\nnone = ["待结算"]\n'


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "", "USD", "")


def put(book: Book, path: Path, text: str) -> Added:
    path.write_text(text, encoding="utf-8")
    (item,) = inputs([path])
    return add(book, item, yes=("订单",))


def test_a_kept_mapping_without_status_is_named(book: Book, tmp_path: Path) -> None:
    keep_mapping(book, "mine", MAPPING)
    note = put(book, tmp_path / "a.csv", TABLE).note
    assert "the mapping mine has no [status], and the column 交易状态 says" in note and "--dry-run" in note


def test_one_that_has_it_or_a_table_without_such_a_column_is_not(book: Book, tmp_path: Path) -> None:
    keep_mapping(book, "mine", MAPPING + STATUS)
    assert "[status]" not in put(book, tmp_path / "a.csv", TABLE).note
    other = book.path.parent / "other"
    second = init_book(other, "", "USD", "")
    keep_mapping(second, "mine", MAPPING)
    assert "[status]" not in put(second, tmp_path / "b.csv", TABLE.replace("交易状态", "备注")).note


def test_a_shipped_mapping_that_changed_is_named_with_what_differs(book: Book) -> None:
    sample = Path(__file__).parents[1] / "sources" / "shipped"
    path = next(p for p in sorted(sample.iterdir()) if p.name.startswith("wise_statement"))
    (item,) = inputs([path])
    first = add(book, item, account="wise")
    assert first.source == "wise_statement" and "ships otherwise" not in first.note
    now = shipped.mappings()["wise_statement"]
    changed = MappedTable(now.name, now.text.replace("description =", "item =", 1))
    told = mapping_age._changed(book, changed)
    assert len(told) == 1 and "(columns)" in told[0] and path.name in told[0]
    assert mapping_age._changed(book, now) == []
