"""A case is over, and how it ended."""

from __future__ import annotations

from crossbook.book.journal import Entry
from crossbook.cases.case import ACTIONS, CLOSED, REOPENED, Case, case
from crossbook.cases.deciding.clocks import counted, open_cases, page
from crossbook.cases.procedure import Deadline
from crossbook.decisions import Asked, Kind, Look, Objection, Opened, Question, Wish, by


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known = case(opened.book, str(wish["case"]))
    todo = f"crossbook undo closing {known.name} takes that back"
    text = f"the case {known.name!r} is closed already" + by(opened.book.journal(), CLOSED, CLOSING.key, (known.name,))
    against = (Objection(text, todo),) if known.closed else ()
    runs = _unkept(known)
    left = (f"{len(runs)} time limits leave the calendar",) if runs else ()
    return Look(
        subject=known.name,
        body={},
        effects=() if against else (f"case {known.name} is closed", *left),
        refused=against,
        asks=tuple(
            Question(f"{d.limit.name}: {d.limit.kind} {d.due.earliest}, and not kept", d.limit.name)
            for d in runs
            if d.limit.kind == "act by"
        ),
        links=page(known.name),
    )


def _unkept(known: Case) -> list[Deadline]:
    return [d for d in counted(known.deadlines) if d.limit.name not in known.done]


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known = case(opened.book, str(wish["case"]))
    runs = _unkept(known)
    again = (f"{len(runs)} time limits are in the calendar again",) if runs else ()
    reopened = by(opened.book.journal(), REOPENED, CLOSING.key, (known.name,), "taken back")
    text = f"the case {known.name!r} is not closed{reopened}"
    return Look(
        subject=known.name,
        body={},
        effects=(f"case {known.name} is open again", *again) if known.closed else (),
        refused=() if known.closed else (Objection(text),),
        links=page(known.name),
    )


def _sentence(entry: Entry) -> str:
    return f"case {entry.subject} is " + ("closed" if entry.action == CLOSED else "open again")


CLOSING = Kind(
    name="closing",
    title="A case is over",
    done=CLOSED,
    undone=REOPENED,
    asked=(Asked(name="case", text="The case", key=True, choices=open_cases),),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=lambda e: page(e.subject),
    checks=("What still runs in the case, and was not kept.",),
    refuses=("The case is closed already.",),
    asks=("Something was to be done in it and is not marked as kept: name each.",),
    why="say how it ended",
    rests_on=ACTIONS,
    approvable=False,
    within="case",
)
