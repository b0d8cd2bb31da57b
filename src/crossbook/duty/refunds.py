"""What of the duty paid can be claimed back: entries as filed, held against the law of their day.

For each tariff number of an entry line the duty is worked out anew as of the entry date, by the law as it is known now,
and the difference named. How it is claimed, and until when, is for `crossbook.duty.remedies` to say. What cannot be
worked out is said with its reason: an unknown value or quantity is no duty of zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from crossbook import money
from crossbook.duty.contradicting import impossible
from crossbook.duty.day_of_rates import ANOTHER_DAY, UNTOLD, is_untold, other_day
from crossbook.duty.explaining import doubt, may_be_less
from crossbook.duty.filed import EntryLine
from crossbook.duty.ieepa import IEEPA_HEADINGS, is_ieepa
from crossbook.duty.interest import Interest, Rate, interest
from crossbook.duty.lines import dotted
from crossbook.duty.quoting import DutyLine, DutyQuote, cents, duty
from crossbook.duty.remedies import (
    ENDED,
    FREE_TYPE,
    GRANTED,
    OWED_DEEMED,
    OWED_FINAL,
    POST_IMPORTATION,
    POST_SUMMARY,
    UNKNOWN_TYPE,
    Way,
    owed,
    preference_ways,
    ways,
)
from crossbook.duty.schedule import line
from crossbook.duty.small_parcels import is_relieved
from crossbook.duty.stacking import Suppressed
from crossbook.duty.state import DRAWBACK, LOW_VALUE, NOT_DEPOSITED, SETTLED_ELSEWHERE, WAREHOUSED
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, Law, law, rows
from crossbook.errors import CrossbookError

RULING = date(2026, 2, 20)  # Learning Resources, Inc. v. Trump: IEEPA authorises no tariffs
ESTIMATED = (
    "whether it was paid under this number: a warehouse entry states estimated duty, which is paid with its "
    "withdrawals (19 CFR 141.101(b))"
)
UNDEPOSITED = "whether it was paid at all: no duty is deposited with an entry of this type (19 CFR 141.101(e))"
REASONS = ("ieepa", "retroactive", "exclusion", "preference", "wrong_list", "overpaid", "wrong_origin", "underpaid")


@dataclass(frozen=True)
class Refund:
    """A candidate, or where `amount` is negative a duty that was not paid.

    Each cent that was paid is in one candidate of its line at most: what is certain comes first, then an exclusion,
    then another origin. `paid` is the part that the candidate is about. `ways` are all that are open, the one to take
    first is `remedy` until `deadline`. `interest` is as if it were settled on the day asked about, from the day of the
    entry summary, with which duty is deposited, else from that of the entry; None where none runs or no rate is known.
    """

    entry: str
    number: int
    hts: str
    origin: str
    entered_on: date
    heading: str
    paid: int
    due: int
    amount: int
    reason: str
    why: str
    source: str
    certain: bool  # False where it hangs on a fact that the entry does not tell
    remedy: str
    deadline: date | None
    open: bool
    evidence: str
    lines: tuple[int, ...]
    interest: Interest | None = None
    ways: tuple[Way, ...] = ()


@dataclass
class _Desk:
    """What is found of one line: candidates, what could not be worked out, and what of each heading is not claimed."""

    e: EntryLine
    today: date
    corporation: bool
    left: dict[str, int]
    found: list[Refund] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, heading: str, paid: int, due: int, reason: str, why: str, source: str, certain: bool) -> None:
        if paid == due:
            return
        e, today = self.e, self.today
        small = e.state.type == LOW_VALUE and e.value is not None and is_relieved(e.origin, e.entered_on, e.value)
        if paid < due and small:
            return  # free as a small parcel: nothing is owed
        if heading in self.left and paid > due:
            self.left[heading] -= paid - due
        if reason == "preference":
            told = preference_ways(e.state, today)
        else:
            told = owed(e.state, today) if paid < due else ways(e.state, today, ieepa=reason == "ieepa")
        first = told[0]
        rate: Rate = "underpayment" if paid < due else "corporation" if self.corporation else "other"
        more = None
        if e.state.type not in (DRAWBACK, *NOT_DEPOSITED) and first.how not in (
            OWED_FINAL,
            OWED_DEEMED,
            ENDED,
            POST_IMPORTATION,
        ):
            if (since := _deposited_on(e)) is not None:
                more = interest(abs(paid - due), since, today, rate=rate)
        elif first.how == OWED_FINAL and e.state.liquidated_on:  # of a prior disclosure, 19 U.S.C. 1592(c)(4)
            more = interest(due - paid, e.state.liquidated_on, today, rate=rate)
        self.found.append(
            Refund(
                entry=e.entry,
                number=e.number,
                hts=e.hts,
                origin=e.origin,
                entered_on=e.entered_on,
                heading=dotted(heading) if heading else "",
                paid=paid,
                due=due,
                amount=paid - due,
                reason=reason,
                why=why,
                source=source,
                certain=certain and not _is_open(e, first.how, paid < due),
                remedy=first.how,
                deadline=first.until if paid > due or first.how == POST_SUMMARY else None,
                open=first.open,
                evidence=e.evidence,
                lines=e.lines,
                interest=more,
                ways=told,
            )
        )


def _is_open(e: EntryLine, how: str, owed: bool) -> bool:
    """Whether the type of an entry, or a protest that was approved, leaves open that its duty was paid and not given
    back yet, or is owed, as the report has it."""
    kind = e.state.type
    unpaid = kind in (DRAWBACK, *NOT_DEPOSITED) or how in (UNKNOWN_TYPE, FREE_TYPE, GRANTED)
    return unpaid or (owed and kind in SETTLED_ELSEWHERE)


def refunds(
    entries: Sequence[EntryLine],
    today: date,
    *,
    table: Law | None = None,
    origins: Mapping[str, str] | None = None,
    corporation: bool = True,
) -> tuple[list[Refund], list[tuple[EntryLine, str]]]:
    """Candidates by entry line, and the lines that could not be worked out, each with the reason.

    `origins` are the origins of the seller's own products by tariff number, for entries filed with another one.
    `corporation`: whether the importer of record is one, which decides the rate of interest.
    """
    table = table or law()
    found: list[Refund] = []
    refused: list[tuple[EntryLine, str]] = []
    for e in entries:
        if e.contradicts:
            refused.append((e, e.contradicts))
            continue
        if why := impossible(e, table):
            refused.append((e, why))
            continue
        left = {heading: max(paid, 0) for heading, paid in e.paid.items()}
        desk = _Desk(e=e, today=today, corporation=corporation, left=left)
        _ieepa(desk)
        try:
            _priced(desk, table, origins or {})
        except CrossbookError as error:
            desk.refused.append(error.what)
        found += desk.found
        refused += [(e, why) for why in desk.refused]
    return found, refused


def _deposited_on(e: EntryLine) -> date | None:
    """From when interest runs: the day of the entry summary, else of the entry; of goods of a warehouse that of their
    withdrawal, None where it is not told."""
    return e.rated_on if e.state.type in WAREHOUSED else e.summary_on or e.entered_on


def is_listed(r: Refund, closed: bool = False) -> bool:
    """Whether a list shows a candidate: what is open, and IEEPA duty in any case, as the courts have not ended it."""
    return closed or r.open or r.reason == "ieepa"


def _ieepa(desk: _Desk) -> None:
    """IEEPA duties come back whole, whatever the goods: this needs neither their number nor their value."""
    for heading, paid in desk.e.paid.items():
        if paid < 0:
            desk.refused.append(f"the report gives duty below 0 under {heading or desk.e.hts}: a correction")
        if is_ieepa(heading, desk.e) and paid > 0:
            why = f"IEEPA authorises no tariffs, as ruled on {RULING}; interest is added (19 U.S.C. 1505(c))"
            kind = desk.e.state.type
            ask = ESTIMATED if kind in WAREHOUSED else UNDEPOSITED if kind in NOT_DEPOSITED else ""
            why = f"{why}; ask first: {ask}" if ask else why
            desk.add(heading, paid, 0, "ieepa", why, "Learning Resources, Inc. v. Trump, 2026-02-20", not ask)


def _priced(desk: _Desk, table: Law, origins: Mapping[str, str]) -> None:
    e = desk.e
    if not e.hts:
        if any(paid and not is_ieepa(heading, e) for heading, paid in e.paid.items()):
            desk.refused.append("the report has no tariff number of its goods (chapters 1 to 97)")
        return
    if e.value is None:
        desk.refused.append(e.unclear or "the report does not give the value of its goods")
        return
    if e.state.type in NOT_DEPOSITED:  # nothing is owed while the bond stands
        if any(paid and not is_ieepa(heading, e) for heading, paid in e.paid.items()):
            desk.refused.append(UNDEPOSITED)
        return
    if is_untold(e):
        if any(paid and not is_ieepa(heading, e) for heading, paid in e.paid.items()):
            desk.refused.append(UNTOLD)
        return
    if not FIRST_DAY <= e.priced_on <= KNOWN_UNTIL:
        desk.refused.append(f"{e.priced_on} is outside what is known ({FIRST_DAY} to {KNOWN_UNTIL})")
        return
    at = line(e.hts, e.priced_on, table.newer)
    claims: dict[str, Any] = {}
    if e.programme:
        claims["usmca" if e.origin in ("CA", "MX") else "preference"] = "yes"
    q = duty(
        line=at, origin=e.origin, on=e.priced_on, value=e.value, claims=claims, quantities=e.quantities, table=table
    )
    due: dict[str, DutyLine] = {(x.heading_9903 or "").replace(".", ""): x for x in q.outcome.lines}
    hidden = {x.measure.heading.replace(".", ""): x for x in q.outcome.suppressed}
    instead: set[str] = set()  # headings due in place of one that was filed
    for heading, paid in e.paid.items():
        if not is_ieepa(heading, e):
            _heading(desk, heading, paid, due, hidden, instead, q, table)
    for heading, x in due.items():
        if heading and heading not in e.paid and heading not in instead and not heading.startswith(IEEPA_HEADINGS):
            if x.amount is None:
                desk.refused.append(f"{x.heading_9903} {x.measure} was due and not filed, its amount {_not_known(q)}")
            elif x.amount:
                why = f"{x.measure} was due and not filed"
                _owed(desk, heading, 0, x.amount, "underpaid", why, x.legal_source, q, (heading,), table)
    if any(m.fact == "exclusion" for m in q.missing):
        why = "an exclusion lists this number: it applies if the product matches its wording"
        for heading, x in due.items():
            if x.programme == "s301" and (rest := desk.left.get(heading)):
                desk.add(heading, rest, 0, "exclusion", why, "notes 20(vvv) and 20(www)", False)
    _preference(desk, q, table)
    mine = origins.get(at.code) or origins.get(at.code[:8])
    if mine and mine != e.origin:
        other = duty(
            line=at, origin=mine, on=e.priced_on, value=e.value, claims={}, quantities=e.quantities, table=table
        )
        _other_origin(desk, mine, other.outcome.lines)


@lru_cache(maxsize=1)
def agreements() -> Mapping[str, Mapping[str, str]]:
    """The rows of trade agreements whose preference may be claimed after importation, by origin."""
    return {r["origin"]: r for r in rows("post_importation.csv")}


def _preference(desk: _Desk, q: DutyQuote, table: Law) -> None:
    """Duty that a trade agreement would have spared, where it was not claimed; interest runs only from the claim."""
    e = desk.e
    row = agreements().get(e.origin)
    if row is None or row["fact"] not in {m.fact for m in q.missing}:
        return
    spared = duty(
        line=q.line,
        origin=e.origin,
        on=e.priced_on,
        value=q.value,
        claims={row["fact"]: "yes"},
        quantities=e.quantities,
        table=table,
    )
    less = {(x.heading_9903 or "").replace(".", ""): x.amount for x in spared.outcome.lines}
    for heading, rest in list(desk.left.items()):
        due = less.get(heading, 0)
        if due is not None and rest > due and not is_ieepa(heading, e):
            why = f"free or lower under the {row['agreement']}, if the goods originate as its rules ask"
            desk.add(heading, rest, due, "preference", why, row["law"], False)


def _heading(
    desk: _Desk,
    heading: str,
    paid: int,
    due: Mapping[str, DutyLine],
    hidden: Mapping[str, Suppressed],
    instead: set[str],
    q: DutyQuote,
    table: Law,
) -> None:
    """What was paid under one heading against what was due under it, or under the one that was due in its place.

    What was paid too much is certain only where nothing that is not known could explain it."""
    e = desk.e
    expected = due.get(heading)
    if expected is None:
        if right := _right_list(heading, due, e.paid):
            instead.add(right)
            x = due[right]
            why = f"{x.heading_9903} {x.measure} applies, not {dotted(heading)}"
            if x.amount is None:
                desk.refused.append(f"{why}, and its amount is not known")
            else:
                if paid > x.amount:
                    _back(desk, heading, paid, x.amount, "wrong_list", why, x.legal_source, q, table)
                else:
                    both = (heading, right)
                    _owed(desk, heading, paid, x.amount, "wrong_list", why, x.legal_source, q, both, table)
        elif paid > 0:
            _back(desk, heading, paid, 0, "overpaid", *_not_due(heading, hidden), q, table)
        return
    owed_now = expected.amount
    if owed_now is None:
        what = expected.heading_9903 or "the ordinary duty"
        desk.refused.append(f"{what}: {expected.rate} needs a quantity that the report does not give")
        return
    if abs(paid - owed_now) <= max(100, cents((e.value or 0) * Decimal("0.0001"))):
        return
    late = "reaches back" in expected.note
    reason = "retroactive" if late else "overpaid" if paid > owed_now else "underpaid"
    why = expected.note if late else f"{expected.rate} of {money.show(expected.base, 'USD')} is due"
    if paid > owed_now:
        _back(desk, heading, paid, owed_now, reason, why, expected.legal_source, q, table)
    else:
        _owed(desk, heading, paid, owed_now, reason, why, expected.legal_source, q, (heading,), table)


def _back(
    desk: _Desk,
    heading: str,
    paid: int,
    due: int,
    reason: str,
    why: str,
    source: str,
    q: DutyQuote,
    table: Law,
) -> None:
    """A duty that was paid too much, with what must be asked first where something could explain it."""
    known = due if reason != "wrong_list" else 0
    ask = doubt(desk.e, q, heading, paid, known, table, moved=reason == "retroactive")
    desk.add(heading, paid, due, reason, f"{why}; ask first: {ask}" if ask else why, source, not ask)


def _owed(
    desk: _Desk,
    heading: str,
    paid: int,
    due: int,
    reason: str,
    why: str,
    source: str,
    q: DutyQuote,
    headings: tuple[str, ...],
    table: Law,
) -> None:
    """A duty that was not paid, or too little, with another day that may have counted and by which it was right. It is
    certain where no fact that no report tells could make it less; the last heading is the one that was due."""
    day = other_day(desk.e, headings, table)
    ask = f"; ask first: {ANOTHER_DAY.format(day=day)}" if day else ""
    certain = not day and not may_be_less(desk.e, q, headings[-1], due, table)
    desk.add(heading, paid, due, reason, why + ask, source, certain)


def _other_origin(desk: _Desk, mine: str, lines: Sequence[DutyLine]) -> None:
    said = {x.heading for x in desk.found if x.amount < 0}
    amounts = [
        x.amount
        for x in lines
        if x.heading_9903
        and x.heading_9903 not in said
        and not x.heading_9903.replace(".", "").startswith(IEEPA_HEADINGS)
    ]
    total = sum(v for h, v in desk.left.items() if h)
    why = f"filed as {desk.e.origin}, the book's products of this number are of {mine}"
    due = sum(a for a in amounts if a is not None)
    if any(a is None for a in amounts):
        desk.refused.append(f"{why}; the duty from there needs a quantity that the report does not give")
    elif total or due:
        desk.add("", total, due, "wrong_origin", why, "19 CFR 134.1(b)", False)


LISTS = ("990388", "990391")  # Section 301 and its four-year review


def _right_list(heading: str, due: Mapping[str, DutyLine], paid: Mapping[str, int]) -> str | None:
    """The heading of the same programme that was due and not filed."""
    same = LISTS if heading.startswith(LISTS) else (heading[:6],)
    return next((h for h in due if h.startswith(same) and h not in paid), None)


def _not_due(heading: str, hidden: Mapping[str, Suppressed]) -> tuple[str, str]:
    if heading in hidden:
        return hidden[heading].reason, hidden[heading].source
    return f"{dotted(heading)} does not reach this line from this origin on this day", "chapter 99, subchapter III"


def _not_known(q: Any) -> str:
    units = ", ".join(q.outcome.unknown)
    return f"is not known: {units}" if units else "is not known"
