"""Claims on duty paid: by entry and way, with what is open and until when, and the files that the broker takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from crossbook.duty.cape import declarations
from crossbook.duty.claiming import Claim, Disputed, Total, totals
from crossbook.duty.courts import Order, known_until, orders
from crossbook.duty.desk import Claims, claims_of, entries
from crossbook.duty.drawback import Candidate
from crossbook.duty.interest import Quarter, quarters
from crossbook.duty.remedies import HOW
from crossbook.errors import ParameterError, one_of
from crossbook.filing.claims import Sheet, cape_files, drawback_sheet, protest_sheet, to_declare
from crossbook.spreadsheets import as_csv
from crossbook.views.lists import pages_of
from crossbook.web.frame import Read, Reading, on_a_page
from crossbook.web.pages.products import Day, the_day
from crossbook.web.pages.refunds import Unworked
from crossbook.web.rendering import render

router = APIRouter()
PER_PAGE = 50
IMPORTERS = ("corporation", "other")
Way = Annotated[str, Query(max_length=200, description="Only claims that go this way, as `totals` calls it.")]
Importer = Annotated[str, Query(max_length=200, description="corporation or other: decides the rate of interest.")]
Number = Annotated[int, Query(ge=1, le=10**9)]
Batch = Annotated[int, Query(ge=1, le=10_000, description="Which of several declarations; 9,999 entries go in one.")]
Kind = Literal["cape", "protests", "drawback"]


@dataclass(frozen=True)
class Desk:
    """One page of claims, the next deadline first; totals over all. Amounts in US cents."""

    totals: tuple[Total, ...]
    rows: tuple[Claim, ...]
    page: int
    pages: int
    total: int
    drawback: tuple[Candidate, ...]
    disputed: tuple[Disputed, ...]
    orders: tuple[Order, ...]
    orders_known_until: date
    rates: tuple[Quarter, ...]
    unworked: tuple[Unworked, ...]
    declarations: int  # how many files the CAPE declaration takes


def _claims(read: Reading, on: str | None, importer: str) -> Claims:
    one_of("importer", importer, IMPORTERS)
    return claims_of(read.desk.database, the_day(on, read.day), corporation=importer != "other")


def _desk(read: Reading, on: str | None, importer: str, way: str, number: int) -> Desk:
    one_of("way", way, HOW)
    told = _claims(read, on, importer)
    day = the_day(on, read.day)
    chosen = [c for c in told.claims if way in ("", c.remedy)]
    return Desk(
        totals=tuple(totals(told.claims)),
        rows=tuple(chosen[(number - 1) * PER_PAGE : number * PER_PAGE]),
        page=number,
        pages=pages_of(len(chosen), PER_PAGE),
        total=len(chosen),
        drawback=tuple(c for c in told.drawback if c.open),
        disputed=tuple(told.disputed),
        orders=tuple(o for o in reversed(orders()) if o.day <= day),
        orders_known_until=known_until(),
        rates=quarters(),
        unworked=tuple(Unworked(e.entry, e.number, why) for e, why in told.unworked),
        declarations=len(declarations(to_declare(told.claims))) or 1,
    )


@router.get("/claims", include_in_schema=False)
def page(
    request: Request,
    read: Read,
    on: Day = None,
    importer: Importer = "corporation",
    way: Way = "",
    page: Number = 1,
) -> Response:
    found = _desk(read, on, importer, way, page)
    on_a_page(found.page, found.pages)
    return render(
        request,
        "claims.html",
        found=found,
        some=bool(found.rows) or bool(entries(read.desk.database)),
        on=the_day(on, read.day),
        chosen=on or "",
        importer=importer,
        importers=IMPORTERS,
        way=way,
        ways=[t.remedy for t in found.totals],
    )


@router.get("/api/claims", tags=["duty"])
def api(read: Read, on: Day = None, importer: Importer = "corporation", way: Way = "", page: Number = 1) -> Desk:
    """Claims on the duty of the book's customs entries, on a day: by entry and way, with interest."""
    return _desk(read, on, importer, way, page)


@router.get("/claims/{kind}.csv", include_in_schema=False)
@router.get(
    "/api/claims/{kind}.csv",
    tags=["duty"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The file for the broker."}},
)
def file(read: Read, kind: Kind, on: Day = None, importer: Importer = "corporation", batch: Batch = 1) -> Response:
    """The CAPE declaration to upload, the facts for protests, or the candidates for drawback."""
    told = _claims(read, on, importer)
    sheets: list[Sheet]
    if kind == "cape":
        sheets = cape_files(told.claims)
    else:
        sheets = [protest_sheet(told.claims) if kind == "protests" else drawback_sheet(told.drawback)]
    if batch > len(sheets):
        raise ParameterError("batch", str(batch), [str(n) for n in range(1, len(sheets) + 1)])
    sheet = sheets[batch - 1]
    name = f"{kind}.csv" if batch == 1 else f"{kind}-{batch}.csv"
    return Response(
        as_csv(sheet.heads, sheet.rows, mark=False),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
