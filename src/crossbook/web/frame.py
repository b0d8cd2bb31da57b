"""What pages are built from: who asks, the desk they read, and the checks on what they write.

A page is one module in `pages` with a `router`, one template and, when it belongs there, a line in `navigation.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Form, Header, HTTPException, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from crossbook.book import Book
from crossbook.calendars import typed_day
from crossbook.errors import CrossbookError, ParameterError, one_of
from crossbook.settle import Desk
from crossbook.views.lists import MOST_PER_PAGE
from crossbook.views.lists import PAGE as PER_PAGE
from crossbook.web.access import Access, Session, same_token
from crossbook.web.live import Live
from crossbook.web.uploads import Uploads

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class WorkingError(Exception):
    """The first figures are not ready yet."""


class LoginError(Exception):
    """Nobody is logged in."""


def cookie_name(request: Request) -> str:
    """The session cookie's name; cookies are shared by all ports of a host, so the port is in it."""
    return f"crossbook_{request.url.port or 0}"


def session_of(request: Request) -> Session:
    """The session that the request belongs to. Raises LoginError."""
    access: Access = request.app.state.access
    session = access.session(request.cookies.get(cookie_name(request)))
    if session is None:
        raise LoginError
    request.state.session = session
    return session


Reader = Annotated[Session, Depends(session_of)]


def same_origin(request: Request) -> None:
    """Raise 403 for a form that another site sent."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "sent from another site")


def _holding(session: Session, token: str | None) -> None:
    if not token or not same_token(token, session.csrf):
        raise HTTPException(403, "the form's token is missing or old: load the page again")


def _writer(role: str) -> Callable[..., Session]:
    def check(
        request: Request,
        session: Reader,
        x_csrf_token: Annotated[str | None, Header(description="As `csrf` in GET /api/session.")] = None,
    ) -> Session:
        same_origin(request)
        _holding(session, x_csrf_token)
        return able(session, role)

    return check


def _form_holder(request: Request, session: Reader, csrf: Annotated[str, Form()] = "") -> Session:
    same_origin(request)
    _holding(session, csrf)
    return session


FormHolder = Annotated[Session, Depends(_form_holder)]


def _form_preparer(session: FormHolder) -> Session:
    return able(session, "preparer")


def able(session: Session, role: str) -> Session:
    """The session, when it has the role. Raises 403."""
    if not session.may(role):
        raise HTTPException(403, f"this needs the role {role}; yours is {session.role}")
    return session


# Who may write, checked for programs (a header) and for forms (a hidden field; a holder is of any role).
Preparer = Annotated[Session, Depends(_writer("preparer"))]
Approver = Annotated[Session, Depends(_writer("approver"))]
FormPreparer = Annotated[Session, Depends(_form_preparer)]


def _book(request: Request) -> Book:
    live: Live = request.app.state.live
    return live.book


def the_uploads(request: Request) -> Uploads:
    """The files that wait to be added or mapped."""
    uploads: Uploads = request.app.state.uploads
    return uploads


TheBook = Annotated[Book, Depends(_book)]


@dataclass(frozen=True)
class Reading:
    """The desk of this request, and the last day that its evidence speaks of."""

    desk: Desk
    day: date


def _reading(request: Request, session: Reader) -> Iterator[Reading]:
    live: Live = request.app.state.live
    snapshot, request.state.fresh = live.snapshot()
    if snapshot is None:
        raise WorkingError
    request.state.names = snapshot.names
    with live.reading(snapshot) as desk:
        yield Reading(desk, snapshot.day)


Read = Annotated[Reading, Depends(_reading)]


@dataclass(frozen=True)
class _Paging:
    q: str
    way: str
    page: int
    per_page: int


def _paging(
    q: Annotated[str, Query(max_length=200, description="Part of a name.")] = "",
    way: Annotated[str, Query(description="asc or desc.")] = "desc",
    page: Annotated[int, Query(ge=1, le=10**9)] = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = PER_PAGE,
) -> _Paging:
    return _Paging(q=q, way=one_of("way", way, ("asc", "desc")), page=page, per_page=per_page)


Paging = Annotated[_Paging, Depends(_paging)]


def a_day(text: str | None, otherwise: date, parameter: str = "on") -> date:
    """The day in a query, or another. Raises ParameterError when it is none, or before 1970 or after 2199."""
    if not text:
        return otherwise
    try:
        return typed_day(text)
    except CrossbookError as error:
        raise ParameterError(parameter, text, what=error.what, todo=error.todo) from None


def in_order(first: date | None, last: date | None, parameter: str) -> None:
    """Raise ParameterError, of the parameter that says the last day, for a span that ends before it begins."""
    if first and last and last < first:
        what = f"from {first} to {last}: it ends before it begins"
        raise ParameterError(parameter, last.isoformat(), what=what, todo="correct a day")


def on_a_page(page: int, pages: int) -> None:
    """Raise ParameterError for a page past the last one: a person is told so; a program gets no rows."""
    if page > pages:
        raise ParameterError(
            "page",
            str(page),
            ("1",) if pages == 1 else ("1", str(pages)),
            todo=f"use 1 to {pages}",
        )


def own_names(endpoint: Endpoint) -> Endpoint:
    """Mark an address that knows by itself which names its query may have."""
    endpoint.own_names = True  # type: ignore[attr-defined]
    return endpoint


def known_names(request: Request) -> None:
    """Raise ParameterError for a name in the query that the address does not know, or that is given twice."""
    route = request.scope.get("route")
    if request.method != "GET" or not isinstance(route, APIRoute) or hasattr(route.endpoint, "own_names"):
        return
    known = sorted(_names(route.dependant))
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in known:
            raise ParameterError(name, request.query_params[name], known, what=f"there is no parameter {name[:60]!r}")
        if given.count(name) > 1:
            raise ParameterError(name, request.query_params[name], what=f"{name} is given twice", todo="give it once")


def _names(dependant: Dependant) -> set[str]:
    return {p.alias for p in dependant.query_params}.union(*map(_names, dependant.dependencies))


def back(path: str) -> RedirectResponse:
    """To a page of ours, after something was written."""
    return RedirectResponse(own_path(path), 303)


def own_path(path: str) -> str:
    """`path` when it is one of this server, else the first page."""
    parts = urlsplit(path)
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if safe and path.isprintable() else "/"
