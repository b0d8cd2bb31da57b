"""Cases: the files, their clocks and calendar, what the book says of the money and the sales, laws side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossbook.book import Book
from crossbook.cases.case import WITHDRAWN, Case, Due, calendar_of, case, cases
from crossbook.cases.compare import REGIMES, Obligation, compare
from crossbook.cases.procedure import Deadline, procedure
from crossbook.cases.replay import Replayed, disputes, replay
from crossbook.cases.takedown import takedowns
from crossbook.filing.ics import Entry, calendar_file
from crossbook.i18n import language
from crossbook.views.case import CaseFile, case_file
from crossbook.web.frame import Read, Reading, TheBook, a_day, back
from crossbook.web.rendering import render

router = APIRouter()
On = Annotated[str, Query(description="A day, as 2026-06-30; the last one of the evidence else.")]
Clock = Annotated[str, Query(description="A day, as 2026-06-30; today else.")]


@dataclass(frozen=True)
class Reminder:
    """A day of a case: the safe one, the answer, the day on which it was kept, and how many days late that was."""

    case: str
    safe: date
    done: str
    late: int | None
    deadline: Deadline


def _today() -> date:
    """Where the reader is: time limits run on, whether files come or not."""
    return date.today()  # noqa: DTZ011


def _file(read: Reading, book: Book, name: str, on: str) -> CaseFile:
    return case_file(read.desk, case(book, name), a_day(on, read.day))


@router.get("/cases", include_in_schema=False)
def page(request: Request, book: TheBook, _: Read) -> Response:
    following: dict[str, Due] = {}
    for due in calendar_of(book):
        if not due.done:
            following.setdefault(due.case, due)
    return render(
        request,
        "cases.html",
        cases=list(cases(book).values()),
        following=following,
        day=_today(),
        notices=list(takedowns(book).values()),
        disputes=disputes(),
    )


@router.get("/cases/calendar", include_in_schema=False)
def calendar(request: Request, book: TheBook, _: Read, on: Clock = "") -> Response:
    some = any(not c.closed for c in cases(book).values())
    return render(request, "case_calendar.html", found=calendar_of(book), some=some, on=a_day(on, _today()))


@router.get("/cases/calendar.ics", include_in_schema=False)
def ics(_: Read, book: TheBook) -> Response:
    zh = language() == "zh"
    entries = [
        Entry(
            uid=f"{d.case}-{d.deadline.limit.name}-{d.deadline.start.earliest}",
            day=d.safe,
            stamp=d.deadline.start.earliest,
            summary=f"{d.case}: {d.deadline.limit.title_zh if zh else d.deadline.limit.title}",
            description=f"{d.deadline.limit.source} {d.deadline.limit.link}",
        )
        for d in calendar_of(book)
    ]
    headers = {"Content-Disposition": 'attachment; filename="cases.ics"'}
    return Response(calendar_file("cases", entries), media_type="text/calendar", headers=headers)


@router.get("/cases/compare", include_in_schema=False)
def laws(request: Request, _: Read, on: Clock = "") -> Response:
    day = a_day(on, _today())
    return render(request, "compare.html", found=compare(day), regimes=REGIMES, on=day)


@router.get("/cases/replay/{dispute}", include_in_schema=False)
def replayed(request: Request, _: Read, dispute: str) -> Response:
    return render(request, "replay.html", found=replay(dispute), dispute=dispute, title=disputes()[dispute.upper()])


@router.get("/cases/file/{name}", include_in_schema=False)
def one(request: Request, read: Read, book: TheBook, name: str, on: On = "") -> Response:
    if name not in cases(book) and any(e.action == WITHDRAWN and e.subject == name for e in book.journal()):
        return back("/journal?kind=case")  # which says that it was opened in error
    found = _file(read, book, name, on)
    return render(request, "case.html", found=found, of=procedure(found.case.procedure), on=found.on)


@router.get("/api/cases", tags=["cases"])
def api(_: Read, book: TheBook) -> list[Case]:
    """The cases of the book."""
    return list(cases(book).values())


@router.get("/api/cases/calendar", tags=["cases"])
def api_calendar(_: Read, book: TheBook) -> list[Reminder]:
    """What falls due in all open cases."""
    found = calendar_of(book)
    return [Reminder(case=d.case, safe=d.safe, done=d.done, late=d.late, deadline=d.deadline) for d in found]


@router.get("/api/cases/compare", tags=["cases"])
def api_compare(_: Read, on: Clock = "") -> list[Obligation]:
    """The same obligation of a platform under several laws."""
    return compare(a_day(on, _today()))


@router.get("/api/cases/replay/{dispute}", tags=["cases"])
def api_replay(_: Read, dispute: str) -> list[Replayed]:
    """A WTO dispute: legal limits and actual days."""
    return replay(dispute)


@router.get("/api/cases/file/{name}", tags=["cases"])
def api_one(read: Read, book: TheBook, name: str, on: On = "") -> CaseFile:
    """One case with what the book says of it."""
    return _file(read, book, name, on)
