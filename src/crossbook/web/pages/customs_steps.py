"""The steps of a consignment, a page each: arrival (507), bills (607), departure (509), summary (701)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from crossbook.errors import CrossbookError, NotFoundError
from crossbook.filing.customs import consigning, preview
from crossbook.filing.customs.consigned import NUMBERS
from crossbook.filing.customs.consignment import parsed
from crossbook.filing.customs.settings import customs_of
from crossbook.web.frame import FormPreparer, Read, TheBook
from crossbook.web.pages.customs import SHOWN, packed, shown, titles_of
from crossbook.web.rendering import render

router = APIRouter()
LISTED = 100  # orders in the example, as many as a message may hold
NAME = Path("consignment.toml")
Carrier = Annotated[str, Query(max_length=100, description="Only this carrier's parcels.")]


def _step(number: str) -> str:
    if number not in NUMBERS:
        raise NotFoundError(f"no step {number!r} of a consignment", todo=f"use {', '.join(NUMBERS)}")
    return number


@router.get("/customs/steps/{number}", include_in_schema=False)
def page(request: Request, read: Read, book: TheBook, number: str, carrier: Carrier = "") -> Response:
    customs = customs_of(book)
    found = consigning.ready(read.desk.database, customs, _step(number))
    chosen = carrier or next(iter(found.by_carrier), "")
    text = consigning.example(customs, chosen, found.by_carrier.get(chosen, ())[:LISTED])
    return render(
        request, "customs_step.html", step=number, found=found, titles=titles_of(), steps=NUMBERS, text=text, wrong=None
    )


@router.post("/customs/steps/{number}", include_in_schema=False)
def write(
    request: Request,
    session: FormPreparer,
    read: Read,
    book: TheBook,
    number: str,
    text: Annotated[str, Form(max_length=200_000)],
    seen: Annotated[str, Form()] = "",
) -> Response:
    """A look at what the consignment would send; with what was seen there, writing it."""
    customs = customs_of(book)
    numbers, now = (_step(number),), datetime.now(UTC)
    try:
        told = parsed(text, NAME)
        written, wanting = consigning.messages(read.desk.database, book, customs, told, numbers, now)
    except CrossbookError as error:
        found = consigning.ready(read.desk.database, customs, number)
        return render(
            request,
            "customs_step.html",
            400,
            step=number,
            found=found,
            titles=titles_of(),
            steps=NUMBERS,
            text=text,
            wrong=error,
        )
    if written and seen == preview.seen(written):
        return packed(book, written, session.user)
    return render(
        request,
        "customs_preview.html",
        409 if seen else 200,
        found=shown(book, written),
        titles=titles_of(),
        order="",
        first="",
        last="",
        changed=bool(seen),
        action=f"/customs/steps/{number}",
        fields={"text": text},
        problems=wanting,
        shown=SHOWN,
    )
