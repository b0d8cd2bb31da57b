"""Trades with several papers of a kind: none is taken for all, and the one that contradicts is compared and shown."""

from __future__ import annotations

from typing import Any

import pytest

from crossbook.book import Book
from crossbook.verify.trade import trade
from tests.verify.facts_of import at, day, facts, papers, prepare, verified

Rows = dict[str, list[dict[str, Any]]]


def two(kind: str, first: dict[str, Any], second: dict[str, Any], **more: Any) -> Rows:
    """The papers of A1 with two of a kind."""
    rows = papers(**more)
    paper = rows.get(kind, [{"order_id": "A1"}])[0]
    return rows | {kind: [paper | first, paper | second]}


def two_parcels(**second: Any) -> Rows:
    """A1 in two parcels of 200 g, each with its list of half the value; `second` changes the second list."""
    rows = papers(order_item__quantity=2, product__weight_kg="0.150")
    parcel, listed = rows["shipment"][0] | {"weight_g": 200}, rows["customs"][0] | {"weight_g": 200, "amount": 1225}
    late = {"tracking": "YT-B", "shipped_at": at("2026-03-20 08:00"), "delivered_at": at("2026-03-29 15:00")}
    other = {"declaration": "L-B", "tracking": "YT-B", "declared_on": day("2026-03-20")}
    return rows | {"shipment": [parcel, parcel | late], "customs": [listed, listed | other | second]}


def test_two_parcels_with_a_list_each_are_no_fault() -> None:
    assert verified(facts(**two_parcels()))["A1"] == ("verified", ())


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"declared_on": day("2026-03-26")}, "declared_late"),  # six days after its own parcel
        ({"declared_on": day("2026-04-05")}, "declared_after_delivery"),
        ({"tracking": "YT-C"}, "waybill_declared"),
        ({"item": "TENT"}, "goods_declared"),
        ({"quantity": 2}, "quantity_declared"),
        ({"weight_g": 700}, "weight_declared"),
        ({"amount": 200}, "amount_declared"),
    ],
)
def test_one_of_two_lists_contradicts(second: dict[str, Any], told: str) -> None:
    assert verified(facts(**two_parcels(**second)))["A1"] == ("contradicted", (told,))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("kind", "good", "bad", "told"),
    [
        ("shipment", {"tracking": "YT-A1"}, {"tracking": "YT-B", "country": "RU"}, "country_parcel"),
        ("shipment", {"tracking": "YT-A1"}, {"tracking": "YT-B", "country": "AE"}, "country_parcel"),
        ("shipment", {"tracking": "YT-A1"}, {"tracking": "YT-B", "consignee": "Ivan Orlov"}, "consignee_parcel"),
        ("shipment", {"tracking": "YT-A1"}, {"tracking": "YT-B", "consignee": "Zoe Orlov"}, "consignee_parcel"),
        (
            "shipment",
            {"tracking": "YT-A1"},
            {"tracking": "YT-B", "delivered_at": at("2026-03-01 12:00")},
            "delivered_before_shipped",
        ),
        (
            "shipment",
            {"tracking": "YT-A1"},
            {"tracking": "YT-B", "delivered_at": at("2026-03-02 20:00")},
            "delivered_too_fast",
        ),
        ("shipment", {"tracking": "YT-A1"}, {"tracking": "RB123456784CN"}, "tracking_check_digit"),
        ("shipment", {"tracking": "YT-A1"}, {"tracking": "YT-B", "delivered_at": None}, "no_receipt"),
        ("payment", {"amount": 1250}, {"amount": 1250, "payer_country": "NG"}, "payer_country"),
        ("payment", {"amount": 1250}, {"amount": 1250, "payer_country": "ZA"}, "payer_country"),
        ("payment", {"amount": 1250}, {"amount": 1250, "payer": "Ivan Orlov"}, "payer_not_buyer"),
        ("payment", {"amount": 1250}, {"amount": 1250, "payer": "John Smith"}, "payer_of_family"),
        ("payment", {"amount": 1250}, {"amount": 1250, "currency": "EUR"}, "currency_paid"),
        ("payment", {"amount": 1250}, {"amount": 900}, "amount_paid"),
    ],
)
def test_one_of_two_papers_contradicts(
    kind: str, good: dict[str, Any], bad: dict[str, Any], told: str, turned: bool
) -> None:
    second = {"payment": {"payment_id": "P2"}}.get(kind, {})
    rows = two(kind, bad, good | second) if turned else two(kind, good, bad | second)
    weights = {"weight_g": 200} if kind == "shipment" else {}
    rows[kind] = [row | weights for row in rows[kind]]
    assert verified(facts(**rows))["A1"][1] == (told,)


def test_of_three_payers_the_stranger_is_shown(book: Book) -> None:
    third = {"amount": 833}
    rows = two("payment", {"amount": 834, "payer": "Anna B"}, third | {"payment_id": "P2", "payer": "M. Smith"})
    rows["payment"][0] |= {"payer": "Mary Smith"}
    rows["payment"].append(rows["payment"][0] | third | {"payment_id": "P3", "payer": "Ivan Orlov"})
    rows["payment"].append(rows["payment"][0] | {"amount": 0, "payment_id": "P4", "payer": "Zzz Smith Mary"})
    (fault,) = trade(prepare(facts(**rows)), book, "A1").faults
    assert (fault.rule, [s.text for s in fault.said]) == ("payer_not_buyer", ["Mary Smith", "Ivan Orlov"])


def test_the_business_among_several_payers() -> None:
    rows = two("payment", {"amount": 1250}, {"payment_id": "P2", "amount": 1250, "payer": "深圳远山户外"})
    assert verified(facts(**rows), own="深圳远山户外用品有限公司")["A1"] == ("suspicious", ("payer_is_seller",))


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ([-2500], ()),  # all of it
        ([-500], ()),  # a fifth
        ([-500, -300], ()),
    ],
)
def test_money_that_went_back_is_no_payment(back: list[int], told: tuple[str, ...]) -> None:
    rows = papers()
    paid = rows["payment"][0]
    refunds = [
        paid | {"payment_id": f"R{i}", "amount": amount, "paid_at": at("2026-03-20")} for i, amount in enumerate(back)
    ]
    assert verified(facts(**rows | {"payment": [paid, *refunds]}))["A1"][1] == told


def test_a_cancelled_order_is_paid_back_or_contradicted() -> None:
    rows = papers(order__status="cancelled") | {"shipment": [], "customs": []}
    paid = rows["payment"][0]
    assert verified(facts(**rows))["A1"] == ("contradicted", ("cancelled_paid",))
    back = paid | {"payment_id": "R1", "amount": -2500}
    assert verified(facts(**rows | {"payment": [paid, back]}))["A1"] == ("verified", ())
    back["amount"] = -1000
    assert verified(facts(**rows | {"payment": [paid, back]}))["A1"] == ("contradicted", ("cancelled_paid",))


def test_paid_twice_and_once_paid_back() -> None:
    rows = papers()
    paid = rows["payment"][0]
    rows["payment"] = [paid, paid | {"payment_id": "P2"}]
    assert verified(facts(**rows))["A1"] == ("suspicious", ("paid_twice",))
    rows["payment"].append(paid | {"payment_id": "R1", "amount": -2500})
    assert verified(facts(**rows))["A1"] == ("verified", ())


def test_an_order_that_waits_for_its_payment() -> None:
    nothing: Rows = {"payment": [], "shipment": [], "customs": []}
    told = {s: verified(facts(**papers(order__status=s) | nothing))["A1"] for s in ("pending", "failed", "cancelled")}
    assert told == {
        "pending": ("incomplete", ("no_payment",)),
        "failed": ("verified", ()),
        "cancelled": ("verified", ()),
    }
    sent: Rows = {"payment": []}
    assert verified(facts(**papers(order__status="failed") | sent))["A1"] == ("incomplete", ("no_payment",))


def test_a_second_parcel_that_several_buyers_share() -> None:
    first, second = (
        papers("A1"),
        papers(
            "A2",
            order__consignee="Ivan Orlov",
            shipment__consignee="Ivan Orlov",
            order__placed_at=at("2026-03-01 05:00"),
        ),
    )
    rows = {kind: first[kind] + second[kind] for kind in first}
    for row in rows["shipment"]:
        row["weight_g"] = 200
    rows["shipment"] += [row | {"tracking": "YT-Z"} for row in rows["shipment"]]
    found = verified(facts(**rows))
    assert {rules for _, rules in found.values()} == {("tracking_shared_in_part",)}


def test_one_of_two_lists_refused_and_sent_again() -> None:
    rows = papers()
    listed = rows["customs"][0]
    rows["customs"] = [listed, listed | {"declaration": "L-2"}]
    answer = {"document": "603", "order_id": None, "returned_at": at("2026-03-02")}
    refused = answer | {"number": "L-A1", "state": "refused", "code": "120"}
    rows["customs_return"] = [refused, answer | {"number": "L-2", "state": "pending", "code": "2"}]
    told = verified(facts(**rows))["A1"]
    assert {"customs_refused", "quantity_declared"} <= set(told[1])  # both stand: goods are declared twice
    rows["customs_return"] = [refused, answer | {"number": "L-2", "state": "released", "code": "800"}]
    assert verified(facts(**rows))["A1"] == ("verified", ())


def test_an_invoice_that_corrects_another() -> None:
    invoice = {"invoice_id": "I1", "order_id": "A1", "amount": 3000, "currency": "USD", "buyer": "Mary Smith"}
    rows: Rows = papers() | {"invoice": [invoice, invoice | {"invoice_id": "I2", "amount": 2500, "corrects": "I1"}]}
    assert verified(facts(**rows))["A1"] == ("verified", ())
    rows["invoice"][1] |= {"amount": -500}  # a credit note
    assert verified(facts(**rows))["A1"] == ("verified", ())
    rows["invoice"][1] |= {"amount": 500, "corrects": None}
    assert verified(facts(**rows))["A1"] == ("contradicted", ("amount_invoiced",))


def test_what_is_not_known_is_not_one_and_not_nothing() -> None:
    rows = papers(order_item__quantity=None, customs__quantity=2)
    assert verified(facts(**rows))["A1"] == ("verified", ())
    rows = two("customs", {"amount": 2450}, {"title": "b", "amount": None, "quantity": None})
    assert verified(facts(**rows))["A1"] == ("verified", ())
