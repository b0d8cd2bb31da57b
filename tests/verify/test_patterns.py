"""Typologies: for each rule a case that must be called and a legitimate oddity that must not, written by hand from what
the publication that the rule cites describes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crossbook.verify.rules import rules
from tests.verify.facts_of import at, day, facts, papers, verified

Rows = dict[str, list[dict[str, Any]]]
NAMES = [
    "Mary Smith",
    "Иван Петров",
    "김민준",
    "محمد علي",
    "Γιώργος Παππάς",
    "דוד כהן",
    "สมชาย ใจดี",
    "Ursula Brockmann",
    "Chidi Okafor",
    "Linnea Dahlqvist",
]


def one(n: int = 0, *, days: float = 0, **changed: Any) -> Rows:
    """Trade number `n` of a buyer of his own, everything `days` later."""
    name = changed.pop("name", NAMES[n % len(NAMES)])
    people = ("order__buyer", "order__consignee", "payment__payer", "shipment__consignee")
    rows = papers(f"A{n}", **(dict.fromkeys(people, name) | changed))
    later = timedelta(days=days)
    for kind, column in (
        ("order", "placed_at"),
        ("payment", "paid_at"),
        ("shipment", "shipped_at"),
        ("shipment", "delivered_at"),
        ("customs", "declared_on"),
    ):
        for row in rows.get(kind, []):
            if row.get(column) is not None and f"{kind}__{column}" not in changed:
                row[column] += later
    return rows


def many(*trades: Rows) -> Rows:
    kinds = {kind for t in trades for kind in t}
    return {kind: [row for t in trades for row in t.get(kind, [])] for kind in kinds}


def told(rows: Rows, own: str = "") -> dict[str, set[str]]:
    return {order: set(names) for order, (_, names) in verified(facts(**rows), own=own).items()}


def usual(count: int = 24, first: int = 100, **changed: Any) -> list[Rows]:
    """Trades that make a price, a mode, a carrier usual: each with a buyer of his own, a day apart."""
    return [one(first + i, days=i, name=f"Buyer{chr(97 + i)} Nr{chr(97 + i)}son", **changed) for i in range(count)]


def invoice(n: int, number: str, amount: int = 2500, on: str = "2026-03-01", buyer: str | None = None) -> Rows:
    row = {"invoice_id": number, "order_id": f"A{n}", "amount": amount, "currency": "USD", "issued_on": day(on)}
    return {"invoice": [row | {"buyer": buyer}]}


def refund(n: int, amount: int, number: str = "R1", **changed: Any) -> Rows:
    row = one(n)["payment"][0] | {"payment_id": number, "amount": -amount, "paid_at": at("2026-03-09")}
    return {"payment": [row | changed]}


def event(n: int, what: str = "in_transit") -> Rows:
    return {"tracking": [{"tracking": f"YT-A{n}", "event": what, "happened_at": at("2026-03-05")}]}


def without(rows: Rows, *kinds: str) -> Rows:
    return {kind: told for kind, told in rows.items() if kind not in kinds}


def rhythm(hours: list[float], **changed: Any) -> Rows:
    return many(*(one(i, days=h / 24, name="Rhea Galloway", **changed) for i, h in enumerate(hours)))


def at_home(count: int, address: str, names: list[str] | None = None) -> Rows:
    names = names or NAMES
    return many(*(one(i, days=i, name=names[i], order__address=address) for i in range(count)))


def sized(total: int, n: int, days: float, name: str = "Roderick Ashdown", **more: Any) -> Rows:
    return one(
        n,
        days=days,
        name=name,
        order__total=total,
        payment__amount=total,
        customs__amount=total,
        **more,
    )


# A rule, a case that it must call with the orders that it calls, and one that looks like it and is right.
CASES: list[tuple[str, Callable[[], Rows], set[str]]] = [
    (
        "payment_reused",
        lambda: many(one(0), one(1, days=3, payment__payment_id="P-A0")),
        {"A0", "A1"},
    ),
    ("invoice_reused", lambda: many(one(0), one(1), invoice(0, "I-7"), invoice(1, "I-7")), {"A0", "A1"}),
    ("invoiced_twice", lambda: many(one(0), invoice(0, "I-1"), invoice(0, "I-2")), {"A0"}),
    (
        "parcel_of_many",
        lambda: many(
            *(
                one(i, days=i, name="Rhea Galloway", shipment__tracking="YT-1", customs__tracking="YT-1")
                for i in range(6)
            )
        ),
        {f"A{i}" for i in range(6)},
    ),
    (
        "sent_in_part",
        lambda: one(
            0,
            order_item__quantity=3,
            order__total=7500,
            payment__amount=7500,
            customs__amount=4900,
            customs__quantity=2,
            shipment__weight_g=700,
            customs__weight_g=700,
        ),
        {"A0"},
    ),
    (
        "tracking_shared_in_part",
        lambda: many(
            one(0),
            one(1, days=2),
            {"shipment": [one(n)["shipment"][0] | {"tracking": "YT-9"} for n in (0, 1)]},
        ),
        {"A0", "A1"},
    ),
    ("declared_above_range", lambda: many(*usual(), one(0, customs__amount=9000)), {"A0"}),
    ("declared_below_range", lambda: many(*usual(), one(0, customs__amount=300)), {"A0"}),
    (
        "paid_never_shipped",
        lambda: many(*usual(), without(one(0), "shipment", "customs"), one(50, days=120)),
        {"A0"},
    ),
    (
        "parcel_never_scanned",
        lambda: many(*usual(), *(event(100 + i) for i in range(24)), one(0), one(50, days=60)),
        {"A0"},
    ),
    (
        "listed_country",
        lambda: one(0, payment__payer_country="IR", order__country="IR", shipment__country="IR"),
        {"A0"},
    ),
    (
        "payer_monitored",
        lambda: one(0, order__consignee="Ivan Orlov", shipment__consignee="Ivan Orlov", payment__payer_country="VE"),
        {"A0"},
    ),
    (
        "payer_of_many",
        lambda: many(*(one(i, days=i, payment__payer_account="GB33BUKB20201555555555") for i in range(3))),
        {"A0", "A1", "A2"},
    ),
    ("many_at_one_address", lambda: at_home(5, "12 Elm Street, Springfield"), {f"A{i}" for i in range(5)}),
    (
        "many_at_one_phone",
        lambda: many(*(one(i, days=i, order__phone="+1 (555) 010-2030") for i in range(4))),
        {f"A{i}" for i in range(4)},
    ),
    ("steady_rhythm", lambda: rhythm([0, 168, 336, 505, 672]), {f"A{i}" for i in range(5)}),
    (
        "below_limit",
        lambda: many(*(sized(980_000, i, 3 * i) for i in range(4))),
        {f"A{i}" for i in range(4)},
    ),
    ("payee_own_elsewhere", lambda: one(0, payment__payee="Yuanshan Gear (HK) Limited"), {"A0"}),
    ("payee_own_elsewhere", lambda: one(0, payment__payee="Shenzhen Yuanshan Outdoor (Hong Kong) Ltd"), {"A0"}),
    ("payee_own_elsewhere", lambda: one(0, payment__payee="远山户外（香港）有限公司"), {"A0"}),
    (
        "parcel_never_scanned",
        lambda: many(*usual(60), one(0, shipment__delivered_at=None), one(50, days=120)),
        {"A0"},
    ),
    (
        "many_at_one_address",
        lambda: many(*(one(i, days=i, shipment__address="12 Elm Street, Springfield") for i in range(5))),
        {f"A{i}" for i in range(5)},
    ),
    ("payee_not_seller", lambda: one(0, payment__payee="Blue Harbour Holdings Ltd"), {"A0"}),
    ("payer_own_elsewhere", lambda: one(0, payment__payer="Yuanshan Gear (HK) Limited"), {"A0"}),
    ("declared_before_ordered", lambda: one(0, customs__declared_on=day("2026-02-20")), {"A0"}),
    ("invoiced_before_ordered", lambda: many(one(0), invoice(0, "I-1", on="2026-02-10")), {"A0"}),
    (
        "refunded_before_paid",
        lambda: many(
            one(0),
            {"payment": [one(0)["payment"][0] | {"payment_id": "R", "amount": -500, "paid_at": at("2026-02-20")}]},
        ),
        {"A0"},
    ),
    ("refunded_above_paid", lambda: many(one(0), refund(0, 2500), refund(0, 2500, "R2")), {"A0"}),
    ("refunded_in_another_currency", lambda: many(one(0), refund(0, 2300, currency="EUR")), {"A0"}),
    (
        "received_before_delivered",
        lambda: many(one(0), {"receipt": [{"order_id": "A0", "received_at": at("2026-03-05")}]}),
        {"A0"},
    ),
    (
        "goods_title",
        lambda: many(*usual(4), one(0, order_item__title="GPU accelerator card")),
        {"A0"},
    ),
    ("mode_unfit", lambda: one(0, customs__mode="9710"), {"A0"}),
    ("consignee_declared", lambda: one(0, customs__consignee="Ivan Orlov"), {"A0"}),
    ("country_declared", lambda: one(0, customs__destination="KZ"), {"A0"}),
]

OWN = "深圳市远山户外用品有限公司 (Shenzhen Yuanshan Outdoor)"
ODDITIES: list[tuple[str, str, Callable[[], Rows]]] = [
    (
        "payment_reused",
        "one payment for two orders of one buyer, told row by row",
        lambda: many(one(0), one(1, name=NAMES[0], payment__payment_id="P-A0")),
    ),
    (
        "payment_reused",
        "two institutions number their payments alike",
        lambda: many(one(0), one(1, days=3, payment__payment_id="P-A0", payment__institution="Other Pay")),
    ),
    (
        "invoice_reused",
        "one invoice for two orders of one buyer",
        lambda: many(
            one(0), one(1, name=NAMES[0]), invoice(0, "I-7", buyer=NAMES[0]), invoice(1, "I-7", buyer=NAMES[0])
        ),
    ),
    (
        "invoiced_twice",
        "an invoice, its credit note and a new one",
        lambda: many(one(0), invoice(0, "I-1"), invoice(0, "I-1C", amount=-2500), invoice(0, "I-2")),
    ),
    (
        "tracking_reused",
        "the consignee's name in two scripts",
        lambda: many(
            one(0, name="Иван Петров"),
            one(1, days=1, name="Ivan Petrov", shipment__tracking="YT-A0", customs__tracking="YT-A0"),
        ),
    ),
    (
        "tracking_reused",
        "a carrier gives a number out again after a year",
        lambda: many(one(0), one(1, days=500, shipment__tracking="YT-A0", customs__tracking="YT-A0")),
    ),
    (
        "tracking_reused",
        "two parcels of one order, each with its list",
        lambda: many(
            one(0, order_item__quantity=2, shipment__weight_g=350, customs__weight_g=350, customs__amount=1250),
            {
                "shipment": [one(0)["shipment"][0] | {"tracking": "YT-X", "weight_g": 350}],
                "customs": [
                    one(0)["customs"][0] | {"declaration": "L-X", "tracking": "YT-X", "weight_g": 350, "amount": 1250}
                ],
            },
        ),
    ),
    (
        "parcel_of_many",
        "two orders in one parcel that weighs as much as both",
        lambda: many(
            *(
                one(
                    i,
                    days=i / 4,
                    name="Rhea Galloway",
                    shipment__tracking="YT-1",
                    customs__tracking="YT-1",
                    shipment__weight_g=800,
                    customs__weight_g=800,
                )
                for i in range(2)
            )
        ),
    ),
    ("declared_below_range", "postage left out", lambda: many(*usual(), one(0, customs__amount=2200))),
    (
        "declared_above_range",
        "twelve of them",
        lambda: many(
            *usual(),
            one(
                0,
                order_item__quantity=12,
                order__total=30000,
                payment__amount=30000,
                customs__amount=30000,
                customs__quantity=12,
                shipment__weight_g=4000,
                customs__weight_g=4000,
            ),
        ),
    ),
    (
        "paid_never_shipped",
        "paid last week and not sent yet",
        lambda: many(*usual(), without(one(0, days=23), "shipment", "customs")),
    ),
    (
        "paid_never_shipped",
        "paid back",
        lambda: many(
            *usual(),
            without(one(0), "shipment", "customs"),
            {"payment": [one(0)["payment"][0] | {"payment_id": "R", "amount": -2500, "paid_at": at("2026-03-09")}]},
            one(50, days=120),
        ),
    ),
    ("parcel_never_scanned", "a carrier that nobody follows", lambda: many(*usual(), one(0), one(50, days=60))),
    (
        "parcel_never_scanned",
        "a parcel that its tracker lost, which the buyer confirmed",
        lambda: many(
            *usual(),
            *(event(100 + i) for i in range(24)),
            one(0),
            {"receipt": [{"order_id": "A0", "received_at": at("2026-03-20"), "tracking": "YT-A0"}]},
            one(50, days=60),
        ),
    ),
    ("listed_country", "before the country was listed", lambda: one(0, payment__payer_country="BA")),
    (
        "payer_monitored",
        "a buyer at home in a monitored country",
        lambda: one(0, payment__payer_country="VN", order__country="VN", shipment__country="VN"),
    ),
    (
        "payer_country",
        "a gift to a friend abroad",
        lambda: one(0, order__consignee="Ivan Orlov", shipment__consignee="Ivan Orlov", payment__payer_country="GB"),
    ),
    (
        "payer_of_many",
        "a masked card",
        lambda: many(*(one(i, days=i, payment__payer_account="************1111") for i in range(4))),
    ),
    (
        "payer_of_many",
        "the same card of a woman before and after she married, and with an initial",
        lambda: many(
            *(
                one(i, days=i, name=name, payment__payer_account="GB33BUKB20201555555555")
                for i, name in enumerate(("Anna Smith", "Anna Smith-Jones", "A. Smith"))
            )
        ),
    ),
    ("many_at_one_address", "a hotel in a street", lambda: at_home(6, "Hilltop Resort, 88 College Ave, Ithaca 14850")),
    ("many_at_one_address", "in care of", lambda: at_home(6, "c/o Ship2You Freight Forwarders, 12 Elm Street, Dover")),
    ("many_at_one_address", "a post office box", lambda: at_home(6, "PO Box 12, Springfield 10001")),
    ("many_at_one_address", "a pick-up point", lambda: at_home(6, "Pickup Point 12, Elm Street 7")),
    ("many_at_one_address", "a forwarder's warehouse", lambda: at_home(6, "美西集运仓库 12 号, 97230")),
    ("many_at_one_address", "a hotel", lambda: at_home(6, "Grand Hotel, 12 Elm Street, Springfield")),
    (
        "many_at_one_address",
        "a family",
        lambda: at_home(5, "12 Elm Street", [f"{n} Hollowell" for n in ("Ann", "Ben", "Carl", "Dora", "Eve")]),
    ),
    (
        "many_at_one_phone",
        "one buyer in four spellings",
        lambda: many(
            *(
                one(i, days=i, name=name, order__phone="+7 495 0102030")
                for i, name in enumerate(("Иван Петров", "Ivan Petrov", "ИВАН ПЕТРОВ", "Petrov Ivan"))
            )
        ),
    ),
    ("steady_rhythm", "one who buys again now and then", lambda: rhythm([0, 31, 400, 460, 1300])),
    (
        "steady_rhythm",
        "a common name",
        lambda: many(
            rhythm([0, 168, 336, 504]),
            *(
                one(
                    50 + i,
                    days=5 * i,
                    name="Rhea Galloway",
                    order__total=2600 + i,
                    payment__amount=2600 + i,
                    customs__amount=2600,
                )
                for i in range(6)
            ),
        ),
    ),
    ("below_limit", "three a year", lambda: many(*(sized(980_000, i, 110 * i) for i in range(3)))),
    (
        "below_limit",
        "three buyers",
        lambda: many(*(sized(980_000, i, i, name=NAMES[i]) for i in range(3))),
    ),
    ("payee_not_seller", "the business itself", lambda: one(0, payment__payee="Shenzhen Yuanshan Outdoor")),
    ("payee_not_seller", "the institution that collects", lambda: one(0, payment__payee="PayCo")),
    ("payer_own_elsewhere", "a person of that name", lambda: one(0, name="Li Yuanshan")),
    (
        "declared_before_ordered",
        "goods that were declared for a warehouse abroad",
        lambda: one(0, customs__mode="9810", customs__declared_on=day("2026-02-20")),
    ),
    (
        "invoiced_before_ordered",
        "on the eve, by another zone",
        lambda: many(one(0), invoice(0, "I-1", on="2026-02-28")),
    ),
    (
        "refunded_before_paid",
        "a refund a week later",
        lambda: many(
            one(0),
            {"payment": [one(0)["payment"][0] | {"payment_id": "R", "amount": -500, "paid_at": at("2026-03-09")}]},
        ),
    ),
    ("refunded_above_paid", "all of it, in two parts", lambda: many(one(0), refund(0, 500), refund(0, 2000, "R2"))),
    ("refunded_in_another_currency", "in the currency of the payment", lambda: many(one(0), refund(0, 500))),
    (
        "received_before_delivered",
        "confirmed an hour before the scan",
        lambda: many(one(0), {"receipt": [{"order_id": "A0", "received_at": at("2026-03-12 14:00")}]}),
    ),
    ("goods_title", "with its colour", lambda: many(*usual(4), one(0, order_item__title="Lamp, red (new)"))),
    (
        "goods_title",
        "an account that writes two languages",
        lambda: many(*usual(8), *usual(3, first=200, order_item__title="露营灯")),
    ),
    (
        "quantity_declared",
        "a part is sent first, with a list of its own",
        lambda: one(
            0,
            order_item__quantity=3,
            order__total=7500,
            payment__amount=7500,
            customs__amount=4900,
            customs__quantity=2,
            shipment__weight_g=700,
            customs__weight_g=700,
        ),
    ),
    ("sent_in_part", "all three in the parcel", lambda: one(0, order_item__quantity=3, shipment__weight_g=1000)),
    (
        "many_at_one_address",
        "guests send to one couple",
        lambda: many(
            *(
                one(i, days=i, order__address="12 Elm Street", order__consignee="Rhea Galloway", name=NAMES[i])
                for i in range(3)
            )
        ),
    ),
    ("payee_not_seller", "the institution under its full name", lambda: one(0, payment__payee="PayCo Payments Ltd")),
    ("mode_unfit", "a firm that buys", lambda: one(0, name="Nordic Camp AB", customs__mode="9710")),
    (
        "mode_unfit",
        "sold from a warehouse abroad",
        lambda: one(0, customs__mode="9810", customs__declared_on=day("2026-02-20"), customs__tracking="SEA-1"),
    ),
    ("consignee_declared", "in Latin letters", lambda: one(1, customs__consignee="Ivan Petrov")),
    ("country_declared", "the same", lambda: one(0, customs__destination="US")),
]


@pytest.mark.parametrize(("rule", "rows", "orders"), CASES, ids=[f"{i} {c[0]}" for i, c in enumerate(CASES)])
def test_what_must_be_called(rule: str, rows: Callable[[], Rows], orders: set[str]) -> None:
    assert {order for order, names in told(rows(), OWN).items() if rule in names} == orders


@pytest.mark.parametrize(("rule", "rows"), [(o[0], o[2]) for o in ODDITIES], ids=[f"{o[0]}: {o[1]}" for o in ODDITIES])
def test_what_only_looks_like_it(rule: str, rows: Callable[[], Rows]) -> None:
    assert {order for order, names in told(rows(), OWN).items() if rule in names} == set()


def test_a_rule_that_stands_in_the_second_word_is_set_aside_like_any_other() -> None:
    from crossbook.verify.verdicts import WORD, bit
    from tests.verify.facts_of import prepare

    late = next(r.name for i, r in enumerate(rules()) if i >= WORD)
    assert bit(late) >> WORD
    incomplete = without(one(0), "shipment", "customs")
    rule = "no_shipment"
    assert bit(rule) >> WORD
    database = prepare(facts(**incomplete), aside=[("A0", rule)])
    rows = database.rows("SELECT verdict FROM verify_finding WHERE rule = $rule", rule=rule)
    assert [r["verdict"] for r in rows] == ["set aside"]
    assert [r["verdict"] for r in database.rows("SELECT verdict FROM verdict")] == ["verified"]


STREETS = (
    "88 College Ave, Ithaca 14850",
    "5 Hotel Street, Honolulu 96813",
    "21 Warehouse Row, Dayton 45402",
    "6 Mailbox Way, Utica 13501",
    "55 Freight St, Newark 07102",
    "Campus Road 7, Leeds LS2 9JT",
)
WAYS = (
    "9 North Elm Street, Provo 84601",
    "9 N Elm St, Provo 84601",
    "9 N. Elm St., Provo, UT 84601",
    "9 north elm st Provo 84601",
    "No. 9 N Elm Street Provo 84601",
    "9 N ELM ST PROVO UT 84601",
)


@pytest.mark.parametrize("address", STREETS)
def test_a_street_is_not_what_it_is_called_after(address: str) -> None:
    told = verified(facts(**at_home(6, address)))
    assert all("many_at_one_address" in rules for _, rules in told.values()), told


def test_one_address_in_six_ways_is_one() -> None:
    """USPS Publication 28: street suffixes, directions and states have abbreviations."""
    rows = many(*(one(i, days=i, name=NAMES[i], order__address=way) for i, way in enumerate(WAYS)))
    assert all("many_at_one_address" in rules for _, rules in verified(facts(**rows)).values())
    others = (
        "9 N Elm St, Provo 84601",
        "9 S Elm St, Provo 84601",
        "9 N Elm St, Ogden 84401",
        "19 N Elm St, Provo 84601",
        "9 N Oak St, Provo 84601",
    )
    rows = many(*(one(i, days=i, name=NAMES[i], order__address=way) for i, way in enumerate(others)))
    assert not any("many_at_one_address" in rules for _, rules in verified(facts(**rows)).values())
