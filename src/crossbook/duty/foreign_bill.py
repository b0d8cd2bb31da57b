"""The import duty of a commercial consignment abroad: the usual duty, the least and the most by what is not known.

Without proof of origin the ordinary duty stands, and an agreement that could take its place is named and asked for. Of
several lines under one subheading the dearest is taken for the usual one until the line is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crossbook.duty.foreign import ASK, Edition, ForeignDuty, applicable, editions, table_of
from crossbook.duty.foreign_rates import Worth, worth
from crossbook.duty.lines import dotted
from crossbook.duty.quoting import DutyLine, Missing, cents
from crossbook.duty.shipment import Shipment, quantities
from crossbook.duty.whole_units import Cut
from crossbook.errors import CrossbookError

_Priced = tuple[ForeignDuty, Worth]
ON_TOP = "may come on top"  # in a doubt of a row: a trade remedy, a surtax
SHOWN = 6  # lines that a question names


@dataclass(frozen=True, slots=True)
class Duties:
    """What duty a consignment bears. Amounts in minor units; `high` is None where no most is known."""

    lines: tuple[DutyLine, ...]
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]
    path: str
    low: int
    high: int | None
    rate_low: Decimal | None
    rate_high: Decimal | None
    used: tuple[str, ...]  # facts that made a difference


@dataclass(frozen=True, slots=True)
class _Way:
    """The rows that goods bear if they are of one line, and what each is worth; `preferred` with an agreement."""

    code: str
    plain: tuple[_Priced, ...]
    preferred: tuple[_Priced, ...] | None


def commercial(
    s: Shipment,
    added: Sequence[ForeignDuty],
    market: str,
    code: str,
    base: int,
    rates: Mapping[str, Decimal],
    why: Sequence[str] = (),
    cut: Cut | None = None,
) -> Duties:
    """The duties of goods by the market's table; `why` says what else was looked for before, `cut` how its law cuts
    value and duty to whole units.

    Raises CrossbookError where the table has no row for them, or is missing, and names what to add.
    """
    table, edition = table_of(market, code, added)
    stated = str(s.claims.get("line") or "")
    early = edition is not None
    found = applicable(table, market, code, s.origin, s.on, line=stated, early=early)
    claimed = s.claims.get("preference")
    offered = sorted({r.agreement for rows in found.values() for r in rows if r.agreement})
    if not any(not r.agreement for rows in found.values() for r in rows) and not (offered and claimed == "yes"):
        have = "has no row for" if table or edition else "is needed for"
        also = [f"only goods under the {name} have one" for name in offered]
        raise CrossbookError(
            f"a table of import duties of {market} {have} {dotted(code)} from {s.origin} on {s.on}"
            + "".join(f"; {text}" for text in dict.fromkeys((*why, *also))),
            todo=f"add it: crossbook duty add --market {market} FILE",
        )
    known = quantities(s, ("prs.",))
    base = cut.value(base) if cut else base

    def priced(row: ForeignDuty) -> _Priced:
        try:
            found = worth(row.duty, base, known, s.currency, rates)
            return row, cut.duty(found) if cut else found
        except ValueError as error:
            raise CrossbookError(f"{row.cite}: {error}", todo="correct the table") from None

    ways = [_way(line, found, priced) for line in _lines(found)]
    usual = max(ways, key=lambda w: _order(w.plain))
    paid = usual.preferred if claimed == "yes" and usual.preferred else usual.plain
    ends = [e for w in ways for e in _ends(w, claimed)]
    most = [_high(e) for e in ends]
    missing = [*_line_asked(ways, market), *_preference_asked(usual, claimed), *_doubts(paid)]
    notes = [cut.told] if cut and most != [0] * len(most) else []
    if edition is not None:
        missing += [Missing("edition", doubt)] if (doubt := edition.doubt(s.on)) else []
        notes.append(f"duty by {edition.title}, of {edition.day}; not in it: {edition.lacks}")
    elif table and (instead := _replaced(market, table)):
        notes.append(instead)
    return Duties(
        lines=tuple(_line(row, value, market, base, edition) for row, value in paid),
        missing=tuple(missing),
        notes=tuple(notes),
        path=_named(ways),
        low=min(cents(sum((v.low for _, v in e), Decimal(0))) for e in ends),
        high=None if None in most or _more(ways) else max(cents(x) for x in most if x is not None),
        rate_low=_rate(min(ends, key=_order)),
        rate_high=_rate(max(ends, key=_order)),
        used=tuple(
            name for name, told in (("line", _agree(stated, ways[0].code)), ("preference", usual.preferred)) if told
        ),
    )


def _replaced(market: str, table: Sequence[ForeignDuty]) -> str:
    if market not in editions() or all(r.cite == "supposed" for r in table):
        return ""
    return f"by the table of {market} that was added, not the one that ships, of {editions()[market].day}"


def _agree(stated: str, line: str) -> bool:
    return bool(line and stated) and (stated.startswith(line) or line.startswith(stated))


def _lines(found: Mapping[str, list[ForeignDuty]]) -> list[str]:
    """The lines that the goods may be, the longest numbers that rows have; [""] where no row tells lines apart."""
    below = {r.code for rows in found.values() for r in rows if len(r.code) > 6}
    ordinary = [r.code for rows in found.values() for r in rows if not r.agreement]
    ends = sorted(c for c in below if not any(o != c and o.startswith(c) for o in below))
    reached = [c for c in ends if not ordinary or any(c.startswith(o) or o.startswith(c) for o in ordinary)]
    return reached or [""]


def _way(line: str, found: Mapping[str, list[ForeignDuty]], priced: Callable[[ForeignDuty], _Priced]) -> _Way:
    ordinary: list[_Priced] = []
    better: list[_Priced] = []
    on_top: list[_Priced] = []
    for rows in found.values():
        of = [r for r in rows if line.startswith(r.code) or r.code.startswith(line)] if line else rows
        if not of:
            continue
        value = priced(max(of, key=lambda r: len(r.code)))
        kind = better if value[0].agreement else ordinary if value[0].ordinary else on_top
        kind.append(value)
    plain = min(ordinary, key=lambda x: x[1].low, default=None)
    best = min(better, key=lambda x: x[1].low, default=None)
    alone = () if plain is None else (plain,)
    if best is None or (plain is not None and best[1].low >= plain[1].low):
        return _Way(line, (*alone, *on_top), None)
    # Where it is claimed and no ordinary duty is known, the agreement's stands alone.
    return _Way(line, ((plain or best), *on_top), (best, *on_top))


def _ends(way: _Way, claimed: object) -> list[tuple[_Priced, ...]]:
    if way.preferred is None or claimed == "no":
        return [way.plain]
    return [way.preferred] if claimed == "yes" else [way.plain, way.preferred]


def _order(rows: Sequence[_Priced]) -> tuple[bool, Decimal]:
    """Dearer is more; what has no most is the dearest."""
    high = _high(rows)
    return high is None, sum((v.low for _, v in rows), Decimal(0)) if high is None else high


def _high(rows: Sequence[_Priced]) -> Decimal | None:
    each = [v.high for _, v in rows]
    return None if None in each else sum((x for x in each if x is not None), Decimal(0))


def _more(ways: Sequence[_Way]) -> bool:
    """Whether a duty that no table holds may come on top of one of the lines: no most is known."""
    return any(row.note.startswith(ASK) and ON_TOP in row.note for w in ways for row, _ in w.plain)


def _rate(rows: Sequence[_Priced]) -> Decimal | None:
    each = [v.fraction for _, v in rows]
    return None if None in each else sum((x for x in each if x is not None), Decimal(0))


def _named(ways: Sequence[_Way]) -> str:
    """What the market calls the goods: the line's words; of several lines, which they may be. Empty without words."""
    told = [(w.code, w.plain[0][0].description) for w in ways]
    if not any(text for _, text in told):
        return ""
    if len(told) == 1:
        return told[0][1]
    more = f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return "; ".join(f"{code} {text}" for code, text in told[:SHOWN]) + more


def _line_asked(ways: Sequence[_Way], market: str) -> list[Missing]:
    """The question which line the goods are, where it makes a difference."""
    if len({(tuple(row.duty for row, _ in w.plain), bool(w.preferred)) for w in ways}) < 2:
        return []
    told = [f"{w.code} {w.plain[0][0].description or ''} {w.plain[0][0].duty}" for w in ways]
    more = f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return [Missing("line", f"the line of {market} that the goods are: " + "; ".join(told[:SHOWN]) + more)]


def _preference_asked(way: _Way, claimed: object) -> list[Missing]:
    if way.preferred is None or claimed is not None:
        return []
    row, ordinary = way.preferred[0][0], way.plain[0][0]
    return [
        Missing(
            "preference",
            f"whether {row.agreement} is claimed, with proof of origin: {row.duty} in place of {ordinary.duty}",
        )
    ]


def _doubts(paid: Sequence[_Priced]) -> list[Missing]:
    found = []
    for row, value in paid:
        for what in value.lacking:  # a unit, or a rule of which no text is known
            found.append(Missing("quantity", f"what this needs: {what}" if ":" in what else f"the quantity in {what}"))
        if row.note.startswith(ASK):
            found.append(Missing("duty", f"the duty of {row.code}: {row.note.removeprefix(ASK)}"))
    return found


def _line(row: ForeignDuty, value: Worth, market: str, base: int, edition: Edition | None) -> DutyLine:
    return DutyLine(
        measure=row.agreement or row.measure,
        authority=market,
        rate=row.duty,
        base=base,
        amount=cents(value.low) if value.low == value.high else None,
        legal_source=f"{row.cite}, {row.code}" if edition else row.cite,
        heading_9903=None,
        note="" if row.note.startswith(ASK) else row.note,
        fraction=value.fraction,
        id="duty",
    )
