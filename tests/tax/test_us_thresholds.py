"""Thresholds of the states of the United States, at their edges: the cases of cases/us_thresholds.toml."""

from __future__ import annotations

import tomllib
from datetime import UTC, date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book, open_book
from crossbook.errors import CrossbookError
from crossbook.tax.nearness import Nearness, nearness
from crossbook.tax.settings import identities
from crossbook.tax.thresholds import in_force, states, thresholds
from crossbook.tax.windows import PERIODS
from tests.tax.test_returns import opened, order

CASES = tomllib.loads((Path(__file__).parent / "cases" / "us_thresholds.toml").read_text(encoding="utf-8"))["case"]
MARKET = "[accounts.market]\npays_tax = true\n"


def cents(text: str) -> int:
    return int(text.replace(".", ""))


def orders(case: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for sale in case["sales"]:
        row = {
            "placed_at": sale["at"].astimezone(UTC),
            "region": case.get("told", case["region"]),
            "currency": "USD",
            "account": sale.get("account", "shop"),
            "tax": 0,
        }
        found += [
            order(len(found) + n, "2026-01-01", cents(sale["amount"]), "US") | row for n in range(sale.get("n", 1))
        ]
    return found


def shown(n: Nearness, wanted: dict[str, Any]) -> dict[str, Any]:
    told = {name: getattr(n, name) for name in wanted if name != "on"}
    return {k: f"{v / 100:.2f}" if k in ("sales", "left_out") else v for k, v in told.items()}


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_state_at_its_edge(book: Book, case: dict[str, Any]) -> None:
    database = opened(book, MARKET, order=orders(case))
    again = open_book(book.path)
    for wanted in case["then"]:
        found = {n.region: n for n in nearness(database, again, wanted["on"]) if n.country == "US"}
        assert shown(found[case["region"]], wanted) | {"on": wanted["on"]} == wanted
    assert case["source"].startswith("https://")


@pytest.mark.parametrize("on", [date(2024, 1, 1), date(2026, 6, 30), date(2027, 1, 1)])
def test_every_state_that_taxes_has_one_rule_on_a_day(on: date) -> None:
    """45 states and the District of Columbia levy a sales tax; in Alaska its cities do."""
    regions = [t.region for t in in_force(on) if t.country == "US"]
    assert sorted(regions) == sorted([*(s.code for s in states() if s.taxes), "AK"]) and len(regions) == 47
    assert len(states()) == 51


def test_rows_are_whole() -> None:
    assert {t.period for t in thresholds()} <= set(PERIODS)
    assert all(t.source.startswith(("https://", "http://")) for t in thresholds())
    rows = sorted((t.country, t.region, t.since, t.until or date.max) for t in thresholds())
    assert all(a[:2] != b[:2] or a[3] < b[2] for a, b in pairwise(rows))


def test_sales_without_a_state_are_named_with_their_sum(book: Book) -> None:
    rows = [
        order(n, "2026-05-02", 1_000, "US", currency="USD", region=r, tax=0)
        for n, r in enumerate((None, "", "Lalaland"))
    ]
    found = [n for n in nearness(opened(book, order=rows), book, date(2026, 6, 1)) if n.region == "—"]
    assert [(n.sales, n.orders, n.state, n.amount) for n in found] == [
        (2_000, 2, "unknown", None),
        (1_000, 1, "unknown", None),
    ]
    assert [n.why for n in found] == [
        "no file says the state: 2 orders (20.00 USD) are in none of the states",
        "LALALAND is no state of the table: 1 orders (10.00 USD) are in none of them",
    ]


def test_puerto_rico_is_no_state_and_has_a_sales_tax_of_its_own(book: Book) -> None:
    row = order(1, "2026-05-02", 1_000, "US", currency="USD", region="PR")
    found = [n for n in nearness(opened(book, order=[row]), book, date(2026, 6, 1)) if n.region == "—"]
    assert [n.why for n in found] == [
        "PR is Puerto Rico, no state of the table, with its own sales tax: 1 orders (10.00 USD) are in none of them"
    ]


def test_tax_that_was_charged_is_no_sale(book: Book) -> None:
    row = order(
        1, "2026-05-02", 10_880, "US", currency="USD", region="NY", goods=10_000, tax=880, shipping=0, discount=0
    )
    found = {n.region: n for n in nearness(opened(book, order=[row]), book, date(2026, 5, 31)) if n.country == "US"}
    assert found["NY"].sales == 10_000


NUMBER = '[[tax.identities]]\ncountry = "US"\nkind = "us_sales_tax"\nnumber = "1"\nfrom = 2026-01-01\n'


def test_a_registration_is_of_one_state(book: Book) -> None:
    both = NUMBER + 'region = "CA"\n' + NUMBER + 'region = "WA"\n'
    database = opened(book, both, order=[order(1, "2026-05-12", 11_900, "DE")])
    found = {
        n.region: n.state for n in nearness(database, open_book(book.path), date(2026, 5, 31)) if n.country == "US"
    }
    assert (found["CA"], found["WA"], found["TX"]) == ("registered", "registered", "below")


def test_where_the_book_has_no_order_a_threshold_is_unknown_and_a_number_is_a_number(book: Book) -> None:
    found = {n.region: n for n in nearness(opened(book, NUMBER + 'region = "CA"\n'), book, date(2026, 5, 31))}
    assert (found["CA"].state, found["TX"].state, found["TX"].sales) == ("registered", "unknown", None)


def test_a_registration_without_its_state(book: Book) -> None:
    opened(book, NUMBER)
    with pytest.raises(CrossbookError, match="region is missing"):
        identities(open_book(book.path))


UNTOLD = {"currency": "USD", "region": "TX", "tax": None}


def test_tax_that_no_file_says_leaves_a_threshold_open(book: Book) -> None:
    """Texas: 500,000 of a year. 480,000.00 whose tax is 0, then 30,000.00 of which no file says the tax: between
    480,000.00 and 510,000.00, so nobody knows whether it is reached. Midnight in UTC is the day before in Texas."""
    rows = [
        order(1, "2026-03-02", 48_000_000, "US", **UNTOLD | {"tax": 0}),
        order(2, "2026-04-02", 3_000_000, "US", **UNTOLD),
    ]
    found = {n.region: n for n in nearness(opened(book, order=rows), book, date(2026, 5, 31)) if n.country == "US"}
    tx = found["TX"]
    assert (tx.sales, tx.percent, tx.state, tx.reached_on, tx.orders) == (None, None, "unknown", None, 2)
    assert tx.untaxed is not None and (tx.untaxed.orders, tx.untaxed.paid) == (1, 3_000_000)
    assert (tx.untaxed.least, tx.untaxed.most) == (48_000_000, 51_000_000)
    assert (tx.untaxed.percent_least, tx.untaxed.percent_most) == (96, 102)
    assert tx.untaxed.words == (
        "no file says the tax of 1 orders (30,000.00 USD paid): sales are between 480,000.00 USD and 510,000.00 USD; "
        "the threshold may have been reached on 2026-04-01"
    )


def test_what_is_reached_whatever_the_tax(book: Book) -> None:
    """600,000.00 without tax are over. With 100,000.00 before it of which the tax is unknown: over all the same, but on
    no known day where the parts cross on another."""
    rows = [
        order(1, "2026-03-02", 10_000_000, "US", **UNTOLD),
        order(2, "2026-03-09", 45_000_000, "US", **UNTOLD | {"tax": 0}),
        order(3, "2026-04-02", 15_000_000, "US", **UNTOLD | {"tax": 0}),
    ]
    found = {n.region: n for n in nearness(opened(book, order=rows), book, date(2026, 5, 31)) if n.country == "US"}
    tx = found["TX"]
    assert (tx.sales, tx.state, tx.reached_on, tx.reached_by) == (None, "over", None, "")
    assert tx.untaxed is not None
    assert tx.untaxed.words.endswith("may have been reached on 2026-03-08, and was by 2026-04-01")


def test_far_below_whatever_the_tax(book: Book) -> None:
    rows = [order(1, "2026-03-02", 1_000_000, "US", **UNTOLD)]
    found = {n.region: n for n in nearness(opened(book, order=rows), book, date(2026, 5, 31)) if n.country == "US"}
    assert (found["TX"].sales, found["TX"].percent, found["TX"].state) == (None, None, "below")
    assert found["TX"].untaxed is not None and found["TX"].untaxed.percent_most == 2


def test_a_country_in_words_is_that_country(book: Book) -> None:
    rows = [
        order(n, "2026-03-02", 1_000, country, **UNTOLD | {"tax": 0})
        for n, country in enumerate(("United States", "usa", "US", "美国"), start=1)
    ]
    found = {n.region: n for n in nearness(opened(book, order=rows), book, date(2026, 5, 31)) if n.country == "US"}
    assert (found["TX"].orders, found["TX"].sales) == (4, 4_000)
