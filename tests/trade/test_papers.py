"""Papers: all of them, a row each; refunds on the day of their own event; the last answer of customs."""

from __future__ import annotations

from datetime import date

import pytest

from tests.trade.making import at, traded

ORDER = {"account": "shop", "order_id": "A1", "placed_at": at("2026-03-01 10:00"), "currency": "USD", "total": 2500}


def line(kind: str, amount: int, day: str, reference: str, **more: object) -> dict[str, object]:
    return {
        "account": "shop",
        "order_id": "A1",
        "kind": kind,
        "amount": amount,
        "currency": "USD",
        "day": date.fromisoformat(day),
        "posted_at": at(day),
        "reference": reference,
        "type": kind,
    } | more


def test_a_payment_for_several_orders_says_nothing_of_each_part() -> None:
    pays = [
        {"payment_id": "P1", "order_id": "A1;A2、A3", "amount": 9000, "currency": "USD"},
        {"payment_id": "P2", "order_id": "A4", "amount": 1000, "currency": "USD"},
    ]
    found = traded(payment=pays).rows("SELECT order_id, together, amount, amount_whole FROM payments ORDER BY order_id")
    assert [(r["order_id"], r["together"], r["amount"], r["amount_whole"]) for r in found] == [
        ("A1", 3, None, 9000),
        ("A2", 3, None, 9000),
        ("A3", 3, None, 9000),
        ("A4", 1, 1000, 1000),
    ]


def test_refunds_stand_on_their_own_days_and_lead_to_the_original() -> None:
    rows = [
        line("sale", 2500, "2026-03-02", "T1"),
        line("refund", -500, "2026-03-20", "T2", related="T1"),
        line("refund", -700, "2026-04-02", "T3", related="T1"),
        line("chargeback", -1300, "2026-05-01", "T4"),
    ]
    found = traded(order=[ORDER], settlement=rows).rows("SELECT * FROM refunds ORDER BY refunded_on")
    assert [(r["amount"], str(r["refunded_on"]), r["kind"], r["original"], r["told_by"]) for r in found] == [
        (500, "2026-03-20", "refund", "T1", "settlement"),
        (700, "2026-04-02", "refund", "T1", "settlement"),
        (1300, "2026-05-01", "chargeback", None, "settlement"),
    ]
    assert {r["original_at"] for r in found} == {ORDER["placed_at"]}


def test_one_refund_told_by_three_papers_is_one_refund() -> None:
    order = ORDER | {"refunded": 500}
    back = {"payment_id": "P9", "order_id": "A1", "amount": -500, "currency": "USD", "paid_at": at("2026-03-21")}
    settled = [line("refund", -500, "2026-03-20", "T2")]
    assert len(traded(order=[order], payment=[back], settlement=settled).rows("SELECT * FROM refunds")) == 1
    (found,) = traded(order=[order], payment=[back]).rows("SELECT * FROM refunds")
    assert (found["told_by"], found["account"], str(found["refunded_on"])) == ("payment", "shop", "2026-03-21")
    (found,) = traded(order=[order]).rows("SELECT * FROM refunds")
    assert (found["told_by"], found["amount"], found["refunded_on"]) == ("order", 500, None)  # the day is not known


def test_a_refund_beside_other_refunds_of_the_order_is_one_more() -> None:
    # two settled refunds of 5.00, and 15.00 that the bank paid back half a year later
    settled = [line("refund", -500, "2026-03-20", "T2"), line("refund", -500, "2026-04-20", "T3")]
    back = [
        {"payment_id": p, "order_id": "A1", "amount": a, "currency": "USD", "paid_at": at(d)}
        for p, a, d in (("P8", -500, "2026-03-21"), ("P9", -1500, "2026-10-02"))
    ]
    found = traded(order=[ORDER], payment=back, settlement=settled).rows("SELECT * FROM refunds ORDER BY refunded_on")
    assert [(r["amount"], str(r["refunded_on"]), r["told_by"]) for r in found] == [
        (500, "2026-03-20", "settlement"),
        (500, "2026-04-20", "settlement"),
        (1500, "2026-10-02", "payment"),
    ]


def test_what_the_order_says_beyond_the_refunds_that_are_told_has_no_day() -> None:
    order = ORDER | {"refunded": 900}
    found = traded(order=[order], settlement=[line("refund", -500, "2026-03-20", "T2")]).rows(
        "SELECT * FROM refunds ORDER BY refunded_on"
    )
    assert [(r["amount"], r["told_by"], r["refunded_on"] and str(r["refunded_on"])) for r in found] == [
        (500, "settlement", "2026-03-20"),
        (400, "order", None),
    ]


def test_one_refund_for_several_orders_says_nothing_of_each_part() -> None:
    other = ORDER | {"order_id": "A2"}
    back = [{"payment_id": "P9", "order_id": "A1,A2", "amount": -600, "currency": "USD", "paid_at": at("2026-10-02")}]
    found = traded(order=[ORDER, other], payment=back).rows("SELECT * FROM refunds ORDER BY order_id")
    assert [(r["order_id"], r["amount"], r["amount_whole"]) for r in found] == [("A1", None, 600), ("A2", None, 600)]


def test_money_paid_back_is_no_payment() -> None:
    rows = [
        {"payment_id": "P1", "order_id": "A1", "amount": 2500, "currency": "USD"},
        {"payment_id": "P2", "order_id": "A1", "amount": -500, "currency": "USD", "original": "P1"},
    ]
    database = traded(order=[ORDER], payment=rows)
    assert [r["amount"] for r in database.rows("SELECT amount FROM payments")] == [2500]
    assert database.rows("SELECT amount, original FROM refunds") == [{"amount": 500, "original": "P1"}]


def test_declarations_carry_the_last_answer_on_their_list() -> None:
    declared = [
        {"order_id": o, "declaration": d, "declared_on": date(2026, 3, 2), "amount": 100, "currency": "USD", "item": i}
        for o, d, i in (("A1", "L1", "X"), ("A1", "L1", "Y"), ("A2", "L2", "X"), ("A3", "L3", "X"))
    ]
    answers = [
        {
            "message": "604",
            "document": "603",
            "reference": "A1",
            "order_id": "A1",
            "number": "L1",
            "state": s,
            "code": c,
            "returned_at": at(day),
        }
        for s, c, day in (("accepted", "120", "2026-03-03"), ("refused", "100", "2026-03-05"))
    ] + [
        {
            "message": "606",
            "document": "605",
            "reference": "A2",
            "order_id": "A2",
            "number": "L2",
            "state": "accepted",
            "code": "399",
            "returned_at": at("2026-03-09"),
        }
    ]
    found = traded(customs=declared, customs_return=answers).rows("SELECT * FROM declarations ORDER BY line")
    assert [(r["order_id"], r["item"], r["answer"], r["cancelled"]) for r in found] == [
        ("A1", "X", "refused", False),
        ("A1", "Y", "refused", False),
        ("A2", "X", None, True),
        ("A3", "X", None, False),
    ]


def test_every_parcel_stands_with_its_own_way() -> None:
    sent = [{"order_id": "A1", "tracking": t, "country": c} for t, c in (("T1", "US"), ("T2", "DE"))]
    events = [
        {"tracking": "T1", "happened_at": at("2026-03-03"), "event": "accepted", "country": "CN"},
        {"tracking": "T1", "happened_at": at("2026-03-12"), "event": "delivered", "country": "US"},
        {"tracking": "T2", "happened_at": at("2026-03-02"), "event": "announced"},
    ]
    found = traded(shipment=sent, tracking=events).rows("SELECT * FROM parcels ORDER BY tracking")
    assert [(r["country"], r["handed_country"], r["ended"], r["silent"]) for r in found] == [
        ("US", "US", "delivered", False),
        ("DE", None, None, True),
    ]


def test_codes_of_countries_stand_in_capitals() -> None:
    """Whatever each file writes: else one country is two, and papers that say the same differ."""
    database = traded(
        order=[{"account": "shop", "order_id": "A1", "country": "de"}],
        payment=[{"payment_id": "P1", "order_id": "A1", "payer_country": "De", "amount": 100}],
        shipment=[{"order_id": "A1", "tracking": "T1", "country": " de"}],
        customs=[{"order_id": "A1", "declaration": "L1", "country": "DE", "destination": "de "}],
    )
    for table, column in (
        ("orders", "country"),
        ("payments", "payer_country"),
        ("parcels", "country"),
        ("declarations", "country"),
        ("declarations", "destination"),
    ):
        assert [r[column] for r in database.rows(f"SELECT {column} FROM {table}")] == ["DE"], table


@pytest.mark.parametrize("turned", [False, True])
def test_of_answers_of_one_second_the_refusal_and_the_farther_step_stand(turned: bool) -> None:
    """Customs tells several steps within a second, and their order in a file says nothing."""
    said = {
        "L1": [("accepted", "120"), ("refused", "100")],
        "L2": [("pending", "3"), ("accepted", "120"), ("released", "800"), ("held", "500")],
        "L3": [("pending", "2"), ("refused", "-301")],
    }
    answers = [
        {"message": "604", "document": "603", "reference": n, "number": n, "state": s, "code": c}
        | {"returned_at": at("2026-03-03 10:00:01")}
        for n, steps in said.items()
        for s, c in steps
    ]
    gone = {"message": "606", "document": "605", "reference": "L2", "number": "L2", "state": "accepted", "code": "399"}
    answers.append(gone | {"number": "L4", "returned_at": at("2026-03-03 10:00:01")})
    answers.append(answers[1] | {"state": "released", "code": "899", "number": "L4"})
    declared = [
        {"order_id": n, "declaration": n, "declared_on": date(2026, 3, 2), "amount": 100, "currency": "USD"}
        for n in ("L1", "L2", "L3", "L4")
    ]
    found = traded(customs=declared, customs_return=answers[::-1] if turned else answers).rows(
        "SELECT * FROM declarations ORDER BY order_id"
    )
    assert [(r["answer"], r["answer_code"], r["cancelled"]) for r in found] == [
        ("refused", "100", False),
        ("released", "800", False),
        ("refused", "-301", False),
        ("released", "899", True),
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_parcel_that_came_back_on_the_day_it_was_handed_over_came_back(turned: bool) -> None:
    """Trackers that tell the day alone: both events are of one moment."""
    events = [
        {"tracking": t, "happened_at": at("2026-03-12"), "event": e, "country": c}
        for t, e, c in (
            ("T1", "delivered", "US"),
            ("T1", "returned", "US"),
            ("T2", "lost", "US"),
            ("T2", "delivered", "US"),
            ("T3", "delivered", "US"),
        )
    ]
    events.append({"tracking": "T3", "happened_at": None, "event": "returned", "country": "CN"})
    sent = [{"order_id": t, "tracking": t} for t in ("T1", "T2", "T3")]
    found = traded(shipment=sent, tracking=events[::-1] if turned else events).rows(
        "SELECT * FROM parcels ORDER BY tracking"
    )
    assert [r["ended"] for r in found] == ["returned", "lost", "delivered"]
