"""A session over HTTPS: this side posts its messages to the other's server and takes the answers.

Both prove themselves by certificates (mutual TLS); the messages are signed and encrypted all the same. Whatever breaks
off, the last message is posted again and gets the answer that it got.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, online, psi, store
from crossbook.exchange.envelope import MessageError, NotMetError
from crossbook.exchange.keys import Keys
from crossbook.exchange.online import Call
from crossbook.exchange.store import Session

PATH = "/exchange"
MEETING = "/exchange/meet"  # /session/open, up, down, end
LARGEST = 256 << 20  # bytes of a message
_PATIENCE = 600  # seconds until an answer begins: a book of millions is read before
PROOF = 60  # seconds for both to prove themselves, which takes no work


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """The files of PEM by which TLS proves this side (`certificate`, `key`) and the other (`peer`: its certificate, or
    that of who signed it)."""

    certificate: Path
    key: Path
    peer: Path

    def context(self) -> ssl.SSLContext:
        """TLS for who calls. Raises CrossbookError where a file is not what it is called."""
        try:
            context = ssl.create_default_context(cafile=str(self.peer))
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ValueError):
            raise CrossbookError(
                "the certificates cannot be read as such",
                where=f"{self.certificate}, {self.key}, {self.peer}",
                todo="give files of PEM: your certificate, its key, and the other side's certificate",
            ) from None
        return context


def prove(address: str, certificates: Certificates) -> None:
    """Have both sides prove themselves, and say nothing: before a session is begun that the agreement counts.

    Raises CrossbookError for an address that is none, a server that cannot be reached or proves to be somebody else's,
    or that does not take this side's certificate.
    """
    connection = _connected(address, certificates, PROOF)()
    try:
        connection.request("GET", PATH)
        connection.getresponse().read()
    except ssl.SSLError:
        raise _unproved(address) from None
    except (ConnectionResetError, BrokenPipeError, ConnectionAbortedError):
        # in TLS 1.3 who calls hears only afterwards that its certificate was not taken
        raise CrossbookError(
            "the other side closes the connection: it seems not to take your certificate",
            where=address,
            todo="look at the certificate that it was started with (--peer), and whether yours is in date",
        ) from None
    except (OSError, HTTPException):
        raise _unreached(address) from None
    finally:
        connection.close()


def post(address: str, certificates: Certificates) -> Callable[[bytes], bytes | None]:
    """What posts a message to the other side's server and gives its answer, None where the session has ended.

    Raises CrossbookError: an address that is none, a server that cannot be reached or proves to be somebody else's, and
    MessageError for a message that it does not take.
    """
    connected = _connected(address, certificates)

    def posted(message: bytes) -> bytes | None:
        connection = connected()
        try:
            return _said(connection, address, PATH, message)
        finally:
            connection.close()

    return posted


def calls(address: str, certificates: Certificates) -> Callable[[], Call]:
    """What makes what posts a piece to a path of a meeting and gives the answer, over a connection that stays."""
    connected = _connected(address, certificates)

    def made() -> Call:
        connection = connected()
        return lambda path, piece: _said(connection, address, f"{MEETING}/{path}", piece) or b""

    return made


def _connected(address: str, certificates: Certificates, patience: int = _PATIENCE) -> Callable[[], HTTPSConnection]:
    told = urlsplit(address)
    try:
        port = told.port or 443
    except ValueError:
        port = 0
    if told.scheme != "https" or not told.hostname or not port:
        raise CrossbookError(f"no address of a server: {address!r}", todo="write it as https://host:port")
    host, context = told.hostname, certificates.context()
    return lambda: HTTPSConnection(host, port, timeout=patience, context=context)


def _said(connection: HTTPSConnection, address: str, path: str, message: bytes) -> bytes | None:
    try:
        connection.request("POST", path, body=message, headers={"Content-Type": "application/octet-stream"})
        answer = connection.getresponse()
        data = answer.read(LARGEST + 1)
    except ssl.SSLError:
        raise _unproved(address) from None
    except (OSError, HTTPException):
        raise _unreached(address) from None
    if answer.status == 204:
        return None
    if answer.status == 200 and len(data) <= LARGEST:
        return data
    raise MessageError(f"the other side does not take the message: {_reason(data)}", where=address)


def _unproved(address: str) -> CrossbookError:
    return CrossbookError(
        "one of the two sides does not prove to be who it must be",
        where=address,
        todo="look at the certificates: yours, the other side's, whether both are in date, and the names in them",
    )


def _unreached(address: str) -> CrossbookError:
    return CrossbookError(
        "the other side cannot be reached",
        where=address,
        todo="run it again, a session with --session: it goes on where it stood",
    )


def _reason(data: bytes) -> str:
    try:
        return str(json.loads(data)["error"])[:300]
    except (ValueError, KeyError, TypeError):
        return "it does not say why"


def talk(
    book: Book,
    database: Database,
    keys: Keys,
    session: Session,
    send: Callable[[bytes], bytes | None],
    told: Callable[[int], None] = lambda number: None,
    meetings: Callable[[], Call] | None = None,
) -> Session:
    """Go on with a session until it has ended, from the last message of this side; `told` hears of each number.
    Transfers meet by a library through `meetings`, where that is given."""
    ways = psi.ways(online=meetings is not None)
    path = session.folder / f"{session.number:04}.message"
    adopting.holds(session.talk.agreement)
    while path.is_file():
        told(session.number)
        answer = send(path.read_bytes())
        if answer is None:
            break
        try:
            session, said = store.answer(book, database, keys, answer, ways)
        except NotMetError:
            if not meetings:
                raise
            online.hold(book, session, meetings)
            session, said = store.answer(book, database, keys, answer, ways)
        if said is None:
            break
        path = said
    return session
