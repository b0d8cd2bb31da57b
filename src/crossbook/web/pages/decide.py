"""Deciding and taking back by forms, the same for every kind: what is asked, what it would change, why, and yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from crossbook.book.journal import Entry
from crossbook.decisions import Kind, Look, UndecidedError, decide, kind_of, look_back, undo
from crossbook.decisions.telling import Told, links
from crossbook.decisions.telling import journal as entries
from crossbook.errors import CrossbookError, NotFoundError, ParameterError
from crossbook.web.access import Session
from crossbook.web.frame import FormHolder, Read, Reader, Reading, able, back, own_names, the_uploads
from crossbook.web.rendering import address, render
from crossbook.web.wishes import Typed, fields, read, typed, unfit, unsaid

router = APIRouter()
MOST_STANDING = 100  # decisions that are listed to take one of them back


@dataclass(frozen=True)
class Form:
    """What a page is of: a kind of decision, made or taken back (`undoing`), by whom, and what was typed."""

    kind: Kind
    undoing: bool
    session: Session
    told: Typed

    @property
    def path(self) -> str:
        """Where it is sent."""
        return f"/{'undo' if self.undoing else 'decide'}/{self.kind.name}"


def _form(kind: str, session: Session, pairs: Any, *, undoing: bool, hidden: bool = False) -> Form:
    known = kind_of(kind)
    able(session, known.role)
    if undoing and not known.undone:
        raise CrossbookError(f"a {known.name} is not taken back", todo="say what happened since, as a new entry")
    asked = known.keys if undoing else known.asked
    return Form(kind=known, undoing=undoing, session=session, told=typed(pairs, asked, hidden=hidden))


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]


@router.get("/decide/{kind}", include_in_schema=False)
@own_names
def page(request: Request, session: Reader, reading: Read, kind: str) -> Response:
    return _page(request, reading, _form(kind, session, request.query_params.multi_items(), undoing=False))


@router.get("/undo/{kind}", include_in_schema=False)
@own_names
def undo_page(request: Request, session: Reader, reading: Read, kind: str) -> Response:
    return _page(request, reading, _form(kind, session, request.query_params.multi_items(), undoing=True))


@router.post("/decide/{kind}", include_in_schema=False)
def journal(request: Request, session: FormHolder, reading: Read, sent: Sent, kind: str) -> Response:
    return _journal(request, reading, _form(kind, session, sent.multi_items(), undoing=False, hidden=True))


@router.post("/undo/{kind}", include_in_schema=False)
def journal_undo(request: Request, session: FormHolder, reading: Read, sent: Sent, kind: str) -> Response:
    return _journal(request, reading, _form(kind, session, sent.multi_items(), undoing=True, hidden=True))


def _journal(request: Request, reading: Reading, form: Form) -> Response:
    """Journal what was sent, and go to the page of what was decided; else the form comes back as it was filled."""
    kind, told = form.kind, form.told
    asked, uploads = kind.keys if form.undoing else kind.asked, the_uploads(request)
    got = read(asked, told, uploads)
    if told.one("look") or got.wrong or unsaid(asked, got.wish):
        return _page(request, reading, form)
    do = undo if form.undoing else decide
    try:
        entry = do(reading.desk, kind, got.wish, who=form.session.user, yes=told.many("yes"), seen=told.one("seen"))
    except CrossbookError as error:
        return _page(request, reading, form, error)
    return back(place(entry))


def place(entry: Entry) -> str:
    """The page of what an entry decided."""
    return next(iter(links(entry).values()), "/journal")


def _page(request: Request, reading: Reading, form: Form, error: CrossbookError | None = None) -> Response:
    kind, told = form.kind, form.told
    asked, uploads = kind.keys if form.undoing else kind.asked, the_uploads(request)
    swapped = "hx-request" in request.headers
    got = read(asked, told, uploads)
    shown = fields(reading.desk, kind, told, got, uploads, back=form.undoing)
    if swapped and (left := unfit(shown)):
        told = told.without(left)
        got = read(asked, told, uploads)
        shown = fields(reading.desk, kind, told, got, uploads, back=form.undoing)
    found: Look | None = error.look if isinstance(error, UndecidedError) else None
    missing = unsaid(asked, got.wish)
    if not error and not got.wrong and not missing:
        try:
            found = _look(reading, form, got.wish)
        except CrossbookError as wrong:
            error = wrong
    if error is None and got.wrong:
        error = next(iter(got.wrong.values()))
    return render(
        request,
        "decide.html",
        200 if swapped else _status(error, missing, request.method == "POST" and not told.one("look")),
        kind=kind,
        path=form.path,
        undoing=form.undoing,
        fields=shown,
        look=found,
        error=None if isinstance(error, UndecidedError) and found and found.refused else error,
        why=told.one("why"),
        yes=told.many("yes"),
        others=_others(reading, kind) if form.undoing and missing else [],
        choose=lambda said: address(form.path, **_query(told, {kind.weighs: said})),
    )


def _look(reading: Reading, form: Form, wish: Any) -> Look:
    """What it would change; that a reason is still to be written speaks against nothing."""
    if form.undoing:
        return look_back(reading.desk, form.kind, wish, form.session.user)
    return form.kind.look(reading.desk, wish, form.session.user)


def _status(error: CrossbookError | None, missing: list[str], sent: bool) -> int:
    if error is None:
        return 422 if missing and sent else 200
    if isinstance(error, UndecidedError):
        return 409
    return 422 if isinstance(error, ParameterError) else 404 if isinstance(error, NotFoundError) else 400


def _query(told: Typed, otherwise: dict[str, str]) -> dict[str, str]:
    kept = {n: v[-1] for n, v in told.values.items() if n not in ("why", "yes", "seen", "csrf", "look")}
    return kept | otherwise


def _others(reading: Reading, kind: Kind) -> list[tuple[str, Told]]:
    """The decisions of a kind that may be taken back, newest first, each with the page that does."""
    found = [t for t in entries(reading.desk.book, kind.name) if t.undoable]
    return [(undoing(kind, t.entry), t) for t in found[:MOST_STANDING]]


def undoing(kind: Kind, entry: Entry) -> str:
    """The page that takes back the decision of an entry."""
    return address(f"/undo/{kind.name}", **kind.named(entry))
