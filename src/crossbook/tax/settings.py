"""Tax numbers with their validity, who pays the tax of an account's sales, and inputs that no file holds: [tax]."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.identifiers import KINDS, problem

FAR = date(9999, 12, 31)
_CODES = {"EL": "GR", "UK": "GB"}  # as people and VAT numbers write them


@dataclass(frozen=True)
class Identity:
    """A number under which the business is known to an authority, from one day to another (both in it).

    `region` is the state of the United States whose authority it is, else "".
    """

    country: str
    kind: str
    number: str
    since: date
    until: date | None
    region: str = ""


@dataclass(frozen=True)
class Payee:
    """Where a return's tax is paid to, and from which account; `debtor_name` where the business's own name has letters
    that banks do not take."""

    name: str
    iban: str
    bic: str
    debtor_iban: str
    debtor_bic: str
    reference: str
    debtor_name: str = ""


def identities(book: Book, kind: str | None = None) -> list[Identity]:
    """The numbers of [[tax.identities]], or those of one kind: then what is wrong with others stops nobody.

    Raises CrossbookError for a wrong check digit, and for two of one kind and country that are valid on the same day.
    """
    found = []
    for n, given in enumerate(_tax(book).get("identities", []), start=1):
        told = given.get("kind") if isinstance(given, dict) else None
        if kind is None or not isinstance(told, str) or told == kind:
            found.append(_identity(given, n))
    found.sort(key=lambda i: (i.country, i.region, i.kind, i.since))
    for a, b in pairwise(found):
        if (a.country, a.region, a.kind) == (b.country, b.region, b.kind) and b.since <= (a.until or FAR):
            raise CrossbookError(
                f"two {a.kind} numbers of {a.country} overlap: {a.number} and {b.number}",
                where="[[tax.identities]]",
                todo="end the older one the day before the newer one begins",
            )
    return found


def sound_identities(book: Book) -> tuple[list[Identity], list[CrossbookError]]:
    """The numbers of the kinds that have nothing wrong in them, and what is wrong with the others."""
    given = _tax(book).get("identities", [])
    kinds = {x.get("kind") if isinstance(x, dict) else None for x in given}
    found: list[Identity] = []
    wrong: list[CrossbookError] = []
    for kind in sorted(k if isinstance(k, str) else "" for k in kinds):
        try:
            found += identities(book, kind)
        except CrossbookError as error:
            if str(error) not in map(str, wrong):
                wrong.append(error)
    return sorted(found, key=lambda i: (i.country, i.region, i.kind, i.since)), wrong


def identity(book: Book, kind: str, on: date, country: str | None = None) -> Identity | None:
    """The number of a kind that is valid on a day. Raises CrossbookError when one of this kind is wrong."""
    return next(
        (i for i in identities(book, kind) if country in (None, i.country) and i.since <= on <= (i.until or FAR)),
        None,
    )


def is_registered(book: Book, kind: str, on: date) -> bool:
    """Whether there is a number of a kind on a day, be it a mistyped one."""
    try:
        return identity(book, kind, on) is not None
    except CrossbookError:
        return True


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
    region = given.get("region", "")
    if not isinstance(region, str) or (kind == "us_sales_tax" and not region):
        raise CrossbookError("region is missing", where=where, todo='write the state: region = "CA"')
    return Identity(country=str(texts["country"]), kind=kind, number=number, since=since, until=until, region=region)


def marketplaces(book: Book) -> list[str]:
    """Accounts whose marketplace collects and pays the tax on its sales: `pays_tax = true`."""
    accounts = book.config.get("accounts", {})
    return sorted(name for name, a in accounts.items() if isinstance(a, dict) and a.get("pays_tax") is True)


def stocks(book: Book) -> dict[str, tuple[str, ...]]:
    """The countries in which accounts have stock: `stock = "DE"` or `["DE", "PL"]`. Raises CrossbookError."""
    found = {}
    for name, settings in book.config.get("accounts", {}).items():
        given = settings.get("stock") if isinstance(settings, dict) else None
        states = [given] if isinstance(given, str) else [] if given is None else given
        if not isinstance(states, list) or not all(isinstance(s, str) and re.fullmatch("[A-Z]{2}", s) for s in states):
            raise CrossbookError(
                f"stock {given!r} is no list of countries",
                where=f"book.toml, [accounts.{name}]",
                todo='write stock = "DE" or stock = ["DE", "PL"]',
            )
        if states:
            found[name] = tuple(sorted({_CODES.get(s, s) for s in map(str, states)}))
    return found


def inputs(book: Book, name: str) -> dict[str, Any]:
    """Amounts of one period that no file holds, from [tax.NAME."2026-06"] and the like."""
    found = _tax(book).get(name, {})
    if not isinstance(found, dict):
        raise CrossbookError(f"tax.{name} must be a table", where="book.toml")
    return found


def payee(book: Book, name: str) -> Payee:
    """Where a return is paid: [tax.payees.NAME]. Raises CrossbookError."""
    given = inputs(book, "payees").get(name)
    fields = [f for f in Payee.__dataclass_fields__ if f != "debtor_name"]
    if not isinstance(given, dict) or not all(isinstance(given.get(f), str) for f in fields):
        raise CrossbookError(
            f"[tax.payees.{name}] is missing or not whole", where="book.toml", todo=f"write {', '.join(fields)}"
        )
    return Payee(**{f: given[f] for f in fields}, debtor_name=str(given.get("debtor_name", "")))


def _tax(book: Book) -> dict[str, Any]:
    found = book.config.get("tax", {})
    if not isinstance(found, dict):
        raise CrossbookError("tax must be a table", where="book.toml")
    return found
