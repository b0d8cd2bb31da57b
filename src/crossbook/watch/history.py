"""What people did about cases, as the journal has it: which were taken in and when, what was decided, said and written.

A case is known by its number; which alerts are in it is kept with it, so that it keeps its number when others join it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crossbook.book.journal import Entry
from crossbook.watch.joining import Known

INTAKE, INTAKE_BACK = "watch intake", "watch intake back"
OUTCOME, OUTCOME_BACK = "watch outcome", "watch outcome back"
REMARK, REMARK_BACK = "watch remark", "watch remark back"
NARRATIVE, NARRATIVE_BACK = "watch narrative", "watch narrative back"
FIGURE, FIGURE_BACK = "watch figure", "watch figure back"
OUTCOMES = ("dismissed", "escalated", "to_report", "reported")


@dataclass(kw_only=True)
class Told:
    """What the journal says of one case. Entries that were taken back are not in it."""

    taken_on: date | None = None  # when it was first taken in
    run: int = 0  # the number of the entry that took it in
    alerts: set[str] = field(default_factory=set)  # all that were ever said to be in it
    parties: dict[str, tuple[date, date]] = field(default_factory=dict)  # those that they were on, and when
    tenant: str = ""
    large: bool = False
    outcomes: list[Entry] = field(default_factory=list)
    remarks: list[Entry] = field(default_factory=list)
    narratives: dict[str, Entry] = field(default_factory=dict)  # by language

    @property
    def outcome(self) -> Entry | None:
        """What stands."""
        return self.outcomes[-1] if self.outcomes else None

    @property
    def documents(self) -> dict[str, str]:
        """The files that people named as evidence: SHA-256 and name."""
        return {sha: name for e in (*self.outcomes, *self.remarks) for sha, name in e.body.get("documents", {}).items()}


def told_of(entries: Iterable[Entry]) -> dict[str, Told]:
    """What the journal says of each case, by its number, in the order in which it was first told of."""
    found: dict[str, Told] = {}

    def of(case: str) -> Told:
        return found.setdefault(case, Told())

    for e in _without_gone_intakes(entries):
        if e.action == INTAKE:
            for case, body in e.body["cases"].items():
                one = of(case)
                if one.taken_on is None:
                    one.taken_on, one.run = date.fromisoformat(e.body["on"]), e.seq
                _learn(one, body)
        elif e.action == OUTCOME:
            one = of(e.subject)
            one.outcomes.append(e)
            _learn(one, e.body)
        elif e.action == OUTCOME_BACK and of(e.subject).outcomes:
            of(e.subject).outcomes.pop()
        elif e.action == REMARK:
            of(e.subject).remarks.append(e)
        elif e.action == REMARK_BACK and of(e.subject).remarks:
            of(e.subject).remarks.pop()
        elif e.action == NARRATIVE:
            of(e.subject).narratives[e.body["language"]] = e
        elif e.action == NARRATIVE_BACK:
            of(e.subject).narratives.pop(e.body["language"], None)
    return found


def last_intake(entries: Iterable[Entry]) -> Entry | None:
    """The last time that what the rules call was taken in and that was not taken back; None before the first."""
    return next((e for e in reversed(_without_gone_intakes(entries)) if e.action == INTAKE), None)


def _without_gone_intakes(entries: Iterable[Entry]) -> list[Entry]:
    found: list[Entry] = []
    for e in entries:
        found.append(e)
        if e.action == INTAKE_BACK:
            at = next((i for i in range(len(found) - 1, -1, -1) if found[i].action == INTAKE), None)
            if at is not None:
                del found[at]
    return found


def _learn(one: Told, body: dict[str, Any]) -> None:
    one.tenant, one.large = body["tenant"], body["report"] == "large"
    one.alerts |= set(body["alerts"])
    for party, (first, last) in body["parties"].items():
        days = (date.fromisoformat(first), date.fromisoformat(last))
        was = one.parties.get(party, days)
        one.parties[party] = (min(was[0], days[0]), max(was[1], days[1]))


def known_cases(told: dict[str, Told]) -> list[Known]:
    """The cases that the journal knows, in the order in which it was first told of them."""
    return [
        Known(case=case, tenant=one.tenant, large=one.large, alerts=frozenset(one.alerts), parties=dict(one.parties))
        for case, one in told.items()
        if one.parties
    ]


def figures(entries: Iterable[Entry]) -> dict[str, dict[str, Entry]]:
    """The figures of rules that people decided and did not take back: {rule: {figure: entry}}."""
    found: dict[str, dict[str, Entry]] = {}
    for e in entries:
        if e.action == FIGURE:
            found.setdefault(e.subject, {})[e.body["figure"]] = e
        elif e.action == FIGURE_BACK:
            found.get(e.subject, {}).pop(e.body["figure"], None)
    return found
