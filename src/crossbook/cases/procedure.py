"""Procedures as dated data: what may happen, and what falls due after it. One TOML file each in `data/procedures`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from crossbook.calendars import FIRST_DAY, LAST_DAY, in_range
from crossbook.cases.clock import ONE, Begins, Roll, Span, Unit, count, on
from crossbook.cases.days import calendar
from crossbook.errors import CrossbookError, NotFoundError


@dataclass(frozen=True)
class Event:
    """Something that happens in a procedure; `follows` names events that it cannot come before."""

    name: str
    title: str
    title_zh: str
    follows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limit:
    """A time limit: `length` units after (before, when negative) the event or limit `after`.

    `kind` is "act by" (the last day to act), "ends" (what lapses by itself) or "not before" (the first day on which it
    may be done). It runs when all of `given` have happened and none of `unless` has. `source` says where the law is
    read, `link` the text that was read; `valid_from` and `valid_to` the first and last day of a trigger that it
    governs. `usual` is what happens in practice, beside the law. Where the law says that something may be done if the
    other has not acted "within" the days, all of them must have run out: with `after_last` the answer is the day after.
    With a `length` of 0 the days are agreed case by case; until they are, it does not run.
    """

    name: str
    title: str
    title_zh: str
    after: str
    length: int
    unit: Unit
    kind: str
    who: str
    source: str
    link: str
    valid_from: date
    roll: Roll = "next"
    begins: Begins = "next day"
    after_last: bool = False
    calendar: str = ""
    given: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    note: str = ""
    note_zh: str = ""
    usual: str = ""
    usual_zh: str = ""
    valid_to: date | None = None


@dataclass(frozen=True)
class First:
    """What to do in the first 48 hours, once all of `given` happened, in cases on one of `rights` (all, when empty)."""

    do: str
    do_zh: str
    given: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()


@dataclass(frozen=True)
class Procedure:
    """A procedure: its events, its limits in order, how its days are counted and the source of that,
    what to do first."""

    name: str
    title: str
    title_zh: str
    calendar: str
    counting: str
    counting_link: str
    note: str
    note_zh: str
    events: tuple[Event, ...]
    limits: tuple[Limit, ...]
    first: tuple[First, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """What is due when: a limit of a procedure, the day that it counts from, and the answer."""

    limit: Limit
    start: Span
    due: Span


def names() -> list[str]:
    """The procedures that are there."""
    return sorted(
        f.name[:-5] for f in files("crossbook.data").joinpath("procedures").iterdir() if f.name[-5:] == ".toml"
    )


@lru_cache(maxsize=64)
def procedure(name: str) -> Procedure:
    """The procedure of that name. Raises NotFoundError."""
    if name not in names():
        raise NotFoundError(f"there is no procedure {name!r}", todo=f"use one of {', '.join(names())}")
    return read(name, files("crossbook.data").joinpath(f"procedures/{name}.toml").read_text(encoding="utf-8"))


def read(name: str, text: str) -> Procedure:
    """A procedure from its TOML text. Raises CrossbookError when it refers to what it does not have."""
    raw: dict[str, Any] = tomllib.loads(text)
    events = tuple(Event(**_tuples(e)) for e in raw.pop("event"))
    limits = tuple(Limit(**_tuples(x)) for x in raw.pop("limit"))
    first = tuple(First(**_tuples(x)) for x in raw.pop("first", ()))
    seen = {e.name for e in events}
    for step in first:
        if not seen >= set(step.given):
            raise CrossbookError(f"what to do first waits for {', '.join(step.given)}, no event", where=f"{name}.toml")
    for limit in limits:
        unknown = {limit.after, *limit.given, *limit.unless} - seen
        if unknown:
            what = ", ".join(sorted(unknown))
            raise CrossbookError(
                f"limit {limit.name!r} counts from {what}, which is not before it", where=f"{name}.toml"
            )
        seen.add(limit.name)
    return Procedure(name=name, events=events, limits=limits, first=first, **{"note": "", "note_zh": "", **raw})


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}


def deadlines(
    of: Procedure,
    happened: Mapping[str, date],
    state: str = "",
    agreed: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> list[Deadline]:
    """What follows from the events that `happened` (name to day), earliest first.

    `state` is the state where a federal court sits; its holidays widen the answer. `agreed` has the `length`, `unit`
    and `source` of limits whose days are agreed, by name. A limit runs when its event is there and nothing that ends it
    is; a limit that counts from another runs when that does. Raises CrossbookError for an event that the procedure does
    not have, days out of range or in an impossible order, and a day before the rule was in force.
    """
    _check(of, happened)
    spans = {name: on(day) for name, day in happened.items()}
    found = []
    for limit in of.limits:
        if not limit.length and limit.name in agreed:
            limit = replace(limit, **agreed[limit.name])
        if not limit.length:
            continue
        start = spans.get(limit.after)
        if start is None or not happened.keys() >= set(limit.given) or happened.keys() & set(limit.unless):
            continue
        if start.earliest < limit.valid_from:
            raise CrossbookError(
                f"{limit.source} is known from {limit.valid_from}; {limit.after} was on {start.earliest}",
                todo="ask counsel which rule was in force then",
            )
        if limit.valid_to and start.latest > limit.valid_to:
            raise CrossbookError(
                f"{limit.source} was in force until {limit.valid_to}; {limit.after} was on {start.latest}",
                todo="ask counsel which rule took its place",
            )
        works = calendar(limit.calendar or of.calendar, state if limit.length > 0 else "")
        due = count(start, limit.length, limit.unit, works, limit.roll, limit.begins)
        spans[limit.name] = Span(due.earliest + ONE, due.latest + ONE) if limit.after_last else due
        found.append(Deadline(limit, start, spans[limit.name]))
    return sorted(found, key=lambda d: d.due)


def _check(of: Procedure, happened: Mapping[str, date]) -> None:
    known = {e.name: e for e in of.events}
    for name, day in happened.items():
        if name not in known:
            raise CrossbookError(f"{of.name} has no event {name!r}", todo=f"use one of {', '.join(known)}")
        if not in_range(day):
            raise CrossbookError(
                f"{day} is out of range", where=name, todo=f"give a day from {FIRST_DAY} to {LAST_DAY}, as 2026-06-30"
            )
        for earlier in known[name].follows:
            if earlier in happened and happened[earlier] > day:
                raise CrossbookError(
                    f"{name} ({day}) cannot come before {earlier} ({happened[earlier]})", todo="correct one of the days"
                )
