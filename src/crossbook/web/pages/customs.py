"""What is declared to China's customs, what is wanting, what was written, and writing what is ready."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from crossbook import ceb
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError, ParameterError
from crossbook.filing.customs import gather, sending
from crossbook.filing.customs.documents import OF_TRADES
from crossbook.filing.customs.message import Problem
from crossbook.filing.customs.sent import WRITTEN
from crossbook.filing.customs.settings import Customs, customs_of
from crossbook.web.frame import FormPreparer, Read, TheBook, a_day, back
from crossbook.web.rendering import render

router = APIRouter()
SHOWN = 50
Order = Annotated[str, Query(max_length=200, description="Only this order.")]
First = Annotated[str, Query(alias="from", description="Shipped from this day.")]
Last = Annotated[str, Query(alias="to", description="Shipped until this day.")]


@dataclass(frozen=True)
class Declared:
    """Where the documents of shipped trades stand: how many of each message in each state, what is wanting, and what
    was shipped and is not to be declared."""

    counts: dict[str, dict[str, int]]
    wanting: int
    problems: tuple[Problem, ...]
    strays: tuple[dict[str, Any], ...]
    left_out: gather.LeftOut


@dataclass(frozen=True)
class Message:
    """A message that was written for sending."""

    at: str
    who: str
    number: str
    file: str
    documents: int
    signed: bool


def _chosen(order: str, first: str, last: str) -> dict[str, Any]:
    day = datetime.now(UTC).date()
    days = {"first": a_day(first, day, "from") if first else None, "last": a_day(last, day, "to") if last else None}
    return days | {"order": order or None}


def _planned(
    database: Database, book: Book, customs: Customs, order: str, first: str, last: str
) -> list[sending.Planned]:
    found = gather.trades(database, customs, **_chosen(order, first, last))
    return sending.plan(database, book, customs, found, OF_TRADES, datetime.now(UTC))


def _declared(database: Database, book: Book, order: str, first: str, last: str) -> Declared:
    customs = customs_of(book)
    planned = _planned(database, book, customs, order, first, last)
    left = gather.left_out(database, customs, **_chosen(order, first, last))
    problems = [x for p in planned for x in p.problems]
    counts = {n: dict(c) for n, c in sending.counts(planned).items()}
    return Declared(
        counts=counts,
        wanting=len(problems),
        problems=tuple(problems[:SHOWN]),
        strays=tuple(sending.strays(database, book)[:SHOWN]),
        left_out=left,
    )


def _sent(book: Book) -> list[Message]:
    return [
        Message(
            at=e.at,
            who=e.who,
            number=e.body["number"],
            file=e.body["file"],
            documents=len(e.body["documents"]),
            signed=e.body["signed"],
        )
        for e in reversed(book.journal())
        if e.action == WRITTEN
    ]


@router.get("/customs", include_in_schema=False)
def page(
    request: Request, read: Read, book: TheBook, order: Order = "", first: First = "", last: Last = ""
) -> Response:
    try:
        found, wrong = _declared(read.desk.database, book, order, first, last), None
    except ParameterError:
        raise
    except CrossbookError as error:
        found, wrong = Declared(counts={}, wanting=0, problems=(), strays=(), left_out=gather.LeftOut({}, {})), error
    titles = {m.number: m for m in ceb.messages().values()}
    return render(
        request,
        "customs.html",
        found=found,
        wrong=wrong,
        states=sending.STATES,
        titles=titles,
        sent=_sent(book),
        order=order,
        first=first,
        last=last,
        shown=SHOWN,
    )


@router.get("/api/customs", tags=["customs"])
def api(read: Read, book: TheBook, order: Order = "", first: First = "", last: Last = "") -> Declared:
    """Where the documents of shipped trades stand with China's customs."""
    return _declared(read.desk.database, book, order, first, last)


@router.get("/api/customs/messages", tags=["customs"])
def api_messages(read: Read, book: TheBook) -> list[Message]:
    """The messages that were written for sending, the newest first."""
    return _sent(book)


@router.post("/customs/write", include_in_schema=False)
def write(
    session: FormPreparer,
    read: Read,
    book: TheBook,
    order: Annotated[str, Form()] = "",
    first: Annotated[str, Form(alias="from")] = "",
    last: Annotated[str, Form(alias="to")] = "",
) -> Response:
    customs = customs_of(book)
    planned = _planned(read.desk.database, book, customs, order, first, last)
    written = sending.messages(customs, planned, datetime.now(UTC))
    if not written:
        return back("/customs")
    sent = sending.send(book, written, book.path / "customs", None, session.user)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for s in sent:
            archive.write(s.file or Path(), s.file.name if s.file else "")
    headers = {"Content-Disposition": 'attachment; filename="customs.zip"'}
    return Response(held.getvalue(), media_type="application/zip", headers=headers)
