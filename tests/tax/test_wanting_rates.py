"""Sales and exports without an exchange rate: named, with no total, while the rest of the return stands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from crossbook.book import Book, open_book
from crossbook.errors import CrossbookError
from crossbook.filing.taxes import as_workbook
from crossbook.i18n import choose, translated
from crossbook.tax.desk import compute
from crossbook.tax.period import period
from crossbook.tax.returned import Return
from tests.tax.test_returns import opened, order
from tests.verify.facts_of import day

CN = """
[[tax.refund_rates]]
code = "6306"
rate = "13%"
from = 2020-03-20
[tax.cn_refund."2026-03"]
levy_rate = "13%"
input_vat = 0
output_vat = 0
carried_in = 0
[tax.cn_exempt]
income_tax_rate = "25%"
"""


def listed(n: int, amount: int, currency: str) -> dict[str, Any]:
    return {
        "order_id": f"A{n}",
        "declaration": f"L{n}",
        "declared_on": day("2026-03-05"),
        "country": "CN",
        "mode": "9710",
        "item": "TENT",
        "hs": "6306220000",
        "quantity": 1,
        "amount": amount,
        "currency": currency,
        "flag": "B",
    }


def bases(told: Return) -> list[tuple[str, int, int]]:
    return [(x.label, x.orders, x.base) for x in told.lines]


@pytest.mark.parametrize("kind", ["cn_refund", "cn_exempt"])
def test_an_export_without_a_rate_stops_no_other(book: Book, kind: str) -> None:
    """1,000.00 CNY stands; 100.00 USD of A2 has no rate in March: it is named, and there is no total."""
    database = opened(book, CN, customs=[listed(1, 100_000, "CNY"), listed(2, 10_000, "USD")])
    told = compute(database, open_book(book.path), kind, period("2026-03"))
    assert [x.base for x in told.lines] == [100_000] and told.total is None
    wanting = "the book has no rate of USD in CNY for 2026-03-01 or the 10 days after it: "
    assert told.wanting == (wanting + "A2 (100.00 USD) not in it, no total",)
    assert told.wanting[0] in told.open
    assert not {"refund", "limit"} & {b.name for b in told.boxes}


def test_exports_of_which_none_has_a_rate_stop(book: Book) -> None:
    database = opened(book, CN, customs=[listed(2, 10_000, "USD")])
    with pytest.raises(CrossbookError, match="no rate of USD in CNY"):
        compute(database, open_book(book.path), "cn_refund", period("2026-03"))


def test_what_platforms_report_without_a_rate_of_one_order(book: Book) -> None:
    orders = [order(1, "2026-02-02", 50_000, "US", currency="CNY"), order(2, "2026-02-03", 9_900, "CA", currency="CAD")]
    told = compute(opened(book, order=orders), book, "cn_platform", period("2026-Q1"))
    assert bases(told) == [("shop", 1, 50_000)]
    assert told.open[0].endswith(": A2 (99.00 CAD) not in it, no total") and told.wanting == told.open[:1]


def test_sales_to_a_state_in_several_currencies(book: Book) -> None:
    """At 1.10 USD for 1 EUR, 100.00 EUR are 110.00 USD: California has 610.00. No rate of CAD: New York is named."""
    orders = [
        order(1, "2026-05-02", 50_000, "US", currency="USD", region="CA"),
        order(2, "2026-05-03", 10_000, "US", currency="EUR", region="CA"),
        order(3, "2026-05-04", 100_000, "US", currency="CAD", region="NY"),
    ]
    rates = [{"day": day("2026-06-30"), "base": "EUR", "quote": "USD", "rate": Decimal("1.10")}]
    told = compute(opened(book, order=orders, rate=rates), book, "us_sales", period("2026-Q2"))
    assert told.currency == "USD" and bases(told) == [("CA", 2, 61_000)]
    assert told.notes[0] == "EUR at 1.1000 USD, the book's rate of 2026-06-30"
    lost = "the book has no rate of CAD in USD for 2026-06-30 or the 10 days after it: "
    assert told.wanting == (lost + "A3 (1,000.00 CAD) not in it, no total",)


def test_sales_to_states_in_one_currency_need_no_rate(book: Book) -> None:
    told = compute(opened(book, order=[order(1, "2026-05-02", 50_000, "US")]), book, "us_sales", period("2026-Q2"))
    assert told.currency == "EUR" and bases(told) == [("—", 1, 50_000)] and not told.wanting


def test_the_workbook_says_that_the_sum_to_pay_is_not_known(book: Book, tmp_path: Path) -> None:
    database = opened(book, CN, customs=[listed(1, 100_000, "CNY"), listed(2, 10_000, "USD")])
    as_workbook(tmp_path / "r.xlsx", compute(database, open_book(book.path), "cn_refund", period("2026-03")), {})
    sheet = python_calamine.CalamineWorkbook.from_path(tmp_path / "r.xlsx").get_sheet_by_index(0).to_python()
    texts = [str(x) for row in sheet for x in row]
    assert "not known: exchange rates are wanting 未知：缺少汇率" in texts
    assert any("A2 (100.00 USD) not in it, no total" in x for x in texts)


def test_in_chinese() -> None:
    choose("zh")
    try:
        said = translated("EUR at 1.1000 USD, the book's rate of 2026-06-30")
        assert said == "EUR 按 1.1000 USD，账簿 2026-06-30 汇率"
    finally:
        choose("en")
