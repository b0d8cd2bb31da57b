"""The server of an exchange: takes the other side's messages over HTTPS with mutual TLS, and answers them one by one.

It serves nothing else. What the agreement does not allow is refused without saying why, as the reason has figures of
this side; whoever keeps the server reads it in the log.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from crossbook.book import Book
from crossbook.engine.duck import connect
from crossbook.errors import CrossbookError
from crossbook.exchange import psi, retention, taking
from crossbook.exchange.channel import LARGEST, MEETING, PATH, Certificates
from crossbook.exchange.envelope import MessageError
from crossbook.exchange.keys import Keys
from crossbook.exchange.online import Host
from crossbook.exchange.taking import Taken
from crossbook.web.connections import Bounded
from crossbook.web.serving import Where, listen

KEPT = 1000  # seconds for which a connection may be silent: while SPU works nothing is said on those of a meeting
_log = logging.getLogger("crossbook.exchange")


class Patient(Bounded):
    """A connection of the other side, proved by its certificate."""

    silence = KEPT


def peer_app(book: Book, keys: Keys) -> FastAPI:
    """The application: one path that takes messages, and one for the pieces of a meeting by a library."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    turn = threading.Lock()
    host = Host(book, turn)
    forgotten_on: date | None = None
    last: Taken | None = None  # whose transfers stay in memory until the next message

    def taken(message: bytes) -> bytes | None:
        nonlocal forgotten_on, last
        with turn:  # one message after the other
            if forgotten_on != (today := datetime.now(UTC).date()):
                retention.forget(book)
                forgotten_on = today
            last = taking.take(book, connect(book), keys, message, psi.ways(online=True))
            return last.answer.read_bytes() if last.answer else None

    @app.post(PATH)
    async def message(request: Request) -> Response:
        return await answered(request, taken)

    @app.post(MEETING + "/{session}/{what}")
    async def piece(request: Request, session: str, what: str) -> Response:
        return await answered(request, lambda body: host.take(session, what, body))

    async def answered(request: Request, take: Callable[[bytes], bytes | None]) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return JSONResponse({"error": "the message is too large"}, 413)
        try:
            answer = await run_in_threadpool(take, bytes(body))
        except MessageError as error:
            _log.warning("%s", error)
            return JSONResponse({"error": error.what}, 422)
        except CrossbookError as error:
            _log.warning("%s", error)
            return JSONResponse({"error": "it may not be answered under the agreement, or not now"}, 403)
        return Response(status_code=204) if answer is None else Response(answer, media_type="application/octet-stream")

    return app


def serve_peer(
    book: Book, keys: Keys, where: Where, certificates: Certificates, *, say: Callable[[str], None] = lambda line: None
) -> None:
    """Serve until stopped. Raises CrossbookError when it cannot listen there or the certificates are none."""
    import uvicorn

    from crossbook.web.connections import BACKLOG, Server, most_connections, spare_the_log

    certificates.context()
    listening = listen(where)
    shown = f"[{where.host}]" if ":" in where.host else where.host
    say(f"https://{shown}:{listening.getsockname()[1]}")
    spare_the_log()
    Patient.most = most_connections()
    config = uvicorn.Config(
        peer_app(book, keys),
        http=Patient,
        ws="none",
        backlog=BACKLOG,
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=certificates.certificate,
        ssl_keyfile=certificates.key,
        ssl_ca_certs=str(certificates.peer),
        ssl_cert_reqs=ssl.CERT_REQUIRED,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=KEPT,
        lifespan="off",
    )
    Server(config).run(sockets=[listening])
