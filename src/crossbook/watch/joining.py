"""Which alerts are one case: those on one party, and those that rest on one chain; never across institutions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

APART = timedelta(days=90)  # alerts on one party that lie further apart are two cases


@dataclass(frozen=True, kw_only=True)
class Slice:
    """An alert as one institution sees it: the part of its transfers that went over its accounts. `large` tells what
    the law wants reported by its amount alone from what is suspected; of such, `since` tells reports apart."""

    tenant: str
    alert: str
    subject: str
    large: bool
    since: int
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the journal says of a case: the alerts that were in it, and the parties that they were on, with the first
    and the last day of each."""

    case: str
    tenant: str
    large: bool
    alerts: frozenset[str]
    parties: Mapping[str, tuple[date, date]]


def gather(slices: Iterable[Slice], shared: Iterable[tuple[Slice, Slice]], known: Iterable[Known]) -> dict[Slice, str]:
    """The number of the case that each is in.

    `shared` are pairs that rest on the same transfers. A case keeps the number under which one of its alerts, or its
    party at that time, was known before; of several the first there. Else it is made of its earliest alert.
    """
    all_of = list(slices)
    root = {one: one for one in all_of}

    def find(one: Slice) -> Slice:
        while root[one] is not one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for group in _by_party(all_of).values():
        ends = group[0].last_on
        for before, one in pairwise(group):
            if one.large or one.first_on <= ends + APART:
                root[find(one)] = find(before)
            ends = max(ends, one.last_on)
    for a, b in shared:
        root[find(b)] = find(a)
    members = defaultdict(list)
    for one in all_of:
        members[find(one)].append(one)
    known_as = _known_as(known)
    found: dict[Slice, str] = {}
    taken: set[str] = set()
    for group in sorted(members.values(), key=_earliest):
        earlier = [(n, case) for o in group for n, case in known_as(o) if case not in taken]
        number = min(earlier)[1] if earlier else _number(group)
        taken.add(number)
        found.update(dict.fromkeys(group, number))
    return found


def _known_as(known: Iterable[Known]) -> Callable[[Slice], list[tuple[int, str]]]:
    """Gives under which numbers something of a case was known, each with its place in the journal."""
    by_alert = defaultdict(list)
    by_party = defaultdict(list)
    for n, one in enumerate(known):
        for alert in one.alerts:
            by_alert[one.tenant, alert].append((n, one.case))
        for party, span in one.parties.items():
            by_party[one.tenant, party, one.large].append((n, one.case, *span))

    def named(o: Slice) -> list[tuple[int, str]]:
        near = [
            (n, case)
            for n, case, first, last in by_party.get((o.tenant, o.subject, o.large), ())
            if (o.first_on == first if o.large else o.first_on <= last + APART and first <= o.last_on + APART)
        ]
        return [*by_alert.get((o.tenant, o.alert), ()), *near]

    return named


def _by_party(slices: list[Slice]) -> dict[tuple[str, str, bool, int], list[Slice]]:
    groups = defaultdict(list)
    for one in sorted(slices, key=lambda s: (s.first_on, s.last_on, s.alert)):
        groups[one.tenant, one.subject, one.large, one.since if one.large else 0].append(one)
    return groups


def _earliest(group: list[Slice]) -> tuple[date, str]:
    return min((o.first_on, o.alert) for o in group)


def _number(group: list[Slice]) -> str:
    first = min(group, key=lambda o: (o.first_on, o.alert))
    return hashlib.sha256(f"{first.tenant}|{first.alert}".encode()).hexdigest()[:10]
