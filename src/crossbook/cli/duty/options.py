"""What the commands of the group duty share: their options, and the law and tables that they rest on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.options import HERE, as_day
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    from decimal import Decimal

    from crossbook.book import Book
    from crossbook.duty.foreign import ForeignDuty
    from crossbook.duty.tables import Law

On = Annotated[
    date | None,
    typer.Option("--on", metavar="DAY", parser=as_day, help="Day of entry, 2025-11-20; today if not said. 进口日期"),
]
Beyond = Annotated[bool, typer.Option("--beyond", help="Answer outside what is known, labelled. 超出已知范围")]
Off = Annotated[list[str] | None, typer.Option("--measure", help="What if: IEEPA=off. 假设取消某措施")]
Rates = Annotated[list[str] | None, typer.Option("--rate", help="What if: s301:4A=25%. 假设税率")]
Fx = Annotated[list[str] | None, typer.Option("--fx", help="One unit in US dollars: EUR=1.08. 汇率")]


def rates_of(texts: list[str] | None) -> dict[str, Decimal]:
    """Exchange rates as typed."""
    from decimal import Decimal, InvalidOperation

    from crossbook import money

    found: dict[str, Decimal] = {}
    for text in texts or ():
        code, _, value = text.partition("=")
        try:
            code, rate = money.currency(code), Decimal(value)
        except (InvalidOperation, ValueError):
            code, rate = "", Decimal(0)
        if not code or not rate.is_finite() or rate <= 0:
            raise CrossbookError(f"not an exchange rate: {text!r}", todo="write it as EUR=1.08")
        found[code] = rate
    return found


def law_with(off: list[str] | None, rates: list[str] | None, book: Book | None, on: date) -> Law | None:
    """The law with the book's own cases and what is supposed, None when that is the law as shipped."""
    table = None
    if book is not None:
        from crossbook.duty.desk import law_of
        from crossbook.engine.duck import connect

        table = law_of(connect(book))
    if off or rates:
        from crossbook.duty.tables import law
        from crossbook.duty.whatif import changed

        table = changed(table or law(), off or (), rates or (), on)
    return table


def book_or_none(path: Path) -> Book | None:
    """The book at a path; where no path was given and no book is here, None: the shipped tables do without."""
    if path == HERE and not (path / "book.toml").exists():
        return None
    from crossbook.book import open_book

    return open_book(path)


def duties_of(book: Book | None) -> list[ForeignDuty]:
    """Duty tables of other markets in the book."""
    if book is None:
        return []
    from crossbook.duty.desk import foreign_duties
    from crossbook.engine.duck import connect

    return foreign_duties(connect(book))


def facts_of(texts: list[str] | None) -> dict[str, str]:
    """Claims as typed: name=value."""
    found: dict[str, str] = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        if not sign:
            raise CrossbookError(f"not a fact: {text!r}", todo="write it as usmca=yes or steel_share=0.4")
        name, value = name.strip(), value.strip()
        if found.setdefault(name, value) != value:
            twice = f"{name}={found[name]} and {name}={value}"
            raise CrossbookError(f"stated twice: {twice}", todo="keep the one that holds")
    return found
