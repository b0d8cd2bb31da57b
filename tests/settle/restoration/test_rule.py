"""The account's settlement rule: fees rounded half up, cut-offs in their zone, mistakes named."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.settle.restoration.rule import release_rule


def told(book: Book, text: str) -> Book:
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n[accounts.x.release]\n" + text, encoding="utf-8")
    return Book(book.path)


def test_fees_and_cut_off(book: Book) -> None:
    rule = release_rule(
        told(book, 'fee_percent = "8.5"\nfee_fixed = "0.30"\ncut_off = "06:00"\nzone = "Asia/Shanghai"\nlag_days = 2'),
        "x",
        "USD",
    )
    assert rule.fee(1_000) == 85 + 30
    assert rule.fee(1_006) == 86 + 30  # 85.51
    assert rule.fee(100) == 9 + 30  # 8.5 is rounded up
    assert rule.cut(date(2026, 3, 13), None) == datetime(2026, 3, 10, 22, tzinfo=UTC)
    end = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert rule.cut(date(2026, 3, 13), end) == end


def test_yen_fees_are_whole_yen(book: Book) -> None:
    rule = release_rule(told(book, 'fee_percent = "3.6"\nfee_fixed = "40"'), "x", "JPY")
    assert rule.fee(1_000) == 36 + 40


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('after = "paid"', "after is 'paid'"),
        ('days = "soon"', "days is 'soon', not a number"),
        ('zone = "Mars/Olympus"', "Mars"),
        ('cut_off = "25:00"', "hour"),
        ('fee_fixed = "0.001"', "finer"),
        ('fee_percent = "-3"', "between 0"),
    ],
)
def test_mistakes_are_named(book: Book, text: str, message: str) -> None:
    with pytest.raises(CrossbookError, match=message) as caught:
        release_rule(told(book, text), "x", "USD")
    assert "accounts.x.release" in str(caught.value)


def test_a_missing_rule_says_what_to_add(book: Book) -> None:
    with pytest.raises(CrossbookError, match="its settlement rule is not known"):
        release_rule(book, "x", "USD")
