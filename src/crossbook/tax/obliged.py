"""What makes a return due: a number that it is filed under, sales or exports of its period; or what would."""

from __future__ import annotations

from datetime import date

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.period import Period, period
from crossbook.tax.settings import FAR, Identity, identities
from crossbook.trade.days import UTC_ZONE, local_day, zone_of

# The number under which each return is filed; nobody files it without one.
NUMBERS = {"ioss": "ioss", "oss": "oss", "uk_vat": "gb_vat"}
FROM_SALES = ("cn_platform",)
FROM_EXPORTS = ("cn_refund",)


def wanting(database: Database, book: Book, kind: str, of: Period) -> str:
    """What would make a return due for a period, as the book stands; empty where something does, or where no rule says
    when it is. Needs `sales.prepare`.

    A return whose number in book.toml is wrong is due: nobody can say that it is not.
    """
    if kind in NUMBERS:
        mine = numbers(book, NUMBERS[kind])
        return "" if mine is None else wanting_number(book, NUMBERS[kind], of.first, of.last)
    if kind in FROM_SALES and of.name not in quarters(database):
        return f"the book has no sale of {of.name}: one would make it due"
    if kind in FROM_EXPORTS:
        database.ask("trade")
        told = "SELECT 1 AS one FROM declarations WHERE declared_on BETWEEN $first AND $last LIMIT 1"
        if not database.rows(told, first=of.first, last=of.last):
            return f"the book has no export of {of.name}: one would make it due"
    return ""


def numbers(book: Book, kind: str) -> list[Identity] | None:
    """The numbers of a kind; None when one of them is wrong."""
    try:
        return identities(book, kind)
    except CrossbookError:
        return None


def wanting_number(book: Book, kind: str, first: date, last: date) -> str:
    """What there is to say of a number of which none is valid within some days; empty where one is."""
    try:
        mine = identities(book, kind)
    except CrossbookError as error:
        return f"the {kind} number is wrong: {error.what}"
    if any(i.since <= last and first <= (i.until or FAR) for i in mine):
        return ""
    if later := [i.since for i in mine if i.since > last]:
        return f"the {kind} number is valid from {min(later)}"
    if mine:
        return f"the {kind} number ended on {max(i.until or FAR for i in mine)}"
    return f"no {kind} number is in book.toml: one in [[tax.identities]] would make it due"


def quarters(database: Database) -> set[str]:
    """The quarters in which something was sold or paid back."""
    zone = zone_of("CN") or UTC_ZONE  # platforms report to China
    sold, back = local_day("placed_at", zone), local_day("refunded_at", zone)
    rows = database.rows(
        f"""SELECT DISTINCT year(day) AS y, quarter(day) AS q FROM (
              SELECT {sold} AS day FROM tax_order WHERE counts = ''
              UNION ALL SELECT coalesce({back}, refunded_on) FROM tax_refund) WHERE day IS NOT NULL"""
    )
    return {period(f"{r['y']}-Q{r['q']}").name for r in rows}
