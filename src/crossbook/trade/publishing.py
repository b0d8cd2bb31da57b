"""The publication `trade`: every table of this room, made in the order in which they rest on each other."""

from __future__ import annotations

from crossbook.book import Book
from crossbook.engine import Database, Publication, newest
from crossbook.engine.guard import COVERED
from crossbook.errors import CrossbookError
from crossbook.trade import days

_ONCE = ("order", "order_item", "payment", "shipment", "tracking", "customs", "customs_return", "receipt", "invoice")


def rows_once(database: Database) -> dict[str, str]:
    """By kind, what to select a fact from so that what stands in several files counts once."""
    return {kind: newest(database, kind) for kind in _ONCE}


def make(database: Database, book: Book | None = None) -> None:
    """Make the tables of trades from a database's facts."""
    from crossbook.trade import lines, orders, papers, territories  # not loaded where the tables are kept

    rows = rows_once(database)
    orders.number(database, rows["order"])
    lines.make(database)
    alone, zones = (goods_alone(book), days.account_zones(book)) if book else ((), {})
    orders.make(database, rows["order_item"], alone, zones)
    territories.make(database)
    papers.make(database, rows)


def goods_alone(book: Book) -> tuple[str, ...]:
    """The accounts whose totals are of goods alone: `total_is = "goods"` in [accounts.X]. Raises CrossbookError."""
    found = []
    for name, settings in book.config.get("accounts", {}).items():
        told = settings.get("total_is", "") if isinstance(settings, dict) else ""
        if told not in ("", "goods"):
            raise CrossbookError(
                f"[accounts.{name}] total_is {told!r} is not known", where="book.toml", todo='write total_is = "goods"'
            )
        if told:
            found.append(name)
    return tuple(found)


TRADE = Publication(
    name="trade",
    make=make,
    state=lambda book: repr((goods_alone(book), days.account_zones(book))),
    reads=dict.fromkeys(COVERED, "what desks read of a trade is worked out here, from the facts themselves"),
)
