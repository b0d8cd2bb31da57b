"""A case file: what happened, who and what it is about, and what follows. Kept in the journal, so its history shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.cases.procedure import Deadline, First, deadlines, procedure
from crossbook.errors import NotFoundError

OPENED, WITHDRAWN = "open case", "withdraw case"
CHANGED, NOT_HAPPENED = "case", "case not"  # an event; until 0.7 of whatever became known, limits kept among it
ABOUT, NOT_ABOUT = "case about", "case not about"
KEPT, NOT_KEPT = "limit kept", "limit not kept"
CLOSED, REOPENED = "close case", "reopen case"
ACTIONS = (OPENED, WITHDRAWN, CHANGED, NOT_HAPPENED, ABOUT, NOT_ABOUT, KEPT, NOT_KEPT, CLOSED, REOPENED)


@dataclass(frozen=True)
class Case:
    """A case as the journal has it. `happened` is {event: day}; `agreed` the days of limits that are agreed, by limit;
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
    agreed: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)  # limit: the day on which it was kept
    opened: str = ""
    closed: str = ""
    seqs: tuple[int, ...] = ()

    def deadlines(self) -> list[Deadline]:
        """What follows from what happened. Raises CrossbookError for days that cannot be."""
        return deadlines(procedure(self.procedure), self.happened, self.state, self.agreed)

    def dues(self) -> list[Due]:
        """What follows, each with the day on which it was kept. Raises CrossbookError for days that cannot be."""
        return [Due(self.name, d, self.done.get(d.limit.name, "")) for d in self.deadlines()]

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
LISTS = ("skus", "accounts")
TEXTS = ("state", "court", "docket", "parties", "mark", "right", "letter")


def cases(book: Book) -> dict[str, Case]:
    """Every case of the book that was not opened in error, by name, in the order in which they were opened."""
    entries = book.journal()
    seqs: dict[str, list[int]] = {}
    for e in entries:
        if e.action == OPENED:
            seqs[e.subject] = []
        if e.action in ACTIONS:
            seqs.setdefault(e.subject, []).append(e.seq)
    return {name: replace(_folded(told), seqs=tuple(seqs[name])) for name, told in _told(entries).items()}


def before_last(book: Book, name: str, action: str) -> Case | None:
    """A case as it would be without the last entry of an action that stands; None when there is none."""
    told = _told(book.journal()).get(name, [])
    return _folded(told) if _drop_last(told, action) else None


def _told(entries: list[Entry]) -> dict[str, list[Entry]]:
    """What the journal says of each case and was not taken back as a whole entry."""
    told: dict[str, list[Entry]] = {}
    for e in entries:
        if e.action == OPENED:
            told[e.subject] = [e]
        elif e.action == WITHDRAWN:
            told.pop(e.subject, None)
        elif e.action == NOT_ABOUT:
            _drop_last(told.get(e.subject, []), ABOUT)
        elif e.action in ACTIONS and e.subject in told:
            told[e.subject].append(e)
    return told


def _drop_last(entries: list[Entry], action: str) -> bool:
    """Leave out the last entry of an action, so that what was before it holds again."""
    at = next((i for i in range(len(entries) - 1, -1, -1) if entries[i].action == action), None)
    if at is not None:
        del entries[at]
    return at is not None


def _folded(entries: list[Entry]) -> Case:
    first = entries[0]
    case = with_told(Case(first.subject, first.body["procedure"], opened=first.at), first.body)
    for e in entries[1:]:
        if e.action in (CHANGED, ABOUT):
            case = with_told(case, e.body)
        elif e.action == NOT_HAPPENED:
            case = with_told(case, {"happened": {e.body["event"]: e.body.get("on", "")}})
        elif e.action == KEPT:
            case = with_told(case, {"done": {e.body["limit"]: e.body["on"]}})
        elif e.action == NOT_KEPT:
            case = replace(case, done={k: v for k, v in case.done.items() if k != e.body["limit"]})
        else:
            case = replace(case, closed=e.body["why"] if e.action == CLOSED else "")
    return case


def with_told(case: Case, body: dict[str, Any]) -> Case:
    """The case with what a journal entry tells of it: an event without a day did not happen."""
    told: dict[str, Any] = {n: body[n] for n in TEXTS if n in body}
    for name in LISTS:
        if name in body:
            told[name] = tuple(body[name])
    happened = dict(case.happened)
    for name, day in body.get("happened", {}).items():
        if day:
            happened[name] = date.fromisoformat(day)
        else:
            happened.pop(name, None)
    told["agreed"] = case.agreed | body.get("agreed", {})
    return replace(case, **told, happened=happened, done=case.done | body.get("done", {}))


def case(book: Book, name: str) -> Case:
    """One case. Raises NotFoundError."""
    found = cases(book)
    if name not in found:
        raise NotFoundError(
            f"there is no case {name!r}", todo=f"open one with crossbook cases new; known: {', '.join(found) or '—'}"
        )
    return found[name]


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

    @property
    def late(self) -> int | None:
        """Days after its last day on which it was kept, 0 when in time; None when it was not kept. Where it is not
        settled which day was the last, from the earliest that it may be, as `safe` does.
        What may be done from a day on is never late."""
        if not self.done:
            return None
        if self.deadline.limit.kind == "not before":
            return 0
        return max((date.fromisoformat(self.done) - self.safe).days, 0)


def calendar_of(book: Book) -> list[Due]:
    """What falls due in all open cases, by the safe day."""
    found = [d for c in cases(book).values() if not c.closed for d in c.dues()]
    return sorted(found, key=lambda d: (d.safe, d.case, d.deadline.limit.name))
