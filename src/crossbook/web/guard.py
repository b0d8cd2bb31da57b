"""What stands before every page, as plain ASGI: known hosts, a limit on what is sent, headers, the language."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, Response

from crossbook.book.accounts import ROLES
from crossbook.i18n import LANGUAGES, choose, language

Scope = MutableMapping[str, Any]
App = Callable[..., Any]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


UPLOADS = ("/add", "/api/files")  # what takes files
STRANGERS, FORMS = 64 << 10, 1 << 20  # the most bytes of a request without a session, and of one that is no upload
ASKED, AGAIN = 300.0, 10.0  # requests without a session that one address may make at once, and that it gains a second
LOGINS, LOGINS_AGAIN = 60.0, 1.0  # of these, attempts to log in
AT_ONCE = 2 * (os.cpu_count() or 1)  # pages that are worked out at once: more only get in each other's way
MOST_ADDRESSES = 10_000
_LOGIN = ("/login", "/api/session")


class Rate:
    """How often each address may ask: a store of so many that fills up again."""

    def __init__(self, most: float, again: float) -> None:
        self.most, self.again = most, again
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, address: str) -> float:
        """Seconds after which this address may ask; 0 when it may now, which counts."""
        now = time.monotonic()
        left, at = self._left.get(address, (self.most, now))
        left = min(self.most, left + (now - at) * self.again)
        if len(self._left) > MOST_ADDRESSES:
            self._left = {a: (n, t) for a, (n, t) in self._left.items() if n + (now - t) * self.again < self.most}
        self._left[address] = (left - 1 if left >= 1 else left, now)
        return 0.0 if left >= 1 else (1 - left) / self.again


class Guard:
    """Wraps the app. `hosts` are the names it answers to (None: any); `limit` is the most bytes of one upload;
    `role_of` tells the role of a session's key."""

    def __init__(self, app: App, *, hosts: frozenset[str] | None, limit: int, role_of: Callable[[str], str]) -> None:
        self.app, self.hosts, self.limit, self.role_of = app, hosts, limit, role_of
        self._places = asyncio.Semaphore(AT_ONCE)
        self._asked, self._logins = Rate(ASKED, AGAIN), Rate(LOGINS, LOGINS_AGAIN)

    async def __call__(self, scope: Scope, receive: App, send: App) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = _with_headers(scope, send)
        if self.hosts is not None and _host(headers.get("host", "")) not in self.hosts:
            # a page elsewhere may have pointed its own name at this machine
            await _refused(scope, 421, "This server does not answer to that name.")(scope, receive, send)
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        role = next(filter(None, (self.role_of(v) for k, v in cookies.items() if k.startswith("crossbook_"))), "")
        if not role and (seconds := self._wait(scope)):
            again = str(int(seconds) + 1)
            answer = _refused(scope, 429, "Too many requests.", f"ask again in {again} seconds")
            answer.headers["Retry-After"] = again
            await answer(scope, receive, send)
            return
        limit = self._most(scope["path"], role)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > limit:
            await _refused(scope, 413, f"More than {limit} bytes in one request.")(scope, receive, send)
            return
        chosen = cookies.get("lang") or _preferred(headers.get("accept-language", ""))
        choose(chosen if chosen in LANGUAGES else None)
        scope.setdefault("state", {})["lang"] = language()
        if scope["method"] not in ("GET", "HEAD") or scope["path"].startswith("/static/"):
            await self.app(scope, _limited(receive, limit), send)
            return
        place = _Place(self._places)
        async with place:
            await self.app(scope, _limited(receive, limit), place.until_answered(send))

    def _most(self, path: str, role: str) -> int:
        """The most bytes of a request: nothing large is taken in from those who may not upload."""
        if not role:
            return min(STRANGERS, self.limit)
        if path in UPLOADS and ROLES.index(role) >= ROLES.index("preparer"):
            return self.limit
        return min(FORMS, self.limit)

    def _wait(self, scope: Scope) -> float:
        """Seconds that an address without a session must wait before it may ask."""
        if scope["path"].startswith("/static/"):
            return 0.0
        address = str((scope.get("client") or ("",))[0])
        login = scope["method"] == "POST" and scope["path"] in _LOGIN
        return (login and self._logins.wait(address)) or self._asked.wait(address)


def _refused(scope: Scope, status: int, what: str, todo: str = "") -> Response:
    """What a program or a person is told before any page is asked."""
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": what, "where": "", "todo": todo}, status)
    return PlainTextResponse(what, status)


class _Place:
    """A place among the pages that are worked out at once, held until the answer begins: not while it is taken."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self.places, self.held = places, False

    async def __aenter__(self) -> None:
        await self.places.acquire()
        self.held = True

    async def __aexit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        if self.held:
            self.held = False
            self.places.release()

    def until_answered(self, send: App) -> App:
        async def sent(message: MutableMapping[str, Any]) -> None:
            self.release()
            await send(message)

        return sent


def _host(value: str) -> str:
    if value.startswith("["):
        return value.split("]")[0].lstrip("[").lower()
    return value.rsplit(":", 1)[0].lower()


def _preferred(accepted: str) -> str | None:
    first = accepted.split(",")[0].strip().lower()
    return next((name for name in LANGUAGES if first.startswith(name)), None)


def _limited(receive: App, limit: int) -> App:
    seen = 0

    async def limited() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            return {"type": "http.disconnect"}  # sent in pieces without a length: cut off
        return message

    return limited


def _with_headers(scope: Scope, send: App) -> App:
    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            # figures are private: no copy stays in a cache. What has its version in its address may stay for good
            versioned = scope["path"].startswith("/static/") and b"v=" in scope.get("query_string", b"")
            headers.setdefault("Cache-Control", "public, max-age=31536000, immutable" if versioned else "no-store")
            if scope.get("scheme") == "https":
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        await send(message)

    return wrapped
