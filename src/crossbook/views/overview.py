"""What a newcomer must see first: what is wrong and how much hangs on it, and where the money is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from crossbook.settle.desk import ATTENTION, Desk
from crossbook.settle.position import Stage, position
from crossbook.settle.unplaced import Unplaced, unplaced
from crossbook.trade.banking import statements
from crossbook.trade.contradicting import Contradiction, contradictions
from crossbook.views.arrivals import Arrivals, arrivals

SHOWN = 8
# From bad to less so: kinds of alert, in the order in which they are shown.
ALERTS = (
    "not_closed",
    "differs",
    "overdue",
    "credit_without_order",
    "contradiction",
    "statement_differs",
    "credit_twice",
    "late_order",
    "unexplained",
    "ambiguous",
    "no_rule",
)


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
    """The book on one day. `attention` holds the payouts with most at stake, of `attention_count`; `contradictions` the
    first of the files that contradict each other; `problems` what kept accounts from being restored; `calm` what to say
    of the payouts when there is no alert, else empty."""

    day: date
    alerts: tuple[Alert, ...]
    stages: tuple[Stage, ...]
    unplaced: tuple[Unplaced, ...]
    arrivals: tuple[Arrivals, ...]
    attention: tuple[Attention, ...]
    attention_count: int
    contradictions: tuple[Contradiction, ...]
    problems: tuple[str, ...]
    calm: str


ALL_WELL = "Nothing: every payout adds up and has arrived."


# What is wrong with each payout that needs a person, and what hangs on it: a row for each of its problems.
WANTING = f"""
SELECT id, account, paid_on, amount, currency, status AS problem,
       abs(CASE WHEN status = 'not_closed' THEN coalesce(difference, 0) ELSE amount END) AS stake
FROM payout_listed WHERE status IN {ATTENTION}
UNION ALL
SELECT id, account, paid_on, amount, currency, 'overdue', abs(amount)
FROM payout_listed WHERE arrival = 'overdue'
UNION ALL
SELECT id, account, paid_on, amount, currency, 'differs', abs(coalesce(nullif(short, 0), amount))
FROM payout_listed WHERE arrival = 'differs'
"""


def overview(desk: Desk, day: date) -> Overview:
    """What needs attention, where the money is on `day`, when the rest should come. Needs `lists.list_payouts`."""
    alerts, number = _alerts(desk)
    coming = arrivals(desk, day)
    late = {a.currency: a.late for a in coming if a.late}
    if late:
        alerts["late_order"] = Alert("late_order", sum(a.late_orders for a in coming), late)
    told = contradictions(desk.database)
    if told:
        amounts: Counter[str] = Counter()
        for c in told:
            amounts[c.currency] += abs(c.used - c.other)
        alerts["contradiction"] = Alert("contradiction", len(told), dict(amounts))
    for kind, rows in _statements(desk).items():
        if rows:
            amounts = Counter()
            for currency, amount in rows:
                amounts[currency] += abs(amount)
            alerts[kind] = Alert(kind, len(rows), dict(amounts))
    rank = ", ".join(f"'{kind}'" for kind in ALERTS)
    worst = desk.database.rows(
        f"SELECT * FROM ({WANTING}) "
        f"QUALIFY row_number() OVER (PARTITION BY id ORDER BY list_position([{rank}], problem)) = 1 "
        f"ORDER BY list_position([{rank}], problem), stake DESC, id LIMIT {SHOWN}"
    )
    return Overview(
        day=day,
        alerts=tuple(alerts[kind] for kind in ALERTS if kind in alerts),
        stages=tuple(position(desk, day)),
        unplaced=tuple(unplaced(desk, day)),
        arrivals=tuple(coming),
        attention=tuple(Attention(**row) for row in worst),
        attention_count=number,
        contradictions=tuple(told[:SHOWN]),
        problems=tuple(desk.problems),
        calm="" if alerts else _calm(desk),
    )


def _statements(desk: Desk) -> dict[str, list[tuple[str, int]]]:
    """Currency and amount of statements that do not add up, of gaps between them, and of entries that may be one."""
    found = statements(desk.database)
    missing = [(s.currency, s.difference) for s in found.differing] + [(g.currency, g.difference) for g in found.gaps]
    return {
        "statement_differs": missing,
        "credit_twice": [(p.currency, p.amount) for p in found.perhaps],
    }


def _calm(desk: Desk) -> str:
    """What can be said of payouts none of which needs a person; what the book cannot tell is no good news."""
    side = desk.side
    unproved = sum(p.status in ("implied", "unproved") for p in desk.payouts)
    if not side.looked_for:
        return side.nothing
    if unproved:
        return f"No payout contradicts its lines, but {unproved} cannot be proved by them."
    if side.open_payouts and not side.statements:
        return "Every payout adds up. Without a bank statement nothing shows that one arrived."
    if side.open_payouts or side.undated:
        return f"Every payout adds up. {len(side.open_payouts) + side.undated} are not seen at the bank yet."
    return ALL_WELL


def _alerts(desk: Desk) -> tuple[dict[str, Alert], int]:
    """Alerts by kind, and how many payouts need a person."""
    found: dict[str, Alert] = {}
    wanting = desk.database.rows(
        f"SELECT problem AS kind, currency, count(*) AS n, sum(stake) AS amount FROM ({WANTING}) "
        "GROUP BY ALL ORDER BY ALL"
    )
    without: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for credit in desk.side.open_credits:
        without[credit["currency"]] += credit["amount"]
        number[credit["currency"]] += 1
    (payouts,) = desk.database.rows(f"SELECT count(DISTINCT id) AS n FROM ({WANTING})")
    rows = [(r["kind"], r["currency"], r["n"], int(r["amount"])) for r in wanting]
    rows += [("credit_without_order", currency, number[currency], amount) for currency, amount in without.items()]
    for kind, currency, n, amount in rows:
        known = found.get(kind, Alert(kind, 0, {}))
        found[kind] = Alert(kind, known.count + n, known.amounts | {currency: amount})
    return found, payouts["n"]
