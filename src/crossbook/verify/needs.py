"""Which papers a trade must have, and how far two of them may differ: settings of the book."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from crossbook.book import Book
from crossbook.errors import CrossbookError

# The papers of a trade that a book may ask for.
PAPERS = ("order", "payment", "shipment", "customs", "receipt", "invoice")
USUAL = ("order", "payment", "shipment", "customs", "receipt")


@dataclass(frozen=True)
class Needs:
    """The papers that every trade of an account must have."""

    papers: tuple[str, ...] = USUAL


@dataclass(frozen=True)
class Tolerance:
    """How far papers may differ before it is said. Percents of the larger value; money in whole units of a currency.

    These are usual in practice, not law: no authority publishes them. `[verify]` in book.toml sets others.
    """

    paid_percent: int = 1  # paid against ordered: rounding by a conversion
    declared_percent: int = 15  # declared against ordered: postage and vouchers may be in one of them
    weight_percent: int = 15  # the carrier's weight against the declared one
    weight_grams: int = 100  # and never less than this
    packing_percent: int = 60  # a parcel may weigh this much more than its goods, and packing_grams
    packing_grams: int = 500
    light_percent: int = 15  # and this much less
    price_percent: int = 45  # from the middle price of a product
    early_hours: int = 12  # clocks of two systems may differ by this
    waiting_days: int = 45  # from shipping, after which a parcel should have arrived
    shipping_days: int = 10  # from the order, after which it should have been shipped
    declared_late_days: int = 3  # after shipping, by which the export list is declared
    fastest_hours: int = 20  # in which a parcel can cross a border
    listed_score: int = 85  # of 100, from which a name on a list is taken for the party
    parcel_orders: int = 5  # of one buyer in one parcel, from which on it is said


def tolerance_of(book: Book) -> Tolerance:
    """The tolerances that the book sets, the usual ones else. Raises CrossbookError."""
    known = {f.name for f in fields(Tolerance)}
    given = {k: v for k, v in table(book.config, "verify").items() if k != "papers"}
    for name, value in given.items():
        if name not in known:
            raise CrossbookError(f"[verify] has no {name!r}", where="book.toml", todo=f"use {', '.join(sorted(known))}")
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10**6:
            raise CrossbookError(f"[verify] {name} must be a whole number from 0", where="book.toml")
    return replace(Tolerance(), **given)


def needs_of(book: Book) -> dict[str, Needs]:
    """The papers that trades need, by account; "" for accounts that say nothing. Raises CrossbookError."""
    found = {"": Needs(_papers(table(book.config, "verify").get("papers", USUAL), "[verify]"))}
    for account, settings in table(book.config, "accounts").items():
        if isinstance(settings, dict) and "papers" in settings:
            found[account] = Needs(_papers(settings["papers"], f"[accounts.{account}]"))
    return found


def table(config: dict[str, Any], name: str) -> dict[str, Any]:
    """A table of book.toml; empty when it has none. Raises CrossbookError."""
    found = config.get(name, {})
    if not isinstance(found, dict):
        raise CrossbookError(f"{name} must be a table", where="book.toml", todo=f"write [{name}]")
    return found


def _papers(given: Any, where: str) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(paper in PAPERS for paper in given):
        raise CrossbookError(
            f"{where} papers must be a list of {', '.join(PAPERS)}", where="book.toml", todo='papers = ["order"]'
        )
    return tuple(dict.fromkeys(given))
