"""Figures as a page shows them, read back: money in minor units, numbers, days, the tables they stand in."""

from __future__ import annotations

import re
from datetime import datetime

from lxml import html

from crossbook import money

MONEY = re.compile(r"(−?)([\d,]+(?:\.\d+)?)\s([A-Z]{3})\b")


def sums(text: str) -> dict[str, int]:
    """Every sum of money in a text, added up by currency, in minor units.

    >>> sums("2 orders: 1,234.50 USD, −0.01 EUR")
    {'USD': 123450, 'EUR': -1}
    """
    found: dict[str, int] = {}
    for minus, digits, currency in MONEY.findall(text):
        minor = money.parse(digits.replace(",", ""), money.exponent(currency), ".")
        found[currency] = found.get(currency, 0) + (-minor if minus else minor)
    return found


def worth(text: str) -> dict[str, int]:
    """The sums of money in a text, and how many trades it says to be of unknown amount.

    >>> worth("1,234.50 USD, 1,002 of unknown amount")
    {'unknown': 1002, 'USD': 123450}
    """
    unknown = re.search(r"([\d,]+) of unknown amount", text)
    return {"unknown": int(unknown[1].replace(",", "")) if unknown else 0, **sums(text)}


def cash(text: str) -> int | None:
    """The one sum of money in a text; None where there is none."""
    told = sums(text)
    assert len(told) < 2, text
    return next(iter(told.values()), None)


def number(text: str) -> int | None:
    """The first whole number in a text; None where there is none.

    >>> number("1,204 payouts"), number("—")
    (1204, None)
    """
    found = re.search(r"\d[\d,]*", text)
    return int(found[0].replace(",", "")) if found else None


def day(text: str) -> str | None:
    """A day as 2026-06-30; None where the text has none.

    >>> day("Jun 30, 2026 past"), day("—")
    ('2026-06-30', None)
    """
    found = re.search(r"[A-Z][a-z]{2} \d{1,2}, \d{4}", text)
    return str(datetime.strptime(found[0], "%b %d, %Y").date()) if found else None  # noqa: DTZ007 - a day


def code(text: str) -> str:
    """A code of ours as it stands in JSON."""
    return text.strip().replace(" ", "_")


def text_of(element: html.HtmlElement) -> str:
    """The text of an element; what stands in elements or lines of its own is apart, spaces are made one."""
    return re.sub(r"[ \t\r\n]+", " ", " ".join(map(str, element.itertext()))).strip()


def table(page: html.HtmlElement, name: str) -> list[list[str]]:
    """The cells of the table that is labelled by an id or a text, row by row; none where there is no such table."""
    found = page.xpath("//div[@aria-labelledby=$name or @aria-label=$name]//table", name=name)
    rows = found[0].xpath("./tbody/tr") if found else []
    return [[text_of(cell) for cell in row.xpath("./td|./th")] for row in rows if not row.xpath("./td[@colspan]")]


def links(page: html.HtmlElement, name: str) -> list[list[str]]:
    """The addresses that each row of such a table leads to."""
    rows = page.xpath("//div[@aria-labelledby=$name or @aria-label=$name]//table/tbody/tr", name=name)
    return [list(row.xpath(".//a/@href")) for row in rows]
