"""Slow, many and unfinished requests, and large ones of those who may not send them: the server goes on."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from crossbook.book import Book
from crossbook.web import connections, uploads
from crossbook.web.access import Access, same_token
from crossbook.web.connections import Bounded, Server, Sparing
from crossbook.web.guard import STRANGERS, Guard, Rate
from crossbook.web.peer import Patient
from crossbook.web.serving import Where, listen
from tests.patience import LONG, until


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the number of bytes that came."""
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


@contextmanager
def serving(app: Any = echo) -> Iterator[int]:
    server = Server(uvicorn.Config(app, http=Bounded, ws="none", log_level="critical", lifespan="off", backlog=16))
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until(lambda: server.started, pause=0.01)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(LONG)


def opened(port: int, begun: bytes) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), LONG)
    one.sendall(begun)
    return one


def test_three_hundred_unfinished_requests_leave_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bounded, "most", 40)
    with serving() as port:
        held = [opened(port, b"GET / HTTP/1.1\r\nX: ") for _ in range(300)]
        assert [httpx.get(f"http://127.0.0.1:{port}/", timeout=LONG).status_code for _ in range(3)] == [200] * 3
        assert sum(map(still_open, held)) <= 40  # however many came at one moment
        for one in held:
            one.close()


def still_open(one: socket.socket) -> bool:
    """Whether the server has not closed it; it sends nothing on its own."""
    one.setblocking(False)
    try:
        return bool(one.recv(1))
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12"],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_sends_no_more_is_let_go(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADERS", 0.2)
    monkeypatch.setattr(connections, "BODY", 0.2)
    with serving() as port, opened(port, begun) as one, suppress(ConnectionResetError):
        assert one.recv(1) == b""


def test_a_body_that_trickles_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY", 0.4)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    with serving() as port, opened(port, head) as one, pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
        for _ in range(10_000):
            one.sendall(b"x")
            threading.Event().wait(0.05)


def test_who_calls_before_the_server_is_ready_waits_for_it() -> None:
    """So that the address can be printed before the server is up."""
    with closing(listen(Where(port=0))) as there, socket.create_connection(there.getsockname(), LONG):
        pass


def test_the_other_side_of_an_exchange_may_be_silent_while_its_library_works() -> None:
    """On the connections of a meeting nothing is said for minutes; strangers get ten seconds."""
    assert overdue(Bounded, after=11) and not overdue(Patient, after=900)


def overdue(kind: type[Bounded], after: float) -> bool:
    one = kind.__new__(kind)
    one.cycle, one.began = None, 0.0
    return one.overdue(after)


def test_the_log_says_a_thing_once_and_how_often() -> None:
    told: list[str] = []
    sparing = Sparing()
    for at in range(500):
        record = logging.LogRecord("uvicorn.error", 30, "", 1, "bad \x1b[31m %s", (at,), None)
        told += [record.getMessage()] if sparing.filter(record) else []
    assert told == ["bad [31m 0"]


def test_an_address_that_asks_too_often_waits() -> None:
    rate = Rate(3, 1e-9)
    assert [bool(rate.wait("a")) for _ in range(5)] == [False, False, False, True, True]
    assert rate.wait("b") == 0


def asked(guard: Guard, path: str, length: int, *, cookie: str = "", client: str = "1.2.3.4") -> int:
    """The status that a POST gets."""
    told: list[int] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        told.append(message.get("status", 0))

    headers = [(b"content-length", str(length).encode()), (b"cookie", f"crossbook_1={cookie}".encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "client": (client, 1)}
    asyncio.run(guard(scope, receive, send))
    return told[0]


@pytest.mark.parametrize(
    ("path", "role", "length", "status"),
    [
        ("/add", "", STRANGERS, 200),
        ("/add", "", STRANGERS + 1, 413),
        ("/api/session", "", 10**9, 413),
        ("/add", "reader", 2 << 20, 413),
        ("/add", "preparer", 2 << 20, 200),
        ("/api/files", "approver", 2 << 20, 200),
        ("/api/decide/match", "approver", 2 << 20, 413),
        ("/add", "preparer", 1 << 40, 413),
    ],
)
def test_large_requests_are_for_those_who_may_upload(path: str, role: str, length: int, status: int) -> None:
    guard = Guard(echo, hosts=None, limit=1 << 30, role_of=lambda key: role if key == "k" else "")
    assert asked(guard, path, length, cookie="k") == status


def test_attempts_to_log_in_are_counted_by_address() -> None:
    guard = Guard(echo, hosts=None, limit=1 << 30, role_of=lambda key: "")
    found = [asked(guard, "/api/session", 10) for _ in range(70)]
    assert found[:60] == [200] * 60 and 429 in found
    assert asked(guard, "/api/session", 10, client="5.6.7.8") == 200


def test_what_is_no_text_logs_nobody_in(book: Book) -> None:
    access = Access(book, accounts=True)
    assert access.by_password("\ud800", "x") is None
    assert access.by_password("x", "\ud800") is None
    assert access.role_of("\ud800") == ""
    link = Access(book, accounts=False)
    assert link.by_token("\ud800") is None and link.by_token(link.token) is not None
    assert not same_token("\ud800", "x") and same_token("x", "x")


def test_what_a_killed_server_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    gone, alive = tmp_path / "crossbook-uploads-999999999-abc", tmp_path / f"crossbook-uploads-{os.getpid()}-abc"
    for folder in (gone, alive):
        folder.mkdir()
    uploads._sweep()
    assert not gone.exists() and alive.exists()
