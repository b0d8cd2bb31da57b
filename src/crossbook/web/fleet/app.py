"""The app over a fleet: its pages and API, and each book under /book/ID/."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from crossbook.web.access import Access
from crossbook.web.app import LOOPBACK, bare, include
from crossbook.web.fleet import pages
from crossbook.web.fleet.books import AT, Books
from crossbook.web.fleet.held import Held
from crossbook.web.guard import Guard
from crossbook.web.navigation import Page
from crossbook.web.pages import login

NAVIGATION = (Page("/", "Books"), Page("/findings", "Findings"), Page("/across", "Across books"))
MOST = 1 << 20  # bytes of a request: nothing is uploaded to a fleet


def make_app(path: Path, access: Access, *, hosts: frozenset[str] | None = LOOPBACK) -> FastAPI:
    """The app over the fleet in a folder. Raises CrossbookError where there is none."""
    held = Held(path)
    fleet = held.fleet()
    app = bare(access, path=path, business=fleet.name or path.resolve().name, navigation=NAVIGATION)
    app.state.held, app.state.search, app.state.command = held, "", "crossbook fleet web"
    include(app, (login, pages))
    app.mount(AT, Books(held, access))
    app.add_middleware(Guard, hosts=hosts, limit=MOST, role_of=access.role_of)
    return app
