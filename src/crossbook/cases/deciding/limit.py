"""A time limit of a case was kept: what had to be done was done on a day."""

from __future__ import annotations

from datetime import date

from crossbook import calendars
from crossbook.book.journal import Entry
from crossbook.cases.case import ACTIONS, KEPT, NOT_KEPT, Case, case, cases
from crossbook.cases.deciding.clocks import closed, counted, open_cases, page, titled
from crossbook.cases.procedure import Deadline
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, limit = case(opened.book, str(wish["case"])), str(wish["limit"])
    on: date = wish.get("on") or calendars.today()
    runs = next((d for d in counted(known.deadlines) if d.limit.name == limit), None)
    against = _against(opened, known, limit, runs, on)
    return Look(
        subject=known.name,
        body={"limit": limit, "on": on.isoformat()},
        effects=() if against else (_kept(known.name, limit, on),),
        refused=against,
        asks=_asks(runs, on) if runs else (),
        links=page(known.name),
    )


def _against(opened: Opened, known: Case, limit: str, runs: Deadline | None, on: date) -> tuple[Objection, ...]:
    found = list(closed(known))
    if runs is None:
        return (*found, Objection(f"{limit!r} does not run in {known.name}", f"see crossbook cases show {known.name}"))
    if limit in known.done:
        text = f"{limit} was kept on {known.done[limit]}" + by(
            opened.book.journal(), KEPT, LIMIT.key, (known.name, limit)
        )
        found.append(Objection(text, f"take that back first: crossbook undo limit {known.name} {limit}"))
    if on > calendars.today():
        found.append(Objection(f"{limit}: {on} lies ahead", f"give a day up to {calendars.today()}"))
    if on < runs.start.earliest and runs.limit.length > 0:
        found.append(Objection(f"{limit} runs from {runs.start.earliest}, after {on}", "correct the day"))
    return tuple(found)


def _asks(runs: Deadline, on: date) -> tuple[Question, ...]:
    """Done too late, or before it might be."""
    name, due = runs.limit.name, runs.due
    if runs.limit.kind == "not before":
        early = (due.latest - on).days
        text = f"{name}: {on} is {early} days before it may be done, on {due.latest}"
        return (Question(text, on.isoformat()),) if early > 0 else ()
    late = (on - due.earliest).days
    return (Question(f"{name}: {on} is {late} days after {due.earliest}", on.isoformat()),) if late > 0 else ()


def _kept(name: str, limit: str, on: date | str) -> str:
    return f"case {name}: {limit} was kept on {on}"


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, limit = case(opened.book, str(wish["case"])), str(wish["limit"])
    against = closed(known)
    if limit not in known.done:
        text = f"{limit} is not marked as kept in case {known.name}"
        text += by(opened.book.journal(), NOT_KEPT, LIMIT.key, (known.name, limit), "taken back")
        against = (Objection(text),)
    return Look(
        subject=known.name,
        body={"limit": limit},
        effects=() if against else (_not_kept(known.name, limit), *_again(known, limit)),
        refused=against,
        links=page(known.name),
    )


def _again(known: Case, limit: str) -> tuple[str, ...]:
    return tuple(f"{limit}: {d.limit.kind} {d.due.earliest}" for d in counted(known.deadlines) if d.limit.name == limit)


def _not_kept(name: str, limit: str) -> str:
    return f"case {name}: {limit} was not kept"


def _sentence(entry: Entry) -> str:
    if entry.action == NOT_KEPT:
        return _not_kept(entry.subject, entry.body["limit"])
    return _kept(entry.subject, entry.body["limit"], entry.body["on"])


def _running(opened: Opened, wish: Wish) -> list[Choice]:
    """What runs in the chosen case and was not kept yet; nothing until one is chosen."""
    known = cases(opened.book).get(str(wish.get("case") or ""))
    runs = [d.limit for d in counted(known.deadlines) if d.limit.name not in known.done] if known else []
    return [titled(x.name, x.title, x.title_zh) for x in runs]


LIMIT = Kind(
    name="limit",
    title="A time limit was kept",
    done=KEPT,
    undone=NOT_KEPT,
    asked=(
        Asked(name="case", text="The case", key=True, choices=open_cases),
        Asked(name="limit", text="The time limit, of those that run in it", key=True, choices=_running),
        Asked(name="on", text="The day on which it was done; today else", of="day", needed=False),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject, e.body["limit"]),
    sentence=_sentence,
    links=lambda e: page(e.subject),
    checks=("The limit runs in the case; the day lies in it, and not ahead.",),
    refuses=("The limit does not run, was kept already, or had not begun; the case is closed; the day lies ahead.",),
    asks=("It was done after the last day, or before the first: name the day.",),
    rests_on=ACTIONS,
    approvable=False,
    within="case",
)
