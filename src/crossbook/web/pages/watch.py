"""The watch: the queue of cases, one case as money over time, a transfer's chain, rules with their backtest and limits,
statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from crossbook import calendars
from crossbook.decisions.standing import approvals
from crossbook.errors import CrossbookError, ParameterError, one_of
from crossbook.filing.suspicion.writing import report
from crossbook.views.money_flow import flow
from crossbook.watch.alerts import backtest, figures_of
from crossbook.watch.casefile import CaseFile, as_dict, case_file, vars_of
from crossbook.watch.casework import ORDERS, REPORTS, STATUSES, WAITING, Case, cases, queue, tenants
from crossbook.watch.due import deadlines
from crossbook.watch.history import last_intake
from crossbook.watch.narrative import LANGUAGES, narrative
from crossbook.watch.reading import EMPTY, alert, alerts, chain, summary, unheard
from crossbook.watch.rules import rule, rules
from crossbook.watch.rules.cycle import ONE_WAY
from crossbook.watch.settings import decided, settings_of
from crossbook.watch.statistics import Counted, statistics
from crossbook.watch.thresholds import thresholds
from crossbook.web.frame import Read, Reading, a_day, in_order, on_a_page
from crossbook.web.rendering import render

router = APIRouter()
PER_PAGE = 50
MOST_SHOWN = 500  # transfers in the table of a case's page
MOST_TRIED = 30  # alerts of a backtest's page, of each of its tables
Order = Annotated[str, Query(description="limit, risk or age.")]
State = Annotated[str, Query(description="A state, or all; those that wait for somebody else.")]
Kind = Annotated[str, Query(description="large or suspicious: what a case would be reported as.")]
Page = Annotated[int, Query(ge=1, le=10**6)]
Text = Annotated[str, Query(max_length=200)]
Figures = Annotated[str, Query(max_length=500, description="Figures to try, as days=14 parties=8.")]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which cases of the queue, and in which order."""

    by: Order = "limit"
    status: State = ""
    new: bool = False
    report: Kind = ""
    rule: Text = ""
    institution: Text = ""


@router.get("/watch", include_in_schema=False)
def page(request: Request, read: Read, asked: Annotated[Asked, Depends()], page: Page = 1) -> Response:
    told = summary(read.desk.database)
    found = _queue(read, asked)
    pages = max(1, -(-len(found) // PER_PAGE))
    on_a_page(page, pages)
    return render(
        request,
        "watch.html",
        told=told,
        found=found[(page - 1) * PER_PAGE : page * PER_PAGE],
        count=len(found),
        page=page,
        pages=pages,
        asked=asked,
        tenants=tenants(read.desk.database),
        reports=REPORTS,
        orders=ORDERS,
        statuses=STATUSES,
        today=calendars.today(),
        taken=last_intake(read.desk.book.journal()),
    )


@router.get("/watch/cases/{case}", include_in_schema=False)
def one(request: Request, read: Read, case: str) -> Response:
    told = _file(read, case)
    return render(
        request,
        "watch_case.html",
        told=told,
        c=told.case,
        drawing=flow(told.transfers, told.links),
        shown=told.transfers[:MOST_SHOWN],
        stories={language: narrative(told, language) for language in LANGUAGES} if told.transfers else {},
        today=calendars.today(),
        waiting=told.case.status in WAITING,
        titles={r.name: r.title for r in rules()},
        one_way=ONE_WAY,
        approved=approvals(read.desk.book.journal()),
    )


@router.get("/watch/cases/{case}/report/{form}", include_in_schema=False)
def written(read: Read, case: str, form: str) -> Response:
    return _download(read, case, form)


@router.get("/watch/chain/{transfer}", include_in_schema=False)
def walked(request: Request, read: Read, transfer: str) -> Response:
    found = chain(read.desk.database, transfer)
    return render(request, "watch_chain.html", found=found, drawing=flow(found, _links(found)), transfer=transfer)


def _links(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"payment": row["id"], "lot": lot, "amount": amount}
        for row in found
        for lot, amount in zip(row["lots"] or (), row["amounts"] or (), strict=True)
    ]


@router.get("/watch/rules", include_in_schema=False)
def all_rules(
    request: Request,
    read: Read,
    test: Text = "",
    first: Text = "",
    last: Text = "",
    figures: Figures = "",
) -> Response:
    settings = settings_of(read.desk.book)
    told = summary(read.desk.database)
    tried, problem = None, None
    days = (a_day(first, told.first or read.day, "first"), a_day(last, told.last or read.day, "last"))
    if test:
        try:
            tried = _backtest(read, test, days, figures)
        except CrossbookError as error:
            problem = error
    return render(
        request,
        "watch_rules.html",
        422 if problem else 200,
        rules=rules(),
        figures=figures_of(settings),
        decided=decided(read.desk.book),
        ended={r["rule"]: r for r in told.rules},
        empty=not told.transfers,
        limits=[x for x in thresholds() if x.law in settings.laws],
        days_of_law=[x for x in deadlines() if x.law in settings.laws],
        settings=settings,
        test=test,
        days=days,
        typed=figures,
        tried=tried,
        most=MOST_TRIED,
        problem=problem,
    )


@router.get("/watch/statistics", include_in_schema=False)
def counted(request: Request, read: Read) -> Response:
    titles = {r.name: r.title for r in rules()}
    found, silent = _statistics(read), unheard(read.desk.database)
    return render(request, "watch_statistics.html", found=found, titles=titles, silent=silent, empty=silent == EMPTY)


def _file(read: Reading, case: str) -> CaseFile:
    return case_file(read.desk.database, read.desk.book, case)


def _download(read: Reading, case: str, form: str) -> Response:
    """A report as a file; how many fields are missing in it stands in a header, and which in the file or the API."""
    made = report(read.desk.database, read.desk.book, case, form, calendars.today())
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "X-Missing": str(len(made.missing))}
    return Response(made.data, media_type=made.media_type, headers=headers)


def _backtest(read: Reading, test: str, days: tuple[date, date], typed: str) -> dict[str, Any]:
    one_of("test", test, [r.name for r in rules()])
    in_order(*days, "last")
    return backtest(read.desk.database, read.desk.book, rule(test).name, *days, _figures(typed))


def _figures(typed: str) -> dict[str, int]:
    found = {}
    for text in typed.split():
        name, _, value = text.partition("=")
        if not (value.isascii() and value.removeprefix("-").isdecimal() and len(value) <= 17):
            raise ParameterError("figures", text[:60], what=f"not a figure: {text[:60]!r}", todo="write it as days=14")
        found[name] = int(value)
    return found


@router.get("/api/watch/cases", tags=["watch"])
def api_queue(read: Read, asked: Annotated[Asked, Depends()]) -> list[dict[str, Any]]:
    """The cases that wait for somebody, or those of a state, a kind of report, a rule or an institution, as
    `crossbook watch queue --json` gives them."""
    return [as_dict(c) for c in _queue(read, asked)]


def _queue(read: Reading, asked: Asked) -> list[Case]:
    return queue(
        read.desk.database,
        read.desk.book,
        by=asked.by,
        status=asked.status,
        fresh=asked.new,
        report=asked.report,
        rule=asked.rule,
        tenant=asked.institution,
    )


@router.get("/api/watch/cases/{case}", tags=["watch"])
def api_one(read: Read, case: str) -> dict[str, Any]:
    """One case with its reasons, alerts, transfers, links and narratives."""
    told = _file(read, case)
    reasons = [{**vars_of(r), "part": vars_of(r.part)} for r in told.reasons]
    stories = {language: narrative(told, language) for language in LANGUAGES} if told.transfers else {}
    return {
        **as_dict(told.case),
        "reasons": reasons,
        "called": told.alerts,
        "paid": told.transfers,
        "links": told.links,
        "narratives": stories,
    }


@router.get("/api/watch/cases/{case}/report/{form}", tags=["watch"])
def api_report(read: Read, case: str, form: str) -> dict[str, Any]:
    """What a report (goaml, china, fincen, text) of a case is called, and which fields the book does not know."""
    made = report(read.desk.database, read.desk.book, case, form, calendars.today())
    return {"name": made.name, "media_type": made.media_type, "missing": [vars_of(m) for m in made.missing]}


@router.get("/api/watch/run", tags=["watch"])
def api_run(read: Read) -> dict[str, Any]:
    """How each rule ended on how many transfers, and what was set aside, as `crossbook watch run --json` gives it: what
    tells a book in which nothing is called from one that has no transfers."""
    told = summary(read.desk.database)
    return {**vars(told), "odd": [vars(one) for one in told.odd], "alerts": told.alerts}


@router.get("/api/watch/alerts", tags=["watch"])
def api_alerts(read: Read, rule: Text = "", subject: Text = "") -> list[dict[str, Any]]:
    """The alerts, the gravest first, as `crossbook watch alerts --json` gives them."""
    return alerts(read.desk.database, rule_name=rule, subject=subject)


@router.get("/api/watch/alerts/{known}", tags=["watch"])
def api_alert(read: Read, known: str) -> dict[str, Any]:
    """One alert with its transfers."""
    return alert(read.desk.database, known)


@router.get("/api/watch/chain/{transfer}", tags=["watch"])
def api_chain(read: Read, transfer: str) -> list[dict[str, Any]]:
    """The chain that a transfer ends, walked back."""
    return chain(read.desk.database, transfer)


@router.get("/api/watch/rules", tags=["watch"])
def api_rules(read: Read) -> dict[str, Any]:
    """The rules with their figures, the limits of the law and its limits of days."""
    settings = settings_of(read.desk.book)
    figures = figures_of(settings)
    told = [{"rule": r.name, "title": r.title, "gravity": r.gravity, "figures": figures[r.name]} for r in rules()]
    limits = [vars_of(x) for x in thresholds() if x.law in settings.laws]
    return {"rules": told, "limits": limits, "deadlines": [vars_of(x) for x in deadlines() if x.law in settings.laws]}


@router.get("/api/watch/backtest/{test}", tags=["watch"])
def api_backtest(read: Read, test: str, first: Text, last: Text, figures: Figures = "") -> dict[str, Any]:
    """What a rule would have called in a window, with the figures that hold and with others."""
    return _backtest(read, test, (a_day(first, read.day, "first"), a_day(last, read.day, "last")), figures)


@router.get("/api/watch/statistics", tags=["watch"])
def api_statistics(read: Read) -> list[dict[str, Any]]:
    """Alerts and cases by rule, how many were right by people's decisions, and how long those took."""
    return [vars_of(c) for c in _statistics(read)]


def _statistics(read: Reading) -> list[Counted]:
    return statistics(cases(read.desk.database, read.desk.book).values(), summary(read.desk.database))
