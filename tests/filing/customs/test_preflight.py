"""Before any message of a trade is written: its papers agree, and what was paid is in named parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crossbook.book import Book
from crossbook.filing.customs import gather, sending
from crossbook.filing.customs.documents import OF_TRADES, document
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.trade import Item
from tests.filing.test_customs import NOW, customs, opened, trade
from tests.verify.facts_of import at, papers

__all__ = ["customs"]

GOOD = {"order__goods": 2500, "order__discount": 0, "order__shipping": 0, "order__tax": 0}


def planned(book: Book, settings: Customs, rows: dict[str, list[dict[str, Any]]]) -> list[sending.Planned]:
    database = opened(rows | {"customs": []})
    found = gather.trades(database, settings)
    return sending.plan(database, book, settings, found, OF_TRADES, NOW)


@pytest.mark.parametrize(
    ("changed", "field", "values"),
    [
        ({"shipment__country": "CA"}, "country", "order US; shipment CA"),
        (
            {"payment__paid_at": at("2026-02-27 10:00")},
            "dates",
            "order 2026-03-01 10:00 UTC; payment 2026-02-27 10:00 UTC",
        ),
        ({"shipment__consignee": "Bob Ray"}, "parties", "order Mary Smith; shipment Bob Ray"),
    ],
)
def test_papers_that_contradict_one_another_go_in_no_message(
    book: Book, customs: Customs, changed: dict[str, Any], field: str, values: str
) -> None:
    told = planned(book, customs, papers(**GOOD | changed))
    assert {p.state for p in told} == {"wanting"} and {p.number for p in told} == set(OF_TRADES)
    assert all((field, values) in {(x.field, x.value) for x in p.problems} for p in told)


def test_a_line_in_another_currency(customs: Customs) -> None:
    one = trade(items=(Item(sku="LAMP", title="L", quantity=2, amount=5000, net_g=640, currency="EUR"),))
    for number in OF_TRADES:
        found = document(number, one, customs, NOW)
        assert isinstance(found, list)
        assert [(p.field, p.why) for p in found] == [("currency[1]", "the line is in EUR, the order in USD")]


def test_goods_heavier_than_their_parcel_stand_against_all_four(customs: Customs) -> None:
    for number in OF_TRADES:
        found = document(number, trade(weight_g=639), customs, NOW)
        assert isinstance(found, list)
        assert [(p.field, p.value, p.why) for p in found] == [
            ("netWeight", "0.64", "the goods weigh more than the parcel, 0.639 kg")
        ]
        assert not isinstance(document(number, trade(weight_g=640), customs, NOW), list)


@pytest.mark.parametrize(
    ("number", "changed", "field"),
    [
        ("505", {"weight_g": 0, "items": (Item(sku="LAMP", title="L", quantity=1, amount=5000),)}, "weight"),
        ("505", {"pieces": 0}, "pieces"),
        ("603", {"pieces": -1}, "pieces"),
        ("603", {"items": (Item(sku="LAMP", title="L", quantity=2, amount=5000, net_g=0),)}, "netWeight[1]"),
    ],
)
def test_nothing_is_0(customs: Customs, number: str, changed: dict[str, Any], field: str) -> None:
    found = document(number, trade(**changed), customs, NOW)
    assert isinstance(found, list) and field in {p.field for p in found}


def test_a_line_that_is_given_away_has_no_customs_value(customs: Customs) -> None:
    lines = tuple(Item(sku="LAMP", title="L", quantity=1, amount=a, net_g=320) for a in (5000, 0))
    found = document("603", trade(items=lines), customs, NOW)
    assert isinstance(found, list) and [(p.field, p.value) for p in found] == [("price[2]", "0.00 USD")]


def test_one_waybill_of_two_orders(book: Book, customs: Customs) -> None:
    """Two orders with one waybill, and one payment number: each names the other."""
    rows, other = papers("A1", **GOOD), papers("A2", **GOOD)
    other["shipment"][0] |= {"tracking": rows["shipment"][0]["tracking"]}
    other["payment"][0] |= {"payment_id": rows["payment"][0]["payment_id"]}
    both = {kind: rows.get(kind, []) + other.get(kind, []) for kind in rows | other if kind != "product"}
    told = planned(book, customs, both | {"product": rows["product"]})
    said = {(p.number, p.order_id): {(x.field, x.why) for x in p.problems} for p in told}
    for order, another in (("A1", "A2"), ("A2", "A1")):
        assert said["303", order] == set()
        assert ("payNo", f"is the payment of {another}, too") in said["403", order]
        assert ("logisticsNo", f"is the waybill of {another}, too") in said["505", order]
        assert ("logisticsNo", f"is the waybill of {another}, too") in said["603", order]


def test_a_list_waits_for_its_order_and_waybill(book: Book, customs: Customs) -> None:
    """A kind of order of two letters, which the format refuses: the order cannot be written, so no list goes out."""
    settings = replace(customs, order_type="EE")
    told = planned(book, settings, papers(**GOOD))
    states = {p.number: (p.state, [(x.field, x.value) for x in p.problems]) for p in told}
    assert states["303"][0] == "wanting" and states["403"][0] == "ready"
    assert states["603"] == ("wanting", [("CEB303", "A1")])
