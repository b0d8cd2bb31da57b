"""How exports are treated: refunded, exempt, or neither yet; none of them twice. [tax.exports] of book.toml.

`method` is "producer" (exempt, credit, refund) or "trading" (refund on purchase invoices). Lists declared simply (A)
are exempt. `refund` and `exempt` name orders or declarations that are treated so whatever else holds. A trading
company's exports that no purchase invoice covers are exempt where `zone` names the pilot zone it is registered in and
they were sold to consumers abroad (9610).

Source: Caishui [2018] 103, article 1 (exemption without purchase invoices).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crossbook.book import Book
from crossbook.ceb import SIMPLIFIED
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.exports import Listed, left_out, listed
from crossbook.tax.period import Period
from crossbook.tax.purchases import Covered, cover, key
from crossbook.tax.settings import inputs

METHODS = ("", "producer", "trading")
RETAIL = "9610"
BEGINNING = date(1994, 1, 1)  # no export of a book is older


@dataclass(frozen=True)
class Rules:
    """What [tax.exports] says. `method` is empty where nothing says how exports are treated."""

    method: str
    zone: str
    refund: frozenset[str]
    exempt: frozenset[str]


@dataclass(frozen=True)
class Split:
    """Exported lines of a period by their treatment; `left` names those that are neither, and why.

    `covered` is what purchase invoices cover of lines to be refunded, of a trading company.
    """

    rules: Rules
    told: Listed
    refund: list[dict[str, Any]]
    exempt: list[dict[str, Any]]
    covered: Covered
    left: tuple[str, ...]


def rules(book: Book) -> Rules:
    """[tax.exports]. Raises CrossbookError, and where one export is named for refund and for exemption."""
    given = inputs(book, "exports")
    method, zone = given.get("method", ""), given.get("zone", "")
    where = "[tax.exports]"
    if method not in METHODS or not isinstance(zone, str):
        raise CrossbookError('method must be "producer" or "trading"', where=where)
    names = {}
    for name in ("refund", "exempt"):
        told = given.get(name, [])
        if not isinstance(told, list) or not all(isinstance(x, str) for x in told):
            raise CrossbookError(f"{name} must be a list of orders or declarations", where=where)
        names[name] = frozenset(told)
    if both := sorted(names["refund"] & names["exempt"]):
        raise CrossbookError(
            f"{both[0]} is named for refund and for exemption", where=where, todo="an export is one or the other"
        )
    return Rules(method=method, zone=zone, **names)


def split(database: Database, book: Book, of: Period) -> Split:
    """The exports of a period, parted. Without a method all are in both parts. Raises CrossbookError."""
    by = rules(book)
    told = listed(database, book, of.first, of.last, refund=False)
    refund, exempt, others = _named(told.rows, by)
    if not by.method:
        return Split(by, told, [r for r in told.rows if r["flag"] != SIMPLIFIED], told.rows, Covered(), ())
    if by.method == "producer":
        return Split(by, told, refund + others, exempt, Covered(), ())
    first, _, later = _named(listed(database, book, BEGINNING, date.max, refund=False).rows, by)
    covered = cover(database, sorted((*first, *later), key=lambda r: (r["declared_on"], r["order_id"], r["line"])))
    left: dict[str, list[dict[str, Any]]] = {}
    kept = []
    for r in (*refund, *others):
        many = sum(p.quantity for p in covered.parts.get(key(r), []))
        if by.zone and not many and r["mode"] == RETAIL and not _names(r) & by.refund:
            exempt.append(r)
            continue
        there, rest = _parted(r, many)
        kept += there
        for x in rest:
            why = (
                "no file says the quantity"
                if r["quantity"] is None
                else f"purchase invoices cover {many} of {r['quantity']} pieces"
                if many
                else "no purchase invoice covers it"
            )
            left.setdefault(why, []).append(x)
    said = tuple(left_out(why, rows) for why, rows in sorted(left.items()))
    return Split(by, told, kept, exempt, covered, (*covered.left, *said))


def _parted(r: dict[str, Any], many: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The part of an exported line that invoices cover, with its part of the value, and the rest of it."""
    if not many:
        return [], [r]
    if many >= r["quantity"]:
        return [r], []
    amount = r["amount"] * many // r["quantity"]
    rest = {"quantity": r["quantity"] - many, "amount": r["amount"] - amount}
    return [r | {"quantity": many, "amount": amount}], [r | rest]


def _names(r: dict[str, Any]) -> set[str]:
    return {r["order_id"], r["declaration"] or ""}


def _named(
    rows: list[dict[str, Any]], by: Rules
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Lines that are refunded because they are named, that are exempt, and all others."""
    refund, exempt, others = [], [], []
    for r in rows:
        names = _names(r)
        if names & by.refund and (names & by.exempt or r["flag"] == SIMPLIFIED):
            name = r["declaration"] or r["order_id"]
            why = "for exemption" if names & by.exempt else "was declared simply (A), which gives none"
            raise CrossbookError(
                f"{name} is named for refund and {why}",
                where="[tax.exports]",
                todo="an export is one or the other",
            )
        if names & by.refund:
            refund.append(r)
        elif names & by.exempt or r["flag"] == SIMPLIFIED:
            exempt.append(r)
        else:
            others.append(r)
    return refund, exempt, others
