"""Transfers meet by a library while both sides are online: two processes of SPU, and the tunnel between them.

What the processes say goes in pieces through the channel by which messages go, mutual TLS, and nowhere else. How many
bytes went either way is an entry of the journal, one when it begins and one when it ends; a stage may be tried so often
that a line which breaks does no harm, and no oftener, since each try could offer other items.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, psi, store
from crossbook.exchange.adopting import ACTION
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.envelope import MessageError
from crossbook.exchange.store import Session
from crossbook.exchange.talk import MEET
from crossbook.exchange.tunnel import BrokenTunnelError, Tunnel, free_port

TRIES = 3  # of one stage
OPENER, ANSWERER = 0, 1
_WAIT = 0.5  # seconds for which a piece is waited for
Call = Callable[[str, bytes], bytes]


class Meeting:
    """This side's part of one meeting. Raises DisclosureError, MessageError where it is not due."""

    def __init__(self, book: Book, session: Session, rank: int) -> None:
        talk = session.talk
        if talk.phase != MEET or talk.meet not in psi.PROTOCOLS or talk.theirs_number < 0:
            raise MessageError("no meeting is due")
        tried = [e for e in book.journal() if e.action == ACTION and e.subject == talk.session and "most" in e.body]
        if sum(e.body["meeting"] == talk.stage for e in tried) >= TRIES:
            raise DisclosureError(
                f"the transfers were to meet {TRIES} times and did not: each try could offer others",
                todo="begin another session",
            )
        self.book, self.session = book, session
        items = talk.items()
        most = psi.most_bytes(talk.meet, len(items) + talk.theirs_number)
        self._note({"items": len(items), "most": most})
        own = free_port()
        self.tunnel = Tunnel(rank, own, most)
        self.worker = psi.Worker(
            way=talk.meet, session=talk.session, rank=rank, own=own, other=self.tunnel.port, items=items
        )
        self._ending = threading.Lock()
        self.ended = False

    def result(self) -> int:
        """Wait until they have met, and keep what came of it: how many. Raises CrossbookError."""
        places = self.worker.met()
        out = io.BytesIO()
        np.save(out, places)
        adopting.keep(self.book, self.session.folder / store.met_name(self.session.talk.stage), out.getvalue())
        return len(places)

    def close(self, met: int | None) -> None:
        """End it, once; `met` is None where it failed."""
        with self._ending:
            if self.ended:
                return
            self.ended = True
        self.tunnel.close()
        self.worker.stop()
        self._note({"bytes": self.tunnel.sent, "came": self.tunnel.came, "met": met})

    def _note(self, more: dict[str, Any]) -> None:
        talk = self.session.talk
        body = {"agreement": talk.agreement.sha, "to": talk.other.name, "meeting": talk.stage, "way": talk.meet}
        self.book.decide(ACTION, talk.session, {**body, **more})


def hold(book: Book, session: Session, calls: Callable[[], Call]) -> None:
    """Meet with the other side's server, as who opened the session. `calls` gives what posts a piece to a path of the
    meeting and returns the answer, one for each thread. Raises CrossbookError; it can be tried again."""
    name = session.talk.session
    meeting = Meeting(book, session, OPENER)
    faults: list[CrossbookError] = []
    over = threading.Event()

    def carry(step: Callable[[Call], None]) -> None:
        try:
            call = calls()
            while not over.is_set():
                step(call)
        except BrokenTunnelError:
            faults.append(_too_much())
        except CrossbookError as error:
            faults.append(error)
        if not over.is_set():
            meeting.worker.process.kill()

    def up(call: Call) -> None:
        if data := meeting.tunnel.take(_WAIT):
            call(f"{name}/up", data)

    def down(call: Call) -> None:
        meeting.tunnel.give(call(f"{name}/down", b""))

    threads = [threading.Thread(target=carry, args=(step,), daemon=True) for step in (up, down)]
    met = None
    try:
        call = calls()
        call(f"{name}/open", b"")
        for thread in threads:
            thread.start()
        found = meeting.result()
        if json.loads(call(f"{name}/end", b""))["met"] != found:
            raise MessageError("not as many transfers met on the other side as on this one")
        met = found
    except CrossbookError as error:
        raise (faults[0] if faults else error) from None
    finally:
        over.set()
        if met is None:
            with suppress(OSError):
                (session.folder / store.met_name(session.talk.stage)).unlink(missing_ok=True)
        for thread in threads:
            if thread.is_alive():
                thread.join(5)
        meeting.close(met)


class Host:
    """The meetings of a server, one at a time; `turn` is held by whoever changes the book."""

    def __init__(self, book: Book, turn: threading.Lock) -> None:
        self._book, self._turn = book, turn
        self._now: tuple[str, Meeting] | None = None

    def take(self, name: str, what: str, body: bytes) -> bytes:
        """Take a piece of the meeting of a session. Raises CrossbookError."""
        if what == "open":
            self._open(name)
            return b""
        if not self._now or self._now[0] != name:
            raise MessageError("no meeting is due")
        meeting = self._now[1]
        try:
            if what == "up":
                meeting.tunnel.give(body)
                return b""
            if what == "down":
                return meeting.tunnel.take(_WAIT)
        except BrokenTunnelError:
            if meeting.ended:
                return b""  # what waited for more when all was said
            self._end(meeting, None)
            raise _too_much() from None
        if what != "end":
            raise MessageError("no meeting is due")
        met = None
        try:
            met = meeting.result()
        finally:
            self._end(meeting, met)
        return json.dumps({"met": met}).encode()

    def _open(self, name: str) -> None:
        if self._now:
            self._end(self._now[1], None)
        with self._turn:
            self._now = (name, Meeting(self._book, store.find(self._book, name), ANSWERER))

    def _end(self, meeting: Meeting, met: int | None) -> None:
        with self._turn:
            meeting.close(met)


def _too_much() -> CrossbookError:
    return MessageError("the meeting was broken off: more was said than so many items need, or the line is gone")
