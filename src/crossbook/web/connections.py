"""Connections that do not hold the server up: limits of time for each part of a request, and of how many there are."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from crossbook.printable import printable

HEADERS = 10.0  # seconds until the head of a request is there
BODY = 20.0  # seconds within which more of a body must come
PACE = 1_000  # bytes a second of a body, once it takes longer than that
ANSWER = 60.0  # seconds within which somebody must take more of an answer
BACKLOG = 16  # connections that are taken in at once
WAITING = 1_024  # and that the system keeps until then
RESERVE = 96  # open files for all else: the book, its database, processes apart
MOST = 1_000
SAID_AGAIN = 10.0  # seconds after which the log says the same again


def most_connections() -> int:
    """How many there may be, by the files that this process may have open; as many of these as the system allows."""
    try:
        import resource
    except ImportError:
        return MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + BACKLOG + RESERVE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST if soft == resource.RLIM_INFINITY else max(16, min(MOST, soft - BACKLOG - RESERVE))


class Bounded(H11Protocol):
    """A connection that is closed when its client takes too long. Over `most` of them, the one that has waited longest
    for a request makes room, and where each is at work the newest is refused."""

    most = MOST
    silence = HEADERS  # seconds for which it may be silent between two requests
    began = heard = taken = 0.0  # of the wait for a request, of the last bytes that came, of the last that went
    length = waiting_out = 0  # of the body so far; bytes that wait to be taken

    @property
    def idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: Any) -> None:
        self.began = self.heard = self.taken = time.monotonic()
        super().connection_made(transport)
        _watching(self)
        there = [c for c in self.connections if isinstance(c, Bounded) and not c.transport.is_closing()]
        if len(there) > self.most:
            waiting = [c for c in there if c is not self and c.idle]
            oldest = min(waiting, key=lambda c: c.began, default=self)
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        self.heard = time.monotonic()
        self.length += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        self.began, self.length = time.monotonic(), 0
        super().on_response_complete()

    def overdue(self, now: float) -> bool:
        """Whether its client has taken too long for what it does now."""
        if self.idle:
            return now - self.began > self.silence
        if self.cycle.more_body:
            took = now - self.began
            return now - self.heard > BODY or (took > 2 * BODY and self.length < PACE * took)
        out = self.transport.get_write_buffer_size()
        if not out or out != self.waiting_out:
            self.waiting_out, self.taken = out, now
        return bool(out) and now - self.taken > ANSWER


class Server(uvicorn.Server):
    """A server that takes few connections in at once, while the system keeps the others."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(WAITING)


_watched: dict[asyncio.AbstractEventLoop, set[Any]] = {}


def _watching(one: Bounded) -> None:
    """See to it that somebody looks at the connections of this loop every second."""
    if one.loop not in _watched:
        _watched[one.loop] = one.connections
        one.loop.call_later(1.0, _look, one.loop)


def _look(loop: asyncio.AbstractEventLoop) -> None:
    now = time.monotonic()
    for one in [c for c in _watched[loop] if isinstance(c, Bounded)]:
        if one.overdue(now):
            one.transport.abort()
    if _watched[loop]:
        loop.call_later(1.0, _look, loop)
    else:
        del _watched[loop]


class Sparing(logging.Filter):
    """Lets one message of a kind through in a while, without control characters, and then says how many there were."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[Any, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        raised = record.exc_info[0] if record.exc_info else None
        kind, now = (record.name, str(record.msg)[:60], raised), time.monotonic()
        at, held = self._said.get(kind, (-SAID_AGAIN, 0))
        if now - at < SAID_AGAIN:
            self._said[kind] = (at, held + 1)
            return False
        if len(self._said) > 1_000:
            self._said.clear()
        self._said[kind] = (now, 0)
        more = f" (and {held} more of the kind)" if held else ""
        record.msg, record.args = printable(record.getMessage()) + more, ()
        return True


def spare_the_log() -> None:
    """Have the server's own messages, and those of its loop, written sparingly."""
    for name in ("uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        if not any(isinstance(f, Sparing) for f in logger.filters):
            logger.addFilter(Sparing())
