"""What is declared to China's customs, what is wanting, what was written; and, after a look and a yes, writing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from crossbook import ceb
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError, NotFoundError, ParameterError, one_of
from crossbook.filing.customs import gather, preview, sending
from crossbook.filing.customs.consigned import NUMBERS
from crossbook.filing.customs.documents import OF_TRADES
from crossbook.filing.customs.envelope import mailbox_of
from crossbook.filing.customs.message import Problem, Written
from crossbook.filing.customs.sent import WRITTEN
from crossbook.filing.customs.settings import Customs, customs_of
from crossbook.views.lists import pages_of
from crossbook.web.frame import FormPreparer, Read, TheBook, a_day, back, in_order, on_a_page
from crossbook.web.rendering import render

router = APIRouter()
SHOWN = 50
Order = Annotated[str, Query(max_length=200, description="Only this order.")]
First = Annotated[str, Query(alias="from", description="Shipped from this day.")]
Last = Annotated[str, Query(alias="to", description="Shipped until this day.")]
MessageNumber = Annotated[str, Query(max_length=200, description="Only 303, 403, 505 or 603.")]
State = Annotated[str, Query(max_length=200, description="ready, wanting, waiting, accepted or refused.")]
PageNumber = Annotated[int, Query(ge=1, le=10**9)]


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
class Listed:
    """One document and where it stands."""

    number: str
    reference: str
    order_id: str
    state: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Documents:
    """One page of documents."""

    rows: tuple[Listed, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Preview:
    """What would go out: every document, message by message. `seen` is what a yes is to; `by_mailbox` says that with a
    yes they go out by the book's mailbox."""

    rows: tuple[preview.Row, ...]
    messages: dict[str, int]
    seen: str
    by_mailbox: bool


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
    in_order(days["first"], days["last"], "to")
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


def _documents(
    database: Database, book: Book, message: str, state: str, order: str, first: str, last: str, number: int
) -> Documents:
    one_of("message", message, OF_TRADES)
    one_of("state", state, sending.STATES)
    planned = _planned(database, book, customs_of(book), order, first, last)
    found = [p for p in planned if message in ("", p.number) and state in ("", p.state)]
    pages = pages_of(len(found), SHOWN)
    on_a_page(number, pages)
    rows = found[(number - 1) * SHOWN : number * SHOWN]
    listed = (Listed(p.number, p.reference, p.order_id, p.state, p.problems) for p in rows)
    return Documents(rows=tuple(listed), page=number, pages=pages, total=len(found))


def shown(book: Book, written: Sequence[Written]) -> Preview:
    """Messages as a page shows them before they are written."""
    counts: dict[str, int] = {}
    for w in written:
        counts[w.number] = counts.get(w.number, 0) + len(w.documents)
    return Preview(
        rows=tuple(preview.rows(written)),
        messages=counts,
        seen=preview.seen(written),
        by_mailbox=bool(written) and mailbox_of(book).is_set,
    )


def _ready(database: Database, book: Book, order: str, first: str, last: str) -> list[Written]:
    customs = customs_of(book)
    return sending.messages(customs, _planned(database, book, customs, order, first, last), datetime.now(UTC))


def packed(book: Book, written: Sequence[Written], who: str) -> Response:
    """Write messages to the book's folder, journal them, and give them as one archive."""
    sent = sending.send(book, written, book.path / "customs", None, who)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for s in sent:
            archive.write(s.file or Path(), s.file.name if s.file else "")
    headers = {"Content-Disposition": 'attachment; filename="customs.zip"'}
    return Response(held.getvalue(), media_type="application/zip", headers=headers)


def _sent(book: Book) -> list[Message]:
    return [
        Message(
            at=e.at,
            who=e.who,
            number=e.body["number"],
            file=e.body["file"],
            documents=len(e.body["documents"]),
            signed=e.body["message_signed"] if "message_signed" in e.body else e.body["signed"],  # as of old
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
    except (ParameterError, NotFoundError):
        raise
    except CrossbookError as error:
        found, wrong = Declared(counts={}, wanting=0, problems=(), strays=(), left_out=gather.LeftOut({}, {})), error
    return render(
        request,
        "customs.html",
        found=found,
        wrong=wrong,
        states=sending.STATES,
        titles=titles_of(),
        steps=NUMBERS,
        sent=_sent(book),
        order=order,
        first=first,
        last=last,
        shown=SHOWN,
    )


def titles_of() -> dict[str, ceb.Message]:
    """Every message by its number."""
    return {m.number: m for m in ceb.messages().values()}


@router.get("/customs/documents", include_in_schema=False)
def documents(
    request: Request,
    read: Read,
    book: TheBook,
    message: MessageNumber = "",
    state: State = "",
    order: Order = "",
    first: First = "",
    last: Last = "",
    page: PageNumber = 1,
) -> Response:
    found = _documents(read.desk.database, book, message, state, order, first, last, page)
    query = {"message": message, "state": state, "order": order, "from": first, "to": last}
    return render(request, "customs_documents.html", found=found, titles=titles_of(), query=query)


@router.get("/customs/preview", include_in_schema=False)
def look(
    request: Request, read: Read, book: TheBook, order: Order = "", first: First = "", last: Last = ""
) -> Response:
    return _looked(request, book, _ready(read.desk.database, book, order, first, last), order, first, last)


def _looked(
    request: Request, book: Book, written: list[Written], order: str, first: str, last: str, changed: bool = False
) -> Response:
    return render(
        request,
        "customs_preview.html",
        409 if changed else 200,
        found=shown(book, written),
        titles=titles_of(),
        order=order,
        first=first,
        last=last,
        changed=changed,
        action="/customs/write",
        fields={"order": order, "from": first, "to": last},
        problems=(),
        shown=SHOWN,
    )


@router.get("/api/customs", tags=["customs"])
def api(read: Read, book: TheBook, order: Order = "", first: First = "", last: Last = "") -> Declared:
    """Where the documents of shipped trades stand with China's customs."""
    return _declared(read.desk.database, book, order, first, last)


@router.get("/api/customs/documents", tags=["customs"])
def api_documents(
    read: Read,
    book: TheBook,
    message: MessageNumber = "",
    state: State = "",
    order: Order = "",
    first: First = "",
    last: Last = "",
    page: PageNumber = 1,
) -> Documents:
    """Each document of shipped trades, with its state and what is wanting for it."""
    return _documents(read.desk.database, book, message, state, order, first, last, page)


@router.get("/api/customs/preview", tags=["customs"])
def api_preview(read: Read, book: TheBook, order: Order = "", first: First = "", last: Last = "") -> Preview:
    """What would be written now, document by document. Nothing is."""
    return shown(book, _ready(read.desk.database, book, order, first, last))


@router.get("/api/customs/messages", tags=["customs"])
def api_messages(read: Read, book: TheBook) -> list[Message]:
    """The messages that were written for sending, the newest first."""
    return _sent(book)


@router.post("/customs/write", include_in_schema=False)
def write(
    request: Request,
    session: FormPreparer,
    read: Read,
    book: TheBook,
    order: Annotated[str, Form()] = "",
    first: Annotated[str, Form(alias="from")] = "",
    last: Annotated[str, Form(alias="to")] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    written = _ready(read.desk.database, book, order, first, last)
    if not written:
        return back("/customs")
    if seen != preview.seen(written):
        return _looked(request, book, written, order, first, last, changed=True)
    return packed(book, written, session.user)
