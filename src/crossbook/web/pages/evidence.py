"""Evidence: every file with what was read from it, and any line of any of them as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse

from crossbook.book import Book
from crossbook.book.viewing import View, view
from crossbook.engine import fact_rows
from crossbook.errors import NotFoundError, one_of
from crossbook.facts import KINDS
from crossbook.views.lists import pages_of
from crossbook.views.statements import Said, of_file, said
from crossbook.web.frame import Reader, TheBook, on_a_page
from crossbook.web.live import Live
from crossbook.web.rendering import render

router = APIRouter()
PER_PAGE = 50

Sha = Annotated[str, Path(pattern="^[0-9a-f]{12,64}$", description="A file's SHA-256, or its first digits.")]
Line = Annotated[int, Path(ge=1, le=2**40)]
Number = Annotated[int, Query(ge=1, le=10**9)]
Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class File:
    """A piece of evidence: `facts` counts what was read by kind, `account` is what the user said it belongs to."""

    sha: str
    seq: int
    name: str
    size: int
    source: str
    account: str | None
    partial: bool
    bad_rows: int
    added_at: str
    facts: dict[str, int]
    retired: bool


@dataclass(frozen=True)
class Files:
    """A page of files, newest first."""

    rows: tuple[File, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Source:
    """A line of a file with its neighbours, and the facts that were read from it."""

    file: File
    line: int
    view: View
    facts: dict[str, list[dict[str, Any]]]


def _files(book: Book, q: str, page: int) -> Files:
    retired = book.retired()
    found = [_file(e, retired) for e in reversed(book.evidence())]
    if q:
        found = [f for f in found if q.lower() in f"{f.name} {f.source} {f.sha} {f.account}".lower()]
    pages = pages_of(len(found), PER_PAGE)
    return Files(rows=tuple(found[(page - 1) * PER_PAGE : page * PER_PAGE]), total=len(found), page=page, pages=pages)


def _file(row: dict[str, Any], retired: set[str]) -> File:
    names = [n for n in File.__dataclass_fields__ if n != "retired"]
    return File(**{n: row[n] for n in names}, retired=row["sha"] in retired)


def _one(book: Book, sha: str) -> File:
    found = [e for e in book.evidence() if e["sha"].startswith(sha)]
    if len(found) != 1:
        raise NotFoundError(f"no evidence {sha}")
    return _file(found[0], book.retired())


def _source(book: Book, sha: str, line: int, hint: str) -> Source:
    file = _one(book, sha)
    told = {kind: fact_rows(book, kind, file.sha, line=line) for kind in file.facts}
    return Source(
        file=file, line=line, view=view(book, file.sha, line, hint), facts={k: rows for k, rows in told.items() if rows}
    )


def _said(request: Request, found: File) -> tuple[Said, ...]:
    """What is to be said of a bank statement; nothing while the book's figures are made for the first time."""
    live: Live = request.app.state.live
    if found.retired or not {"bank", "balance"} & set(found.facts):
        return ()
    snapshot, request.state.fresh = live.snapshot()
    if snapshot is None:
        return ()
    with live.reading(snapshot) as desk:
        return of_file(said(desk.database), found.sha)


@router.get("/evidence", include_in_schema=False)
def page(request: Request, session: Reader, book: TheBook, q: Text = "", page: Number = 1) -> Response:
    found = _files(book, q, page)
    on_a_page(found.page, found.pages)
    return render(request, "evidence.html", found=found, q=q)


@router.get("/api/evidence", tags=["evidence"])
def api(session: Reader, book: TheBook, q: Text = "", page: Number = 1) -> Files:
    """The files of the book, newest first, and what was read from each."""
    return _files(book, q, page)


@router.get("/evidence/{sha}", include_in_schema=False)
def file(request: Request, session: Reader, book: TheBook, sha: Sha, kind: Text = "", page: Number = 1) -> Response:
    found = _one(book, sha)
    kinds = sorted(found.facts, key=lambda k: -found.facts[k])
    chosen = one_of("kind", kind, kinds) or next(iter(kinds), "")
    pages = pages_of(found.facts.get(chosen, 0), PER_PAGE)
    on_a_page(page, pages)
    rows = fact_rows(book, chosen, found.sha, limit=PER_PAGE, offset=(page - 1) * PER_PAGE) if chosen else []
    columns = [c for c in KINDS[chosen].columns if any(r[c] is not None for r in rows)] if chosen else []
    return render(
        request,
        "file.html",
        file=found,
        kinds=kinds,
        kind=chosen,
        rows=rows,
        columns=columns,
        page=page,
        pages=pages,
        said=_said(request, found),
    )


@router.get("/api/evidence/{sha}", tags=["evidence"])
def api_file(session: Reader, book: TheBook, sha: Sha) -> File:
    """One file of the book."""
    return _one(book, sha)


@router.get("/evidence/{sha}/original", include_in_schema=False)
@router.get(
    "/api/evidence/{sha}/original",
    tags=["evidence"],
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file's bytes as added."}},
)
def original(session: Reader, book: TheBook, sha: Sha) -> FileResponse:
    """The original, byte for byte."""
    found = _one(book, sha)
    return FileResponse(
        book.evidence_path(found.sha), filename=found.name.rsplit("/", 1)[-1], media_type="application/octet-stream"
    )


@router.get("/evidence/{sha}/{line}", include_in_schema=False)
def source(request: Request, session: Reader, book: TheBook, sha: Sha, line: Line, hint: Text = "") -> Response:
    return render(request, "source.html", found=_source(book, sha, line, hint), hint=hint)


@router.get("/api/evidence/{sha}/{line}", tags=["evidence"])
def api_source(session: Reader, book: TheBook, sha: Sha, line: Line, hint: Text = "") -> Source:
    """One line of a file with its neighbours, and the facts that were read from it."""
    return _source(book, sha, line, hint)
