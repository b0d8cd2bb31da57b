"""Taking a file of evidence out of use: the file stays in the book, and so does the decision."""

from __future__ import annotations

from crossbook.book.journal import Entry
from crossbook.decisions.deciding import taken_back
from crossbook.decisions.kind import Asked, Kind, Look, Objection, Opened, Wish
from crossbook.decisions.standing import by


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    found = opened.book.find_evidence(str(wish["file"]))
    name, facts = str(found["name"]), found["facts"]
    rows = ", ".join(f"{n:,} {kind}" for kind, n in sorted(facts.items())) or "no facts"
    against: tuple[Objection, ...] = ()
    if found["sha"] in opened.book.retired():
        text = f"{name} is out of use already" + by(opened.book.journal(), FILE.done, FILE.key, (found["sha"],))
        against = (Objection(text, f"take that back first: crossbook undo file {found['sha'][:12]}"),)
    return Look(
        subject=found["sha"],
        body={"name": name},
        effects=(f"{name} is no longer used: {rows}",),
        refused=against,
        links={name: f"/evidence/{found['sha']}"},
    )


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    found = opened.book.find_evidence(str(wish["file"]))
    name = str(found["name"])
    look = taken_back(opened, FILE, (found["sha"],), (f"{name} is in use again",), f"{name} is in use")
    return Look(subject=found["sha"], body={"name": name}, effects=look.effects, refused=look.refused, links=look.links)


def _sentence(entry: Entry) -> str:
    name = entry.body["name"]
    return f"{name} is no longer used" if entry.action == "retire" else f"{name} is in use again"


FILE = Kind(
    name="file",
    title="A file of evidence is not to be used",
    done="retire",
    undone="reinstate",
    asked=(Asked(name="file", text="Its name, or the start of its SHA-256", key=True),),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=lambda e: {str(e.body["name"]): f"/evidence/{e.subject}"},
    checks=("It is in the book, exactly one file has the name, and it is in use.",),
    refuses=("It is out of use already.",),
)
