"""The queue of cases: what the rules call, gathered, beside what people did about it, and by when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crossbook import calendars
from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.engine import Database
from crossbook.errors import NotFoundError, one_of
from crossbook.watch.due import Due, dues, house
from crossbook.watch.history import Told, last_intake, told_of
from crossbook.watch.outside import Outside, by_party, told_anew
from crossbook.watch.rules import rules
from crossbook.watch.scoring import EARLIER, Part
from crossbook.watch.settings import settings_of
from crossbook.watch.thresholds import thresholds

# What a case stands at: nothing was decided; what stands (see history.OUTCOMES); its figures changed after that, so
# that it is open again; or no rule calls it any more.
STATUSES = ("open", "open again", "escalated", "to_report", "reported", "dismissed", "not called")
WAITING = ("open", "open again", "escalated", "to_report")  # those that somebody has to do something about
ORDERS = ("limit", "risk", "age")
REPORTS = ("large", "suspicious")  # what a case would be reported as
_FAR = date.max


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case. `tenant` is the institution that it is of, `report` what it would be reported as (large or suspicious),
    `subject` its chief party. `amount` is the largest sum of one alert, in minor units of `currency`, None where no
    rate tells it. `changed` says what is not as it was when the decision that stands was made. `fresh` says that the
    last intake brought it, or that none has yet. `outside` is what another authority told of its parties."""

    id: str
    tenant: str
    report: str
    subject: str
    name: str | None
    parties: int
    alerts: int
    rules: tuple[str, ...]
    first_on: date
    last_on: date
    amount: int | None
    currency: str | None
    unmeasured: int
    parts: tuple[Part, ...]
    score: int
    state: str
    status: str
    taken_on: date | None
    fresh: bool
    dues: tuple[Due, ...]
    changed: tuple[str, ...]
    told: Told
    outside: tuple[Outside, ...] = ()

    @property
    def due(self) -> Due | None:
        """The first limit of days with a day; None where no day can be told."""
        return next((d for d in self.dues if d.day), None)

    def left(self, today: date) -> int | None:
        """Days until it is due, negative when it is late; None where no day can be told or nothing is waited for."""
        due = self.due
        return (due.day - today).days if due and due.day and self.status in WAITING else None

    @property
    def outcome(self) -> Entry | None:
        """The decision that was made on it last and not taken back."""
        return self.told.outcome


def queue(
    database: Database,
    book: Book,
    *,
    by: str = "limit",
    status: str = "",
    fresh: bool = False,
    report: str = "",
    rule: str = "",
    tenant: str = "",
    today: date | None = None,
) -> list[Case]:
    """The cases that wait for somebody (or those of one status, "all" for every one), in an order: by the limit of days
    (then risk), by risk (the score, then the limit), or by age; those of one kind of report, one rule or one
    institution, if given. Raises ParameterError for a status, order, kind of report, rule or institution that there is
    not."""
    one_of("by", by, ORDERS)
    one_of("status", status, ("all", *STATUSES))
    one_of("report", report, REPORTS)
    one_of("rule", rule, [r.name for r in rules()])
    if tenant:
        one_of("institution", tenant, institutions(database))
    day = today or calendars.today()
    found = [
        c
        for c in cases(database, book, today=day).values()
        if (status == "all" or c.status == status or (not status and c.status in WAITING))
        and (c.fresh or not fresh)
        and report in ("", c.report)
        and (not rule or rule in c.rules)
        and tenant in ("", c.tenant)
    ]

    def limit(c: Case) -> date:
        return c.due.day if c.due and c.due.day and c.status in WAITING else _FAR

    keys: dict[str, Any] = {
        "limit": lambda c: (limit(c), -c.score, c.first_on, c.id),
        "risk": lambda c: (-c.score, limit(c), c.first_on, c.id),
        "age": lambda c: (c.first_on, -c.score, c.id),
    }
    return sorted(found, key=keys[by or "limit"])


def cases(database: Database, book: Book, *, today: date | None = None) -> dict[str, Case]:
    """Every case by its number: those that rules call today, and those that people decided on and no rule calls."""
    database.ask("watch_cases")
    day = today or calendars.today()
    entries = book.journal()
    told, settings, intake = told_of(entries), settings_of(book), last_intake(entries)
    parts: dict[str, list[Part]] = {}
    for r in database.rows("SELECT case_id, part, about, points, value FROM watch_part"):
        parts.setdefault(r.pop("case_id"), []).append(Part(**r))
    called: dict[str, list[tuple[str, str]]] = {}
    alerts: dict[str, set[str]] = {}
    subjects: dict[str, set[str]] = {}
    for r in database.rows(
        "SELECT case_id, rule, what, alert, subject FROM watch_slice ORDER BY grave DESC, rule, alert"
    ):
        called.setdefault(r["case_id"], []).append((r["rule"], r["what"]))
        alerts.setdefault(r["case_id"], set()).add(r["alert"])
        subjects.setdefault(r["case_id"], set()).add(r["subject"])
    rows = database.rows("SELECT * EXCLUDE (score) FROM watch_case ORDER BY case_id")
    reported, others = _reported(told), by_party(database, entries)
    found = {}
    for row in rows:
        case = row.pop("case_id")
        one = told.get(case, Told())
        earlier = reported.get((row["tenant"], row["subject"]), "")
        outside = {x.name: x for party in sorted(subjects[case]) for x in others.get(party, ())}
        counted = told_anew(x for x in outside.values() if x.points)
        scored = (
            *parts[case],
            *([Part(part="earlier", about=earlier, points=EARLIER, value=None)] if earlier not in ("", case) else []),
            *(Part(part="outside", about=x.name, points=x.points, value=None) for x in counted),
        )
        laws = _laws(settings.laws, called[case]) if row["report"] == "large" else settings.laws
        found[case] = Case(
            id=case,
            **row,
            rules=tuple(dict.fromkeys(rule for rule, _ in called[case])),
            parts=scored,
            score=sum(p.points for p in scored),
            status=_status(one, row["state"]),
            taken_on=one.taken_on,
            fresh=one.taken_on is None or intake is None or one.run == intake.seq,
            dues=_dues(row, one, laws, settings.review_days, day),
            changed=_changed(one, row, alerts[case]),
            told=one,
            outside=tuple(outside.values()),
        )
    return found | {case: _gone(case, one) for case, one in told.items() if case not in found and one.outcomes}


def tenants(database: Database) -> list[str]:
    """The institutions that cases are of."""
    database.ask("watch_cases")
    return [r["tenant"] for r in database.rows("SELECT DISTINCT tenant FROM watch_case ORDER BY tenant")]


def institutions(database: Database) -> list[str]:
    """The institutions whose accounts the book knows, and those that cases are of."""
    database.ask("watch_cases")
    rows = database.rows(
        "SELECT DISTINCT institution AS name FROM watch_account UNION SELECT tenant FROM watch_case ORDER BY name"
    )
    return [r["name"] for r in rows if r["name"]]


def case_of(database: Database, book: Book, known: str) -> Case:
    """One case. Raises NotFoundError when there is none of that number."""
    found = cases(database, book)
    if known not in found:
        raise NotFoundError(f"there is no case {known!r} of the watch", todo="crossbook watch queue lists them")
    return found[known]


def _reported(told: dict[str, Told]) -> dict[tuple[str, str], str]:
    """The first case on each party of an institution that was reported."""
    found: dict[tuple[str, str], str] = {}
    for case, one in told.items():
        if one.outcome and one.outcome.body["outcome"] == "reported":
            found.setdefault((one.tenant, one.outcome.body["party"]), case)
    return found


def _laws(laws: tuple[str, ...], called: list[tuple[str, str]]) -> tuple[str, ...]:
    """The laws whose limits were reached: a large value is reported under the law that asks for it."""
    names = {what.rpartition(" ")[0] for _, what in called}
    return tuple(law for law in laws if any(x.law == law and x.name in names for x in thresholds())) or laws


def _status(one: Told, state: str) -> str:
    entry = one.outcome
    if entry is None:
        return "open"
    return str(entry.body["outcome"]) if entry.body["state"] == state else "open again"


def _dues(row: dict[str, Any], one: Told, laws: tuple[str, ...], days: int, today: date) -> tuple[Due, ...]:
    detected = one.taken_on or today
    confirmed = next(
        (date.fromisoformat(e.body["on"]) for e in reversed(one.outcomes) if e.body["outcome"] == "to_report"), None
    )
    found = dues(
        report=row["report"],
        laws=laws,
        last=row["last_on"],
        detected=detected,
        confirmed=confirmed,
        known=row["name"] is not None or not row["subject"].startswith("name:"),
    )
    if row["report"] == "suspicious" and confirmed is None:
        found = (*found, house(detected, days, laws))
    return tuple(sorted(found, key=lambda d: d.day or _FAR))


def _changed(one: Told, row: dict[str, Any], alerts: set[str]) -> tuple[str, ...]:
    """What is not as it was when the decision that stands was made, as sentences."""
    entry = one.outcome
    if entry is None or entry.body["state"] == row["state"]:
        return ()
    before = set(entry.body["alerts"])
    more, fewer = len(alerts - before), len(before - alerts)
    found = []
    if more:
        found.append(f"alerts that were not there when it was decided: {more}")
    if fewer:
        found.append(f"alerts that it rested on and that are not called any more: {fewer}")
    if not found:
        found.append("an alert rests on other transfers, or comes to another sum, than when it was decided")
    return tuple(found)


def _gone(case: str, one: Told) -> Case:
    """A case that people decided on and no rule calls any more: what the decision kept of it."""
    body = one.outcomes[-1].body
    return Case(
        id=case,
        tenant=one.tenant,
        report=body["report"],
        subject=body["party"],
        name=body.get("name"),
        parties=0,
        alerts=0,
        rules=(),
        first_on=date.fromisoformat(body["first_on"]),
        last_on=date.fromisoformat(body["last_on"]),
        amount=None,
        currency=None,
        unmeasured=0,
        parts=(),
        score=0,
        state="",
        status="not called",
        taken_on=one.taken_on,
        fresh=False,
        dues=(),
        changed=("no rule calls it any more",),
        told=one,
    )
