"""What a return has to say beside its figures: orders that it could not count, refunds without a day,
trades in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crossbook import money
from crossbook.engine import Database
from crossbook.engine.publishing import publications
from crossbook.tax.sales import Scope

DOUBTED = ("suspicious", "contradicted")
SHOWN = 5  # texts that are no country, named each

# Orders of a period that are no countable sales for a reason that somebody must look at, with what they are worth.
_UNCOUNTED = """
SELECT counts, status_told, strange, currency, count(*) AS n, sum(total) AS worth FROM tax_order
WHERE counts IN ('unknown', 'pending', 'no total', 'no currency', 'no country', 'disagree')
  AND {moment} >= $begins AND {moment} < $over AND {where}
GROUP BY ALL
"""
_NO_DAY = """
SELECT currency, count(*) AS n, sum(total) AS worth FROM tax_order
WHERE counts IN ('', 'no total') AND {moment} IS NULL AND {where} GROUP BY ALL
"""
# Refunds of the period's orders whose day no file says, and orders that are called refunded without any refund.
_UNDATED = """
SELECT currency, count(*) AS n, sum(back) AS worth FROM tax_refund
WHERE refunded_at IS NULL AND refunded_on IS NULL AND {moment} >= $begins AND {moment} < $over AND {where}
GROUP BY ALL
"""
# Money paid back for several orders at once: no file says what each one's part was.
_UNSHARED = """
SELECT currency, count(*) AS n, sum(worth) AS worth FROM (
  SELECT DISTINCT r.reference, r.evidence, r.line, r.currency, r.amount_whole AS worth
  FROM (SELECT * FROM refunds WHERE amount IS NULL AND refunded_at >= $begins AND refunded_at < $over) r
  JOIN (SELECT order_id FROM tax_order WHERE {where}) USING (order_id))
GROUP BY ALL
"""
_EXCESS = """
SELECT order_id, currency, 1 AS n, excess AS worth FROM tax_refund
WHERE excess > 0 AND (CASE WHEN refunded_at IS NULL THEN refunded_on BETWEEN $first AND $last
                           ELSE refunded_at >= $begins AND refunded_at < $over END) AND {where} ORDER BY order_id
"""
_CALLED_REFUNDED = """
SELECT currency, count(*) AS n, sum(total) AS worth FROM (SELECT * FROM tax_order ANTI JOIN refunds USING (order_id))
WHERE counts = '' AND status IN ('refunded', 'part_refunded') AND {moment} >= $begins AND {moment} < $over
  AND {where} GROUP BY ALL
"""
_ASSUMED = """
SELECT market, currency, count(*) AS n, sum(total) AS worth FROM tax_order
WHERE counts = '' AND told_by = 'assumed' AND {moment} >= $begins AND {moment} < $over AND {where} GROUP BY ALL
"""
_DOUBTED = """
SELECT v.verdict, o.currency, count(*) AS n, sum(o.total) AS worth
FROM tax_order o JOIN (SELECT order_id, verdict FROM verdict) v ON v.order_id = o.order_id
WHERE o.counts = '' AND v.verdict IN {doubted} AND o.{moment} >= $begins AND o.{moment} < $over
  AND {where} GROUP BY ALL
"""


@dataclass(frozen=True)
class Unsaid:
    """What is left out, what is to be known, and whether a figure that belongs in the total is in no file."""

    open: tuple[str, ...]
    notes: tuple[str, ...]
    whole: bool


def unsaid(database: Database, scope: Scope, *, places: bool = True) -> Unsaid:
    """What a return over these orders must say. Without `places` it does not matter to it where the goods go.

    Needs `sales.prepare`.
    """

    def asked(sql: str) -> list[dict[str, Any]]:
        return database.rows(sql.format(where=scope.where, moment=scope.moment), **scope.bound())

    found = asked(_UNCOUNTED)
    left: list[str] = []
    for word in sorted({r["status_told"] for r in found if r["counts"] == "unknown"}):
        mine = [r for r in found if r["counts"] == "unknown" and r["status_told"] == word]
        left.append(f"status {word} is not known: {told(mine)}, not counted as sales")
    for reason, text in (
        ("no total", "no file says the total: {told}, left out"),
        ("no currency", "no file says the currency: {told}, left out"),
        ("no country", "no file says where to: {told}, left out"),
        ("strange", "no country of any table: {names}: {told}, left out"),
        ("disagree", "the address contradicts itself: {told}, left out"),
    ):
        mine = [r for r in found if (r["counts"] if not _strange(r) else "strange") == reason]
        if mine and (places or reason in ("no total", "no currency")):
            strange = sorted({repr(r["strange"]) for r in mine})
            shown = ", ".join(strange[:SHOWN]) + (" …" if strange[SHOWN:] else "")
            left.append(text.format(told=told(mine), names=shown))
    whole = not any(r["counts"] in ("no total", "no currency") for r in found)
    for sql, text in (
        (_NO_DAY, "no file says the day: {told}, in no period"),
        (_UNDATED, "paid back on a day that no file says: {told}, not taken off"),
        (_UNSHARED, "paid back for several orders at once, each one's part in no file: {told}, not taken off"),
        (_CALLED_REFUNDED, "called refunded, but no file says how much or when: {told}, not taken off"),
    ):
        rows = _without_values(database, sql, scope) if sql is _NO_DAY else asked(sql)
        if rows:
            left.append(text.format(told=told(rows)))
    values = scope.bound() | {"first": scope.first, "last": scope.last}
    if beyond := database.rows(_EXCESS.format(where=scope.where), **values):
        names = ", ".join(list(dict.fromkeys(r["order_id"] for r in beyond))[:5])
        left.append(f"paid back beyond the whole sale: {told(beyond)}, not taken off: nothing is left of it: {names}")
    notes = []
    if pending := [r for r in found if r["counts"] == "pending"]:
        notes.append(f"payment still pending: {told(pending)}, no sales yet")
    if places and (assumed := asked(_ASSUMED)):
        states = ", ".join(sorted({r["market"] for r in assumed}))
        notes.append(f"taken as in the main territory of {states}, without a postcode: {told(assumed)}")
    return Unsaid(open=tuple(left), notes=(*notes, *_doubts(database, scope)), whole=whole)


def _strange(row: dict[str, Any]) -> bool:
    """Whether orders are left out for what is written as their country."""
    return row["counts"] == "no country" and row["strange"] is not None


def _without_values(database: Database, sql: str, scope: Scope) -> list[dict[str, Any]]:
    return database.rows(sql.format(where=scope.where, moment=scope.moment), **scope.values)


def _doubts(database: Database, scope: Scope) -> list[str]:
    """How many of the sales are suspicious or contradicted, where verdicts are published."""
    if not _judged(database):
        return []
    found = database.rows(_DOUBTED.format(where=scope.where, moment=scope.moment, doubted=DOUBTED), **scope.bound())
    return [
        f"{verdict} trades are in it: {told([r for r in found if r['verdict'] == verdict])}"
        for verdict in DOUBTED
        if any(r["verdict"] == verdict for r in found)
    ]


def doubts_of(database: Database, amounts: dict[str, int], currency: str) -> list[str]:
    """The same of trades that are named, each with what it counts for."""
    if not amounts or not _judged(database):
        return []
    found = database.rows(f"SELECT order_id, verdict FROM verdict WHERE verdict IN {DOUBTED}")
    said = []
    for verdict in DOUBTED:
        mine = [amounts[r["order_id"]] for r in found if r["verdict"] == verdict and r["order_id"] in amounts]
        if mine:
            said.append(f"{verdict} trades are in it: {len(mine)} ({money.show(sum(mine), currency)})")
    return said


def _judged(database: Database) -> bool:
    if "verdict" in publications():
        database.ask("verdict")
    return database.has("verdict")


def told(rows: list[dict[str, Any]]) -> str:
    """How many and what they are worth: 3 (1,234.00 EUR); what no file says is a dash."""
    sums: dict[str, int] = {}
    for r in rows:
        if r["worth"] is not None and r["currency"]:
            sums[r["currency"]] = sums.get(r["currency"], 0) + int(r["worth"])
    worth = ", ".join(money.show(s, c) for c, s in sorted(sums.items())) or "—"
    return f"{sum(r['n'] for r in rows)} ({worth})"
