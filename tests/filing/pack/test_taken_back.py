"""Refunds beside their sales, worked out by hand.

PayPal: O-1 100.00 - 4.00 and O-2 50.00 - 2.00 are drawn as W1, 96.00 + 48.00 = 144.00. Then O-3 80.00 - 3.00 = 77.00,
30.00 of O-1 go back, and W2 draws what is left: 77.00 - 30.00 = 47.00. The refund takes of the money of O-3; all of
W1 stays where it went.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.filing import write_pack
from crossbook.settle import settle
from crossbook.views.reason import Reason
from crossbook.views.why import why

HEAD = (
    "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,"
    "Invoice Number,Reference Txn ID,Balance,Balance Impact"
)
ROWS = (
    ("01/15/2026,10:00:00", "Express Checkout Payment", "100.00,-4.00,96.00", "S1,{O-1},", "96.00,Credit"),
    ("01/15/2026,11:00:00", "Express Checkout Payment", "50.00,-2.00,48.00", "S2,{O-2},", "144.00,Credit"),
    ("01/16/2026,09:00:00", "General Withdrawal", "-144.00,0.00,-144.00", "W1,,", "0.00,Debit"),
    ("01/20/2026,10:00:00", "Express Checkout Payment", "80.00,-3.00,77.00", "S3,{O-3},", "77.00,Credit"),
    ("01/21/2026,10:00:00", "Payment Refund", "-30.00,0.00,-30.00", "R1,{O-1},S1", "47.00,Debit"),
    ("01/22/2026,09:00:00", "General Withdrawal", "-47.00,0.00,-47.00", "W2,,", "0.00,Debit"),
)
NAMES = {"{O-1}": "O-1", "{O-2}": "O-2", "{O-3}": "O-3"}


def activity(*, named: bool) -> str:
    """The activity download; without the orders' numbers a refund refers to its sale alone."""
    rows = [
        f"{at},PST,B,{kind},Completed,USD,{sums},b@x.example,s@x.example,{ids},{after}"
        for at, kind, sums, ids, after in ROWS
    ]
    text = "\n".join([HEAD, *rows, ""])
    for mark, number in NAMES.items():
        text = text.replace(mark, number if named else "")
    return text


def book_of(folder: Path, files: dict[str, str], account: str | None) -> Book:
    init_book(folder / "book", "样本公司", "CNY")
    book = open_book(folder / "book")
    (folder / "inbox").mkdir()
    for name, text in files.items():
        (folder / "inbox" / name).write_text(text, encoding="utf-8")
    for item in inputs([folder / "inbox"]):
        add(book, item, account=account)
    return book


def listed(book: Book, payout: str, folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The transactions of a pack by order and English type, by English heads."""
    pack = write_pack(settle(book), payout, folder)
    assert pack.closing.agrees
    rows = csv.reader((pack.folder / "transactions.csv").read_text(encoding="utf-8-sig").splitlines())
    head = [h.rsplit(" ", 1)[0] for h in next(rows)]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    return {(r["order"], r["type"].rsplit(" ", 1)[-1]): r for r in told}


def flat(reason: Reason) -> list[Reason]:
    return [reason, *(r for child in reason.reasons for r in flat(child))]


@pytest.mark.parametrize(("named", "one", "three"), [(True, "O-1", "O-3"), (False, "S1", "S3")])
def test_a_refund_out_of_a_later_withdrawal(tmp_path: Path, named: bool, one: str, three: str) -> None:
    book = book_of(tmp_path, {"activity.csv": activity(named=named)}, "pp")
    rows = listed(book, "W2", tmp_path / "pack")
    assert {key: row["net"] for key, row in rows.items()} == {(three, "sale"): "77.00", (one, "refund"): "-30.00"}
    back = rows[one, "refund"]
    sale = ["2026-01-15", "100.00", "USD", "W1", "activity.csv:2"]
    heads = ("sale settled", "sale amount", "sale currency", "sale in payout", "sale evidence")
    assert [back[h] for h in heads] == sale
    assert [rows[three, "sale"][h] for h in heads] == [""] * 5
    told = {r.text: r.amount for r in flat(why(settle(book), one))}
    assert told["settled on 2026-01-15: sale (Express Checkout Payment) in payout W1"] == 9_600
    assert told["settled on 2026-01-21: refund (Payment Refund) in payout W2"] == -3_000
    assert told["of the sale settled on 2026-01-15 in payout W1"] == 10_000
    assert told["withdrawn from pp in payout W1 on 2026-01-16"] == 9_600  # nothing of it is taken back from there


def test_a_sale_that_was_converted_before_it_was_drawn(tmp_path: Path) -> None:
    """96.00 EUR become 105.60 USD and W1; 30.00 EUR go back out of what was sold since."""
    rows = (
        ("01/15/2026,10:00:00", "Express Checkout Payment", "EUR,100.00,-4.00,96.00", "S1,O-1,", "96.00,Credit"),
        ("01/16/2026,08:00:00", "General Currency Conversion", "EUR,-96.00,0.00,-96.00", "C1,,W1", "0.00,Debit"),
        ("01/16/2026,08:00:00", "General Currency Conversion", "USD,105.60,0.00,105.60", "C2,,W1", "105.60,Credit"),
        ("01/16/2026,09:00:00", "General Withdrawal", "USD,-105.60,0.00,-105.60", "W1,,", "0.00,Debit"),
        ("01/20/2026,10:00:00", "Express Checkout Payment", "EUR,80.00,-3.00,77.00", "S3,O-3,", "77.00,Credit"),
        ("01/21/2026,10:00:00", "Payment Refund", "EUR,-30.00,0.00,-30.00", "R1,O-1,S1", "47.00,Debit"),
    )
    told = [
        f"{at},PST,B,{kind},Completed,{sums},b@x.example,s@x.example,{ids},{after}"
        for at, kind, sums, ids, after in rows
    ]
    book = book_of(tmp_path, {"activity.csv": "\n".join([HEAD, *told, ""])}, "pp")
    texts = {r.text: r.amount for r in flat(why(settle(book), "O-1"))}
    assert texts["of the sale settled on 2026-01-15 in payout W1"] == 10_000


V2 = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type "
    "order-id amount-type amount-description amount posted-date posted-date-time sku quantity-purchased"
).split()
ORDERS = (
    "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tquantity\tcurrency\titem-price\n"
    "A1\t2026-03-01T00:00:00+00:00\tShipped\tLamp\tLAMP\t3\tUSD\t60.00\n"
    "A1\t2026-03-01T00:00:00+00:00\tShipped\tTent\tTENT\t1\tUSD\t100.00\n"
)


def statement(number: str, total: str, lines: list[tuple[str, ...]]) -> str:
    """A Flat File V2 report with these (transaction, type, description, amount, sku, quantity) lines of order A1."""
    rows = ["\t".join(V2)]
    rows.append("\t".join([number, *["2026-03-15 08:00:00 UTC"] * 3, total, "USD", *[""] * 9]))
    for kind, type_, what, amount, sku, count in lines:
        day = ("2026-03-04", "2026-03-04 05:00:00 UTC")
        rows.append("\t".join([number, *[""] * 5, kind, "A1", type_, what, amount, *day, sku, count]))
    return "\n".join([*rows, ""])


@pytest.mark.parametrize(
    ("lines", "goods", "quantity"),
    [
        ([("-20.00", "LAMP", "")], "Lamp", "缺 missing"),  # one lamp of three: the report does not say how many
        ([("-20.00", "LAMP", "1")], "Lamp", "1"),
        ([("-20.00", "", "")], "Lamp ×?, Tent ×?", "缺 missing"),  # of which goods is not said
        ([("-60.00", "LAMP", ""), ("-100.00", "TENT", "")], "Lamp ×3, Tent ×1", "4"),  # all of it
    ],
)
def test_a_part_of_an_order_comes_back(tmp_path: Path, lines: Any, goods: str, quantity: str) -> None:
    """Three lamps of 20.00 and a tent of 100.00 are paid in 1001; what comes back is taken out of 1002."""
    bought = [
        ("Order", "ItemPrice", "Principal", "60.00", "LAMP", "3"),
        ("Order", "ItemPrice", "Principal", "100.00", "TENT", "1"),
    ]
    back = [("Refund", "ItemPrice", "Principal", *line) for line in lines]
    total = f"{sum(float(line[0]) for line in lines):.2f}"
    files = {"1.txt": statement("1001", "160.00", bought), "2.txt": statement("1002", total, back), "o.txt": ORDERS}
    row = listed(book_of(tmp_path, files, "amazon"), "1002", tmp_path / "pack")["A1", "refund"]
    assert (row["goods"], row["quantity"]) == (goods, quantity)
    assert (row["sale settled"], row["sale amount"], row["sale in payout"]) == ("2026-03-04", "160.00", "1001")
