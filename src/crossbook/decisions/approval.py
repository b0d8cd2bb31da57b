"""Approving: the four-eyes rule. A decision is approved by someone other than who prepared it; both logged in."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.book.accounts import users
from crossbook.book.book import Book
from crossbook.book.journal import Entry
from crossbook.book.people import alike
from crossbook.decisions.deciding import taken_back
from crossbook.decisions.kind import ANY, Asked, Kind, Look, Objection, Opened, Wish
from crossbook.decisions.registry import kinds
from crossbook.decisions.standing import approvals
from crossbook.decisions.telling import BROKEN, UNREAD, Told, journal
from crossbook.errors import NotFoundError


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """What an entry waits for: as a sentence, and the command of whoever does it (empty where nobody can)."""

    text: str
    command: str


def awaited(opened: Opened, kind: Kind, entry: Entry) -> Awaited | None:
    """The approval that a decision needs before the next may be made, or that another may give in a book with users.
    None where neither is so."""
    if not kind.approvable or entry.action != kind.done:
        return None
    needed = kind.waits is not None and kind.waits(opened, entry)
    if not needed and not users(opened.book):
        return None
    seq = entry.seq
    if _told(opened.book, seq).unproved:
        text = (
            f"entry {seq} needs an approval and nobody can give it, for nothing shows who made it: take it back, and "
            "decide it with --as NAME or --key FILE"
        )
        return Awaited(text=text, command="") if needed else None
    said = f"entry {seq} needs another's approval" if needed else f"another may approve entry {seq}"
    return Awaited(text=said, command=f"crossbook decide approval {seq} --as NAME")


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    seq = _number(wish)
    told = _told(opened.book, seq)
    entry = told.entry
    against = _against(told, who)
    kind = next((k for k in kinds().values() if k.name == told.kind), None)
    if kind is not None and kind.holds is not None and entry.action == kind.done and not against:
        against += kind.holds(opened, entry)
    return Look(
        subject=entry.subject,
        body={"entry": seq, "hash": entry.hash},
        effects=(told.text,),
        refused=against,
        links=told.links,
    )


def _against(told: Told, who: str | None) -> tuple[Objection, ...]:
    seq, entry = told.seq, told.entry
    if not told.approvable:
        return (Objection(f"entry {seq} ({entry.action}) needs no approval"),)
    if told.approved_by:
        return (Objection(f"entry {seq} was approved by {told.approved_by}"),)
    if not told.standing:
        return (Objection(f"entry {seq} was taken back, or another came in its place"),)
    if who is None:
        return (
            Objection(
                "an approval is given by someone who logged in or signs",
                "approve it in the browser, or with --as NAME or --key FILE",
            ),
        )
    if entry.who == who:
        return (Objection(f"{who} prepared entry {seq} and cannot approve it", "ask another approver to look at it"),)
    if alike(entry.who, who):
        return (
            Objection(
                f"{entry.who} prepared entry {seq}, and {who} looks like the same name",
                "ask an approver whose name nobody confuses with it",
            ),
        )
    if told.proof == BROKEN:
        return (Objection(f"the signature of entry {seq} does not hold", "see what is wrong: crossbook book check"),)
    if told.proof == UNREAD:
        return (Objection(f"the signature of entry {seq} cannot be looked at here", "pip install 'crossbook[sign]'"),)
    if told.unproved:
        return (
            Objection(
                f"entry {seq} was made without logging in: nothing shows that {entry.who} is not {who}",
                "take it back and let its maker decide it in the browser, or with --as NAME or --key FILE",
            ),
        )
    return ()


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    seq = _number(wish)
    told = _told(opened.book, seq)
    given = approvals(opened.book.journal()).get(seq)
    found = taken_back(
        opened, APPROVAL, (str(seq),), (f"entry {seq} waits for approval again",), f"entry {seq} is not approved"
    )
    if given and given.who != who:
        against = Objection(f"{given.who} gave the approval of entry {seq}", "only who gave it takes it back")
        return Look(subject=told.entry.subject, body={}, refused=(against,))
    return Look(
        subject=told.entry.subject, body={"entry": seq}, effects=found.effects, refused=found.refused, links=told.links
    )


def _number(wish: Wish) -> int:
    return int(wish["entry"])


def _told(book: Book, seq: int) -> Told:
    found = next((t for t in journal(book) if t.seq == seq), None)
    if found is None:
        raise NotFoundError(f"the journal has no decision {seq}", todo="see `crossbook decisions`")
    return found


def _links(entry: Entry) -> dict[str, str]:
    return {f"entry {entry.body['entry']}": f"/journal#entry-{entry.body['entry']}"}


APPROVAL = Kind(
    name="approval",
    title="A decision that someone else prepared is right",
    done="approve",
    undone="unapprove",
    asked=(Asked(name="entry", text="The number of its entry in the journal", of="number", key=True),),
    look=_look,
    back=_back,
    key=lambda e: (str(e.body["entry"]),),
    sentence=lambda e: (
        f"entry {e.body['entry']} is approved"
        if e.action == "approve"
        else f"entry {e.body['entry']} is not approved any more"
    ),
    links=_links,
    checks=("The decision is held against the facts once more, as when it was made.",),
    refuses=(
        "The decision was taken back, was approved already, or is of a kind that needs no approval.",
        "Who approves it prepared it, or nobody logged in or signed to prepare it.",
        "What it rests on does not hold any more.",
    ),
    rests_on=(ANY,),  # what it approves may be taken back by any kind, and what that rests on may change
    approvable=False,
    role="approver",
)
