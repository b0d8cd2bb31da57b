"""Closure: do the lines of a payout add up to what was paid, to the minor unit?

A payout whose lines name it (basis "lines") closes when they sum to its amount. A payout drawn from a running balance
(basis "balance") closes when the balance left by the payout before, plus the lines since, less the balance it leaves,
is its amount; balances are those that the statements themselves state. Basis "implied" has no stated amount to prove,
basis "total" no lines at all. One that came back (basis "failed") closes by its lines as they were told in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database, Publication

BY_LINES = """
SELECT u.account, u.payout_id, u.currency, sum(l.amount) AS lines_total, CAST(sum(l.lines) AS BIGINT) AS lines
FROM payout_used u
JOIN line_sum l ON l.account = u.account AND l.payout_id = u.payout_id AND l.currency = u.currency
WHERE u.basis IN ('lines', 'implied') AND l.kind <> 'withdrawal'
GROUP BY u.account, u.payout_id, u.currency
UNION ALL
SELECT account, payout_id, currency, sum(amount), count(amount) FROM payout_failed_line
WHERE kind <> 'withdrawal' GROUP BY account, payout_id, currency
"""

# Every line of the accounts with a running balance, in the order in which the balance took them. A fee of a withdrawal
# may stand in the withdrawal's own row, whose balance is that after both. A file that tells the newest first
# tells lines of one moment so, too. Of lines of one row the withdrawal is the last, else the one that states the
# balance.
SAME_ROW = "l.kind = 'withdrawal', l.balance IS NOT NULL, l.kind, l.amount"
BALANCE_LINES = f"""
WITH newest_first AS (
  SELECT evidence FROM line WHERE payout_id IS NULL GROUP BY evidence
  HAVING min_by(posted_at, line) > max_by(posted_at, line)
),
opening AS (
  SELECT b.account, b.currency, b.evidence, b.opening FROM balance b
  QUALIFY row_number() OVER (PARTITION BY b.account, b.currency, b.evidence ORDER BY b.period_from) = 1
)
SELECT l.*, o.opening,
       coalesce(l.balance,
                o.opening + sum(l.amount) OVER (PARTITION BY l.account, l.currency, l.evidence
                                                ORDER BY l.posted_at, l.line, {SAME_ROW}
                                                ROWS UNBOUNDED PRECEDING)) AS after,
       row_number() OVER (PARTITION BY l.account, l.currency
                          ORDER BY l.posted_at, e.seq, CASE WHEN n.evidence IS NULL THEN l.line ELSE -l.line END,
                                   {SAME_ROW}) AS place
FROM line l
JOIN evidence e ON e.sha = l.evidence
JOIN (SELECT account FROM payout_used WHERE basis = 'balance'
      UNION SELECT account FROM sent_away
      UNION SELECT account FROM line WHERE kind = 'conversion' AND payout_id IS NULL) a ON a.account = l.account
LEFT JOIN newest_first n ON n.evidence = l.evidence
LEFT JOIN opening o ON o.account = l.account AND o.currency = l.currency AND o.evidence = l.evidence
WHERE l.payout_id IS NULL
"""

# Where each payout was drawn. Two reports of an account may both hold the withdrawal: the payout's own one counts.
BALANCE_DRAWN = """
SELECT u.account, u.payout_id, u.currency, u.amount, b.place, b.after, b.posted_at
FROM payout_used u JOIN balance_line b
  ON b.account = u.account AND b.currency = u.currency AND b.reference = u.payout_id AND b.kind = 'withdrawal'
  AND sign(b.amount) = -sign(u.amount)
WHERE u.basis = 'balance'
QUALIFY row_number() OVER (PARTITION BY u.account, u.payout_id, u.currency
                           ORDER BY CASE WHEN b.evidence = u.evidence THEN 0 ELSE 1 END, b.place) = 1
"""

BY_BALANCE = """
WITH spans AS (
  SELECT *, lag(place) OVER (PARTITION BY account, currency ORDER BY place) AS before_place,
         lag(after) OVER (PARTITION BY account, currency ORDER BY place) AS before_after,
         lag(posted_at) OVER (PARTITION BY account, currency ORDER BY place) AS since
  FROM balance_drawn
),
moved AS (  -- all but the payouts themselves, whichever report they are in
  SELECT b.account, b.currency, b.place, b.amount
  FROM balance_line b
  LEFT JOIN balance_drawn d ON d.account = b.account AND d.currency = b.currency AND d.payout_id = b.reference
    AND b.kind = 'withdrawal' AND sign(b.amount) = -sign(d.amount)  -- what came back is no payout
  WHERE d.payout_id IS NULL
),
first_balance AS (  -- what the first balance that is stated leaves when all lines up to it are taken back
  SELECT account, currency, min_by(coalesce(balance - run, opening), place) AS opening
  FROM (SELECT *, sum(amount) OVER (PARTITION BY account, currency ORDER BY place) AS run FROM balance_line)
  GROUP BY account, currency
)
SELECT s.account, s.payout_id, s.currency, s.since, s.posted_at AS until, s.after AS left_over,
       coalesce(s.before_after, CASE WHEN s.before_place IS NULL THEN f.opening END) AS carried,
       coalesce(sum(b.amount), 0) AS moved, count(b.amount) AS lines
FROM spans s
JOIN first_balance f ON f.account = s.account AND f.currency = s.currency
LEFT JOIN moved b ON b.account = s.account AND b.currency = s.currency
  AND b.place > coalesce(s.before_place, 0) AND b.place < s.place
GROUP BY ALL
"""

# Where one statement does not begin with the balance that the one before ended with.
GAPS = """
WITH statements AS (
  SELECT b.account, b.currency, b.period_from, b.period_to, b.opening, b.closing, b.evidence, b.line, e.seq
  FROM balance b JOIN evidence e ON e.sha = b.evidence
),
pairs AS (
  SELECT account, currency, evidence, line,
         lag(period_to) OVER w AS from_moment, period_from AS to_moment,
         opening - lag(closing) OVER w AS missing,
         lag(evidence) OVER w AS before_evidence, lag(line) OVER w AS before_line
  FROM statements
  WINDOW w AS (PARTITION BY account, currency ORDER BY period_from, period_to, seq)
)
SELECT * FROM pairs WHERE missing IS NOT NULL AND (missing <> 0 OR date_diff('hour', from_moment, to_moment) > 30)
ORDER BY account, currency, to_moment
"""


@dataclass(frozen=True)
class Closure:
    """The sum that proves a payout: parts that add up to `total`, and how many lines are in it."""

    total: int | None
    lines: int
    parts: tuple[tuple[str, int], ...]
    since: Any = None
    until: Any = None


def make(database: Database, book: Book) -> None:
    """Make the tables `balance_line` and `balance_drawn` that the closure reads."""
    database.make("balance_line", BALANCE_LINES)
    database.make("balance_drawn", BALANCE_DRAWN)


BALANCES = Publication(name="balances", make=make, rests_on=("lines",))


Key = tuple[str, str, str]  # account, payout id, currency


def closures(database: Database) -> dict[Key, Closure]:
    """The closure of every payout that has lines, by account, payout id and currency."""
    found: dict[Key, Closure] = {}
    for row in database.rows(BY_LINES):
        key = (row["account"], row["payout_id"], row["currency"])
        total = int(row["lines_total"])
        found[key] = Closure(total, row["lines"], (("lines", total),))
    for row in database.rows(BY_BALANCE):
        found[(row["account"], row["payout_id"], row["currency"])] = _by_balance(row)
    return found


def _by_balance(row: dict[str, Any]) -> Closure:
    carried, left, moved = row["carried"], row["left_over"], int(row["moved"])
    parts: list[tuple[str, int]] = [("lines", moved)]
    if carried is None or left is None:
        return Closure(total=None, lines=row["lines"], parts=tuple(parts), since=row["since"], until=row["until"])
    parts = [("carried from before", int(carried)), ("lines", moved), ("left in the balance", -int(left))]
    return Closure(
        total=int(carried) + moved - int(left),
        lines=row["lines"],
        parts=tuple(parts),
        since=row["since"],
        until=row["until"],
    )


BREAKDOWN = """
SELECT l.kind, count(*) AS lines, sum(l.amount) AS amount FROM {line} l
WHERE l.account = $account AND l.payout_id = $payout AND l.currency = $currency AND l.kind <> 'withdrawal'
GROUP BY l.kind ORDER BY abs(sum(l.amount)) DESC, l.kind
"""

BREAKDOWN_BALANCE = """
SELECT b.kind, count(*) AS lines, sum(b.amount) AS amount FROM balance_line b
WHERE b.account = $account AND b.currency = $currency AND (b.kind <> 'withdrawal' OR b.amount > 0)
  AND b.place > coalesce((SELECT max(d.place) FROM balance_drawn d
      WHERE d.account = $account AND d.currency = $currency AND d.place < (
        SELECT place FROM balance_drawn WHERE account = $account AND currency = $currency AND payout_id = $payout)), 0)
  AND b.place < (SELECT place FROM balance_drawn
                 WHERE account = $account AND currency = $currency AND payout_id = $payout)
GROUP BY b.kind ORDER BY abs(sum(b.amount)) DESC, b.kind
"""


def breakdown(database: Database, account: str, payout: str, currency: str, basis: str) -> list[dict[str, Any]]:
    """The payout's lines by kind: how many and how much."""
    sql = BREAKDOWN_BALANCE if basis == "balance" else BREAKDOWN.format(line=_lines_of(basis))
    rows = database.rows(sql, account=account, payout=payout, currency=currency)
    return [{**row, "amount": int(row["amount"])} for row in rows]


def _lines_of(basis: str) -> str:
    return "payout_failed_line" if basis == "failed" else "line"


def lines_sql(basis: str) -> str:
    """SQL for the lines of one payout; binds account, payout and currency."""
    if basis != "balance":
        return f"""
SELECT l.* FROM {_lines_of(basis)} l WHERE l.account = $account AND l.payout_id = $payout AND l.currency = $currency
  AND l.kind <> 'withdrawal' ORDER BY l.posted_at, l.line"""
    inside = BREAKDOWN_BALANCE.split("WHERE", 1)[1].rsplit("GROUP BY", 1)[0]
    return (
        "SELECT b.* EXCLUDE (opening, after, place) FROM balance_line b WHERE"  # the same lines as the breakdown counts
        + inside
        + " ORDER BY b.place"
    )


@dataclass(frozen=True)
class Hint:
    """What may explain a difference: `amount` is the part of it (amount paid less lines) that it would explain."""

    what: str
    amount: int
    because: tuple[tuple[str, int], ...] = ()
    first_day: date | None = None
    last_day: date | None = None


MISSING_PRINCIPAL = """
WITH per_order AS (
  SELECT l.order_id, min(l.evidence) AS evidence, min(l.line) AS line, min(l.day) AS day,
         sum(CASE WHEN l.kind IN ('sale', 'shipping', 'tax', 'promotion') THEN l.amount ELSE 0 END) AS paid,
         sum(CASE WHEN l.kind = 'sale' THEN 1 ELSE 0 END) AS sales,
         sum(CASE WHEN l.kind = 'fee' THEN 1 ELSE 0 END) AS fees
  FROM line l WHERE l.account = $account AND l.payout_id = $payout AND l.currency = $currency AND l.order_id IS NOT NULL
  GROUP BY l.order_id
)
SELECT p.*, o.total, i.amount AS goods FROM per_order p
LEFT JOIN orders o ON o.order_id = p.order_id
LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM order_lines GROUP BY order_id) i ON i.order_id = p.order_id
WHERE p.sales = 0 AND p.fees > 0
ORDER BY p.order_id LIMIT 20
"""

REPEATED = """
SELECT l.type, l.order_id, l.amount, count(*) AS times, min(l.evidence) AS evidence, min(l.line) AS line,
       max(l.line) AS again, min(l.day) AS day
FROM line l WHERE l.account = $account AND l.payout_id = $payout AND l.currency = $currency AND l.amount = -$difference
  AND l.order_id IS NOT NULL
GROUP BY l.type, l.order_id, l.item, l.amount, l.posted_at HAVING count(*) > 1 ORDER BY 2 LIMIT 5
"""

SINGLE = """
SELECT l.type, l.order_id, l.amount, l.evidence, l.line, l.day FROM line l
WHERE l.account = $account AND l.payout_id = $payout AND l.currency = $currency
  AND l.amount IN ($difference, -$difference)
ORDER BY l.line LIMIT 5
"""


def narrow(
    database: Database, account: str, payout: str, currency: str, basis: str, difference: int, closure: Closure | None
) -> list[Hint]:
    """What the difference of a payout that does not close may be: missing statements, missing or repeated lines."""
    if basis == "balance":
        return _gaps(database, account, currency, closure)
    values = {"account": account, "payout": payout, "currency": currency}
    hints = []
    for row in database.rows(MISSING_PRINCIPAL, **values):
        expected = row["goods"] or row["total"]
        if expected is not None:
            hints.append(
                Hint(
                    what=f"order {row['order_id']} has fees but no sale line; it was sold for this much",
                    amount=int(expected),
                    because=((row["evidence"], row["line"]),),
                    first_day=row["day"],
                    last_day=row["day"],
                )
            )
    for row in database.rows(REPEATED, **values, difference=difference):
        rows = ((row["evidence"], row["line"]), (row["evidence"], row["again"]))
        hints.append(
            Hint(
                what=f"{row['type']} of order {row['order_id']} stands {row['times']} times",
                amount=-row["amount"],
                because=rows,
                first_day=row["day"],
                last_day=row["day"],
            )
        )
    for row in database.rows(SINGLE, **values, difference=difference) if not hints else []:
        hints.append(
            Hint(
                what=f"one line has just this amount: {row['type']}",
                amount=difference,
                because=((row["evidence"], row["line"]),),
                first_day=row["day"],
                last_day=row["day"],
            )
        )
    return sorted(hints, key=lambda h: (h.amount != difference, abs(abs(h.amount) - abs(difference))))


def _gaps(database: Database, account: str, currency: str, closure: Closure | None) -> list[Hint]:
    hints = []
    for gap in database.rows(GAPS):
        inside = (
            closure is None
            or closure.until is None
            or (gap["from_moment"] <= closure.until and (closure.since is None or gap["to_moment"] >= closure.since))
        )
        if gap["account"] == account and gap["currency"] == currency and inside:
            rows = ((gap["before_evidence"], gap["before_line"]), (gap["evidence"], gap["line"]))
            first, last = gap["from_moment"].date(), gap["to_moment"].date()
            hints.append(
                Hint(
                    what=f"no statement between {first} and {last}; the balance moved meanwhile",
                    amount=int(gap["missing"]),
                    because=rows,
                    first_day=first,
                    last_day=last,
                )
            )
    return hints
