"""Answers kept while the book stays as it is: what many ask for at once is worked out once for each kind of reader."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from crossbook.errors import CrossbookError
from crossbook.web.access import Access, Session
from crossbook.web.guard import App, Scope
from crossbook.web.live import Live

# What shows the book alone: no files that wait, no mailbox, no server, no form that is filled.
PAGES = ("payouts", "orders", "bank", "verify", "evidence", "why", "search", "journal", "overview")
MOST, LARGEST = 64 << 20, 1 << 20  # bytes of all that is kept, and of one answer
_SENT = (b"accept", b"hx-request", b"hx-target", b"host")  # headers that an answer may depend on


@dataclass(frozen=True)
class _Answer:
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Kept:
    """Wraps the app. An answer is given again to whoever has the same name, role and language, as long as neither the
    book nor the day has changed; each gets it with the token of the own session."""

    def __init__(self, app: App, *, live: Live, access: Access) -> None:
        self.app, self.live, self.access = app, live, access
        self._mark = secrets.token_urlsafe(32).encode()  # stands for the token of a session, which is as long
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._looking = asyncio.Lock()
        self._next: asyncio.Future[str] | None = None

    async def __call__(self, scope: Scope, receive: App, send: App) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _shows_the_book(scope["path"]):
            await self.app(scope, receive, send)
            return
        # of accounts the catalog is asked; without them it is known, and a thread would cost more than the look
        session = await asyncio.to_thread(self._session, scope) if self.access.accounts else self._session(scope)
        if session is None:
            await self.app(scope, receive, send)
            return
        try:
            key = _key(scope, session, await self._state())
        except CrossbookError:  # said by the page
            await self.app(scope, receive, send)
            return
        if answer := self._find(key):
            body = answer.body.replace(self._mark, session.csrf.encode())
            await send({"type": "http.response.start", "status": 200, "headers": list(answer.headers)})
            await send({"type": "http.response.body", "body": body})
            return
        listening = _Listening(send)
        await self.app(scope, receive, listening)
        if scope.get("state", {}).get("fresh", True) and (got := listening.answer()):
            self._keep(key, _Answer(got.headers, got.body.replace(session.csrf.encode(), self._mark)))

    def _session(self, scope: Scope) -> Session | None:
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        port = Headers(scope=scope).get("host", "").rpartition(":")[2]
        name = f"crossbook_{port if port.isdecimal() else 0}"
        return self.access.session(cookies.get(name))

    async def _state(self) -> str:
        """The book's state, looked up after this was asked; all who ask while a look is going on share the next."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._look())
        return await asyncio.shield(self._next)

    async def _look(self) -> str:
        async with self._looking:
            self._next = None
            return await asyncio.to_thread(self.live.state)

    def _find(self, key: str) -> _Answer | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def _keep(self, key: str, answer: _Answer) -> None:
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = answer
            self._size += len(answer.body)
            while self._size > MOST:
                self._size -= len(self._answers.popitem(last=False)[1].body)


def _key(scope: Scope, session: Session, state: str) -> str:
    theme = cookie_parser(Headers(scope=scope).get("cookie", "")).get("theme", "")
    sent = [(n, v) for n, v in scope["headers"] if n in _SENT]
    told = (state, scope["path"], scope.get("query_string"), sent, session.user, session.role, theme)
    return hashlib.sha256(repr((told, scope.get("scheme"), scope["state"].get("lang"))).encode()).hexdigest()


def _shows_the_book(path: str) -> bool:
    parts = path.split("/")[1:]
    return path == "/" or (parts[1] if parts[0] == "api" and len(parts) > 1 else parts[0]) in PAGES


class _Listening:
    """Sends on what it hears, and keeps an answer of moderate size that is complete and sets no cookie."""

    def __init__(self, send: App) -> None:
        self.send = send
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._parts: list[bytes] = []
        self._whole = False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [(bytes(n), bytes(v)) for n, v in message.get("headers", [])]
            kind = dict(headers).get(b"content-type", b"")
            if message["status"] == 200 and kind.startswith((b"text/html", b"application/json")):
                self._headers = None if b"set-cookie" in dict(headers) else headers
        elif self._headers is not None:
            self._parts.append(bytes(message.get("body", b"")))
            self._whole = not message.get("more_body", False)
            if sum(map(len, self._parts)) > LARGEST:
                self._headers = None
        await self.send(message)

    def answer(self) -> _Answer | None:
        """What was heard, if it may be kept."""
        return _Answer(self._headers, b"".join(self._parts)) if self._headers is not None and self._whole else None
