"""Payouts of named lines whose money came back: they paid nothing, and their lines are in the balance again.

A line that a platform calls a payout's failure, cancelling or reversal brings the money back. It is of the payout that
it names; else of the last one before it of that account, currency and amount that has not come back yet. The payout's
lines then stand where that line stands: in no payout, or in the one that pays them again. They count in its place, so
that nothing counts twice; only where the book has none of them does it stay, as what was carried over. One that names a
payout and is of another amount is not followed, and said. A file that says of a payout that it failed or was returned
(a row of `payout` whose basis is "failed") is believed before one that says that it was sent, whichever was added
first: a platform calls a payout sent and then failed, and pays the money by another one. Its lines stand in no payout,
unless a line brings it back and so tells in which one. Some platforms pay it again under its own number. That is proved
by a word that it was sent on a later day than the one that failed, or by a bank credit of its amount that no other
payout can be and that did not go back; a sending that is told for the same day proves nothing, and that is said. A
payout that lines draw more often than lines bring it back was sent again, too. Types:
docs.stripe.com/reports/balance-transaction-types (payout_failure, payout_cancel) and reporting-categories
(payout_reversal); those of Shopify are its own like ones.
"""

from __future__ import annotations

from collections import Counter
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
    "retried_amount",  # of Shopify's summary: what the payout pays again
)
BEFORE = timedelta(days=7)  # a payout may be cancelled before the day on which it was to arrive
WITHIN = timedelta(days=60)  # as of withdrawals that came back (`settle/returned.py`)

AROUND = 14  # days from a payout within which a bank credits it, and another payout of its amount may be meant

# payout_word: payouts that a file calls failed, with the last day for which one does, and the last for which one says
# that they were sent. `doubtful` where the days do not tell which word is later.
WORD = """
WITH words AS (
  SELECT account, payout_id, currency, max(amount) FILTER (basis = 'failed') AS amount,
         max(amount) FILTER (basis <> 'failed') AS sent,
         max(paid_on) FILTER (basis = 'failed') AS failed_on, max(paid_on) FILTER (basis <> 'failed') AS sent_on,
         min(evidence) FILTER (basis = 'failed') AS evidence
  FROM payout_told GROUP BY account, payout_id, currency HAVING count(*) FILTER (basis = 'failed') > 0
),
first AS (
  SELECT p.account, p.payout_id, p.currency, p.evidence, min(p.line) AS line FROM payout_told p
  WHERE p.basis = 'failed' GROUP BY p.account, p.payout_id, p.currency, p.evidence
)
SELECT w.*, f.line, w.sent IS NOT NULL AND coalesce(w.sent_on >= w.failed_on, true) AS doubtful,
       coalesce(w.sent_on > w.failed_on, false) AS later
FROM words w JOIN first f
  ON f.account = w.account AND f.payout_id = w.payout_id AND f.currency = w.currency AND f.evidence = w.evidence
"""
# payout_credited: of those the ones that a bank credited: more credits of the amount than went back and than other
# payouts of it need. Several formats may tell a credit, so one a day and bank account counts.
CREDITED = f"""
WITH asked AS (SELECT *, coalesce(sent_on, failed_on) AS day FROM payout_word WHERE doubtful AND NOT later),
entries AS (SELECT DISTINCT account, currency, booked_on, amount FROM bank WHERE amount <> 0),
came AS (
  SELECT w.account, w.payout_id, w.currency, sum(CASE WHEN e.amount > 0 THEN 1 ELSE -1 END) AS n
  FROM asked w JOIN entries e ON e.currency = w.currency AND abs(e.amount) = w.sent
   AND e.booked_on BETWEEN w.day - 1 AND w.day + {AROUND}
  GROUP BY w.account, w.payout_id, w.currency
),
others AS (
  SELECT w.account, w.payout_id, w.currency, count(DISTINCT concat(p.account, '|', p.payout_id)) AS n
  FROM asked w JOIN payout_told p ON p.currency = w.currency AND p.amount = w.sent AND p.basis <> 'failed'
   AND (p.account <> w.account OR p.payout_id <> w.payout_id)
   AND (p.paid_on IS NULL OR p.paid_on BETWEEN w.day - {AROUND} AND w.day + {AROUND})
  GROUP BY w.account, w.payout_id, w.currency
)
SELECT c.account, c.payout_id, c.currency FROM came c
LEFT JOIN others o ON o.account = c.account AND o.payout_id = c.payout_id AND o.currency = c.currency
WHERE c.n > coalesce(o.n, 0)
"""
NO_CREDIT = "SELECT account, payout_id, currency FROM payout_word WHERE false"
# payout_said: those that are not paid again; `by_line` where a line, too, brings such a sum back.
SAID = f"""
WITH said AS (
  SELECT w.account, w.payout_id, w.currency, w.amount, w.evidence, w.line, w.doubtful FROM payout_word w
  ANTI JOIN payout_credited c ON c.account = w.account AND c.payout_id = w.payout_id AND c.currency = w.currency
  WHERE NOT w.later
),
back AS (
  SELECT DISTINCT account, currency, amount FROM settlement
  WHERE kind = 'carried' AND amount > 0 AND replace(lower(type), ' ', '_') IN {WORDS}
)
SELECT s.*, b.amount IS NOT NULL AS by_line FROM said s
LEFT JOIN back b ON b.account = s.account AND b.currency = s.currency AND b.amount = s.amount
"""
# settlement_told where some are called so.
TOLD = """
SELECT f.* REPLACE (CASE WHEN x.account IS NULL THEN f.payout_id END AS payout_id) FROM ({named}) f
LEFT JOIN (SELECT * FROM payout_said WHERE NOT by_line) x
  ON x.account = f.account AND x.payout_id = f.payout_id AND x.currency = f.currency
WHERE x.account IS NULL OR f.kind <> 'withdrawal'
"""
ANY = "SELECT 1 AS one FROM settlement_by_file WHERE kind = 'carried' LIMIT 1"
BACK = f"""
SELECT account, currency, payout_id, amount, day, reference, related, evidence, line FROM ({{line}})
WHERE kind = 'carried' AND amount > 0 AND replace(lower(type), ' ', '_') IN {WORDS}
ORDER BY day, account, currency, evidence, line
"""
SENT = """
SELECT s.*, x.account IS NOT NULL AS said FROM (
  SELECT account, payout_id, currency, amount, paid_on FROM payout_stated
  WHERE basis IN ('lines', 'implied') AND amount > 0
  UNION ALL
  SELECT x.account, x.payout_id, x.currency, x.amount, NULL FROM payout_said x ANTI JOIN payout_stated p
    ON p.account = x.account AND p.payout_id = x.payout_id AND p.currency = x.currency WHERE x.by_line
) s LEFT JOIN payout_said x ON x.account = s.account AND x.payout_id = s.payout_id AND x.currency = s.currency
ORDER BY s.paid_on, s.account, s.payout_id, s.currency
"""
NAMED = "SELECT DISTINCT account, payout_id, currency FROM settlement_by_file WHERE payout_id IS NOT NULL"
DRAWN = """
SELECT account, currency, payout_id, reference, related, evidence, line FROM ({line})
WHERE kind = 'withdrawal' AND amount < 0
"""

# payout_failed: payouts that paid nothing, with the day and the line that say so. Their `basis` is "failed".
PAYOUT_FAILED = """
SELECT p.* REPLACE ('failed' AS basis), b.day AS back_on, b.amount AS back, b.evidence AS back_evidence,
       b.line AS back_line, b.named, b.whole, b.doubtful
FROM payout_stated p JOIN payout_back b
  ON b.account = p.account AND b.payout_id = p.payout_id AND b.currency = p.currency
ANTI JOIN payout_again a ON a.account = p.account AND a.payout_id = p.payout_id AND a.currency = p.currency
"""
# payout_failed_line: their lines as they were told in them.
_COLUMNS = (
    "evidence, line, account, payout_id, posted_at, day, kind, type, order_id, item, reference, related, amount, "
    "gross, fee, currency, quantity, country, balance"
)
FAILED_LINE = f"""
SELECT {_COLUMNS} FROM ({{line}}) l
SEMI JOIN (SELECT * FROM payout_back WHERE whole) b
  ON b.account = l.account AND b.payout_id = l.payout_id AND b.currency = l.currency
UNION ALL
SELECT {_COLUMNS} FROM ({{named}}) l
SEMI JOIN (SELECT p.* FROM payout_stated p SEMI JOIN (SELECT * FROM payout_said WHERE NOT by_line) x
           ON x.account = p.account AND x.payout_id = p.payout_id AND x.currency = p.currency) p
  ON p.account = l.account AND p.payout_id = l.payout_id AND p.currency = l.currency AND p.evidence = l.evidence
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


def told(database: Database, named: str) -> str:
    """Make `payout_word`, `payout_credited` and `payout_said`; the SELECT of settlement lines with those that a file
    calls failed in no payout. `named` is that of all lines as they were told. Needs `payout_told`."""
    database.make("payout_word", WORD)
    doubts = database.rows("SELECT 1 AS one FROM payout_word WHERE doubtful AND NOT later LIMIT 1")
    database.make("payout_credited", CREDITED if doubts else NO_CREDIT)
    database.make("payout_said", SAID)
    some = database.rows("SELECT 1 AS one FROM payout_said WHERE NOT by_line LIMIT 1")
    return TOLD.format(named=named) if some else named


def make(database: Database, line: str, named: str) -> bool:
    """Make `payout_back` (payouts that came back, and where their lines are now), `payout_back_line` (lines that count
    no more), `payout_failed` and `payout_failed_line`; whether there are any. `line` is the SELECT of the lines as they
    were told, `named` as of `told`. Needs `payout_said`, `payout_stated`, `payout_again` and `settlement_by_file`."""
    matched = _matched(database, line) if database.rows(ANY) else []
    back, again = ([b for b in matched if b["again"] is told] for told in (False, True))
    found = {_key(b) for b in back if b["whole"]}
    for row in database.rows("SELECT * FROM payout_said ORDER BY account, payout_id, currency"):
        if _key(row) not in found:
            back.append({**row, "day": None, "now_in": None, "named": True, "whole": True})
    for b in back:
        b.setdefault("doubtful", False)
    where = {_key(b): b for b in back if b["whole"]}
    for b in where.values():
        b["now_in"] = _now_in(b, where)
    texts = dict.fromkeys(("account", "payout_id", "currency", "now_in", "evidence"), pa.string())
    types = {**texts, **dict.fromkeys(("amount", "line"), pa.int64()), "day": pa.date32()}
    types |= dict.fromkeys(("named", "whole", "doubtful"), pa.bool_())
    database.keep("payout_back", pa.table({n: pa.array([b[n] for b in back], t) for n, t in types.items()}))
    inside = {_key(row) for row in database.rows(NAMED)} if where else set()
    naming = {account for account, _, _ in inside}
    gone = [(b, "carried") for b in again]
    gone += [(b, "carried") for key, b in where.items() if b["day"] and (key in inside or b["account"] not in naming)]
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
    database.make("payout_failed_line", FAILED_LINE.format(line=line, named=named))
    return bool(where or again)


def _matched(database: Database, line: str) -> list[dict[str, Any]]:
    """Each line that brings a payout back, with that payout's name; `again` where it was sent once more than that."""
    lines = database.rows(BACK.format(line=line))
    sent = database.rows(SENT) if lines else []
    found: list[dict[str, Any]] = []
    gone: set[Key] = set()
    times = _sendings(database.rows(DRAWN.format(line=line)) if lines else [])
    came: Counter[Key] = Counter()
    for row in lines:
        mine = [
            p
            for p in sent
            if (p["account"], p["currency"]) == (row["account"], row["currency"])
            and (p["said"] or p["payout_id"] != row["payout_id"])
            and _key(p) not in gone
        ]
        named = [p for p in mine if p["payout_id"] in _names(row)]
        near = [p for p in mine if p["amount"] == row["amount"] and _near(p["paid_on"], row["day"])]
        said = [p for p in mine if p["amount"] == row["amount"] and p["said"]]
        if not (chosen := named or said or near):
            continue
        one = chosen[-1]
        whole = one["amount"] == row["amount"]
        now_in = row["payout_id"] if row["payout_id"] != one["payout_id"] else None
        sure = bool(named or said)
        one_back = {"payout_id": one["payout_id"], "now_in": now_in, "named": sure, "whole": whole, "again": False}
        found.append({**row, **one_back})
        came[_key(one)] += whole
        if whole and came[_key(one)] < times[_key(one)]:
            found[-1]["again"] = True
        elif whole:
            gone.add(_key(one))
    return found


def _sendings(drawn: list[dict[str, Any]]) -> Counter[Key]:
    """How often each payout was sent, by the lines that draw it."""
    return Counter(
        (row["account"], name, row["currency"]) for row in drawn for name in (_names(row) | {row["payout_id"]}) - {None}
    )


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
