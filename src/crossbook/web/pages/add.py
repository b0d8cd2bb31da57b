"""Adding files: each recognised or not, errors by line; and mapping a table that no source knows."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import BaseModel, Field

from crossbook import apart
from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import Preview, named_apart, preview
from crossbook.book.opening import inputs
from crossbook.decisions import UndecidedError, decide
from crossbook.decisions.kind import plainly
from crossbook.decisions.reading import READING
from crossbook.errors import BadRow, BadRowsError, CrossbookError, Near, UnrecognisedError
from crossbook.facts.settlement import LINE_KINDS
from crossbook.sources.header_words import columns_of
from crossbook.sources.mapping_spec import NEEDED
from crossbook.sources.mapping_toml import as_toml
from crossbook.sources.registry import formats
from crossbook.sources.settlement_spec import OF_A_BALANCE, OF_MONEY, STATUS, TABLES
from crossbook.sources.table.days import ORDERS
from crossbook.sources.table_found import likely_header
from crossbook.sources.word_meanings import MEANINGS, of, taken
from crossbook.views.tables import shown
from crossbook.web.access import Session
from crossbook.web.frame import FormPreparer, Preparer, Reader, TheBook, the_uploads
from crossbook.web.pages.decisions_api import CONFLICT
from crossbook.web.rendering import render
from crossbook.web.uploads import Uploads

router = APIRouter()


@dataclass(frozen=True)
class Result:
    """What became of one file. `status` is added, partial, duplicate, unrecognised or failed; `upload` names a file
    that waits for a mapping; `near` are the formats that an unrecognised one looks most like, `tried` says of each why
    not; `note` says where the book has a duplicate; `bad` holds the rows that could not be read, `bad_count` how many
    there are."""

    name: str
    status: str
    source: str = ""
    sha: str = ""
    facts: dict[str, int] = field(default_factory=dict)
    error: str = ""
    todo: str = ""
    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    near: list[Near] = field(default_factory=list)
    tried: list[tuple[str, str]] = field(default_factory=list)
    upload: str = ""
    note: str = ""


def _add_all(
    book: Book, uploads: Uploads, session: Session, files: list[UploadFile], account: str, currency: str, partial: bool
) -> list[Result]:
    results = []
    for file in files:
        token = uploads.put(file.filename or "file", file.file)
        told = _add_one(book, uploads, token, session, account, currency, partial)
        if not any(r.upload for r in told):
            uploads.drop(token)
        results += told
    return results


def _add_one(
    book: Book, uploads: Uploads, token: str, session: Session, account: str, currency: str, partial: bool
) -> list[Result]:
    path = uploads.path(token)
    try:
        found = inputs([path])
    except CrossbookError as error:
        return [Result(path.name, "failed", error=error.what, todo=error.todo)]
    results = []
    for item in found:
        try:
            done = add(book, item, account=account or None, partial=partial, currency=currency or None)
        except UnrecognisedError as error:
            wait = token if len(found) == 1 else ""
            results.append(
                Result(
                    item.name,
                    "unrecognised",
                    error=error.summary,
                    todo=error.todo if error.kind else "",
                    near=list(error.near),
                    tried=error.tried,
                    upload="" if error.kind else wait,
                )
            )
        except BadRowsError as error:
            results.append(
                Result(item.name, "failed", error="rows that cannot be read", bad=error.rows, bad_count=error.count)
            )
        except CrossbookError as error:
            results.append(Result(item.name, "failed", error=error.what, todo=error.todo))
        else:
            if done.status != "duplicate":
                book.decide("add", done.sha, {"name": done.name, "source": done.source}, session.user)
            results.append(
                Result(
                    name=done.name,
                    status=done.status,
                    source=done.source,
                    sha=done.sha,
                    facts=done.facts,
                    bad=done.bad,
                    bad_count=len({b.line for b in done.bad}),
                    note=done.note,
                )
            )
    return results


@router.get("/add", include_in_schema=False)
def page(request: Request, session: Reader) -> Response:
    return render(request, "add.html", results=[], formats=formats())


class Format(BaseModel):
    """A format that is recognised, with the first lines of such a file; of a shipped mapping also what proves it
    (`sample` or `documentation`) and where that is."""

    name: str
    title: str
    example: str
    proven: str
    source: tuple[str, ...]


@router.get("/api/formats", tags=["evidence"])
def api_formats(session: Reader) -> list[Format]:
    """The formats that are recognised."""
    return [Format(**asdict(f)) for f in formats()]


@router.post("/add", include_in_schema=False)
def add_form(
    request: Request,
    session: FormPreparer,
    book: TheBook,
    files: Annotated[list[UploadFile], File()],
    account: Annotated[str, Form(max_length=100)] = "",
    currency: Annotated[str, Form(max_length=20)] = "",
    partial: Annotated[bool, Form()] = False,
) -> Response:
    results = _add_all(book, the_uploads(request), session, files, account.strip(), currency.strip(), partial)
    if request.headers.get("X-Requested-With") == "crossbook":
        return render(request, "results.html", results=results)
    return render(request, "add.html", results=results, formats=formats())


@router.post("/api/files", tags=["evidence"])
def api_add(
    request: Request,
    session: Preparer,
    book: TheBook,
    files: Annotated[list[UploadFile], File()],
    account: Annotated[str, Form(max_length=100)] = "",
    currency: Annotated[str, Form(max_length=20)] = "",
    partial: Annotated[bool, Form()] = False,
) -> list[Result]:
    """Add files to the book. One that no source recognises waits for a mapping under the token `upload`."""
    return _add_all(book, the_uploads(request), session, files, account.strip(), currency.strip(), partial)


@router.post("/map", include_in_schema=False)
def map_form(
    request: Request,
    session: FormPreparer,
    book: TheBook,
    upload: Annotated[str, Form(max_length=64)],
    kind: Annotated[str, Form()] = "",
    was: Annotated[str, Form()] = "",
    account: Annotated[str, Form()] = "",
    currency: Annotated[str, Form()] = "",
    date_order: Annotated[str, Form()] = "ymd",
    zone: Annotated[str, Form()] = "Asia/Shanghai",
    column: Annotated[list[str] | None, Form()] = None,
    header: Annotated[list[str] | None, Form()] = None,
    word: Annotated[list[str] | None, Form()] = None,
    line: Annotated[list[str] | None, Form()] = None,
    asked: Annotated[list[str] | None, Form()] = None,
    meaning: Annotated[list[str] | None, Form()] = None,
    keep: Annotated[bool, Form()] = False,
    further: Annotated[str, Form(max_length=20_000)] = "",
    yes: Annotated[list[str] | None, Form()] = None,
) -> Response:
    uploads = the_uploads(request)
    path = uploads.path(upload)
    chosen = {c: h for c, h in zip(column or [], header or [], strict=False) if h}
    text = None
    if chosen and kind == was:
        said = {"kind": kind, "account": account or path.stem, "currency": currency or None}
        said |= {"date_order": date_order, "zone": zone}
        told = _further(further, chosen, kind)
        _say_kinds(told, dict(zip(word or [], line or [], strict=False)))
        meant = [(w, m) for w, m in zip(asked or [], meaning or [], strict=False) if m in MEANINGS]
        meant = [(w, m) for w, m in meant if MEANINGS[m][0] in told]
        text = as_toml({**said, **taken(told, meant), "columns": chosen})
    seen, look, problem = None, None, None
    try:
        found = preview(path, kind=kind or None, account=account or None, currency=currency or None, text=text)
        seen = named_apart(book, found)
        look = READING.look(plainly(book), _reading(seen, path), session.user)
        if keep:
            results = _keep(book, uploads, session, upload, seen, yes or [])
            return render(request, "add.html", results=results, formats=formats())
    except CrossbookError as error:
        problem = None if isinstance(error, UndecidedError) else error
        text = text or as_toml(
            {"kind": kind or "bank", "account": account or path.stem, "currency": currency or None, "columns": {}}
        )
    spec = tomllib.loads(seen.text if seen else text or "")
    fields = list(dict.fromkeys([*columns_of(spec["kind"]), *spec.get("columns", {})]))
    named = list(dict.fromkeys([*_header(path), *(seen.unused if seen else []), *spec.get("columns", {}).values()]))
    return render(
        request,
        "map.html",
        upload=upload,
        name=path.name,
        seen=seen,
        look=look,
        yes=yes or [],
        problem=problem,
        spec=spec,
        fields=fields,
        headers=named,
        kinds=list(NEEDED),
        needed=NEEDED[spec["kind"]],
        orders=ORDERS,
        further=as_toml({k: v for k, v in spec.items() if k in _FURTHER}),
        words=[(word, kind) for table in _OF_KINDS for word, kind in spec.get(table, {}).items()],
        line_kinds=LINE_KINDS,
        unsaid=[(word, of(table)) for table, word in (seen.unsaid if seen else [])],
        shown=shown,
    )


def _header(path: Path) -> list[str]:
    return apart.run(likely_header, path, name=path.name, size=path.stat().st_size)


# Of a mapping, what the form does not ask.
_FURTHER = ("stated", "named", "decimal", "clock", "sign", "red", "fees", "agreed", "direction", *TABLES)


def _further(text: str, chosen: dict[str, str], kind: str) -> dict[str, Any]:
    """The settings that the form carries along; a direction only where one column has the amounts."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    if "amount" not in chosen or ("credit" in chosen and kind not in OF_A_BALANCE):
        told.pop("direction", None)
    if kind not in OF_A_BALANCE:
        without = {*TABLES, "fees"} - ({STATUS} if kind in OF_MONEY else set())
        told = {k: v for k, v in told.items() if k not in without}
    if "time" not in chosen:
        told.pop("clock", None)
    return {k: v for k, v in told.items() if k in _FURTHER}


_OF_KINDS = ("types", "amounts")  # tables of a mapping that say what kind of line a word or a column is


def _say_kinds(told: dict[str, Any], said: dict[str, str]) -> None:
    """Put what the form says of words in the place of what was proposed."""
    for table in _OF_KINDS:
        if table in told:
            told[table] = {word: said.get(word, kind) for word, kind in told[table].items()}


class Mapping(BaseModel):
    """A mapping for a file that waits: none to have one proposed; `keep` to use it from now on and add the file."""

    upload: str = Field(max_length=64)
    mapping: str | None = Field(default=None, max_length=20_000)
    kind: str | None = None
    keep: bool = False
    yes: list[str] = Field(
        default=[], max_length=100, description="Answers to what keeping it asks, as a 409 names them."
    )


class Mapped(BaseModel):
    """A mapping, what it reads, and what became of the file when it was kept."""

    name: str
    mapping: str
    unused: list[str]
    rows: dict[str, list[dict[str, Any]]]
    proofs: list[str]
    results: list[Result]


@router.post("/api/mapping", tags=["evidence"], responses=CONFLICT)
def api_map(request: Request, session: Preparer, book: TheBook, body: Mapping) -> Mapped:
    """Propose or try a mapping for a file that waits; with `keep`, keep it in the book and add the file by it."""
    uploads = the_uploads(request)
    seen = named_apart(book, preview(uploads.path(body.upload), kind=body.kind, text=body.mapping))
    results = _keep(book, uploads, session, body.upload, seen, body.yes) if body.keep else []
    return Mapped(
        name=seen.name, mapping=seen.text, unused=seen.unused, rows=seen.rows, proofs=seen.proofs, results=results
    )


def _reading(seen: Preview, path: Path) -> dict[str, str]:
    return {"mapping": seen.name, "table": str(path), "text": seen.text}


def _keep(book: Book, uploads: Uploads, session: Session, token: str, seen: Preview, yes: list[str]) -> list[Result]:
    """Decide that tables like this are read so, and add the file, without the rows that it was agreed to leave out."""
    decide(plainly(book), READING, _reading(seen, uploads.path(token)), who=session.user, yes=yes)
    results = _add_one(book, uploads, token, session, "", "", partial=seen.bad_count > 0)
    if not any(r.upload for r in results):
        uploads.drop(token)
    return results
