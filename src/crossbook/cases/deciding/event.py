"""Something happened in a case, on a day: from then on time limits run, and others do not any more."""

from __future__ import annotations

from datetime import date

from crossbook.book.journal import Entry
from crossbook.cases.case import ACTIONS, CHANGED, NOT_HAPPENED, OPENED, Case, case, cases, with_told
from crossbook.cases.deciding.case import ahead
from crossbook.cases.deciding.clocks import against, changed, closed, counted, open_cases, page, titled
from crossbook.cases.procedure import procedure
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, event = case(opened.book, str(wish["case"])), str(wish["event"])
    on: date = wish["on"]
    body = {"happened": {event: on.isoformat()}}
    then = with_told(known, body)
    refused = (*closed(known), *against(then.deadlines))
    asks, before = ahead(event, on), known.happened.get(event)
    if before == on:
        text = f"case {known.name} has {event} on {on} already"
        told = by(opened.book.journal(), CHANGED, EVENT.key, (known.name, event))
        refused = (*refused, Objection(text + told))
    elif before:
        text = f"case {known.name} has {event} on {before}: that is replaced"
        asks = (*asks, Question(text, before.isoformat()))
    return Look(
        subject=known.name,
        body=body,
        effects=() if refused else (f"case {known.name}: {event} {on}", *_effects(known, then)),
        refused=refused,
        asks=() if before == on else asks,
        links=page(known.name),
    )


def _effects(before: Case, after: Case) -> tuple[str, ...]:
    """How the time limits change, and which that were kept do not run then."""
    then = counted(after.deadlines)
    runs = {d.limit.name for d in then}
    idle = [f"{name} was kept on {day}" for name, day in after.done.items() if name not in runs]
    return (*changed(counted(before.deadlines), then), *idle)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, event = case(opened.book, str(wish["case"])), str(wish.get("event") or "")
    if event not in known.happened:
        text = f"case {known.name} has no event {event!r}"
        text += by(opened.book.journal(), NOT_HAPPENED, EVENT.key, (known.name, event), "taken back")
        todo = f"name one of {', '.join(known.happened)}" if known.happened else ""
        return Look(subject=known.name, body={"event": event}, refused=(Objection(text, todo),))
    earlier = _day_before(opened.book.journal(), known.name, event)
    then = with_told(known, {"happened": {event: earlier}})
    return Look(
        subject=known.name,
        body={"event": event, **({"on": earlier} if earlier else {})},
        effects=(_taken_back(known.name, event, earlier), *_effects(known, then)),
        refused=closed(known),
        links=page(known.name),
    )


def _day_before(entries: list[Entry], name: str, event: str) -> str:
    """The day of an event that the one told last replaced; empty when it replaced none."""
    days: list[str] = []
    for e in entries:
        if e.subject == name and e.action == OPENED:
            days = [e.body["happened"][event]] if event in e.body.get("happened", {}) else []
        elif e.subject == name and e.action == CHANGED and event in (e.body.get("happened") or {}):
            days.append(e.body["happened"][event])
        elif e.action == NOT_HAPPENED and _key(e) == (name, event):
            days = days[:-1]
    return days[-2] if len(days) > 1 else ""


def _taken_back(name: str, event: str, earlier: str) -> str:
    return f"{event} of case {name} is on {earlier} again" if earlier else f"{event} did not happen in case {name}"


def _key(entry: Entry) -> tuple[str, str]:
    """Case and event; no event for an entry of before 0.8 that tells of none, or of several."""
    if entry.action == NOT_HAPPENED:
        return entry.subject, entry.body["event"]
    happened = list(entry.body.get("happened") or {})
    return entry.subject, happened[0] if len(happened) == 1 else ""


def _sentence(entry: Entry) -> str:
    if entry.action == NOT_HAPPENED:
        return _taken_back(entry.subject, entry.body["event"], entry.body.get("on", ""))
    body = entry.body
    known = [f"{k} {v}" for part in ("happened", "done") for k, v in (body.get(part) or {}).items()]
    known += [" ".join(body[part]) for part in ("skus", "accounts") if body.get(part)]
    return f"case {entry.subject}: {', '.join([*known, *([body['right']] if body.get('right') else [])]) or '—'}"


def _events(opened: Opened, wish: Wish) -> list[Choice]:
    """What happens in the procedure of the chosen case; nothing until one is chosen."""
    known = cases(opened.book).get(str(wish.get("case") or ""))
    return [titled(e.name, e.title, e.title_zh) for e in procedure(known.procedure).events] if known else []


EVENT = Kind(
    name="event",
    title="Something happened in a case",
    done=CHANGED,
    undone=NOT_HAPPENED,
    asked=(
        Asked(name="case", text="The case", key=True, choices=open_cases),
        Asked(name="event", text="What happened, of its procedure", key=True, choices=_events),
        Asked(name="on", text="The day on which it happened", of="day"),
    ),
    look=_look,
    back=_back,
    key=_key,
    sentence=_sentence,
    links=lambda e: page(e.subject),
    checks=("It is an event of the procedure, in an order that can be; what falls due then, and what not, is shown.",),
    refuses=("The case is closed, has the event on this day already, or the days contradict each other.",),
    asks=("The day lies ahead.", "The case has the event on another day: name that day."),
    rests_on=ACTIONS,
    approvable=False,
    adds=True,
    within="case",
)
