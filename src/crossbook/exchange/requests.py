"""Requests to the other side and their answers, with the time limit of the law or of the agreement as a clock.

A request that comes opens a case of `cases/` whose clock runs from that day; it stands in the calendar of cases until
it is answered, which keeps the limit and closes the case. What may be asked of whom is said by `[[request]]`.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from crossbook.book import Book
from crossbook.calendars import today
from crossbook.cases.case import OPENED, Case, cases
from crossbook.cases.procedure import Deadline, deadlines, procedure
from crossbook.decisions import decide, kind_of
from crossbook.decisions.kind import Plain
from crossbook.engine import Database
from crossbook.errors import CrossbookError, NotFoundError, one_of
from crossbook.exchange import adopting, letters
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.clauses import Request
from crossbook.exchange.keys import Keys
from crossbook.exchange.letters import Letter

PARTS = ASK, REPLY = "request", "reply"
OUTCOMES = ("information given", "nothing found", "declined")
CLAUSE = "request"
AGREED = "exchange_request"  # the procedure whose days are those of the agreement
_NAME = re.compile(r"request-[0-9a-f]{8}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request and what became of it. `mine`: this side asked. `due`: the last safe day of the answer; of a request of
    ours as counted from the day on which it was sent. `law` says where the limit stands. `outcome` is empty until it is
    answered, `late` the days by which that was after `due`."""

    name: str
    agreement: str
    mine: bool
    other: str
    kind: str
    text: str
    at: str
    due: date | None
    law: str
    refused: str = ""
    outcome: str = ""
    answer: str = ""
    answered_at: str = ""
    late: int | None = None


def ask(book: Book, keys: Keys, agreement: Agreement, kind: str, text: str) -> str:
    """Ask the other side: the name of the request. Raises DisclosureError where the agreement does not allow it."""
    _, other = agreement.side(keys.sign)
    text = text.strip()
    _allow(agreement, other.name, kind, text, [x for x in letters.read(book, agreement) if x.mine])
    name = f"request-{secrets.token_hex(4)}"
    what = f"a request of {len(text)} characters: {kind}"
    letters.send(book, agreement, keys, ASK, name, {"kind": kind, "text": text}, what=what, clause=CLAUSE)
    return name


def answer(book: Book, database: Database, keys: Keys, name: str, text: str, outcome: str) -> None:
    """Answer a request of the other side; that stops its clock. Raises NotFoundError, DisclosureError, CrossbookError
    where it was answered."""
    one_of("outcome", outcome, OUTCOMES)
    agreement, asked, replied = _found(book, name)
    if asked.mine:
        raise CrossbookError(f"{name} is a request of ours", todo="the other side answers it")
    runs = _case_of(book, name)
    if replied is not None and (runs is None or runs.closed):
        raise CrossbookError(f"{name} was answered on {replied.at[:10]}", todo="write the rest into a new request")
    if replied is None:
        text = text.strip()
        clause = _clause(agreement, agreement.side(keys.sign)[0].name, str(asked.told["kind"]))
        if not 0 < len(text) <= clause.words:
            raise DisclosureError(
                f"{len(text):,} characters; the agreement allows {clause.words:,}", todo="say it in fewer"
            )
        what = f"the answer to {name}, {len(text)} characters: {outcome}"
        letters.send(book, agreement, keys, REPLY, name, {"outcome": outcome, "text": text}, what=what, clause=CLAUSE)
    if runs is not None and not runs.closed:
        _stop(book, database, runs, outcome)


def accept(book: Book, agreement: Agreement, mine: str, letter: Letter) -> str:
    """Do what follows from a letter of the other side: why it is not accepted, empty where it is."""
    known = letters.read(book, agreement)
    try:
        if letter.part == REPLY:
            asked = [x for x in known if x.mine and x.part == ASK and x.about == letter.about]
            if not asked or any(x.part == REPLY and x.about == letter.about and not x.refused for x in known):
                return "an answer to a request that is not open"
            one_of("outcome", str(letter.told.get("outcome")), OUTCOMES)
            return "" if isinstance(letter.told.get("text"), str) else "a message without words"
        kind, text = letter.told.get("kind"), letter.told.get("text")
        if not _NAME.fullmatch(letter.about) or any(x.about == letter.about for x in known):
            return "a request whose name is none, or was given before"
        if not isinstance(kind, str) or not isinstance(text, str):
            return "a message without words"
        clause = _allow(agreement, mine, kind, text, [x for x in known if not x.mine])
        if letter.about not in cases(book):  # else it was opened by who stopped before the letter counted as taken
            _open(book, agreement, clause, letter)
    except CrossbookError as error:
        return error.what
    return ""


def requests(book: Book) -> list[Asked]:
    """All requests of a book, the newest first."""
    held = cases(book)
    found = []
    for agreement in adopting.adopted(book):
        known = letters.read(book, agreement)
        replies = {x.about: x for x in known if x.part == REPLY and not x.refused}
        for x in known:
            if x.part == ASK and not (x.refused and not x.mine):
                found.append(_told(agreement, x, replies.get(x.about), held.get(x.about)))
    return sorted(found, key=lambda asked: asked.at, reverse=True)


def _told(agreement: Agreement, asked: Letter, replied: Letter | None, case: Case | None) -> Asked:
    clauses = [c for c in agreement.requests if c.name == asked.told["kind"]]
    sent = date.fromisoformat(asked.at[:10])
    due: date | None = None
    law = ""
    late: int | None = None
    if case is not None and not asked.mine:
        acts = [d for d in case.dues() if d.deadline.limit.kind == "act by"]
        if acts:
            first = min(acts, key=lambda d: d.safe)
            due, law, late = first.safe, first.deadline.limit.source, first.late
    elif asked.mine and clauses:
        runs = _counted(agreement, clauses[0], sent)
        if runs:
            due, law = runs[0].due.earliest, runs[0].limit.source
            if replied is not None:
                late = max((date.fromisoformat(replied.at[:10]) - due).days, 0)
    return Asked(
        name=asked.about,
        agreement=agreement.sha[:12],
        mine=asked.mine,
        other=asked.other,
        kind=str(asked.told["kind"]),
        text=str(asked.told["text"]),
        at=asked.at,
        due=due,
        law=law,
        refused=asked.refused,
        outcome=str(replied.told["outcome"]) if replied else "",
        answer=str(replied.told["text"]) if replied else "",
        answered_at=replied.at if replied else "",
        late=late,
    )


def _counted(agreement: Agreement, clause: Request, day: date) -> list[Deadline]:
    of = procedure(clause.procedure or AGREED)
    return deadlines(of, {of.events[0].name: day}, agreed=_agreed(agreement, clause))


def _agreed(agreement: Agreement, clause: Request) -> dict[str, Any]:
    """The days that the agreement itself sets, as a case keeps them; none where the law sets them."""
    if clause.procedure:
        return {}
    source = f"agreement {agreement.sha[:12]}, [[request]] {clause.name}"
    return {"answer_by": {"length": clause.length, "unit": clause.unit, "source": source}}


def _open(book: Book, agreement: Agreement, clause: Request, letter: Letter) -> None:
    of = procedure(clause.procedure or AGREED)
    day = today()
    _counted(agreement, clause, day)  # a day before the law was in force is no day to count from
    body = {
        "procedure": of.name,
        "parties": letter.who,
        "docket": clause.name,
        "happened": {of.events[0].name: day.isoformat()},
        "agreed": _agreed(agreement, clause),
        "why": "",
    }
    book.decide(OPENED, letter.about, body)


def _stop(book: Book, database: Database, runs: Case, outcome: str) -> None:
    opened, day = Plain(book=book, database=database), today()
    for due in runs.dues():
        limit = due.deadline.limit
        if limit.kind == "act by" and not due.done:
            wish = {"case": runs.name, "limit": limit.name, "on": day}
            decide(opened, kind_of("limit"), wish, yes=(day.isoformat(),))
    decide(opened, kind_of("closing"), {"case": runs.name, "why": outcome}, yes=())


def _case_of(book: Book, name: str) -> Case | None:
    return cases(book).get(name)


def _found(book: Book, name: str) -> tuple[Agreement, Letter, Letter | None]:
    for agreement in adopting.adopted(book):
        known = [x for x in letters.read(book, agreement) if x.about == name and not x.refused]
        asked = next((x for x in known if x.part == ASK), None)
        if asked is not None:
            return agreement, asked, next((x for x in known if x.part == REPLY), None)
    raise NotFoundError(f"no request {name!r}", todo="crossbook exchange request list lists them")


def _clause(agreement: Agreement, of: str, kind: str) -> Request:
    found = next((c for c in agreement.requests if (c.of, c.name) == (of, kind)), None)
    if found is None:
        known = ", ".join(c.name for c in agreement.requests if c.of == of) or "—"
        raise DisclosureError(
            f"the agreement does not allow to ask {of} for {kind!r}", todo=f"it allows to ask for: {known}"
        )
    return found


def _allow(agreement: Agreement, of: str, kind: str, text: str, before: list[Letter]) -> Request:
    """The clause under which this may be asked. Raises DisclosureError."""
    clause = _clause(agreement, of, kind)
    if not 0 < len(text) <= clause.words:
        raise DisclosureError(
            f"{len(text):,} characters; the agreement allows {clause.words:,}", todo="say it in fewer"
        )
    month = datetime.now(UTC).date().isoformat()[:7]
    asked = sum(x.part == ASK and not x.refused and x.told["kind"] == kind and x.at[:7] == month for x in before)
    if asked >= clause.a_month:
        raise DisclosureError(
            f"{asked} requests of this kind were made this month, all that the agreement allows",
            todo="wait for the next month",
        )
    return clause
