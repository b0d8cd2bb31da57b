"""The journal for readers: each decision as a sentence, of which kind it is, whether it stands, who approved it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.book.approving import decisions
from crossbook.book.journal import Entry


@dataclass(frozen=True)
class Kind:
    """What people decide one way and may undo: the journal's words for both, and which part of an entry, beside its
    subject, tells one decision from another."""

    done: str
    undone: str
    part: str = ""


KINDS = {
    "match": Kind("match", "unmatch"),
    "explanation": Kind("accept", "unaccept"),
    "finding": Kind("set aside", "take up again", "rule"),
    "hit": Kind("dismiss hit", "reopen hit", "mark"),
    "file": Kind("retire", "reinstate"),
}
# What else the journal holds: not decided with `decide`, but by the commands that do it.
OTHERS = {
    "tax filed": "return",
    "tax not filed": "return",
    "customs message": "message",
    "open case": "case",
    "case": "case",
    "close case": "case",
    "takedown notice": "notice",
    "takedown step": "notice",
    "user": "user",
    "add": "added",
    "map": "added",
}
OF_KIND = tuple(dict.fromkeys((*KINDS, *OTHERS.values())))


@dataclass(frozen=True)
class Told:
    """One journal entry. `kind` is one of OF_KIND, empty for an action of a newer version; `at` is UTC; `standing`
    until it is taken back."""

    seq: int
    at: str
    who: str
    kind: str
    text: str
    why: str
    standing: bool
    approved_by: str | None
    entry: Entry


def journal(book: Book, kind: str = "") -> list[Told]:
    """Every decision, newest first; only those of one kind when it is named."""
    kinds = {action: name for name, k in KINDS.items() for action in (k.done, k.undone)} | OTHERS
    found = []
    undone: set[tuple[str, str, Any]] = set()  # what an entry that is newer takes back
    for d in decisions(book):
        e = d.entry
        of = kinds.get(e.action, "")
        standing = d.standing
        if of in KINDS:
            key = (of, e.subject, e.body.get(KINDS[of].part))
            if e.action == KINDS[of].undone:
                undone.add(key)
            else:
                standing = standing and key not in undone
                undone.discard(key)
        if kind in ("", of):
            why = str(e.body.get("why") or "")
            found.append(
                Told(
                    seq=e.seq,
                    at=e.at,
                    who=e.who,
                    kind=of,
                    text=sentence(e),
                    why=why,
                    standing=standing,
                    approved_by=d.approved_by,
                    entry=e,
                )
            )
    return found


def sentence(entry: Entry) -> str:
    """What an entry says, in English words that the catalogue knows;
    one of an unknown action by that and its subject."""
    words = _WORDS.get(entry.action)
    return words(entry.subject, entry.body) if words else f"{entry.action}: {entry.subject}"


def _accepted(payout: str, body: dict[str, Any]) -> str:
    changes = [f"without {', '.join(body['missing'])}"] if body.get("missing") else []
    changes += [f"with {', '.join(body['added'])}"] if body.get("added") else []
    return f"explanation of {payout} accepted, odds {body['probability']:.4f}: {'; '.join(changes) or 'as expected'}"


def _unmatched(payout: str, body: dict[str, Any]) -> str:
    if body.get("credits"):
        return f"{payout} did not arrive as {', '.join(body['credits'])}"
    return f"the match of {payout} is taken back"


def _matched(payout: str, body: dict[str, Any]) -> str:
    credit = ", ".join(body["credits"])
    return f"{payout} arrived as {credit}" + (", though the amounts differ" if body.get("difference") else "")


def _filed(subject: str, body: dict[str, Any]) -> str:
    return f"return {subject} was filed on {body['on']}: {money.show(body['amount'], body['currency'])}"


def _user(name: str, body: dict[str, Any]) -> str:
    return f"{name} cannot log in any more" if body.get("removed") else f"{name} may log in as {body['role']}"


def _case(name: str, body: dict[str, Any]) -> str:
    known = [f"{k} {v}" for part in ("happened", "done") for k, v in (body.get(part) or {}).items()]
    known += [" ".join(body[part]) for part in ("skus", "accounts") if body.get(part)]
    return f"case {name}: {', '.join([*known, *([body['right']] if body.get('right') else [])]) or '—'}"


_WORDS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "match": _matched,
    "unmatch": _unmatched,
    "accept": _accepted,
    "unaccept": lambda s, b: f"the explanation of {s} is taken back",
    "set aside": lambda s, b: f"{b['rule']} is set aside for {s}",
    "take up again": lambda s, b: f"{b['rule']} counts again for {s}",
    "dismiss hit": lambda s, b: f"the hit on {b['mark']} is set aside for {s}",
    "reopen hit": lambda s, b: f"the hit on {b['mark']} counts again for {s}",
    "retire": lambda s, b: f"{b['name']} is no longer used",
    "reinstate": lambda s, b: f"{b['name']} is in use again",
    "tax filed": _filed,
    "tax not filed": lambda s, b: f"return {s} is not filed",
    "customs message": lambda s, b: (
        f"message CEB{b['number']} written with {len(b['documents'])} documents: {b['file']}"
    ),
    "open case": lambda s, b: f"case {s} is open: {b['procedure']}",
    "case": _case,
    "close case": lambda s, b: f"case {s} is closed",
    "takedown notice": lambda s, b: f"notice {s} came on {b['on']}: {b['complainant']} on {b['listing']}",
    "takedown step": lambda s, b: f"notice {s}: {b['step']} on {b['on']}",
    "user": _user,
    "add": lambda s, b: f"{b['name']} was added",
    "map": lambda s, b: f"the columns of {s} were mapped",
}
