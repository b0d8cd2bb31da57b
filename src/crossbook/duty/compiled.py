"""The schedule and the law as arrays, and what happens to each kind of line.

The rules are those of `stacking`, run once for each kind of line: lines that are in the same scopes meet the same
measures, so on a given day and from a given origin a few dozen outcomes cover the whole schedule. Amounts are whole
numbers throughout: rates in 10^-8, values in cents.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.duty.claims import FACTS, VEHICLES, Value, is_asked
from crossbook.duty.expressions import UNITS, Duty, by_programme, parse
from crossbook.duty.quoting import PROGRAMMES, differ, shown
from crossbook.duty.schedule import table as schedule_table
from crossbook.duty.stacking import open_facts, scenarios, stack
from crossbook.duty.tables import FIRST_DAY, Law, Measure, Rule, law

SCALE = 10**8
UNREAD = 2  # of a duty whose text cannot be read
ADD, TOTAL = 0, 1

Ints = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]  # of 32 or 64 bits
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Scenario:
    """Layers as (kind, rate, share) in 10^-8, and whether the special column is claimed."""

    special: bool
    layers: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Profile:
    """What happens to every line of one kind: scenarios with the default first, and texts for people."""

    scenarios: tuple[Scenario, ...]
    measures: str
    missing: str
    instead: int = -1


@dataclass
class Compiled:
    """The schedule as arrays, and profiles as they are met."""

    law: Law
    codes: pa.Array
    names: list[str]  # the codes, sorted
    breaks: Ints  # ordinals on which the schedule or the law changes
    row_of: Ints  # [era, code] -> row of the schedule, -1 when not in force
    duties: dict[str, list[Ints]]  # column -> ad valorem, cents a kg, cents a piece, 1 where it needs more, or UNREAD
    specials: list[dict[str, Duty]]
    special_rate: dict[str, list[Ints]] = field(default_factory=dict)
    slices: dict[tuple[str, int, tuple[tuple[str, Value], ...]], Ints] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    outcomes: tuple[int, Any] | None = None  # of so many profiles, as `table_prices` reads them
    columns: tuple[frozenset[int], Any] | None = None  # of so many countries, as `table_prices` reads them
    bits: dict[tuple[str, int], Bools] = field(default_factory=dict)
    runs: dict[str, list[Ints]] = field(default_factory=dict)


def _numbers(duty: Duty | None) -> tuple[int, int, int, int]:
    """Ad valorem in 10^-8, then cents in 10^-8 for a kilogram and a piece, and 1 where that is not all."""
    if duty is None:
        return 0, 0, 0, UNREAD
    if duty.rule:
        return 0, 0, 0, 1
    value = kilo = piece = more = 0
    for term in duty.terms:
        if not term.unit and not term.on:
            value += int(term.rate * SCALE)
            continue
        unit, per = UNITS.get(term.unit, ("", Decimal(1)))
        each = int(term.rate * 100 / per * SCALE)
        if term.on and not term.on.endswith("container"):
            more = 1
        elif unit == "kg":
            kilo += each
        elif unit in ("No.", "prs."):
            piece += each
        else:
            more = 1
    return value, kilo, piece, more


def _read(text: str) -> Duty | None:
    try:
        return parse(text)
    except ValueError:
        return None


def compiled(of: Law | None = None) -> Compiled:
    """The shipped schedule and law as arrays, made once in a process (about a second); another law each time anew."""
    return _shipped() if of is None else _made(of)


@lru_cache(maxsize=1)
def _shipped() -> Compiled:
    return _made(law())


def _made(of: Law) -> Compiled:
    table = schedule_table()
    codes = pc.unique(table["code"])
    index = pc.index_in(table["code"], codes).to_numpy().astype(np.int64)
    since = np.array([d.toordinal() for d in table["valid_from"].to_pylist()], np.int64)
    until = np.array([d.toordinal() if d else date.max.toordinal() for d in table["valid_to"].to_pylist()], np.int64)
    days = {d.toordinal() for d in _breaks(of)} | set(since.tolist()) | {FIRST_DAY.toordinal()}
    breaks = np.array(sorted(d for d in days if d >= FIRST_DAY.toordinal()), np.int64)
    row_of = np.full((len(breaks), len(codes)), -1, np.int32)
    rows = np.arange(len(index))
    for era, day in enumerate(breaks):
        inside = (since <= day) & (day <= until)
        row_of[era, index[inside]] = rows[inside]
    duties: dict[str, list[Ints]] = {}
    for name in ("general", "other"):
        texts = table[name].to_pylist()
        numbers = {t: _numbers(_read(t)) for t in set(texts)}
        duties[name] = [np.array([numbers[t][k] for t in texts], np.int64) for k in range(4)]
    known: dict[str, dict[str, Duty]] = {}
    for text in set(table["special"].to_pylist()):
        try:
            known[text] = by_programme(text) if text else {}
        except ValueError:
            known[text] = {}
    return Compiled(
        law=of,
        names=list(codes.to_pylist()),
        codes=codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes,
        breaks=breaks,
        row_of=row_of,
        duties=duties,
        specials=[known[t] for t in table["special"].to_pylist()],
    )


def specials(c: Compiled, origin: str) -> list[Ints]:
    """Numbers of the special duty by schedule row, with a fifth column: 1 where one is offered and differs."""
    symbols = PROGRAMMES.get(origin, ())
    key = " ".join(symbols)
    if key not in c.special_rate:
        out = [c.duties["general"][k].copy() for k in range(4)]
        offered = np.zeros(len(c.specials), np.int64)
        for row, duties in enumerate(c.specials if symbols else ()):
            found = next((duties[s] for s in symbols if s in duties), None)
            if found is not None:
                numbers = _numbers(found)
                offered[row] = any(numbers[k] != out[k][row] for k in range(4))
                for k in range(4):
                    out[k][row] = numbers[k]
        c.special_rate[key] = [*out, offered]
    return c.special_rate[key]


def _inside(c: Compiled, scope: str, era: int) -> Bools:
    """Which codes are in a scope in an era. Codes are sorted, so a prefix is a run of them."""
    if (scope, era) not in c.bits:
        start, end, since, until = _runs_of(c, scope)
        now = (since <= c.breaks[era]) & (c.breaks[era] <= until)
        steps = np.bincount(start[now], minlength=len(c.codes) + 1) - np.bincount(end[now], minlength=len(c.codes) + 1)
        c.bits[scope, era] = np.cumsum(steps)[:-1] > 0
    return c.bits[scope, era]


def _breaks(of: Law) -> set[date]:
    """Days on which the law changes: those of the shipped tables and those of added measures."""
    found = set(of.breaks)
    for m in of.measures:
        found.add(m.since)
        if m.until < date.max:
            found.add(m.until + timedelta(days=1))
    return found


def _runs_of(c: Compiled, scope: str) -> list[Ints]:
    """Where the codes of each row of a scope start and end, and the days between which the row holds."""
    if not c.runs:
        found: dict[str, list[tuple[int, int, int, int]]] = {}
        for prefix, rows in c.law.scopes.by_prefix.items():
            run = bisect_left(c.names, prefix), bisect_left(c.names, prefix + ":")
            for name, since, until, _ in rows:
                found.setdefault(name, []).append((*run, since.toordinal(), until.toordinal()))
        c.runs.update({name: list(np.array(rows, np.int64).T) for name, rows in found.items()})
    return c.runs[scope]


def slice_of(c: Compiled, origin: str, era: int, claims: tuple[tuple[str, Value], ...]) -> Ints:
    """Profile number by code, for an origin, an era and a set of stated claims."""
    key = (origin, era, claims)
    if key in c.slices:
        return c.slices[key]
    table = c.law
    day = date.fromordinal(int(c.breaks[era]))
    active = [m for m in table.measures if m.since <= day <= m.until and m.of(origin)]
    scopes = sorted({s.lstrip("+-") for m in active for s in m.scopes if s != "*"})
    rows = c.row_of[era]
    offered = (specials(c, origin)[4][rows] if PROGRAMMES.get(origin) else np.zeros(len(rows), np.int64)) * (rows >= 0)
    words = [np.zeros(len(rows), np.int64), offered.astype(np.int64)]
    names = c.names
    for prefix in VEHICLES:
        words[1][bisect_left(names, prefix) : bisect_left(names, prefix + ":")] |= 2
    for bit, scope in enumerate(scopes):
        words[0 if bit < 60 else 1] |= _inside(c, scope, era).astype(np.int64) << (bit if bit < 60 else bit - 58)
    _, first, inverse = np.unique(words[0] * 1_000_003 + words[1], return_index=True, return_inverse=True)
    numbers = np.empty(len(first), np.int32)
    rules = [r for r in table.rules if r.since <= day <= r.until]
    same: dict[tuple[Any, ...], int] = {}
    for i, at in enumerate(first):
        inside = {s for s in scopes if _inside(c, s, era)[at]}
        reached = [m for m in active if m.within(inside.__contains__)]
        vehicle = names[at].startswith(VEHICLES)
        kind = (tuple(map(id, reached)), vehicle, bool(offered[at]))
        if kind not in same:
            same[kind] = len(c.profiles)
            c.profiles.append(_profile(reached, rules, names[at], origin, dict(claims), bool(offered[at])))
        numbers[i] = same[kind]
    c.slices[key] = numbers[inverse.reshape(-1)]
    return c.slices[key]


def _profile(
    reached: list[Measure], rules: list[Rule], code: str, origin: str, claims: dict[str, Value], offered: bool
) -> Profile:
    claims.setdefault("mode", "ocean")
    open_ = open_facts(reached, claims, code)
    claim = "usmca" if origin in ("CA", "MX") else "preference"
    if offered and claim not in claims:
        open_.setdefault(claim, FACTS[claim].choices)
    found: list[Scenario] = []
    by_facts: list[tuple[dict[str, Value], Scenario]] = []
    kinds = {"add": ADD, "total": TOTAL}
    texts, instead = "", -1
    for chosen in scenarios(open_, claims):
        stacked = stack(reached, chosen, rules)
        layers = tuple(
            (kinds[x.measure.kind], int((x.measure.rate or 0) * SCALE), int(x.share * SCALE))
            for x in stacked.layers
            if x.measure.kind in kinds
        )
        if not found:
            texts = " + ".join(f"{x.measure.heading} {shown(x.measure.rate or Decimal(0))}" for x in stacked.layers)
            instead = next(
                (int((x.measure.rate or 0) * SCALE) for x in stacked.layers if x.measure.kind == "instead"), -1
            )
        one = Scenario(offered and chosen.get(claim) == "yes", layers)
        if one not in found:
            found.append(one)
        by_facts.append((chosen, one))
    return Profile(
        scenarios=tuple(found), measures=texts, missing=", ".join(_deciding(open_, by_facts)), instead=instead
    )


def _deciding(names: Iterable[str], found: list[tuple[dict[str, Value], Scenario]]) -> list[str]:
    """Facts of which two values give two outcomes, all else being equal; where only several together do, all."""
    if all(one == found[0][1] for _, one in found):
        return []
    asked = [n for n in names if is_asked(n)]
    alone = [n for n in asked if any(x != y for a, x in found for b, y in found if differ(a, b) == {n})]
    return alone or asked
