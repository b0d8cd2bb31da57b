"""eBay's transaction report: orders of several goods, and payouts that did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import settle
from crossbook.settle.position import position
from tests.sources.reading import Read, read

HEAD = (
    "Transaction creation date,Type,Order number,Net amount,Payout currency,Payout date,Payout ID,Payout status,"
    "Item ID,Transaction ID,Quantity,Item subtotal,Final Value Fee - fixed,Final Value Fee - variable,"
    "Gross transaction amount,Transaction currency\n"
)
# 12.00 and 18.00 for the goods, less 0.30 and 4.20: 25.50.
ORDER = '"Mar 2, 2026",Order,11-1,25.50,USD,"Mar 5, 2026",61,{status},--,--,--,--,--,--,30.00,USD\n'
GOODS = (
    '"Mar 2, 2026",Order,11-1,--,--,--,--,--,801,901,1,12.00,-0.30,-1.20,--,--\n'
    '"Mar 2, 2026",Order,11-1,--,--,--,--,--,802,902,1,18.00,--,-3.00,--,--\n'
)
PAID = '"Mar 5, 2026",Payout,--,-25.50,USD,"Mar 5, 2026",61,{status},--,--,--,--,--,--,-25.50,USD\n'


def told(folder: Path, text: str) -> Read:
    path = folder / "ebay.csv"
    path.write_text(HEAD + text, encoding="utf-8-sig")
    return read(path)


@pytest.mark.parametrize("text", [ORDER + GOODS, GOODS + ORDER])
def test_an_order_of_several_goods_is_one_line_with_its_fees(tmp_path: Path, text: str) -> None:
    found = told(tmp_path, (text + PAID).format(status="Funds sent"))
    assert not found.bad
    assert found.column("settlement", "kind", "order_id", "amount", "gross", "fee") == [
        ("sale", "11-1", 25_50, 30_00, -4_50),
        ("withdrawal", None, -25_50, -25_50, 0),
    ]
    assert found.notes == ["rows of goods whose order has its amounts in a row of its own, left out: 2"]


def test_goods_whose_order_has_no_amounts_are_bad_rows(tmp_path: Path) -> None:
    """Nothing else in the file has their money."""
    assert [(line, reason) for line, _, reason in told(tmp_path, GOODS).bad] == [(2, "empty"), (3, "empty")]


@pytest.mark.parametrize("status", ["Returned", "Failed", "fehlgeschlagen"])
def test_a_payout_that_did_not_arrive_leaves_its_lines_in_the_balance(
    status: str, book: Book, add_text: Callable[..., Added]
) -> None:
    added = add_text("ebay.csv", HEAD + (ORDER + GOODS + PAID).format(status=status))
    assert "payouts that failed: 1; their lines are in the balance until a later one pays them" in added.note
    desk = settle(book)
    assert desk.payouts == []
    assert [(s.place, s.amount) for s in position(desk, date(2026, 3, 31))] == [("in_balance", 25_50)]


def test_a_shopify_payout_that_failed_is_none(book: Book, add_text: Callable[..., Added]) -> None:
    head = "Transaction Date,Type,Order,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Checkout,Currency\n"
    row = "2026-03-02 09:12:44 -0800,charge,#100{n},{status},2026-03-0{day},5{n},30.00,1.00,29.00,#c{n},USD\n"
    rows = row.format(n=1, status="failed", day=4) + row.format(n=2, status="paid", day=5)
    added = add_text("payments.csv", head + rows)
    assert added.note == "payouts that failed: 1; their lines are in the balance until a later one pays them"
    assert [(p.payout_id, p.amount) for p in settle(book).payouts] == [("52", 29_00)]
