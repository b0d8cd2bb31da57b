"""What the rules call now is taken into the queue: from today on its limits of days run, and it is not new any more."""

from __future__ import annotations

from crossbook import calendars
from crossbook.book.journal import Entry
from crossbook.decisions import Kind, Look, Objection, Opened, Wish
from crossbook.watch.deciding.common import kept, opens
from crossbook.watch.history import INTAKE, INTAKE_BACK, last_intake, told_of


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    today = calendars.today()
    told = told_of(opened.book.journal())
    cases = kept(opened)
    new = [c for c in cases if c not in told or told[c].taken_on is None]
    more = [c for c in cases if c not in new and set(cases[c]["alerts"]) - told[c].alerts]
    body = {
        "on": today.isoformat(),
        "cases": {c: cases[c] for c in (*new, *more)},
        "new": len(new),
        "grown": len(more),
    }
    return Look(
        subject="watch",
        body=body,
        effects=(f"{len(new)} cases are taken in; {len(more)} have new alerts",),
        refused=()
        if body["cases"]
        else (Objection("there is nothing new to take in", "add files, or see crossbook watch queue"),),
        idle=not body["cases"],
    )


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    last = last_intake(opened.book.journal())
    if last is None:
        return Look(subject="watch", body={}, refused=(Objection("no case was taken in"),))
    return Look(subject="watch", body={"new": last.body["new"]}, effects=(_gone(last.body["new"]),))


def _gone(new: int) -> str:
    return f"{new} cases are not taken in any more: their limits of days run anew"


def _sentence(entry: Entry) -> str:
    if entry.action == INTAKE_BACK:
        return _gone(entry.body["new"])
    return f"{entry.body['new']} cases are taken in; {entry.body['grown']} have new alerts"


INTAKE_OF_CASES = Kind(
    name="intake",
    title="What the rules of the watch call now is taken into the queue",
    done=INTAKE,
    undone=INTAKE_BACK,
    asked=(),
    look=_look,
    back=_back,
    key=lambda e: (),
    sentence=_sentence,
    links=lambda e: {"cases": "/watch"},
    checks=("The rules run on all transfers; which cases are new, and which have new alerts, is shown.",),
    refuses=("Nothing is new since the last time.",),
    opens=opens,
    rests_on=("retire", "reinstate"),
    approvable=False,
    adds=True,
)
