"""The publications of this room: `lines`, which of several reports on money is believed, and `trade`, all the rest.

Closing a payout needs lines alone, so that ten millions of them are not summed by order before anyone asks for orders.
"""

from __future__ import annotations

from crossbook.book import Book
from crossbook.engine import Database, Publication, newest
from crossbook.engine.guard import COVERED
from crossbook.errors import CrossbookError
from crossbook.trade import days, sent_away

_ONCE = ("order", "order_item", "payment", "shipment", "tracking", "customs", "customs_return", "receipt", "invoice")


def rows_once(database: Database) -> dict[str, str]:
    """By kind, what to select a fact from so that what stands in several files counts once."""
    return {kind: newest(database, kind) for kind in _ONCE}


def make_lines(database: Database, book: Book | None = None) -> None:
    """Make `shared_number` and the tables of `trade/lines.py` from a database's facts."""
    from crossbook.trade import lines, orders  # not loaded where the tables are kept

    orders.number(database, newest(database, "order"))
    lines.make(database, book.paired() if book else {}, book)


def make(database: Database, book: Book | None = None) -> None:
    """Make the other tables of trades from a database's facts, and from lines."""
    from crossbook.trade import orders, papers, territories, witnesses  # not loaded where the tables are kept

    witnesses.keep(database, book)
    rows = rows_once(database)
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


def witness_rows() -> dict[str, str]:
    """The witnesses of sources, as they ship."""
    from crossbook.trade import witnesses

    return witnesses.of_sources()


_REASON = "what desks read of a trade is worked out here, from the facts themselves"
LINES = Publication(
    name="lines",
    make=make_lines,
    state=lambda book: repr((sorted(book.paired().items()), sent_away.own(book))),
    reads=dict.fromkeys(COVERED, _REASON),
)
TRADE = Publication(
    name="trade",
    make=make,
    rests_on=("lines",),
    state=lambda book: repr((goods_alone(book), days.account_zones(book), witness_rows())),
    reads=dict.fromkeys(COVERED, _REASON),
)
