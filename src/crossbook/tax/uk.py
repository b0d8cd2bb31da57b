"""The nine boxes of the UK VAT return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.exchange import Exchange, Found, Wanting
from crossbook.tax.offices import office
from crossbook.tax.period import Period, deadline
from crossbook.tax.returned import Box, Return
from crossbook.tax.sales import WAIT_DAYS, Scope, converted, one_parcel, refunds, sales
from crossbook.tax.settings import identities, inputs, is_registered
from crossbook.tax.taxed import Intrinsic, Limit, Taxed, beyond, line, taxed
from crossbook.tax.unsaid import unsaid
from crossbook.tax.validity import Outside
from crossbook.vat_rates import EU

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
# pence; gov.uk/guidance/charging-vat-on-goods-sold-direct-to-customers-in-the-uk
LIMIT = Limit(13_500, "GBP")
EXPORTED = "zero-rated, with proof of export: VAT Notice 703; in box 6: VAT Notice 700/12"
# the same page: "Goods valued at £135 or less sold to UK VAT registered businesses", in its version of 2026-01-30
_TO_CONSUMERS = (
    "no file says which buyers are businesses: all are taken as consumers; a business that is registered for UK VAT "
    "accounts itself for a consignment from abroad",
)
RATES = ("supply", "month")  # [tax.uk_vat] rates: of the time of supply, or HMRC's period rate


def uk_vat(database: Database, book: Book, of: Period) -> Return:
    """The nine boxes: consignments up to 135 GBP sold directly, and sales from stock in the United Kingdom.

    Amounts in other currencies are converted at the rate of the time of supply, that of the payment or the dispatch,
    whichever was first, or at HMRC's period rate where `[tax.uk_vat]` says `rates = "month"`; a refund at the rate of
    its sale (gov.uk, VAT tertiary legislation, valuation). The Isle of Man is in it. Northern Ireland is, unless a
    number of the IOSS takes its imports, or one of the OSS what comes from stock in the EU. Boxes 6 to 9 are in whole
    pounds. Inputs are as the book sets them.
    Source: VAT Notice 700/12; gov.uk, charging VAT on goods sold direct to customers in the UK.
    """
    at = office(book, "uk_vat", of)
    where = f"{'NOT by_marketplace'} AND (country IS NULL OR market = 'GB')"
    irish = "coalesce(territory = 'XI', false)"
    if is_registered(book, "ioss", of.last):
        where += f" AND NOT ({irish} AND NOT list_contains($inside, coalesce(dispatch, '')))"
    if is_registered(book, "oss", of.last):
        where += f" AND NOT ({irish} AND list_contains($union, coalesce(dispatch, '')))"
    values = {"inside": sorted({*EU, "GB", "XI"}), "union": sorted(EU)}
    used_values = {name: value for name, value in values.items() if f"${name}" in where}
    scope = Scope(where=where, values=used_values, zone=at.zone, first=of.first, last=of.last, moment="supplied_at")
    settings = inputs(book, "uk_vat")
    _rule(settings)
    exchange = Exchange(database, "GBP")
    intrinsic = Intrinsic(LIMIT, lambda currency, on: _rate(exchange, settings, currency, on), one_parcel(database))
    groups: dict[tuple[str, str, Decimal], list[Taxed]] = defaultdict(list)
    over: list[Taxed] = []
    used: dict[str, list[Found]] = {}
    outside, wanting = Outside(identities(book, "gb_vat")), Wanting()
    for rows, label in ((sales(database, scope), "sales"), (refunds(database, scope), "corrections")):
        for r in rows:
            if outside.takes(r):
                continue
            try:
                by = _rate(exchange, settings, r["currency"], r["day"])
                other = by if label == "sales" else _rate(exchange, settings, r["sold_currency"], r["day"])
            except CrossbookError as error:
                wanting.take(error, r)
                continue
            used.setdefault(r["currency"], []).append(by)
            found = taxed(r, by, over=not _inside(r) and intrinsic.over(r, other))
            if found.over:
                over += [found] if label == "sales" else []
            else:
                groups[label, found.source, found.rate].append(found)
    abroad = _exports(database, at.zone, of, lambda currency, on: _rate(exchange, settings, currency, on), wanting)
    lines = (
        *(line(label, found, note=source) for (label, source, _), found in groups.items()),
        *(line(label, found, note=EXPORTED) for label, found in abroad.items()),
    )
    given = settings.get(of.name, {})
    output = sum(x.tax for x in lines)
    reclaimed, bought = _minor(given, "input_vat", "uk_vat", of), _minor(given, "purchases", "uk_vat", of)
    said, held = beyond(over, LIMIT)
    left = [] if at.number else [f"no gb_vat number is set for {of.last}: [[tax.identities]]"]
    left += [f"{text}; import VAT is the importer's" for text in said]
    if not given:
        left.append(f'no inputs are set: [tax.uk_vat."{of.name}"] input_vat, purchases')
    more = unsaid(database, scope)
    waits = wanting.said(figures=bool(lines or over))
    return Return(
        kind="uk_vat",
        period=of,
        currency="GBP",
        number=at.number.number if at.number else "",
        lines=lines,
        boxes=boxes(output=output, reclaimed=reclaimed, net=sum(x.base for x in lines), bought=bought),
        total=output - reclaimed if more.whole and not waits else None,
        due=deadline("uk_vat", of),
        source="VAT Notice 700/12",
        notes=(*_told(used, settings), *held, *intrinsic.notes, *_TO_CONSUMERS[: bool(lines)], *more.notes),
        open=(*left, *outside.said, *waits, *more.open),
        wanting=waits,
    )


def _exports(
    database: Database, zone: str, of: Period, rate: Callable[[str, date], Found], wanting: Wanting
) -> dict[str, list[Taxed]]:
    """Goods that left stock in Great Britain for another country, zero-rated; box 6 takes them, box 1 nothing."""
    where = "dispatch = 'GB' AND country IS NOT NULL AND market <> 'GB'"
    scope = Scope(where=where, values={}, zone=zone, first=of.first, last=of.last, moment="supplied_at")
    found: dict[str, list[Taxed]] = {}
    for rows, label in ((sales(database, scope), "exports"), (refunds(database, scope), "corrections of exports")):
        for r in rows:
            try:
                by = rate(r["currency"], r["day"])
            except CrossbookError as error:
                wanting.take(error, r)
                continue
            base = converted(-r["back"] if "back" in r else r["total"], r["currency"], "GBP", by.rate)
            found.setdefault(label, []).append(Taxed(row=r, base=base, tax=0, rate=Decimal(0), source=EXPORTED))
    return found


def boxes(*, output: int, reclaimed: int, net: int, bought: int) -> tuple[Box, ...]:
    """The nine boxes of output tax, input tax, and the values of sales and purchases, in pence."""
    figures = (output, 0, output, reclaimed, abs(output - reclaimed), _pounds(net), _pounds(bought), 0, 0)
    return tuple(Box(name, title, figure) for (name, title), figure in zip(BOXES, figures, strict=True))


def _inside(r: dict[str, Any]) -> bool:
    """Whether goods were no import: from stock in the United Kingdom, or from the Union to Northern Ireland."""
    return r["dispatch"] == "GB" or (r["territory"] == "XI" and (r["dispatch"] in EU or r["dispatch"] == "XI"))


def _rule(settings: dict[str, Any]) -> str:
    rule = settings.get("rates", "supply")
    if rule not in RATES:
        raise CrossbookError(
            f"[tax.uk_vat] rates {rule!r} is not known", where="book.toml", todo='write rates = "supply" or "month"'
        )
    return str(rule)


def _rate(exchange: Exchange, settings: dict[str, Any], currency: str, on: date) -> Found:
    if _rule(settings) == "month":
        return exchange.month(currency, on)
    found = exchange.latest(currency, on)
    if found is None:
        raise CrossbookError(
            f"the book has no rate of {currency} in GBP for {on}, the day of a sale, or the {WAIT_DAYS} days before it",
            todo='add a table of exchange rates; for HMRC\'s rates of the month write [tax.uk_vat] rates = "month"',
        )
    return found


def _told(used: dict[str, list[Found]], settings: dict[str, Any]) -> list[str]:
    months = _rule(settings) == "month"
    said = []
    for currency, found in sorted(used.items()):
        if currency != "GBP":
            low, high = min(f.rate for f in found), max(f.rate for f in found)
            range_ = f"{low:.6f}" if low == high else f"{low:.6f} to {high:.6f}"
            when = "the month of each sale" if months else "the day of each sale"
            said.append(f"{currency} at {range_} GBP, the book's rates of {when}")
    return said


def _pounds(pence: int) -> int:
    return pence // 100 * 100 if pence >= 0 else -(-pence // 100) * 100


def _minor(given: Any, name: str, kind: str, of: Period) -> int:
    """An amount of the book's settings, written in minor units."""
    value = given.get(name, 0) if isinstance(given, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise CrossbookError(f'[tax.{kind}."{of.name}"] {name} must be whole minor units', where="book.toml")
    return value
