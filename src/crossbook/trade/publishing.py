"""The publication `trade`: every table of this room, made in the order in which they rest on each other."""

from __future__ import annotations

from crossbook.book import Book
from crossbook.engine import Database, Publication, newest
from crossbook.engine.guard import COVERED
from crossbook.trade import lines, orders, papers

_ONCE = ("order", "order_item", "payment", "shipment", "tracking", "customs", "customs_return", "receipt", "invoice")


def make(database: Database, book: Book | None = None) -> None:
    """Make the tables of trades from a database's facts."""
    rows = {kind: newest(database, kind) for kind in _ONCE}
    orders.number(database, rows["order"])
    lines.make(database)
    orders.make(database, rows["order_item"])
    papers.make(database, rows)


TRADE = Publication(
    name="trade",
    make=make,
    reads=dict.fromkeys(COVERED, "what desks read of a trade is worked out here, from the facts themselves"),
)
