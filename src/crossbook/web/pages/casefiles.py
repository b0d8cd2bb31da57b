"""Cases: the files, their clocks and calendar, what the book says of the money and the sales, laws side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from crossbook.book import Book
from crossbook.cases.compare import REGIMES, Obligation, compare
from crossbook.cases.file import Case, Due, calendar_of, case, cases, change_case, keep_limit, open_case
from crossbook.cases.procedure import Deadline, names, procedure
from crossbook.cases.replay import Replayed, disputes, replay
from crossbook.cases.takedown import takedowns
from crossbook.errors import CrossbookError
from crossbook.filing.ics import Entry, calendar_file
from crossbook.i18n import language
from crossbook.views.casefile import CaseFile, case_file
from crossbook.web.frame import FormPreparer, Page, Read, Reading, TheBook, a_day, back
from crossbook.web.rendering import part, render

PAGE = Page("/cases", "Cases", 58)
router = APIRouter()
On = Annotated[str, Query(description="A day, as 2026-06-30; the last one of the evidence else.")]


@dataclass(frozen=True)
class Reminder:
    """A day of a case: the safe one, the answer, and the day on which it was kept."""

    case: str
    safe: date
    done: str
    deadline: Deadline


def _file(read: Reading, book: Book, name: str, on: str) -> CaseFile:
    return case_file(read.desk, case(book, name), a_day(on, read.day))


@router.get("/cases", include_in_schema=False)
def page(request: Request, book: TheBook, read: Read) -> Response:
    following: dict[str, Due] = {}
    for due in calendar_of(book):
        if not due.done:
            following.setdefault(due.case, due)
    return render(
        request, "cases.html", cases=list(cases(book).values()), following=following, day=read.day,
        procedures=[procedure(n) for n in names()], notices=list(takedowns(book).values()), disputes=disputes(),
    )  # fmt: skip


@router.get("/cases/calendar", include_in_schema=False)
def calendar(request: Request, book: TheBook, read: Read, on: On = "") -> Response:
    return render(request, "case_calendar.html", found=calendar_of(book), on=a_day(on, read.day))


@router.get("/cases/calendar.ics", include_in_schema=False)
def ics(_: Read, book: TheBook) -> Response:
    zh = language() == "zh"
    entries = [
        Entry(f"{d.case}-{d.deadline.limit.name}-{d.deadline.start.earliest}", d.safe, d.deadline.start.earliest,
              f"{d.case}: {d.deadline.limit.title_zh if zh else d.deadline.limit.title}",
              f"{d.deadline.limit.source} {d.deadline.limit.link}") for d in calendar_of(book)
    ]  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="cases.ics"'}
    return Response(calendar_file("cases", entries), media_type="text/calendar", headers=headers)


@router.get("/cases/compare", include_in_schema=False)
def laws(request: Request, read: Read, on: On = "") -> Response:
    day = a_day(on, read.day)
    return render(request, "compare.html", found=compare(day), regimes=REGIMES, on=day)


@router.get("/cases/replay/{dispute}", include_in_schema=False)
def replayed(request: Request, _: Read, dispute: str) -> Response:
    return render(request, "replay.html", found=replay(dispute), dispute=dispute, title=disputes()[dispute.upper()])


@router.get("/cases/file/{name}", include_in_schema=False)
def one(request: Request, read: Read, book: TheBook, name: str, on: On = "") -> Response:
    found = _file(read, book, name, on)
    return render(request, "case.html", found=found, of=procedure(found.case.procedure), on=found.on)


@router.get("/api/cases", tags=["cases"])
def api(_: Read, book: TheBook) -> list[Case]:
    """The cases of the book."""
    return list(cases(book).values())


@router.get("/api/cases/calendar", tags=["cases"])
def api_calendar(_: Read, book: TheBook) -> list[Reminder]:
    """What falls due in all open cases."""
    return [Reminder(d.case, d.safe, d.done, d.deadline) for d in calendar_of(book)]


@router.get("/api/cases/compare", tags=["cases"])
def api_compare(read: Read, on: On = "") -> list[Obligation]:
    """The same obligation of a platform under several laws."""
    return compare(a_day(on, read.day))


@router.get("/api/cases/replay/{dispute}", tags=["cases"])
def api_replay(_: Read, dispute: str) -> list[Replayed]:
    """A WTO dispute: legal limits and actual days."""
    return replay(dispute)


@router.get("/api/cases/file/{name}", tags=["cases"])
def api_one(read: Read, book: TheBook, name: str, on: On = "") -> CaseFile:
    """One case with what the book says of it."""
    return _file(read, book, name, on)


@router.post("/cases/new", include_in_schema=False)
def new(
    session: FormPreparer, book: TheBook, name: Annotated[str, Form(max_length=40)], of: Annotated[str, Form()],
    event: Annotated[str, Form()] = "", day: Annotated[str, Form()] = "", state: Annotated[str, Form(max_length=2)] = "",
    docket: Annotated[str, Form(max_length=100)] = "", mark: Annotated[str, Form(max_length=200)] = "",
    skus: Annotated[str, Form(max_length=2000)] = "",
) -> Response:  # fmt: skip
    happened = {event: a_day(day, date.min)} if event and day else {}
    open_case(book, name, of, session.user, happened=happened, state=state.upper(), docket=docket, mark=mark,
              skus=tuple(skus.split()))  # fmt: skip
    return back(f"/cases/file/{part(name)}")


@router.post("/cases/event", include_in_schema=False)
def event(
    session: FormPreparer, book: TheBook, name: Annotated[str, Form()], event: Annotated[str, Form()],
    day: Annotated[str, Form()],
) -> Response:  # fmt: skip
    if not day:
        raise CrossbookError("when did it happen?", todo="give a day")
    change_case(book, name, session.user, happened={event: a_day(day, date.min)})
    return back(f"/cases/file/{part(name)}")


@router.post("/cases/kept", include_in_schema=False)
def kept(
    session: FormPreparer, book: TheBook, name: Annotated[str, Form()], limit: Annotated[str, Form()],
    day: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    keep_limit(book, name, limit, a_day(day, date.today()), session.user)  # noqa: DTZ011 - where the reader is
    return back(f"/cases/file/{part(name)}")
