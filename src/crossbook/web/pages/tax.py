"""Tax: the calendar, how near thresholds are, one return with its lines, its files, and marking it as filed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossbook.book import Book
from crossbook.filing.portal import portal
from crossbook.filing.taxes import as_calendar, as_workbook, payment
from crossbook.i18n import language
from crossbook.tax.desk import compute, ready, worked
from crossbook.tax.filings import LATER
from crossbook.tax.held import Held, held_now
from crossbook.tax.laws import cited
from crossbook.tax.nearness import NO_ORDERS, Nearness, nearness
from crossbook.tax.owed import Due, Owed, due, owed
from crossbook.tax.period import (
    RETURNS,
    TITLES,
    filed,
    frequency,
    period,
)
from crossbook.tax.returned import Return
from crossbook.tax.settings import inputs, payee, sound_identities
from crossbook.web.frame import Read, TheBook, a_day
from crossbook.web.rendering import render

router = APIRouter()
On = Annotated[str, Query(description="A day, as 2026-06-30; the last one of the evidence else.")]


@dataclass(frozen=True)
class Filed:
    """A return as computed, and what was marked as filed beside it."""

    computed: Return
    filed: Held | None


@router.get("/tax", include_in_schema=False)
def page(request: Request, read: Read, book: TheBook, on: On = "") -> Response:
    day = a_day(on, read.day)
    ready(read.desk.database, book)
    numbers, wrong = sound_identities(book)
    calendar = due(read.desk.database, book, day)
    not_due = [o for o in owed(read.desk.database, book, day) if o.wants]
    near = nearness(read.desk.database, book, day)
    empty = any(n.why == NO_ORDERS for n in near)
    near = [n for n in near if n.why != NO_ORDERS]
    seen = [n for n in near if n.orders or n.state != "below"]
    names = {kind: _last(kind, day) for kind in RETURNS}
    return render(
        request,
        "tax.html",
        calendar=calendar,
        not_due=not_due,
        near=seen,
        empty=NO_ORDERS if empty else "",
        far=[f"{n.country} {n.region}".strip() for n in near if n not in seen],
        numbers=numbers,
        wrong=wrong,
        names=names,
        titles=TITLES,
        cited=cited,
        on=day,
    )


def _last(kind: str, day: date) -> str:
    """The last period of a return that ended by a day."""
    quarter, year = (day.month - 1) // 3, day.year
    if frequency(kind) == "quarter":
        return f"{year}-Q{quarter}" if quarter else f"{year - 1}-Q4"
    return f"{year}-{day.month - 1:02d}" if day.month > 1 else f"{year - 1}-12"


@router.get("/tax/calendar.ics", include_in_schema=False)
@router.get(
    "/api/tax/calendar.ics",
    tags=["tax"],
    response_class=Response,
    responses={200: {"content": {"text/calendar": {}}, "description": "The deadlines as an iCalendar file."}},
)
def ics(read: Read, book: TheBook, on: On = "") -> Response:
    """What is due, for a calendar."""
    ready(read.desk.database, book)
    found = [d.deadline for d in due(read.desk.database, book, a_day(on, read.day))]
    headers = {"Content-Disposition": 'attachment; filename="tax.ics"'}
    return Response(as_calendar(found, language() == "zh"), media_type="text/calendar", headers=headers)


@router.get("/api/tax/calendar", tags=["tax"])
def api_calendar(read: Read, book: TheBook, on: On = "") -> list[Due]:
    """What is due when, and what was filed."""
    ready(read.desk.database, book)
    return due(read.desk.database, book, a_day(on, read.day))


@router.get("/api/tax/owed", tags=["tax"])
def api_owed(read: Read, book: TheBook, on: On = "") -> list[Owed]:
    """Every return with a deadline, and what would make it due where nothing does."""
    ready(read.desk.database, book)
    return owed(read.desk.database, book, a_day(on, read.day))


@router.get("/api/tax/thresholds", tags=["tax"])
def api_thresholds(read: Read, book: TheBook, on: On = "") -> list[Nearness]:
    """How near sales are to the amounts from which the business must register."""
    ready(read.desk.database, book)
    return nearness(read.desk.database, book, a_day(on, read.day))


@router.get("/api/tax/returns/{kind}/{name}", tags=["tax"])
def api_return(read: Read, book: TheBook, kind: str, name: str) -> Filed:
    """One return as computed."""
    ready(read.desk.database, book)
    of = period(name)
    told = compute(read.desk.database, book, kind, of)
    return Filed(told, _held(read, book, told))


def _held(read: Read, book: Book, told: Return) -> Held | None:
    was = filed(book).get((told.kind, told.period.name))
    return held_now(read.desk.database, book, was, told.kind, told.period) if was else None


@router.get("/tax/return", include_in_schema=False)
def one(request: Request, read: Read, book: TheBook, kind: str, of: str, amended: bool = False) -> Response:
    ready(read.desk.database, book)
    told = (worked if amended else compute)(read.desk.database, book, kind, period(of))
    return render(
        request,
        "tax_return.html",
        told=told,
        titles=TITLES,
        cited=cited,
        payable=bool(told.total and told.total > 0 and kind in inputs(book, "payees")),
        filed=_held(read, book, told),
        portal=kind == "uk_vat" and "period_key" in inputs(book, kind).get(of, {}),
        amended=amended,
        corrected_later=kind in LATER,
    )


@router.get("/tax/return.xlsx", include_in_schema=False)
def workbook(read: Read, book: TheBook, kind: str, of: str) -> Response:
    ready(read.desk.database, book)
    told = compute(read.desk.database, book, kind, period(of))
    names = {e["sha"]: e["name"] for e in book.evidence()}
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        path = Path(folder) / "return.xlsx"
        as_workbook(path, told, names)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{told.kind}-{told.period.name}.xlsx"'}
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(content, media_type=media, headers=headers)


@router.get("/tax/return.json", include_in_schema=False)
def portal_file(read: Read, book: TheBook, kind: str, of: str) -> Response:
    ready(read.desk.database, book)
    told = compute(read.desk.database, book, kind, period(of))
    content = portal(told, inputs(book, kind).get(told.period.name))
    headers = {"Content-Disposition": f'attachment; filename="{told.kind}-{told.period.name}.json"'}
    return Response(content, media_type="application/json", headers=headers)


@router.get("/tax/payment.xml", include_in_schema=False)
def pay(read: Read, book: TheBook, kind: str, of: str) -> Response:
    ready(read.desk.database, book)
    told = compute(read.desk.database, book, kind, period(of))
    debtor = str(book.config.get("business", {}).get("name", ""))
    on = told.due.due if told.due else read.day
    content = payment(told, payee(book, kind), debtor, datetime.now(UTC), on)
    headers = {"Content-Disposition": f'attachment; filename="{told.kind}-{told.period.name}.xml"'}
    return Response(content, media_type="application/xml", headers=headers)
