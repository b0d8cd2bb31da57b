"""The United States duty on one line: every measure, why it applies or not, and what must still be known.

The customs value is that of 19 U.S.C. 1401a, in US cents. Each line's duty is rounded to the cent, halves up, as an
entry summary states it; the total is the sum of the lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from crossbook.duty.claims import FACTS, Claims, Value, is_asked
from crossbook.duty.expressions import UNITS, Duty, Term
from crossbook.duty.lines import TariffLine, dotted
from crossbook.duty.stacking import NONE, ONE, Stack, Suppressed, open_facts, scenarios, stack
from crossbook.duty.tables import COLUMN_2, Law, Measure, Rule, law

# Programme symbols of the special column (general note 3(c)(i)) that goods of an origin can claim. The GSP (A) lapsed
# on 2020-12-31 and AGOA (D) on 2025-09-30, so neither is offered.
PROGRAMMES: dict[str, tuple[str, ...]] = {
    "AU": ("AU",),
    "BH": ("BH",),
    "CL": ("CL",),
    "CO": ("CO",),
    "IL": ("IL",),
    "JO": ("JO",),
    "JP": ("JP",),
    "KR": ("KR",),
    "MA": ("MA",),
    "OM": ("OM",),
    "PA": ("PA",),
    "PE": ("PE",),
    "SG": ("SG",),
    "CA": ("S", "S+"),
    "MX": ("S", "S+"),
    **dict.fromkeys(("CR", "DO", "GT", "HN", "NI", "SV"), ("P", "P+")),
}
GENERAL = "HTSUS column 1, general"


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty line: `rate` as its text, `base` and `amount` in cents; `fraction` where the rate is a share of value.

    `amount` is None where a quantity is missing; `base`, too, where a tax is on a duty that is not known.
    """

    measure: str
    authority: str
    rate: str
    base: int | None
    amount: int | None
    legal_source: str
    heading_9903: str | None
    note: str = ""
    fraction: Decimal | None = None
    id: str = ""
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that would close the interval."""

    fact: str
    ask: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Duty under one set of claims. `total` and `rate` are None where a quantity or a rule is missing."""

    lines: tuple[DutyLine, ...]
    suppressed: tuple[Suppressed, ...]
    total: int | None
    rate: Decimal | None
    unknown: tuple[str, ...] = ()
    floor: int = 0  # what is due at least, where `total` is None


@dataclass(frozen=True)
class DutyQuote:
    """The default outcome, the lowest and the highest, and what is missing."""

    line: TariffLine
    origin: str
    on: date
    value: int
    outcome: Outcome
    lowest: Outcome
    highest: Outcome
    missing: tuple[Missing, ...]
    claims: dict[str, Value] = field(default_factory=dict)
    taken: tuple[str, ...] = ()  # facts that are not asked for and were not stated, taken as they usually are


def reaching(table: Law, code: str, origin: str, on: date) -> list[Measure]:
    """Measures in force on a day whose origin and scope a line falls under, in the order of the table."""
    inside = {s for s, rows in table.scopes.of(code).items() if any(a <= on <= b for a, b, _ in rows)}
    return [m for m in table.measures if m.since <= on <= m.until and m.of(origin) and m.within(inside.__contains__)]


def rules_on(table: Law, on: date) -> list[Rule]:
    """The stacking rules in force on a day."""
    return [r for r in table.rules if r.since <= on <= r.until]


def ordinary(line: TariffLine, origin: str) -> tuple[Duty, str]:
    """The ordinary duty without any claim, and the column it is from."""
    if origin in COLUMN_2:
        return line.column("other"), "HTSUS column 2"
    return line.column("general"), GENERAL


def special(line: TariffLine, origin: str) -> tuple[str, Duty] | None:
    """The special duty that goods of `origin` may claim: programme symbol and duty, None when there is none."""
    offered = line.specials()
    return next(((s, offered[s]) for s in PROGRAMMES.get(origin, ()) if s in offered), None)


def duty(
    line: TariffLine,
    origin: str,
    on: date,
    value: int,
    claims: Claims | None = None,
    quantities: Mapping[str, Decimal] | None = None,
    table: Law | None = None,
    mode: str = "ocean",
) -> DutyQuote:
    """Work out the duty on `value` cents of one line. Pure; the tables are those shipped unless `table` is given."""
    table = table or law()
    stated: dict[str, Value] = {**(claims or {}), "mode": mode}
    measures = reaching(table, line.code, origin, on)
    rules = rules_on(table, on)
    open_ = open_facts(measures, stated, line.code)
    base, column = ordinary(line, origin)
    claimed = special(line, origin)
    claim = "usmca" if origin in ("CA", "MX") else "preference"
    if claimed and claimed[1] != base and claim not in stated:
        open_.setdefault(claim, FACTS[claim].choices)
    found: list[tuple[dict[str, Value], Outcome]] = []
    for chosen in scenarios(open_, stated):
        own, name = base, column
        if claimed and chosen.get(claim) == "yes":
            own, name = claimed[1], f"HTSUS column 1, special ({claimed[0]})"
        found.append((chosen, outcome(own, name, line, stack(measures, chosen, rules), value, quantities or {})))
    return _joined(line=line, origin=origin, on=on, value=value, found=found, open_=open_, stated=stated)


def _joined(
    line: TariffLine,
    origin: str,
    on: date,
    value: int,
    found: list[tuple[dict[str, Value], Outcome]],
    open_: Mapping[str, Sequence[Value]],
    stated: dict[str, Value],
) -> DutyQuote:
    def size(o: Outcome) -> int:
        return o.total if o.total is not None else o.floor

    outcomes = [o for _, o in found]
    first = found[0]
    missing = [
        Missing(name, FACTS[name].ask if name in FACTS else f"whether the goods are in the scope of case {name[5:]}")
        for name in open_
        if any(size(a) != size(b) for c, a in found for d, b in found if differ(c, d) == {name})
    ]
    if not missing and len({size(o) for o in outcomes}) > 1:
        missing = [Missing(name, FACTS[name].ask) for name in open_ if name in FACTS and is_asked(name)]
    missing += [Missing("quantity", f"the quantity in {unit}") for unit in first[1].unknown]
    return DutyQuote(
        line=line,
        origin=origin,
        on=on,
        value=value,
        outcome=first[1],
        lowest=min(outcomes, key=size),
        highest=max(outcomes, key=size),
        missing=tuple(missing),
        claims=stated,
        taken=tuple(name for name in open_ if not is_asked(name)),
    )


def differ(a: Mapping[str, Value], b: Mapping[str, Value]) -> set[str]:
    """Names of the facts of `a` that have another value in `b`."""
    return {name for name in a if a[name] != b[name]}


def cents(amount: Decimal) -> int:
    """Rounded to whole cents, halves up."""
    return int(amount.quantize(ONE, ROUND_HALF_UP))


def shown(rate: Decimal) -> str:
    """0.075 as "7.5%"."""
    return f"{(rate * 100).normalize():f}%"


def outcome(
    own: Duty, column: str, line: TariffLine, stacked: Stack, value: int, quantities: Mapping[str, Decimal]
) -> Outcome:
    """Amounts of the ordinary duty and of each layer."""
    instead = next((layer.measure for layer in stacked.layers if layer.measure.kind == "instead"), None)
    if instead and instead.rate is not None:
        own, column = Duty(shown(instead.rate), (Term(instead.rate),)), f"{instead.heading} in lieu of column 2"
    charged, unknown = _ordinary_amount(own, value, quantities)
    source = f"HTSUS {dotted(line.code[:8])}, as in force from {line.since}"
    lines = [
        DutyLine(
            measure=column,
            authority="HTSUS",
            rate=own.text,
            base=value,
            amount=charged if charged is None else cents(charged),
            legal_source=source,
            heading_9903=None,
            fraction=own.ad_valorem,
            id="column1",
            programme="column1",
        )
    ]
    rate = own.ad_valorem
    floor = 0 if charged is None else cents(charged)
    total: int | None = None if charged is None else cents(charged)
    for layer in stacked.layers:
        m = layer.measure
        if m.kind == "instead" or m.rate is None:
            continue
        part = Decimal(value) * layer.share
        note = "" if layer.share == ONE else f"on {shown(layer.share)} of the value"
        amount: int | None
        if m.kind == "add":
            amount = cents(part * m.rate)
            fraction: Decimal | None = m.rate * layer.share
            text = shown(m.rate)
        else:
            text = f"{shown(m.rate)} in total"
            if charged is None:
                amount, fraction = None, None
            else:
                more = max(NONE, part * m.rate - charged * layer.share)
                amount = cents(more)
                fraction = None if own.ad_valorem is None else max(NONE, m.rate - own.ad_valorem) * layer.share
            note = "; ".join(filter(None, (note, "what is left of the total after the ordinary duty")))
        if m.published and m.since < m.published and m.effective > m.since:
            note = "; ".join(filter(None, (note, f"published {m.published}, reaches back to {m.since}")))
        lines.append(
            DutyLine(
                measure=m.name,
                authority=m.authority,
                rate=text,
                base=int(part),
                amount=amount,
                legal_source=m.source,
                heading_9903=m.heading,
                note=note,
                fraction=fraction,
                id=m.id,
                programme=m.programme,
            )
        )
        floor += amount or 0
        total = None if total is None or amount is None else total + amount
        rate = None if rate is None or fraction is None else rate + fraction
    return Outcome(
        lines=tuple(lines),
        suppressed=stacked.suppressed,
        total=total,
        rate=rate if total is not None else None,
        unknown=unknown,
        floor=floor,
    )


def _ordinary_amount(
    own: Duty, value: int, quantities: Mapping[str, Decimal]
) -> tuple[Decimal | None, tuple[str, ...]]:
    """Cents, exact; None and the units that are missing."""
    if own.rule:
        return None, (f"what this needs: {own.rule}",)
    total, unknown = NONE, []
    for term in own.terms:
        if term.unit:
            unit, per = UNITS[term.unit]
            name = f"{unit} of {term.on}" if term.on and not term.on.endswith("container") else unit
            if name not in quantities:
                unknown.append(name)
                continue
            total += quantities[name] / per * term.rate * 100
        elif term.on:
            name = f"value of {term.on}"
            if name not in quantities:
                unknown.append(name)
                continue
            total += quantities[name] * 100 * term.rate
        else:
            total += Decimal(value) * term.rate
    return (None, tuple(unknown)) if unknown else (total, ())
