"""The tax desk over a book: any return by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError, ParameterError
from crossbook.tax import china, one_stop, uk, us
from crossbook.tax.filings import LATER, as_filed, beside, with_later
from crossbook.tax.obliged import wanting
from crossbook.tax.period import RETURNS, Filing, Period, filed, frequency, period_of
from crossbook.tax.returned import Return
from crossbook.tax.sales import prepare
from crossbook.tax.settings import marketplaces, stocks

_MAKERS: dict[str, Callable[[Database, Book, Period], Return]] = {
    "ioss": one_stop.ioss,
    "oss": one_stop.oss,
    "uk_vat": uk.uk_vat,
    "us_sales": us.us_sales,
    "cn_refund": china.cn_refund,
    "cn_exempt": china.cn_exempt,
    "cn_platform": china.cn_platform,
}
# Council Decision (EU) 2020/1109: both schemes apply from this day.
_SINCE = {"ioss": date(2021, 7, 1), "oss": date(2021, 7, 1)}
assert tuple(_MAKERS) == RETURNS  # noqa: S101 - one list of names


def ready(database: Database, book: Book) -> None:
    """Make what the desk reads."""
    prepare(database, marketplaces(book), stocks(book))


def compute(database: Database, book: Book, kind: str, of: Period) -> Return:
    """One return: as it was filed, else as the book makes it now.

    Raises CrossbookError for an unknown one, or for a period of another length. Needs `ready`.
    """
    told = worked(database, book, kind, of)
    filing = filed(book).get((kind, of.name))
    if filing is None:
        return replace(told, wants=wanting(database, book, kind, of)) if told.due else told
    if filing.lines is None:
        return told
    now = beside_filed(database, book, kind, of, filing)
    return as_filed(replace(told, total=now.total), filing)


def beside_filed(database: Database, book: Book, kind: str, of: Period, filing: Filing) -> Return:
    """What to hold a filed return against: as the book makes it now, but for what came later for earlier periods."""
    told = worked(database, book, kind, of)
    return beside(_made(database, book, kind, of), told, filing) if kind in LATER else told


def worked(database: Database, book: Book, kind: str, of: Period) -> Return:
    """One return as the book makes it now, filed or not: with what filed returns before it are corrected by."""
    told = _made(database, book, kind, of)
    if kind not in LATER:
        return told
    return with_later(told, filed(book), lambda earlier: _whole(_made(database, book, kind, earlier)))


def _whole(told: Return) -> Return:
    """An earlier return, to be held against what was filed. Raises CrossbookError where it lacks an exchange rate."""
    if told.wanting:
        raise CrossbookError(
            told.wanting[0], where=f"{told.kind} {told.period.name}", todo="add a table of exchange rates"
        )
    return told


def _made(database: Database, book: Book, kind: str, of: Period) -> Return:
    """One return from the events of its own period."""
    if kind not in _MAKERS:
        raise ParameterError("kind", kind, RETURNS)
    often = frequency(kind)
    given = "quarter" if "Q" in of.name else "month" if len(of.name) == 7 else "year"
    if often and given != often:
        raise ParameterError(
            "of",
            of.name,
            what=f"{kind} is for a {often}, not for {of.name}",
            todo="write 2026-06" if often == "month" else "write 2026-Q2",
        )
    if of.first < _SINCE.get(kind, of.first):
        raise ParameterError(
            "of",
            of.name,
            what=f"there is no {kind} return before {_SINCE[kind]}",
            todo=f"write a period from {period_of(kind, _SINCE[kind]).name} on",
        )
    made = _MAKERS[kind](database, book, of)
    told = "SELECT 1 AS one FROM tax_order WHERE placed_at >= $first AND placed_at < $over LIMIT 1"
    near = {"first": of.first - timedelta(days=1), "over": of.last + timedelta(days=2)}  # wherever its days begin
    if made.lines or database.rows(told, **near):
        return made
    silent = f"the book has no order of {of.name}: nothing shows that there were no sales"
    return replace(made, notes=(*made.notes, silent))
