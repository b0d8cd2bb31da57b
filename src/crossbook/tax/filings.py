"""What was filed stays as it was filed; what facts that came later change in it goes where the law wants it.

One Stop Shops: in a later return, by state and period, within three years (Directive 2006/112/EC, articles 369g(4) and
369t(2)). The United Kingdom: in the next return while the net error is small, else told apart (VAT Regulations 1995,
regulation 34; HMRC manual VAEC7190). All others: an amended return for the same period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from crossbook import money
from crossbook.tax.period import Filing, Period, period_of, years_after
from crossbook.tax.returned import Box, Line, Return

Filings = Mapping[tuple[str, str], Filing]
Work = Callable[[Period], Return]

# Years after a period in which a later return may still correct it: three for the One Stop Shops; four for HMRC
# (VAT Notice 700/45, section 4).
LATER = {"ioss": 3, "oss": 3, "uk_vat": 4}
NOW = "the lines after this one are as the book computes now, not as it was filed"
CORRECTIONS = "corrections "
ERRORS = "errors of earlier returns"
# HMRC manual VAEC7190: the greater of 10,000 GBP and 1 % of box 6, that one up to 50,000 GBP; in pence
SMALL, SHARE, SMALL_MOST = 1_000_000, 100, 5_000_000


def kept(told: Return) -> dict[str, Any]:
    """What the journal keeps of a return that is filed: its lines and boxes, and what it left open."""
    fields = ("label", "orders", "base", "rate", "tax", "note", "period", "dispatch")
    return {
        "lines": [
            {name: getattr(x, name) for name in fields} | {"because": [[sha, n] for sha, n in x.because]}
            for x in told.lines
        ],
        "boxes": {b.name: b.amount for b in told.boxes},
        "open": list(told.open),
    }


def lines_of(filing: Filing) -> tuple[Line, ...]:
    """The lines of a return as it was filed. Only where they were kept."""
    return tuple(
        Line(**{**x, "because": tuple((sha, n) for sha, n in x.get("because", ()))}) for x in filing.lines or ()
    )


def as_filed(told: Return, filing: Filing) -> Return:
    """A return as it was filed, its boxes in the order of the form. `told` is what the book computes for its period
    now: what that notes and leaves open is said after a line that tells it apart."""
    titles = {b.name: b.title for b in told.boxes}
    names = [*(n for n in titles if n in filing.boxes), *(n for n in filing.boxes if n not in titles)]
    boxes = tuple(Box(name, titles.get(name, name), filing.boxes[name]) for name in names)
    notes = [f"as it was filed on {filing.on}: what came later does not change it"]
    if told.total is not None and told.total != filing.amount:
        notes.append(
            "what later facts change is corrected in the next return that is not filed"
            if told.kind in LATER
            else "what later facts change wants an amended return of the same period: --amended shows it"
        )
    return replace(
        told,
        lines=lines_of(filing),
        boxes=boxes,
        total=filing.amount,
        notes=(*notes, *((NOW, *told.notes) if told.notes else ())),
        open=(NOW, *told.open) if told.open else (),
    )


def beside(own: Return, told: Return, filing: Filing) -> Return:
    """A return to hold what was filed against: what the events of its own period come to now, with the corrections of
    earlier periods that were filed in it. What came since for an earlier period is that one's difference, not its.

    `own` is the return from its own events, `told` with what the book would correct now.
    """
    if filing.lines is None or own.total is None:
        return told
    corrected = sum(x.tax for x in lines_of(filing) if x.note == _known_after(x.period))
    boxes = {b.name: b.amount for b in own.boxes}
    inputs = sum(b.amount - boxes["4"] for b in told.boxes if b.name == "4") if told.kind == "uk_vat" else 0
    return replace(told, total=own.total + corrected - inputs)


def with_later(told: Return, filings: Filings, work: Work) -> Return:
    """A return with the corrections of the filed ones before it. `work` makes a return of this kind from its events."""
    run = _run(told.kind, told.period, filings)
    if not run:
        return told
    made = {f.name: work(f) for f in run}
    filed = {f.name: filings[told.kind, f.name] for f in run}
    said = [text for f in run if (text := _unexplained(told, f.name, filed[f.name], made[f.name]))]
    said += _overdue(run, filed, made)
    later = _united(made, filed) if told.kind == "uk_vat" else _by_state(made, filed)
    if told.kind == "uk_vat":
        told = _errors(told, later, _inputs(made, filed))
    elif later:
        base, tax = sum(x.base for x in later), sum(x.tax for x in later)
        more = {"base": base, "vat": tax}
        told = replace(
            told,
            lines=(*told.lines, *later),
            boxes=tuple(replace(b, amount=b.amount + more.get(b.name, 0)) for b in told.boxes),
            total=None if told.total is None else told.total + tax,
        )
    return replace(told, open=(*told.open, *said))


def _known_after(name: str) -> str:
    return f"known after {name} was filed"


def _overdue(run: list[Period], filed: Mapping[str, Filing], made: Mapping[str, Return]) -> list[str]:
    """What came to light after its period was filed, and may be corrected in no return: said in the next one, once."""
    said = {text for f in filed.values() for text in f.open}
    found = [(f.name, text) for f in run for text in made[f.name].too_late if text not in filed[f.name].open]
    return [text for text in (f"of {name}, which is filed: {text}" for name, text in found) if text not in said]


def _run(kind: str, of: Period, filings: Filings) -> list[Period]:
    """The filed periods that lie without a gap before a period, as far back as the law lets it correct them."""
    found: list[Period] = []
    at = period_of(kind, of.first - timedelta(days=1))
    while (filing := filings.get((kind, at.name))) and filing.lines is not None and _open(kind, at.last, of.last):
        found.append(at)
        at = period_of(kind, at.first - timedelta(days=1))
    return found[::-1]


def _open(kind: str, last: date, now: date) -> bool:
    return now <= years_after(last, LATER[kind])


def _by_state(made: Mapping[str, Return], filed: Mapping[str, Filing]) -> list[Line]:
    """What states are owed beyond what was filed, by the period that it is of."""
    sums: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for name in made:
        for lines, sign in ((made[name].lines, 1), (lines_of(filed[name]), -1)):
            for x in lines:
                of = sums[x.label.removeprefix(CORRECTIONS), x.dispatch, x.period or name, x.rate]
                for n, value in enumerate((x.base, x.tax, x.orders)):
                    of[n] += sign * value
    return [
        Line(
            label=CORRECTIONS + place,
            orders=max(orders, 0),
            base=base,
            rate=rate,
            tax=tax,
            note=_known_after(of),
            period=of,
            dispatch=dispatch,
        )
        for (place, dispatch, of, rate), (base, tax, orders) in sorted(sums.items())
        if base or tax
    ]


def _united(made: Mapping[str, Return], filed: Mapping[str, Filing]) -> list[Line]:
    """Output tax beyond what was filed, by the period that it is of."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for name in made:
        for lines, sign in ((made[name].lines, 1), (lines_of(filed[name]), -1)):
            for x in lines:
                of = sums[x.period or name]
                for n, value in enumerate((x.base, x.tax, x.orders)):
                    of[n] += sign * value
    return [
        Line(
            label=ERRORS,
            orders=max(orders, 0),
            base=base,
            rate="",
            tax=tax,
            note=_known_after(of),
            period=of,
        )
        for of, (base, tax, orders) in sorted(sums.items())
        if tax
    ]


def _inputs(made: Mapping[str, Return], filed: Mapping[str, Filing]) -> int:
    """Input tax beyond what was filed, in pence."""
    now = sum(b.amount for told in made.values() for b in told.boxes if b.name == "4")
    return now - sum(f.boxes.get("4", 0) for f in filed.values())


def _errors(told: Return, later: list[Line], inputs: int) -> Return:
    """A British return with the errors of earlier ones, where they are small enough to be in it."""
    output = sum(x.tax for x in later)
    if not output and not inputs:
        return told
    figures = {b.name: b.amount for b in told.boxes}
    most = max(SMALL, min(figures["6"] // SHARE, SMALL_MOST))
    net = output - inputs
    if abs(net) > most:
        shown, limit = money.show(net, told.currency), money.show(most, told.currency)
        text = (
            f"errors of earlier returns come to {shown} net, over {limit}: tell HMRC apart, they are not in this return"
        )
        return replace(told, open=(*told.open, text))
    first, reclaimed = figures["1"] + output, figures["4"] + inputs
    now = figures | {"1": first, "3": first, "4": reclaimed, "5": abs(first - reclaimed)}
    note = [f"input tax of earlier returns in box 4: {money.show(inputs, told.currency)}"] if inputs else []
    return replace(
        told,
        lines=(*told.lines, *later),
        boxes=tuple(replace(b, amount=now[b.name]) for b in told.boxes),
        total=None if told.total is None else told.total + net,
        notes=(*told.notes, *note),
    )


def _unexplained(told: Return, name: str, filing: Filing, made: Return) -> str:
    """An amount that was filed and that no line of the return accounts for."""
    if filing.amount is None:
        return ""
    of_lines = sum(x.tax for x in lines_of(filing)) - (filing.boxes.get("4", 0) if told.kind == "uk_vat" else 0)
    apart = filing.amount - of_lines
    if not apart:
        return ""
    more = "more" if apart > 0 else "less"
    return (
        f"of {name} {money.show(abs(apart), told.currency)} {more} was filed than its lines say: "
        "no file says whose, correct it by hand"
    )
