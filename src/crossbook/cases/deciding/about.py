"""What a case concerns, as it becomes known: accused products, frozen accounts, the court, the right."""

from __future__ import annotations

from crossbook.book.journal import Entry
from crossbook.cases.case import (
    ABOUT,
    ACTIONS,
    LISTS,
    NOT_ABOUT,
    TEXTS,
    Case,
    before_last,
    case,
    with_told,
)
from crossbook.cases.deciding.case import named_accounts, rights, told_of
from crossbook.cases.deciding.clocks import against, changed, closed, counted, open_cases, page
from crossbook.decisions import Asked, Kind, Look, Objection, Opened, Wish

_TOLD = (*TEXTS, *LISTS)
_LABELS = {n: n for n in _TOLD} | {"state": "state of the court", "skus": "accused", "accounts": "frozen accounts"}


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known = case(opened.book, str(wish["case"]))
    body = told_of(opened, wish)
    then = with_told(known, body)
    refused = (*closed(known), *against(then.deadlines))
    if not body:
        refused = (*refused, Objection("nothing is said of the case", "say what became known of it"))
    elif then == known:
        refused = (*refused, Objection(f"case {known.name} says so already"))
    return Look(
        subject=known.name,
        body=body,
        effects=() if refused else _effects(known, then),
        refused=refused,
        links=page(known.name),
    )


def _effects(before: Case, after: Case) -> tuple[str, ...]:
    return (*_differences(before, after), *changed(counted(before.deadlines), counted(after.deadlines)))


def _differences(before: Case, after: Case) -> tuple[str, ...]:
    """What is told of the case then, beside what was."""
    found = []
    for name in _TOLD:
        was, now = (_words(getattr(c, name)) for c in (before, after))
        if now != was:
            found.append(f"case {after.name}, {_LABELS[name]}: {now or '—'}" + (f", not {was}" if was else ""))
    return tuple(found)


def _words(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known = case(opened.book, str(wish["case"]))
    then = before_last(opened.book, known.name, ABOUT)
    if then is None:
        text = f"nothing was told of case {known.name} that could be taken back"
        return Look(subject=known.name, body={}, refused=(Objection(text),))
    return Look(
        subject=known.name,
        body={},
        effects=_effects(known, then),
        refused=closed(known),
        links=page(known.name),
    )


def _sentence(entry: Entry) -> str:
    if entry.action == NOT_ABOUT:
        return f"case {entry.subject} says again what it said before"
    told = [_words(entry.body[n]) for n in _TOLD if entry.body.get(n)]
    return f"case {entry.subject}: {', '.join(told)}"


ABOUT_CASE = Kind(
    name="about",
    title="What a case concerns became known",
    done=ABOUT,
    undone=NOT_ABOUT,
    asked=(
        Asked(name="case", text="The case", key=True, choices=open_cases),
        Asked(name="skus", text="The accused products", of="words", needed=False),
        Asked(name="accounts", text="The frozen accounts", of="words", needed=False, choices=named_accounts),
        Asked(name="right", text="Which right it is on", needed=False, choices=rights),
        Asked(name="state", text="Where the federal court sits: IL", needed=False),
        Asked(name="court", text="The court or office", needed=False),
        Asked(name="docket", text="Its number", needed=False),
        Asked(name="parties", text="Who against whom", needed=False),
        Asked(name="mark", text="The mark or work", needed=False),
        Asked(name="letter", text="The letter, complaint or order, by its name in the book", needed=False),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=lambda e: page(e.subject),
    checks=("The accounts and the letter are in the book; what is told instead of what, is shown.",),
    refuses=("The case is closed, or says so already.",),
    rests_on=ACTIONS,
    approvable=False,
    adds=True,
    within="case",
)
