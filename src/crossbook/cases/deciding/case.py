"""A case is open: a letter, a complaint or an order came, or one of our own went out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from crossbook import calendars
from crossbook.book.journal import Entry
from crossbook.cases.case import ACTIONS, LISTS, OPENED, RIGHTS, TEXTS, WITHDRAWN, Case, cases, with_told
from crossbook.cases.deciding.clocks import against, changed, counted, page, titled
from crossbook.cases.procedure import names, procedure
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by, taken_back
from crossbook.errors import CrossbookError, one_of
from crossbook.trade.accounts import accounts

_NAME = re.compile(r"[\w.-]{1,40}")


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    name, of = str(wish["case"]), procedure(str(wish["procedure"]))
    if not _NAME.fullmatch(name):
        raise CrossbookError(f"{name!r} is no name for a case", todo="use letters, digits, - and _, forty at most")
    body = {"procedure": of.name, **told_of(opened, wish)}
    happened: dict[str, date] = wish.get("happened") or {}
    if happened:
        body["happened"] = {event: day.isoformat() for event, day in happened.items()}
    runs = with_told(Case(name, of.name), body).deadlines
    refused = against(runs)
    if name in cases(opened.book):
        text = f"there is a case {name!r} already" + by(opened.book.journal(), OPENED, CASE.key, (name,))
        refused = (Objection(text, f"add to it: crossbook decide event {name}, or choose another name"), *refused)
    return Look(
        subject=name,
        body=body,
        effects=() if refused else (_sentence_of(name, of.name), *changed((), counted(runs))),
        refused=refused,
        asks=tuple(q for event, day in happened.items() for q in ahead(event, day)),
        links=page(name),
    )


def told_of(opened: Opened, wish: Wish) -> dict[str, Any]:
    """What a person told of a case, as the journal has it. Raises CrossbookError for what the book does not know."""
    body: dict[str, Any] = {n: str(wish[n]).strip() for n in TEXTS if wish.get(n)}
    body |= {n: list(wish[n]) for n in LISTS if wish.get(n)}
    one_of("right", body.get("right", ""), RIGHTS)
    if "state" in body:
        body["state"] = body["state"].upper()
    if "letter" in body:
        body["letter"] = opened.book.find_evidence(body["letter"])["sha"]
    known = accounts(opened.book, opened.database) if body.get("accounts") else ()
    for account in body.get("accounts", ()) if known else ():
        one_of("account", account, known)
    return body


def ahead(what: str, day: date) -> tuple[Question, ...]:
    """A day to come: nothing has happened on it yet."""
    return (Question(f"{what}: {day} lies ahead", day.isoformat()),) if day > calendars.today() else ()


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    name = str(wish["case"])
    known = cases(opened.book).get(name)
    found = taken_back(
        opened, CASE, (name,), (f"case {name} is gone: it was opened in error",), f"there is no case {name!r}"
    )
    more = len(known.seqs) - 1 if known else 0
    asks = (Question(f"{more} further entries of case {name} go with it", name),) if more else ()
    return Look(
        subject=name,
        body={},
        effects=found.effects,
        refused=found.refused,
        asks=asks,
        links={} if more else found.links,
    )


def _sentence_of(name: str, of: str) -> str:
    return f"case {name} is open: {of}"


def _sentence(entry: Entry) -> str:
    if entry.action == WITHDRAWN:
        return f"case {entry.subject} is gone: it was opened in error"
    return _sentence_of(entry.subject, entry.body["procedure"])


def _procedures(opened: Opened, wish: Wish) -> list[Choice]:
    return [titled(p.name, p.title, p.title_zh) for p in map(procedure, names())]


def _events(opened: Opened, wish: Wish) -> list[Choice]:
    """What happens in the chosen procedure; nothing until one is chosen."""
    if wish.get("procedure") not in names():
        return []
    return [titled(e.name, e.title, e.title_zh) for e in procedure(str(wish["procedure"])).events]


def rights(opened: Opened, wish: Wish) -> list[Choice]:
    """Which kinds of rights a case may be on."""
    return [Choice(r, r) for r in RIGHTS]


def named_accounts(opened: Opened, wish: Wish) -> list[Choice]:
    """The accounts that the book knows."""
    return [Choice(a, a) for a in accounts(opened.book, opened.database)]


CASE = Kind(
    name="case",
    title="A case is open",
    done=OPENED,
    undone=WITHDRAWN,
    asked=(
        Asked(name="case", text="A name for it", key=True),
        Asked(name="procedure", text="The procedure that it runs in", choices=_procedures),
        Asked(name="happened", text="What happened, and on which day", of="days", needed=False, choices=_events),
        Asked(name="letter", text="The letter, complaint or order, by its name in the book", needed=False),
        Asked(name="skus", text="The accused products", of="words", needed=False),
        Asked(name="accounts", text="The frozen accounts", of="words", needed=False, choices=named_accounts),
        Asked(name="state", text="Where the federal court sits: IL", needed=False),
        Asked(name="court", text="The court or office", needed=False),
        Asked(name="docket", text="Its number", needed=False),
        Asked(name="parties", text="Who against whom", needed=False),
        Asked(name="mark", text="The mark or work", needed=False),
        Asked(name="right", text="Which right it is on", needed=False, choices=rights),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=lambda e: {} if e.action == WITHDRAWN else page(e.subject),
    checks=(
        "The events are those of the procedure, in an order that can be; what falls due then is shown.",
        "The letter is in the book; the accounts are those that it knows.",
    ),
    refuses=("A case of this name is open, or was; the days contradict each other.",),
    asks=("A day lies ahead.",),
    rests_on=ACTIONS,
    approvable=False,
)
