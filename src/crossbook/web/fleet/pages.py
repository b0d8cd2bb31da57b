"""The pages of a fleet, and the same for programs: books, findings, findings across books, one book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from crossbook.errors import one_of
from crossbook.fleet.across import Crossed, Crossing
from crossbook.fleet.reading import Found, Line
from crossbook.fleet.rules import rules as crossing_rules
from crossbook.views.lists import pages_of
from crossbook.web.fleet import lists
from crossbook.web.fleet.held import Held
from crossbook.web.frame import Paging, Reader, on_a_page
from crossbook.web.rendering import render

router = APIRouter()
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "The list as CSV."}}
Number = Annotated[int, Query(ge=1, le=10**6)]
Text = Annotated[str, Query(max_length=300)]


def _held(request: Request, session: Reader) -> Held:
    held: Held = request.app.state.held
    return held


Fleet = Annotated[Held, Depends(_held)]


def _asked_books(
    fleet: Fleet,
    paging: Paging,
    status: Annotated[str, Query(description=f"One of {', '.join(lists.STATUSES)}.")] = "",
    currency: Annotated[str, Query(description="Order by what was paid out in this one.")] = "",
    sort: Annotated[str, Query(description=f"One of {', '.join(lists.SORTS)}.")] = "",
) -> dict[str, Any]:
    return {
        "q": paging.q,
        "status": status,
        "currency": currency.upper(),
        "sort": sort,
        "descending": paging.way != "asc",
        "page": paging.page,
        "per_page": paging.per_page,
    }


AskedBooks = Annotated[dict[str, Any], Depends(_asked_books)]


@router.get("/", include_in_schema=False)
def books(request: Request, fleet: Fleet, asked: AskedBooks) -> Response:
    found = lists.books(fleet.rows(), **asked)
    on_a_page(found.page, found.pages)
    choice = {"sort": asked["sort"] or "money", "descending": asked["descending"]}
    return render(
        request,
        "fleet/books.html",
        found=found,
        asked=asked,
        choice=choice,
        fleet=fleet.fleet(),
        statuses=lists.STATUSES,
        standing=lists.standing,
    )


@router.get("/books.csv", include_in_schema=False)
@router.get("/api/books.csv", tags=["fleet"], response_class=Response, responses=CSV)
def books_as_csv(fleet: Fleet, asked: AskedBooks) -> Response:
    """The books as CSV, a line for each currency that one was paid in."""
    found = lists.books(fleet.rows(), **(asked | {"page": 1, "per_page": 10**9}))
    return _csv(lists.books_csv(found.rows), "books")


@router.get("/api/books", tags=["fleet"])
def api_books(fleet: Fleet, asked: AskedBooks) -> dict[str, Any]:
    """A page of the fleet's books: how each stands, what it was paid out by currency, what needs somebody."""
    found = lists.books(fleet.rows(), **asked)
    told = [lists.as_told(row) for row in found.rows]
    sums = {p.currency: p.amount for p in found.paid if p.currency}
    return {
        "books": told,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "paid_out": sums,
        "at_least": [p.currency for p in found.paid if p.currency and (p.unknown or found.unknown)],
        "statuses": found.statuses,
    }


@router.get("/api/status", tags=["fleet"])
def api_status(fleet: Fleet) -> list[Line]:
    """How each book stands, as `crossbook fleet status --json` says it."""
    return fleet.lines()


@dataclass(frozen=True)
class _Wanted:
    desk: str
    book: str
    rule: str
    verdict: str
    least: str
    currency: str
    everything: bool
    page: int

    def ask(self, held: Held, limit: int | None) -> Found:
        return held.findings(
            desk=self.desk,
            book=self.book,
            rule=self.rule,
            verdict=self.verdict,
            least=lists.least_of(self.least, self.currency),
            currency=self.currency,
            everything=self.everything,
            limit=limit,
        )


def _wanted(
    desk: Annotated[str, Query(description=f"One of {', '.join(lists.ALL_DESKS)}.")] = "",
    book: Text = "",
    rule: Text = "",
    verdict: Text = "",
    least: Annotated[str, Query(max_length=30, description="An amount as people write it: 1858.73.")] = "",
    currency: Annotated[str, Query(max_length=10, description="Of the least amount, or alone.")] = "",
    everything: Annotated[bool, Query(description="Also what needs nobody.")] = False,
    page: Number = 1,
) -> _Wanted:
    one_of("desk", desk, lists.ALL_DESKS)
    return _Wanted(
        desk=desk,
        book=book,
        rule=rule,
        verdict=verdict,
        least=least,
        currency=lists.known_currency(currency),
        everything=everything,
        page=page,
    )


Wanted = Annotated[_Wanted, Depends(_wanted)]


@router.get("/findings", include_in_schema=False)
def findings(request: Request, fleet: Fleet, wanted: Wanted) -> Response:
    found = lists.findings(wanted.ask(fleet, wanted.page * lists.PER_PAGE), wanted.page)
    on_a_page(found.page, found.pages)
    needing = fleet.needing().table
    choices = {name: sorted(set(needing[name].to_pylist()) - {None}) for name in ("rule", "verdict", "currency")}
    return render(
        request,
        "fleet/findings.html",
        found=found,
        files=fleet.files(f.book for f in found.findings),
        wanted=wanted,
        choices=choices,
        desks=lists.ALL_DESKS,
        titles=lists.titles(),
        place=lists.place,
    )


@router.get("/findings.csv", include_in_schema=False)
@router.get("/api/findings.csv", tags=["fleet"], response_class=Response, responses=CSV)
def findings_as_csv(fleet: Fleet, wanted: Wanted) -> Response:
    """All findings that fit, as CSV."""
    return _csv(lists.findings_csv(wanted.ask(fleet, None)), "findings")


@router.get("/api/findings", tags=["fleet"])
def api_findings(
    fleet: Fleet,
    wanted: Wanted,
    per_page: Annotated[int, Query(ge=1, le=10**5)] = lists.PER_PAGE,
) -> lists.Findings:
    """A page of what the desks found in all books, the largest amounts first."""
    return lists.findings(wanted.ask(fleet, wanted.page * per_page), wanted.page, per_page)


def _crossed(fleet: Fleet, rule: Text = "", book: Text = "") -> Crossed:
    one_of("rule", rule, [r.name for r in crossing_rules()])
    return fleet.across(rule, book)


Across = Annotated[Crossed, Depends(_crossed)]


@router.get("/across", include_in_schema=False)
def across(
    request: Request, fleet: Fleet, found: Across, rule: Text = "", book: Text = "", page: Number = 1
) -> Response:
    pages = pages_of(len(found.found), lists.PER_PAGE)
    on_a_page(page, pages)
    return render(
        request,
        "fleet/across.html",
        found=found,
        shown=found.found[(page - 1) * lists.PER_PAGE : page * lists.PER_PAGE],
        rule=rule,
        book=book,
        page=page,
        pages=pages,
        rules={r.name: r for r in crossing_rules()},
        counts=_by_rule(fleet.across("", book).found),
    )


def _by_rule(found: tuple[Crossing, ...]) -> dict[str, int]:
    return {r.name: sum(c.rule == r.name for c in found) for r in crossing_rules()}


@router.get("/across.csv", include_in_schema=False)
@router.get("/api/across.csv", tags=["fleet"], response_class=Response, responses=CSV)
def across_as_csv(found: Across) -> Response:
    """Findings across books as CSV, a line for each line of a paper."""
    return _csv(lists.across_csv(found.found), "across")


@dataclass(frozen=True)
class CrossedTold:
    """What crosses books; all of how many; the books of which nothing is known, or figures of an earlier state."""

    found: tuple[Crossing, ...]
    all: int
    not_known: tuple[str, ...]
    earlier_state: tuple[str, ...]


@router.get("/api/across", tags=["fleet"])
def api_across(found: Across) -> CrossedTold:
    """What shows only across books, as `crossbook fleet find --json` says it."""
    return CrossedTold(found.found, len(found.found), found.unknown, found.stale)


@router.get("/books/{name}", include_in_schema=False)
def book(request: Request, fleet: Fleet, name: str) -> Response:
    row = fleet.row(name)
    damaged = row.line.status == "damaged"
    found = None if damaged else lists.findings(fleet.findings(book=name, limit=lists.PER_PAGE))
    return render(
        request,
        "fleet/book.html",
        row=row,
        standing=lists.standing,
        found=found,
        files={} if damaged else fleet.files((name,)),
        crossings=() if damaged else fleet.across("", name).found,
        titles=lists.titles(),
        place=lists.place,
        rules={r.name: r for r in crossing_rules()},
    )


@router.get("/api/books/{name}", tags=["fleet"])
def api_book(fleet: Fleet, name: str) -> dict[str, Any]:
    """One book of the fleet."""
    return lists.as_told(fleet.row(name))


def _csv(content: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}.csv"'
    return Response(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
