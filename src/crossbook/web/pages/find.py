"""Finding a product's tariff number by words: candidates with their rates, how sure, and the question that decides."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossbook.duty.countries import country
from crossbook.duty.desk import law_of
from crossbook.duty.finding import Search, parsed, search
from crossbook.duty.finding.rated import Candidate, as_dict, asked, how_sure, rated, shortened, worth_showing
from crossbook.errors import CrossbookError, ParameterError
from crossbook.web.frame import Read, Reading
from crossbook.web.pages.products import Day, the_day
from crossbook.web.rendering import render

router = APIRouter()
Words = Annotated[str, Query(max_length=500, description="What it is, in English or Chinese.")]
Origin = Annotated[str, Query(max_length=60, description="Whose duties to show.")]
Answers = Annotated[
    str, Query(max_length=400, description="Answers to questions asked before: construction=woven;fibre=cotton")
]


def _answers(text: str) -> dict[str, str]:
    return parsed([part for part in text.split(";") if part.strip()])


def _found(read: Reading, q: str, origin: str, on: str | None, answers: str) -> tuple[Search, list[Candidate]]:
    day = the_day(on, read.day)
    try:
        whose = country(origin.upper(), "origin")
    except CrossbookError as error:
        raise ParameterError("origin", origin, what=error.what, todo=error.todo) from None
    try:
        told = search(q, day, 10, _answers(answers))
    except CrossbookError as error:
        raise ParameterError("answers", answers, what=error.what, todo=error.todo) from None
    law = law_of(read.desk.database)
    return told, [rated(f, whose, day, law) for f in told.found]


@router.get("/find", include_in_schema=False)
def page(
    request: Request, read: Read, q: Words = "", origin: Origin = "CN", on: Day = None, answers: Answers = ""
) -> Response:
    told, candidates = _found(read, q, origin, on, answers)
    question = asked(told)
    given = _answers(answers)
    choices = []
    if told.question and question:
        for (value, _), label in zip(told.question.choices, question[1], strict=True):
            choices.append(
                (label, ";".join([*(f"{k}={v}" for k, v in given.items()), f"{told.question.trait}={value}"]))
            )
    return render(
        request,
        "find.html",
        q=q,
        origin=origin.upper(),
        day=the_day(on, read.day),
        chosen=on or "",
        rows=worth_showing(candidates),
        short=shortened,
        sure=how_sure(told) if told.found else "",
        told=told,
        question=question[0] if question else "",
        choices=choices,
        given=[(k, v, ";".join(f"{a}={b}" for a, b in given.items() if a != k)) for k, v in given.items()],
    )


@router.get("/api/find", tags=["duty"])
def api(read: Read, q: Words, origin: Origin = "CN", on: Day = None, answers: Answers = "") -> dict[str, Any]:
    """Tariff numbers for goods described in words, as `crossbook duty find --json` gives them: candidates with the
    rates they would bear, how sure the first is, the question that would decide, words that nothing known has."""
    return as_dict(*_found(read, q, origin, on, answers))
