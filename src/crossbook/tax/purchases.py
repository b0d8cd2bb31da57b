"""Purchase invoices, each used once: which exported goods they cover, and which goods no invoice covers.

Goods are taken from the oldest invoice first, by article, else by commodity code: from those that were there on the day
of the export; what is left of all then covers what has none, the oldest export first. A part of a line of an invoice
takes its part of the net amount, so that all parts come to the line.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.engine import Database

_PURCHASES = """
SELECT p.invoice_id, p.issued_on, p.seller, p.item, p.hs, p.quantity, p.amount, p.currency, p.vat_rate, p.tax,
       p.evidence, p.line, e.seq
FROM purchase_invoice p JOIN evidence e ON e.sha = p.evidence ORDER BY p.issued_on, p.invoice_id, p.line
"""
Export = tuple[str, str | None, str, int]  # order, declaration, evidence and line of goods on a list


@dataclass
class Purchase:
    """A line of goods on a purchase invoice: net amount in fen, the rate of its VAT, and how many are left."""

    invoice_id: str
    issued_on: date
    item: str | None
    hs: str | None
    quantity: int
    net: int
    vat: Decimal
    evidence: str
    line: int
    used: int = 0

    def take(self, wanted: int) -> tuple[int, int]:
        """Up to so many pieces of what is left: how many, and their net amount."""
        many = min(wanted, self.quantity - self.used)
        before = self.net * self.used // self.quantity
        self.used += many
        return many, self.net * self.used // self.quantity - before


@dataclass(frozen=True)
class Part:
    """Pieces of an exported line that one line of an invoice covers, their net amount, and the VAT rate of it."""

    quantity: int
    net: int
    vat: Decimal
    invoice_id: str
    evidence: str
    line: int


@dataclass(frozen=True)
class Covered:
    """What purchase invoices cover of exported lines, and what is to be said of invoices that cannot be used."""

    parts: dict[Export, list[Part]] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def key(r: dict[str, Any]) -> Export:
    """What tells an exported line of goods from all others."""
    return r["order_id"], r["declaration"], r["evidence"], r["line"]


def cover(database: Database, exports: Sequence[dict[str, Any]]) -> Covered:
    """Cover exported lines, in the order they are given, by the book's purchase invoices.

    All exports are to be given: what one takes is not there for another.
    """
    bought, left = _purchases(database)
    shelves: dict[tuple[str, str], deque[Purchase]] = defaultdict(deque)
    for p in bought:
        shelves[("item", p.item) if p.item else ("hs", p.hs or "")].append(p)
    parts: dict[Export, list[Part]] = {}
    wanted = [r["quantity"] or 0 for r in exports]
    for there_by_then in (True, False):
        for n, r in enumerate(exports):
            for name in (("item", r["item"] or "-"), ("hs", r["code"] or "-")):
                until = r["declared_on"] if there_by_then else date.max
                for part in _taken(shelves.get(name), wanted[n], until):
                    wanted[n] -= part.quantity
                    parts.setdefault(key(r), []).append(part)
    return Covered(parts=parts, left=tuple(left))


def _taken(shelf: deque[Purchase] | None, wanted: int, until: date) -> Iterator[Part]:
    """Up to so many pieces from the oldest invoices of a shelf, issued by a day."""
    while wanted and shelf and shelf[0].issued_on <= until:
        p = shelf[0]
        many, net = p.take(wanted)
        wanted -= many
        yield Part(quantity=many, net=net, vat=p.vat, invoice_id=p.invoice_id, evidence=p.evidence, line=p.line)
        if p.used == p.quantity:
            shelf.popleft()


def _purchases(database: Database) -> tuple[list[Purchase], list[str]]:
    """Lines of invoices that can be used: of an invoice that several files tell, the newest telling."""
    rows = database.rows(_PURCHASES)
    newest: dict[str, tuple[int, str]] = {}
    for r in rows:
        newest[r["invoice_id"]] = max(newest.get(r["invoice_id"], (-1, "")), (r["seq"], r["evidence"]))
    found, left = [], []
    for r in rows:
        if newest[r["invoice_id"]][1] != r["evidence"]:
            continue
        if why := _unusable(r):
            left.append(f"purchase invoice {r['invoice_id']} covers nothing: {why}")
            continue
        found.append(
            Purchase(
                invoice_id=r["invoice_id"],
                issued_on=r["issued_on"] or date.max,
                item=r["item"],
                hs=r["hs"],
                quantity=r["quantity"],
                net=int(r["amount"]),
                vat=_vat(r),
                evidence=r["evidence"],
                line=r["line"],
            )
        )
    return found, list(dict.fromkeys(left))


def _unusable(r: dict[str, Any]) -> str:
    if not r["item"] and not r["hs"]:
        return "no file says its article or commodity code"
    if not r["quantity"] or r["quantity"] < 0:
        return "no file says its quantity"
    if not r["amount"] or r["amount"] < 0:
        return "no file says its amount"
    if r["currency"] != "CNY":
        return "it is not in yuan"
    if r["tax"] is None:
        return "no file says its tax"
    if abs(Decimal(r["amount"]) * _vat(r) - r["tax"]) > 1:
        return "its tax is not its rate of its amount"
    return ""


def _vat(r: dict[str, Any]) -> Decimal:
    """The rate on the invoice; where it names none, what tax and amount come to in whole percent."""
    told = str(r["vat_rate"] or "").strip()
    if told.endswith("%") and told[:-1].strip().replace(".", "", 1).isdigit():
        return Decimal(told[:-1].strip()) / 100
    return Decimal(round(Decimal(r["tax"]) * 100 / Decimal(r["amount"]))) / 100
