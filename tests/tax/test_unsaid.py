"""What a return could not count is named with its amount; refunds, days and places are those of trades."""

from __future__ import annotations

from typing import Any

import pytest

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.tax.desk import compute
from crossbook.tax.offices import office
from crossbook.tax.period import period
from crossbook.tax.returned import Return
from tests.tax.test_returns import CN, DECLARED, IDENTITIES, YUAN, opened, order, refund
from tests.verify.facts_of import at, day

GB = '[[tax.identities]]\ncountry = "GB"\nkind = "gb_vat"\nnumber = "GB980780684"\nfrom = 2024-01-01\n'


def ioss(book: Book, orders: list[dict[str, Any]], settings: str = IDENTITIES, **kinds: Any) -> Return:
    return compute(opened(book, settings, order=orders, **kinds), book, "ioss", period("2026-05"))


def figures(told: Return) -> list[tuple[str, int, str, int]]:
    return [(x.label, x.orders, x.period, x.tax) for x in told.lines]


GOOD = order(1, "2026-05-02", 11_900, "DE")


def test_states_that_are_no_sales(book: Book) -> None:
    states = ("voided", "cancelled", "expired", "unpaid", "pending", "zurückgestellt")
    orders = [GOOD, *(order(n, "2026-05-03", 2_380, "DE", status=s) for n, s in enumerate(states, start=2))]
    told = ioss(book, orders)
    assert figures(told) == [("DE", 1, "", 1_900)] and told.total == 1_900
    assert told.open == ("status zurückgestellt is not known: 1 (23.80 EUR), not counted as sales",)
    assert "payment still pending: 1 (23.80 EUR), no sales yet" in told.notes


@pytest.mark.parametrize(
    ("changed", "said", "whole"),
    [
        ({"total": None}, "no file says the total: 1 (—), left out", False),
        ({"currency": None}, "no file says the currency: 1 (—), left out", False),
        ({"country": None}, "no file says where to: 1 (20.00 EUR), left out", True),
        ({"country": "Narnia"}, "no country of any table: 'Narnia': 1 (20.00 EUR), left out", True),
        ({"country": "ZZ"}, "no country of any table: 'ZZ': 1 (20.00 EUR), left out", True),
        ({"placed_at": None}, "no file says the day: 1 (20.00 EUR), in no period", True),
        (
            {"country": "ES", "postcode": "28001", "region": "Ceuta"},
            "the address contradicts itself: 1 (20.00 EUR), left out",
            True,
        ),
        (
            {"status": "refunded"},
            "called refunded, but no file says how much or when: 1 (20.00 EUR), not taken off",
            True,
        ),
        ({"refunded": 500}, "paid back on a day that no file says: 1 (5.00 EUR), not taken off", True),
    ],
)
def test_what_no_file_says_is_named_never_nothing(book: Book, changed: dict[str, Any], said: str, whole: bool) -> None:
    told = ioss(book, [GOOD, order(2, "2026-05-03", 2_000, "DE") | changed])
    assert told.open == (said,)
    assert (told.total is not None) is whole


def test_each_refund_counts_on_its_own_day(book: Book) -> None:
    """125.00 in Sweden at 25 %: 25.00 back on 28 May, 12.50 on 28 June, 2.50 charged back on 29 June."""
    orders = [order(1, "2026-05-23", 12_500, "SE")]
    back = [
        refund(1, "2026-05-28", 2_500),
        refund(1, "2026-06-28", 1_250, reference="R2"),
        refund(1, "2026-06-29", 250, reference="R3", kind="chargeback"),
    ]
    database = opened(book, IDENTITIES, order=orders, settlement=back)
    assert figures(compute(database, book, "ioss", period("2026-05"))) == [
        ("SE", 1, "", 2_500),
        ("corrections SE", 1, "2026-05", -500),
    ]
    assert figures(compute(database, book, "ioss", period("2026-06"))) == [("corrections SE", 2, "2026-05", -300)]


def test_a_part_paid_back_of_a_consignment_over_the_limit_corrects_nothing(book: Book) -> None:
    told = ioss(book, [order(1, "2026-05-04", 23_800, "DE")], settlement=[refund(1, "2026-05-09", 2_380)])
    assert not told.lines and told.total == 0


def test_the_goods_decide_the_limit_not_the_shipping(book: Book) -> None:
    """165.00 and 20.00 with 19 % in them: the goods are 138.66. 178.50 less 10.00 and tax: 141.60. 180.00 is 151.26."""
    parts = {"tax_included": "yes", "discount": 0, "shipping": 2_000, "goods": 16_500, "tax": 2_954}
    orders = [
        order(1, "2026-05-02", 18_500, "DE") | parts,
        order(2, "2026-05-02", 18_850, "DE", goods=17_850, discount=1_000, shipping=2_000),
        order(3, "2026-05-02", 20_000, "DE", goods=18_000, discount=0, shipping=2_000),
    ]
    told = ioss(book, orders)
    assert [(x.label, x.orders) for x in told.lines] == [("DE", 2)]
    assert told.open == ("1 consignments over 150.00 EUR are outside it: 200.00 EUR",)


def test_days_are_those_of_the_office(book: Book) -> None:
    """London is an hour ahead of UTC on 31 March; Dublin, which gave the IOSS number, on 30 April too."""
    placed = order(1, "2026-03-31", 12_000, "GB", currency="GBP") | {"placed_at": at("2026-03-31 23:30")}
    irish = order(2, "2026-04-30", 11_900, "DE") | {"placed_at": at("2026-04-30 23:30")}
    database = opened(book, IDENTITIES + GB, order=[placed, irish])
    assert not compute(database, book, "uk_vat", period("2026-Q1")).lines
    assert figures(compute(database, book, "uk_vat", period("2026-Q2"))) == [("sales", 1, "", 2_000)]
    assert figures(compute(database, book, "ioss", period("2026-05"))) == [("DE", 1, "", 1_900)]


def test_an_import_counts_when_its_payment_was_accepted(book: Book) -> None:
    """Directive 2006/112/EC, article 369n: placed on 31 May, paid on 2 June."""
    late = order(1, "2026-05-31", 11_900, "DE", paid_at=at("2026-06-02"))
    database = opened(book, IDENTITIES, order=[late], settlement=[refund(1, "2026-06-20", 2_380)])
    assert not compute(database, book, "ioss", period("2026-05")).lines
    assert figures(compute(database, book, "ioss", period("2026-06"))) == [
        ("DE", 1, "", 1_900),
        ("corrections DE", 1, "2026-06", -380),
    ]


def test_without_a_number_the_days_are_utc_and_that_is_said(book: Book) -> None:
    told = ioss(book, [GOOD], "")
    assert told.notes[0] == "days are taken in UTC: no number says which member state's days hold"
    assert office(book, "oss", period("2026-Q2").last).zone == "UTC"


def test_each_state_of_the_united_states_has_its_own_day(book: Book) -> None:
    """2026-07-01 05:30 in UTC is 1 July in New York and 30 June in Los Angeles."""
    late = {"placed_at": at("2026-07-01 05:30"), "currency": "USD"}
    orders = [order(n, "2026-07-01", 1_000, "US", region=r) | late for n, r in enumerate(("NY", "CA", None))]
    database = opened(book, order=orders)
    assert [x.label for x in compute(database, book, "us_sales", period("2026-Q2")).lines] == ["CA"]
    assert sorted(x.label for x in compute(database, book, "us_sales", period("2026-Q3")).lines) == ["NY", "—"]


@pytest.mark.parametrize(("number", "in_uk", "in_ioss"), [("", ["IM", "XI"], []), (IDENTITIES, ["IM"], ["XI"])])
def test_the_islands_and_northern_ireland(book: Book, number: str, in_uk: list[str], in_ioss: list[str]) -> None:
    """With a number of the IOSS its return takes sales to Northern Ireland; Jersey is in neither."""
    places = {"XI": "BT1 5GS", "IM": "IM1 1AA", "JE": "JE2 3QA"}
    orders = [order(n, "2026-05-02", 6_000, "GB", postcode=p) for n, p in enumerate(places.values())]
    rates = [{"day": day("2026-05-01"), "base": "EUR", "quote": "GBP", "rate": 1}]
    database = opened(book, GB + number, order=orders, rate=rates)
    assert sum(x.orders for x in compute(database, book, "uk_vat", period("2026-Q2")).lines) == len(in_uk)
    assert [x.label for x in compute(database, book, "ioss", period("2026-05")).lines] == in_ioss


def judged(database: Database) -> Database:
    database.make(
        "verdict",
        "SELECT unnest(['A1', 'A2', 'A3']) AS order_id, unnest(['suspicious', 'contradicted', 'verified']) AS verdict",
    )
    return database


def test_trades_in_doubt_are_said(book: Book) -> None:
    orders = [order(n, "2026-05-02", n * 1_000, "DE") for n in (1, 2, 3)]
    told = compute(judged(opened(book, IDENTITIES, order=orders)), book, "ioss", period("2026-05"))
    assert told.notes[-2:] == (
        "suspicious trades are in it: 1 (10.00 EUR)",
        "contradicted trades are in it: 1 (20.00 EUR)",
    )
    exported = compute(judged(opened(book, CN, customs=DECLARED, rate=YUAN)), book, "cn_refund", period("2026-03"))
    assert "suspicious trades are in it: 1 (7,000.00 CNY)" in exported.notes


def test_that_all_buyers_are_taken_as_consumers_is_said_where_any_sale_is_counted(book: Book) -> None:
    """Sales to a business with a number of its own are no distance sales (Directive 2006/112/EC, article 14(4)); a
    consignment to one in the United Kingdom is accounted for by it. No file tells which these are."""
    rates = [{"day": day("2026-05-01"), "base": "EUR", "quote": "GBP", "rate": 1}]
    orders = [order(1, "2026-05-02", 6_000, "DE"), order(2, "2026-05-02", 6_000, "GB", postcode="M1 1AE")]
    database = opened(book, IDENTITIES + GB, order=orders, rate=rates)
    for kind, of, sold in (("ioss", "2026-05", True), ("ioss", "2026-06", False), ("uk_vat", "2026-Q2", True)):
        told = compute(database, book, kind, period(of))
        assert bool(told.lines) is sold
        assert any("all are taken as consumers" in text for text in told.notes) is sold
