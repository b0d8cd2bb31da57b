"""All messages of the sample business, as they would go out: valid, and telling one story of each order."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from crossbook.book import open_book
from crossbook.ceb import NAMESPACE
from crossbook.engine import connect
from crossbook.filing.customs import gather, sending
from crossbook.filing.customs.documents import OF_TRADES
from crossbook.filing.customs.message import schema
from crossbook.filing.customs.settings import customs_of

NOW = datetime(2026, 7, 1, tzinfo=UTC)
CEB = f"{{{NAMESPACE}}}"
NODES = {"303": "Order", "403": "Receipts", "505": "Logistics", "603": "Inventory"}
Read = dict[str, list[etree._Element]]


@pytest.fixture(scope="module")
def written(sample: Path) -> tuple[Read, list[sending.Planned]]:
    """The documents of every message by its number, and where all documents stand."""
    book = open_book(sample / "book")
    database, customs = connect(book), customs_of(book)
    database.ask("verdict")
    planned = sending.plan(database, book, customs, gather.trades(database, customs), OF_TRADES, NOW)
    found: Read = defaultdict(list)
    for w in sending.messages(customs, planned, NOW):
        root = etree.fromstring(w.xml)
        schema().assertValid(root)
        found[w.number] += root.iter(CEB + NODES[w.number])
    return found, planned


def said(node: etree._Element, name: str) -> str:
    return str(node.findtext(f".//{CEB}{name}"))


def test_every_document_that_is_ready_goes_out_once(written: tuple[Read, list[sending.Planned]]) -> None:
    found, planned = written
    ready = {n: [p.reference for p in planned if p.number == n and p.state == "ready"] for n in OF_TRADES}
    assert {n: len(nodes) for n, nodes in found.items()} == {n: len(r) for n, r in ready.items()}
    assert sum(len(nodes) for nodes in found.values()) > 300
    names = {"303": "orderNo", "403": "payNo", "505": "logisticsNo", "603": "orderNo"}
    for number, nodes in found.items():
        told = [said(x, names[number]) for x in nodes]
        assert len(set(told)) == len(told) and set(told) == set(ready[number])
    assert {p.state for p in planned} <= {"ready", "accepted", "waiting", "refused", "wanting"}


def test_the_messages_of_an_order_agree(written: tuple[Read, list[sending.Planned]], sample: Path) -> None:
    """Against each other, and against the order list itself as it lies in the folder."""
    found, _ = written
    totals = {}
    for path in (sample / "inbox").glob("海桥订单-*.csv"):
        for r in csv.DictReader(path.read_text(encoding="gb18030").splitlines()):
            totals[r["订单编号"]] = Decimal(r["订单金额"].replace(",", ""))
    orders = {said(x, "orderNo"): x for x in found["303"]}
    waybills = {said(x, "logisticsNo"): x for x in found["505"]}
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for x in found["403"]:
        paid[said(x, "orderNo")] += Decimal(said(x, "charge"))
        assert said(x, "currency") == said(orders[said(x, "orderNo")], "currency")
    for order, x in orders.items():
        worth = Decimal(said(x, "goodsValue")) + Decimal(said(x, "freight"))
        assert worth == paid[order] == totals[order], order
    for x in found["603"]:
        order, waybill = orders[said(x, "orderNo")], waybills[said(x, "logisticsNo")]
        lines = [Decimal(str(n.text)) for n in x.iter(CEB + "totalPrice")]
        assert sum(lines) == Decimal(said(order, "goodsValue"))
        assert Decimal(said(x, "netWeight")) <= Decimal(said(x, "grossWeight"))
        for name in ("grossWeight", "packNo", "logisticsCode", "freight", "ebcCode"):
            assert said(x, name) == said(waybill, name), (name, said(x, "orderNo"))
        assert said(x, "statisticsFlag") == "B"
