"""What of the duty paid can be claimed back: entries as filed, held against the law of their day.

For each tariff number of an entry line the duty is worked out anew as of the entry date, by the law as it is known now,
and the difference named. How it is claimed, and until when, is for `crossbook.duty.remedies` to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.duty.lines import dotted
from crossbook.duty.quoting import DutyLine, cents, duty
from crossbook.duty.remedies import DRAWBACK, OWED, POST_SUMMARY, UNKNOWN_TYPE, Remedy, is_protest, remedy, type_of
from crossbook.duty.schedule import line
from crossbook.duty.stacking import Suppressed
from crossbook.duty.tables import Law, law
from crossbook.errors import CrossbookError

RULING = date(2026, 2, 20)  # Learning Resources, Inc. v. Trump: IEEPA authorises no tariffs
IEEPA_FROM, IEEPA_UNTIL = date(2025, 2, 4), date(2026, 2, 23)
IEEPA_HEADINGS = ("990301", "990302")
REASONS = ("ieepa", "retroactive", "exclusion", "wrong_list", "overpaid", "wrong_origin", "underpaid")


@dataclass(frozen=True)
class EntryLine:
    """One line of an entry with all its tariff numbers: `paid` is cents by heading ("" for the commodity's own)."""

    entry: str
    number: int
    entered_on: date
    origin: str
    hts: str
    value: int
    paid: Mapping[str, int]
    liquidation: str
    liquidated_on: date | None
    programme: str
    quantities: Mapping[str, Decimal]
    evidence: str
    lines: tuple[int, ...]  # of the original file
    type: str = ""
    protest: str = ""  # the number of a protest against the entry


@dataclass(frozen=True)
class Refund:
    """A candidate, or where `amount` is negative a duty that was not paid.

    Each cent that was paid is in one candidate of its line at most: what is certain comes first, then an exclusion,
    then another origin. `paid` is the part that the candidate is about.
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


def grouped(rows: Sequence[Mapping[str, Any]]) -> list[EntryLine]:
    """Rows of the fact `entry_line`, one for each tariff number, as one for each entry line."""
    by_line: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_line[row["entry"], row["entry_line"]].append(row)
    found = []
    for (entry, number), parts in by_line.items():
        goods = [r for r in parts if not r["hts"].startswith("99")]
        if not goods:
            continue
        main = goods[0]
        paid: dict[str, int] = defaultdict(int)
        for r in parts:
            paid[r["hts"][:8] if r["hts"].startswith("99") else ""] += r["duty"] or 0
        amount = _number(main.get("quantity"))
        unit = {"NO": "No.", "KG": "kg", "PRS": "prs.", "DOZ": "doz."}.get(
            (main.get("unit") or "").upper().strip("."), ""
        )
        quantities = {unit: amount} if unit and amount is not None else {}
        if unit == "doz." and amount is not None:
            quantities = {"No.": amount * 12}
        found.append(
            EntryLine(
                entry=entry,
                number=number,
                entered_on=main["entered_on"],
                origin=main["origin"],
                hts=main["hts"],
                value=sum(r["amount"] or 0 for r in parts),
                paid=dict(paid),
                liquidation=main.get("liquidation") or "",
                liquidated_on=main.get("liquidated_on"),
                programme=main.get("programme") or "",
                quantities=quantities,
                evidence=main["evidence"],
                lines=tuple(sorted(r["line"] for r in parts)),
                type=main.get("type") or "",
                protest=next((r["protest"] for r in parts if is_protest(r.get("protest") or "")), ""),
            )
        )
    return sorted(found, key=lambda e: (e.entered_on, e.entry, e.number))


def _number(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text).replace(",", "")) if text else None
    except ArithmeticError:
        return None


def refunds(
    entries: Sequence[EntryLine], today: date, *, table: Law | None = None, origins: Mapping[str, str] | None = None
) -> tuple[list[Refund], list[tuple[EntryLine, str]]]:
    """Candidates by entry line, and the lines that could not be worked out, each with the reason.

    `origins` are the origins of the seller's own products by tariff number, for entries filed with another one.
    """
    table = table or law()
    found: list[Refund] = []
    refused: list[tuple[EntryLine, str]] = []
    for e in entries:
        try:
            found += _of_line(e, today, table, origins or {})
        except CrossbookError as error:
            refused.append((e, error.what))
    return found, refused


def _of_line(e: EntryLine, today: date, table: Law, origins: Mapping[str, str]) -> list[Refund]:
    at = line(e.hts, e.entered_on, table.newer)
    claims: dict[str, Any] = {}
    if e.programme:
        claims["usmca" if e.origin in ("CA", "MX") else "preference"] = "yes"
    q = duty(
        line=at, origin=e.origin, on=e.entered_on, value=e.value, claims=claims, quantities=e.quantities, table=table
    )
    due: dict[str, DutyLine] = {(x.heading_9903 or "").replace(".", ""): x for x in q.outcome.lines}
    hidden = {x.measure.heading.replace(".", ""): x for x in q.outcome.suppressed}
    found: list[Refund] = []
    instead: set[str] = set()  # headings due in place of one that was filed
    left = {heading: max(paid, 0) for heading, paid in e.paid.items()}  # not yet in a candidate

    def add(heading: str, paid: int, owed: int, reason: str, why: str, source: str, certain: bool) -> None:
        if paid != owed:
            if heading in left and paid > owed:
                left[heading] -= paid - owed
            by = remedy(
                e.entered_on,
                e.liquidated_on,
                today,
                ieepa=reason == "ieepa",
                entry_type=e.type,
                protested=is_protest(e.protest),
            )
            if paid < owed and by.how != POST_SUMMARY:
                by = Remedy(OWED, None, True)
            found.append(
                Refund(
                    entry=e.entry,
                    number=e.number,
                    hts=e.hts,
                    origin=e.origin,
                    entered_on=e.entered_on,
                    heading=dotted(heading) if heading else "",
                    paid=paid,
                    due=owed,
                    amount=paid - owed,
                    reason=reason,
                    why=why,
                    source=source,
                    certain=certain and type_of(e.type) != DRAWBACK and by.how != UNKNOWN_TYPE,
                    remedy=by.how,
                    deadline=by.until,
                    open=by.open,
                    evidence=e.evidence,
                    lines=e.lines,
                )
            )

    for heading, paid in e.paid.items():
        if heading.startswith(IEEPA_HEADINGS) and IEEPA_FROM <= e.entered_on <= IEEPA_UNTIL:
            if paid <= 0:  # a correction of the entry: nothing was paid
                continue
            add(
                heading=heading,
                paid=paid,
                owed=0,
                reason="ieepa",
                why=f"IEEPA authorises no tariffs, as ruled on {RULING}; interest is added (19 U.S.C. 1505(c))",
                source="Learning Resources, Inc. v. Trump, 2026-02-20",
                certain=True,
            )
            continue
        expected = due.get(heading)
        if expected is None:
            if right := _right_list(heading, due, e.paid):
                instead.add(right)
                x = due[right]
                why = f"{x.heading_9903} {x.measure} applies, not {dotted(heading)}"
                add(
                    heading=heading,
                    paid=paid,
                    owed=x.amount or 0,
                    reason="wrong_list",
                    why=why,
                    source=x.legal_source,
                    certain=True,
                )
            elif paid > 0:
                add(heading, paid, 0, "overpaid", *_not_due(heading, hidden), True)
            continue
        owed = expected.amount
        if owed is None or abs(paid - owed) <= max(100, cents(e.value * Decimal("0.0001"))):
            owed = paid
        late = "reaches back" in expected.note
        add(
            heading=heading,
            paid=paid,
            owed=owed,
            reason="retroactive" if late else "overpaid" if paid > owed else "underpaid",
            why=expected.note if late else f"{expected.rate} of {money.show(expected.base, 'USD')} is due",
            source=expected.legal_source,
            certain=not q.missing,
        )
    for heading, expected in due.items():
        if (
            heading
            and heading not in e.paid
            and heading not in instead
            and expected.amount
            and not heading.startswith(IEEPA_HEADINGS)
        ):
            add(
                heading=heading,
                paid=0,
                owed=expected.amount,
                reason="underpaid",
                why=f"{expected.measure} was due and not filed",
                source=expected.legal_source,
                certain=not q.missing,
            )
    if any(m.fact == "exclusion" for m in q.missing):
        for heading, expected in due.items():
            if expected.programme == "s301" and left.get(heading):
                why = "an exclusion lists this number: it applies if the product matches its wording"
                add(
                    heading=heading,
                    paid=left[heading],
                    owed=0,
                    reason="exclusion",
                    why=why,
                    source="notes 20(vvv) and 20(www)",
                    certain=False,
                )
    mine = origins.get(at.code) or origins.get(at.code[:8])
    if mine and mine != e.origin:
        total = sum(v for h, v in left.items() if h)
        other = duty(
            line=at, origin=mine, on=e.entered_on, value=e.value, claims={}, quantities=e.quantities, table=table
        )
        said = {x.heading for x in found if x.amount < 0}
        owed = sum(
            x.amount or 0
            for x in other.outcome.lines
            if x.heading_9903
            and x.heading_9903 not in said
            and not x.heading_9903.replace(".", "").startswith(IEEPA_HEADINGS)
        )
        if total or owed:
            why = f"filed as {e.origin}, the book's products of this number are of {mine}"
            add(
                heading="",
                paid=total,
                owed=owed,
                reason="wrong_origin",
                why=why,
                source="19 CFR 134.1(b)",
                certain=False,
            )
    return found


LISTS = ("990388", "990391")  # Section 301 and its four-year review


def _right_list(heading: str, due: Mapping[str, DutyLine], paid: Mapping[str, int]) -> str | None:
    """The heading of the same programme that was due and not filed."""
    same = LISTS if heading.startswith(LISTS) else (heading[:6],)
    return next((h for h in due if h.startswith(same) and h not in paid), None)


def _not_due(heading: str, hidden: Mapping[str, Suppressed]) -> tuple[str, str]:
    if heading in hidden:
        return hidden[heading].reason, hidden[heading].source
    return f"{dotted(heading)} does not reach this line from this origin on this day", "chapter 99, subchapter III"
