"""Cases: the files, their clocks and calendar, what the book says of the money and the sales, laws side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from crossbook.book import Book
from crossbook.cases.case import RIGHTS, Case, Due, calendar_of, case, cases, change_case, keep_limit, open_case
from crossbook.cases.compare import REGIMES, Obligation, compare
from crossbook.cases.procedure import Deadline, names, procedure
from crossbook.cases.replay import Replayed, disputes, replay
from crossbook.cases.takedown import takedowns
from crossbook.errors import CrossbookError
from crossbook.filing.ics import Entry, calendar_file
from crossbook.i18n import language
from crossbook.views.case import CaseFile, case_file
from crossbook.web.frame import FormPreparer, Page, Read, Reading, TheBook, a_day, back
from crossbook.web.rendering import part, render

PAGE = Page("/cases", "Cases", 58)
router = APIRouter()
FIELDS = ("name", "of", "event", "day", "state", "docket", "mark", "right", "skus")
Text = Annotated[str, Form(max_length=2000)]
On = Annotated[str, Query(description="A day, as 2026-06-30; the last one of the evidence else.")]
Clock = Annotated[str, Query(description="A day, as 2026-06-30; today else.")]


@dataclass(frozen=True)
class Reminder:
    """A day of a case: the safe one, the answer, and the day on which it was kept."""

    case: str
    safe: date
    done: str
    deadline: Deadline


def _today() -> date:
    """Where the reader is: time limits run on, whether files come or not."""
    return date.today()  # noqa: DTZ011


def _file(read: Reading, book: Book, name: str, on: str) -> CaseFile:
    return case_file(read.desk, case(book, name), a_day(on, read.day))


@router.get("/cases", include_in_schema=False)
def page(request: Request, book: TheBook, _: Read, of: Annotated[str, Query(max_length=40)] = "") -> Response:
    return _cases(request, book, {"of": of} if of in names() else {})


def _cases(request: Request, book: Book, form: dict[str, str], error: CrossbookError | None = None) -> Response:
    """The page of all cases; the form to open one filled with `form`, and what was wrong with it."""
    following: dict[str, Due] = {}
    for due in calendar_of(book):
        if not due.done:
            following.setdefault(due.case, due)
    found = [procedure(n) for n in names()]
    chosen = next((p for p in found if p.name == form.get("of")), found[0])
    return render(
        request,
        "cases.html",
        400 if error else 200,
        cases=list(cases(book).values()),
        following=following,
        day=_today(),
        procedures=found,
        chosen=chosen,
        rights=RIGHTS,
        form=dict.fromkeys(FIELDS, "") | form,
        error=error,
        notices=list(takedowns(book).values()),
        disputes=disputes(),
    )


@router.get("/cases/calendar", include_in_schema=False)
def calendar(request: Request, book: TheBook, _: Read, on: Clock = "") -> Response:
    return render(request, "case_calendar.html", found=calendar_of(book), on=a_day(on, _today()))


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
    return _one(request, _file(read, book, name, on))


def _one(
    request: Request,
    found: CaseFile,
    form: dict[str, str] | None = None,
    error: CrossbookError | None = None,
    status: int = 200,
) -> Response:
    """The page of a case; the form for what happened filled with `form`, and what was wrong with it."""
    of = procedure(found.case.procedure)
    return render(
        request,
        "case.html",
        status,
        found=found,
        of=of,
        on=found.on,
        form=form or {"event": "", "day": ""},
        error=error,
    )


@router.get("/api/cases", tags=["cases"])
def api(_: Read, book: TheBook) -> list[Case]:
    """The cases of the book."""
    return list(cases(book).values())


@router.get("/api/cases/calendar", tags=["cases"])
def api_calendar(_: Read, book: TheBook) -> list[Reminder]:
    """What falls due in all open cases."""
    return [Reminder(case=d.case, safe=d.safe, done=d.done, deadline=d.deadline) for d in calendar_of(book)]


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


def _when() -> CrossbookError:
    return CrossbookError("when did it happen?", todo="give a day")


@router.post("/cases/new", include_in_schema=False)
def new(
    request: Request,
    session: FormPreparer,
    book: TheBook,
    _: Read,
    name: Text = "",
    of: Text = "",
    event: Text = "",
    day: Text = "",
    state: Text = "",
    docket: Text = "",
    mark: Text = "",
    right: Text = "",
    skus: Text = "",
) -> Response:
    form = {
        "name": name,
        "of": of,
        "event": event,
        "day": day,
        "state": state,
        "docket": docket,
        "mark": mark,
        "right": right,
        "skus": skus,
    }
    try:
        known = procedure(of)
        if event and event not in {e.name for e in known.events}:
            raise CrossbookError(
                "that does not happen in this procedure", todo="choose what happened from its own list"
            )
        if bool(event) != bool(day):
            raise (
                _when()
                if event
                else CrossbookError("what happened on that day?", todo="choose it, or leave the day out")
            )
        happened = {event: a_day(day, date.min)} if event else {}
        open_case(
            book,
            name,
            of,
            session.user,
            happened=happened,
            state=state.upper(),
            docket=docket,
            mark=mark,
            right=right,
            skus=tuple(skus.split()),
        )
    except CrossbookError as error:
        return _cases(request, book, form, error)
    return back(f"/cases/file/{part(name)}")


@router.post("/cases/event", include_in_schema=False)
def event(
    request: Request, session: FormPreparer, book: TheBook, read: Read, name: Text, event: Text = "", day: Text = ""
) -> Response:
    found = _file(read, book, name, "")
    form = {"event": event, "day": day}
    if not day:
        return _one(request, found, form, _when(), 422)
    try:
        change_case(book, name, session.user, happened={event: a_day(day, date.min)})
    except CrossbookError as error:
        return _one(request, found, form, error, 400)
    return back(f"/cases/file/{part(name)}")


@router.post("/cases/kept", include_in_schema=False)
def kept(
    session: FormPreparer,
    book: TheBook,
    name: Annotated[str, Form()],
    limit: Annotated[str, Form()],
    day: Annotated[str, Form()] = "",
) -> Response:
    keep_limit(book, name, limit, a_day(day, _today()), session.user)
    return back(f"/cases/file/{part(name)}")
