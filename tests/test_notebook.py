"""The book in Python: tables that agree with the other faces, in three libraries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pytest

import crossbook
from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.errors import CrossbookError


@pytest.fixture
def opened(book: Book, add_text: Callable[..., Added]) -> crossbook.notebook.OpenBook:  # type: ignore[name-defined]
    (book.path / "mappings").mkdir()
    (book.path / "mappings" / "orders.toml").write_text(
        'kind = "order"\naccount = "shop"\ndate_order = "ymd"\nzone = "UTC"\n'
        '[columns]\norder_id = "no"\nplaced_at = "at"\ntotal = "total"\ncurrency = "cur"\nitem = "sku"\n'
        'quantity = "n"\ngoods = "price"\n'
    )
    add_text(
        "orders.csv",
        "no,at,total,cur,sku,n,price\nA1,2026-03-01,25.00,USD,LAMP,1,25.00\nA2,2026-03-02,9.00,USD,CUP,1,\n",
    )
    return crossbook.open(book.path)


def test_every_table_in_three_libraries(opened: object) -> None:
    tables = {
        "payouts": opened.payouts(),
        "orders": opened.orders(),
        "money": opened.money(),
        "trades": opened.trades(),
        "findings": opened.findings(),
        "parcels": opened.table("parcels", "trade"),
    }
    for name, table in tables.items():
        assert table.to_arrow().num_rows == len(table) == len(table.to_pandas()) == table.to_polars().height, name
        assert list(table.to_pandas().columns) == list(table.columns) == table.to_polars().columns, name
        assert len(list(table)) == len(table)


def test_orders_say_what_they_know(opened: object) -> None:
    rows = {r["order_id"]: r for r in opened.orders()}
    assert (rows["A1"]["goods"], rows["A1"]["unknown"]) == (2500, "tax")
    assert (rows["A2"]["goods"], rows["A2"]["total"]) == (None, 900)
    assert {(r["order_id"], r["place"]) for r in opened.money()} == {("A1", "not_shipped"), ("A2", "not_shipped")}
    assert len(opened.money(on=dt.date(2026, 3, 1))) == 1


def test_findings_lead_to_the_lines_of_files(opened: object) -> None:
    found = [r for r in opened.findings("verify") if r["subject"] == "A1"]
    assert {r["desk"] for r in found} == {"verify"} and "no_payment" in {r["rule"] for r in found}


def test_a_value_that_there_is_not_is_named_with_those_that_there_are(opened: object) -> None:
    for ask in (
        lambda: opened.payouts(status="bogus"),
        lambda: opened.payouts(account="bogus"),
        lambda: opened.trades(verdict="bogus"),
        lambda: opened.findings("bogus"),
        lambda: opened.table("bogus", "trade"),
        lambda: opened.table("orders", "bogus"),
    ):
        with pytest.raises(CrossbookError):
            ask()


def test_quotes_from_arrow_columns_and_frames(opened: object) -> None:
    lines = {"hts": ["7326908688"], "origin": ["CN"], "on": [dt.date(2026, 9, 20)], "value": [125000]}
    (row,) = opened.quotes(lines)
    assert (row["total_duty"], row["status"]) == (97375, "interval")  # the README's quote: 973.75 USD
    assert [r["total_duty"] for r in opened.quotes(pa.table(lines))] == [97375]


def test_no_book_there(tmp_path: object) -> None:
    with pytest.raises(CrossbookError):
        crossbook.open(str(tmp_path))


def test_markets_say_what_they_know(book: Book, add_text: Callable[..., Added]) -> None:
    """A lamp of 20.00 in Singapore that costs 5.00, 2.00 to send and 3.00 to sell: at most 10.00 are left, for what
    comes back is not known; of other markets there is neither price nor demand."""
    add_text(
        "products.csv",
        "sku,name,hts,origin,market,mode,cost,freight,selling,cost currency,price,currency,weight kg,day\n"
        "LAMP,Lamp,8513.10.4000,CN,SG,courier,5.00,2.00,3.00,USD,20.00,USD,0.3,2026-06-20\n",
    )
    opened = crossbook.open(book.path)
    table = opened.market("lamp", on=dt.date(2026, 6, 30), fx={"SGD": Decimal("0.75")})
    assert len(table.to_pandas()) == table.to_polars().height == len(table)
    rows = {row["market"]: row for row in table}
    singapore = rows["SG"]
    assert (singapore["margin_low"], singapore["margin_high"], singapore["currency"]) == (None, 1000, "USD")
    assert singapore["unknown"] == ["returns", "demand"] and singapore["imports"] is None
    assert rows["KR"]["status"] == "no data" and rows["KR"]["rank"] is None
    assert [row["market"] for row in opened.market(country="Singapore", on=dt.date(2026, 6, 30))] == ["SG"]
    with pytest.raises(CrossbookError, match="SHOE"):
        opened.market("SHOE")
