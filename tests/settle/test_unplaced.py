"""What is in no place is named where the money is told: settlements that nobody paid yet, orders of an unknown total.

By hand, in USD: 59.57 - 21.99 - 31.22 of settlement 18906543210 are 6.36; the report's transfer takes them out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from tests.cli.running import data, run
from tests.conftest import GOLDEN

Put = Callable[..., Added]
REPORT = (GOLDEN / "amazon_date_range.csv").read_text(encoding="utf-8").replace("-1,006.36", "-6.36")
UNPAID = "\n".join(line for line in REPORT.splitlines() if '"Transfer"' not in line) + "\n"
ORDERS = (GOLDEN / "amazon_orders.txt").read_text(encoding="utf-8").splitlines()


def orders(*numbers: str, price: str = "") -> str:
    """An Amazon orders report of one piece each, of a price that it leaves open unless one is given."""
    names, first = ORDERS[0].split("\t"), ORDERS[1].split("\t")
    told = dict(zip(names, first, strict=True)) | {"item-price": price, "item-tax": ""}
    return "\n".join([ORDERS[0], *("\t".join((told | {"amazon-order-id": n}).values()) for n in numbers)]) + "\n"


def nowhere(book: Book, *more: str) -> list[tuple[Any, ...]]:
    names = ("what", "account", "currency", "count", "amount", "names")
    return [tuple(u[n] for n in names) for u in data("money", *more, book=book.path)["unplaced"]]


def test_a_settlement_that_nobody_paid_is_named(book: Book, add_text: Put) -> None:
    add_text("report.csv", UNPAID)
    assert nowhere(book) == [("unpaid", "amazon", "USD", 1, 636, ["18906543210"])]
    told = run("money", book=book.path).stdout
    assert "settlements without a day of payment" in told and "6.36 USD" in told and "18906543210" in told
    assert "没有付款日期的结算" in run("money", book=book.path, lang="zh").stdout


def test_one_that_was_paid_is_not(book: Book, add_text: Put) -> None:
    add_text("report.csv", REPORT)
    assert nowhere(book) == []
    assert data("money", book=book.path)["stages"][0]["amount"] == 636


def test_an_order_of_an_unknown_total_is_named_and_never_nothing(book: Book, add_text: Put) -> None:
    add_text("orders.txt", orders("114-0000000-0000001", "114-0000000-0000002"))
    numbers = ["114-0000000-0000001", "114-0000000-0000002"]
    assert nowhere(book) == [("total", "amazon", "USD", 2, None, numbers)]
    told = run("money", book=book.path).stdout
    assert "orders of an unknown total" in told and "unknown" in told and "0.00" not in told


@pytest.mark.parametrize(
    ("number", "price", "found"),
    [("114-1234567-8901234", "", []), ("114-0000000-0000001", "79.99", [])],
    ids=["its money was paid", "its total is known"],
)
def test_an_order_whose_money_is_told_is_not_named(
    book: Book, add_text: Put, number: str, price: str, found: list[object]
) -> None:
    add_text("report.csv", REPORT)
    add_text("orders.txt", orders(number, price=price))
    assert nowhere(book) == found


def test_on_a_day_before_them_nothing_is_named(book: Book, add_text: Put) -> None:
    add_text("report.csv", UNPAID)
    add_text("orders.txt", orders("114-0000000-0000001"))
    assert nowhere(book, "--on", "2026-02-01") == []
