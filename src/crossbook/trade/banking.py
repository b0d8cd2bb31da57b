"""Entries of bank accounts, each counted once however many files tell it, and statements held against their entries.

Files of one format that overlap tell an entry in the same words: those are united first, and what stands twice in one
file counts twice, and so does what stands in two files of which one's statements follow the other's (`chained`).
What other formats tell in other words is weighed (`one_entry`): taken for one and said so (`bank_again`), or counted
apart and named as a possible duplicate (`bank_perhaps`), until a person says which. The telling of the highest
authority is believed, of those the newest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.bank_accounts import owners
from crossbook.trade.chained import CHAINED, Chain
from crossbook.trade.one_entry import part, weighed
from crossbook.trade.told_again import AgainLines, DifferingLines, lines_again, lines_differing
from crossbook.trade.unopened import STATEMENT_BARE, Unopened, unopened

Said = Mapping[tuple[str, str], str]  # what people said of two entries, by their keys: SAME or TWO

NAMED = """
SELECT b.*, e.authority, e.seq, e.name AS file, e.source, coalesce(o.owner, b.account) AS owner,
       coalesce(nullif(b.reference, ''), b.description, '') AS name
FROM bank b JOIN evidence e ON e.sha = b.evidence
LEFT JOIN bank_owner o ON o.account = b.account
"""

# Entries in the same words in several files of a chain, with how many each has.
REPEATED = f"""
WITH counted AS (
  SELECT owner, currency, booked_on, amount, name, evidence, count(*) AS count FROM ({NAMED}) n
  SEMI JOIN chain_file c ON c.evidence = n.evidence
  GROUP BY owner, currency, booked_on, amount, name, evidence
)
SELECT * FROM (
  SELECT *, count(*) OVER (PARTITION BY owner, currency, booked_on, amount, name) AS files FROM counted
) WHERE files > 1 ORDER BY owner, currency, booked_on, amount, name, evidence
"""

# bank_row: every telling of an entry, with the account that is meant (`owner`); `told` is one number for those that
# overlapping files of one format tell in the same words, `words` for those of any format. Those of files before in a
# chain are others: `earlier` many. `key` is what a
# person calls it by: the first digits of its file's SHA-256 and the line, with a mark for each before it on that line.
BANK_ROW = f"""
WITH named AS ({NAMED}),
numbered AS (
  SELECT *, row_number() OVER (ORDER BY seq, evidence, line, amount, name, description, counterparty) AS row,
         row_number() OVER (PARTITION BY owner, currency, booked_on, amount, name, evidence ORDER BY line) AS nth
  FROM named
),
placed AS (
  SELECT n.* EXCLUDE (nth), n.nth + coalesce(s.earlier, 0) AS nth
  FROM numbered n LEFT JOIN bank_skip s ON s.owner = n.owner AND s.currency = n.currency AND s.booked_on = n.booked_on
   AND s.amount = n.amount AND s.name = n.name AND s.evidence = n.evidence
)
SELECT *, min(row) OVER (PARTITION BY owner, currency, booked_on, amount, name, nth, source) AS told,
       min(row) OVER (PARTITION BY owner, currency, booked_on, amount, name, nth) AS words,
       concat(left(evidence, 12), ':', line,
              repeat('\'\'', CAST(row_number() OVER (PARTITION BY evidence, line ORDER BY row) - 1 AS INTEGER))) AS key
FROM placed
"""

# bank_used: each entry once.
BANK_USED = """
SELECT * EXCLUDE (choice, told, into_one) FROM (
  SELECT r.* EXCLUDE (row, owner, source, words), coalesce(m.into_one, r.told) AS entry, m.into_one,
         row_number() OVER (PARTITION BY coalesce(m.into_one, r.told) ORDER BY authority DESC, seq DESC, row) AS choice
  FROM bank_row r LEFT JOIN bank_merged m ON m.told = r.told
) WHERE choice = 1
"""

# bank_again: tellings of entries that are counted from another file.
BANK_AGAIN = """
SELECT r.evidence, r.line, r.file, r.account, r.booked_on, r.amount, r.currency,
       u.evidence AS used_evidence, u.line AS used_line, u.file AS used_file
FROM bank_row r LEFT JOIN bank_merged m ON m.told = r.told
JOIN bank_used u ON u.entry = coalesce(m.into_one, r.told) AND u.evidence <> r.evidence
"""

# bank_perhaps: entries counted twice that may be one.
BANK_PERHAPS = """
SELECT a.account, a.booked_on, a.amount, a.currency, a.evidence, a.line, a.file, a.key,
       b.evidence AS other_evidence, b.line AS other_line, b.file AS other_file, b.key AS other_key
FROM bank_doubt d JOIN bank_used a ON a.entry = d.a JOIN bank_used b ON b.entry = d.b
"""

# statement: what each statement says that the account held, and what its entries make of it. Tables with a running
# balance are statements, too, in the order of their rows in which more of their balances follow. The balance of a row
# that is several entries, a withdrawal and its fee, is that after all of them.
STATEMENT = """
WITH listed AS (
  SELECT evidence, account, currency, sum(amount) AS moved FROM bank GROUP BY evidence, account, currency
),
stated AS (
  SELECT b.evidence, b.line, b.account, b.currency, CAST(b.period_from AS DATE) AS since,
         CAST(b.period_to AS DATE) AS until, b.opening, b.closing,
         coalesce(b.moved, CASE WHEN count(*) OVER (PARTITION BY b.evidence, b.account, b.currency) = 1
                                THEN l.moved END) AS moved
  FROM balance b LEFT JOIN listed l
    ON l.evidence = b.evidence AND l.account = b.account AND l.currency = b.currency
  WHERE b.moved IS NOT NULL OR b.evidence IN (SELECT evidence FROM bank)
),
ran AS (
  SELECT evidence, account, currency, line, moved AS amount, balance, booked_on,
         lag(balance) OVER down AS above, lead(balance) OVER down AS below
  FROM (SELECT *, amount + coalesce(sum(amount) FILTER (WHERE balance IS NULL)
                                    OVER (PARTITION BY evidence, account, currency, line), 0) AS moved FROM bank)
  WHERE balance IS NOT NULL AND evidence NOT IN (SELECT evidence FROM stated)
  WINDOW down AS (PARTITION BY evidence, account, currency ORDER BY line)
),
way AS (
  SELECT evidence, account, currency, min(line) AS first, max(line) AS last,
         count(*) FILTER (WHERE balance - above <> amount) < count(*) FILTER (WHERE balance - below <> amount)
         OR (count(*) FILTER (WHERE balance - above <> amount) = count(*) FILTER (WHERE balance - below <> amount)
             AND arg_min(booked_on, line) <= arg_max(booked_on, line)) AS ahead,
         min(booked_on) AS since, max(booked_on) AS until,
         arg_min(balance, line) AS top, arg_min(balance - amount, line) AS before_top,
         arg_max(balance, line) AS bottom, arg_max(balance - amount, line) AS before_bottom
  FROM ran GROUP BY evidence, account, currency
),
running AS (
  SELECT w.evidence, CASE WHEN w.ahead THEN w.first ELSE w.last END AS line, w.account, w.currency, w.since, w.until,
         CASE WHEN w.ahead THEN w.before_top ELSE w.before_bottom END AS opening,
         CASE WHEN w.ahead THEN w.bottom ELSE w.top END AS closing, sum(b.amount) AS moved
  FROM way w JOIN bank b ON b.evidence = w.evidence AND b.account = w.account AND b.currency = w.currency
   AND b.line BETWEEN w.first AND w.last
  GROUP BY ALL
)
SELECT s.evidence, s.line, s.account, coalesce(o.owner, s.account) AS owner, s.currency, s.since, s.until, s.opening,
       s.closing, CAST(s.moved AS BIGINT) AS moved, CAST(s.closing - s.opening - s.moved AS BIGINT) AS difference,
       e.name AS file, e.seq
FROM (SELECT evidence, line, account, currency, since, until, opening, closing, moved FROM stated
      UNION ALL SELECT evidence, line, account, currency, since, until, opening, closing, moved FROM running) s
JOIN evidence e ON e.sha = s.evidence
LEFT JOIN bank_owner o ON o.account = s.account
"""

# statement_gap: statements that begin with another balance than the one before them ended with, unless a row of another
# file between the two left that balance: the statement overlaps that file.
STATEMENT_GAP = """
WITH before AS (
  SELECT b.*, max(a.until) AS ended FROM statement b
  JOIN statement a ON a.owner = b.owner AND a.currency = b.currency AND a.until < b.since
  WHERE b.opening IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM statement c WHERE c.owner = b.owner AND c.currency = b.currency
                    AND c.since < b.since AND c.until > b.since)
  GROUP BY ALL
)
SELECT b.account, b.currency, min(a.until) AS ended, b.since AS began, a.closing, b.opening,
       CAST(b.opening - a.closing AS BIGINT) AS difference,
       min(a.evidence) AS evidence, arg_min(a.line, a.evidence) AS line, arg_min(a.file, a.evidence) AS file,
       min(b.evidence) AS next_evidence, arg_min(b.line, b.evidence) AS next_line,
       arg_min(b.file, b.evidence) AS next_file
FROM before b JOIN statement a ON a.owner = b.owner AND a.currency = b.currency AND a.until = b.ended
WHERE a.closing <> b.opening
  AND NOT EXISTS (SELECT 1 FROM statement c WHERE c.owner = b.owner AND c.currency = b.currency
                  AND c.closing = b.opening AND c.until BETWEEN b.ended AND b.since
                  AND (c.evidence <> b.evidence OR c.line <> b.line))
  AND NOT EXISTS (SELECT 1 FROM bank u JOIN bank_owner o ON o.account = u.account
                  WHERE o.owner = b.owner AND u.currency = b.currency AND u.balance = b.opening
                  AND u.booked_on > b.ended AND u.booked_on < b.since AND u.evidence <> b.evidence)
  AND b.opening - a.closing <> coalesce((
    SELECT sum(u.amount) FROM bank_used u JOIN bank_owner o ON o.account = u.account
    WHERE o.owner = b.owner AND u.currency = b.currency AND u.booked_on BETWEEN b.ended AND b.since
      AND u.evidence <> a.evidence AND u.evidence <> b.evidence), 0)
GROUP BY b.account, b.currency, b.since, a.closing, b.opening
"""


def make(database: Database, said: Said | None = None) -> None:
    """Make `bank_used`, `bank_again`, `bank_perhaps`, `statement`, `statement_gap` from the facts bank and balance, and
    `entries_said` of what people said."""
    said = said or {}
    names = [
        r["account"] for r in database.rows("SELECT account FROM bank UNION SELECT account FROM balance ORDER BY 1")
    ]
    found = owners([n for n in names if n is not None])
    columns = {"account": list(found), "owner": list(found.values())}
    database.keep("bank_owner", pa.table(columns, schema=pa.schema([(c, pa.string()) for c in columns])))
    database.make("statement", STATEMENT)
    chain = _chain(database)
    database.make("bank_row", BANK_ROW)
    keep_said(database, said)
    part(database)
    weighed(database, chain)
    database.make("bank_used", BANK_USED)
    database.make("bank_again", BANK_AGAIN)
    database.make("bank_perhaps", BANK_PERHAPS)
    database.make("statement_gap", STATEMENT_GAP)
    database.make("statement_bare", STATEMENT_BARE)


def keep_said(database: Database, said: Said) -> None:
    """Make `entries_said` of what people said."""
    rows = [(*pair, answer) for pair, answer in sorted(said.items())]
    columns = {n: pa.array([r[i] for r in rows], pa.string()) for i, n in enumerate(("a", "b", "answer"))}
    database.keep("entries_said", pa.table(columns))


_SKIP = pa.schema(
    [
        ("owner", pa.string()),
        ("currency", pa.string()),
        ("booked_on", pa.date32()),
        ("amount", pa.int64()),
        ("name", pa.string()),
        ("evidence", pa.string()),
        ("earlier", pa.int64()),
    ]
)


def _chain(database: Database) -> Chain:
    """Which files' statements follow which others', and table bank_skip: how many entries in the same words are those
    of the files before."""
    links = database.rows(CHAINED)
    chain = Chain(links)
    files = sorted({r[n] for r in links for n in ("before", "after")})
    database.keep("chain_file", pa.table({"evidence": pa.array(files, pa.string())}))
    alike: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for row in database.rows(REPEATED):
        alike[tuple(row[n] for n in _SKIP.names[:5])][row["evidence"]] = row["count"]
    database.drop("chain_file")
    skips = [(*key, file, n) for key, counts in alike.items() for file, n in chain.earlier(counts).items() if n]
    columns = {name: [skip[i] for skip in skips] for i, name in enumerate(_SKIP.names)}
    database.keep("bank_skip", pa.table(columns, schema=_SKIP))
    return chain


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement whose entries do not make its closing balance of its opening one: `difference` is what is missing in
    the entries (minor units), `line` where it stands in the file."""

    account: str
    currency: str
    since: date | None
    until: date | None
    opening: int
    moved: int
    closing: int
    difference: int
    evidence: str
    line: int
    file: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Two statements of an account between which the balance moved by `difference`, in no file."""

    account: str
    currency: str
    ended: date
    began: date
    closing: int
    opening: int
    difference: int
    evidence: str
    line: int
    file: str
    next_evidence: str
    next_line: int
    next_file: str


@dataclass(frozen=True, kw_only=True)
class Again:
    """How many entries of a file are counted from another one, which tells them too."""

    evidence: str
    file: str
    used_evidence: str
    used_file: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Perhaps:
    """Two entries, counted apart, that may be one; `key` and `other_key` are what a person calls them by."""

    account: str
    booked_on: date
    amount: int
    currency: str
    evidence: str
    line: int
    file: str
    key: str
    other_evidence: str
    other_line: int
    other_file: str
    other_key: str


@dataclass(frozen=True, kw_only=True)
class Undated:
    """How many entries of a file that count state no day and got that of their statement; `line` is the first's."""

    evidence: str
    file: str
    line: int
    booked_on: date
    count: int


@dataclass(frozen=True, kw_only=True)
class Statements:
    """What is to be said of a book's bank statements beside their entries."""

    differing: tuple[Statement, ...]
    gaps: tuple[Gap, ...]
    again: tuple[Again, ...]
    perhaps: tuple[Perhaps, ...]
    undated: tuple[Undated, ...]
    lines_again: tuple[AgainLines, ...] = ()
    lines_differing: tuple[DifferingLines, ...] = ()
    unopened: tuple[Unopened, ...] = ()


_DIFFERING = """
SELECT account, currency, since, until, opening, moved, closing, difference, evidence, line, file
FROM statement WHERE difference <> 0 ORDER BY until, file, line
"""
_AGAIN = """
SELECT evidence, file, used_evidence, used_file, count(*) AS count FROM bank_again
GROUP BY ALL ORDER BY file, evidence, used_file, used_evidence
"""
_PERHAPS = """
SELECT * FROM bank_perhaps UNION ALL SELECT * FROM line_perhaps ORDER BY booked_on, file, line, key
"""
_UNDATED = """
SELECT evidence, file, min(line) AS line, booked_on, count(*) AS count FROM bank_used
WHERE booked_by = 'day of the statement' GROUP BY evidence, file, booked_on ORDER BY file, evidence, booked_on
"""


def statements(database: Database) -> Statements:
    """The statements that do not add up, gaps between them, and what several files tell of one entry."""
    database.ask("lines")
    return Statements(
        differing=tuple(Statement(**r) for r in database.rows(_DIFFERING)),
        gaps=tuple(Gap(**r) for r in database.rows("SELECT * FROM statement_gap ORDER BY account, currency, began")),
        again=tuple(Again(**r) for r in database.rows(_AGAIN)),
        perhaps=tuple(Perhaps(**r) for r in database.rows(_PERHAPS)),
        undated=tuple(Undated(**r) for r in database.rows(_UNDATED)),
        lines_again=lines_again(database),
        lines_differing=lines_differing(database),
        unopened=unopened(database),
    )
