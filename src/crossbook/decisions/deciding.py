"""Deciding and taking back: the one place for the command line, the pages and the API.

A decision is looked at (`look`), held against the facts and the journal of that moment, and appended in the transaction
that finds the journal as it was looked at: of two at one moment that touch each other, the second looks again, and is
refused where the first is in its way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from crossbook.book import keys
from crossbook.book.journal import Entry
from crossbook.book.signing import SigningKey
from crossbook.decisions.errors import AskedError, ChangedError, RefusedError
from crossbook.decisions.kind import ANY, REINSTATED, RETIRED, Kind, Look, Objection, Opened, Wish
from crossbook.decisions.saying import said
from crossbook.decisions.standing import approvals, by, standing
from crossbook.errors import CrossbookError

TRIES = 20  # others may decide on other things meanwhile


class _MovedError(Exception):
    """Somebody decided meanwhile on what this decision rests on."""


def look(opened: Opened, kind: Kind, wish: Wish, who: str | None = None) -> Look:
    """What deciding would do now. Raises CrossbookError where what was said names nothing."""
    return _with_reason(kind, kind.look(opened, said(kind, kind.asked, wish), who), wish)


def look_back(opened: Opened, kind: Kind, wish: Wish, who: str | None = None) -> Look:
    """What taking the decision back would do now. Raises CrossbookError where what was said names nothing."""
    if not kind.undone:
        raise CrossbookError(f"a {kind.name} is not taken back", todo="say what happened since, as a new entry")
    found = kind.back(opened, said(kind, kind.keys, wish), who)
    why = str(wish.get("why") or "").strip()
    return replace(found, body={**found.body, **({"why": why} if why else {})})


def decide(
    opened: Opened,
    kind: Kind,
    wish: Wish,
    *,
    who: str | None = None,
    yes: Collection[str] = (),
    seen: str = "",
    key: SigningKey | None = None,
) -> Entry:
    """Journal a decision.

    `who` logged in, or has the `key` that signs it. `yes` holds the answers to its questions, `seen` the `Look.seen` of
    what was shown before, if anything was. Raises RefusedError where it cannot be, AskedError while a question is open,
    ChangedError where it is not as it was shown.
    """
    return _append(opened, kind, kind.done, lambda: look(opened, kind, wish, who), who, yes, seen, key)


def undo(
    opened: Opened,
    kind: Kind,
    wish: Wish,
    *,
    who: str | None = None,
    yes: Collection[str] = (),
    seen: str = "",
    key: SigningKey | None = None,
) -> Entry:
    """Journal that a decision is taken back; `wish` names it. Raises as `decide` does."""
    return _append(opened, kind, kind.undone, lambda: look_back(opened, kind, wish, who), who, yes, seen, key)


def taken_back(
    opened: Opened, kind: Kind, named: tuple[str, ...], effects: tuple[str, ...], nothing: str, todo: str = ""
) -> Look:
    """The look of taking back what stands under the key `named`; refused with the words `nothing` when nothing does."""
    entries = opened.book.journal()
    entry = standing(entries, kind.done, kind.undone, kind.key).get(named)
    if entry is None:
        text = nothing + by(entries, kind.undone, kind.key, named, "taken back")
        return Look(subject=named[0], body={}, refused=(Objection(text, todo),))
    approved = approvals(entries).get(entry.seq)
    if approved:
        effects = (*effects, f"the approval of {approved.who} falls with it")
    keyed = {a.name: v for a, v in zip(kind.keys[1:], named[1:], strict=True)}
    return Look(subject=entry.subject, body=keyed, effects=effects, links=kind.links(entry))


def _append(
    opened: Opened,
    kind: Kind,
    action: str,
    now: Callable[[], Look],
    who: str | None,
    yes: Collection[str],
    seen: str,
    key: SigningKey | None,
) -> Entry:
    for _ in range(TRIES):
        entries = opened.book.journal()
        ground = _last(entries, kind.actions)
        if kind.rests_on_files and not _as_used(opened, entries):
            raise CrossbookError(
                "the book has changed since these figures were made", todo="look at them and try again"
            )
        found = now()
        if found.refused:
            raise RefusedError(kind, found)
        if seen and seen != found.seen:
            raise ChangedError(kind, found)
        if any(q.answer not in yes for q in found.asks):
            raise AskedError(kind, found)
        body = {**found.body, **({"yes": [q.text for q in found.asks]} if found.asks else {})}

        def unmoved(entries: list[Entry], ground: int = ground) -> None:
            if _last(entries, kind.actions) != ground:
                raise _MovedError
            if key is not None:
                keys.check_holds(entries, str(who), key.public)

        try:
            entry = opened.book.decide(action, found.subject, body, who, check=unmoved, key=key)
        except _MovedError:
            continue
        if kind.after is not None:
            kind.after(opened, entry)
        return entry
    raise CrossbookError("others are deciding at this moment", todo="try again")


def _as_used(opened: Opened, entries: Iterable[Entry]) -> bool:
    """Whether the tables were made with and without those files that people said are, and are not, to be used."""
    used = {e.subject: e.action == REINSTATED for e in entries if e.action in (RETIRED, REINSTATED)}
    if not used:
        return True
    held = {row["sha"] for row in opened.database.rows("SELECT sha FROM evidence")}
    return all((sha in held) == use for sha, use in used.items())


def _last(entries: Iterable[Entry], actions: Collection[str]) -> int:
    """The number of the last entry with one of these actions, or any; 0 when there is none."""
    return max((e.seq for e in entries if e.action in actions or ANY in actions), default=0)


def _with_reason(kind: Kind, found: Look, wish: Wish) -> Look:
    """Carry the reason into the journal; without one where the kind needs it, the decision is refused."""
    why = str(wish.get("why") or "").strip()
    if kind.why and not why:
        return replace(found, refused=(*found.refused, Objection("a reason is needed", kind.why)))
    return replace(found, body={**found.body, "why": why})
