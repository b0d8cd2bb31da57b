"""Claims: what of each entry goes by which way, once. Underpayments stand beside overpayments and are never set off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crossbook.duty import cape
from crossbook.duty.filed import EntryLine
from crossbook.duty.refunds import Refund
from crossbook.duty.remedies import CAPE_DECLARATION, PROTEST_FORM, PROTESTED, Way

ASK_RECONCILIATION = "whether it is flagged for reconciliation"
ASK_DRAWBACK = "whether it is designated on a drawback claim"
ASK_PROTEST = "whether its protest is still open"
ASKS = (ASK_RECONCILIATION, ASK_DRAWBACK, ASK_PROTEST)


@dataclass(frozen=True)
class Claim:
    """What of one entry goes by one way; money in cents of US dollars.

    `amount` is certain, `perhaps` comes back if a fact holds that the entry does not tell, `owed` was not paid.
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
    interest: int | None
    interest_from: date | None
    interest_until: date | None
    days: int | None
    ways: tuple[Way, ...]
    asks: tuple[str, ...]
    lines: tuple[Refund, ...]


def claims(found: Sequence[Refund], entries: Sequence[EntryLine]) -> list[Claim]:
    """The candidates of `crossbook.duty.refunds` by entry and way, the next deadline first."""
    of = {e.entry: e for e in entries}
    groups: dict[tuple[str, str, date | None, bool], list[Refund]] = defaultdict(list)
    for r in found:
        groups[r.entry, r.remedy, r.deadline, r.amount < 0].append(r)
    made = [_claim(of[entry], parts) for (entry, *_), parts in groups.items()]
    return sorted(made, key=lambda c: (c.deadline is None, c.deadline or c.entered_on, c.entered_on, c.entry, c.remedy))


def _claim(e: EntryLine, parts: Sequence[Refund]) -> Claim:
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
        interest=sum(x.amount for x in grown) if whole else None,
        interest_from=grown[0].since if whole else None,
        interest_until=grown[0].until if whole else None,
        days=grown[0].days if whole else None,
        ways=first.ways,
        asks=_asks(e, first),
        lines=tuple(parts),
    )


def _asks(e: EntryLine, first: Refund) -> tuple[str, ...]:
    asked = []
    if first.remedy in (CAPE_DECLARATION, PROTESTED) and first.reason == "ieepa":
        asked += [ASK_RECONCILIATION] if not e.state.reconciliation else []
        asked += [ASK_DRAWBACK] if not e.state.drawback else []
    if first.remedy == PROTESTED and not e.protest_status:
        asked.append(ASK_PROTEST)
    return tuple(asked)


@dataclass(frozen=True)
class Total:
    """Sums of the claims that go by one way."""

    remedy: str
    entries: int
    amount: int
    perhaps: int
    owed: int
    interest: int | None  # None where it is not known for all
    first: date | None  # the next last day


def totals(found: Sequence[Claim]) -> list[Total]:
    """By way, the most first."""
    by: dict[str, list[Claim]] = defaultdict(list)
    for c in found:
        by[c.remedy].append(c)
    made = []
    for remedy, parts in by.items():
        known = [c.interest for c in parts if c.interest is not None]
        made.append(
            Total(
                remedy=remedy,
                entries=len({c.entry for c in parts}),
                amount=sum(c.amount for c in parts),
                perhaps=sum(c.perhaps for c in parts),
                owed=sum(c.owed for c in parts),
                interest=sum(known) if len(known) == len(parts) else None,
                first=min((c.deadline for c in parts if c.deadline), default=None),
            )
        )
    return sorted(made, key=lambda t: (-(t.amount + t.perhaps), t.owed, t.remedy))


def declared(found: Sequence[Claim]) -> tuple[list[Sequence[str]], list[str]]:
    """The entry numbers of each CAPE declaration, and entries that belong there but whose number it would not take."""
    ours = [c.entry for c in found if c.remedy == CAPE_DECLARATION and c.open and c.amount > 0]
    return cape.declarations(ours), sorted({n for n in ours if not cape.entry_number(n)})


PROTEST_COLUMNS = (
    "importer number",
    "port code",
    "entry number",
    "entry date",
    "liquidation date",
    "file by",
    "line",
    "tariff number",
    "heading",
    "decision protested",
    "duty paid",
    "duty claimed",
    "refund",
    "interest to the day of this list",
    "reason",
    "law",
    "earlier protest",
)


def protests(found: Sequence[Claim]) -> list[Mapping[str, object]]:
    """A row for each protested duty: the facts of CBP Form 19 and 19 CFR 174.13(a) that the entries tell.

    The description of the goods, the address of the protesting party and any request for further review are not among
    them.
    """
    rows: list[Mapping[str, object]] = []
    for c in found:
        if c.remedy != PROTEST_FORM or not c.open:
            continue
        for r in c.lines:
            if r.amount <= 0:
                continue
            cells: tuple[object, ...] = (
                c.importer,
                c.port,
                c.entry,
                c.entered_on,
                c.liquidated_on,
                c.deadline,
                r.number,
                r.hts,
                r.heading,
                "rate and amount of duties (19 U.S.C. 1514(a)(2))",
                r.paid,
                r.due,
                r.amount,
                r.interest.amount if r.interest else None,
                r.why if r.certain else f"{r.why} (if the fact holds)",
                r.source,
                c.protest,
            )
            rows.append(dict(zip(PROTEST_COLUMNS, cells, strict=True)))
    return rows
