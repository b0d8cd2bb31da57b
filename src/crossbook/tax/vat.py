"""VAT abroad: the IOSS month, the OSS quarter, and the boxes of the UK return. Prices to consumers hold the VAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.period import Period, deadline
from crossbook.tax.returned import Box, Line, Return
from crossbook.tax.sales import converted, percent, rate, references, rounded
from crossbook.tax.settings import identity, inputs
from crossbook.vat_rates import EU, standard_rate

IOSS_MOST = 15_000  # cents of a euro: intrinsic value of a consignment (Directive 2006/112/EC, article 369l)
UK_MOST = 13_500  # pence (gov.uk, VAT and overseas goods sold directly to customers in the UK)


def ioss(database: Database, book: Book, of: Period) -> Return:
    """The monthly return of the Import One Stop Shop: by member state, in euro at the ECB's rate of the last day.

    Sales of marketplaces that pay the tax themselves, and consignments over 150 EUR, are not in it. Refunds of the
    month correct it. Source: Council Implementing Regulation (EU) 2019/2026; Directive 2006/112/EC, 369l to 369x.
    """
    accounts = [] if not (stock := _stock(book)) else stock
    chosen = _chosen(database, of, lambda r: r["country"] in EU and r["account"] not in accounts)
    return _one_stop(database, book, of, "ioss", chosen, IOSS_MOST)


def oss(database: Database, book: Book, of: Period) -> Return:
    """The quarterly return of the Union scheme: goods sold from stock in the EU to consumers in other member states.

    Accounts with such stock say so: `stock = "DE"` in book.toml. Sales to the country of the stock are not in it.
    """
    stock = _stock(book)
    chosen = _chosen(database, of, lambda r: r["country"] in EU and r["account"] in stock
                     and r["country"] != stock[r["account"]])  # fmt: skip
    return _one_stop(database, book, of, "oss", chosen, None)


def _stock(book: Book) -> dict[str, str]:
    accounts = book.config.get("accounts", {})
    return {n: str(a["stock"]) for n, a in accounts.items() if isinstance(a, dict) and a.get("stock") in EU}


def _chosen(
    database: Database, of: Period, fits: Callable[[dict[str, Any]], bool]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Direct sales and refunds of a period that fit."""
    days = {"first": of.first, "last": of.last}
    where = "day BETWEEN $first AND $last AND NOT by_marketplace AND country IS NOT NULL ORDER BY day, order_id"
    sales = database.rows(f"SELECT *, total AS gross FROM tax_sale WHERE {where}", **days)
    refunds = database.rows(f"SELECT *, -back AS gross FROM tax_refund WHERE {where}", **days)
    return [r for r in sales if fits(r)], [r for r in refunds if fits(r)]


def _one_stop(
    database: Database, book: Book, of: Period, kind: str,
    chosen: tuple[list[dict[str, Any]], list[dict[str, Any]]], most: int | None,
) -> Return:  # fmt: skip
    number = identity(book, kind, of.last)
    rates, notes = _euro(database, chosen, of)
    lines: list[Line] = []
    over: list[dict[str, Any]] = []
    for rows, label in zip(chosen, ("", "corrections "), strict=True):
        by_state: dict[str, list[tuple[dict[str, Any], int, int]]] = defaultdict(list)
        for r in rows:
            told = standard_rate(r["country"], of.last)
            gross = converted(r["gross"], r["currency"], "EUR", rates[r["currency"]])
            base = rounded(Decimal(gross) / (1 + told.rate))
            if most is not None and abs(base) > most:
                over.append(r)
                continue
            by_state[r["country"]].append((r, base, gross - base))
        for country in sorted(by_state):
            found = by_state[country]
            told = standard_rate(country, of.last)
            base, tax = sum(b for _, b, _ in found), sum(x for _, _, x in found)
            because = references([r for r, _, _ in found])
            lines.append(Line(f"{label}{country}", len(found), base, percent(told.rate), tax, because, told.source))
    total = sum(x.tax for x in lines)
    left = [] if number else [f"no {kind} number is set for {of.last}: [[tax.identities]]"]
    if over:
        worth = sum(converted(r["gross"], r["currency"], "EUR", rates[r["currency"]]) for r in over)
        left.append(f"{len(over)} consignments over {money.show(most or 0, 'EUR')} are outside it: "
                    f"{money.show(worth, 'EUR')}")  # fmt: skip
    boxes = (Box("base", "taxable amount", sum(x.base for x in lines)), Box("vat", "VAT", total))
    source = "Directive 2006/112/EC, articles 369l to 369x" if kind == "ioss" else "Directive 2006/112/EC, 369a to 369k"
    return Return(kind, of, "EUR", number.number if number else "", tuple(lines), boxes, total, deadline(kind, of),
                  source, tuple(notes), tuple(left))  # fmt: skip


def _euro(
    database: Database, chosen: tuple[list[dict[str, Any]], list[dict[str, Any]]], of: Period
) -> tuple[dict[str, Decimal], list[str]]:
    found, notes = {}, []
    for currency in sorted({r["currency"] for rows in chosen for r in rows}):
        found[currency], day = rate(database, currency, "EUR", of.last)
        if currency != "EUR":
            notes.append(f"{currency} at {found[currency]:.6f} EUR, the book's rate of {day}; the law takes the ECB's")
    return found, notes


BOXES = (
    ("1", "VAT due on sales and other outputs"),
    ("2", "VAT due on acquisitions from EU member states in Northern Ireland"),
    ("3", "total VAT due"),
    ("4", "VAT reclaimed on purchases and other inputs"),
    ("5", "net VAT to pay or to be repaid"),
    ("6", "total value of sales excluding VAT"),
    ("7", "total value of purchases excluding VAT"),
    ("8", "supplies of goods to EU member states from Northern Ireland"),
    ("9", "acquisitions of goods from EU member states in Northern Ireland"),
)


def uk_vat(database: Database, book: Book, of: Period) -> Return:
    """The nine boxes of the UK return, from consignments up to 135 GBP sold directly; inputs as the book sets them.

    Boxes 6 to 9 are in whole pounds. Source: VAT Notice 700/12; gov.uk on overseas goods sold directly.
    """
    sales, refunds = _chosen(database, of, lambda r: r["country"] == "GB")
    told = standard_rate("GB", of.last)
    number = identity(book, "gb_vat", of.last)
    given = inputs(book, "uk_vat").get(of.name, {})
    lines: list[Line] = []
    over, notes, by = 0, [], {}
    for currency in sorted({r["currency"] for r in (*sales, *refunds)}):
        by[currency], day = rate(database, currency, "GBP", of.last)
        if currency != "GBP":
            notes.append(f"{currency} at {by[currency]:.6f} GBP, the book's rate of {day}")
    for rows, label in ((sales, "sales"), (refunds, "corrections")):
        base = tax = n = 0
        kept = []
        for r in rows:
            gross = converted(r["gross"], r["currency"], "GBP", by[r["currency"]])
            net = rounded(Decimal(gross) / (1 + told.rate))
            if abs(net) > UK_MOST:
                over += 1
                continue
            base, tax, n = base + net, tax + gross - net, n + 1
            kept.append(r)
        if n:
            lines.append(Line(label, n, base, percent(told.rate), tax, references(kept), told.source))
    output = sum(x.tax for x in lines)
    reclaimed, bought = _minor(given, "input_vat", "uk_vat", of), _minor(given, "purchases", "uk_vat", of)
    net = sum(x.base for x in lines)
    figures = (output, 0, output, reclaimed, abs(output - reclaimed), _pounds(net), _pounds(bought), 0, 0)
    boxes = tuple(Box(name, title, figure) for (name, title), figure in zip(BOXES, figures, strict=True))
    left = [] if number else [f"no gb_vat number is set for {of.last}: [[tax.identities]]"]
    if over:
        left.append(f"{over} consignments over 135.00 GBP are outside it: import VAT is the importer's")
    if not given:
        left.append(f'no inputs are set: [tax.uk_vat."{of.name}"] input_vat, purchases')
    return Return("uk_vat", of, "GBP", number.number if number else "", tuple(lines), boxes, output - reclaimed,
                  deadline("uk_vat", of), "VAT Notice 700/12", tuple(notes), tuple(left))  # fmt: skip


def _pounds(pence: int) -> int:
    return pence // 100 * 100 if pence >= 0 else -(-pence // 100) * 100


def _minor(given: Any, name: str, kind: str, of: Period) -> int:
    """An amount of the book's settings, written in minor units."""
    value = given.get(name, 0) if isinstance(given, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise CrossbookError(f'[tax.{kind}."{of.name}"] {name} must be whole minor units', where="book.toml")
    return value
