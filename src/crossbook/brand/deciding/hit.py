"""A listing may stay as it is, though it is near a mark: the hit was looked at and does not count."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crossbook import calendars
from crossbook.book.journal import Entry
from crossbook.brand.desk import dismissed, listing_and_mark, open_brand, queue, suits, undocumented
from crossbook.brand.letters import fold
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by, taken_back
from crossbook.errors import NotFoundError
from crossbook.trade.last_day import day_of_figures

MOST_CHOICES = 200


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    listing, mark = str(wish["listing"]), fold(str(wish["mark"]))
    hits = _hits(opened, listing, mark)
    if not hits:
        raise NotFoundError(
            f"listing {listing!r} has no hit on {wish['mark']!r}", todo="see `crossbook marks screen LISTING`"
        )
    gravest, gone = hits[0], (listing, mark) in dismissed(opened.book)
    who_did = by(opened.book.journal(), HIT.done, listing_and_mark, (listing, mark))
    return Look(
        subject=listing,
        body={"mark": mark, "level": gravest["level"], "risk": gravest["risk"]},
        effects=() if gone else _effects(opened, listing, mark, gravest),
        refused=(Objection(f"the hit on {wish['mark']!r} is set aside already{who_did}"),) if gone else (),
        asks=tuple(Question(text, gravest["mark"]) for text in _sued(opened, hits)),
        links=_page(listing),
    )


def _hits(opened: Opened, listing: str, mark: str) -> list[dict[str, Any]]:
    """The hits of a listing on marks of these letters on the book's day, the gravest first."""
    _ready(opened)
    return opened.database.rows(
        "SELECT * FROM hit WHERE listing = $listing AND folded = $mark ORDER BY risk DESC, mark",
        listing=listing,
        mark=mark,
    )


def _ready(opened: Opened) -> None:
    """Screen the listings on the book's day, unless that was done."""
    open_brand(opened.database, opened.book, day_of_figures(opened.database, calendars.today()))


def _effects(opened: Opened, listing: str, mark: str, gravest: dict[str, Any]) -> tuple[str, ...]:
    effects = [f"the hit on {gravest['mark']} does not count for {listing} any more: it was {gravest['level']}"]
    others = opened.database.rows(
        "SELECT h.mark, h.level FROM hit h LEFT JOIN dismissed_hit d ON d.listing = h.listing AND d.mark = h.folded "
        "WHERE h.listing = $listing AND h.folded <> $mark AND d.mark IS NULL ORDER BY h.risk DESC, h.mark",
        listing=listing,
        mark=mark,
    )
    if others:
        effects.append(
            f"{len(others)} more of {listing} count, the gravest on {others[0]['mark']}: {others[0]['level']}"
        )
    if any(row["listing"] == listing for row in undocumented(opened.database)):
        effects.append(f"no paper in the book shows where {listing} comes from")
    return tuple(effects)


def _sued(opened: Opened, hits: list[dict[str, Any]]) -> list[str]:
    """What is known of suits by the owners of the marks, or on the marks, that are not over."""
    day = day_of_figures(opened.database, calendars.today())
    found = []
    for owner, mark in dict.fromkeys((h["owner"] or "", h["mark"]) for h in hits):
        for suit in suits(opened.database, owner, mark):
            if suit["until"] is None or suit["until"] >= day:
                told = [str(suit[n]) for n in ("kind", "forum", "number", "day") if suit[n]]
                found.append(f"{suit['owner'] or owner or mark} sues: {', '.join(told)}")
    return list(dict.fromkeys(found))


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    listing, mark = str(wish["listing"]), str(wish["mark"])
    effects = (f"the hit on {mark} counts again for {listing}",)
    return taken_back(opened, HIT, (listing, fold(mark)), effects, f"the hit on {mark!r} is not set aside")


def _holds(opened: Opened, entry: Entry) -> tuple[Objection, ...]:
    """Whether the listing is still near the mark, and nobody sues of whom the decision did not know."""
    listing, mark = listing_and_mark(entry)
    hits = _hits(opened, listing, mark)
    if not hits:
        return (Objection(f"{listing} is not near {mark} any more", "take the decision back: nothing needs it"),)
    known = entry.body.get("yes") or ()
    todo = "take the decision back, and decide again with this in view"
    return tuple(Objection(text, todo) for text in _sued(opened, hits) if text not in known)


def _sentence(entry: Entry) -> str:
    if entry.action == "reopen hit":
        return f"the hit on {entry.body['mark']} counts again for {entry.subject}"
    return f"the hit on {entry.body['mark']} is set aside for {entry.subject}"


def _page(listing: str) -> dict[str, str]:
    return {listing: f"/screen/{quote(listing, safe='')}"}


def _open_listings(opened: Opened, wish: Wish) -> list[Choice]:
    _ready(opened)
    _, found = queue(opened.database, level="look", limit=MOST_CHOICES)
    titles = {h["listing"]: h["title"] for h in found}
    return [Choice(listing, f"{listing} · {title}") for listing, title in titles.items()]


def _open_marks(opened: Opened, wish: Wish) -> list[Choice]:
    _ready(opened)
    _, found = queue(opened.database, listing=str(wish.get("listing") or ""), limit=MOST_CHOICES)
    return [Choice(h["mark"], f"{h['mark']} · {h['owner'] or ''}") for h in found]


HIT = Kind(
    name="hit",
    title="A listing may stay as it is, though it is near a mark",
    done="dismiss hit",
    undone="reopen hit",
    asked=(
        Asked(name="listing", text="The listing, by its id", key=True, choices=_open_listings),
        Asked(name="mark", text="The mark that it is near", key=True, choices=_open_marks),
    ),
    look=_look,
    back=_back,
    key=listing_and_mark,
    sentence=_sentence,
    links=lambda e: _page(e.subject),
    checks=("The listing is near the mark on the last day of the book's files; how grave that is, is shown.",),
    refuses=("The listing is not near the mark, or the hit was set aside already.",),
    asks=("The owner sues, or somebody was sued over the mark: name the mark.",),
    why="say why the listing may stay as it is",
    rests_on=("retire", "reinstate"),
    holds=_holds,
)
