"""What is done about a case: dismissed with a reason, escalated, to be reported, reported."""

from __future__ import annotations

from datetime import date

from crossbook import calendars
from crossbook.book.accounts import users
from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by
from crossbook.decisions.standing import approvals
from crossbook.watch.casework import Case
from crossbook.watch.deciding.common import case, choices, documents, kept, opens, page
from crossbook.watch.history import INTAKE, OUTCOME, OUTCOME_BACK, OUTCOMES
from crossbook.watch.settings import settings_of

ALONE = "alone"  # what to say when nobody else approved that it is reported
DECIDED = ("dismissed", "to_report", "reported")  # what is not made another thing unasked


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, outcome = case(opened, wish), str(wish["outcome"])
    on: date = wish.get("on") or calendars.today()
    body = {
        **kept(opened).get(known.id, {"alerts": [], "parties": {}}),
        "outcome": outcome,
        "before": known.status,  # what it was made from, so that who looked at another is told
        "on": on.isoformat(),
        "state": known.state,
        "tenant": known.tenant,
        "report": known.report,
        "party": known.subject,
        "name": known.name,
        "first_on": known.first_on.isoformat(),
        "last_on": known.last_on.isoformat(),
        "score": known.score,
        "rules": list(known.rules),
        "documents": documents(opened.book, tuple(wish.get("documents") or ())),
    }
    if reference := str(wish.get("reference") or "").strip():
        body["reference"] = reference
    refused = _against(opened, known, outcome, on)
    return Look(
        subject=known.id,
        body=body,
        effects=() if refused else (_sentence_of(known.id, outcome), *_effects(known, outcome, on)),
        refused=refused,
        asks=() if refused else _asks(opened, known, outcome),
        links=page(known.id),
    )


def _against(opened: Opened, known: Case, outcome: str, on: date) -> tuple[Objection, ...]:
    if outcome not in OUTCOMES:
        return (Objection(f"a case is not {outcome!r}", f"use {', '.join(OUTCOMES)}"),)
    found = []
    if known.status == "not called":
        found.append(
            Objection(f"no rule calls watch case {known.id} any more", "what stands about it stays in the journal")
        )
    if known.status == outcome:
        text = f"watch case {known.id} is {outcome} already"
        found.append(Objection(text + by(opened.book.journal(), OUTCOME, _key, (known.id,))))
    if on > calendars.today():
        found.append(Objection(f"{on} lies ahead: a case is marked once it is so", "give a day up to today"))
    if outcome == "reported" and known.status not in ("to_report", "reported"):
        todo = f"decide that first: crossbook decide outcome {known.id} to_report"
        found.append(Objection(f"nobody decided that watch case {known.id} is to be reported, as it stands now", todo))
    elif outcome == "reported" and known.outcome and _needs_another(opened) and not _approved(opened, known):
        seq = known.outcome.seq
        found.append(
            Objection(
                f"nobody else approved entry {seq}, that watch case {known.id} is to be reported",
                f"let an approver look at it: crossbook decide approval {seq} --as NAME",
            )
        )
    return tuple(found)


def _waits(opened: Opened, entry: Entry) -> bool:
    return entry.action == OUTCOME and bool(entry.body["outcome"] == "to_report") and _needs_another(opened)


def _needs_another(opened: Opened) -> bool:
    told = settings_of(opened.book).four_eyes
    return bool(users(opened.book)) if told is None else told


def _approved(opened: Opened, known: Case) -> bool:
    return known.outcome is not None and known.outcome.seq in approvals(opened.book.journal())


def _asks(opened: Opened, known: Case, outcome: str) -> tuple[Question, ...]:
    asks = []
    if outcome == "reported" and not _needs_another(opened) and not _approved(opened, known):
        asks.append(Question(f"nobody else approved that watch case {known.id} is to be reported", ALONE))
    if known.status in DECIDED and outcome != known.status and (known.status, outcome) != ("to_report", "reported"):
        asks.append(Question(f"watch case {known.id} is {known.status}: it would be {outcome}", known.status))
    return tuple(asks)


def _effects(known: Case, outcome: str, on: date) -> tuple[str, ...]:
    found = []
    due = next((d for d in known.dues if d.day and d.name != "house"), None)
    if outcome == "reported" and due and due.day:
        late = (on - due.day).days
        found.append(f"it was due on {due.day}" + (f": {late} days late" if late > 0 else ": in time"))
    if outcome in ("dismissed", "reported"):
        found.append("it leaves the queue until an alert of it changes or a new one comes")
    return tuple(found)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known = case(opened, wish)
    if known.outcome is None:
        text = f"nothing was decided about watch case {known.id}"
        text += by(opened.book.journal(), OUTCOME_BACK, _key, (known.id,), "taken back")
        return Look(subject=known.id, body={}, refused=(Objection(text),))
    before = known.told.outcomes[-2] if len(known.told.outcomes) > 1 else None
    again = str(before.body["outcome"]) if before else "open"
    effects = [f"watch case {known.id} is not {known.outcome.body['outcome']}: it is {again} again"]
    if approved := approvals(opened.book.journal()).get(known.outcome.seq):
        effects.append(f"the approval of {approved.who} falls with it")
    body = {"outcome": known.outcome.body["outcome"], "again": again}
    return Look(subject=known.id, body=body, effects=tuple(effects), links=page(known.id))


def _key(entry: Entry) -> tuple[str, ...]:
    return (entry.subject,)


def _holds(opened: Opened, entry: Entry) -> tuple[Objection, ...]:
    """Whether the case is as it was when it was decided."""
    known = case(opened, {"case": entry.subject})
    if known.state == entry.body["state"]:
        return ()
    todo = "take the decision back, and decide again with this in view"
    return tuple(Objection(f"watch case {known.id}: {text}", todo) for text in known.changed or ("it has changed",))


def _sentence_of(case: str, outcome: str) -> str:
    return f"watch case {case} is {outcome}"


def _sentence(entry: Entry) -> str:
    if entry.action == OUTCOME_BACK:
        return f"watch case {entry.subject} is not {entry.body['outcome']}: it is {entry.body['again']} again"
    return _sentence_of(entry.subject, entry.body["outcome"])


def _outcomes(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(o, o) for o in OUTCOMES]


OUTCOME_OF_CASE = Kind(
    name="outcome",
    title="What is done about a case of the watch",
    done=OUTCOME,
    undone=OUTCOME_BACK,
    asked=(
        Asked(name="case", text="The case", key=True, choices=choices),
        Asked(name="outcome", text="What is done about it", choices=_outcomes),
        Asked(name="on", text="The day on which it was so; today else", of="day", needed=False),
        Asked(name="reference", text="The number that the authority gave it", needed=False),
        Asked(name="documents", text="Files of the book that show it", of="names", needed=False),
    ),
    look=_look,
    back=_back,
    key=_key,
    sentence=_sentence,
    links=lambda e: page(e.subject),
    checks=("The case as it stands now: its alerts, transfers and sums are kept with the decision.",),
    refuses=(
        "It stands so already, no rule calls it any more, or the day lies ahead.",
        "It is reported before somebody decided that it is to be reported and, where the book has users, another "
        "approved that.",
    ),
    asks=(
        "Nobody else approved that it is reported: `alone`.",
        "It was dismissed, was to be reported, or was reported, and becomes another thing: say so.",
    ),
    why="say what shows it, for who reads this in years",
    opens=opens,
    rests_on=("retire", "reinstate", INTAKE, "approve", "unapprove"),
    adds=True,
    holds=_holds,
    waits=_waits,
)
