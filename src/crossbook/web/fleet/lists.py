"""The lists of a fleet as pages and programs ask for them: filtered, ordered, a page at a time, and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from crossbook import money
from crossbook.errors import ParameterError, one_of
from crossbook.fleet.across import Crossing
from crossbook.fleet.figures import DESKS
from crossbook.fleet.money import Paid, Row, totals
from crossbook.fleet.reading import FLEET, Found
from crossbook.fleet.rules import rule as crossing_rule
from crossbook.i18n import word
from crossbook.spreadsheets import as_csv
from crossbook.verify.rules import rules as verify_rules
from crossbook.views.lists import pages_of
from crossbook.watch.rules import rules as watch_rules

PER_PAGE = 50
_LEAST = "least"  # the parameter of that name
SORTS = ("money", "book", "status", "orders", "findings", "across", "seconds")
STATUSES = ("done", "changed", "waiting", "stale", "failed", "damaged")
ALL_DESKS = (*DESKS, FLEET)


@dataclass(frozen=True, kw_only=True)
class Books:
    """A page of a fleet's books, and sums over all that fit: payouts by currency, books by how they stand."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    currency: str
    currencies: tuple[str, ...]
    paid: tuple[Paid, ...]
    unknown: int  # books of whose payouts nothing is known: the sums are at least what is said
    statuses: dict[str, int]


def books(
    rows: list[Row],
    *,
    q: str = "",
    status: str = "",
    currency: str = "",
    sort: str = "",
    descending: bool = True,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Books:
    """The books whose name has `q` in it, of one status, in an order: by the money paid out in one currency unless
    another is asked; what is unknown stands last. Raises ParameterError for a status, currency or sort that is none."""
    one_of("status", status, STATUSES)
    sort = one_of("sort", sort, SORTS) or "money"
    known = tuple(p.currency for p in totals(rows) if p.currency)
    currency = one_of("currency", currency, known) or next(iter(known), "")
    named = [r for r in rows if q.casefold() in r.line.book.casefold()]
    found = [r for r in named if not status or r.line.status == status]

    def value(row: Row) -> Any:
        if sort == "money":
            return row.amount(currency)
        return row.across if sort == "across" else getattr(row.line, sort)

    found.sort(key=lambda r: r.line.book)
    known_first = [r for r in found if value(r) is not None]
    known_first.sort(key=value, reverse=descending)
    ordered = [*known_first, *(r for r in found if value(r) is None)]
    return Books(
        rows=tuple(ordered[(page - 1) * per_page : page * per_page]),
        total=len(ordered),
        page=page,
        pages=pages_of(len(ordered), per_page),
        currency=currency,
        currencies=known,
        paid=totals(found),
        unknown=sum(r.paid is None for r in found),
        statuses={s: n for s in STATUSES if (n := sum(r.line.status == s for r in named))},
    )


def books_csv(found: Iterable[Row]) -> bytes:
    """The books as CSV, a line for each currency that one was paid in; money in its currency's units."""
    heads = (
        "book status orders currency payouts payouts_without_amount paid_out needs_attention across_books seconds why"
    ).split()
    return as_csv(heads, (line for row in found for line in _book_lines(row)))


def _book_lines(row: Row) -> Iterator[list[object]]:
    one = row.line
    for paid in row.paid or (None,):
        money_told = (
            (paid.currency, paid.payouts, paid.unknown, _units(paid.amount, paid.currency)) if paid else (None,) * 4
        )
        yield [one.book, one.status, one.orders, *money_told, one.findings, row.across, one.seconds, one.what]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A line of a file that a finding rests on."""

    evidence: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a desk found in a book. `amount` is in minor units of `currency`; where it is a sum of which a part is not
    known, it is at least that."""

    book: str
    desk: str
    rule: str
    subject: str
    verdict: str
    amount: int | None
    currency: str | None
    because: tuple[Reference, ...]
    as_of: date | None
    at_least: bool


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Findings, the largest amounts first; how many fit in all; how many were left out for they have no amount in the
    currency that was asked for; the books of which nothing is known, or figures of an earlier state."""

    findings: tuple[Finding, ...]
    all: int
    uncompared: int
    not_known: tuple[str, ...]
    earlier_state: tuple[str, ...]
    page: int
    pages: int


def findings(found: Found, page: int = 1, per_page: int = PER_PAGE) -> Findings:
    """A page of what was found."""
    rows = found.table.slice((page - 1) * per_page, per_page).to_pylist()
    return Findings(
        findings=tuple(_finding(r) for r in rows),
        all=found.all,
        uncompared=found.uncompared,
        not_known=found.unknown,
        earlier_state=found.stale,
        page=page,
        pages=pages_of(found.all, per_page),
    )


def _finding(row: dict[str, Any]) -> Finding:
    because = tuple(Reference(evidence=b["evidence"], line=b["line"]) for b in row["because"] or ())
    return Finding(**{**row, "because": because, "at_least": bool(row["at_least"])})


def findings_csv(found: Found) -> bytes:
    """Findings as CSV, the lines that they rest on as evidence:line in one cell."""
    heads = "book desk rule subject verdict amount currency at_least as_of because".split()
    rows = (_finding(r) for batch in found.table.to_batches() for r in batch.to_pylist())
    return as_csv(
        heads,
        (
            [
                f.book,
                f.desk,
                f.rule,
                f.subject,
                f.verdict,
                _units(f.amount, f.currency),
                f.currency,
                _yes(f.at_least),
                f.as_of and f.as_of.isoformat(),
                " ".join(f"{b.evidence}:{b.line}" for b in f.because),
            ]
            for f in rows
        ),
    )


def across_csv(found: Iterable[Crossing]) -> bytes:
    """Findings across books as CSV, a line for each line of a paper that one rests on."""
    heads = (
        "rule subject verdict amount lowest currency at_least as_of orders unsure names book file evidence line unless"
    )
    return as_csv(
        heads.split(),
        (
            [
                c.rule,
                c.subject,
                c.verdict,
                _units(c.amount, c.currency),
                _units(c.lowest, c.currency),
                c.currency,
                _yes(c.at_least),
                c.as_of and c.as_of.isoformat(),
                " ".join(c.orders),
                " ".join(c.unsure),
                "; ".join(c.names),
                line.book,
                line.file,
                line.evidence,
                line.line,
                crossing_rule(c.rule).unless,
            ]
            for c in found
            for line in c.because
        ),
    )


def least_of(amount: str, currency: str) -> int | None:
    """The least amount that was typed, in minor units; None where none was. Raises ParameterError."""
    if not amount:
        return None
    if not currency:
        raise ParameterError("currency", "", what="an amount needs its currency", todo="choose one")
    try:
        found = money.parse(amount.strip(), money.exponent(currency))
    except ValueError:
        raise ParameterError(_LEAST, amount, what=f"{amount[:60]!r} is no amount", todo="write it as 1858.73") from None
    if found < 0:
        raise ParameterError(_LEAST, amount, what=f"{amount[:60]!r} is negative", todo="give it without its sign")
    return found


def known_currency(currency: str) -> str:
    """A currency's code as written in lists. Raises ParameterError."""
    if not currency:
        return ""
    try:
        return money.currency(currency)
    except ValueError:
        todo = "use an ISO 4217 code such as USD"
        raise ParameterError("currency", currency, what=f"unknown currency {currency[:10]!r}", todo=todo) from None


_TITLES = {
    ("settle", "closure"): "whether the lines of the payout sum to it",
    ("settle", "restoration"): "which orders the payout holds",
    ("settle", "bank"): "whether the payout arrived at the bank",
    (FLEET, "book_worked"): "whether the book could be worked",
}


def titles() -> dict[tuple[str, str], str]:
    """What each rule of a desk finds, or asks, in words."""
    verify = {("verify", r.name): r.title for r in verify_rules()}
    return _TITLES | verify | {("watch", r.name): r.title for r in watch_rules()}


def standing(status: str) -> str:
    """How a book stands, in the reader's words."""
    return word(status, "fleet")


def place(desk: str, subject: str) -> str:
    """The page in its own book that a finding is about, from the book's address on; empty of the fleet's own."""
    from urllib.parse import quote

    if desk == "settle":
        return f"/payouts/{quote(subject, safe='')}"
    if desk == "verify":
        return f"/orders/{quote(subject, safe='')}"
    return "/watch" if desk == "watch" else ""


def _yes(told: bool) -> str:
    return "yes" if told else ""


def _units(amount: int | None, currency: str | None) -> str | None:
    if amount is None or not currency:
        return None
    return str(money.to_decimal(amount, currency))


def as_told(row: Row) -> dict[str, Any]:
    """A book as programs are told of it: the line that `crossbook fleet status` gives, and its money beside it."""
    paid = None if row.paid is None else [asdict(p) for p in row.paid]
    return {**asdict(row.line), "paid_out": paid, "verdicts": dict(row.verdicts), "across": row.across}
