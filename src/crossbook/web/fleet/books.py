"""The books of a fleet under /book/ID/: each with the pages that it has by itself, to look at and not to change."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crossbook.errors import CrossbookError
from crossbook.fleet.working import there
from crossbook.web.access import Access, Session
from crossbook.web.app import make_app
from crossbook.web.fleet.held import Held
from crossbook.web.fleet.under import Under
from crossbook.web.frame import LoginError, cookie_name
from crossbook.web.live import Live
from crossbook.web.navigation import Page

AT = "/book"
MOST_OPEN = 3  # books whose figures are in memory at once, each bounded by `crossbook.web.live`


class Looking(Access):
    """The fleet's sessions as a book's pages see them: everybody is a reader."""

    def __init__(self, fleet: Access) -> None:
        super().__init__(fleet.book, accounts=fleet.accounts)
        self._fleet = fleet

    def session(self, key: str | None) -> Session | None:
        """The session that a cookie's key opens, as a reader's."""
        found = self._fleet.session(key)
        return Session(found.user, "reader", found.since, csrf=found.csrf) if found else None

    def role_of(self, key: str) -> str:
        """A reader's role, of a session that there is."""
        return "reader" if self._fleet.role_of(key) else ""


class Books:
    """An app that opens a book when somebody first asks for one of its pages, and lets the one go that was longest
    without a reader."""

    def __init__(self, held: Held, access: Access) -> None:
        self.held, self.access = held, access
        self._open: OrderedDict[tuple[str, Path], Under] = OrderedDict()
        self._lock = threading.Lock()

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        request = Request(scope)
        name = scope["path"].removeprefix(AT + "/").split("/")[0]
        session = await asyncio.to_thread(self.access.session, request.cookies.get(cookie_name(request)))
        if session is None:
            raise LoginError
        request.state.session = session
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, "a book is only read here: open it with crossbook web to change it")
        app = await asyncio.to_thread(self._opened, name)
        await app(scope, receive, send)

    def _opened(self, name: str) -> Under:
        member = self.held.fleet().member(name)
        if not isinstance(member.path, Path):
            todo = "copy it here, and list it where it lies then"
            raise CrossbookError(
                "a book is opened on the disks of this machine alone", where=str(member.path), todo=todo
            )
        there(member.path)
        key = (member.id, member.path.resolve())
        with self._lock:
            if key not in self._open:
                self._open[key] = self._make(member.id, member.path)
            self._open.move_to_end(key)
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
            return self._open[key]

    def _make(self, name: str, path: Path) -> Under:
        live = Live(path)
        app = make_app(live, Looking(self.access), hosts=None)
        app.state.above = Page(f"/books/{quote(name)}", self.held.fleet().name or self.held.path.name)
        return Under(app, f"{AT}/{name}")
