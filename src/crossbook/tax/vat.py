"""VAT abroad: the IOSS month, the OSS quarter, and the boxes of the UK return. Prices to consumers hold the VAT."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.offices import Office, is_non_union, office
from crossbook.tax.period import Period, deadline, frequency
from crossbook.tax.returned import Box, Line, Return
from crossbook.tax.sales import Scope, converted, percent, rate, references, refunds, rounded, sales
from crossbook.tax.settings import identity, inputs
from crossbook.tax.unsaid import unsaid
from crossbook.vat_rates import EU, standard_rate

DIRECT = "NOT by_marketplace"
IOSS_MOST = 15_000  # cents of a euro: intrinsic value of a consignment (Directive 2006/112/EC, article 369l)
UK_MOST = 13_500  # pence (gov.uk, VAT and overseas goods sold directly to customers in the UK)


def ioss(database: Database, book: Book, of: Period) -> Return:
    """The monthly return of the Import One Stop Shop: by member state, in euro at the ECB's rate of the last day.

    A sale counts on the day on which its payment was accepted (369n), where a file says it, else when it was placed.
    Sales of marketplaces that pay the tax themselves, and consignments of goods over 150 EUR, are not in it. Refunds of
    the month correct the period of their sale. Sales to Northern Ireland are in it once there is a number.
    Source: Council Implementing Regulation (EU) 2019/2026; Directive 2006/112/EC, 369l to 369x; gov.uk, tell HMRC that
    you are registered for the IOSS in the EU.
    """
    at = office(book, "ioss", of.last)
    irish = " OR territory = 'XI'" if at.number else ""
    where = f"{DIRECT} AND (country IS NULL OR list_contains($states, market){irish})"
    where += " AND NOT list_contains($stocks, coalesce(account, ''))"
    scope = Scope(
        where=where,
        values={"states": sorted(EU), "stocks": sorted(_stock(book))},
        zone=at.zone,
        first=of.first,
        last=of.last,
        moment="paid_at",
    )
    return _one_stop(database=database, of=of, kind="ioss", at=at, scope=scope, most=IOSS_MOST, stock={})


def oss(database: Database, book: Book, of: Period) -> Return:
    """The quarterly return of the Union scheme: goods sold from stock in the EU to consumers in other member states.

    Accounts with such stock say so: `stock = "DE"` in book.toml. Sales to the country of the stock are not in it. Each
    state of dispatch is told apart (Directive 2006/112/EC, article 369g(1)).
    """
    at, stock = office(book, "oss", of.last), _stock(book)
    where = f"{DIRECT} AND (country IS NULL OR list_contains($states, market))"
    where += (
        " AND list_contains($stocks, coalesce(account, '')) AND NOT list_contains($home, concat(account, ' ', market))"
    )
    values = {"states": sorted(EU), "stocks": sorted(stock), "home": [f"{a} {c}" for a, c in stock.items()]}
    return _one_stop(
        database=database,
        of=of,
        kind="oss",
        at=at,
        scope=Scope(where=where, values=values, zone=at.zone, first=of.first, last=of.last),
        most=None,
        stock=stock,
    )


def _stock(book: Book) -> dict[str, str]:
    accounts = book.config.get("accounts", {})
    return {n: str(a["stock"]) for n, a in accounts.items() if isinstance(a, dict) and a.get("stock") in EU}


def _one_stop(
    database: Database, of: Period, kind: str, at: Office, scope: Scope, most: int | None, stock: dict[str, str]
) -> Return:
    sold, back = sales(database, scope), refunds(database, scope)
    rates, notes = _rates_into(database, "EUR", sold, back, of, "; the law takes the ECB's")
    groups: dict[tuple[str, str, str, str, Decimal], list[Taxed]] = defaultdict(list)
    over: list[dict[str, Any]] = []
    for rows, label in ((sold, ""), (back, "corrections ")):
        for r in rows:
            taxed = _taxed(r, "EUR", rates)
            if most is not None and taxed.goods > most:
                over += [r] if not label else []
                continue
            period = _period_of(kind, r["day"]) if label else ""
            place = "XI" if r["territory"] == "XI" else r["market"]
            groups[label + place, stock.get(r["account"], ""), period, taxed.source, taxed.rate].append(taxed)
    lines = [
        Line(
            label=label,
            orders=len(found),
            base=sum(x.base for x in found),
            rate=percent(fraction),
            tax=sum(x.tax for x in found),
            because=references([x.row for x in found]),
            note=source,
            period=period,
            dispatch=dispatch,
        )
        for (label, dispatch, period, source, fraction), found in sorted(groups.items(), key=_order)
    ]
    total: int | None = sum(x.tax for x in lines)
    boxes = (Box("base", "taxable amount", sum(x.base for x in lines)), Box("vat", "VAT", total or 0))
    left = [] if at.number else [f"no {kind} number is set for {of.last}: [[tax.identities]]"]
    if kind == "oss" and at.number and is_non_union(at.number.number) and lines:
        states = ", ".join(sorted(set(stock.values())))
        left.append(
            f"{at.number.number} is a number of the non-Union scheme, for services: goods from stock in {states} "
            "cannot be declared under it"
        )
        total = None
    said, held = _over(over, most or 0, "EUR", rates)
    more = unsaid(database, scope)
    source = "Directive 2006/112/EC, articles 369l to 369x" if kind == "ioss" else "Directive 2006/112/EC, 369a to 369k"
    return Return(
        kind=kind,
        period=of,
        currency="EUR",
        number=at.number.number if at.number else "",
        lines=tuple(lines),
        boxes=boxes,
        total=total if more.whole else None,
        due=deadline(kind, of),
        source=source,
        notes=(*notes, *held, *at.notes, *more.notes),
        open=(*left, *said, *more.open),
    )


def _order(item: tuple[tuple[str, str, str, str, Decimal], Any]) -> tuple[bool, str, str, str, Decimal]:
    label, dispatch, period, _, fraction = item[0]
    return " " in label, label, dispatch, period, fraction


def _period_of(kind: str, day: date) -> str:
    """The period of a return that a day falls in."""
    return f"{day:%Y-%m}" if frequency(kind) == "month" else f"{day.year}-Q{(day.month + 2) // 3}"


@dataclass(frozen=True)
class Taxed:
    """A sale or refund (negative) in a return's currency: what is taxed, the tax in it, and at which rate. `goods` is
    the intrinsic value of the consignment: of the goods alone, without tax."""

    row: dict[str, Any]
    base: int
    tax: int
    goods: int
    rate: Decimal
    source: str


def _taxed(r: dict[str, Any], into: str, rates: dict[str, Decimal]) -> Taxed:
    """A sale, or a refund with the sale that it takes from, at the rate of the day of the sale.

    The intrinsic value is the price of the goods without tax, transport and insurance that are charged apart
    (Delegated Regulation (EU) 2015/2446, article 1(48)); where the goods' part is not known, all that was paid.
    """
    back = "back" in r
    own = r["own_rate"]
    told = None if own else standard_rate(r["market"], r["day"])
    fraction = Decimal(own.rstrip("%")) / 100 if told is None else told.rate
    gross = converted(-r["back"] if back else r["total"], r["currency"], into, rates[r["currency"]])
    base = rounded(Decimal(gross) / (1 + fraction))
    sold, currency = (r["sold"], r["sold_currency"]) if back else (r["total"], r["currency"])
    goods = sold if r["goods"] is None else r["goods"]
    value = converted(goods, currency, into, rates[currency])
    if r["goods"] is None or not r["goods_without_tax"]:
        value = rounded(Decimal(value) / (1 + fraction))
    return Taxed(row=r, base=base, tax=gross - base, goods=value, rate=fraction, source=told.source if told else "")


def _over(over: list[dict[str, Any]], most: int, into: str, rates: dict[str, Decimal]) -> tuple[list[str], list[str]]:
    """What to say of consignments over the limit, and of those of which no file says what the goods alone cost."""
    if not over:
        return [], []
    worth = sum(converted(r["total"], r["currency"], into, rates[r["currency"]]) for r in over)
    said = [f"{len(over)} consignments over {money.show(most, into)} are outside it: {money.show(worth, into)}"]
    n = sum(r["goods"] is None for r in over)
    return said, [f"of {n} of them no file says what the goods alone cost: held by all that was paid"] if n else []


def _rates_into(
    database: Database, into: str, sold: list[dict[str, Any]], back: list[dict[str, Any]], of: Period, source: str = ""
) -> tuple[dict[str, Decimal], list[str]]:
    found, notes = {}, []
    for currency in sorted({r["currency"] for r in (*sold, *back)} | {r["sold_currency"] for r in back}):
        found[currency], day = rate(database, currency, into, of.last)
        if currency != into:
            notes.append(f"{currency} at {found[currency]:.6f} {into}, the book's rate of {day}{source}")
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

    The Isle of Man is in it. Northern Ireland is, unless a number of the IOSS takes its sales. Boxes 6 to 9 are in
    whole pounds. Source: VAT Notice 700/12; gov.uk on overseas goods sold directly.
    """
    at = office(book, "uk_vat", of.last)
    irish = " AND territory IS DISTINCT FROM 'XI'" if identity(book, "ioss", of.last) else ""
    scope = Scope(
        where=f"{DIRECT} AND (country IS NULL OR market = 'GB'){irish}",
        values={},
        zone=at.zone,
        first=of.first,
        last=of.last,
    )
    sold, back = sales(database, scope), refunds(database, scope)
    rates, notes = _rates_into(database, "GBP", sold, back, of)
    given = inputs(book, "uk_vat").get(of.name, {})
    groups: dict[tuple[str, str, Decimal], list[Taxed]] = {}
    over: list[dict[str, Any]] = []
    for rows, label in ((sold, "sales"), (back, "corrections")):
        for r in rows:
            taxed = _taxed(r, "GBP", rates)
            if taxed.goods > UK_MOST:
                over += [r] if label == "sales" else []
            else:
                groups.setdefault((label, taxed.source, taxed.rate), []).append(taxed)
    lines = [
        Line(
            label=label,
            orders=len(found),
            base=sum(x.base for x in found),
            rate=percent(fraction),
            tax=sum(x.tax for x in found),
            because=references([x.row for x in found]),
            note=source,
        )
        for (label, source, fraction), found in groups.items()
    ]
    output = sum(x.tax for x in lines)
    reclaimed, bought = _minor(given, "input_vat", "uk_vat", of), _minor(given, "purchases", "uk_vat", of)
    net = sum(x.base for x in lines)
    figures = (output, 0, output, reclaimed, abs(output - reclaimed), _pounds(net), _pounds(bought), 0, 0)
    boxes = tuple(Box(name, title, figure) for (name, title), figure in zip(BOXES, figures, strict=True))
    left = [] if at.number else [f"no gb_vat number is set for {of.last}: [[tax.identities]]"]
    said, held = _over(over, UK_MOST, "GBP", rates)
    left += [f"{text}; import VAT is the importer's" for text in said]
    if not given:
        left.append(f'no inputs are set: [tax.uk_vat."{of.name}"] input_vat, purchases')
    more = unsaid(database, scope)
    return Return(
        kind="uk_vat",
        period=of,
        currency="GBP",
        number=at.number.number if at.number else "",
        lines=tuple(lines),
        boxes=boxes,
        total=output - reclaimed if more.whole else None,
        due=deadline("uk_vat", of),
        source="VAT Notice 700/12",
        notes=(*notes, *held, *more.notes),
        open=(*left, *more.open),
    )


def _pounds(pence: int) -> int:
    return pence // 100 * 100 if pence >= 0 else -(-pence // 100) * 100


def _minor(given: Any, name: str, kind: str, of: Period) -> int:
    """An amount of the book's settings, written in minor units."""
    value = given.get(name, 0) if isinstance(given, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise CrossbookError(f'[tax.{kind}."{of.name}"] {name} must be whole minor units', where="book.toml")
    return value
