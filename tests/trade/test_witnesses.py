"""Who says what a paper says: by the format of its file, by its mapping, and the seller where nobody told."""

from __future__ import annotations

import pytest

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.demo.trades import MAPPINGS
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from crossbook.sources.mapping_spec import check_spec
from crossbook.sources.registry import sources
from crossbook.trade.witnesses import WITNESSES, of_sources, witness


def test_formats_of_their_own_are_their_makers_word() -> None:
    assert witness("amazon_settlement", None) == "platform"
    assert witness("camt", None) == "bank"
    assert witness("ceb_returns", None) == "customs"
    assert witness("aftership", None) == "carrier"
    assert witness("woocommerce_orders", None) == "seller"  # it runs on the seller's own server
    assert set(of_sources().values()) <= set(WITNESSES)


def test_every_source_in_the_table_is_one_or_a_mapping_that_ships() -> None:
    from importlib.resources import files

    shipped = {f.name.removesuffix(".toml") for f in (files("crossbook") / "data" / "mappings").iterdir()}
    assert set(of_sources()) <= set(sources()) | shipped


def test_a_table_is_the_sellers_word_unless_its_mapping_says_whose_it_is() -> None:
    assert witness("my-parcels", 'kind = "shipment"') == "seller"
    assert witness("my-parcels", 'kind = "shipment"\nwitness = "carrier"') == "carrier"
    with pytest.raises(CrossbookError, match="witness must be text and one of seller, platform"):
        check_spec({"kind": "shipment", "witness": "me", "columns": {"order_id": "a", "tracking": "b"}}, "mine")


def test_a_column_of_the_papers_and_of_the_verdict(tmp_path) -> None:  # type: ignore[no-untyped-def]
    book = init_book(tmp_path / "book")
    (book.path / "mappings").mkdir(exist_ok=True)
    for name in ("trade-payments", "trade-lists"):
        (book.path / "mappings" / f"{name}.toml").write_text(MAPPINGS[name], encoding="utf-8")
    paid = tmp_path / "payments.csv"
    paid.write_text(
        "支付单号,商户订单号,支付机构,付款人,付款国家,支付金额,币种,支付时间\n"
        "P1,A1,海桥支付,Mary Smith,US,25.00,USD,2026-03-01 10:00:00\n",
        encoding="utf-8",
    )
    listed = tmp_path / "lists.csv"
    listed.write_text(
        "订单编号,清单编号,申报日期,监管方式,运单号,毛重(kg),商品货号,数量,申报金额,币种,申报国\n"
        "A2,L2,2026-03-02,9610,Y2,0.4,LAMP,1,25.00,USD,CN\n",
        encoding="utf-8",
    )
    book = open_book(book.path)
    for path in (paid, listed):
        for item in inputs([path]):
            add(book, item)
    database = connect(book)
    database.ask("trade", "verdict")
    assert database.rows("SELECT order_id, witness FROM payments") == [{"order_id": "A1", "witness": "bank"}]
    assert database.rows("SELECT order_id, witness FROM declarations") == [{"order_id": "A2", "witness": "seller"}]
    found = database.rows("SELECT order_id, witnesses FROM verdict ORDER BY order_id")
    assert found == [{"order_id": "A1", "witnesses": "bank"}, {"order_id": "A2", "witnesses": None}]
