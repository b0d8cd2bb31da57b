"""A step was taken on a notice: the listing was taken down, the seller told, a counter-notice came, it was put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crossbook import calendars
from crossbook.book.journal import Entry
from crossbook.cases.deciding.clocks import against, changed, counted, place
from crossbook.cases.takedown import (
    ACTIONS,
    NOT_TAKEN,
    STEP,
    STEPS,
    Done,
    Takedown,
    check_past,
    check_step,
    takedown,
    takedowns,
    without,
)
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, step = takedown(opened.book, str(wish["notice"])), str(wish["step"])
    on: date = wish.get("on") or calendars.today()
    refused = against(lambda: check_past(on, calendars.today())) or against(lambda: check_step(known, step, on))
    body = {"step": step, "on": on.isoformat()}
    then = replace(known, steps=(*known.steps, Done(step=step, day=on, note="", who="", seq=_next(known))))
    same = any((s.step, s.day) == (step, on) for s in known.steps)
    return Look(
        subject=known.id,
        body={**body, "note": str(wish.get("note") or "").strip()},
        effects=()
        if refused
        else (_taken(known.id, body), *changed(counted(known.deadlines), counted(then.deadlines))),
        refused=refused,
        asks=(Question(f"notice {known.id} has {step} of {on} already", step),) if same else (),
        links=place(known.id),
    )


def _next(known: Takedown) -> int:
    return max(s.seq for s in known.steps) + 1


def _taken(name: str, body: dict[str, str]) -> str:
    return f"notice {name}: {body['step']} on {body['on']}"


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, step = takedown(opened.book, str(wish["notice"])), str(wish["step"])
    on = str(wish.get("on") or known.day(step) or calendars.today())  # the last of that name, when no day is said
    body = {"step": step, "on": on}
    then = without(known, step, on)
    refused: tuple[Objection, ...]
    if step == "notice_received":
        text = f"{step} is the notice itself"
        refused = (Objection(text, f"take the notice back: crossbook undo notice {known.id}"),)
    elif then == known:
        had = [f"{s.step} {s.day}" for s in known.steps[1:]]
        refused = (Objection(f"notice {known.id} has no {step} on {on}", f"it has {', '.join(had) or '—'}"),)
    else:
        refused = _rests_on(known, then)
    return Look(
        subject=known.id,
        body=body,
        effects=()
        if refused
        else (_not_taken(known.id, body), *changed(counted(known.deadlines), counted(then.deadlines))),
        refused=refused,
        links=place(known.id),
    )


def _rests_on(known: Takedown, then: Takedown) -> tuple[Objection, ...]:
    """Later steps that could be taken with this one, and could not without it."""
    found = []
    for s in then.steps[1:]:
        without_it = against(lambda s=s: check_step(_until(then, s), s.step, s.day))  # type: ignore[misc]
        if without_it and not against(lambda s=s: check_step(_until(known, s), s.step, s.day)):  # type: ignore[misc]
            todo = f"take that back first: crossbook undo step {known.id} {s.step} {s.day}"
            found.append(Objection(f"{s.step} of {s.day} rests on it: {without_it[0].text}", todo))
    return tuple(found)


def _until(of: Takedown, last: Done) -> Takedown:
    return replace(of, steps=tuple(s for s in of.steps if s.seq < last.seq))


def _not_taken(name: str, body: dict[str, str]) -> str:
    return f"notice {name}: {body['step']} on {body['on']} was journalled in error"


def _sentence(entry: Entry) -> str:
    return (_not_taken if entry.action == NOT_TAKEN else _taken)(entry.subject, entry.body)


def _notices(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(t.id, f"{t.id} · {t.listing} · {t.complainant}") for t in takedowns(opened.book).values()]


def _steps(opened: Opened, wish: Wish) -> list[Choice]:
    """The steps that can come next on the chosen notice; nothing until one is chosen."""
    known = takedowns(opened.book).get(str(wish.get("notice") or ""))
    if known is None:
        return []
    return [Choice(s, s) for s, before in STEPS.items() if before and all(known.day(b) is not None for b in before)]


STEP_TAKEN = Kind(
    name="step",
    title="A step was taken on a notice",
    done=STEP,
    undone=NOT_TAKEN,
    asked=(
        Asked(name="notice", text="The notice", key=True, choices=_notices),
        Asked(name="step", text="What was done, of what can come next", key=True, choices=_steps),
        Asked(name="on", text="The day on which it was done; today else", of="day", key=True, needed=False),
        Asked(name="note", text="What is to be said of it", needed=False),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject, e.body["step"], e.body["on"]),
    sentence=_sentence,
    links=lambda e: place(e.subject),
    checks=(
        "What must have come before it came, not later; the day does not lie ahead.",
        "A listing is put back only when nothing holds it down: the waiting period is over, and no suit was told of.",
    ),
    refuses=("The step cannot come yet, or the day lies ahead.",),
    asks=("The step of that day is journalled already: name it.",),
    rests_on=ACTIONS,
    approvable=False,
    adds=True,
    within="notice",
)
