"""The dated tables of United States duties: measures, what is in their scope, and how they stack.

Rows of `data/duty/measures.csv`, `scopes.csv` and `stacking.csv`; each names its legal source. A measure has three
dates: when it was published, from when it was collected (`effective`), and from when it applies by law (`since`, which
is earlier where a notice reaches back).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossbook.duty.lines import Revision

FIRST_DAY = date(2025, 1, 1)  # the first schedule shipped
KNOWN_UNTIL = date(2026, 11, 9)  # what follows 2026-11-10 (exclusions, cranes, China's suspended rates) is not known
FAR = date(9999, 12, 31)

EU = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
)  # as note 37(j) of subchapter III, chapter 99 lists them
COLUMN_2 = frozenset("BY CU KP RU".split())  # general note 3(b)


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of measures.csv. `kind`: add (to column 1), total (including column 1), instead (of it), exempt.

    `rate` is a fraction of what `on` names: the whole value, or the value of one metal. `when` are conditions on facts
    that must all hold; `sailed_before` limits it to goods loaded before that day.
    """

    id: str
    programme: str
    name: str
    authority: str
    heading: str
    origins: tuple[str, ...]
    scopes: tuple[str, ...]
    kind: str
    rate: Decimal | None
    on: str
    when: tuple[tuple[str, str, str], ...]
    sailed_before: date | None
    since: date
    until: date
    published: date | None
    effective: date
    source: str

    def within(self, inside: Callable[[str], bool]) -> bool:
        """Whether goods in the scopes that `inside` tells fall under it: in one of its scopes ("*" is all goods), in
        every one with a plus sign before it, and in none with a minus sign."""
        plain = [s for s in self.scopes if s[0] not in "+-"]
        if not any(s == "*" or inside(s) for s in plain):
            return False
        return all(inside(s[1:]) is (s[0] == "+") for s in self.scopes if s[0] in "+-")

    def of(self, origin: str) -> bool:
        """Whether products of `origin` (ISO 3166-1 alpha-2) can fall under it."""
        return is_origin(origin, self.origins)


def is_origin(origin: str, tokens: Iterable[str]) -> bool:
    """Whether a country is among `tokens`: codes, EU, COL2 or ALL, and -XX for what is taken out again."""
    found = False
    for token in tokens:
        if token[0] == "-":
            if _is(origin, token[1:]):
                return False
        else:
            found = found or _is(origin, token)
    return found


def _is(origin: str, token: str) -> bool:
    if token == "ALL":  # noqa: S105
        return origin != "US"
    if token == "EU":  # noqa: S105
        return origin in EU
    return origin in COLUMN_2 if token == "COL2" else origin == token  # noqa: S105


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of stacking.csv, in an era: between two programmes or measures, or about one.

    "s232:steel*" names all measures whose id starts so. `rule` is replaces, excludes (on the value that the winner
    covers), "excludes whole" or one; stacks, floors and caps say what the measures' `kind` already does.
    """

    rule: str
    winner: str
    loser: str
    since: date
    until: date
    source: str
    note: str


@dataclass(frozen=True)
class Scopes:
    """Which scopes a tariff line is in. Rows are matched by prefix, as deep as the legal text goes."""

    by_prefix: dict[str, list[tuple[str, date, date, str]]]

    def of(self, code: str) -> dict[str, list[tuple[date, date, str]]]:
        """Scopes that hold `code`, each with the days between which it does and the source of the row."""
        found: dict[str, list[tuple[date, date, str]]] = defaultdict(list)
        for length in (2, 4, 6, 8, 10):
            for scope, since, until, source in self.by_prefix.get(code[:length], ()):
                if len(code) >= length:
                    found[scope].append((since, until, source))
        return found


@dataclass(frozen=True)
class Law:
    """All that stacking needs, with the days on which something changes.

    `newer` are revisions of the schedule that a user has added after those shipped, the earliest first.
    """

    measures: tuple[Measure, ...]
    rules: tuple[Rule, ...]
    scopes: Scopes
    breaks: tuple[date, ...] = field(default=())
    newer: tuple[Revision, ...] = ()


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of a shipped table."""
    with files("crossbook").joinpath("data", "duty", name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def day_or(text: str, default: date) -> date:
    """A day in ISO form, or `default` where none is stated."""
    return date.fromisoformat(text) if text else default


def percent(text: str) -> Decimal:
    """ "7.5%" as 0.075. Raises ValueError for anything else."""
    if not text.endswith("%"):
        raise ValueError(f"not a rate in percent: {text!r}")
    return Decimal(text[:-1]) / 100


def condition(text: str) -> tuple[str, str, str]:
    """ "metal_weight>=0.15" as ("metal_weight", ">=", "0.15")."""
    for sign in (">=", "!=", "="):
        name, found, value = text.partition(sign)
        if found:
            return name, sign, value
    raise ValueError(f"not a condition: {text!r}")


@lru_cache(maxsize=1)
def law() -> Law:
    """The shipped tables, read once."""
    measures = tuple(
        Measure(
            id=r["id"],
            programme=r["programme"],
            name=r["name"],
            authority=r["authority"],
            heading=r["heading"],
            origins=tuple(r["origins"].split()),
            scopes=tuple(r["scope"].split()),
            kind=r["kind"],
            rate=percent(r["rate"]) if r["rate"] else None,
            on=r["on"],
            when=tuple(condition(c) for c in r["when"].split("&") if c),
            sailed_before=date.fromisoformat(r["sailed_before"]) if r["sailed_before"] else None,
            since=date.fromisoformat(r["from"]),
            until=day_or(r["to"], FAR),
            published=date.fromisoformat(r["published"]) if r["published"] else None,
            effective=date.fromisoformat(r["effective"]),
            source=r["source"],
        )
        for r in rows("measures.csv")
    )
    rules = tuple(
        Rule(
            rule=r["rule"],
            winner=r["winner"],
            loser=r["loser"],
            since=day_or(r["from"], date.min),
            until=day_or(r["to"], FAR),
            source=r["source"],
            note=r["note"],
        )
        for r in rows("stacking.csv")
    )
    by_prefix: dict[str, list[tuple[str, date, date, str]]] = defaultdict(list)
    breaks = {m.since for m in measures} | {_after(m.until) for m in measures}
    breaks |= {r.since for r in rules} | {_after(r.until) for r in rules}
    days: dict[str, date] = {"": date.min}
    ends: dict[str, date] = {"": FAR}
    with files("crossbook").joinpath("data", "duty", "scopes.csv").open(encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        for scope, code, first, last, source in reader:
            since = days.get(first) or days.setdefault(first, date.fromisoformat(first))
            until = ends.get(last) or ends.setdefault(last, date.fromisoformat(last))
            by_prefix[code].append((scope, since, until, source))
    breaks |= set(days.values()) | {_after(d) for d in ends.values()}
    return Law(
        measures=measures, rules=rules, scopes=Scopes(dict(by_prefix)), breaks=tuple(sorted(breaks - {date.min, FAR}))
    )


def _after(day: date) -> date:
    return day if day == FAR else date.fromordinal(day.toordinal() + 1)


@lru_cache(maxsize=1)
def replaced() -> dict[str, list[tuple[str, date]]]:
    """What took the place of a retired statistical line, and when."""
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for row in rows("replaced.csv"):
        found[row["code"]].append((row["by"], date.fromisoformat(row["from"])))
    return dict(found)
