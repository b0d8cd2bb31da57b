"""What the facts of a generated book say is missing of each payout, worked out here; and what the book shows of it.

A bank's stated fee explains what it took. Nothing else explains a difference but a conversion within three in a hundred
of the book's rate, and, of a match that nobody decided, a bank fee of at most 50.00 and a tenth of the payout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crossbook.book import Book
from crossbook.decisions.standing import standing
from crossbook.settle import Desk, Payout
from crossbook.settle.bank.matching import Match
from crossbook.settle.position import position
from crossbook.trade.last_day import day_of_figures
from crossbook.views.lists import Choice, list_payouts, payouts
from crossbook.views.overview import overview
from tests.decisions.books import MOST_FEE, Came, Truth

MARGIN = Decimal("0.03")


@dataclass(frozen=True)
class Missing:
    """What is missing of a payout in its credits, in cents of its currency; None for want of a rate. `explained` when
    the statement or the rate's margin accounts for it."""

    cents: int | None
    explained: bool


def shortfalls(desk: Desk, truth: Truth) -> list[str]:
    """Where a figure of a settled book shows less than the facts say is missing: one sentence each."""
    book = desk.book
    list_payouts(desk)
    names = {e["sha"][:12]: e["name"] for e in book.evidence()}
    rates = _rates(book, truth)
    found: list[str] = []
    open_in_credit: list[tuple[Payout, Missing]] = []
    for m in desk.side.matches:
        missing = _missing(m, names, rates, truth)
        found += _of_match(m, missing)
        for p in (p for p in desk.payouts if p.id in m.payouts):
            if desk.short(p) != m.short:
                found.append(f"{p.id} shows {desk.short(p)}, its match {m.short}")
            if m.decided and not missing.explained:
                open_in_credit.append((p, missing))
    found += _in_sight(desk, open_in_credit)
    found += _closures(desk, truth)
    return found


def _rates(book: Book, truth: Truth) -> dict[tuple[str, str, date], str]:
    used = {e["name"] for e in book.evidence() if e["sha"] not in book.retired()}
    return truth.rates if "rates.csv" in used else {}


def _missing(m: Match, names: dict[str, str], rates: dict[tuple[str, str, date], str], truth: Truth) -> Missing:
    sent = [next(p for p in truth.payouts if p.id == key) for key in m.payouts]
    came = [_entry(key, names, truth) for key in m.credits]
    owed = sum(p.amount for p in sent)
    (currency,) = {p.currency for p in sent}
    if all(c.currency == currency for c in came):
        cents = owed - sum(c.amount for c in came)
        return Missing(cents, cents in (0, sum(c.fee for c in came)))
    ((credit,), (payout,)) = came, sent
    if credit.before is not None and credit.before_in == currency:
        cents = payout.amount - credit.before
        return Missing(cents, cents == 0)
    rate = _rate(rates, currency, credit.currency, credit.booked_on)
    if rate is None:
        return Missing(None, False)
    cents = payout.amount - round(Decimal(credit.amount) / rate)
    within = abs(Decimal(credit.amount) / Decimal(payout.amount) / rate - 1) <= MARGIN
    return Missing(0 if within else cents, within)


def _entry(key: str, names: dict[str, str], truth: Truth) -> Came:
    sha, line = key.split(":")
    return next(e for e in truth.entries if (e.file, e.line) == (names[sha], int(line)))


def _rate(rates: dict[tuple[str, str, date], str], base: str, quote: str, day: date) -> Decimal | None:
    """The newest rate of at most a week before a day."""
    known = {on: rate for (one, other, on), rate in rates.items() if (one, other) == (base, quote)}
    on = max((on for on in known if day - timedelta(days=7) <= on <= day), default=None)
    return Decimal(known[on]) if on else None


def _of_match(m: Match, missing: Missing) -> list[str]:
    """What a match says of itself, held against what is missing."""
    said = f"{', '.join(m.payouts)} in {', '.join(m.credits)} ({m.reasons[0]})"
    if missing.cents is None:
        return [f"{said}: {m.short} short, which nobody can know"] if m.short is not None else []
    if m.short is None or abs(m.short) < abs(missing.cents):
        return [f"{said}: {m.short} short, the facts say {missing.cents}"]
    if m.short != missing.cents:
        return [f"{said}: {m.short} short and not {missing.cents}"]
    if not m.decided and not missing.explained and not 0 < missing.cents <= MOST_FEE:
        return [f"{said}: nothing explains {missing.cents}, and nobody decided it"]
    return []


def _in_sight(desk: Desk, wanting: Collection[tuple[Payout, Missing]]) -> list[str]:
    """Whether each payout of which something is missing that nothing explains is seen in lists, findings and sums."""
    day = day_of_figures(desk.database, date(2999, 1, 1))
    attention = {r.id for r in payouts(desk, Choice({"status": "attention"}, per_page=500)).rows}
    differs = {r.id: r.short for r in payouts(desk, Choice({"arrival": "differs"}, per_page=500)).rows}
    findings = {f.subject: f for f in desk.findings() if f.rule == "bank"}
    told = overview(desk, day)
    at_stake: Counter[str] = Counter()
    not_received: Counter[tuple[str, str]] = Counter()
    found = []
    for p, missing in wanting:
        at_stake[p.currency] += abs(p.amount if missing.cents is None else missing.cents)
        if p.id not in attention or not desk.needs_attention(p) or desk.arrival(p) != "differs":
            found.append(f"{p.id} lacks {missing.cents} and needs nobody")
        if p.id not in differs or differs[p.id] != missing.cents:
            found.append(f"{p.id} lacks {missing.cents}, the list shows {differs.get(p.id)}")
        if findings[p.id].verdict != "differs" or findings[p.id].amount != missing.cents:
            found.append(f"{p.id} lacks {missing.cents}, its finding is {findings[p.id]}")
        if p.match and not p.match.contradicted and (missing.cents or 0) > 0 and (desk.booked_on(p) or day) <= day:
            not_received[p.account, p.currency] += missing.cents or 0
    alert = next((a.amounts for a in told.alerts if a.kind == "differs"), {})
    found += [
        f"{cents} {c} differ, the overview says {alert.get(c)}"
        for c, cents in at_stake.items()
        if alert.get(c, 0) < cents
    ]
    if wanting and (told.calm or told.attention_count < len({p.id for p, _ in wanting})):
        found.append(f"the overview is calm ({told.calm!r}), {told.attention_count} need a person")
    shown = {(s.account, s.currency): s.amount for s in position(desk, day) if s.place == "not_received"}
    return found + [
        f"{cents} of {of} were not received, the position says {shown.get(of)}"
        for of, cents in not_received.items()
        if shown.get(of, 0) < cents
    ]


def _closures(desk: Desk, truth: Truth) -> list[str]:
    """Payouts against their lines, and against the orders that somebody accepted for them."""
    stated = {p.id: p for p in truth.payouts}
    accepted = standing(desk.book.journal(), "accept", "unaccept")
    found = []
    for p in desk.payouts:
        lines = stated[p.id].lines
        if lines is not None and p.difference != stated[p.id].amount - lines:
            found.append(f"{p.id} differs by {stated[p.id].amount - lines} from its lines, not by {p.difference}")
        if lines is not None and p.difference and not desk.needs_attention(p):
            found.append(f"{p.id} differs by {p.difference} from its lines and needs nobody")
        if p.restoration and p.status in ("accepted", "unique", "likely", "ambiguous"):
            held = sum(truth.nets[o.order_id] for o in p.restoration.orders)
            if held + (p.difference or 0) != p.amount:
                found.append(f"{p.id} of {p.amount} holds {held} and differs by {p.difference}")
        if p.status == "accepted" and (p.id,) not in accepted:
            found.append(f"{p.id} counts as accepted, and nobody did")
    return found
