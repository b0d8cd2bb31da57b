"""Deciding and taking back for programs: an address for each kind, its body made of what the kind asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, create_model

from crossbook.decisions import (
    Asked,
    AskedError,
    ChangedError,
    Kind,
    Look,
    Objection,
    Question,
    RefusedError,
    Rival,
    UndecidedError,
    decide,
    kind_of,
    kinds,
    look,
    look_back,
    undo,
)
from crossbook.decisions.telling import Told, journal, of_kind
from crossbook.errors import one_of
from crossbook.views.lists import pages_of
from crossbook.web.access import Session
from crossbook.web.frame import Approver, Preparer, Read, Reader, Reading, TheBook, the_uploads
from crossbook.web.uploads import Uploads

router = APIRouter()
PER_PAGE = 100
TAG = "decisions"
WRITERS: dict[str, Any] = {"preparer": Preparer, "approver": Approver}

Text = Annotated[str, Field(max_length=2000)]
Amount = Annotated[int, Field(ge=-(2**53), le=2**53, strict=True)] | Annotated[str, Field(max_length=40)]
TYPES: dict[str, Any] = {
    "text": Text,
    "lines": Annotated[str, Field(max_length=20_000)],
    "path": Annotated[str, Field(max_length=64)],
    "number": Annotated[int, Field(ge=0, le=2**53, strict=True)],
    "amount": Amount,
    "day": date,
    "words": Annotated[list[Text], Field(max_length=1000)],
    "names": Annotated[list[Text], Field(max_length=1000)],
    "days": Annotated[dict[str, date], Field(max_length=100)],
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a decision would change at this moment; `seen` names what was shown, for deciding on just that."""

    kind: str
    subject: str
    effects: tuple[str, ...]
    refused: tuple[Objection, ...]
    asks: tuple[Question, ...]
    rivals: tuple[Rival, ...]
    links: Mapping[str, str]
    seen: str


class Undecided(BaseModel):
    """Why a decision was not made: `because` is refused, asks or changed; `look` is what it would be now."""

    error: str
    where: str = ""
    todo: str = ""
    because: str
    look: Shown


_BECAUSE = {RefusedError: "refused", AskedError: "asks", ChangedError: "changed"}


def undecided(error: UndecidedError) -> Undecided:
    """Why a decision was not made, as programs see it."""
    return Undecided(
        error=error.what,
        where=error.where,
        todo=error.todo,
        because=_BECAUSE.get(type(error), "refused"),
        look=shown(error.kind, error.look),
    )


CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Undecided, "description": "Refused, a question is open, or the book has changed since it was shown."}
}


def shown(kind: Kind, found: Look) -> Shown:
    """A look as programs see it."""
    return Shown(
        kind=kind.name,
        subject=found.subject,
        effects=found.effects,
        refused=found.refused,
        asks=found.asks,
        rivals=found.rivals,
        links=dict(found.links),
        seen=found.seen,
    )


def _body(name: str, asked: Iterable[Asked]) -> type[BaseModel]:
    """The body of a kind's requests: what it asks, why, the answers to its questions and what was shown."""
    told: dict[str, Any] = {
        a.name: (TYPES[a.of], Field(description=_meant(a)))
        if a.needed
        else (TYPES[a.of] | None, Field(default=None, description=_meant(a)))
        for a in asked
    }
    why = (Text, Field(default="", description="What shows it."))
    yes: Any = (
        list[Text],
        Field(default=[], max_length=100, description="Answers to what it asks, as `asks` has them."),
    )
    seen = (Text, Field(default="", description="`seen` of the look that is decided on; without it, on what is now."))
    model: type[BaseModel] = create_model(
        name, __config__=ConfigDict(extra="forbid"), **told, why=why, yes=yes, seen=seen
    )
    return model


def _meant(a: Asked) -> str:
    return f"{a.text}: the `upload` of a file that waits, as POST /api/files gave it" if a.of == "path" else a.text


def _wish(body: BaseModel, asked: Iterable[Asked], uploads: Uploads) -> dict[str, Any]:
    """What was said; for a path, that of the file that waits under this token."""
    told = body.model_dump(exclude={"yes", "seen"}, exclude_none=True)
    files = {a.name: str(uploads.path(told[a.name])) for a in asked if a.of == "path" and a.name in told}
    return {n: tuple(v) if isinstance(v, list) else v for n, v in told.items()} | files


def _told(book: Any, seq: int) -> Told:
    return next(t for t in journal(book) if t.seq == seq)


def _add(kind: Kind, *, back: bool) -> None:
    """Add the two addresses of a kind: what it would change, and deciding it (or taking it back)."""
    word, does = ("undo", "Take back") if back else ("decide", "Decide")
    asked = kind.keys if back else kind.asked
    body = _body(f"{word.title()}{kind.name.title()}", asked)
    see, do = (look_back, undo) if back else (look, decide)

    def api_look(request: Request, session: Session, reading: Reading, body: BaseModel) -> Shown:
        wish = _wish(body, asked, the_uploads(request))
        return shown(kind, see(reading.desk, kind, wish, session.user))

    def api_do(request: Request, session: Session, reading: Reading, body: BaseModel) -> Told:
        said: Any = body
        wish = _wish(body, asked, the_uploads(request))
        entry = do(reading.desk, kind, wish, who=session.user, yes=said.yes, seen=said.seen)
        return _told(reading.desk.book, entry.seq)

    path, told = f"/api/{word}/{kind.name}", f"{kind.title}."
    for where, function, returned, what in (
        (f"{path}/look", api_look, Shown, f"What it would change. {told}"),
        (path, api_do, Told, f"{does}: {told}" if back else told),
    ):
        endpoint: Callable[..., Any] = function
        endpoint.__annotations__ = {
            "request": Request,
            "session": WRITERS[kind.role],
            "reading": Read,
            "body": body,
            "return": returned,
        }
        name = f"{word}_{kind.name}{'_look' if where.endswith('/look') else ''}"
        router.add_api_route(
            where, endpoint, methods=["POST"], tags=[TAG], responses=CONFLICT, name=name, description=what, summary=name
        )


for _kind in kinds().values():
    _add(_kind, back=False)
    if _kind.undone:
        _add(_kind, back=True)


@router.post("/api/decide/{kind}", include_in_schema=False)
@router.post("/api/undo/{kind}", include_in_schema=False)
@router.post("/api/decide/{kind}/look", include_in_schema=False)
@router.post("/api/undo/{kind}/look", include_in_schema=False)
def no_such(session: Reader, kind: str) -> None:
    """Name the kinds to who asked for one that there is not."""
    kind_of(kind)


@dataclass(frozen=True)
class Decisions:
    """One page of the journal, newest first; past the last page there is nothing."""

    rows: tuple[Told, ...]
    total: int
    page: int
    pages: int


def decisions(book: Any, kind: str, page: int) -> Decisions:
    """A page of the journal, of one kind when it is named. Raises ParameterError for a kind that there is not."""
    found = journal(book, one_of("kind", kind, of_kind()))
    shown = tuple(found[(page - 1) * PER_PAGE : page * PER_PAGE])
    return Decisions(rows=shown, total=len(found), page=page, pages=pages_of(len(found), PER_PAGE))


Number = Annotated[int, Query(ge=1, le=10**9)]


@router.get("/api/decisions", tags=[TAG])
def api(
    session: Reader,
    book: TheBook,
    kind: Annotated[
        str, Query(description="Only this kind, as in GET /api/decisions/kinds, or message, user, added.")
    ] = "",
    page: Number = 1,
) -> Decisions:
    """The journal as sentences, newest first, a hundred to a page."""
    return decisions(book, kind, page)


@dataclass(frozen=True, kw_only=True)
class AskedTold:
    """One thing that a kind asks; `of` is text, lines, number, amount, day, words, days, or path (of an upload)."""

    name: str
    text: str
    of: str
    key: bool
    needed: bool


@dataclass(frozen=True, kw_only=True)
class KindTold:
    """What may be decided: what it asks, checks and refuses, and which role it needs. `undo`: it can be taken back."""

    name: str
    title: str
    asked: tuple[AskedTold, ...]
    checks: tuple[str, ...]
    refuses: tuple[str, ...]
    asks: tuple[str, ...]
    why: str
    undo: bool
    role: str


@router.get("/api/decisions/kinds", tags=[TAG])
def api_kinds(session: Reader) -> list[KindTold]:
    """Every kind of decision."""
    return [
        KindTold(
            name=k.name,
            title=k.title,
            asked=tuple(AskedTold(name=a.name, text=a.text, of=a.of, key=a.key, needed=a.needed) for a in k.asked),
            checks=k.checks,
            refuses=k.refuses,
            asks=k.asks,
            why=k.why,
            undo=bool(k.undone),
            role=k.role,
        )
        for k in kinds().values()
    ]
