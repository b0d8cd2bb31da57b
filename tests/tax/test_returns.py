"""Returns worked by hand, thresholds, deadlines, what was filed, and bad input."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import etree

from crossbook.book import Book, open_book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.filing.taxes import PAIN, as_calendar, as_workbook, payment
from crossbook.tax.china import refund_rate, refund_rates, worksheet
from crossbook.tax.desk import compute, ready
from crossbook.tax.nearness import nearness
from crossbook.tax.period import calendar_of, deadline, period, periods
from crossbook.tax.settings import identities, payee
from crossbook.tax.thresholds import thresholds
from crossbook.trade import publishing
from tests.verify.facts_of import at, day, facts

IDENTITIES = """
[[tax.identities]]
country = "EU"
kind = "ioss"
number = "IM3720000224"
from = 2024-01-01
"""


def order(n: int, when: str, total: int, country: str, **more: Any) -> dict[str, Any]:
    return {
        "account": "shop",
        "order_id": f"A{n}",
        "placed_at": at(when),
        "status": "paid",
        "currency": "EUR",
        "total": total,
        "country": country,
    } | more


def refund(n: int, when: str, amount: int, **more: Any) -> dict[str, Any]:
    return {
        "account": "shop",
        "order_id": f"A{n}",
        "posted_at": at(when),
        "day": day(when),
        "kind": "refund",
        "amount": -amount,
        "currency": "EUR",
        "reference": f"R{n}",
    } | more


def opened(book: Book, settings: str = "", **kinds: list[dict[str, Any]]) -> Database:
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + settings, encoding="utf-8")
    database = facts(**kinds)
    publishing.make_lines(database, book)
    publishing.make(database, book)
    ready(database, book)
    return database


def test_ioss_by_hand(book: Book) -> None:
    """Prices hold the VAT: 119.00 in Germany is 100.00 and 19.00; 60.00 in France at 20 % is 50.00 and 10.00. A refund
    of 23.80 in the month takes 20.00 and 3.80 off Germany. 238.00 (200.00 net) is over 150 EUR; marketplaces' own."""
    orders = [
        order(1, "2026-05-02", 11_900, "DE"),
        order(2, "2026-05-03", 6_000, "FR"),
        order(3, "2026-05-04", 23_800, "DE"),
        order(4, "2026-05-05", 11_900, "DE", account="market"),
        order(5, "2026-04-30", 2_380, "DE"),
        order(6, "2026-05-06", 5_000, "US"),
        order(7, "2026-05-07", 9_999, "DE", status="cancelled"),
    ]
    settings = IDENTITIES + "[accounts.market]\npays_tax = true\n"
    database = opened(book, settings, order=orders, settlement=[refund(5, "2026-05-09", 2_380)])
    told = compute(database, book, "ioss", period("2026-05"))
    assert [(x.label, x.orders, x.base, x.rate, x.tax) for x in told.lines] == [
        ("DE", 1, 10_000, "19 %", 1_900),
        ("FR", 1, 5_000, "20 %", 1_000),
        ("corrections DE", 1, -2_000, "19 %", -380),
    ]
    assert told.total == 2_520 and told.number == "IM3720000224"
    assert told.due is not None and told.due.due == date(2026, 6, 30)
    assert told.open == ("1 consignments over 150.00 EUR are outside it: 238.00 EUR",)
    assert told.lines[0].because == (("order", 1),)


def test_ioss_converts_at_the_last_day_of_the_month(book: Book) -> None:
    rates = [
        {"day": day("2026-06-01"), "base": "USD", "quote": "EUR", "rate": Decimal("0.9")},
        {"day": day("2026-05-29"), "base": "USD", "quote": "EUR", "rate": Decimal("0.5")},
    ]
    orders = [order(1, "2026-05-02", 11_900, "DE", currency="USD")]
    told = compute(opened(book, order=orders, rate=rates), book, "ioss", period("2026-05"))
    assert told.total == 1_710  # 107.10 EUR with 17.10 of VAT
    assert "2026-06-01" in told.notes[0]
    assert told.open == ("no ioss number is set for 2026-05-31: [[tax.identities]]",)
    with pytest.raises(CrossbookError, match="no rate of USD"):
        compute(opened(book, order=orders), book, "ioss", period("2026-05"))


def test_oss_leaves_out_the_country_of_the_stock(book: Book) -> None:
    orders = [order(1, "2026-05-02", 11_900, "DE"), order(2, "2026-05-03", 6_000, "FR")]
    told = compute(opened(book, '[accounts.shop]\nstock = "DE"\n', order=orders), book, "oss", period("2026-Q2"))
    assert [(x.label, x.tax) for x in told.lines] == [("FR", 1_000)]
    assert not compute(opened(book, order=orders), book, "ioss", period("2026-05")).lines


def test_an_ordinary_number_may_be_that_of_the_union_scheme(book: Book) -> None:
    number = IDENTITIES.replace('"ioss"', '"eu_vat"').replace("IM3720000224", "DE136695976")
    told = compute(opened(book, number), book, "oss", period("2026-Q2"))
    assert told.open == ("no oss number is set for 2026-06-30: [[tax.identities]]",)
    assert 'DE136695976 may be the number of the Union scheme, if it is registered for it: kind = "oss"' in told.notes


def test_uk_boxes_by_hand(book: Book) -> None:
    """120.00 GBP holds 20.00; 61.50 and 20.50 hold 10.25 and 3.42 (3.416…): box 1 33.67, box 6 168 whole pounds."""
    orders = [order(n, "2026-05-02", total, "GB", currency="GBP") for n, total in ((1, 12_000), (2, 6_150), (3, 2_050))]
    orders.append(order(4, "2026-05-02", 24_000, "GB", currency="GBP"))
    settings = '[tax.uk_vat."2026-Q2"]\ninput_vat = 1000\npurchases = 5099\n'
    told = compute(opened(book, settings, order=orders), book, "uk_vat", period("2026-Q2"))
    assert [b.amount for b in told.boxes] == [3_367, 0, 3_367, 1_000, 2_367, 16_800, 5_000, 0, 0]
    assert told.total == 2_367
    assert told.due is not None and told.due.due == date(2026, 8, 7)
    assert "1 consignments over 135.00 GBP" in told.open[1]


@pytest.mark.parametrize(("second", "inside"), [("TT1", False), ("TT2", True)])
def test_two_orders_in_one_parcel_are_one_consignment(book: Book, second: str, inside: bool) -> None:
    """Directive 2006/112/EC, article 369l: 100.00 and 100.00 net in one parcel are a consignment of 200.00."""
    orders = [order(n, "2026-05-02", 11_900, "DE") for n in (1, 2)]
    parcels = [{"order_id": f"A{n}", "tracking": t, "consignee": "Ann Lee"} for n, t in ((1, "TT1"), (2, second))]
    told = compute(opened(book, IDENTITIES, order=orders, shipment=parcels), book, "ioss", period("2026-05"))
    assert sum(x.base for x in told.lines) == (20_000 if inside else 0)
    assert any("go in one parcel" in x and "A1, A2" in x for x in told.notes) is not inside


def test_a_second_refund_of_the_whole_takes_no_tax_off(book: Book) -> None:
    """Directive 2006/112/EC, article 90: the taxable amount is reduced; of 119.00 sold, 119.00 twice paid back leaves
    nothing to reduce the second time, and of 100.00 and 30.00 the second takes 19.00."""
    orders = [order(n, "2026-05-02", 11_900, "DE") for n in (1, 2)]
    back = [
        refund(1, "2026-06-03", 11_900),
        refund(1, "2026-07-03", 11_900, reference="R1b"),
        refund(2, "2026-06-03", 10_000),
        refund(2, "2026-07-03", 3_000, reference="R2b"),
    ]
    database = opened(book, IDENTITIES, order=orders, settlement=back)
    told = compute(database, book, "ioss", period("2026-07"))
    assert [(x.base + x.tax, x.tax) for x in told.lines] == [(-1_900, -303)]
    assert any("beyond the whole sale: 2 (130.00 EUR)" in x and x.endswith("A1, A2") for x in told.open)


def test_uk_exports_from_stock_are_in_box_6(book: Book) -> None:
    """VAT Notice 700/12: box 6 takes zero-rated exports. 500.00 GBP holds 83.33; 416.67 + 240 - 20 is 636 pounds."""
    orders = [
        order(1, "2026-05-02", 50_000, "GB", currency="GBP"),
        order(2, "2026-05-02", 12_000, "JE", currency="GBP"),
        order(3, "2026-05-02", 12_000, "FR", currency="GBP"),
    ]
    back = [refund(3, "2026-05-09", 2_000, currency="GBP")]
    database = opened(book, '[accounts.shop]\nstock = "GB"\n', order=orders, settlement=back)
    told = compute(database, book, "uk_vat", period("2026-Q2"))
    assert [told.boxes[n].amount for n in (0, 5)] == [8_333, 63_600]
    assert [(x.label, x.base, x.tax) for x in told.lines][1:] == [
        ("exports", 24_000, 0),
        ("corrections of exports", -2_000, 0),
    ]


@pytest.mark.parametrize(("total", "base"), [(19_439, 13_499), (19_440, 13_500), (19_441, 0)])
def test_a_cross_rate_is_not_rounded_before_the_limit(book: Book, total: int, base: int) -> None:
    """194.40 EUR is 162.00 net; at 8.00 and 9.60 yuan that is 135.00 GBP exactly, which does not exceed GBP 135."""
    rates = [
        {"day": day("2026-05-02"), "base": of, "quote": "CNY", "rate": Decimal(rate)}
        for of, rate in (("EUR", "8.00"), ("GBP", "9.60"))
    ]
    database = opened(book, order=[order(1, "2026-05-02", total, "GB")], rate=rates)
    told = compute(database, book, "uk_vat", period("2026-Q2"))
    assert sum(x.base for x in told.lines) == base


def test_sales_by_state_and_what_marketplaces_paid(book: Book) -> None:
    orders = [
        order(1, "2026-05-02", 10_000, "US", currency="USD", region="CA", account="market"),
        order(2, "2026-05-02", 4_000, "US", currency="USD", region="CA"),
        order(3, "2026-05-02", 3_000, "US", currency="USD"),
    ]
    tax = {
        "account": "market",
        "order_id": "A1",
        "day": day("2026-05-03"),
        "kind": "tax",
        "amount": 725,
        "currency": "USD",
    }
    told = compute(
        opened(book, "[accounts.market]\npays_tax = true\n", order=orders, settlement=[tax]),
        book,
        "us_sales",
        period("2026-Q2"),
    )
    assert [(x.label, x.base, x.tax) for x in told.lines] == [("CA", 14_000, 725), ("—", 3_000, 0)]
    assert {b.name: b.amount for b in told.boxes} == {
        "gross": 17_000,
        "marketplace": 10_000,
        "direct": 7_000,
        "collected": 725,
    }
    assert told.total is None and told.open == ("1 orders name no state",)


@pytest.mark.parametrize(
    ("output", "inputs", "carried", "expected"),
    [
        # 100,000.00 exported at 13 % levied and 13 % refunded: nothing is lost; 20,000.00 of input, 5,000.00 of output
        (500_000, 2_000_000, 0, (0, -1_500_000, 1_300_000, 1_300_000, 0, 200_000)),
        (500_000, 1_200_000, 0, (0, -700_000, 1_300_000, 700_000, 600_000, 0)),
        (2_000_000, 1_200_000, 300_000, (0, 500_000, 1_300_000, 0, 1_300_000, 0)),
    ],
)
def test_exempt_credit_refund_by_hand(output: int, inputs: int, carried: int, expected: tuple[int, ...]) -> None:
    w = worksheet(
        [(10_000_000, Decimal("0.13"))], Decimal("0.13"), output_vat=output, input_vat=inputs, carried_in=carried
    )
    assert (w.not_creditable, w.payable, w.limit, w.refund, w.credited, w.carried) == expected


def test_what_the_refund_rate_does_not_give_back_is_cost() -> None:
    """Levied 13 %, refunded 9 %: 4 % of 100,000.00 may not be credited (Caishui [2012] 39, article 5)."""
    w = worksheet([(10_000_000, Decimal("0.09"))], Decimal("0.13"), output_vat=0, input_vat=1_000_000, carried_in=0)
    assert (w.not_creditable, w.payable, w.limit, w.refund) == (400_000, -600_000, 900_000, 600_000)


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.sampled_from(["0", "0.06", "0.09", "0.13"]),
)
def test_a_refund_is_never_more_than_what_is_left_or_allowed(
    fob: int, out: int, inp: int, carried: int, rate: str
) -> None:
    w = worksheet([(fob, Decimal(rate))], Decimal("0.13"), output_vat=out, input_vat=inp, carried_in=carried)
    assert 0 <= w.refund <= w.limit and w.refund <= max(0, -w.payable)
    assert w.refund + w.credited == w.limit and w.refund + w.carried == max(0, -w.payable)


CN = """
[[tax.refund_rates]]
code = "8513"
rate = "13%"
from = 2020-03-20
[tax.cn_refund."2026-03"]
levy_rate = "13%"
input_vat = 200000
output_vat = 0
carried_in = 0
[tax.cn_exempt]
income_tax_rate = "25%"
"""
DECLARED = [
    {
        "order_id": "A1",
        "declaration": "L1",
        "declared_on": day("2026-03-05"),
        "country": "CN",
        "amount": 100_000,
        "currency": "USD",
        "hs": "8513100000",
    }
]
YUAN = [{"day": day("2026-03-02"), "base": "USD", "quote": "CNY", "rate": Decimal("7")}]


def test_the_worksheet_of_a_month(book: Book) -> None:
    database = opened(book, CN, customs=DECLARED, rate=YUAN)
    told = compute(database, book, "cn_refund", period("2026-03"))
    assert [(x.label, x.base, x.rate, x.tax) for x in told.lines] == [("8513100000", 700_000, "13 %", 91_000)]
    assert {b.name: b.amount for b in told.boxes}["refund"] == 91_000
    assert told.total == -91_000 and not told.open
    exempt = compute(database, book, "cn_exempt", period("2026-03"))
    assert [b.amount for b in exempt.boxes] == [700_000, 28_000] and exempt.total == 7_000
    with pytest.raises(CrossbookError):
        compute(database, book, "cn_exempt", period("2019-06"))


def test_a_code_without_a_rate_is_said_and_nothing_is_computed(book: Book) -> None:
    told = compute(opened(book, customs=DECLARED, rate=YUAN), book, "cn_refund", period("2026-03"))
    assert told.total is None and len(told.open) == 2


def test_refund_rates_by_code_and_date(book: Book) -> None:
    rates = """
[[tax.refund_rates]]
code = "7606"
rate = "13%"
from = 2020-03-20
to = 2024-11-30
[[tax.refund_rates]]
code = "760612"
rate = "0%"
from = 2024-12-01
"""
    opened(book, rates)
    known = refund_rates(book)
    assert (found := refund_rate(known, "7606120000", date(2024, 11, 30))) and found.rate == Decimal("0.13")
    assert (found := refund_rate(known, "7606120000", date(2024, 12, 1))) and found.rate == 0
    assert refund_rate(known, "7606110000", date(2025, 1, 1)) is None


def test_what_platforms_report(book: Book) -> None:
    orders = [order(1, "2026-02-02", 10_000, "DE", currency="USD")]
    rates = [{"day": day("2026-03-31"), "base": "USD", "quote": "CNY", "rate": Decimal("7")}]
    database = opened(book, order=orders, rate=rates, settlement=[refund(1, "2026-03-01", 1_000, currency="USD")])
    told = compute(database, book, "cn_platform", period("2026-Q1"))
    assert [(x.label, x.orders, x.base) for x in told.lines] == [("shop", 1, 63_000)]
    assert told.due is not None and told.due.due == date(2026, 4, 30)
    for wrong in ("2025-Q2", "2026-03"):
        with pytest.raises(CrossbookError):
            compute(database, book, "cn_platform", period(wrong))


def test_nearness(book: Book) -> None:
    orders = [order(n, "2026-03-02", 100_000, "US", currency="USD", region="GA", tax=0) for n in range(90)]
    orders += [order(200 + n, "2025-03-02", 20_000_000, "US", currency="USD", region="TX", tax=0) for n in range(3)]
    orders.append(order(300, "2026-03-01", 1_000, "GB", currency="GBP"))
    orders.append(order(301, "2026-03-01", 1_000, "NO", currency="USD"))
    found = {(n.country, n.region): n for n in nearness(opened(book, order=orders), book, date(2026, 6, 1))}
    assert (found["US", "GA"].percent, found["US", "GA"].state) == (90, "near")
    assert found["US", "TX"].sales == 0  # 15 months ago
    assert found["GB", ""].state == "over"
    assert found["NO", ""].state == "unknown" and "no rate" in found["NO", ""].why
    assert found["AU", ""].state == "below"
    registered = '[[tax.identities]]\ncountry = "GB"\nkind = "gb_vat"\nnumber = "GB980780684"\nfrom = 2026-01-01\n'
    database = opened(book, registered, order=orders)
    again = nearness(database, open_book(book.path), date(2026, 6, 1))
    assert next(n for n in again if n.country == "GB").state == "registered"
    assert all(x.source and x.since for x in thresholds())


def test_periods_and_deadlines() -> None:
    assert (period("2024-02").last, period("2026-Q4").first, period("2026").last) == (
        date(2024, 2, 29),
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    for wrong in ("2026-13", "2026-Q5", "26-01", "2026-6", "", "2026-00"):
        with pytest.raises(CrossbookError):
            period(wrong)
    due = {
        (kind, name): deadline(kind, period(name))
        for kind, name in (("ioss", "2026-12"), ("ioss", "2028-01"), ("oss", "2026-Q4"), ("uk_vat", "2025-Q4"))
    }
    assert [d.due for d in due.values() if d] == [
        date(2027, 1, 31),
        date(2028, 2, 29),
        date(2027, 1, 31),
        date(2026, 2, 7),
    ]
    assert deadline("us_sales", period("2026-Q1")) is None
    assert deadline("cn_platform", period("2025-Q2")) is None  # before it began
    assert [p.name for p in periods("quarter", date(2025, 12, 1), date(2026, 7, 1))] == [
        "2025-Q4",
        "2026-Q1",
        "2026-Q2",
    ]
    found = calendar_of(["ioss", "uk_vat"], date(2026, 6, 30))
    assert [d.due for d in found] == sorted(d.due for d in found)
    events = Calendar.from_ical(as_calendar(found)).walk("VEVENT")
    assert len(events) == len(found) and events[0]["dtstart"].dt == found[0].due


@given(st.integers(2021, 2098), st.integers(1, 12))
def test_a_deadline_falls_after_its_period(year: int, month: int) -> None:
    of = period(f"{year}-{month:02d}")
    due = deadline("ioss", of)
    assert due is None or due.due > of.last


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (IDENTITIES + IDENTITIES, "overlap"),
        (IDENTITIES.replace("IM3720000224", "EU372"), "ioss"),
        (IDENTITIES.replace("2024-01-01", '"2024"'), "days"),
        (IDENTITIES + "to = 2023-01-01\n", "ends before"),
        (IDENTITIES.replace('country = "EU"', ""), "country"),
        ("tax = 3\n", "table"),
    ],
)
def test_numbers_that_cannot_be(book: Book, text: str, told: str) -> None:
    config = book.path / "book.toml"
    config.write_text(text if text.startswith("tax") else config.read_text(encoding="utf-8") + text, encoding="utf-8")
    with pytest.raises(CrossbookError, match=told):
        identities(book)


PAYEE = """
[tax.payees.ioss]
name = "Revenue Commissioners"
iban = "IE29AIBK93115212345678"
bic = "AIBKIE2D"
debtor_iban = "DE89370400440532013000"
debtor_bic = "COBADEFF"
reference = "IOSS"
"""


def test_a_payment_and_a_workbook(book: Book, tmp_path: Path) -> None:
    database = opened(book, IDENTITIES + PAYEE, order=[order(1, "2026-05-02", 11_900, "DE")])
    told = compute(database, book, "ioss", period("2026-05"))
    xml = payment(
        told, payee(book, "ioss"), "Yuǎnshān Hùwài GmbH & Co.", datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 30)
    )
    root = etree.fromstring(xml)
    space = {"p": PAIN}
    assert root.findtext(".//p:InstdAmt", namespaces=space) == "19.00"
    assert root.findtext(".//p:Ustrd", namespaces=space) == "IE/IM3720000224/M05.2026 IOSS"
    assert root.findtext(".//p:Dbtr/p:Nm", namespaces=space) == "Yuanshan Huwai GmbH + Co."
    assert root.findtext(".//p:SvcLvl/p:Cd", namespaces=space) == "SEPA"
    with pytest.raises(CrossbookError, match="远山户外"):
        payment(told, payee(book, "ioss"), "远山户外", datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 30))
    as_workbook(tmp_path / "r.xlsx", told, {"order": "orders.csv"})
    sheets = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))
    cells = [c for row in sheets.get_sheet_by_index(1).to_python() for c in row]
    assert "orders.csv:1" in cells and 100 in cells
    with pytest.raises(CrossbookError, match="nothing to pay"):
        payment(
            compute(database, book, "ioss", period("2026-04")),
            payee(book, "ioss"),
            "x",
            datetime(2026, 6, 1, tzinfo=UTC),
            date(2026, 6, 30),
        )
    with pytest.raises(CrossbookError, match=r"tax.payees.oss"):
        payee(book, "oss")


def test_bad_questions(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    database = opened(book, order=[order(1, "2026-05-02", 11_900, "DE")])
    for kind, name in (("vat", "2026-05"), ("ioss", "2026-Q2"), ("oss", "2026-05"), ("uk_vat", "2026")):
        with pytest.raises(CrossbookError):
            compute(database, book, kind, period(name))
    before = opened(book, order=[order(1, "2020-05-02", 1_900, "DE")])
    with pytest.raises(CrossbookError, match="there is no ioss return before 2021-07-01"):
        compute(before, book, "ioss", period("2020-05"))
    monkeypatch.setattr("crossbook.tax.desk._SINCE", {})
    with pytest.raises(CrossbookError, match="no VAT rate"):
        compute(before, book, "ioss", period("2020-05"))
