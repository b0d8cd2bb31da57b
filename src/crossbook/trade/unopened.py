"""Statements that state no opening balance (OFX has none): held against the statement before them, where there is one.

What the account held at its end, and what it holds now, differ by the entries between, whichever files tell them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.engine import Database

# statement_bare: each such statement with the last balance before it, what the entries between come to, and how much is
# missing in them. A balance may be of some moment of its day: entries that the later file alone tells are then those
# between, and where they make the difference it is proved, too.
STATEMENT_BARE = """
WITH bare AS (
  SELECT evidence, line, file, account, owner, currency, until, closing FROM statement
  WHERE opening IS NULL AND closing IS NOT NULL AND until IS NOT NULL
),
paired AS (
  SELECT b.*, a.evidence AS before_evidence, a.line AS before_line, a.until AS ended, a.closing AS held,
         row_number() OVER (PARTITION BY b.evidence, b.line, b.owner, b.currency
                            ORDER BY a.until DESC, a.evidence, a.line DESC) AS choice
  FROM bare b LEFT JOIN statement a
    ON a.owner = b.owner AND a.currency = b.currency AND a.closing IS NOT NULL AND a.until < b.until
),
entry AS (
  SELECT DISTINCT coalesce(m.into_one, r.told) AS entry, r.evidence, r.owner, r.currency, r.amount
  FROM bank_row r LEFT JOIN bank_merged m ON m.told = r.told
),
last AS (SELECT * FROM paired WHERE choice = 1),
entered AS (
  SELECT p.evidence, p.line, p.owner, p.currency, CAST(sum(u.amount) AS BIGINT) AS moved
  FROM bank_used u LEFT JOIN bank_owner o ON o.account = u.account
  JOIN last p ON p.owner = coalesce(o.owner, u.account) AND p.currency = u.currency
   AND u.booked_on > p.ended AND u.booked_on <= p.until
  GROUP BY p.evidence, p.line, p.owner, p.currency
),
later AS (
  SELECT p.evidence, p.line, p.owner, p.currency, CAST(sum(e.amount) AS BIGINT) AS alone
  FROM last p JOIN entry e ON e.evidence = p.evidence AND e.owner = p.owner AND e.currency = p.currency
  LEFT JOIN (SELECT DISTINCT evidence, entry FROM entry) x ON x.evidence = p.before_evidence AND x.entry = e.entry
  WHERE x.entry IS NULL
  GROUP BY p.evidence, p.line, p.owner, p.currency
),
held_against AS (
  SELECT p.*, coalesce(b.moved, 0) AS moved, coalesce(l.alone, 0) AS alone
  FROM last p
  LEFT JOIN entered b ON b.evidence = p.evidence AND b.line = p.line AND b.owner = p.owner AND b.currency = p.currency
  LEFT JOIN later l ON l.evidence = p.evidence AND l.line = p.line AND l.owner = p.owner AND l.currency = p.currency
)
SELECT evidence, line, file, account, currency, until, closing, before_evidence, before_line, ended, held, moved,
       CASE WHEN held IS NULL THEN NULL WHEN closing - held = alone THEN 0 ELSE closing - held - moved END AS difference
FROM held_against
"""


@dataclass(frozen=True, kw_only=True)
class Unopened:
    """A statement without an opening balance whose entries are not proved: `difference` is what is missing in those
    since the balance `held` before (minor units); None where the book has no balance before it."""

    account: str
    currency: str
    until: date
    closing: int
    ended: date | None
    held: int | None
    moved: int
    difference: int | None
    evidence: str
    line: int
    file: str
    before_evidence: str | None
    before_line: int | None


_UNPROVED = """
SELECT account, currency, until, closing, ended, held, moved, difference, evidence, line, file, before_evidence,
       before_line
FROM statement_bare WHERE difference IS NULL OR difference <> 0 ORDER BY account, currency, until, file, line
"""


def unopened(database: Database) -> tuple[Unopened, ...]:
    """The statements without an opening balance that nothing proves, or that the balance before contradicts. Needs the
    publication `lines`."""
    return tuple(Unopened(**r) for r in database.rows(_UNPROVED))
