"""What the watch came to: alerts and cases by rule, how many were right by people's decisions, how long those took.

Precision is of decided cases: those that were reported, or are to be, among those and the dismissed. A rule under which
nothing was decided has none: it is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from crossbook.watch.casework import Case
from crossbook.watch.reading import Summary

RIGHT = ("to_report", "reported")


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Of one rule, or of all (`rule` is empty): alerts, cases, how many were decided and how, the share of decided
    cases that were right (None where none was), the median of days from the intake to the first decision (None where
    none is known) and of how many cases that is."""

    rule: str
    alerts: int
    cases: int
    open: int
    escalated: int
    dismissed: int
    right: int
    precision: float | None
    days: float | None
    timed: int


def statistics(found: Iterable[Case], told: Summary) -> list[Counted]:
    """All cases, then each rule by how many cases it called; `told` is how the rules ended."""
    all_of = list(found)
    alerts = {r["rule"]: r["alerts"] for r in told.rules}
    rules = sorted({rule for c in all_of for rule in c.rules})
    each = [_counted(rule, alerts.get(rule, 0), [c for c in all_of if rule in c.rules]) for rule in rules]
    return [_counted("", told.alerts, all_of), *sorted(each, key=lambda c: (-c.cases, c.rule))]


def _counted(rule: str, alerts: int, found: list[Case]) -> Counted:
    outcomes = [c.outcome.body["outcome"] if c.outcome else "" for c in found]
    right = sum(o in RIGHT for o in outcomes)
    dismissed = outcomes.count("dismissed")
    days = [d for c in found if (d := _days(c)) is not None]
    return Counted(
        rule=rule,
        alerts=alerts,
        cases=len(found),
        open=outcomes.count(""),
        escalated=outcomes.count("escalated"),
        dismissed=dismissed,
        right=right,
        precision=right / (right + dismissed) if right + dismissed else None,
        days=median(days) if days else None,
        timed=len(days),
    )


def _days(case: Case) -> int | None:
    """Days from the intake to the first decision that stands."""
    if case.taken_on is None or not case.told.outcomes:
        return None
    return (date.fromisoformat(case.told.outcomes[0].at[:10]) - case.taken_on).days
