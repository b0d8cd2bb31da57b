"""Books of a payment institution for tests: transfers written as a table, and accounts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs

COLUMNS = (
    "transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind,received,"
    "received currency,original,payer institution,payee institution"
)


def transfer(
    number: str,
    moment: str,
    payer: str,
    payee: str,
    paid: str,
    currency: str = "CNY",
    *,
    countries: tuple[str, str] = ("CN", "CN"),
    kind: str = "transfer",
    received: str = "",
    received_in: str = "",
    original: str = "",
    institutions: tuple[str, str] = ("", ""),
) -> str:
    """One row of the table; a moment without an offset is of Beijing."""
    when = moment if moment[10:] else f"{moment}T12:00:00"
    when += "" if when.endswith("Z") or "+" in when else "+08:00"
    return ",".join(
        (number, when, payer, payee, paid, currency, *countries, kind, received, received_in, original, *institutions)
    )


def watched(folder: Path, rows: Iterable[str], accounts: Iterable[str] = (), settings: str = "") -> Book:
    """A book of these transfers. `accounts` are rows of number, holder id, holder kind, hub, device."""
    init_book(folder / "book", "Watch", "CNY")
    if settings:
        path = folder / "book" / "book.toml"
        path.write_text(path.read_text(encoding="utf-8") + "\n" + settings, encoding="utf-8")
    book = open_book(folder / "book")
    named = {"transfers.csv": [COLUMNS, *told]} if (told := list(rows)) else {}
    if accounts := list(accounts):
        named["accounts.csv"] = ["account number,holder id,holder kind,hub,device", *accounts]
    for name, lines in named.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        for item in inputs([folder / name]):
            add(book, item)
    return book
