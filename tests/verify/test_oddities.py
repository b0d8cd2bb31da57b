"""Honest oddities that must not be called, each beside the fault that it looks like, written by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.verify.facts_of import at, day
from tests.verify.test_patterns import Rows, invoice, many, one, told, usual

OWN = "Yuanshan Outdoor Ltd"


def added(rows: Rows, kind: str, **changed: Any) -> Rows:
    """The same with another row like the last of a kind."""
    return rows | {kind: [*rows[kind], rows[kind][-1] | changed]}


@pytest.mark.parametrize(
    ("first", "second", "called"),
    [
        ("INV-0012", "inv 0012", True),
        ("INV-0012", "ＩＮＶ－００１２", True),
        ("INV-0012", "INV0012", True),
        ("0012", "12", True),
        ("2025-1-12", "2025-11-2", False),
        ("INV-0012", "INV-0013", False),
    ],
)
def test_one_number_in_several_writings(first: str, second: str, called: bool) -> None:
    a, b = invoice(0, first), invoice(1, second, on="2026-03-04")
    found = told(many(one(0), one(1), a, b))
    assert all(("invoice_reused" in names) is called for names in found.values())


@pytest.mark.parametrize("second", ["p-a0", " P-A0", "P A0"])
def test_one_payment_in_several_writings(second: str) -> None:
    found = told(many(one(0), one(1, payment__payment_id=second)))
    assert all("payment_reused" in names for names in found.values())


@pytest.mark.parametrize("second", ["yt-a0", "YT A0"])
def test_one_waybill_and_one_list_in_several_writings(second: str) -> None:
    other = one(1, shipment__tracking=second, customs__tracking=second, customs__declaration="l a0")
    found = told(many(one(0), other))
    assert all("tracking_reused" in names for names in found.values())
    assert not any("list_reused" in names for names in found.values())  # one waybill, written in two ways
    found = told(many(one(0), one(1, customs__declaration="l a0")))
    assert all("list_reused" in names for names in found.values())


def events(tracking: str, sent: str, arrived: str, country: str) -> list[dict[str, Any]]:
    return [
        {"tracking": tracking, "event": "in_transit", "happened_at": at(sent), "country": "CN"},
        {"tracking": tracking, "event": "delivered", "happened_at": at(arrived), "country": country},
    ]


def test_a_carrier_gives_a_number_again_after_a_year() -> None:
    old = one(0, days=-400)
    new = one(1, shipment__tracking="YT-A0", customs__tracking="YT-A0", shipment__country="DE", order__country="DE")
    new["payment"][0]["payer_country"] = "DE"
    way = [*events("YT-A0", "2025-01-27", "2025-02-05", "US"), *events("YT-A0", "2026-03-02", "2026-03-12", "DE")]
    assert told(many(old, new, {"tracking": way})) == {"A0": set(), "A1": set()}


def test_events_of_an_old_parcel_are_no_proof_of_a_new_one() -> None:
    way = {"tracking": events("YT-A1", "2025-01-27", "2025-02-05", "DE")}
    assert told(many(one(1), way))["A1"] >= {"delivered_before_shipped", "delivered_elsewhere"}


def test_goods_that_came_back_are_no_second_delivery() -> None:
    rows = one(0)
    back = {"tracking": "RT-1", "shipped_at": at("2026-03-20"), "delivered_at": at("2026-04-02"), "country": "CN"}
    assert told(added(rows, "shipment", **back, consignee=OWN, origin="US"), own=OWN) == {"A0": set()}
    assert told(added(rows, "shipment", **back, consignee="Returns desk", origin="US"), own=OWN) == {"A0": set()}
    elsewhere = told(added(rows, "shipment", **back, consignee="Karim Aziz", origin="CN"), own=OWN)["A0"]
    assert elsewhere >= {"country_parcel", "consignee_parcel"}


def resent(rows: Rows, *, lost: bool = True) -> Rows:
    rows = added(rows, "shipment", tracking="YT-NEW", shipped_at=at("2026-03-25"), delivered_at=at("2026-04-05"))
    rows["shipment"][0]["delivered_at"] = None
    rows = added(rows, "customs", declaration="L-NEW", tracking="YT-NEW", declared_on=day("2026-03-25"))
    if lost:
        way = {"tracking": "YT-A0", "event": "lost", "happened_at": at("2026-03-20")}
        rows |= {"tracking": [way, *events("YT-NEW", "2026-03-26", "2026-04-05", "US")]}
    return rows


def test_what_was_lost_and_sent_anew_counts_once() -> None:
    assert told(resent(one(0))) == {"A0": set()}
    twice = told(resent(one(0), lost=False))["A0"]
    assert twice >= {"amount_declared", "quantity_declared"}


def part(**changed: Any) -> Rows:
    heavy = {"order_item__quantity": 3, "product__weight_kg": "1.000", "shipment__weight_g": 2100}
    listed = {"customs__quantity": 2, "customs__amount": 1667, "customs__weight_g": 2100}
    return one(0, **(heavy | listed | changed))


def test_a_part_sent_and_the_rest_paid_back() -> None:
    back = {"payment_id": "P-A0R", "amount": -833, "paid_at": at("2026-03-04")}
    assert told(part()) == {"A0": {"sent_in_part"}}
    assert told(added(part(), "payment", **back)) == {"A0": set()}
    light = {"product__weight_kg": "0.060", "shipment__weight_g": 230, "customs__weight_g": 230}
    assert told(added(part(**light), "payment", **back)) == {"A0": set()}
    assert "quantity_declared" in told(part(**light))["A0"]
    assert told(added(part(), "payment", **back | {"amount": -100})) == {"A0": {"sent_in_part"}}


def test_orders_in_one_parcel_that_each_gives_the_weight_of() -> None:
    def packed(n: int, grams: int, whole: int) -> Rows:
        way = {"shipment__tracking": "YT-A0", "customs__tracking": "YT-A0"}
        return one(n, days=n / 12, name=NAME, shipment__weight_g=whole, customs__weight_g=grams, **way)

    # two lamps of 300 g, packed in 730 g; the lists say 400 and 330
    assert told(many(packed(0, 400, 730), packed(1, 330, 730))) == {"A0": set(), "A1": set()}
    heavy = told(many(packed(0, 400, 2900), packed(1, 330, 2900)))
    assert all(names >= {"weight_declared", "weight_impossible"} for names in heavy.values())


NAME = "Rhea Galloway"


@pytest.mark.parametrize("label", ["Rhea Galloway c/o Alpine Trading GmbH", "Rhea Galloway (care of Eagle Ltd)"])
def test_in_care_of_a_firm(label: str) -> None:
    assert told(one(0, name=NAME, shipment__consignee=label)) == {"A0": set()}
    assert "consignee_parcel" in told(one(0, name="Iris Beaumont", shipment__consignee=label))["A0"]


def test_a_discount_that_the_order_shows() -> None:
    cheap = {"order__total": 1125, "payment__amount": 1125, "customs__amount": 1125}
    sale = told(many(*usual(), one(0, **cheap, order__discount=1375)))["A0"]
    assert sale == set()
    assert told(many(*usual(), one(0, **cheap)))["A0"] >= {"price_out_of_range", "declared_below_range"}
    lower = told(many(*usual(), one(0, **cheap | {"customs__amount": 300}, order__discount=1375)))["A0"]
    assert "declared_below_range" in lower
    given = {"order__total": 250, "payment__amount": 250, "customs__amount": 250, "order__discount": 2250}
    assert "price_out_of_range" in told(many(*usual(), one(0, **given)))["A0"]


@pytest.mark.parametrize("place", ["Amazon Hub Counter, 8912 Hazel Court", "Post Office, 2724 Oak Street"])
def test_a_counter_where_parcels_are_fetched(place: str) -> None:
    def many_at(address: str) -> set[str]:
        rows = many(*(one(n, days=n, order__address=address) for n in range(8)))
        return set().union(*told(rows).values())

    assert many_at(place) == set()
    assert "many_at_one_address" in many_at("8912 Hazel Court")


def test_a_spouse_who_pays_is_asked_for_and_a_stranger_contradicts() -> None:
    from tests.verify.facts_of import facts, verified

    spouse = verified(facts(**one(0, name=NAME, payment__payer="Martin Galloway")))["A0"]
    assert spouse == ("incomplete", ("payer_of_family",))
    assert verified(facts(**one(0, name=NAME, payment__payer="Ursula Brockmann")))["A0"][0] == "suspicious"


def test_days_apart() -> None:
    """The number of a parcel half a year ago is still the same parcel's."""
    late = one(1, days=170, shipment__tracking="YT-A0", customs__tracking="YT-A0")
    assert all("tracking_reused" in names for names in told(many(one(0), late)).values())
    assert late["order"][0]["placed_at"] - one(0)["order"][0]["placed_at"] == timedelta(days=170)


def repaid(rows: Rows, amount: int = -2500, **changed: Any) -> Rows:
    number = rows["payment"][0]["payment_id"] + "R"
    return added(rows, "payment", **{"payment_id": number, "amount": amount, "paid_at": at("2026-03-20")} | changed)


def test_money_that_went_back_to_another() -> None:
    assert told(repaid(one(0, name=NAME))) == {"A0": set()}
    assert told(repaid(one(0, name=NAME), payer="GALLOWAY, Rhea")) == {"A0": set()}
    assert told(repaid(one(0, name=NAME), payer=OWN, payee=NAME), own=OWN) == {"A0": set()}
    assert told(repaid(one(0, name=NAME), payer="Ivan Orlov")) == {"A0": {"refunded_to_another"}}
    assert told(repaid(one(0, name=NAME), payer=OWN, payee="Ivan Orlov"), own=OWN) == {"A0": {"refunded_to_another"}}


def test_a_buyer_who_is_always_paid_back() -> None:
    again = [one(n, days=17 * n + n * n, name=NAME, order__phone="+1 555 0102030") for n in range(6)]
    found = told(many(*(repaid(t, paid_at=t["payment"][0]["paid_at"] + timedelta(days=9)) for t in again)))
    assert all("paid_back_again" in names for names in found.values())
    some = [
        repaid(t, paid_at=t["payment"][0]["paid_at"] + timedelta(days=9)) if n < 3 else t for n, t in enumerate(again)
    ]
    assert not any("paid_back_again" in names for names in told(many(*some)).values())


def shop() -> list[Rows]:
    """Five products of 25 dollars, each sold twenty times."""
    return [one(100 + n, days=n / 9, name=f"Buyer{n} Nr{n}son", order_item__item=f"SKU{n % 5}") for n in range(100)]


def test_goods_that_the_business_does_not_deal_in() -> None:
    bar = {"order_item__item": "AU-BAR", "order_item__title": "Gold bar 100 g", "customs__item": "AU-BAR"}

    def sold(total: int) -> set[str]:
        paid = {"order__total": total, "payment__amount": total, "customs__amount": total}
        rows = many(*shop(), without_weights(one(0, **bar, **paid)))
        return told(rows)["A0"] & {"goods_off_business"}

    assert sold(980_000) == {"goods_off_business"}
    assert sold(4_900) == set()


def without_weights(rows: Rows) -> Rows:
    return {kind: part for kind, part in rows.items() if kind != "product"}


@pytest.mark.parametrize(
    ("title", "called"),
    [("Gift, no commercial value", True), ("Plastic toys", True), ("Lamp with USB", False), ("LAMP", False)],
)
def test_goods_declared_under_another_name(title: str, called: bool) -> None:
    rows = many(*usual(customs__title="Camp lamp"), one(0, customs__title=title))
    assert ("declared_title" in told(rows)["A0"]) is called
