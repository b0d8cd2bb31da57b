"""Starting the server: where it may listen, what it prints, and the browser it opens."""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from crossbook import apart
from crossbook.book import Book, StrPath, open_book
from crossbook.book.accounts import users
from crossbook.errors import CrossbookError
from crossbook.web.access import Access
from crossbook.web.live import Live

if TYPE_CHECKING:
    from fastapi import FastAPI as App


@dataclass(frozen=True)
class Where:
    """Where to listen. Port 0 takes a free one; `names` are further host names that browsers may use."""

    host: str = "127.0.0.1"
    port: int = 8765
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False
    names: tuple[str, ...] = ()

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def serve(
    path: StrPath, where: Where, *, browser: bool, limit: int, say: Callable[[str], None] = lambda line: None
) -> None:
    """Serve the book until stopped; no request may send over `limit` bytes.

    Raises CrossbookError when it must not or cannot listen there.
    """
    apart.start()  # before anything has threads
    live = Live(path)
    accounts = bool(users(live.book))
    listening = _listening(
        where,
        "" if accounts else "this book has no accounts",
        todo="add one first: crossbook book user add NAME --role approver",
    )
    threading.Thread(target=_warm, args=(live,), daemon=True).start()

    def app(access: Access, hosts: frozenset[str] | None) -> App:
        from crossbook.web.app import make_app

        return make_app(live, access, hosts=hosts, limit=limit)

    _run(app, where, listening, book=live.book, accounts=accounts, browser=browser, say=say)


def serve_fleet(
    path: Path,
    where: Where,
    *,
    accounts: StrPath | None = None,
    browser: bool,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Serve a fleet until stopped, to those who have an account in the book `accounts`, else to this machine alone.

    Raises CrossbookError when it must not or cannot listen there, or there is no fleet.
    """
    from crossbook.fleet.listing import open_fleet

    apart.start()
    open_fleet(path)
    book = open_book(accounts) if accounts else None
    if book and not users(book):
        todo = "add one first: crossbook book user add NAME --role reader"
        raise CrossbookError("this book has no accounts", where=str(accounts), todo=todo)
    listening = _listening(where, "" if book else "no book with accounts is named", todo="name one: --accounts BOOK")

    def app(access: Access, hosts: frozenset[str] | None) -> App:
        from crossbook.web.fleet.app import make_app

        return make_app(path, access, hosts=hosts)

    _run(app, where, listening, book=book, accounts=book is not None, browser=browser, say=say)


def _listening(where: Where, lacking: str, todo: str) -> socket.socket:
    if not where.loopback and lacking:
        raise CrossbookError(f"{where.host} can be reached from other machines, and {lacking}", todo=todo)
    if bool(where.certificate) != bool(where.key):
        raise CrossbookError("a certificate needs its key", todo="give both --certificate and --key")
    return listen(where)


def _run(
    make: Callable[[Access, frozenset[str] | None], App],
    where: Where,
    listening: socket.socket,
    *,
    book: Book | None,
    accounts: bool,
    browser: bool,
    say: Callable[[str], None],
) -> None:
    import uvicorn  # while the figures are being worked out

    from crossbook.web.app import LOOPBACK
    from crossbook.web.connections import BACKLOG, Bounded, Server, most_connections, spare_the_log

    port = listening.getsockname()[1]
    scheme = "https" if where.certificate else "http"
    shown = f"[{where.host}]" if ":" in where.host else where.host
    address = f"{scheme}://{shown}:{port}"

    def announce(token: str) -> None:
        say(f"another browser: {address}/login?token={token}")

    access = Access(book, accounts=accounts, announce=announce)
    hosts: frozenset[str] | None = frozenset(where.names) | (LOOPBACK if where.loopback else {where.host})
    if where.host in ("0.0.0.0", "::") and not where.names:  # noqa: S104 - asked for, and accounts are there
        hosts = None
    app = make(access, hosts)
    first = address if accounts else f"{address}/login?token={access.token}"
    say(first)
    if not where.loopback and not where.certificate and not where.behind_proxy:
        say("not encrypted: give --certificate and --key, or put a proxy with TLS before it (--behind-proxy)")
    if browser:
        threading.Thread(target=_open_browser, args=(first,), daemon=True).start()
    spare_the_log()
    Bounded.most = most_connections()
    config = uvicorn.Config(
        app,
        http=Bounded,
        ws="none",
        backlog=BACKLOG,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=where.behind_proxy,
        forwarded_allow_ips="*" if where.behind_proxy else None,
        ssl_certfile=where.certificate,
        ssl_keyfile=where.key,
        timeout_graceful_shutdown=3,
        lifespan="off",
    )
    Server(config).run(sockets=[listening])


def listen(where: Where) -> socket.socket:
    """A socket that listens there: who calls from now on waits until the server is ready. Raises CrossbookError when it
    cannot."""
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    # named, so that asyncio sends answers at once (TCP_NODELAY) on connections taken from it
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((where.host, where.port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise CrossbookError(
            f"cannot listen on {where.host} port {where.port}: {error.strerror or error}", todo="take another --port"
        ) from None
    return listening


def _warm(live: Live) -> None:
    """Begin with the figures before somebody asks."""
    try:
        live.snapshot(patience=0.0)
    except CrossbookError:
        return  # whoever asks is told


def _open_browser(address: str) -> None:
    try:
        webbrowser.open(address)
    except webbrowser.Error:
        return  # the address was printed
