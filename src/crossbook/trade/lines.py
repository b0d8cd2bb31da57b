"""Which of several reports on the same money is used, so that nothing is counted twice.

Per payout, the stated amount and the lines come from the report of the highest authority. Of two `whole` reports the
newer one replaces the older; other exports are cut by dates and may overlap, so their lines are united: a line that
stands in two of them counts once, a line that stands twice in one of them counts twice. One that an export told before
it was paid out is the one that another tells in its payout (`paid_since`).
"""

from __future__ import annotations

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.trade import banking, failed, paid_since, sent_away, told_again

# day_named: payouts that two formats call by two names, where it is sure that they are one: by account, currency and
# name (`day`), the name that counts. Shopify's summary names a payout by its day, its payments by a number; a day that
# has several numbers tells nothing. Other formats' payouts are one where each has exactly one of that amount, paid on
# that day, and neither has one of the other's name.
DAY_NAMED = """
WITH told AS (
  SELECT DISTINCT p.account, p.currency, p.payout_id, p.paid_on, p.amount, e.source, e.authority
  FROM payout p JOIN evidence e ON e.sha = p.evidence
),
alone AS (
  SELECT account, currency, paid_on, amount, source, authority, min(payout_id) AS payout_id FROM told
  WHERE paid_on IS NOT NULL AND amount <> 0
  GROUP BY ALL HAVING count(DISTINCT payout_id) = 1
),
best AS (
  SELECT *, first_value(payout_id) OVER w AS name, first_value(source) OVER w AS named_by FROM alone
  WINDOW w AS (PARTITION BY account, currency, paid_on, amount ORDER BY authority DESC, source DESC)
),
renamed AS (
  SELECT b.account, b.currency, b.payout_id AS day, b.name AS payout_id FROM best b
  WHERE b.payout_id <> b.name AND b.source <> b.named_by
    AND NOT EXISTS (SELECT 1 FROM told t WHERE t.account = b.account AND t.currency = b.currency
                    AND ((t.source = b.named_by AND t.payout_id = b.payout_id)
                         OR (t.source = b.source AND t.payout_id = b.name)))
),
by_day AS (
  SELECT d.account, d.currency, d.payout_id AS day, min(n.payout_id) AS payout_id
  FROM told d JOIN told n ON n.account = d.account AND n.currency = d.currency AND n.paid_on = d.paid_on
                         AND n.payout_id <> d.payout_id
  WHERE d.source = 'shopify_summary' AND n.source = 'shopify_payouts'
  GROUP BY d.account, d.currency, d.payout_id HAVING count(DISTINCT n.payout_id) = 1
)
SELECT account, currency, day, min(payout_id) AS payout_id
FROM (SELECT * FROM by_day UNION SELECT r.* FROM renamed r ANTI JOIN by_day b
      ON b.account = r.account AND b.currency = r.currency AND b.day = r.day)
GROUP BY account, currency, day HAVING count(DISTINCT payout_id) = 1
"""

# payout_told, settlement_told: the facts, payouts under one name.
ONE_NAME = """
SELECT f.* REPLACE (coalesce(d.payout_id, f.payout_id) AS payout_id) FROM {kind} f
LEFT JOIN day_named d ON d.account = f.account AND d.currency = f.currency AND d.day = f.payout_id
"""

# payout_stated: one row per account, payout and currency, as stated by the report that is believed. A sum that a list
# of payments states is proved by the lines of another report that name the payout. Of several rows of one file the
# last one counts, and the others contradict it.
PAYOUT_STATED = """
SELECT account, payout_id, currency, amount, paid_on, period_from, period_to,
       CASE WHEN basis = 'total' AND has_lines THEN 'lines' ELSE basis END AS basis,
       reference, count, fee_total, evidence, line, source, file
FROM (
  SELECT p.*, e.source, e.name AS file,
         bool_or(p.basis IN ('lines', 'implied')) OVER (PARTITION BY p.account, p.payout_id, p.currency) AS has_lines,
         row_number() OVER (PARTITION BY p.account, p.payout_id, p.currency
                            ORDER BY CASE WHEN p.basis = 'implied' THEN 1 ELSE 0 END,
                                     e.authority DESC, e.seq DESC, p.paid_on DESC, p.line DESC) AS choice
  FROM payout_told p JOIN evidence e ON e.sha = p.evidence WHERE p.basis <> 'failed'
) WHERE choice = 1
"""

# payout_used: the same, without those that another format's lines show to be another one's second name, and without
# what was sent to others or came back (`failed`).
PAYOUT_USED = """
SELECT p.* FROM payout_stated p ANTI JOIN payout_again a
  ON a.account = p.account AND a.payout_id = p.payout_id AND a.currency = p.currency
ANTI JOIN sent_away s ON s.account = p.account AND s.payout_id = p.payout_id AND s.currency = p.currency
ANTI JOIN (SELECT * FROM payout_back WHERE whole) b
  ON b.account = p.account AND b.payout_id = p.payout_id AND b.currency = p.currency
"""

# settlement_by_file: what each file tells of each payout, summed by kind of line: one pass over all lines, which others
# are spared by it.
BY_FILE = """
SELECT account, payout_id, currency, evidence, kind, sum(amount) AS amount, count(amount) AS lines
FROM settlement_told GROUP BY ALL
"""

# payout_evidence: how each payout's lines are told by each evidence file, best first.
LINE_CHOICE = """
SELECT t.account, t.payout_id, t.currency, t.evidence, e.authority, e.seq, e.whole,
       max(e.authority) OVER (PARTITION BY t.account, t.payout_id, t.currency) AS best,
       row_number() OVER (PARTITION BY t.account, t.payout_id, t.currency
                          ORDER BY e.authority DESC, e.seq DESC) AS choice,
       count(*) OVER (PARTITION BY t.account, t.payout_id, t.currency, e.authority) AS files
FROM (SELECT DISTINCT account, payout_id, currency, evidence FROM settlement_by_file WHERE payout_id IS NOT NULL) t
JOIN evidence e ON e.sha = t.evidence
"""

# line_sole: lines of payouts that one file tells alone. They need no comparing, and are nearly all there are.
LINE_SOLE = """
SELECT s.* FROM {told} s
SEMI JOIN (SELECT * FROM payout_evidence WHERE choice = 1 AND (whole OR files = 1)) c
  ON c.account = s.account AND c.payout_id = s.payout_id AND c.currency = s.currency AND c.evidence = s.evidence
"""

# line_shared: the other lines, united over the files that tell them: `told_by`, of which the first is believed. What
# comes in and what goes out under one reference (an order and what is held of it) are two lines.
LINE_SHARED = """
WITH told AS (
  SELECT s.*, e.authority, e.seq, date_trunc('minute', s.posted_at) AS moment, s.amount < 0 AS away,
         CASE WHEN s.reference IS NOT NULL THEN s.reference
              ELSE concat_ws('|', s.payout_id, s.type, s.order_id, s.item,
                             CAST(s.amount AS VARCHAR), CAST(s.posted_at AT TIME ZONE 'UTC' AS VARCHAR))
         END AS name
  FROM (
    SELECT * FROM settlement_told WHERE payout_id IS NULL
    UNION ALL
    SELECT s.* FROM settlement_told s
    SEMI JOIN (SELECT * FROM payout_evidence WHERE NOT whole AND authority = best AND files > 1) c
      ON c.account = s.account AND c.payout_id = s.payout_id AND c.currency = s.currency AND c.evidence = s.evidence
  ) s
  JOIN evidence e ON e.sha = s.evidence
),
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY account, currency, name, moment, away, evidence
                               ORDER BY posted_at, amount, line) AS nth
  FROM told
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY account, currency, name, moment, away, nth
                               ORDER BY authority DESC, seq DESC) AS choice,
         count(*) OVER (PARTITION BY account, currency, name, moment, away, nth) AS tellings,
         min(amount) OVER (PARTITION BY account, currency, name, moment, away, nth) AS least,
         max(amount) OVER (PARTITION BY account, currency, name, moment, away, nth) AS most,
         {told_by} AS told_by
  FROM numbered
)
SELECT * FROM ranked
"""

# Where two formats tell one account it matters which of them do so.
TOLD_BY = """list(evidence) OVER (PARTITION BY account, currency, name, moment, away, nth
                              ORDER BY authority DESC, seq DESC
                              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"""
NOBODY = "CAST(NULL AS VARCHAR[])"

LINE = """
SELECT * FROM line_sole
UNION ALL
SELECT evidence, line, account, payout_id, posted_at, day, kind, type, order_id, item, reference, related, amount,
       gross, fee, currency, quantity, country, balance
FROM line_shared WHERE choice = 1
"""
LINE_BELIEVED = """
SELECT *, [evidence] AS told_by FROM line_sole
UNION ALL
SELECT evidence, line, account, payout_id, posted_at, day, kind, type, order_id, item, reference, related, amount,
       gross, fee, currency, quantity, country, balance, told_by
FROM line_shared WHERE choice = 1
"""

# The same, each line once where two formats tell it.
LINE_ONCE = """
SELECT * EXCLUDE (told_by) FROM line_believed b ANTI JOIN told_twice t ON t.account = b.account
UNION ALL
SELECT r.* EXCLUDE (told_by, source, authority, file, row, key)
FROM line_row r LEFT JOIN line_merged m ON m.row = r.row WHERE coalesce(m.into_one, r.row) = r.row
"""

# line_sum: what the lines of each payout come to, by kind, as they were told: also of one that came back.
LINE_SUM = """
SELECT account, payout_id, currency, kind, amount, lines FROM ({sole})
UNION ALL
SELECT account, payout_id, currency, kind, sum(amount), count(amount) FROM line_shared
WHERE choice = 1 AND payout_id IS NOT NULL GROUP BY ALL
"""
LINE_SUM_ONCE = """
SELECT account, payout_id, currency, kind, sum(amount) AS amount, count(amount) AS lines FROM ({line}) l
WHERE payout_id IS NOT NULL GROUP BY ALL
"""

# `line` where several accounts use one order number: the trade's name is then account and number.
LINE_NAMED = """
SELECT l.* REPLACE (CASE WHEN n.number IS NULL THEN l.order_id ELSE concat(l.account, ':', l.order_id) END AS order_id)
FROM ({line}) l LEFT JOIN shared_number n ON n.number = l.order_id
"""

# release_told: what reports say of the release of each line, once. A line that one report calls released is not
# deferred any more, whichever report was added first.
RELEASE_TOLD = """
WITH told AS (
  SELECT r.* REPLACE (CASE WHEN n.number IS NULL THEN r.order_id ELSE concat(r.account, ':', r.order_id) END
                      AS order_id), e.seq,
         row_number() OVER (PARTITION BY r.account, r.currency, r.order_id, r.item, r.type, r.amount, r.posted_at,
                                         r.evidence ORDER BY r.line) AS nth
  FROM release r JOIN evidence e ON e.sha = r.evidence LEFT JOIN shared_number n ON n.number = r.order_id
)
SELECT * EXCLUDE (seq, nth, choice) FROM (
  SELECT *, row_number() OVER (PARTITION BY account, currency, order_id, item, type, amount, posted_at, nth
                               ORDER BY CASE WHEN state = 'released' THEN 0 ELSE 1 END, seq DESC) AS choice
  FROM told
) WHERE choice = 1
"""

CONTRADICTED = """
SELECT 'payout' AS what, u.account, u.payout_id AS id, u.currency,
       u.amount AS used, u.evidence AS used_evidence, u.line AS used_line,
       p.amount AS other, p.evidence AS other_evidence, p.line AS other_line
FROM payout_used u JOIN payout_told p
  ON p.account = u.account AND p.payout_id = u.payout_id AND p.currency = u.currency
LEFT JOIN (SELECT DISTINCT account, payout_id, currency FROM payout_told WHERE basis = 'failed') f  -- and sent again
  ON f.account = u.account AND f.payout_id = u.payout_id AND f.currency = u.currency
WHERE CASE WHEN p.evidence <> u.evidence THEN p.amount <> u.amount
           ELSE p.line <> u.line AND (p.amount <> u.amount OR p.paid_on <> u.paid_on AND f.account IS NULL) END
  AND p.basis NOT IN ('implied', 'failed') AND u.basis <> 'implied'
UNION ALL
SELECT 'transaction', u.account, u.name AS id, u.currency,
       u.amount AS used, u.evidence AS used_evidence, u.line AS used_line,
       o.amount AS other, o.evidence AS other_evidence, o.line AS other_line
FROM line_shared u JOIN line_shared o
  ON o.account = u.account AND o.currency = u.currency AND o.name = u.name AND o.nth = u.nth
 AND o.moment IS NOT DISTINCT FROM u.moment AND o.away = u.away
WHERE u.choice = 1 AND o.choice > 1 AND u.least <> u.most AND o.amount <> u.amount
"""


def make(database: Database, said: banking.Said | None = None, book: Book | None = None) -> None:
    """Make `payout_used`, `line`, `line_sum`, `release_told`, tables of `failed` and `banking`, and `contradiction`;
    `said` is what people said of entries that may be one, `book` whose accounts are the business's own.

    From the facts settlement, payout, release, bank and balance.

    Needs `shared_number`."""
    database.make("day_named", DAY_NAMED)
    twice = database.rows("SELECT count(*) AS n FROM day_named")[0]["n"]
    named = {k: ONE_NAME.format(kind=k) if twice else f"SELECT * FROM {k}" for k in ("payout", "settlement")}
    database.define("payout_told", named["payout"])
    database.define("settlement_told", failed.told(database, named["settlement"]))
    database.make("payout_stated", PAYOUT_STATED)
    database.make("settlement_by_file", BY_FILE)
    database.make("payout_evidence", LINE_CHOICE)
    database.define("line_sole", LINE_SOLE.format(told="settlement_told"))
    twice = told_again.twice(database)
    since = paid_since.make(database, LINE_SHARED.format(told_by=TOLD_BY if twice else NOBODY))
    shared = database.rows("SELECT count(*) AS n FROM shared_number")[0]["n"]
    database.define("line_believed", LINE_BELIEVED)
    banking.keep_said(database, said or {})
    told_again.make(database)
    away = sent_away.make(database, book)
    once = LINE_ONCE if twice else LINE
    once = sent_away.LINE.format(line=once) if away else once
    once = LINE_NAMED.format(line=once) if shared else once
    back = failed.make(database, once, named["settlement"])
    database.make("payout_used", PAYOUT_USED)
    database.define("line", failed.LINE.format(line=once) if back else once)
    sums = (
        LINE_SUM_ONCE.format(line=once) if twice else LINE_SUM.format(sole=LINE_SOLE.format(told="settlement_by_file"))
    )
    database.define("line_sum", sums)
    database.make("release_told", RELEASE_TOLD)
    banking.make(database, said)
    database.make("contradiction", f"{CONTRADICTED} UNION ALL {paid_since.DIFFERING}" if since else CONTRADICTED)
