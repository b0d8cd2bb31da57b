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

from crossbook import apart
from crossbook.book import StrPath
from crossbook.book.accounts import users
from crossbook.errors import CrossbookError
from crossbook.web.access import Access
from crossbook.web.live import Live


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
    if not where.loopback and not accounts:
        raise CrossbookError(
            f"{where.host} can be reached from other machines, and this book has no accounts",
            todo="add one first: crossbook book user add NAME --role approver",
        )
    if bool(where.certificate) != bool(where.key):
        raise CrossbookError("a certificate needs its key", todo="give both --certificate and --key")
    listening = listen(where)
    threading.Thread(target=_warm, args=(live,), daemon=True).start()
    import uvicorn  # while the figures are being worked out

    from crossbook.web.app import LOOPBACK, make_app
    from crossbook.web.connections import BACKLOG, Bounded, Server, most_connections, spare_the_log

    port = listening.getsockname()[1]
    scheme = "https" if where.certificate else "http"
    shown = f"[{where.host}]" if ":" in where.host else where.host
    address = f"{scheme}://{shown}:{port}"

    def announce(token: str) -> None:
        say(f"another browser: {address}/login?token={token}")

    access = Access(live.book, accounts=accounts, announce=announce)
    hosts: frozenset[str] | None = frozenset(where.names) | (LOOPBACK if where.loopback else {where.host})
    if where.host in ("0.0.0.0", "::") and not where.names:  # noqa: S104 - asked for, and accounts are there
        hosts = None
    app = make_app(live, access, hosts=hosts, limit=limit)
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
    """A socket that is bound there. Raises CrossbookError when it cannot be."""
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    # named, so that asyncio sends answers at once (TCP_NODELAY) on connections taken from it
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((where.host, where.port))
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
