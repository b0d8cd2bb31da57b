"""Days before a number began or after it ended, and orders without an exchange rate. Values worked by hand before."""

from __future__ import annotations

import pytest

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.tax.desk import compute
from crossbook.tax.period import period
from tests.tax.test_filings import GB, lines
from tests.tax.test_returns import IDENTITIES, opened, order, refund

AUGUST = "2026-08-01"
BEGINS = IDENTITIES.replace("2024-01-01", AUGUST)


def test_a_sale_of_the_day_before_the_number_is_in_no_return(book: Book) -> None:
    """Days of Ireland. 119.00 on 31 July is before the first day; 59.50 on 1 August counts: 50.00 and 9.50."""
    sold = [order(1, "2026-07-31T12:00:00", 11_900, "DE"), order(2, "2026-08-01T12:00:00", 5_950, "DE")]
    database = opened(book, BEGINS, order=sold)
    july, august = (compute(database, book, "ioss", period(n)) for n in ("2026-07", "2026-08"))
    assert not july.lines and july.total == 0
    assert "of before the number's first day, 2026-08-01: 1 (119.00 EUR), in no return of it" in july.open
    assert lines(august) == [("DE", "", 5_000, 950)]


def test_a_refund_of_a_sale_before_the_number_is_not_reclaimed(book: Book) -> None:
    database = opened(
        book,
        BEGINS,
        order=[order(1, "2026-07-20", 11_900, "DE")],
        settlement=[refund(1, "2026-08-20", 1_190)],
    )
    august = compute(database, book, "ioss", period("2026-08"))
    assert not august.lines and august.total == 0
    assert "refunds of sales of before the number's first day, 2026-08-01: 1 (11.90 EUR), in no return of it" in (
        august.open
    )


def test_a_number_that_ended_takes_its_last_day_and_no_later_one(book: Book) -> None:
    """119.00 on 10 July, the last day, is in it under the number; 59.50 on 11 July, and 11.90 paid back on 12 July of
    the first, are not."""
    sold = [order(1, "2026-07-10T12:00:00", 11_900, "DE"), order(2, "2026-07-11T12:00:00", 5_950, "DE")]
    database = opened(book, IDENTITIES + "to = 2026-07-10\n", order=sold, settlement=[refund(1, "2026-07-12", 1_190)])
    july = compute(database, book, "ioss", period("2026-07"))
    assert lines(july) == [("DE", "", 10_000, 1_900)] and july.number == "IM3720000224"
    assert [x for x in july.open if "last day" in x] == [
        "of after the number's last day, 2026-07-10: 1 (59.50 EUR), in no return of it",
        "paid back after the number's last day, 2026-07-10: 1 (11.90 EUR), in no return of it",
    ]


def test_the_united_kingdom_counts_from_its_numbers_first_day(book: Book) -> None:
    """From 1 August: 60.00 of 20 July is out, 120.00 of 2 August is 100.00 and 20.00."""
    sold = [order(1, "2026-07-20", 6_000, "GB", currency="GBP"), order(2, "2026-08-02", 12_000, "GB", currency="GBP")]
    told = compute(opened(book, GB.replace("2024-01-01", AUGUST), order=sold), book, "uk_vat", period("2026-Q3"))
    assert told.total == 2_000
    assert "of before the number's first day, 2026-08-01: 1 (60.00 GBP), in no return of it" in told.open


@pytest.mark.parametrize(("kind", "name", "settings"), [("ioss", "2026-08", IDENTITIES), ("uk_vat", "2026-Q3", GB)])
def test_an_order_without_an_exchange_rate_stops_no_other(book: Book, kind: str, name: str, settings: str) -> None:
    """119.00 EUR to Germany and 120.00 GBP to Britain have their lines; 100.00 USD has no rate: no total."""
    place, own, total, net, tax = (
        ("DE", "EUR", 11_900, 10_000, 1_900) if kind == "ioss" else ("GB", "GBP", 12_000, 10_000, 2_000)
    )
    lost = order(2, "2026-08-03", 10_000, place, currency="USD")
    told = compute(
        opened(book, settings, order=[order(1, "2026-08-02", total, place, currency=own), lost]),
        book,
        kind,
        period(name),
    )
    assert [(x.base, x.tax) for x in told.lines] == [(net, tax)] and told.total is None
    assert [x for x in told.open if x.endswith(": A2 (100.00 USD) not in it, no total")] == list(told.wanting)
    assert len(told.wanting) == 1 and told.wanting[0].startswith("the book has no rate of USD in ")


def test_a_return_of_nothing_but_orders_without_a_rate_stops(book: Book) -> None:
    database = opened(book, IDENTITIES, order=[order(2, "2026-08-03", 10_000, "DE", currency="USD")])
    with pytest.raises(CrossbookError, match="no rate of USD in EUR"):
        compute(database, book, "ioss", period("2026-08"))


def test_a_rate_of_a_territory_has_its_source(book: Book) -> None:
    """Madeira has 22 %: 122.00 EUR is 100.00 and 22.00."""
    sold = [order(1, "2026-08-02", 12_200, "PT", postcode="9000-001")]
    told = compute(opened(book, IDENTITIES, order=sold), book, "ioss", period("2026-08"))
    assert lines(told) == [("PT", "", 10_000, 2_200)]
    assert told.lines[0].note == "https://www.fliegerlaw.com/madeira-increased-vat-rates-and-excise-duties/ (secondary)"
