"""A notice came: somebody complains of a listing, to the platform or passed on to the seller."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossbook import calendars
from crossbook.book.journal import Entry
from crossbook.cases.deciding.clocks import against, place, titled
from crossbook.cases.procedure import procedure
from crossbook.cases.takedown import ACTIONS, NEW, NOT_COME, REGIMES, SIDES, check_past, checks, takedowns
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by, taken_back
from crossbook.errors import CrossbookError, one_of

LONGEST_NAME = 80
_TEXTS = ("listing", "complainant", "seller", "right")


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    name, regime = str(wish["notice"]).strip(), one_of("regime", str(wish["regime"]), tuple(REGIMES))
    side = one_of("side", str(wish.get("side") or "seller"), SIDES)
    on: date = wish.get("on") or calendars.today()
    told = {n: str(wish.get(n) or "").strip() for n in _TEXTS}
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise CrossbookError(
            f"{name[:40]!r} is no name for a notice", todo=f"use {LONGEST_NAME} characters at most, all of them visible"
        )
    known = takedowns(opened.book)
    refused = against(lambda: check_past(on, calendars.today()))
    if name in known:
        text = f"there is a notice {name!r} already" + by(opened.book.journal(), NEW, NOTICE.key, (name,))
        refused = (Objection(text, f"add to it: crossbook decide step {name}, or choose another name"), *refused)
    body: dict[str, Any] = {
        "regime": regime,
        "side": side,
        "on": on.isoformat(),
        **told,
        "evidence": list(wish.get("evidence") or ()),
    }
    return Look(
        subject=name,
        body=body,
        effects=() if refused else (_came(name, body), *_effects(opened, regime, told["listing"])),
        refused=refused,
        asks=tuple(
            Question(f"notice {t.id} of {on} is of {t.complainant} on {t.listing}, too", t.id)
            for t in known.values()
            if (t.listing, t.complainant, t.day("notice_received")) == (told["listing"], told["complainant"], on)
            and t.id != name
        ),
        links=place(name),
    )


def _effects(opened: Opened, regime: str, listing: str) -> tuple[str, ...]:
    """What the book knows of the listing, and how much a notice must hold."""
    rows = opened.database.rows("SELECT title FROM listing WHERE listing = $listing LIMIT 1", listing=listing)
    wanted = sum(law == regime and c.of == "notice" for law, c in checks())
    known = f"{listing} is a listing of the book: {rows[0]['title']}" if rows else f"no listing {listing} in the book"
    return (known, f"{wanted} things to check in the notice")


def _came(name: str, body: dict[str, Any]) -> str:
    return f"notice {name} came on {body['on']}: {body['complainant']} on {body['listing']}"


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    name = str(wish["notice"])
    known = takedowns(opened.book).get(name)
    effects = (f"notice {name} is gone: it was journalled in error",)
    found = taken_back(opened, NOTICE, (name,), effects, f"there is no notice {name!r}")
    more = len(known.steps) - 1 if known else 0
    asks = (Question(f"{more} steps of notice {name} go with it", name),) if more else ()
    return Look(subject=name, body={}, effects=found.effects, refused=found.refused, asks=asks, links=place(name))


def _sentence(entry: Entry) -> str:
    if entry.action == NOT_COME:
        return f"notice {entry.subject} is gone: it was journalled in error"
    return _came(entry.subject, entry.body)


def _regimes(opened: Opened, wish: Wish) -> list[Choice]:
    return [titled(name, p.title, p.title_zh) for name, p in ((n, procedure(of)) for n, of in REGIMES.items())]


def _sides(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(side, side) for side in SIDES]


NOTICE = Kind(
    name="notice",
    title="A notice of infringement came",
    done=NEW,
    undone=NOT_COME,
    asked=(
        Asked(name="notice", text="A name for it", key=True),
        Asked(name="regime", text="The law that it is under", choices=_regimes),
        Asked(name="listing", text="The listing that it is about"),
        Asked(name="complainant", text="Who complains"),
        Asked(name="side", text="Who keeps this book: the seller, or the platform", needed=False, choices=_sides),
        Asked(name="seller", text="Whose listing it is", needed=False),
        Asked(name="right", text="The mark or work", needed=False),
        Asked(name="evidence", text="The papers that came with it", of="names", needed=False),
        Asked(name="on", text="The day on which it came; today else", of="day", needed=False),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=lambda e: place(e.subject),
    checks=("The day does not lie ahead; whether the book knows the listing, and what a notice must hold, is shown.",),
    refuses=("A notice of this name came already, or the day lies ahead.",),
    asks=("Another notice of the same complainant on the same listing came that day: name it.",),
    rests_on=ACTIONS,
    approvable=False,
)
