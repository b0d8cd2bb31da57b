"""A note on a case, with the documents that it rests on."""

from __future__ import annotations

from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Kind, Look, Objection, Opened, Wish, by
from crossbook.watch.deciding.common import case, choices, documents, opens, page
from crossbook.watch.history import REMARK, REMARK_BACK

MOST = 10_000  # characters


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, text = case(opened, wish), str(wish["text"]).strip()
    refused = (Objection(f"a note of {len(text)} characters", f"use {MOST} at most"),) if len(text) > MOST else ()
    named = documents(opened.book, tuple(wish.get("documents") or ()))
    return Look(
        subject=known.id,
        body={"text": text, "documents": named},
        effects=() if refused else (_noted(known.id), *(f"with the document {name}" for name in named.values())),
        refused=refused,
        links=page(known.id),
    )


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known = case(opened, wish)
    if not known.told.remarks:
        text = f"there is no note on watch case {known.id}"
        text += by(opened.book.journal(), REMARK_BACK, _key, (known.id,), "taken back")
        return Look(subject=known.id, body={}, refused=(Objection(text),))
    return Look(subject=known.id, body={}, effects=(_gone(known.id),), links=page(known.id))


def _noted(case: str) -> str:
    return f"a note is kept on watch case {case}"


def _gone(case: str) -> str:
    return f"the last note on watch case {case} does not hold any more"


def _key(entry: Entry) -> tuple[str, ...]:
    return (entry.subject,)


REMARK_ON_CASE = Kind(
    name="remark",
    title="A note on a case of the watch",
    done=REMARK,
    undone=REMARK_BACK,
    asked=(
        Asked(name="case", text="The case", key=True, choices=choices),
        Asked(name="text", text="What is to be kept in mind", of="lines"),
        Asked(name="documents", text="Files of the book that it rests on", of="names", needed=False),
    ),
    look=_look,
    back=_back,
    key=_key,
    sentence=lambda e: _gone(e.subject) if e.action == REMARK_BACK else _noted(e.subject),
    links=lambda e: page(e.subject),
    checks=("The documents are files of the book.",),
    refuses=(f"It is longer than {MOST} characters.",),
    opens=opens,
    approvable=False,
    adds=True,
)
