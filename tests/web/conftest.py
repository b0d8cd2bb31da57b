"""A real server over a copy of a sample book, on a free port of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser

from crossbook.book import open_book
from crossbook.book.accounts import users
from crossbook.decisions import decide, kind_of
from crossbook.decisions.kind import plainly
from crossbook.web.access import Access
from crossbook.web.app import make_app
from crossbook.web.live import Live
from tests.patience import LONG, until
from tests.sharing import copied
from tests.web.browser import chromium

_FRESH = httpx.Limits(keepalive_expiry=1)  # the server drops a silent connection after five seconds, maybe just now


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@dataclass
class Served:
    """A running server: its address, and what it is made of."""

    address: str
    live: Live
    access: Access

    def take_new_figures(self) -> None:
        """Wait until its figures are those of the book as it is now."""
        assert self.live.snapshot(LONG)[1]

    def client(self) -> httpx.Client:
        """Someone who opened the one-time link."""
        client = httpx.Client(base_url=self.address, timeout=LONG, limits=_FRESH)
        answer = client.get("/login", params={"token": self.access.token})
        assert answer.status_code == 303, answer.text
        return client

    def logged_in(self, name: str, password: str) -> httpx.Client:
        """Someone who logged in by name."""
        client = httpx.Client(base_url=self.address, timeout=LONG, limits=_FRESH)
        answer = client.post("/login", data={"name": name, "password": password})
        assert answer.status_code == 303, answer.text
        return client


def csrf(client: httpx.Client) -> str:
    """The token that this session's forms carry."""
    return str(client.get("/api/session").json()["csrf"])


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Served]]:
    """Serves a book until the tests are over."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(book: Path, **options: object) -> Served:
        live = Live(book)
        access = Access(live.book, accounts=bool(users(live.book)))
        config = uvicorn.Config(make_app(live, access, **options), log_level="warning", lifespan="off")  # type: ignore[arg-type]
        server = uvicorn.Server(config)
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        until(lambda: server.started, pause=0.01)
        served = Served(address, live, access)
        served.take_new_figures()
        return served

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(LONG)


@pytest.fixture(scope="session")
def served(serve: Callable[..., Served], sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The sample business, served; tests that change its book use `fresh`."""
    folder = tmp_path_factory.mktemp("served")
    copied(sample / "book", folder / "book")
    happened = {"order_entered": date(2026, 1, 19), "served": date(2026, 1, 26)}
    case = {"case": "valkore", "procedure": "us_suit", "happened": happened, "skus": ("BAG-20",)}
    decide(plainly(open_book(folder / "book")), kind_of("case"), case | {"docket": "1:26-cv-00417"})
    return serve(folder / "book")


@pytest.fixture(scope="session")
def client(served: Served) -> httpx.Client:
    """Someone who may do everything on the sample business."""
    return served.client()


@pytest.fixture
def fresh(serve: Callable[..., Served], totals: Path, tmp_path: Path) -> Served:
    """A book of totals only, served, to change."""
    copied(totals, tmp_path / "book")
    return serve(tmp_path / "book")
