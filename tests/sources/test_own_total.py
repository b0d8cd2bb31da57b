"""Rows whose own columns do not make the total that they state are told, with line and both figures.

By hand: 45.99 less 1.63 is 44.36. Of the date range report 79.99 + 6.40 - 6.40 - 12.00 - 8.42 is 59.57, though four of
these columns have no name for us. eBay's 45.99 - 0.40 - 6.10 - 1.37 is 38.12; PayPal's 45.99 - 2.08 is 43.91.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from tests.cli.running import run

GOLDEN = Path(__file__).parent / "golden"
STRIPE = (
    "id,Type,Source,Amount,Fee,Destination Platform Fee,Destination Platform Fee Currency,Net,Currency,Created (UTC),"
    "Available On (UTC),Transfer,order_id (metadata)\n"
)
SHOPIFY = (
    "Transaction Date,Type,Order,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Checkout,Currency,VAT\n"
    "2026-03-01 09:12:44 -0800,charge,#1001,paid,2026-03-04,101234567890,45.99,1.63,{net},,{currency},{vat}\n"
)


def stripe(net: str, *, fee: str = "1.63", platform: str = "", amount: str = "45.99", currency: str = "usd") -> str:
    row = f"txn_1,charge,ch_1,{amount},{fee},{platform},,{net},{currency},2026-03-01 09:12,2026-03-03 00:00,po_1,#1\n"
    return STRIPE + row


def added(book: Book, path: Path, *more: str, code: int = 0) -> dict[str, list[dict[str, str]]]:
    done = run("add", path, "--json", *more, book=book.path)
    assert done.returncode == code, done.stderr
    told: dict[str, list[dict[str, str]]] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(
    ("name", "right", "wrong", "where", "says", "makes"),
    [
        ("amazon_date_range.csv", '"59.57"', '"59.75"', "9 total", "59.75 USD", "59.57 USD"),
        ("amazon_date_range_de.csv", '"-9,12"', '"-9,21"', "5 Gesamt", "1,052.53 EUR", "1,052.44 EUR"),
        ("ebay_transactions.csv", ",38.12,USD", ",39.12,USD", "9 Net amount", "39.12 USD", "38.12 USD"),
        ("ebay_transactions_fr.csv", '"12,76"', '"12,67"', "5 Montant net", "12.67 EUR", "12.76 EUR"),
        ("paypal_activity.csv", '"43.91"', '"44.91"', "2 Net", "44.91 USD", "43.91 USD"),
        ("stripe_balance.csv", ",44.36,", ",40.36,", "3 Net", "40.36 USD", "44.36 USD"),
    ],
)
def test_a_row_that_contradicts_its_own_total_stops_its_file(
    book: Book, tmp_path: Path, name: str, right: str, wrong: str, where: str, says: str, makes: str
) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / name
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    (error,) = added(book, path, code=2)["errors"]
    assert error["where"] == f"{name}:{where}"
    assert error["error"].startswith(f"the row says {says}, its own columns make {makes}: ")
    assert not open_book(book.path).evidence()


def test_a_row_is_taken_as_it_stands_when_its_line_is_named(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "balance.csv"
    path.write_text(stripe("40.36"))
    assert added(book, path, "--yes", "3", code=2)["errors"]
    (one,) = added(book, path, "--yes", "2")["added"]
    assert "taken as they stand: 1, the first is line 2" in one["note"]
    (kept,) = [e.body for e in open_book(book.path).journal() if e.action == "add"]
    assert kept["agreed"] == ["2 40.36"]
    assert run("book", "rebuild", book=book.path).returncode == 0  # nobody is asked again


@pytest.mark.parametrize(
    "text",
    [
        stripe("44.36"),
        stripe("43.36", platform="1.00"),  # what the platform took beside it
        stripe("4436", amount="4599", fee="163", currency="jpy"),
        SHOPIFY.format(net="44.36", vat="0.27", currency="EUR"),  # the tax is within the fee
        SHOPIFY.format(net="44.09", vat="0.27", currency="EUR"),  # or beside it
        SHOPIFY.format(net="44.36", vat="", currency="USD"),
    ],
)
def test_rows_that_are_right_are_not_accused(book: Book, tmp_path: Path, text: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text)
    assert added(book, path)["errors"] == []


def test_a_column_that_nobody_knows_counts_when_it_holds_amounts_alone(book: Book, tmp_path: Path) -> None:
    """A column of a marketplace that we have never seen is part of the sum; one with words proves nothing."""
    text = (GOLDEN / "amazon_date_range.csv").read_text(encoding="utf-8")
    more = text.replace('"Regulatory Fee"', '"TCS-IGST"')
    path = tmp_path / "unseen.csv"
    path.write_text(more.replace('"0","0","0","0","-6.40","-12.00"', '"-1.00","0","0","0","-5.40","-12.00"'))
    assert added(book, path)["errors"] == []
    path.write_text(more.replace('"0","0","0","0","-6.40","-12.00"', '"n/a","0","0","0","-5.40","-12.00"') + "\n")
    (one,) = added(book, path)["added"]
    assert one["note"] == "rows not held against their total, as a column before it has no amount there: 1"
