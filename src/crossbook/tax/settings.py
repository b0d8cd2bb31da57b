"""Tax numbers with their validity, who pays the tax of an account's sales, and inputs that no file holds: [tax]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.identifiers import KINDS, problem

FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Identity:
    """A number under which the business is known to an authority, from one day to another (both in it)."""

    country: str
    kind: str
    number: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Payee:
    """Where a return's tax is paid to, and from which account."""

    name: str
    iban: str
    bic: str
    debtor_iban: str
    debtor_bic: str
    reference: str


def identities(book: Book) -> list[Identity]:
    """The numbers of [[tax.identities]].

    Raises CrossbookError for a wrong check digit, and for two of one kind and country that are valid on the same day.
    """
    found = [_identity(x, n) for n, x in enumerate(_tax(book).get("identities", []), start=1)]
    found.sort(key=lambda i: (i.country, i.kind, i.since))
    for a, b in pairwise(found):
        if (a.country, a.kind) == (b.country, b.kind) and b.since <= (a.until or FAR):
            raise CrossbookError(
                f"two {a.kind} numbers of {a.country} overlap: {a.number} and {b.number}",
                where="[[tax.identities]]",
                todo="end the older one the day before the newer one begins",
            )
    return found


def identity(book: Book, kind: str, on: date, country: str | None = None) -> Identity | None:
    """The number of a kind that is valid on a day."""
    return next(
        (
            i
            for i in identities(book)
            if i.kind == kind and country in (None, i.country) and i.since <= on <= (i.until or FAR)
        ),
        None,
    )


def _identity(given: Any, n: int) -> Identity:
    where = f"[[tax.identities]] {n}"
    if not isinstance(given, dict):
        raise CrossbookError("must be a table", where=where)
    texts = {name: given.get(name) for name in ("country", "kind", "number")}
    for name, value in texts.items():
        if not isinstance(value, str) or not value:
            raise CrossbookError(f"{name} is missing", where=where)
    kind, number = str(texts["kind"]), str(texts["number"])
    if kind in KINDS and (why := problem(kind, number)):
        raise CrossbookError(f"{kind} {number}: {why}", where=where, todo="compare it with the certificate")
    since, until = given.get("from"), given.get("to")
    if type(since) is not date or (until is not None and type(until) is not date):
        raise CrossbookError("from (and to) must be days", where=where, todo="write from = 2025-01-01")
    if until is not None and until < since:
        raise CrossbookError("it ends before it begins", where=where)
    return Identity(country=str(texts["country"]), kind=kind, number=number, since=since, until=until)


def marketplaces(book: Book) -> list[str]:
    """Accounts whose marketplace collects and pays the tax on its sales: `pays_tax = true`."""
    accounts = book.config.get("accounts", {})
    return sorted(name for name, a in accounts.items() if isinstance(a, dict) and a.get("pays_tax") is True)


def inputs(book: Book, name: str) -> dict[str, Any]:
    """Amounts of one period that no file holds, from [tax.NAME."2026-06"] and the like."""
    found = _tax(book).get(name, {})
    if not isinstance(found, dict):
        raise CrossbookError(f"tax.{name} must be a table", where="book.toml")
    return found


def payee(book: Book, name: str) -> Payee:
    """Where a return is paid: [tax.payees.NAME]. Raises CrossbookError."""
    given = inputs(book, "payees").get(name)
    fields = Payee.__dataclass_fields__
    if not isinstance(given, dict) or not all(isinstance(given.get(f), str) for f in fields):
        raise CrossbookError(
            f"[tax.payees.{name}] is missing or not whole", where="book.toml", todo=f"write {', '.join(fields)}"
        )
    return Payee(**{f: given[f] for f in fields})


def _tax(book: Book) -> dict[str, Any]:
    found = book.config.get("tax", {})
    if not isinstance(found, dict):
        raise CrossbookError("tax must be a table", where="book.toml")
    return found
