"""The app: pages and API over one book, its guard, and errors as people and programs can read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
from fastapi import Depends, FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from crossbook.book import faults
from crossbook.decisions import UndecidedError
from crossbook.errors import CrossbookError, FaultError, NotFoundError, ParameterError
from crossbook.i18n import translated
from crossbook.version import __version__
from crossbook.web.access import Access
from crossbook.web.frame import LoginError, WorkingError, known_names
from crossbook.web.guard import Guard
from crossbook.web.kept import Kept
from crossbook.web.later import Later, Once
from crossbook.web.live import Live
from crossbook.web.navigation import NAVIGATION, Page
from crossbook.web.pages import FIRST_PATHS, first_pages, other_pages
from crossbook.web.rendering import HERE, address, render
from crossbook.web.uploads import Uploads

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class _Told(JSONResponse):
    """An error for programs. What it cites may be no text: half of a surrogate pair stays the escape that it was."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


class Problem(BaseModel):
    """What is wrong, where, and what to do."""

    error: str
    where: str = ""
    todo: str = ""


class BadParameter(Problem):
    """Which parameter has which value that it cannot have, and those that it can, as far as they can be listed."""

    parameter: str
    value: str
    known: list[str] = []


_UNREAD = "There was an error parsing the body"  # what FastAPI says of JSON that nests too deeply, or is no text
_NO_JSON = "not well-formed JSON"
_GIVE = {  # by the kind of value that pydantic wants
    "string": "give it a text",
    "int": "give it a whole number",
    "float": "give it a number",
    "decimal": "give it a number",
    "bool": "give it true or false",
    "date": "give it a day: 2026-06-30",
    "list": "give it a list",
    "dict": "give it names and values: {…}",
    "model": "give it names and values: {…}",
}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "It cannot be done so."},
    401: {"model": Problem, "description": "Nobody is logged in."},
    403: {"model": Problem, "description": "Not with this role, or without the session's token."},
    404: {"model": Problem, "description": "The book has nothing of that name."},
    413: {"model": Problem, "description": "More than one request may send."},
    422: {"model": BadParameter, "description": "A parameter has a value that it cannot have."},
    429: {"model": Problem, "description": "An address without a session asks too often: wait."},
    503: {"model": Problem, "description": "The first figures are being worked out, or the machine cannot."},
}


class App(FastAPI):
    """FastAPI with pages that are added later: what documents all of them has them added first."""

    rest: Once = Once(lambda: None)

    def openapi(self) -> dict[str, Any]:
        self.rest()
        return super().openapi()


def make_app(live: Live, access: Access, *, hosts: frozenset[str] | None = LOOPBACK, limit: int = 1 << 30) -> App:
    """The app over a live book. `hosts` are the names that it answers to, None for any.

    All but the first pages are imported once somebody has seen one of those, or asks for another.
    """
    name = str(live.book.config.get("business", {}).get("name") or "crossbook")
    app = bare(access, path=live.path, business=name, navigation=NAVIGATION)
    app.state.live, app.state.uploads = live, Uploads()
    include(app, first_pages())
    app.rest = Once(lambda: include(app, other_pages()))
    app.add_middleware(Later, rest=app.rest, first=FIRST_PATHS)
    app.add_middleware(Kept, live=live, access=access)
    app.add_middleware(Guard, hosts=hosts, limit=limit, role_of=access.role_of)
    app.add_exception_handler(WorkingError, _working)
    return app


def bare(access: Access, *, path: Path, business: str, navigation: Sequence[Page]) -> App:
    """An app without pages: its style, its state, and errors as people and programs can read them. The machine's
    faults are told as those of the folder `path`."""
    app = App(
        title="crossbook",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        description="What the pages show and do, for programs. Money is in whole minor units of its currency.",
        responses=_PROBLEMS,
    )
    app.state.access, app.state.path = access, path
    app.state.business, app.state.navigation = business, navigation
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    app.add_exception_handler(CrossbookError, _crossbook_error)
    app.add_exception_handler(OSError, _fault)
    app.add_exception_handler(duckdb.Error, _fault)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(LoginError, _login)
    return app


def include(app: FastAPI, modules: Iterable[ModuleType]) -> None:
    """Add the pages of modules, which answer to no name in a query that they do not know."""
    for module in modules:
        app.include_router(module.router, dependencies=[Depends(known_names)])


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _problem(request: Request, status: int, what: str, where: str = "", todo: str = "") -> Response:
    if _is_api(request):
        return _Told({"error": what, "where": where, "todo": todo}, status)
    return render(request, "error.html", status, what=translated(what), where=where, todo=translated(todo))


def _crossbook_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, CrossbookError)  # noqa: S101 - registered for it
    if isinstance(error, ParameterError):
        return _bad_parameter(request, error)
    if isinstance(error, UndecidedError) and _is_api(request):
        from crossbook.web.pages.decisions_api import undecided

        return _Told(jsonable_encoder(undecided(error)), 409)
    status = 404 if isinstance(error, NotFoundError) else 503 if isinstance(error, FaultError) else 400
    return _problem(request, status, error.what, error.where, error.todo)


def _fault(request: Request, error: Exception) -> Response:
    """Of an error of the system or the engine, when it is one of the machine; a fault of ours is raised as it is."""
    told = faults.named(error, request.app.state.path)
    if told is None:
        raise error
    return _crossbook_error(request, told)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    known = {404: "there is no such page"} | ({400: _NO_JSON} if error.detail == _UNREAD else {})
    return _problem(request, error.status_code, known.get(error.status_code, error.detail))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        told = ParameterError(
            str(first["loc"][0]), "", what=_NO_JSON, todo=f"correct it at character {first['loc'][-1]}"
        )
        return _bad_parameter(request, told)
    name = ".".join(str(p) for p in first["loc"][1:]) or str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        unknown = ParameterError(name, "", what=f"there is no parameter {name[:60]!r}", todo="leave it out")
        return _bad_parameter(request, unknown)
    if first["type"] == "missing":
        return _bad_parameter(request, ParameterError(name, "", what=f"{name} is not given", todo="give it"))
    known = first.get("ctx", {}).get("expected", "") if first["type"] in ("literal_error", "enum") else ""
    names = [word.strip("' ") for word in known.replace(" or ", ", ").split(",") if word]
    given = str(first.get("input", ""))[:200]
    return _bad_parameter(request, ParameterError(name, given, names, todo=_wanted(first)))


def _wanted(error: dict[str, Any]) -> str:
    """What to give instead, by what pydantic says of a value."""
    words = {"ge": "at least {}", "le": "at most {}", "max_length": "at most {} characters", "pattern": "as {}"}
    told = [words[name].format(bound) for name, bound in error.get("ctx", {}).items() if name in words]
    if told:
        return f"give it {' and '.join(told)}"
    return _GIVE.get(error["type"].partition("_")[0], "")


def _bad_parameter(request: Request, error: ParameterError) -> Response:
    if _is_api(request):
        told = {"error": error.what, "where": error.where, "todo": error.todo}
        return _Told(told | {"parameter": error.parameter, "value": error.value, "known": list(error.known)}, 422)
    return _problem(request, 422, error.what, error.where, error.todo)


def _login(request: Request, error: Exception) -> Response:
    if _is_api(request):
        return _Told({"error": "nobody is logged in", "where": "", "todo": "POST /api/session first"}, 401)
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = request.url.path + query if request.method == "GET" else "/"
    return RedirectResponse(address("/login", next=wanted), 303)


def _working(request: Request, error: Exception) -> Response:
    live: Live = request.app.state.live
    stage, done, total = live.progress
    if _is_api(request):
        return _Told(
            {"error": "the first figures are being worked out", "where": stage, "todo": "ask again"},
            503,
            headers={"Retry-After": "2"},
        )
    response = render(request, "working.html", 503, stage=stage, done=done, total=total)
    response.headers["Retry-After"] = "2"
    return response
