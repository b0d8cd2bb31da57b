"""Lines that one export told before they were paid out, and a later export of the same format tells in a payout.

Platforms let the same days be exported twice. In the first a transaction names no payout yet; in the second it does.
It is one transaction: it counts in its payout. What makes lines one is what makes them one in two overlapping exports
(`lines.LINE_SHARED`): account, currency, reference, minute and direction; without a reference type, order, item, amount
and moment. Of equal lines as many stay open as the file that tells most of them has more than are paid.
"""

from __future__ import annotations

from crossbook.engine import Database

# Accounts of which one file has lines without a payout, and another of its format lines with one.
BOTH = """
SELECT count(*) AS n FROM (
  SELECT DISTINCT s.account, s.currency, s.evidence, e.source
  FROM settlement_by_file s JOIN evidence e ON e.sha = s.evidence WHERE s.payout_id IS NULL
) o JOIN (
  SELECT DISTINCT s.account, s.currency, s.evidence, e.source
  FROM settlement_by_file s JOIN evidence e ON e.sha = s.evidence WHERE s.payout_id IS NOT NULL
) p ON p.account = o.account AND p.currency = o.currency AND p.source = o.source AND p.evidence <> o.evidence
"""
KEY = """concat_ws('|', CASE WHEN s.reference IS NOT NULL THEN s.reference
                             ELSE concat_ws('|', s.type, s.order_id, s.item, CAST(s.amount AS VARCHAR),
                                            CAST(s.posted_at AT TIME ZONE 'UTC' AS VARCHAR)) END,
                  CAST(date_trunc('minute', s.posted_at AT TIME ZONE 'UTC') AS VARCHAR),
                  CASE WHEN s.amount < 0 THEN 'out' END)"""

# paid_since: the lines without a payout that are told in one since, each with that telling.
PAID_SINCE = f"""
WITH waiting AS (
  SELECT s.account, s.currency, {KEY} AS name, e.source, s.evidence, s.line, s.amount, s.choice
  FROM line_united s JOIN evidence e ON e.sha = s.evidence WHERE s.payout_id IS NULL
),
paid AS (
  SELECT p.* FROM (
    SELECT s.account, s.currency, {KEY} AS name, e.source, s.evidence, s.line, s.amount, 1 AS choice
    FROM line_sole s JOIN evidence e ON e.sha = s.evidence
    UNION ALL
    SELECT s.account, s.currency, {KEY} AS name, e.source, s.evidence, s.line, s.amount, s.choice
    FROM line_united s JOIN evidence e ON e.sha = s.evidence WHERE s.payout_id IS NOT NULL
  ) p SEMI JOIN waiting w
    ON w.account = p.account AND w.currency = p.currency AND w.name = p.name AND w.source = p.source
),
told AS (
  SELECT account, currency, name, source, evidence, count(*) AS n
  FROM (SELECT * FROM waiting UNION ALL SELECT * FROM paid)
  GROUP BY account, currency, name, source, evidence
),
most AS (SELECT account, currency, name, source, max(n) AS n FROM told GROUP BY account, currency, name, source),
used AS (
  SELECT account, currency, name, source, count(*) AS n, min(amount) AS amount, min(evidence) AS evidence,
         min(line) AS line
  FROM paid WHERE choice = 1 GROUP BY account, currency, name, source
),
numbered AS (
  SELECT w.*, row_number() OVER (PARTITION BY account, currency, name, source ORDER BY evidence, line) AS nth,
         count(*) OVER (PARTITION BY account, currency, name, source) AS n
  FROM waiting w WHERE choice = 1
)
SELECT w.account, w.currency, w.name, w.evidence, w.line, w.amount,
       u.n AS times, u.amount AS used_amount, u.evidence AS used_evidence, u.line AS used_line
FROM numbered w
JOIN used u ON u.account = w.account AND u.currency = w.currency AND u.name = w.name AND u.source = w.source
JOIN most m ON m.account = w.account AND m.currency = w.currency AND m.name = w.name AND m.source = w.source
WHERE w.nth <= w.n - greatest(m.n - u.n, 0)
"""

# line_shared: the united lines, in which those do not count (`choice` 0).
LINE_SHARED = """
SELECT s.* REPLACE (CASE WHEN p.line IS NULL THEN s.choice ELSE 0 END AS choice)
FROM line_united s LEFT JOIN paid_since p ON p.evidence = s.evidence AND p.line = s.line AND p.account = s.account
"""

# What the two told otherwise, where one line is meant.
DIFFERING = """
SELECT 'transaction' AS what, s.account, coalesce(s.reference, s.order_id) AS id, p.currency,
       p.used_amount AS used, p.used_evidence, p.used_line,
       p.amount AS other, p.evidence AS other_evidence, p.line AS other_line
FROM paid_since p JOIN line_united s ON s.evidence = p.evidence AND s.line = p.line AND s.account = p.account
WHERE p.times = 1 AND p.amount <> p.used_amount
"""


def make(database: Database, united: str) -> bool:
    """Make `line_shared` of `united`, the query that unites what several files tell; whether lines were paid out since
    another file told them (`paid_since`). Needs `settlement_by_file` and `line_sole`."""
    if not database.rows(BOTH)[0]["n"]:
        database.make("line_shared", united)
        return False
    database.make("line_united", united)
    database.make("paid_since", PAID_SINCE)
    database.make("line_shared", LINE_SHARED)
    return bool(database.rows("SELECT count(*) AS n FROM paid_since")[0]["n"])
