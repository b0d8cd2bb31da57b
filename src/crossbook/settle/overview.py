"""What a newcomer must see first: what is wrong and how much hangs on it, and where the money is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.settle.arrivals import Arrivals, arrivals
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.listing import arrival
from crossbook.settle.position import Stage, position

SHOWN = 8
# From bad to less so: kinds of alert, in the order in which they are shown.
ALERTS = ("not_closed", "overdue", "credit_without_order", "late_order", "unexplained", "ambiguous", "no_rule")


@dataclass(frozen=True)
class Alert:
    """Something that needs a person: how many, and what hangs on it by currency (minor units)."""

    kind: str
    count: int
    amounts: dict[str, int]


@dataclass(frozen=True)
class Attention:
    """One payout that needs a person, and the money at stake in it."""

    id: str
    account: str
    paid_on: date | None
    amount: int
    currency: str
    problem: str
    stake: int


@dataclass(frozen=True)
class Overview:
    """The book on one day. `attention` holds the payouts with most at stake, of `attention_count`."""

    day: date
    alerts: tuple[Alert, ...]
    stages: tuple[Stage, ...]
    arrivals: tuple[Arrivals, ...]
    attention: tuple[Attention, ...]
    attention_count: int


def last_day(desk: Desk) -> date | None:
    """The last day that the book's evidence speaks of: a bank entry, a payout or an order."""
    days = [p.paid_on for p in desk.payouts if p.paid_on] + [d for d in [desk.side.last_day] if d]
    placed = desk.database.rows('SELECT max(CAST(placed_at AS DATE)) AS day FROM "order"')[0]["day"]
    return max([*days, *([placed] if placed else [])], default=None)


def overview(desk: Desk, day: date) -> Overview:
    """What needs attention, where the money is on `day` and when the rest should come."""
    wanting = [a for p in desk.payouts for a in [_attention(desk, p)] if a]
    wanting.sort(key=lambda a: (ALERTS.index(a.problem), -a.stake, a.id))
    found: dict[str, Alert] = {}
    for a in wanting:
        _count(found, a.problem, a.currency, a.stake)
    for credit in desk.side.open_credits:
        _count(found, "credit_without_order", credit["currency"], credit["amount"])
    coming = arrivals(desk, day)
    late = {a.currency: a.late for a in coming if a.late}
    if late:
        found["late_order"] = Alert("late_order", sum(a.late_orders for a in coming), late)
    return Overview(
        day,
        tuple(found[kind] for kind in ALERTS if kind in found),
        tuple(position(desk, day)),
        tuple(coming),
        tuple(wanting[:SHOWN]),
        len(wanting),
    )


def _count(found: dict[str, Alert], kind: str, currency: str, amount: int) -> None:
    known = found.get(kind, Alert(kind, 0, {}))
    found[kind] = Alert(kind, known.count + 1, known.amounts | {currency: known.amounts.get(currency, 0) + amount})


def _attention(desk: Desk, p: Payout) -> Attention | None:
    if p.status == "not_closed":
        return Attention(p.id, p.account, p.paid_on, p.amount, p.currency, p.status, abs(p.difference or 0))
    if arrival(desk, p) == "overdue":
        return Attention(p.id, p.account, p.paid_on, p.amount, p.currency, "overdue", p.amount)
    if p.status in ("ambiguous", "unexplained", "no_rule"):
        return Attention(p.id, p.account, p.paid_on, p.amount, p.currency, p.status, abs(p.amount))
    return None
