"""Restoring the payouts of a book that are known by their total only: facts in, findings with order numbers out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.settle.orders import KNOWN
from crossbook.settle.restoration.acceptance import Acceptance
from crossbook.settle.restoration.history import LOST, NEVER, NONE, OPEN, UNKNOWN, WON, Members, Notice, Orders, Rule
from crossbook.settle.restoration.judgement import Restored
from crossbook.settle.restoration.known import Known
from crossbook.settle.restoration.question import Question, most_telling
from crossbook.settle.restoration.result import Fact, OrderIn, Restoration, Rival
from crossbook.settle.restoration.rule import ReleaseRule, release_rule
from crossbook.settle.restoration.stated import Stated
from crossbook.settle.restoration.succession import restore_all
from crossbook.trade.statuses import NOT_SALES

MICRO = 1_000_000

# One row per order of an account with what is known of its way: earliest shipment, latest delivery, last dispute.
ORDERS = f"""
WITH {KNOWN}
SELECT o.order_id, o.evidence, o.line, o.total, o.status, o.placed_at, s.shipped_at, s.delivered_at,
       c.opened_on, c.closed_on, c.state
FROM orders o
LEFT JOIN sent s ON s.order_id = o.order_id
LEFT JOIN cases c ON c.account = o.account AND c.order_id = o.order_id
WHERE o.account = $account AND o.currency = $currency AND o.total > 0
  AND o.status NOT IN {NOT_SALES}
ORDER BY o.placed_at, o.order_id
"""

NOTICES = """
SELECT payout_id, amount, paid_on, period_to, count, fee_total, evidence, line FROM payout_used
WHERE basis = 'total' AND account = $account AND currency = $currency AND amount > 0
ORDER BY paid_on, payout_id
"""


def restore_account(
    book: Book,
    database: Database,
    account: str,
    currency: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
    accepted: dict[str, Acceptance] | None = None,
    stated: dict[str, Stated] | None = None,
) -> list[Restoration]:
    """Restore every payout of one account in one currency, jointly. Raises CrossbookError when its rule is missing.

    `accepted` holds the explanations that people chose, by payout id: what they say of an order holds for the payouts
    before and after, too. `stated` holds the facts that people stated; what names an order that is not there any more
    is left out.
    """
    rule = release_rule(book, account, currency)
    rows = database.rows(ORDERS, account=account, currency=currency)
    notices = database.rows(NOTICES, account=account, currency=currency)
    orders = as_arrays(rows, rule)
    cuts = [_micro(rule.cut(n["paid_on"], n["period_to"])) for n in notices]
    places = sorted(range(len(notices)), key=lambda i: cuts[i])
    place = {row["order_id"]: i for i, row in enumerate(rows)} if accepted or stated else {}
    chosen = _chosen(accepted or {}, place)
    given = [
        _notice(n, cuts[i], (stated or {}).get(n["payout_id"], Stated()), place, chosen.get(n["payout_id"]))
        for i, n in ((i, notices[i]) for i in places)
    ]
    solver = Rule(_hours(rule.blur_hours), _hours(rule.near_hours), _hours(rule.cycle_days * 24))
    with Known(book) as known:
        answers = restore_all(orders, given, solver, lambda done: progress(done, len(given)), known.answer)
    return [
        _restoration(account, currency, notices[i], notice, _as_accepted(answer, notice), rows, orders)
        for i, notice, answer in zip(places, given, answers, strict=True)
    ]


def _notice(row: dict[str, Any], cut: int, stated: Stated, place: dict[str, int], accepted: Members | None) -> Notice:
    return Notice(
        amount=row["amount"],
        cut=cut,
        count=row["count"] if stated.count is None else stated.count,
        fee_total=row["fee_total"] if stated.fee_total is None else stated.fee_total,
        parts=tuple((date.fromisoformat(day).toordinal(), amount) for day, amount in stated.sums),
        inside=tuple(place[o] for o in stated.inside if o in place),
        outside=tuple(place[o] for o in stated.outside if o in place),
        accepted=accepted,
    )


def _chosen(accepted: dict[str, Acceptance], place: dict[str, int]) -> dict[str, Members]:
    """What people accepted, as the solver's indexes; what names an order that is not there any more is left out."""
    found = {}
    for payout_id, a in accepted.items():
        if all(o in place for o in (*a.missing, *a.added)):
            found[payout_id] = (tuple(sorted(place[o] for o in a.missing)), tuple(sorted(place[o] for o in a.added)))
    return found


def _as_accepted(answer: Restored, notice: Notice) -> Restored:
    first = answer.deviations[0] if answer.deviations else None
    if first and notice.accepted == (first.missing, first.added):
        return replace(answer, verdict="accepted")
    return answer


def _hours(hours: Any) -> int:
    return int(hours * 3600 * MICRO)


def _micro(moment: datetime) -> int:
    return int(moment.timestamp()) * MICRO + moment.microsecond


def as_arrays(rows: list[dict[str, Any]], rule: ReleaseRule) -> Orders:
    """The solver's arrays from rows of `ORDERS`: net of fees, release by the rule, disputes.

    An order whose delivery is not on record is taken to have been under way as long as the median of the others.
    """
    total = np.array([r["total"] for r in rows], np.int64)
    fee = np.array([rule.fee(int(t)) for t in total], np.int64)
    event = {
        name: np.array([_micro(r[f"{name}_at"]) if r[f"{name}_at"] else NEVER for r in rows], np.int64)
        for name in ("placed", "shipped", "delivered")
    }
    moment = event[rule.after].copy()
    for earlier in ("shipped", "placed"):
        gap = (moment != NEVER) & (event[earlier] != NEVER)
        unknown = (moment == NEVER) & (event[earlier] != NEVER)
        if gap.any() and unknown.any():
            moment[unknown] = event[earlier][unknown] + int(np.median((moment - event[earlier])[gap]))
    released = np.where(moment == NEVER, NEVER, moment + _hours(rule.days * 24))
    state = np.array([_state(r) for r in rows], np.int8)
    disputed = np.array([_day(r["opened_on"], rule) if r["opened_on"] else NEVER for r in rows], np.int64)
    settled = np.array([_day(r["closed_on"], rule) if r["closed_on"] else NEVER for r in rows], np.int64)
    told = (state == LOST) & (disputed == NEVER)  # the order's own status says so, without a day
    disputed[told] = 0
    state[(state == WON) & (settled == NEVER)] = OPEN
    return Orders(
        day=np.array([_placed(r, rule) for r in rows], np.int64),
        net=np.maximum(total - fee, 0),
        fee=fee,
        released=released.astype(np.int64),
        disputed=disputed,
        settled=settled,
        state=state,
    )


def _placed(row: dict[str, Any], rule: ReleaseRule) -> int:
    placed: datetime | None = row["placed_at"]
    return placed.astimezone(rule.zone).toordinal() if placed else UNKNOWN


def _state(row: dict[str, Any]) -> int:
    if row["state"]:
        return {"open": OPEN, "won": WON}.get(row["state"], LOST)
    return LOST if row["status"] == "refunded" else NONE


def _day(day: date, rule: ReleaseRule) -> int:
    return _micro(datetime.combine(day, rule.cut_off, rule.zone))


def _fact(question: Question, rows: list[dict[str, Any]]) -> Fact:
    subject = ""
    if question.name == "order":
        subject = rows[question.subject]["order_id"]
    elif question.name == "part":
        subject = date.fromordinal(question.subject).isoformat()
    return Fact(name=question.name, subject=subject, settles=question.settles)


def _left(answer: Restored, rest: int) -> int:
    """What the orders shown leave of the payout: `rest` where no set that makes the sum is likely enough to list."""
    listed = answer.deviations or answer.verdict == "unexplained"
    return answer.difference if listed else rest


def _restoration(
    account: str,
    currency: str,
    notice: dict[str, Any],
    told: Notice,
    answer: Restored,
    rows: list[dict[str, Any]],
    orders: Orders,
) -> Restoration:
    probability = dict(zip(answer.candidates.tolist(), answer.probability.tolist(), strict=True))

    def order(i: int) -> OrderIn:
        row = rows[i]
        return OrderIn(
            order_id=row["order_id"],
            net=int(orders.net[i]),
            fee=int(orders.fee[i]),
            probability=round(probability.get(i, 1.0), 6),
            evidence=row["evidence"],
            line=row["line"],
        )

    members = tuple(order(int(i)) for i in answer.orders)
    doubtful = tuple(order(i) for i, p in probability.items() if 0.001 < p < 0.999)
    never = {i for d in answer.deviations for i in d.missing} | {i for d in answer.deviations for i in d.added}
    core = sum(1 for i in answer.orders.tolist() if i not in never and probability.get(i, 1.0) >= 0.99)
    rivals = tuple(
        Rival(
            tuple(rows[i]["order_id"] for i in d.missing),
            tuple(rows[i]["order_id"] for i in d.added),
            round(d.probability, 6),
        )
        for d in answer.deviations
    )
    question = most_telling(answer, orders, told)
    return Restoration(
        account=account,
        payout_id=notice["payout_id"],
        currency=currency,
        amount=notice["amount"],
        verdict=answer.verdict,
        orders=members,
        doubtful=tuple(sorted(doubtful, key=lambda o: -o.probability))[:200],
        core=core,
        rivals=rivals,
        expected=answer.expected,
        difference=_left(answer, notice["amount"] - sum(o.net for o in members)),
        bound=answer.bound,
        within=answer.within,
        unlisted=round(answer.unlisted, 6),
        fact=_fact(question, rows) if question else None,
    )
