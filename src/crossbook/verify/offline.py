"""Trades off the platforms: bank credits with no order behind them, and the papers that would make each provable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crossbook.engine import Database
from crossbook.findings import Reference

# What proves a trade that no platform tells of. GACC Announcement 56 of 2018 names order, receipt, waybill and list; a
# contract and an invoice are what banks ask for in their place.
PAPERS = ("order", "invoice", "shipment", "customs")
NEAR_DAYS = 120  # an invoice may be this much older than its payment
SHOWN = 5


@dataclass(frozen=True)
class Candidate:
    """An order or an invoice of the same amount that nothing has paid yet."""

    order_id: str
    paper: str
    day: date | None
    because: Reference


@dataclass(frozen=True)
class Offline:
    """One credit without an order. `missing` are the papers still wanted when the best candidate is the right one."""

    credit: str
    account: str
    booked_on: date
    amount: int
    currency: str
    payer: str
    text: str
    candidates: tuple[Candidate, ...]
    missing: tuple[str, ...]
    because: Reference


# Orders and invoices of this amount that no payment of a file paid.
_CANDIDATES = """
SELECT x.* FROM (
  SELECT order_id, 'order' AS paper, placed_on AS day, evidence, line FROM orders
  WHERE total = $amount AND currency = $currency
  UNION ALL
  SELECT order_id, 'invoice', issued_on, evidence, line FROM invoices WHERE amount = $amount AND currency = $currency
) x LEFT JOIN trade t USING (order_id)
WHERE t.has_payment IS NULL AND (x.day IS NULL OR x.day BETWEEN $day - $near AND $day + $near)
ORDER BY abs(x.day - $day), order_id LIMIT 20
"""


def offline(database: Database, credits: Sequence[dict[str, Any]]) -> list[Offline]:
    """The credits of `credits` (rows of bank entries with `key`) as trades to be proved, the largest first."""
    return sorted((_offline(database, c) for c in credits), key=lambda o: (-o.amount, o.booked_on, o.credit))


def _offline(database: Database, credit: dict[str, Any]) -> Offline:
    rows = database.rows(
        _CANDIDATES, amount=credit["amount"], currency=credit["currency"], day=credit["booked_on"], near=NEAR_DAYS
    )
    candidates = tuple(
        Candidate(order_id=r["order_id"], paper=r["paper"], day=r["day"], because=(r["evidence"], r["line"]))
        for r in rows[:SHOWN]
    )
    missing: tuple[str, ...] = PAPERS
    if candidates:
        best = candidates[0].order_id
        have = database.rows(
            "SELECT has_order, invoices IS NOT NULL AS invoiced, has_shipment, has_customs FROM trade "
            "WHERE order_id = $id",
            id=best,
        )
        known = have[0] if have else {}
        mine = {
            "order": known.get("has_order"),
            "invoice": known.get("invoiced") or candidates[0].paper == "invoice",
            "shipment": known.get("has_shipment"),
            "customs": known.get("has_customs"),
        }
        missing = tuple(paper for paper in PAPERS if not mine[paper])
    text = " ".join(str(credit[n]) for n in ("description", "reference") if credit[n])
    return Offline(
        credit=credit["key"],
        account=credit["account"],
        booked_on=credit["booked_on"],
        amount=credit["amount"],
        currency=credit["currency"],
        payer=credit["counterparty"] or "",
        text=text,
        candidates=candidates,
        missing=missing,
        because=(credit["evidence"], credit["line"]),
    )
