"""Of several sets of orders that explain a total, this one is right."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from crossbook import money
from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Rival, Wish, taken_back
from crossbook.odds import odds
from crossbook.settle.desk import Desk, Payout, settle
from crossbook.settle.restoration.acceptance import Acceptance, acceptances
from crossbook.settle.restoration.result import Rival as Explained
from crossbook.settle.restoration.stated import DONE, UNDONE, stated_in

MOST_RIVALS = 12  # explanations that are shown side by side
CHANGED = "wait until the new figures are there, and look at the explanations again"


def _desk(opened: Opened) -> Desk:
    return opened if isinstance(opened, Desk) else settle(opened.book)


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    desk = _desk(opened)
    p = desk.payout(str(wish["payout"]))
    rivals = p.restoration.rivals if p.restoration else ()
    number = int(wish["number"])
    if not 1 <= number <= len(rivals):
        some = f"no explanation {number}; {p.id} has {len(rivals)}"
        text = some if rivals else f"{p.id} has no explanations to choose from"
        against = _against(desk, p) or (Objection(text, f"see crossbook restore {p.id}"),)
        return Look(subject=p.id, body={}, refused=against)
    chosen, likeliest, shown = rivals[number - 1], rivals[0], rivals[: max(MOST_RIVALS, number)]
    return Look(
        subject=p.id,
        body={
            "missing": list(chosen.missing),
            "added": list(chosen.added),
            "probability": chosen.probability,
            "rivals": len(rivals),
        },
        effects=_effects(desk, p, chosen),
        refused=_against(desk, p),
        asks=_asks(number, chosen, likeliest),
        rivals=tuple(_beside(desk, p, i, r, number) for i, r in enumerate(shown, 1)),
        links=_pages(p.id, tuple(o for r in shown for o in (*r.missing, *r.added))),
    )


def _against(desk: Desk, p: Payout) -> tuple[Objection, ...]:
    known = acceptances(desk.book)
    standing = known.get(p.id)
    if standing:
        text = f"{p.id}: an explanation was accepted by {standing.who} on {standing.at[:10]}"
        return (Objection(text, f"take that back first: crossbook undo explanation {p.id}"),)
    return _behind(desk, known)


def _behind(desk: Desk, known: dict[str, Acceptance]) -> tuple[Objection, ...]:
    """Whether the figures were made with the explanations that stand."""
    made_with = {q.id: q.accepted.seq for q in desk.payouts if q.accepted}
    if stated_in(desk.book.journal()) != desk.stated:
        return (Objection("other facts were stated since these figures were made", CHANGED),)
    if {k: a.seq for k, a in known.items() if any(q.id == k for q in desk.payouts)} == made_with:
        return ()
    return (Objection("other explanations were decided since these figures were made", CHANGED),)


def _effects(desk: Desk, p: Payout, chosen: Explained) -> tuple[str, ...]:
    later = sum(
        q.account == p.account and q.currency == p.currency and q.restoration is not None and q is not p
        for q in desk.payouts
    )
    effects = [f"{p.id} is made of the orders that the rule expects: {_changes(chosen.missing, chosen.added)}"]
    hidden = len(p.restoration.rivals) - MOST_RIVALS if p.restoration else 0
    if hidden > 0:
        effects.append(f"{hidden} less likely explanations are not shown beside it")
    if later:
        effects.append(f"the {later} other payouts of {p.account} are held against it")
    return tuple(effects)


def _changes(missing: tuple[str, ...] | list[str], added: tuple[str, ...] | list[str]) -> str:
    changes = [f"without {', '.join(missing)}"] if missing else []
    changes += [f"with {', '.join(added)}"] if added else []
    return "; ".join(changes) or "as expected"


def _asks(number: int, chosen: Explained, likeliest: Explained) -> tuple[Question, ...]:
    if chosen.probability >= likeliest.probability:
        return ()
    own = f"{chosen.probability:.2%}"  # to be typed: the digits as they are
    likely = odds(likeliest.probability)
    return (Question(f"explanation {number} has odds of {own}, the likeliest {likely}", own),)


def _beside(desk: Desk, p: Payout, number: int, r: Explained, chosen: int) -> Rival:
    known = {o.order_id: o for o in (*p.restoration.orders, *p.restoration.doubtful)} if p.restoration else {}

    def orders(ids: tuple[str, ...]) -> str:
        told = [f"{i} ({money.show(known[i].net, p.currency)})" if i in known else i for i in ids]
        return ", ".join(told) or "—"

    told = {
        "odds": odds(r.probability),
        "not in it though expected": orders(r.missing),
        "in it though not expected": orders(r.added),
        "change in the number of orders": f"{len(r.added) - len(r.missing):+d}",
    }
    return Rival(said=str(number), chosen=number == chosen, told=told)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    payout = str(wish["payout"])
    effects = (f"{payout} has several explanations again", "the other payouts of its account are worked out without it")
    return taken_back(opened, EXPLANATION, (payout,), effects, f"no decision on {payout} to take back")


def _holds(opened: Opened, entry: Entry) -> tuple[Objection, ...]:
    """Whether what was accepted still explains the payout."""
    desk = _desk(opened)
    behind = _behind(desk, acceptances(desk.book))
    if behind or desk.payout(entry.subject).status == "accepted":
        return behind
    return (Objection("what was accepted does not fit the facts any more", "take it back and look at the payout"),)


def _sentence(entry: Entry) -> str:
    if entry.action == "unaccept":
        return f"the explanation of {entry.subject} is taken back"
    body = entry.body
    changes = _changes(body["missing"], body["added"])
    return f"explanation of {entry.subject} accepted, odds {odds(body['probability'])}: {changes}"


def _pages(payout: str, orders: tuple[str, ...]) -> dict[str, str]:
    found = {payout: f"/payouts/{quote(payout, safe='')}"}
    return found | {o: f"/orders/{quote(o, safe='')}" for o in orders}


def _links(entry: Entry) -> Mapping[str, str]:
    return _pages(entry.subject, (*entry.body.get("missing", ()), *entry.body.get("added", ())))


def _open(opened: Opened, wish: Wish) -> list[Choice]:
    several = [p for p in _desk(opened).payouts if p.restoration and len(p.restoration.rivals) > 1 and not p.accepted]
    return [Choice(p.id, f"{p.id} · {p.paid_on} · {money.show(p.amount, p.currency)}") for p in several]


def _numbers(opened: Opened, wish: Wish) -> list[Choice]:
    if not wish.get("payout"):
        return []
    found = _desk(opened).payout(str(wish["payout"])).restoration
    rivals = found.rivals[:MOST_RIVALS] if found else ()
    return [
        Choice(str(i), f"{i}: {odds(r.probability)}, {_changes(r.missing, r.added)}") for i, r in enumerate(rivals, 1)
    ]


EXPLANATION = Kind(
    name="explanation",
    title="Of several sets of orders that explain a total, this one is right",
    done="accept",
    undone="unaccept",
    asked=(
        Asked(name="payout", text="The payout", key=True, choices=_open),
        Asked(name="number", text="Which one, counted from the likeliest", of="number", choices=_numbers),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=_links,
    checks=(
        "The orders sum to the payout exactly, less fees.",
        "No other explanation of the payout was accepted, and none of another since the figures were made.",
    ),
    refuses=("The payout has no such explanation, or one was accepted.",),
    asks=("It is not the likeliest explanation: name its odds.",),
    why="say what shows that this explanation is the right one",
    opens=settle,
    weighs="number",
    rests_on=("retire", "reinstate", DONE, UNDONE),
    holds=_holds,
)
