"""A case file: what happened, who and what it is about, and what follows. Kept in the journal, so its history shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from crossbook.book import Book
from crossbook.cases.procedure import Deadline, First, deadlines, procedure
from crossbook.errors import CrossbookError, NotFoundError

OPENED, CHANGED, CLOSED = "open case", "case", "close case"
_NAME = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True)
class Case:
    """A case as the journal has it. `happened` is {event: day};
    `skus` and `accounts` say what of the book it concerns."""

    name: str
    procedure: str
    state: str = ""
    court: str = ""
    docket: str = ""
    parties: str = ""
    mark: str = ""
    right: str = ""  # which kind of right it is on, of RIGHTS; not known when empty
    letter: str = ""  # the evidence that it was opened with
    skus: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    happened: dict[str, date] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)  # limit: the day on which it was kept
    opened: str = ""
    closed: str = ""
    seqs: tuple[int, ...] = ()

    def deadlines(self) -> list[Deadline]:
        """What follows from what happened. Raises CrossbookError for days that cannot be."""
        return deadlines(procedure(self.procedure), self.happened, self.state)

    @property
    def frozen(self) -> bool:
        """Whether a court's order in it freezes accounts: entered, as far as the case says."""
        return ORDER in self.happened and any(e.name == ORDER for e in procedure(self.procedure).events)

    @property
    def marks_order(self) -> bool:
        """Whether it is a US suit on trademarks with such an order; a right that is not known may be a trademark."""
        return self.frozen and self.right in ("", "trademark")

    def first(self) -> tuple[First, ...]:
        """What to do in the first 48 hours, as far as it is known what happened and which right it is on.

        What is of trademarks alone says so in a case that does not say its right.
        """
        return tuple(
            replace(f, do=f"{f.do}. {IF}", do_zh=f"{f.do_zh}。{IF_ZH}") if f.rights and not self.right else f
            for f in procedure(self.procedure).first
            if self.happened.keys() >= set(f.given) and (not f.rights or (self.right or "trademark") in f.rights)
        )


IF = "The case does not say which right it is on: this holds if it is a trademark."
IF_ZH = "案件未注明权利种类：仅在涉及商标时适用。"
ORDER = "order_entered"
RIGHTS = ("trademark", "copyright", "patent", "other")
TEXTS = ("state", "court", "docket", "parties", "mark", "right", "letter")


def cases(book: Book) -> dict[str, Case]:
    """Every case of the book, by name, in the order in which they were opened."""
    found: dict[str, Case] = {}
    for e in book.journal():
        if e.action == OPENED:
            found[e.subject] = _changed(Case(e.subject, e.body["procedure"], opened=e.at), e.body, e.seq)
        elif e.action == CHANGED and e.subject in found:
            found[e.subject] = _changed(found[e.subject], e.body, e.seq)
        elif e.action == CLOSED and e.subject in found:
            case = found[e.subject]
            found[e.subject] = replace(case, closed=e.body["why"], seqs=(*case.seqs, e.seq))
    return found


def _changed(case: Case, body: dict[str, Any], seq: int) -> Case:
    told: dict[str, Any] = {n: body[n] for n in TEXTS if n in body}
    for name in ("skus", "accounts"):
        if name in body:
            told[name] = tuple(body[name])
    happened = dict(case.happened)
    for name, day in body.get("happened", {}).items():
        if day:
            happened[name] = date.fromisoformat(day)
        else:
            happened.pop(name, None)
    return replace(case, **told, happened=happened, done=case.done | body.get("done", {}), seqs=(*case.seqs, seq))


def case(book: Book, name: str) -> Case:
    """One case. Raises NotFoundError."""
    found = cases(book)
    if name not in found:
        raise NotFoundError(
            f"there is no case {name!r}", todo=f"open one with crossbook cases new; known: {', '.join(found) or '—'}"
        )
    return found[name]


def open_case(book: Book, name: str, of: str, who: str | None = None, **told: Any) -> Case:
    """Journal a new case. Raises CrossbookError for a name in use, an unknown procedure, days that cannot be."""
    if not _NAME.fullmatch(name):
        raise CrossbookError(f"{name!r} is no name for a case", todo="use letters, digits, - and _, forty at most")
    if name in cases(book):
        raise CrossbookError(f"there is a case {name!r} already", todo="crossbook cases event adds to it")
    body = {"procedure": procedure(of).name, **_body(told)}
    _changed(Case(name, of), body, 0).deadlines()
    book.decide(OPENED, name, body, who)
    return case(book, name)


def change_case(book: Book, name: str, who: str | None = None, **told: Any) -> Case:
    """Journal what became known of a case. Raises CrossbookError for days that contradict each other."""
    known = case(book, name)
    if known.closed:
        raise CrossbookError(f"the case {name!r} is closed")
    body = _body(told)
    _changed(known, body, 0).deadlines()
    book.decide(CHANGED, name, body, who)
    return case(book, name)


def keep_limit(book: Book, name: str, limit: str, on: date, who: str | None = None) -> None:
    """Journal that a time limit was kept on a day. Raises CrossbookError when it does not run in the case."""
    if limit not in {d.limit.name for d in case(book, name).deadlines()}:
        raise CrossbookError(f"{limit!r} does not run in {name}", todo=f"see crossbook cases show {name}")
    book.decide(CHANGED, name, {"done": {limit: on.isoformat()}}, who)


def close_case(book: Book, name: str, why: str, who: str | None = None) -> None:
    """Journal that a case is over, and how. Raises CrossbookError."""
    if case(book, name).closed:
        raise CrossbookError(f"the case {name!r} is closed already")
    if not why.strip():
        raise CrossbookError("how did it end?", todo="say it with --why")
    book.decide(CLOSED, name, {"why": why.strip()}, who)


def _body(told: dict[str, Any]) -> dict[str, Any]:
    if told.get("right") and told["right"] not in RIGHTS:
        raise CrossbookError(f"there is no right {told['right']!r}", todo=f"use one of {', '.join(RIGHTS)}")
    body = {n: v for n, v in told.items() if v not in (None, "", (), [], {})}
    if "happened" in body:
        body["happened"] = {k: v.isoformat() if v else "" for k, v in body["happened"].items()}
    return body


@dataclass(frozen=True)
class Due:
    """A deadline of a case, and the day on which it was kept."""

    case: str
    deadline: Deadline
    done: str

    @property
    def safe(self) -> date:
        """The day to plan with: the first to act by, the last to wait for."""
        due = self.deadline.due
        return due.latest if self.deadline.limit.kind == "not before" else due.earliest


def calendar_of(book: Book) -> list[Due]:
    """What falls due in all open cases, by the safe day."""
    found = [
        Due(c.name, d, c.done.get(d.limit.name, ""))
        for c in cases(book).values()
        if not c.closed
        for d in c.deadlines()
    ]
    return sorted(found, key=lambda d: (d.safe, d.case, d.deadline.limit.name))
