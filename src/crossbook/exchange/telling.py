"""What a session told of single transfers, message by message: what the other side can know of each, also by what was
told of it before and is told otherwise since."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import numpy as np

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.exchange.adopting import ACTION
from crossbook.exchange.rounds import NO_CASE
from crossbook.exchange.store import Session, said_name

ONLY_LAST = "an earlier version kept of this session what was told of a transfer last, not what was told before"


def known(book: Book, session: Session) -> list[dict[str, Any]]:
    """Of each transfer of which something was told, what was told of it last: depth and the span in which its chain
    began (null where these were not told, or were taken back since: `taken_back`), and its case, by the number that
    both sides came to. `told` is each time that something was told of it, the first first: the `message`, `at`, and
    what it said (`depth` 0 takes back; of a case the number as it was then); null in a session of an earlier version,
    which did not keep it. Raises CrossbookError where what is kept of it is not what the journal has."""
    talk = session.talk
    rows = np.array(sorted(talk.allowance.told), np.int64)
    said = talk.depths.said[rows] if talk.depths else np.zeros((len(rows), 2), np.int64)
    marked = np.full(len(rows), NO_CASE)
    if talk.marks:
        marked = np.where(talk.marks.said[rows] == NO_CASE, NO_CASE, talk.marks.case[rows])
    each = _each(book, session)
    return [
        {
            **line,
            "depth": depth or None,
            "since": _moment(start) if depth else None,
            "span_hours": talk.agreement.most.span_hours,
            "case": None if case == NO_CASE else case,
            "taken_back": not depth and case == NO_CASE,
            "told": None if each is None else each.get(line["id"], []),
        }
        for line, (depth, start), case in zip(session.lines(rows), said.tolist(), marked.tolist(), strict=True)
    ]


def times(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was told, a row for each time, those of one transfer together: its line, `message`, `depth`, `since`, `case`
    as they were told then, and the `case` that it is `now`. Where only the last was kept, that, with `message` null."""
    found = []
    for one in known:
        last = {"message": None, "at": None, **{name: one[name] for name in ("depth", "since", "case", "taken_back")}}
        for told in [last] if one["told"] is None else one["told"]:
            found.append({**one, "taken_back": told["depth"] == 0, **told, "now": one["case"]})
    return found


def _each(book: Book, session: Session) -> dict[int, list[dict[str, Any]]] | None:
    """By transfer what each message told of it; None where a message of an earlier version did not keep it."""
    sent = {
        e.body["number"]: e
        for e in book.journal()
        if e.action == ACTION and e.subject == session.name and "number" in e.body
    }  # of one that was worked out again after a stop, the last, which alone was sent
    found: dict[int, list[dict[str, Any]]] = {}
    for number, entry in sorted(sent.items()):
        if "said" not in entry.body:
            return None
        if not entry.body["said"] or number > session.number:
            continue
        path = session.folder / said_name(number)
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != entry.body["said"]:
            raise CrossbookError(
                "what a message told of single transfers is missing or was changed",
                where=str(path),
                todo="restore it from a backup",
            )
        told = json.loads(data)
        nothing = [None] * len(told["id"])
        columns = (told.get(name, nothing) for name in ("depth", "start", "case"))
        for transfer, depth, start, case in zip(told["id"], *columns, strict=True):
            one = {"message": number, "at": entry.at, "depth": depth, "since": _moment(start) if depth else None}
            found.setdefault(transfer, []).append({**one, "case": case})
    return found


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
