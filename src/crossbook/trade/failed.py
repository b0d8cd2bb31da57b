"""Payouts of named lines whose money came back: they paid nothing, and their lines are in the balance again.

A line that a platform calls a payout's failure, cancelling or reversal brings the money back. It is of the payout that
it names; else of the last one before it of that account, currency and amount that has not come back yet. The payout's
lines then stand where that line stands: in no payout, or in the one that pays them again. They count in its place, so
that nothing counts twice; only where the book has none of them does it stay, as what was carried over. One that names a
payout and is of another amount is not followed, and said. Types: docs.stripe.com/reports/balance-transaction-types
(payout_failure, payout_cancel) and reporting-categories (payout_reversal); those of Shopify are its own like ones.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from crossbook.engine import Database

WORDS = (
    "payout_failure",
    "payout_cancel",
    "payout_cancellation",
    "payout_reversal",
    "transfer_failure",
    "transfer_cancel",
)
BEFORE = timedelta(days=7)  # a payout may be cancelled before the day on which it was to arrive
WITHIN = timedelta(days=60)  # as of withdrawals that came back (`settle/returned.py`)

ANY = "SELECT 1 AS one FROM settlement_by_file WHERE kind = 'carried' LIMIT 1"
BACK = f"""
SELECT account, currency, payout_id, amount, day, reference, related, evidence, line FROM ({{line}})
WHERE kind = 'carried' AND amount > 0 AND replace(lower(type), ' ', '_') IN {WORDS}
ORDER BY day, account, currency, evidence, line
"""
SENT = """
SELECT account, payout_id, currency, amount, paid_on FROM payout_stated
WHERE basis IN ('lines', 'implied') AND amount > 0 ORDER BY paid_on, account, payout_id, currency
"""
NAMED = "SELECT DISTINCT account, payout_id, currency FROM settlement_by_file WHERE payout_id IS NOT NULL"
DRAWN = """
SELECT account, currency, payout_id, reference, related, evidence, line FROM ({line})
WHERE kind = 'withdrawal' AND amount < 0
"""

# payout_failed: payouts that paid nothing, with the day and the line that say so. Their `basis` is "failed".
PAYOUT_FAILED = """
SELECT p.* REPLACE ('failed' AS basis), b.day AS back_on, b.amount AS back, b.evidence AS back_evidence,
       b.line AS back_line, b.named, b.whole
FROM payout_stated p JOIN payout_back b
  ON b.account = p.account AND b.payout_id = p.payout_id AND b.currency = p.currency
ANTI JOIN payout_again a ON a.account = p.account AND a.payout_id = p.payout_id AND a.currency = p.currency
"""
# payout_failed_line: their lines as they were told in them.
FAILED_LINE = """
SELECT l.* FROM ({line}) l JOIN payout_back b
  ON b.account = l.account AND b.payout_id = l.payout_id AND b.currency = l.currency WHERE b.whole
"""
# `line` where some failed.
LINE = """
SELECT l.* REPLACE (CASE WHEN b.account IS NULL THEN l.payout_id ELSE b.now_in END AS payout_id)
FROM ({line}) l
LEFT JOIN (SELECT * FROM payout_back WHERE whole) b
  ON b.account = l.account AND b.payout_id = l.payout_id AND b.currency = l.currency
ANTI JOIN payout_back_line d
  ON d.account = l.account AND d.evidence = l.evidence AND d.line = l.line AND d.kind = l.kind
"""

Key = tuple[str, str, str]  # account, payout id, currency


def make(database: Database, line: str) -> bool:
    """Make `payout_back` (payouts that came back, and where their lines are now), `payout_back_line` (lines that count
    no more), `payout_failed` and `payout_failed_line`; whether there are any. `line` is the SELECT of the lines as they
    were told. Needs `payout_stated`, `payout_again` and `settlement_by_file`."""
    back = _matched(database, line) if database.rows(ANY) else []
    where = {_key(b): b for b in back if b["whole"]}
    for b in where.values():
        b["now_in"] = _now_in(b, where)
    texts = dict.fromkeys(("account", "payout_id", "currency", "now_in", "evidence"), pa.string())
    types = {**texts, **dict.fromkeys(("amount", "line"), pa.int64()), "day": pa.date32()}
    types |= dict.fromkeys(("named", "whole"), pa.bool_())
    database.keep("payout_back", pa.table({n: pa.array([b[n] for b in back], t) for n, t in types.items()}))
    told = {_key(row) for row in database.rows(NAMED)} if where else set()
    naming = {account for account, _, _ in told}
    gone = [(b, "carried") for key, b in where.items() if key in told or b["account"] not in naming]
    for row in database.rows(DRAWN.format(line=line)) if where else ():
        if any((row["account"], name, row["currency"]) in where for name in _names(row) | {row["payout_id"]}):
            gone.append((row, "withdrawal"))
    columns = {
        "account": pa.array([b["account"] for b, _ in gone], pa.string()),
        "evidence": pa.array([b["evidence"] for b, _ in gone], pa.string()),
        "line": pa.array([b["line"] for b, _ in gone], pa.int64()),
        "kind": pa.array([kind for _, kind in gone], pa.string()),
    }
    database.keep("payout_back_line", pa.table(columns))
    database.make("payout_failed", PAYOUT_FAILED)
    database.make("payout_failed_line", FAILED_LINE.format(line=line))
    return bool(where)


def _matched(database: Database, line: str) -> list[dict[str, Any]]:
    """Each line that brings a payout back, with that payout's name."""
    lines = database.rows(BACK.format(line=line))
    sent = database.rows(SENT) if lines else []
    found: list[dict[str, Any]] = []
    gone: set[Key] = set()
    for row in lines:
        mine = [
            p
            for p in sent
            if (p["account"], p["currency"]) == (row["account"], row["currency"])
            and p["payout_id"] != row["payout_id"]
            and _key(p) not in gone
        ]
        named = [p for p in mine if p["payout_id"] in _names(row)]
        near = [p for p in mine if p["amount"] == row["amount"] and _near(p["paid_on"], row["day"])]
        if not (chosen := named or near):
            continue
        one = chosen[-1]
        whole = one["amount"] == row["amount"]
        found.append({**row, "payout_id": one["payout_id"], "now_in": row["payout_id"], "named": bool(named)})
        found[-1]["whole"] = whole
        if whole:
            gone.add(_key(one))
    return found


def _now_in(back: dict[str, Any], where: dict[Key, dict[str, Any]]) -> str | None:
    """The payout that pays a failed one's lines again: where that failed too, the one after it."""
    name: str | None = back["now_in"]
    seen: set[Key] = set()
    while name is not None and (key := (back["account"], name, back["currency"])) in where and key not in seen:
        seen.add(key)
        name = where[key]["now_in"]
    return name


def _names(row: dict[str, Any]) -> set[str]:
    return {row["related"], row["reference"]} - {None, ""}


def _near(paid_on: date | None, day: date) -> bool:
    return paid_on is None or -BEFORE <= day - paid_on <= WITHIN


def _key(row: dict[str, Any]) -> Key:
    return row["account"], row["payout_id"], row["currency"]
