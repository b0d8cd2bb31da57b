"""Coming in and going out; the reader's language and colours."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from crossbook.errors import one_of
from crossbook.i18n import LANGUAGES
from crossbook.web.access import LASTS, Access
from crossbook.web.frame import Reader, back, cookie_name, own_path, same_origin
from crossbook.web.rendering import THEMES, render

router = APIRouter()
A_YEAR = 365 * 86_400


@router.get("/login", include_in_schema=False)
def page(request: Request, token: str = "", next: str = "/") -> Response:
    access: Access = request.app.state.access
    key = access.by_token(token) if token else None
    if key:
        return _with_session(request, RedirectResponse(own_path(next), 303), key)
    return render(request, "login.html", 401 if token else 200, next=own_path(next), failed=bool(token))


@router.post("/login", include_in_schema=False)
def login(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    same_origin(request)
    access: Access = request.app.state.access
    key = access.by_password(name, password)
    if key is None:
        return render(request, "login.html", 401, next=own_path(next), failed=True)
    return _with_session(request, back(next), key)


@router.post("/logout", include_in_schema=False)
def logout(request: Request, session: Reader, csrf: Annotated[str, Form()] = "") -> Response:
    access: Access = request.app.state.access
    if csrf != session.csrf:
        raise HTTPException(403, "the form's token is missing or old: load the page again")
    access.close(request.cookies[cookie_name(request)])
    response = back("/login")
    response.delete_cookie(cookie_name(request))
    return response


@router.post("/settings", include_in_schema=False)
def settings(
    lang: Annotated[str, Form()] = "", theme: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
) -> Response:
    told = {"lang": one_of("lang", lang, LANGUAGES), "theme": one_of("theme", theme, THEMES)}
    response = back(next)
    for name, value in told.items():
        if value:
            response.set_cookie(name, value, max_age=A_YEAR, samesite="lax", httponly=True)
    return response


class Credentials(BaseModel):
    """A one-time token (as the server prints it), or a name and password."""

    token: str = ""
    name: str = ""
    password: str = ""


class Opened(BaseModel):
    """Who is logged in, and the token to send as X-CSRF-Token with what changes something."""

    user: str
    role: str
    csrf: str


@router.post("/api/session", tags=["session"])
def api_login(request: Request, response: Response, body: Credentials) -> Opened:
    """Log in; the session is in the cookie that comes back."""
    access: Access = request.app.state.access
    key = access.by_token(body.token) if body.token else access.by_password(body.name, body.password)
    session = access.session(key)
    if key is None or session is None:
        raise HTTPException(401, "that does not fit")
    _with_session(request, response, key)
    return Opened(user=session.user, role=session.role, csrf=session.csrf)


@router.get("/api/session", tags=["session"])
def api_session(session: Reader) -> Opened:
    """Who is logged in."""
    return Opened(user=session.user, role=session.role, csrf=session.csrf)


def _with_session(request: Request, response: Response, key: str) -> Response:
    response.set_cookie(
        cookie_name(request), key, max_age=LASTS, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return response
