"""A payout arrived as this bank credit: what must agree, what may differ, and what it takes from others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Rival, Wish, by
from crossbook.decisions.saying import minor
from crossbook.errors import NotFoundError
from crossbook.settle.bank.by_hand import Decided, Judged, judge
from crossbook.settle.bank.matching import Credit, Match, PaidOut, Rates, fit
from crossbook.settle.bank.side import ENTRIES, BankSide, as_credit, rate_table
from crossbook.settle.desk import Desk, settle

_KEY = re.compile(r"(?P<sha>[0-9a-f]{6,64}):(?P<line>[0-9]{1,9})")
MOST_RIVALS = 6  # credits that are shown side by side
MOST_NAMED = 3  # payouts that one credit's text names
SHORTEST_NAME = 6  # letters of a payout's id or reference; a shorter one is in many texts
NEAR_DAYS = 30  # between a payout and a credit that is shown beside the chosen one


def _desk(opened: Opened) -> Desk:
    return opened if isinstance(opened, Desk) else settle(opened.book, restore=False)


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    desk = _desk(opened)
    side, rates = desk.bank_now(), rate_table(desk.database)
    paid, came = _payout(side, str(wish["payout"])), _entry(desk, side, str(wish["credit"]))
    judged = judge(paid, came, rates)
    accepted = judged.short if judged.asks and judged.short is not None else 0
    given = minor(wish.get("difference") or 0, paid.currency)
    against = [
        *_taken(side, paid, came, rates),
        *judged.against,
        *_no_such_difference(judged, given, paid.currency),
    ]
    named = money.plain(accepted, paid.currency)
    asks = [Question(judged.words, named)] if accepted and given != accepted else []
    asks += _names_another(side, paid, came)
    asks += _stranger(side, paid, came)
    return Look(
        subject=paid.key,
        body={
            "payouts": [paid.key],
            "credits": [came.key],
            "difference": accepted,
            "amount": came.amount,
            "currency": came.currency,
            "booked_on": came.booked_on.isoformat(),
            "short": judged.short,
            "short_in": paid.currency,
        },
        effects=_effects(side, paid, came, judged),
        refused=tuple(against),
        asks=tuple(asks),
        rivals=_rivals(side, paid, came, rates),
        links=_named(side, paid, came),
    )


def _named(side: BankSide, paid: PaidOut, came: Credit) -> dict[str, str]:
    """The pages of the payout and the credit, and of those that they are matched with."""
    made = _made(side, paid, came)
    decided = [d for d in side.decided.decided.values() if paid.key == d.payout or came.key == d.credit]
    payouts = {paid.key, *(p for m in made for p in m.payouts), *(d.payout for d in decided)}
    credits = {came.key, *(c for m in made for c in m.credits), *(d.credit for d in decided)}
    return {p: _page(p) for p in payouts} | {c: _line(c) for c in credits}


def _names_another(side: BankSide, paid: PaidOut, came: Credit) -> list[Question]:
    """The bank's text repeats what names another payout, and nothing that names this one."""
    text = came.text.lower()

    def told(payout: PaidOut) -> bool:
        return any(len(name) >= SHORTEST_NAME and name.lower() in text for name in payout.names)

    if told(paid):
        return []
    others = [p.key for p in side.payouts.values() if p.key != paid.key and told(p)]
    return [Question(f"the bank's text names {', '.join(others[:MOST_NAMED])}", others[0])] if others else []


def _stranger(side: BankSide, paid: PaidOut, came: Credit) -> list[Question]:
    """The match that is to be confirmed is in doubt for its payer."""
    return [Question(text, came.payer) for m in _made(side, paid, came) if _same(m, paid, came) for text in m.against]


def _same(m: Match, paid: PaidOut, came: Credit) -> bool:
    return paid.key in m.payouts and came.key in m.credits


def _no_such_difference(judged: Judged, given: int, currency: str) -> list[Objection]:
    """A difference was named where none, or another, is."""
    if not given or judged.short is None or (judged.asks and given == judged.short):
        return []
    shown = money.show(given, currency)
    todo = "name the difference that there is" if judged.asks else "leave the difference out"
    return [Objection(f"there is no difference of {shown} to accept: {judged.words}", todo)]


def _effects(side: BankSide, paid: PaidOut, came: Credit, judged: Judged) -> tuple[str, ...]:
    effects = [_arrived(paid.key, came.amount, came.currency, came.booked_on)]
    if judged.short:
        effects.append(_short(judged.short, paid.currency))
    for m in _made(side, paid, came):
        others = [p for p in m.payouts if p != paid.key]
        if others:
            effects.append(f"takes the credit from {', '.join(others)}")
        elif came.key not in m.credits:
            effects.append(f"{paid.key} is no longer matched with {', '.join(m.credits)}")
    return tuple(effects)


def _arrived(payout: str, amount: int, currency: str, booked_on: date | str) -> str:
    return f"{payout} arrived as the credit of {money.show(amount, currency)} booked on {booked_on}"


def _short(short: int, currency: str) -> str:
    shown = money.show(abs(short), currency)
    return f"{shown} short" if short > 0 else f"{shown} came on top"


def _rivals(side: BankSide, paid: PaidOut, came: Credit, rates: Rates) -> tuple[Rival, ...]:
    """The chosen credit beside the open ones that come nearest in amount, then in days."""
    near = []
    for row in side.open_credits:
        other = as_credit(row["key"], row)
        held = judge(paid, other, rates)
        days = abs((other.booked_on - paid.paid_on).days)
        if other.key != came.key and not held.against and held.short is not None and days <= NEAR_DAYS:
            near.append((abs(held.short), days, other.key, other, held))
    shown = [
        (came, judge(paid, came, rates)),
        *((other, held) for *_, other, held in sorted(near, key=lambda n: n[:3])),
    ]
    return tuple(_rival(paid, credit, held, credit.key == came.key) for credit, held in shown[:MOST_RIVALS])


def _rival(paid: PaidOut, credit: Credit, held: Judged, chosen: bool) -> Rival:
    short = "unknown" if held.short is None else money.show(held.short, paid.currency)
    told = {
        "amount": money.show(credit.amount, credit.currency),
        "booked on": str(credit.booked_on),
        "days after the payout": str((credit.booked_on - paid.paid_on).days),
        "short": short,
        "text": credit.text,
    }
    return Rival(said=credit.key, chosen=chosen, told=told)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    desk = _desk(opened)
    side, payout = desk.bank_now(), str(wish["payout"])
    page = {payout: _page(payout)}
    by_hand = side.decided.decided.get(payout)
    if by_hand:
        effects = [f"{payout} waits for a credit again, unless amount and day give it one"]
        if payout in side.decided.lifted and by_hand.credit in side.credits:
            effects = [_not(payout, "is not matched again with", _told(side, by_hand.credit))]
        return Look(subject=payout, body={}, effects=tuple(effects), links=page)
    found = side.of_payout(payout)
    if found is None:
        text = f"no decision on {payout} to take back"
        text += by(desk.book.journal(), MATCH.undone, MATCH.key, (payout,), "taken back")
        return Look(subject=payout, body={}, refused=(Objection(text),))
    told = [_told(side, c) for c in found.credits]
    effects = [_not(p, "is not matched again with", c) for p in found.payouts for c in told]
    body = {"payouts": list(found.payouts), "credits": list(found.credits), "told": told}
    links = {p: _page(p) for p in found.payouts} | {c: _line(c) for c in found.credits}
    return Look(subject=payout, body=body, effects=tuple(effects), links=links)


def _told(side: BankSide, key: str) -> dict[str, Any]:
    """What the journal says of a credit, for readers."""
    credit = as_credit(key, side.credits[key])
    return {"amount": credit.amount, "currency": credit.currency, "booked_on": credit.booked_on.isoformat()}


def _not(payout: str, verb: str, credit: Mapping[str, Any]) -> str:
    shown = money.show(credit["amount"], credit["currency"])
    return f"{payout} {verb} the credit of {shown} booked on {credit['booked_on']}"


def _holds(opened: Opened, entry: Entry) -> tuple[Objection, ...]:
    """What speaks today against a match that waits for approval."""
    desk = _desk(opened)
    side = desk.bank_now()
    decided = side.decided.decided[entry.subject]
    try:
        paid, came = _payout(side, decided.payout), _entry(desk, side, decided.credit)
    except NotFoundError as gone:
        return (Objection(gone.what, "its file is not used any more: take the match back, or use the file again"),)
    judged = judge(paid, came, rate_table(desk.database))
    others = [d for d in side.decided.of_credit(decided.credit) if d.payout != decided.payout]
    found: list[Objection] = [*map(_decided_already, others), *judged.against]
    asked = judged.short if judged.asks else 0
    if (decided.difference or 0) != asked and judged.short is not None:
        found.append(Objection(judged.words, "take the match back and decide it anew with this difference"))
    return tuple(found)


def _payout(side: BankSide, key: str) -> PaidOut:
    if key not in side.payouts:
        raise NotFoundError(f"no payout {key!r}", todo="see `crossbook payouts`")
    return side.payouts[key]


def _entry(desk: Desk, side: BankSide, key: str) -> Credit:
    """The credit of that name; or the debit, so that it can be said that it is one."""
    if key in side.credits:
        return as_credit(key, side.credits[key])
    named = _KEY.fullmatch(key)
    if named:
        rows = desk.database.rows(
            f"{ENTRIES} WHERE amount <= 0 AND starts_with(evidence, $sha) AND line = $line",
            sha=named["sha"],
            line=int(named["line"]),
        )
        if rows:
            return as_credit(key, rows[0])
    raise NotFoundError(f"no credit {key!r}", todo="see `crossbook bank` for the credits and their names")


def _made(side: BankSide, paid: PaidOut, came: Credit) -> list[Match]:
    """The matches, made by amount and day, of the payout and of the credit."""
    both = (side.of_payout(paid.key), side.of_credit(came.key))
    return list(dict.fromkeys(m for m in both if m and not m.decided))


def _taken(side: BankSide, paid: PaidOut, came: Credit, rates: Rates) -> list[Objection]:
    """Earlier matches of the payout or the credit that stand in the way."""
    known = side.decided
    found = [_decided_already(d) for d in known.decided.values() if d.payout == paid.key or d.credit == came.key]
    for m in _made(side, paid, came):
        if not _ambiguous(side, m, paid, came, rates):
            text = f"{', '.join(m.credits)} is matched with {', '.join(m.payouts)}: {m.reasons[0]}"
            found.append(Objection(text, f"if that is wrong, take it back first: crossbook undo match {m.payouts[0]}"))
    return found


def _decided_already(d: Decided) -> Objection:
    text = f"{d.credit} is matched with {d.payout}, decided by {d.who} on {d.at[:10]}"
    return Objection(text, f"take that back first: crossbook undo match {d.payout}")


def _ambiguous(side: BankSide, m: Match, paid: PaidOut, came: Credit, rates: Rates) -> bool:
    """Whether a match was one of several that fitted, or the wished one fits as well: then a person may choose."""
    if m.rivals or m.against:
        return True
    wished = fit(paid, came, rates)
    if wished is None or len(m.payouts) + len(m.credits) > 2:
        return False
    made = fit(side.payouts[m.payouts[0]], as_credit(m.credits[0], side.credits[m.credits[0]]), rates)
    return made is None or wished >= made


def _page(payout: str) -> str:
    from urllib.parse import quote

    return f"/payouts/{quote(payout, safe='')}"


def _line(credit: str) -> str:
    return f"/evidence/{credit.rstrip(chr(39)).replace(':', '/')}"


def _sentence(entry: Entry) -> str:
    payout, body = entry.subject, entry.body
    if entry.action == "match":
        if "booked_on" not in body:  # of before 0.8: the credit by its key alone
            told = f"{payout} arrived as {', '.join(body['credits'])}"
            return f"{told}, though the amounts differ" if body.get("difference") else told
        told = _arrived(payout, body["amount"], body["currency"], body["booked_on"])
        return f"{told}, {_short(body['short'], body['short_in'])}" if body["short"] else told
    if len(body.get("told", ())) == 1:
        return _not(payout, "did not arrive as", body["told"][0])
    if body.get("credits"):
        return f"{payout} did not arrive as {', '.join(body['credits'])}"
    return f"the match of {payout} is taken back"


def _links(entry: Entry) -> Mapping[str, str]:
    found = {entry.subject: _page(entry.subject)}
    return found | {key: _line(key) for key in entry.body.get("credits", ())}


def _open_payouts(opened: Opened, wish: Wish) -> list[Choice]:
    waiting = _desk(opened).side.open_payouts
    return [Choice(p.key, f"{p.key} · {p.paid_on} · {money.show(p.amount, p.currency)}") for p in waiting]


def _open_credits(opened: Opened, wish: Wish) -> list[Choice]:
    found = []
    for row in reversed(_desk(opened).side.open_credits):
        credit = as_credit(row["key"], row)
        shown = money.show(credit.amount, credit.currency)
        found.append(Choice(credit.key, f"{credit.booked_on} · {shown} · {credit.text[:50]}"))
    return found


def _opens(book: Book) -> Opened:
    return settle(book, restore=False)


MATCH = Kind(
    name="match",
    title="A payout arrived as this bank credit",
    done="match",
    undone="unmatch",
    asked=(
        Asked(name="payout", text="The payout", key=True, choices=_open_payouts),
        Asked(name="credit", text="The bank credit", choices=_open_credits),
        Asked(
            name="difference",
            text="So much is missing in it, and it is this payout",
            of="amount",
            needed=False,
            on_forms=False,
        ),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=_links,
    checks=(
        "Amount and currency, with the book's rates and the bank's stated fee; what is missing is named.",
        "The credit is a credit, and was not booked before the payout was paid.",
        "Neither is in another match, by hand or by amount and day.",
    ),
    refuses=(
        "The entry is a debit, or the payout sends nothing to the bank.",
        "The credit was booked before the payout was paid.",
        "The currencies differ and the book has no rate for the day.",
        "The payout or the credit is matched already, and nothing else fits as well.",
    ),
    asks=(
        "The amounts differ and nothing explains it: name the difference.",
        "The bank's text names another payout: name that one.",
        "The payer is a stranger, and the match by amount and day is in doubt: name the payer.",
    ),
    opens=_opens,
    weighs="credit",
    rests_on=("retire", "reinstate"),
    holds=_holds,
)
