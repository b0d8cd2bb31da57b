"""Claims: what of each entry goes by which way, once. Underpayments stand beside overpayments and are never set off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crossbook.duty import courts
from crossbook.duty.filed import EntryLine
from crossbook.duty.refunds import Refund
from crossbook.duty.remedies import (
    CAPE_DECLARATION,
    FREE_TYPE,
    PROTESTED,
    UNKNOWN_TYPE,
    Way,
    is_overdue,
    liquidated_by_law,
)
from crossbook.duty.time_limits import last_day

ASK_RECONCILIATION = "whether it is flagged for reconciliation"
ASK_DRAWBACK = "whether it is designated on a drawback claim"
ASK_PROTEST = "whether its protest is still open"
ASK_LIQUIDATION = "whether it was liquidated by law a year after entry, or extended or suspended"
ASK_PAYMENT = "on which day the duty of an informal entry was paid"
ASK_STATUS = "whether it was liquidated on the day that the report gives"
ASK_TYPE = "which type of entry it is"
ASKS = (ASK_RECONCILIATION, ASK_DRAWBACK, ASK_PROTEST, ASK_LIQUIDATION, ASK_PAYMENT, ASK_STATUS, ASK_TYPE)


@dataclass(frozen=True)
class Claim:
    """What of one entry goes by one way; money in cents of US dollars.

    `amount` is certain, `perhaps` comes back if a fact holds that the entry does not tell, `owed` was not paid, of
    which `owed_perhaps` may not have been due, by a fact that the entry does not tell.
    `interest` is on amount and perhaps, None where no rate is known or none runs; `interest_until` is before the day
    asked about where a later rate is not known. `asks` are facts that would decide the way and that no report tells.
    """

    entry: str
    type: str
    entered_on: date
    liquidation: str
    liquidated_on: date | None
    protest: str
    reconciliation: str
    drawback: str
    importer: str
    port: str
    remedy: str
    deadline: date | None
    open: bool
    amount: int
    perhaps: int
    owed: int
    owed_perhaps: int
    interest: int | None
    interest_from: date | None
    interest_until: date | None
    days: int | None
    ways: tuple[Way, ...]
    asks: tuple[str, ...]
    lines: tuple[Refund, ...]


def claims(found: Sequence[Refund], entries: Sequence[EntryLine], today: date) -> list[Claim]:
    """The candidates of `crossbook.duty.refunds` by entry and way, the next deadline first, what is closed last."""
    of = {e.entry: e for e in entries}
    groups: dict[tuple[str, str, date | None, bool], list[Refund]] = defaultdict(list)
    for r in found:
        groups[r.entry, r.remedy, r.deadline, r.amount < 0].append(r)
    made = [_claim(of[entry], parts, today) for (entry, *_), parts in groups.items()]
    made.sort(key=lambda c: (c.entered_on, c.entry, c.remedy, c.owed))
    return sorted(made, key=lambda c: (not c.open, c.deadline is None, c.deadline or c.entered_on))


def _claim(e: EntryLine, parts: Sequence[Refund], today: date) -> Claim:
    s, first = e.state, parts[0]
    grown = [r.interest for r in parts if r.interest is not None]
    whole = bool(grown) and len(grown) == len(parts)
    return Claim(
        entry=e.entry,
        type=s.type,
        entered_on=e.entered_on,
        liquidation=s.liquidation,
        liquidated_on=s.liquidated_on,
        protest=s.protest,
        reconciliation=s.reconciliation,
        drawback=s.drawback,
        importer=e.importer,
        port=e.port,
        remedy=first.remedy,
        deadline=first.deadline,
        open=first.open,
        amount=sum(r.amount for r in parts if r.amount > 0 and r.certain),
        perhaps=sum(r.amount for r in parts if r.amount > 0 and not r.certain),
        owed=-sum(r.amount for r in parts if r.amount < 0),
        owed_perhaps=-sum(r.amount for r in parts if r.amount < 0 and not r.certain),
        interest=sum(x.amount for x in grown) if whole else None,
        interest_from=grown[0].since if whole else None,
        interest_until=grown[0].until if whole else None,
        days=grown[0].days if whole else None,
        ways=first.ways,
        asks=_asks(e, first, today),
        lines=tuple(parts),
    )


def _asks(e: EntryLine, first: Refund, today: date) -> tuple[str, ...]:
    asked = []
    if first.remedy in (CAPE_DECLARATION, PROTESTED) and first.reason == "ieepa":
        asked += [ASK_RECONCILIATION] if not e.state.reconciliation else []
        asked += [ASK_DRAWBACK] if not e.state.drawback else []
    if first.remedy == PROTESTED and not e.protest_status:
        asked.append(ASK_PROTEST)
    if is_overdue(e.state, today):
        asked.append(ASK_LIQUIDATION)
    if e.state.taken:
        asked.append(ASK_PAYMENT)
    if e.state.contradicted and e.state.liquidated_on and e.state.liquidated_on <= today:
        asked.append(ASK_STATUS)
    if first.remedy in (UNKNOWN_TYPE, FREE_TYPE):
        asked.append(ASK_TYPE)
    return tuple(asked)


@dataclass(frozen=True)
class Disputed:
    """Duty that is before the courts and not given back yet, in cents: a protest keeps it from becoming final.

    `until` is its last day, counted from the year of 1504(a) where no liquidation is told, None while no time runs;
    `open` False where that day is past, unless that is in doubt.
    """

    entry: str
    about: str
    amount: int
    entered_on: date
    liquidated_on: date | None
    until: date | None
    open: bool
    protest: str


SURCHARGE = "990303"  # Section 122, Proclamation 11012


def disputed(entries: Sequence[EntryLine], today: date) -> list[Disputed]:
    """Entries that paid the Section 122 surcharge, once a court has held it unlawful; the next last day first."""
    if not courts.said("Section 122", today):
        return []
    sums: dict[str, int] = defaultdict(int)
    of = {e.entry: e for e in entries}
    for e in entries:
        sums[e.entry] += sum(paid for heading, paid in e.paid.items() if heading.startswith(SURCHARGE) and paid > 0)
    made = []
    for entry, amount in sums.items():
        s = of[entry].state
        done = s.liquidated_on if s.liquidated_on and s.liquidated_on <= today else liquidated_by_law(s, today)
        until = last_day("protest", done).day if done else None
        if amount:
            made.append(
                Disputed(
                    entry=entry,
                    about="Section 122",
                    amount=amount,
                    entered_on=s.entered_on,
                    liquidated_on=s.liquidated_on,
                    until=until,
                    open=until is None or today <= until or s.protested or s.liquidated_on is None,
                    protest=s.protest,
                )
            )
    return sorted(made, key=lambda d: (d.until is None, d.until or d.entered_on, d.entry))


@dataclass(frozen=True)
class Total:
    """Sums of the claims that go by one way."""

    remedy: str
    entries: int
    amount: int
    perhaps: int
    owed: int
    owed_perhaps: int
    interest: int | None  # None where it is not known for all
    first: date | None  # the next last day


def totals(found: Sequence[Claim]) -> list[Total]:
    """By way, the most first; what is owed apart from what comes back."""
    by: dict[tuple[str, bool], list[Claim]] = defaultdict(list)
    for c in found:
        by[c.remedy, c.owed > 0].append(c)
    made = []
    for (remedy, _), parts in by.items():
        known = [c.interest for c in parts if c.interest is not None]
        made.append(
            Total(
                remedy=remedy,
                entries=len({c.entry for c in parts}),
                amount=sum(c.amount for c in parts),
                perhaps=sum(c.perhaps for c in parts),
                owed=sum(c.owed for c in parts),
                owed_perhaps=sum(c.owed_perhaps for c in parts),
                interest=sum(known) if len(known) == len(parts) else None,
                first=min((c.deadline for c in parts if c.deadline), default=None),
            )
        )
    return sorted(made, key=lambda t: (-(t.amount + t.perhaps), t.owed, t.remedy))
