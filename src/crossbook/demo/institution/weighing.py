"""What rules called in the sample institution, held against what was planted and what is honest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Alert = tuple[str, str, frozenset[str]]  # rule, subject, the numbers of its transfers


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One rule: how many of what was planted for it it found, of how many; and of its alerts, how many touch what was
    planted for it, only what was planted for others, what is honest and looks alike, and nothing of these."""

    rule: str
    planted: int
    found: int
    alerts: int
    right: int
    others: int
    alike: dict[str, int]  # by kind of look-alike
    plain: int


def weigh(alerts: Iterable[Alert], planted: list[dict[str, Any]]) -> list[Weighed]:
    """Each rule that called something or that something was planted for, by name.

    A plant is found when an alert of the rule of its name is on one of its parties or rests on half of its transfers.
    """
    called: dict[str, list[Alert]] = {}
    for alert in alerts:
        called.setdefault(alert[0], []).append(alert)
    guilty = [p for p in planted if not p["honest"]]
    rules = sorted(called.keys() | {p["kind"] for p in guilty})
    return [_one(rule, called.get(rule, []), planted, guilty) for rule in rules]


def _one(rule: str, called: list[Alert], planted: list[dict[str, Any]], guilty: list[dict[str, Any]]) -> Weighed:
    mine = [p for p in guilty if p["kind"] == rule]
    found = sum(any(_found(alert, p) for alert in called) for p in mine)
    right = others = plain = 0
    alike: dict[str, int] = {}
    whose: dict[str, list[dict[str, Any]]] = {}
    for p in planted:
        for key in (*p["transfers"], *p["subjects"]):
            whose.setdefault(key, []).append(p)
    for alert in called:
        touched = [p for key in (alert[1], *alert[2]) for p in whose.get(key, ())]
        if any(p["kind"] == rule for p in touched):
            right += 1
        elif any(not p["honest"] for p in touched):
            others += 1
        elif touched:
            kind = touched[0]["kind"]
            alike[kind] = alike.get(kind, 0) + 1
        else:
            plain += 1
    return Weighed(
        rule=rule,
        planted=len(mine),
        found=found,
        alerts=len(called),
        right=right,
        others=others,
        alike=alike,
        plain=plain,
    )


def _found(alert: Alert, plant: dict[str, Any]) -> bool:
    resting = alert[2] & set(plant["transfers"])
    return alert[1] in plant["subjects"] or (bool(resting) and len(resting) * 2 >= len(plant["transfers"]))
