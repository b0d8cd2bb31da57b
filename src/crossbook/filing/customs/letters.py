"""Where each message that was written stands: asked about, ready to go, laid out, waiting, answered, refused.

By the journal (`customs message` when it was written, `customs go` when somebody said yes, `customs withdrawn` when
somebody said no, `customs posted` when it was laid out for the transfer client) and by what customs answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.filing.customs.documents import own_number
from crossbook.filing.customs.sent import WITHDRAWN, WRITTEN
from crossbook.trade import moments

FOLDER = "customs"  # of a book, for the messages that were written
GO, POSTED = "customs go", "customs posted"
# Without a yes; it can go; laid out and not fetched; fetched, or sent another way, and not answered in full; answered
# in full; refused as a whole for its format; withdrawn before it went.
STATES = ("asks", "ready", "out", "waiting", "answered", "format refused", "withdrawn")
REFUSED = ("refused",)

_ANSWERS = f"""
SELECT document, order_id, tracking, reference, max_by(state, {moments.ANSWER}) AS state,
       max_by(code, {moments.ANSWER}) AS code,
       max_by(info, {moments.ANSWER}) AS info, CAST(max(returned_at) AS VARCHAR) AS told
FROM customs_answers GROUP BY ALL
"""
_REFUSALS = f"""
SELECT upper(message_id) AS id, max_by(code, {moments.ANSWER}) AS code, max_by(info, {moments.ANSWER}) AS info
FROM customs_format_refusals GROUP BY ALL
"""


@dataclass(frozen=True)
class Refusal:
    """What customs would not take: a document, or with an empty `reference` the whole message; in its words."""

    reference: str
    code: str
    info: str


@dataclass(frozen=True)
class Letter:
    """A message: its number, how many documents, how many of them are answered, what customs refused, and since when it
    waits (when it was laid out, else when it was written). `refusals` are those after which nothing was written."""

    guid: str
    number: str
    file: str
    state: str
    documents: int
    answered: int
    since: str
    who: str
    refusals: tuple[Refusal, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether customs has still to answer."""
        return self.state in ("out", "waiting")


Told = dict[tuple[str, str], dict[str, Any]]  # what customs last said, by message number and each name of a document


def letters(book: Book, database: Database) -> list[Letter]:
    """Every message that was written, oldest first."""
    database.ask("trade")
    told: Told = {}
    for row in database.rows(_ANSWERS):
        told[(row["document"], row["reference"])] = row
        if row["document"] == "505" and row["tracking"]:
            told[(row["document"], row["tracking"])] = row
        if row["order_id"]:
            told.setdefault((row["document"], row["order_id"]), row)
    refused = {r["id"]: Refusal("", r["code"] or "", r["info"] or "") for r in database.rows(_REFUSALS)}
    journal = book.journal()
    said = {e.subject: e.action == GO for e in journal if e.action in (GO, WITHDRAWN)}
    posted = {e.subject: e for e in journal if e.action == POSTED}
    written = [e for e in journal if e.action == WRITTEN]
    last = {(e.body["number"], reference): e.subject for e in written for reference, _ in e.body["documents"]}
    found = [_letter(e, said, posted, told, refused) for e in written]
    return [replace(x, refusals=_open(x, e, last)) for x, e in zip(found, written, strict=True)]


def _open(letter: Letter, e: Entry, last: Mapping[tuple[str, str], str]) -> tuple[Refusal, ...]:
    """The refusals of which nothing was written since."""
    still = [r for r, _ in e.body["documents"] if last[(letter.number, r)] == letter.guid]
    return tuple(r for r in letter.refusals if r.reference in still or (not r.reference and still))


def _letter(
    e: Entry, said: Mapping[str, bool], posted: Mapping[str, Entry], told: Told, refused: Mapping[str, Refusal]
) -> Letter:
    answers = [a for reference, _ in e.body["documents"] if (a := _answer(e, reference, told)) is not None]
    out = posted.get(e.subject)
    refusals = [Refusal(r, a["code"] or "", a["info"] or "") for r, a in answers if a["state"] in REFUSED]
    may = said.get(e.subject, bool(e.body.get("post")))
    state = "ready" if may else "asks"
    if said.get(e.subject) is False:
        state, refusals = "withdrawn", []
    elif e.subject.upper() in refused:
        state, refusals = "format refused", [refused[e.subject.upper()]]
    elif len(answers) == len(e.body["documents"]):
        state = "answered"
    elif out is not None:
        state = "out" if (Path(out.body["folder"]) / out.body["file"]).exists() else "waiting"
    elif answers and not may:  # it went another way
        state = "waiting"
    return Letter(
        guid=e.subject,
        number=e.body["number"],
        file=e.body["file"],
        state=state,
        documents=len(e.body["documents"]),
        answered=len(answers),
        since=(out or e).at,
        who=e.who,
        refusals=tuple(refusals),
    )


def _answer(e: Entry, reference: str, told: Told) -> tuple[str, dict[str, Any]] | None:
    """What customs said of a document since it was sent in this message."""
    for name in names(e.body["number"], reference):
        found = told.get((e.body["number"], name))
        if found and found["told"] != e.body.get("after", {}).get(reference, ""):
            return reference, found
    return None


def names(number: str, reference: str) -> tuple[str, ...]:
    """The names by which a return may name a document: its own number, shortened, or with its message's number."""
    bill, _, part = reference.rpartition("-")
    return (reference, own_number(reference), f"{bill}-{number}-{part}"[-30:])


def say(book: Book, guids: Sequence[str], *, yes: bool, who: str | None = None) -> None:
    """Journal that these messages may go, or that they shall not: then what is in them can be written again.

    Raises CrossbookError for one that is unknown, withdrawn, or laid out already.
    """

    def could(journal: list[Entry]) -> None:
        told = {(e.action, e.subject) for e in journal}
        for guid in guids:
            if (WRITTEN, guid) not in told:
                todo = "see `crossbook customs mailbox DIR --once`"
                raise CrossbookError(f"no message {guid!r} was written", todo=todo)
            if (POSTED, guid) in told:
                raise CrossbookError(f"the message {guid} was laid out already")

    could(book.journal())
    for guid in guids:
        if yes:
            book.decide("customs go", guid, {}, who, check=could)
        else:
            book.decide("customs withdrawn", guid, {}, who, check=could)
