"""Drawback: duty that comes back when the goods leave again unused (19 U.S.C. 1313(j)) or in what is made of them (a).

99 % of it (19 U.S.C. 1313(a), (j)(1)), within five years of importation (1313(r)(1)). Which duties it reaches are dated
rows of `data/duty/drawback.csv`; of what no row tells it is not known. What is claimed back otherwise is not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache

from crossbook.duty.contradicting import impossible
from crossbook.duty.filed import EntryLine, in_pieces, unit_of
from crossbook.duty.lines import dotted
from crossbook.duty.refunds import Refund
from crossbook.duty.tables import FAR, Law, day_or, law, rows
from crossbook.duty.time_limits import last_day
from crossbook.errors import CrossbookError

SHARE = Decimal("0.99")


@dataclass(frozen=True)
class Export:
    """Goods that left the United States: `quantity` in `unit` (one of `filed.UNITS`; empty: that of the entry, which is
    asked where it was dozens), `reference` of the proof of export."""

    hts: str
    quantity: Decimal
    exported_on: date
    reference: str
    sku: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Candidate:
    """Duty of one entry line: `paid` is what drawback reaches, in cents; `back` what comes back if all of it leaves.

    `matched` comes back for the exports that were given, with their references; `quantity`, in `unit`, dozens as
    pieces, None where no report tells it, and then nothing is matched. `barred` is duty that drawback does not reach,
    `unknown` duty of which no row tells. `rival` is the part of `paid` that may come back by a claim instead, of which
    it is not certain: one way or the other. `type` is the type of entry, empty where no report tells it: then it is to
    be asked, as only what was entered for consumption can be designated.
    """

    entry: str
    number: int
    hts: str
    entered_on: date
    until: date
    open: bool
    paid: int
    back: int
    barred: int
    unknown: int
    rival: int
    type: str
    headings: tuple[str, ...]
    sources: tuple[str, ...]
    quantity: Decimal | None
    unit: str
    dozens: bool
    matched: int
    exports: tuple[str, ...]


def candidates(
    entries: Sequence[EntryLine],
    found: Sequence[Refund],
    today: date,
    *,
    exports: Sequence[Export] = (),
    table: Law | None = None,
) -> list[Candidate]:
    """Lines whose duty could come back by drawback, the first to expire first; none that contradicts itself."""
    table = table or law()
    programmes = {m.heading.replace(".", ""): m.programme for m in table.measures}
    claimed: dict[tuple[str, int, str], int] = defaultdict(int)
    rival: dict[tuple[str, int, str], int] = defaultdict(int)
    for r in found:
        if r.amount > 0:
            (claimed if r.certain else rival)[r.entry, r.number, r.heading.replace(".", "")] += r.amount
    made = [
        c
        for e in entries
        if not (e.contradicts or impossible(e, table))
        and designated(e.state.type)[0] != "no"
        and (c := _candidate(e, claimed, rival, programmes, today)) is not None
    ]
    return _matched(sorted(made, key=lambda c: (c.until, c.entry, c.number)), exports)


def designated(kind: str) -> tuple[str, str]:
    """Whether an entry of a type may be designated on a drawback claim (empty where no row tells), and why."""
    found = (r for r in rows("drawback_types.csv") if kind in r["types"].split())
    return next(((r["designated"], f"{r['why']}; {r['source']}") for r in found), ("", ""))


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, date, date, str, str], ...]:
    return tuple(
        (r["programme"], date.fromisoformat(r["from"]), day_or(r["to"], FAR), r["eligible"], r["source"])
        for r in rows("drawback.csv")
    )


def eligible(programme: str, on: date) -> tuple[str, str]:
    """Whether drawback reaches a programme's duty, yes, no or empty where no row tells, and the source."""
    found = (r for r in _rows() if r[0] == programme and r[1] <= on <= r[2])
    return next(((answer, source) for *_, answer, source in found), ("", ""))


def _candidate(
    e: EntryLine,
    claimed: Mapping[tuple[str, int, str], int],
    rival: Mapping[tuple[str, int, str], int],
    programmes: Mapping[str, str],
    today: date,
) -> Candidate | None:
    sums = {"yes": 0, "no": 0, "": 0}
    other = 0
    headings, sources = [], []
    for heading, paid in e.paid.items():
        rest = paid - claimed.get((e.entry, e.number, heading), 0)
        if rest <= 0:
            continue
        answer, source = eligible(programmes.get(heading, "") if heading else "column1", e.entered_on)
        sums[answer] += rest
        if answer == "yes":
            headings.append(dotted(heading) if heading else "")
            sources.append(source)
            other += min(rest, rival.get((e.entry, e.number, heading), 0))
    if not sums["yes"]:
        return None
    limit = last_day("drawback", e.entered_on)
    unit, quantity = next(iter(e.quantities.items()), ("", None))
    return Candidate(
        entry=e.entry,
        number=e.number,
        hts=e.hts,
        entered_on=e.entered_on,
        until=limit.day,
        open=today <= limit.day,
        paid=sums["yes"],
        back=_share(sums["yes"], Decimal(1)),
        barred=sums["no"],
        unknown=sums[""],
        rival=other,
        type=e.state.type,
        headings=tuple(headings),
        sources=tuple(dict.fromkeys(sources)),
        quantity=quantity if quantity and quantity > 0 else None,
        unit=unit,
        dozens=e.dozens,
        matched=0,
        exports=(),
    )


def _share(paid: int, part: Decimal) -> int:
    return int((paid * SHARE * part).quantize(Decimal(1), ROUND_DOWN))


def _matched(found: list[Candidate], exports: Sequence[Export]) -> list[Candidate]:
    """Exports taken from the entries of the same number that were imported before them, the oldest first, each once."""
    left = {(c.entry, c.number): c.quantity or Decimal(0) for c in found}
    taken: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    proofs: dict[tuple[str, int], list[str]] = defaultdict(list)
    of: dict[str, list[Candidate]] = defaultdict(list)
    for c in found:
        of[c.hts].append(c)
    for x in sorted(exports, key=lambda x: (x.exported_on, x.reference)):
        rest: Decimal | None = None
        for c in of.get(x.hts.replace(".", ""), ()):
            key = c.entry, c.number
            if not c.entered_on <= x.exported_on <= c.until or left[key] <= 0:
                continue
            rest = _in_unit_of(x, c) if rest is None else rest
            if rest <= 0:
                break
            part = min(rest, left[key])
            left[key] -= part
            taken[key] += part
            rest -= part
            proofs[key].append(x.reference)
    return [
        replace(
            c,
            matched=_share(c.paid, taken[c.entry, c.number] / c.quantity) if c.quantity else 0,
            exports=tuple(dict.fromkeys(proofs[c.entry, c.number])),
        )
        for c in found
    ]


def _in_unit_of(x: Export, c: Candidate) -> Decimal:
    """What was exported in the unit of an entry line, dozens as pieces."""
    if not x.unit:
        if c.dozens:
            raise CrossbookError(
                f"{dotted(c.hts)} was entered in dozens: the unit of the export {x.reference} is not told",
                todo="add a column unit to the exports: DOZ or NO",
            )
        return x.quantity
    unit, quantity = in_pieces(x.quantity, unit_of(x.unit))
    if unit != c.unit:
        raise CrossbookError(
            f"{dotted(c.hts)} was entered in {c.unit}, the export {x.reference} is in {x.unit}",
            todo="give the exports in the unit of the entry",
        )
    return quantity
