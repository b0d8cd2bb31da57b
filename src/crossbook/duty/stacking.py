"""What of all measures in force really applies to a line: displaced, limited to a part, exempt, or added.

Pure: takes the measures that reach the line, a full set of claims and the stacking rules of the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from crossbook.duty.claims import FACTS, METALS, SHARES, Claims, Value, choices, holds, is_asked
from crossbook.duty.tables import Measure, Rule

ONE, NONE = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class Layer:
    """A measure that applies, on `share` of the customs value."""

    measure: Measure
    share: Decimal


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A measure that reaches the line and comes to nothing, with the reason and its legal source."""

    measure: Measure
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The outcome under one set of claims."""

    layers: tuple[Layer, ...]
    suppressed: tuple[Suppressed, ...]


def open_facts(reaching: Sequence[Measure], claims: Claims, code: str) -> dict[str, tuple[Value, ...]]:
    """Facts that the measures turn on and `claims` does not state, with the ends to work out (the default first).

    Of a fact that is not asked for, the default alone.
    """
    found: dict[str, tuple[Value, ...]] = {}
    usual = {name: f.choices[0] for name, f in FACTS.items() if not f.asked}
    for m in reaching:  # those facts that are not asked for stay named, though what turns on them does not apply
        for name in (*(c[0] for c in m.when), *filter(None, (SHARES.get(m.on),))):
            if name in usual and name not in claims:
                found[name] = choices(name, code)
    known = {**usual, **claims}
    reaching = [m for m in reaching if holds(tuple(c for c in m.when if c[0] in known), known)]
    for m in reaching:
        for name, _, _ in m.when:
            if name not in claims:
                found[name] = choices(name, code)
        if m.on in SHARES and SHARES[m.on] not in claims:
            found[SHARES[m.on]] = choices(SHARES[m.on], code)
    if "sailed" not in claims:
        days = sorted({m.sailed_before for m in reaching if m.sailed_before}, reverse=True)
        if days:
            found["sailed"] = (None, *(date.fromordinal(d.toordinal() - 1) for d in days))
    return {name: ends if is_asked(name) else ends[:1] for name, ends in found.items()}


def scenarios(open_: dict[str, tuple[Value, ...]], claims: Claims) -> list[dict[str, Value]]:
    """Every combination of the open facts, the defaults first. Metal shares never sum to more than the whole."""
    names = list(open_)
    metals = [n for n in METALS if n in open_]
    stated = sum((Decimal(str(claims[n])) for n in METALS if n in claims), NONE)
    found = []
    for values in product(*open_.values()):
        one = dict(zip(names, values, strict=True))
        total = stated
        for name in metals:
            if one[name]:
                one[name] = max(NONE, min(ONE, ONE - total))
                total += Decimal(str(one[name]))
        full = {**claims, **one}
        if full not in found:
            found.append(full)
    return found


def stack(reaching: Sequence[Measure], claims: Claims, rules: Iterable[Rule]) -> Stack:
    """Apply exemptions and the stacking rules in force. `reaching` and `rules` are in the order of their tables."""
    suppressed: list[Suppressed] = []
    exempt: dict[str, Measure] = {}
    alive: list[Measure] = []
    for m in reaching:
        if m.sailed_before is not None:
            sailed = claims.get("sailed")
            if not isinstance(sailed, date) or sailed >= m.sailed_before:
                continue
        if not holds(m.when, claims):
            if m.kind != "exempt" and m.when and not _unasked(m.when, claims):
                suppressed.append(Suppressed(m, "a condition is not met: " + _conditions(m), m.source))
            continue
        if m.kind == "exempt":
            exempt.setdefault(m.programme, m)
        else:
            alive.append(m)
    share: dict[int, Decimal] = {}
    kept: list[Measure] = []
    for m in alive:
        if by := exempt.get(m.programme):
            suppressed.append(Suppressed(m, f"exempt under {by.heading}: {by.name}", by.source))
            continue
        share[id(m)] = ONE if m.on not in SHARES else Decimal(str(claims[SHARES[m.on]]))
        if share[id(m)] == 0:
            if is_asked(SHARES[m.on]):
                suppressed.append(Suppressed(m, f"no value of {m.on}", m.source))
            continue
        kept.append(m)
    present = {name for m in kept for name in (m.programme, m.id)}
    for rule in rules:
        if rule.winner[-1:] != "*" and rule.winner not in present:
            continue
        if rule.rule == "one":
            kept = _first(kept, rule, suppressed)
        elif rule.rule in ("excludes", "excludes whole", "replaces"):
            kept = _displace(kept, rule, share, suppressed)
    return Stack(tuple(Layer(m, share[id(m)]) for m in kept), tuple(suppressed))


def _first(kept: list[Measure], rule: Rule, suppressed: list[Suppressed]) -> list[Measure]:
    same = [m for m in kept if named(m, rule.winner)]
    for m in same[1:]:
        if m.heading != same[0].heading:
            suppressed.append(Suppressed(m, f"{same[0].heading} stands in its place", rule.source))
    return [m for m in kept if not named(m, rule.winner) or m is same[0]]


def named(m: Measure, name: str) -> bool:
    """Whether a rule means this measure: by its programme, its id, or the start of its id ("s232:steel*")."""
    return name in (m.programme, m.id) or (name.endswith("*") and m.id.startswith(name[:-1]))


def _displace(
    kept: list[Measure], rule: Rule, share: dict[int, Decimal], suppressed: list[Suppressed]
) -> list[Measure]:
    covered = min(ONE, sum((share[id(m)] for m in kept if named(m, rule.winner)), NONE))
    if not covered:
        return kept
    if rule.rule == "excludes whole":
        covered = ONE
    by = next(m for m in kept if named(m, rule.winner))
    left = []
    for m in kept:
        if not named(m, rule.loser):
            left.append(m)
            continue
        rest = share[id(m)] - covered if m.on not in SHARES else share[id(m)] * (ONE - covered)
        if rest > 0:
            share[id(m)] = rest
            left.append(m)
        else:
            verb = "replaced by" if rule.rule == "replaces" else "not where this applies:"
            suppressed.append(
                Suppressed(m, f"{verb} {by.name} ({by.heading})" if by.heading else f"{verb} {by.name}", rule.source)
            )
    return left


def _unasked(when: Iterable[tuple[str, str, str]], claims: Claims) -> bool:
    """Whether a condition fails for a fact that is not asked for and has its default."""
    return any(not is_asked(c[0]) and claims[c[0]] == FACTS[c[0]].choices[0] and not holds((c,), claims) for c in when)


def _conditions(m: Measure) -> str:
    return ", ".join(f"{name}{sign}{value}" for name, sign, value in m.when)
