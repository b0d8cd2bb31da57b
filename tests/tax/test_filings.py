"""A filed return stays; what comes later is corrected where the law wants it. Values worked by hand before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossbook.book import Book, open_book
from crossbook.decisions import AskedError, RefusedError
from crossbook.decisions.kind import Plain
from crossbook.engine import Database
from crossbook.tax.desk import compute, worked
from crossbook.tax.filings import NOW
from crossbook.tax.held import held_now
from crossbook.tax.period import filed, period
from crossbook.tax.returned import Return
from tests.decisions.making import decided, undone
from tests.tax.test_returns import CN, DECLARED, IDENTITIES, YUAN, opened, order, refund

GB = '[[tax.identities]]\ncountry = "GB"\nkind = "gb_vat"\nnumber = "GB980780684"\nfrom = 2024-01-01\n'
Line = tuple[str, str, int, int]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2026, 11, 10))


def lines(told: Return) -> list[Line]:
    return [(x.label, x.period, x.base, x.tax) for x in told.lines]


def file(book: Book, kind: str, name: str, settings: str = "", **facts: Any) -> None:
    database = opened(book, settings, **facts)
    decided(Plain(book=book, database=database), "return", form=kind, period=name, on="2026-10-09", yes=["open"])


MAY = [order(1, "2026-05-10", 11_900, "DE")]
LATE = order(2, "2026-05-20", 2_380, "DE")
JUNE = order(3, "2026-06-10", 6_000, "FR")


def test_a_sale_of_a_filed_month_is_a_correction_in_the_next(book: Book) -> None:
    """May was filed with 19.00. 23.80 of May come to light: 20.00 and 3.80, in June's return for May, once."""
    file(book, "ioss", "2026-05", IDENTITIES, order=MAY)
    later = opened(book, order=[*MAY, LATE, JUNE])
    may, june = (compute(later, book, "ioss", period(n)) for n in ("2026-05", "2026-06"))
    assert (lines(may), may.total) == ([("DE", "", 10_000, 1_900)], 1_900)
    assert may.notes[:3] == (
        "as it was filed on 2026-10-09: what came later does not change it",
        "what later facts change is corrected in the next return that is not filed",
        NOW,
    )
    assert worked(later, book, "ioss", period("2026-05")).total == 2_280
    assert lines(june) == [("FR", "", 5_000, 1_000), ("corrections DE", "2026-05", 2_000, 380)]
    assert (june.total, june.lines[1].note) == (1_380, "known after 2026-05 was filed")
    assert {b.name: b.amount for b in june.boxes} == {"base": 7_000, "vat": 1_380}
    assert not compute(later, book, "ioss", period("2026-07")).lines

    decided(Plain(book=book, database=later), "return", form="ioss", period="2026-06", on="2026-10-10", yes=["open"])
    again = opened(book, order=[*MAY, LATE, JUNE])
    assert not compute(again, book, "ioss", period("2026-07")).lines
    assert compute(again, book, "ioss", period("2026-06")).total == 1_380


def test_a_refund_that_was_not_known_corrects_the_month_of_its_sale(book: Book) -> None:
    """Filed June without a refund of 25 June of May's sale: July's return takes 19.00 off May."""
    file(book, "ioss", "2026-06", IDENTITIES, order=[*MAY, JUNE])
    later = opened(book, order=[*MAY, JUNE], settlement=[refund(1, "2026-06-25", 11_900)])
    july = compute(later, book, "ioss", period("2026-07"))
    assert lines(july) == [("corrections DE", "2026-05", -10_000, -1_900)] and july.total == -1_900


def test_each_state_of_dispatch_and_rate_is_corrected_apart(book: Book) -> None:
    """The third quarter of 2025 was filed; 119.00 of July at 19 % and 121.00 of August at 21 % come to light."""
    number = IDENTITIES.replace('"ioss"', '"oss"').replace("IM3720000224", "DE136695976") + (
        '[accounts.shop]\nstock = "DE"\n'
    )
    first = [order(1, "2025-07-10", 12_000, "FR")]
    file(book, "oss", "2025-Q3", number, order=first)
    late = [order(2, "2025-07-31", 11_900, "RO"), order(3, "2025-08-01", 12_100, "RO")]
    told = compute(opened(book, order=[*first, *late]), book, "oss", period("2025-Q4"))
    assert [(x.label, x.dispatch, x.period, x.rate, x.tax) for x in told.lines] == [
        ("corrections RO", "DE", "2025-Q3", "19 %", 1_900),
        ("corrections RO", "DE", "2025-Q3", "21 %", 2_100),
    ]


def test_a_gap_between_filed_months_takes_its_own(book: Book) -> None:
    """April is filed, May is not, June is: what is late of April is in May's return, nothing of it in July's."""
    april = order(5, "2026-04-10", 11_900, "DE")
    file(book, "ioss", "2026-04", IDENTITIES, order=[april])
    file(book, "ioss", "2026-06", order=[april, JUNE])
    later = opened(book, order=[april, order(6, "2026-04-11", 2_380, "DE"), JUNE])
    assert lines(compute(later, book, "ioss", period("2026-05"))) == [("corrections DE", "2026-04", 2_000, 380)]
    assert not compute(later, book, "ioss", period("2026-07")).lines


def test_what_was_filed_beyond_its_lines_is_said(book: Book) -> None:
    database = opened(book, IDENTITIES, order=MAY)
    decided(Plain(book=book, database=database), "return", form="ioss", period="2026-05", amount=2_000, yes=["1.00"])
    told = compute(opened(book, order=MAY), book, "ioss", period("2026-06"))
    assert not told.lines and told.open == (
        "of 2026-05 1.00 EUR more was filed than its lines say: no file says whose, correct it by hand",
    )


def test_a_late_sale_is_the_difference_of_its_own_month_alone(book: Book) -> None:
    """May (19.00) and June (10.00) were filed; 3.80 of May come to light. June stays equal; so it does after July,
    which corrects May, was filed, and when 1.90 more of May come."""
    database = opened(book, IDENTITIES, order=[*MAY, JUNE])
    for name in ("2026-05", "2026-06"):
        decided(Plain(book=book, database=database), "return", form="ioss", period=name, on="2026-10-09", yes=["open"])

    def differences(database: Database, *names: str) -> list[int | None]:
        return [held_now(database, book, filed(book)["ioss", n], "ioss", period(n)).difference for n in names]

    later = opened(book, order=[*MAY, LATE, JUNE])
    assert differences(later, "2026-05", "2026-06") == [-380, 0]
    decided(Plain(book=book, database=later), "return", form="ioss", period="2026-07", on="2026-10-10", yes=["open"])
    last = opened(book, order=[*MAY, LATE, order(4, "2026-05-21", 1_190, "DE"), JUNE])
    assert differences(last, "2026-05", "2026-06", "2026-07") == [-570, 0, 0]
    assert lines(compute(last, book, "ioss", period("2026-08"))) == [("corrections DE", "2026-05", 1_000, 190)]


def test_a_refund_over_three_years_old_that_comes_late_is_named(book: Book) -> None:
    """A sale of July 2022, whose return was due on 31 August 2022, was paid back on 31 August 2025. August 2025 was
    filed without it. The filed return names it, the next one too, once."""
    number = IDENTITIES.replace("2024-01-01", "2021-07-01")
    old = [order(1, "2022-07-20", 11_900, "DE")]
    file(book, "ioss", "2025-08", number, order=old)
    later = opened(book, order=old, settlement=[refund(1, "2025-08-31", 11_900)])
    text = (
        "1 refunds of returns that were due over 3 years ago, -19.00 EUR of tax: to be asked of the member state "
        "itself, not in this return"
    )
    august, september = (compute(later, book, "ioss", period(n)) for n in ("2025-08", "2025-09"))
    assert august.open == (NOW, text) and not august.lines
    assert september.open == (f"of 2025-08, which is filed: {text}",) and not september.lines
    decided(Plain(book=book, database=later), "return", form="ioss", period="2025-09", on="2026-10-10", yes=["open"])
    assert not compute(later, book, "ioss", period("2025-10")).open


def test_a_filed_return_keeps_what_it_leaves_open_and_the_order_of_its_boxes(book: Book) -> None:
    """An order without a country is in no line, filed or not; boxes stand as the form has them, ten after nine."""
    lost = order(9, "2026-05-12", 5_000, "DE") | {"country": None}
    file(book, "uk_vat", "2026-Q2", GB, order=[lost, order(1, "2026-05-10", 12_000, "GB", currency="GBP")])
    database = opened(book, order=[lost, order(1, "2026-05-10", 12_000, "GB", currency="GBP")])
    made, told = (
        worked(database, book, "uk_vat", period("2026-Q2")),
        compute(database, book, "uk_vat", period("2026-Q2")),
    )
    assert any(x.startswith("no file says where to: 1 (50.00 EUR)") for x in made.open)
    assert told.open == (NOW, *made.open) and told.boxes == made.boxes


@pytest.mark.parametrize(
    ("late", "sold", "inside"),
    [
        # pence that were sold late (with VAT at 20 %), and in the quarter: the limit is 10,000.00 GBP of tax
        (6_000_000, 0, True),  # 10,000.00
        (6_000_006, 0, False),  # 10,000.01
        # 1 % of box 6 of 1,500,000 GBP is 15,000.00; of 6,000,000 GBP it would be 60,000.00, at most 50,000.00
        (9_000_000, 180_000_000, True),
        (9_000_006, 180_000_000, False),
        (30_000_000, 720_000_000, True),
        (30_000_006, 720_000_000, False),
    ],
)
def test_errors_of_the_united_kingdom_are_in_the_next_return_while_they_are_small(
    book: Book, late: int, sold: int, inside: bool
) -> None:
    """HMRC manual VAEC7190: not over the greater of 10,000 GBP and 1 % of box 6 of the quarter of discovery, at most
    50,000 GBP. Goods from stock in the United Kingdom know no 135 GBP."""
    settings = GB + '[accounts.shop]\nstock = "GB"\n'
    known = order(1, "2026-05-10", 12_000, "GB", currency="GBP")
    file(book, "uk_vat", "2026-Q2", settings, order=[known])
    more = [order(2, "2026-05-11", late, "GB", currency="GBP")]
    if sold:
        more.append(order(3, "2026-08-10", sold, "GB", currency="GBP"))
    told = compute(opened(book, order=[known, *more]), book, "uk_vat", period("2026-Q3"))
    figures = {b.name: b.amount for b in told.boxes}
    error = late // 6
    assert figures["1"] == sold // 6 + (error if inside else 0) == told.total == figures["5"]
    assert figures["6"] == sold // 6 * 5
    assert [x for x in lines(told) if x[1]] == (
        [("errors of earlier returns", "2026-Q2", late - error, error)] if inside else []
    )
    assert any("tell HMRC apart" in text for text in told.open) != inside


def test_input_tax_that_was_set_later_is_an_error_too(book: Book) -> None:
    """Filed with no inputs; 50.00 of input tax of that quarter are set afterwards: box 4 of the next."""
    known = order(1, "2026-05-10", 12_000, "GB", currency="GBP")
    file(book, "uk_vat", "2026-Q2", GB, order=[known])
    inputs = '[tax.uk_vat."2026-Q2"]\ninput_vat = 5000\npurchases = 25000\n'
    database = opened(book, inputs, order=[known])
    told = compute(database, open_book(book.path), "uk_vat", period("2026-Q3"))
    assert {b.name: b.amount for b in told.boxes}["4"] == 5_000 and told.total == -5_000


def test_where_the_law_takes_an_amended_return_it_is_filed_as_one(book: Book) -> None:
    """The refund of March was filed with 910.00 yuan; then half of it is declared anew: 455.00."""
    file(book, "cn_refund", "2026-03", CN, customs=DECLARED, rate=YUAN)
    half = [{**DECLARED[0], "amount": 50_000}]
    later = Plain(book=book, database=opened(book, customs=half, rate=YUAN))
    told = compute(later.database, book, "cn_refund", period("2026-03"))
    assert told.total == -91_000 and "--amended" in told.notes[1]
    march = {"form": "cn_refund", "period": "2026-03", "on": "2026-11-01"}
    with pytest.raises(AskedError, match="is this an amended return"):
        decided(later, "return", yes=["open"], **march)
    decided(later, "return", yes=["amended", "open"], **march)
    assert compute(later.database, book, "cn_refund", period("2026-03")).total == -45_500
    with pytest.raises(RefusedError, match="the book computes the same now"):
        decided(later, "return", yes=["amended", "open"], **march)
    undone(later, "return", form="cn_refund", period="2026-03")
    assert worked(later.database, book, "cn_refund", period("2026-03")).total == -45_500


def test_an_older_journal_kept_no_lines(book: Book) -> None:
    """Its return is shown as computed; nothing can be held against it line by line."""
    body = {"kind": "ioss", "period": "2026-05", "on": "2026-06-02", "amount": 1_900, "currency": "EUR"}
    opened(book, IDENTITIES)
    book.decide("tax filed", "ioss 2026-05", body, "li")
    database = opened(book, order=[*MAY, LATE])
    assert compute(database, book, "ioss", period("2026-05")).total == 2_280
    assert not compute(database, book, "ioss", period("2026-06")).lines
