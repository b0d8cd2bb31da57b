"""A trading company's refund: exempt and refund on purchase invoices; refund on departure for overseas warehouses.

Refund of goods: their net amount on VAT special invoices, times the lower of the rate on the invoice and the refund
rate of the day of export on the declaration. What is paid and not refunded is cost.

Source: Caishui [2012] 39, articles 3 and 5, kept by MOF and STA Announcement 11 of 2026; STA Announcement 3 of 2025.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.tax.exports import valued
from crossbook.tax.laws import law_of
from crossbook.tax.period import Period
from crossbook.tax.purchases import Export, Part, key
from crossbook.tax.refund_rates import RefundRate, contradicted, rate_of, refund_rates
from crossbook.tax.returned import Box, Line
from crossbook.tax.sales import percent, rounded
from crossbook.tax.treatment import Split

ADVANCE = "HWC-YT"  # the type of business in the declaration: goods that left for a warehouse abroad, not yet sold
WAREHOUSE = "9810"


@dataclass(frozen=True)
class Figures:
    """What a return on exports says, without its head."""

    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]
    total: int | None
    notes: tuple[str, ...]
    open: tuple[str, ...]
    wanting: tuple[str, ...] = ()


def advances(database: Database, rows: Sequence[dict[str, Any]]) -> set[Export]:
    """Exported lines that are refunded on departure: sent to a warehouse abroad (9810), and no sale of them known."""
    sent = [r for r in rows if r["mode"] == WAREHOUSE and law_of(ADVANCE, r["declared_on"])]
    if not sent:
        return set()
    ids = sorted({r["order_id"] for r in sent})
    asked = "SELECT order_id FROM tax_order WHERE counts = '' AND list_contains($ids, order_id)"
    sold = {r["order_id"] for r in database.rows(asked, ids=ids)}
    return {key(r) for r in sent if r["order_id"] not in sold}


def advance_note(of: Period) -> str:
    """What follows a refund on departure.

    Accounting runs from the month after the refund was made to 30 April of the year after it; a month that is made in
    time is refunded in the next one.
    """
    after = date(of.last.year + of.last.month // 12, of.last.month % 12 + 1, 1)
    return (
        f"refund on departure, before the sale: to be accounted for by {after.year + 1}-04-30, if made in {after:%Y-%m}"
    )


def rate_notes(own: list[RefundRate], rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Which refund rates are not the business's own, by what law, and where that was read."""
    found = {}
    for r in rows:
        rate = rate_of(own, r["code"], r["declared_on"])
        if rate and rate.law:
            found[rate.code, rate.since] = rate
    return tuple(
        f"refund rate of {r.code} from {r.since}: {percent(r.rate)}, {r.law}"
        + (f", known from a secondary page: {r.source}" if r.secondary else f": {r.source}")
        for _, r in sorted(found.items())
    )


def stale_rates(own: list[RefundRate], rows: Sequence[dict[str, Any]]) -> list[str]:
    """Rates of book.toml that a later law contradicts, for goods of these rows."""
    asked = {contradicted(own, r["code"], r["declared_on"]): None for r in rows}
    return [text for text in asked if text]


def refunded(database: Database, book: Book, of: Period, parted: Split) -> Figures:
    """The refund of a month: by commodity code, refund rate and rate on the invoice."""
    told = valued(database, of, parted.refund, parted.told, refund=True)
    own = refund_rates(book)
    groups: dict[tuple[str, Decimal | None, Decimal, bool], list[tuple[dict[str, Any], Part]]] = defaultdict(list)
    left, before = [*told.left, *parted.left], advances(database, told.rows)
    unset: dict[str, date] = {}
    for r in told.rows:
        found = rate_of(own, r["code"], r["declared_on"])
        if found is None:
            unset.setdefault(r["code"] or "—", r["declared_on"])
        early = key(r) in before
        for part in parted.covered.parts[key(r)]:
            groups[r["code"] or "—", found.rate if found else None, part.vat, early].append((r, part))
    lines, paid, advance = [], 0, 0
    for (code, fraction, vat, early), mine in sorted(groups.items(), key=lambda x: tuple(map(str, x[0]))):
        net = sum(p.net for _, p in mine)
        tax = rounded(net * min(fraction, vat)) if fraction is not None else 0
        paid += rounded(net * vat)
        advance += tax if early else 0
        invoices = sorted({p.invoice_id for _, p in mine})
        lines.append(
            Line(
                label=code + (f" {ADVANCE}" if early else ""),
                orders=len({r["order_id"] for r, _ in mine}),
                base=net,
                rate=percent(min(fraction, vat)) if fraction is not None else "",
                tax=tax,
                because=tuple(dict.fromkeys((p.evidence, p.line) for _, p in mine))[:3],
                note=advance_note(of)
                if early
                else f"purchase invoices at {percent(vat)}: {', '.join(invoices[:5])}"
                + (f" +{len(invoices) - 5}" if len(invoices) > 5 else ""),
            )
        )
    refund = sum(x.tax for x in lines)
    boxes = [
        Box("fob", "exports, free on board", sum(r["cny"] for r in told.rows)),
        Box("purchases", "goods on purchase invoices, net", sum(x.base for x in lines)),
        Box("input_vat", "input VAT on these invoices", paid),
    ]
    left += [f"no refund rate of {code} is set for {on}: [[tax.refund_rates]]" for code, on in sorted(unset.items())]
    left += stale_rates(own, told.rows)
    whole = told.whole and not unset
    if whole:
        boxes.append(Box("refund", "VAT to be refunded", refund))
        boxes.append(Box("cost", "input VAT that is not refunded: cost", paid - refund))
        if advance:
            boxes.append(Box("advance", "of it refunded on departure, before the sale", advance))
    notes = (*told.notes, *rate_notes(own, told.rows))
    if parted.exempt:
        notes += (f"exempt, so in cn_exempt alone: {len({r['order_id'] for r in parted.exempt})} exports",)
    return Figures(tuple(lines), tuple(boxes), -refund if whole else None, notes, tuple(left), told.wanting)
