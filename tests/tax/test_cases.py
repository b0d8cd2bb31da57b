"""Returns over small books whose right figures were worked out by hand before:
files as platforms write them, read whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine import connect
from crossbook.tax.desk import compute, ready
from crossbook.tax.period import period
from crossbook.tax.returned import Return

CASES = Path(__file__).parent / "cases"
Made = Callable[..., Callable[[str, str], Return]]

# 1.00 EUR is 7.80 CNY, 1.00 GBP 9.36 CNY: 1.20 EUR; 1.00 USD is 7.00 CNY
RATES = "日期,货币,计价,中间价\n" + "".join(
    f"{day},{base},CNY,{rate}\n"
    for day in ("2025-05-30", "2025-06-02", "2025-08-29", "2025-09-30", "2026-09-30")
    for base, rate in (("EUR", "7.80"), ("GBP", "9.36"), ("USD", "7.00"))
)


@pytest.fixture
def made(book: Book, tmp_path: Path) -> Made:
    """A case's book; `changed` replaces texts in its book.toml. Gives a function from kind and period to the return."""

    def make(case: str, **changed: str) -> Callable[[str, str], Return]:
        folder = CASES / case
        for path in sorted(folder.glob("*.toml")):
            place = book.path if path.name == "book.toml" else book.path / "mappings"
            place.mkdir(exist_ok=True)
            shutil.copy(path, place / path.name)
        config = book.path / "book.toml"
        text = config.read_text(encoding="utf-8")
        for old, new in changed.items():
            assert old in text
            text = text.replace(old, new)
        config.write_text(text, encoding="utf-8")
        rates = tmp_path / "rates.csv"
        rates.write_text(RATES, encoding="utf-8")
        files = [*sorted(folder.glob("*.csv")), *([rates] if case == "eu_cn" else [])]
        again = open_book(book.path)
        for item in inputs(files):
            add(again, item)
        database = connect(again)
        ready(database, again)
        return lambda kind, name: compute(database, again, kind, period(name))

    return make


def lines(told: Return) -> list[tuple[str, str, str, int, str, int]]:
    return [(x.label, x.dispatch, x.period, x.base, x.rate, x.tax) for x in told.lines]


def test_an_import_month_by_territory(made: Made) -> None:
    """D1 and D2 are 119.00 and 178.50 in Germany: 100.00 and 150.00; D3 at 178.51 is over. D4 went to the Canary
    Islands. Monaco is France at 20 %, EL is Greece at 24 %. D14 went to Northern Ireland: 100.00 GBP, 120.00 EUR, at 20
    %."""
    told = made("eu_cn")("ioss", "2025-05")
    assert lines(told) == [
        ("DE", "", "", 25_000, "19 %", 4_750),
        ("EE", "", "", 10_000, "22 %", 2_200),
        ("FI", "", "", 10_000, "25.5 %", 2_550),
        ("FR", "", "", 10_000, "20 %", 2_000),
        ("GR", "", "", 20_000, "24 %", 4_800),
        ("HU", "", "", 10_000, "27 %", 2_700),
        ("LU", "", "", 10_000, "17 %", 1_700),
        ("SE", "", "", 10_000, "25 %", 2_500),
        ("SK", "", "", 10_000, "23 %", 2_300),
        ("XI", "", "", 10_000, "20 %", 2_000),
    ]
    assert told.open == ("1 consignments over 150.00 EUR are outside it: 178.51 EUR",)


def test_dispatch_from_two_states_at_the_rate_of_the_day_of_supply(made: Made) -> None:
    """Romania's rate is 19 % until 2025-07-31, then 21 %: F1 of 119.00 and F2 of 121.00 are 19.00 and 21.00."""
    told = made("eu_cn", EU372022452="DE136695976")("oss", "2025-Q3")
    assert lines(told) == [
        ("FR", "DE", "", 20_000, "20 %", 4_000),
        ("FR", "PL", "", 10_000, "20 %", 2_000),
        ("IT", "DE", "", 10_000, "22 %", 2_200),
        ("RO", "DE", "", 10_000, "19 %", 1_900),
        ("RO", "DE", "", 10_000, "21 %", 2_100),
    ]
    assert told.total == 12_200 and told.number == "DE136695976" and not told.open


def test_a_number_for_services_takes_no_goods(made: Made) -> None:
    told = made("eu_cn")("oss", "2025-Q3")
    assert told.total is None
    assert told.open == (
        "EU372022452 is a number of the non-Union scheme, for services: goods from stock in DE, PL cannot be declared "
        "under it",
    )


def test_a_quarter_is_beijings(made: Made) -> None:
    """D16 of 100.00 USD was placed on 2026-07-01 at 05:00 in Beijing, 21:00 of 30 June in UTC."""
    told = made("eu_cn")
    assert ("direct", 70_000) in [(x.label, x.base) for x in told("cn_platform", "2026-Q3").lines]
    assert not told("cn_platform", "2026-Q2").lines


def test_the_refund_rate_is_that_of_the_day_of_export(made: Made) -> None:
    """1,000.00 CNY at 10 % and 1,000.00 at 13 %, levied 13 %: limit 230.00, lost 30.00; 52.00 of input leave 22.00."""
    told = made("eu_cn")
    boxes = {b.name: b.amount for b in told("cn_refund", "2020-03").boxes}
    assert (boxes["limit"], boxes["not_creditable"], boxes["refund"]) == (23_000, 3_000, 2_200)
    later = {b.name: b.amount for b in told("cn_refund", "2025-05").boxes}
    assert [later[n] // 1_000_000 for n in ("not_creditable", "payable", "limit", "refund", "credited", "carried")] == [
        6,
        -36,
        20,
        20,
        0,
        16,
    ]


def test_the_limit_is_of_the_goods_alone(made: Made) -> None:
    """#2001: 165.00 for goods and 20.00 for shipping, 19 % in both: the goods are 138.66, all is 155.46."""
    told = made("ioss_shopify")("ioss", "2025-05")
    assert lines(told) == [("DE", "", "", 15_546, "19 %", 2_954)] and not told.open


def test_what_was_let_go_or_waits_is_no_sale_and_corrections_keep_their_period(made: Made) -> None:
    told = made("ioss_shopify")
    august = told("ioss", "2025-08")
    assert lines(august) == [
        ("DE", "", "", 20_000, "19 %", 3_800),
        ("HU", "", "", 10_000, "27 %", 2_700),  # "=1+1" alone; #2007 was voided, #2008 is pending
        ("RO", "", "", 10_000, "21 %", 2_100),
        ("SE", "", "", 10_000, "25 %", 2_500),
        ("corrections DE", "", "2025-08", -10_000, "19 %", -1_900),
        ("corrections RO", "", "2025-07", -10_000, "19 %", -1_900),  # sold in July, before the rate rose
        ("corrections SE", "", "2025-08", -2_000, "25 %", -500),
    ]
    assert "payment still pending: 1 (127.00 EUR), no sales yet" in august.notes
    assert lines(told("ioss", "2025-09")) == [("corrections SE", "", "2025-08", -2_000, "25 %", -500)]
