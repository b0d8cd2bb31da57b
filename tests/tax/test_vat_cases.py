"""A table of cases worked by hand, each with its source: the day before, the day and the day after of every rule.

`vat_cases.csv` writes a sale as `number moment amount currency country name=value…` (moments in UTC, _ for a space),
a parcel as `ship number moment country`, a refund as `back number moment amount currency`, a line as
`label<dispatch@period base rate tax`. A total of ? is none. All cases stand in one book: those of others are sales of
marketplaces, which pay their own tax. The exchange rates are round ones, made up for these cases.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book, init_book, open_book
from crossbook.engine import Database
from crossbook.money import parse, plain
from crossbook.tax.desk import compute, ready
from crossbook.tax.period import period
from crossbook.tax.returned import Return
from crossbook.trade import publishing
from tests.verify.facts_of import at, day, facts

CASES = list(csv.DictReader((Path(__file__).parent / "vat_cases.csv").read_text(encoding="utf-8").splitlines()))
NUMBERS = {
    "IOSS": ("EU", "ioss", "IM3720000224"),
    "OSS": ("EU", "oss", "DE136695976"),
    "NONUNION": ("EU", "oss", "EU372022452"),
    "GB": ("GB", "gb_vat", "GB980780684"),
}
# one dollar: in euro, and in pounds
EURO = {
    "2025-05-30": "0.88",
    "2025-06-02": "0.90",
    "2025-06-10": "0.80",
    "2025-06-11": "0.75",
    "2025-06-30": "0.85",
    "2025-07-31": "0.80",
    "2025-09-01": "0.70",
}
POUNDS = {"2025-06-01": "0.50", "2025-06-10": "0.70", "2025-06-11": "0.75", "2025-07-31": "0.60"}


def account(n: int, second: str = "") -> str:
    return f"case{n:02d}{second}"


def many(text: str) -> list[list[str]]:
    return [part.split() for part in text.split(";") if part.strip()]


def sale(n: int, words: list[str]) -> dict[str, Any]:
    number, moment, amount, currency, country, *more = words
    given = dict(word.replace("_", " ").split("=", 1) for word in more)
    told = {
        "account": account(n, "b" if given.pop("on", "") else ""),
        "order_id": f"{n}-{number}",
        "placed_at": at(moment),
        "status": given.pop("status", "paid"),
        "currency": currency,
        "total": parse(amount, 2),
        "country": country,
        "postcode": given.pop("pc", None),
        "region": given.pop("region", None),
        "city": given.pop("city", None),
    }
    if paid := given.pop("paid", ""):
        told["paid_at"] = at(paid)
    if "tax" in given:
        told["tax_included"] = "yes"
    return told | {name: parse(value, 2) for name, value in given.items()}


def settlement(n: int, words: list[str], line: int) -> dict[str, Any]:
    _, number, moment, amount, currency = words
    return {
        "account": account(n),
        "order_id": f"{n}-{number}",
        "posted_at": at(moment),
        "day": at(moment).date(),
        "kind": "refund",
        "amount": -parse(amount, 2),
        "currency": currency,
        "reference": f"R{n}-{line}",
    }


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Return]:
    """The return of a case by its place in the table."""
    book: Book = init_book(tmp_path_factory.mktemp("vat") / "book", "Test business", "CNY")
    orders, parcels, back = [], [], []
    for n, case in enumerate(CASES):
        orders += [sale(n, words) for words in many(case["sales"])]
        for line, words in enumerate(many(case["more"])):
            if words[0] == "ship":
                parcels.append({"order_id": f"{n}-{words[1]}", "shipped_at": at(words[2]), "origin": words[3]})
            else:
                back.append(settlement(n, words, line))
    rates = [
        {"day": day(on), "base": "USD", "quote": quote, "rate": Decimal(rate)}
        for quote, table in (("EUR", EURO), ("GBP", POUNDS))
        for on, rate in table.items()
    ]
    database: Database = facts(order=orders, shipment=parcels, settlement=back, rate=rates)
    publishing.make_lines(database, book)
    publishing.make(database, book)
    config = book.path / "book.toml"
    plain_settings = config.read_text(encoding="utf-8")

    def told(n: int) -> Return:
        config.write_text(plain_settings + settings(n), encoding="utf-8")
        opened = open_book(book.path)
        ready(database, opened)
        return compute(database, opened, CASES[n]["kind"], period(CASES[n]["period"]))

    return told


def settings(n: int) -> str:
    words = CASES[n]["settings"].split()
    given = dict(word.split("=") for word in words if "=" in word)
    others = [account(m, b) for m in range(len(CASES)) if m != n for b in ("", "b")]
    text = "".join(f"[accounts.{name}]\npays_tax = true\n" for name in others)
    for name, second in (("stock", ""), ("stock2", "b")):
        if name in given:
            text += f"[accounts.{account(n, second)}]\nstock = {given[name].split('+')}\n"
    if "rates" in given:
        text += f'[tax.uk_vat]\nrates = "{given["rates"]}"\n'
    for word in words:
        if word in NUMBERS:
            country, kind, number = NUMBERS[word]
            text += (
                f'[[tax.identities]]\ncountry = "{country}"\nkind = "{kind}"\nnumber = "{number}"\nfrom = 2021-07-01\n'
            )
    return text


@pytest.mark.parametrize("n", range(len(CASES)), ids=[c["case"] for c in CASES])
def test_a_case_worked_by_hand(returns: Callable[[int], Return], n: int) -> None:
    case, told = CASES[n], returns(n)
    lines = []
    for x in told.lines:
        name = x.label.replace(" ", ".") + (f"<{x.dispatch}" if x.dispatch else "")
        name += f"@{x.period}" if x.period else ""
        cents = [plain(amount, told.currency) for amount in (x.base, x.tax)]
        lines.append([name, cents[0], x.rate.replace(" ", ""), cents[1]])
    assert lines == many(case["lines"])
    assert ("?" if told.total is None else plain(told.total, told.currency)) == case["total"]
    assert case["says"] in "\n".join((*told.notes, *told.open))
    assert case["source"]


def test_the_table_is_long_enough_and_names_each_case_once() -> None:
    assert len({c["case"] for c in CASES}) == len(CASES) >= 80
