"""Settlement lines that two formats tell of one account, counted once.

A line is told again where another format has one of the same amount and reference, or of the same amount, order and
kind, of the same day or the one beside it (zones differ); or, without an order, of the same amount, kind and day, where
the two files tell other lines alike. What one format tells in another number of lines is compared by order: what is
left of it in both is one set. The fuller counts: that which names payouts, then that of the highest authority. Two
lines of one format are never one here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.same_entry import SAME

# The accounts of which two formats tell lines.
TWICE = """
SELECT account FROM (SELECT DISTINCT account, evidence FROM settlement_by_file) s JOIN evidence e ON e.sha = s.evidence
GROUP BY account HAVING count(DISTINCT e.source) > 1
"""

# line_row: the lines of these accounts that would count if each format stood alone. `row` is one number for each, which
# does not hang on the order in which files were added; `key` is what a person calls it by, as an entry of a bank.
LINE_ROW = """
SELECT *, concat(left(evidence, 12), ':', line, repeat('\'\'', CAST(
            row_number() OVER (PARTITION BY evidence, line ORDER BY row) - 1 AS INTEGER))) AS key
FROM (
  SELECT b.*, e.source, e.authority, e.name AS file,
         row_number() OVER (ORDER BY b.account, b.currency, e.source, b.evidence, b.line, b.kind, b.type, b.amount,
                                     b.order_id, b.item, b.reference) AS row
  FROM line_believed b JOIN evidence e ON e.sha = b.evidence JOIN told_twice t ON t.account = b.account
)
"""

# What people said of lines that are in the book and can be one.
SAID = """
SELECT a.row AS a, b.row AS b, s.answer
FROM entries_said s JOIN line_row a ON a.key = s.a JOIN line_row b ON b.key = s.b
WHERE a.account = b.account AND a.currency = b.currency AND a.amount = b.amount AND a.source <> b.source
ORDER BY a.row, b.row
"""

# Lines of two formats that are one by reference, or by order and kind. `apart` is in days.
PAIRS = """
SELECT a.row AS a, b.row AS b, abs(date_diff('day', a.day, b.day)) AS apart,
       coalesce(a.reference = b.reference, false) AS referred,
       a.reference IS NOT NULL AND b.reference IS NOT NULL AS both_refer,
       a.account, a.source AS source_a, b.source AS source_b
FROM line_row a JOIN line_row b
  ON b.account = a.account AND b.currency = a.currency AND b.amount = a.amount AND b.source > a.source
 AND (b.reference = a.reference OR (b.order_id = a.order_id AND b.kind = a.kind))
WHERE abs(date_diff('day', a.day, b.day)) <= 1
ORDER BY referred DESC, apart, a, b
"""

# Lines without an order, numbered among their like in each format.
UNORDERED = """
WITH numbered AS (
  SELECT row, evidence, source, account, currency, amount, kind, day, row_number() OVER (
           PARTITION BY account, currency, amount, kind, day, source ORDER BY row) AS nth
  FROM line_row ANTI JOIN line_merged m ON m.row = line_row.row WHERE order_id IS NULL
)
SELECT a.row AS a, b.row AS b, a.evidence AS evidence_a, b.evidence AS evidence_b
FROM numbered a JOIN numbered b
  ON b.account = a.account AND b.currency = a.currency AND b.amount = a.amount AND b.kind = a.kind AND b.day = a.day
 AND b.nth = a.nth AND b.source > a.source
ORDER BY a, b
"""

# Lines of one order, amount and day that two formats give another kind.
OTHERWISE = """
SELECT a.row AS a, b.row AS b FROM line_row a JOIN line_row b
  ON b.account = a.account AND b.currency = a.currency AND b.amount = a.amount AND b.order_id = a.order_id
 AND b.day = a.day AND b.kind <> a.kind AND b.source > a.source
WHERE a.row NOT IN (SELECT row FROM line_merged) AND b.row NOT IN (SELECT row FROM line_merged)
ORDER BY a, b
"""

# line_perhaps: lines that count in both formats and may be one.
LINE_PERHAPS = """
SELECT a.account, a.day AS booked_on, a.amount, a.currency, a.evidence, a.line, a.file, a.key,
       b.evidence AS other_evidence, b.line AS other_line, b.file AS other_file, b.key AS other_key
FROM line_doubt d JOIN line_row a ON a.row = d.a JOIN line_row b ON b.row = d.b
"""

# What each format has left of an order of which several have something left.
LEFT = """
SELECT row, account, currency, order_id, source, evidence, kind, amount, day, reference IS NOT NULL AS refers
FROM line_row ANTI JOIN line_merged m ON m.row = line_row.row
WHERE order_id IS NOT NULL
QUALIFY min(source) OVER (PARTITION BY account, currency, order_id)
     <> max(source) OVER (PARTITION BY account, currency, order_id)
ORDER BY row
"""
COVERS = "SELECT evidence, min(day) AS since, max(day) AS until FROM line_row GROUP BY evidence"
RANK = """
SELECT row, account, evidence, payout_id IS NOT NULL AS named, authority, source, reference, told_by FROM line_row
ORDER BY row
"""

# line_again: lines that are counted from another format's file.
LINE_AGAIN = """
SELECT r.account, r.currency, r.day, r.amount, r.evidence, r.line, r.file,
       u.evidence AS used_evidence, u.line AS used_line, u.file AS used_file
FROM line_merged m JOIN line_row r ON r.row = m.row JOIN line_row u ON u.row = m.into_one
WHERE m.row <> m.into_one
UNION ALL
SELECT o.account, o.currency, o.day, o.amount, o.evidence, o.line, e.name, o.told_by[1], NULL, f.name
FROM line_shared o JOIN evidence e ON e.sha = o.evidence JOIN evidence f ON f.sha = o.told_by[1]
WHERE o.choice > 1 AND e.source <> f.source
"""

# payout_again: payouts all of whose lines are counted as lines of one other payout, of the same amount.
PAYOUT_AGAIN = """
SELECT r.account, r.currency, r.payout_id, min(u.payout_id) AS used_payout
FROM line_row r LEFT JOIN line_merged m ON m.row = r.row AND m.row <> m.into_one
LEFT JOIN line_row u ON u.row = m.into_one
JOIN payout_stated p ON p.account = r.account AND p.payout_id = r.payout_id AND p.currency = r.currency
LEFT JOIN payout_stated q ON q.account = u.account AND q.payout_id = u.payout_id AND q.currency = u.currency
GROUP BY r.account, r.currency, r.payout_id
HAVING count(*) = count(u.payout_id) AND count(DISTINCT u.payout_id) = 1 AND min(u.payout_id) <> r.payout_id
   AND min(p.amount) = min(q.amount)
"""

# line_set_aside: lines of payouts that are believed from a file of another format, which has the higher authority.
LINE_SET_ASIDE = """
SELECT s.evidence, min(s.line) AS line, any_value(e.name) AS file, u.evidence AS used_evidence,
       any_value(f.name) AS used_file, count(*) AS count
FROM payout_evidence c JOIN evidence e ON e.sha = c.evidence
JOIN payout_evidence u ON u.account = c.account AND u.payout_id = c.payout_id AND u.currency = c.currency
 AND u.choice = 1
JOIN evidence f ON f.sha = u.evidence
JOIN settlement_told s ON s.account = c.account AND s.payout_id = c.payout_id AND s.currency = c.currency
 AND s.evidence = c.evidence
WHERE c.authority < c.best AND e.source <> f.source
GROUP BY s.evidence, u.evidence
"""

# What moves the balance to elsewhere, or within it: not every format lists it.
_MOVED = "('withdrawal', 'carried', 'conversion', 'deposit', 'reserve_hold', 'reserve_release')"

# line_differing: two formats' totals over the days that both tell of, where they have lines in common and differ. The
# first day of the file that begins later and the last of the one that ends earlier may be told in part: left out.
LINE_DIFFERING = f"""
WITH told AS (
  SELECT s.account, s.currency, e.source, s.day, s.amount, s.evidence, e.name AS file
  FROM settlement_told s JOIN evidence e ON e.sha = s.evidence JOIN told_twice t ON t.account = s.account
  WHERE s.kind NOT IN {_MOVED}
),
file AS (
  SELECT account, currency, source, evidence, any_value(file) AS file, min(day) AS since, max(day) AS until
  FROM told GROUP BY account, currency, source, evidence
),
common AS (
  SELECT a.account, a.currency, a.evidence, a.file, b.evidence AS other_evidence, b.file AS other_file,
         greatest(a.since, b.since) + CAST(a.since <> b.since AS INTEGER) AS since,
         least(a.until, b.until) - CAST(a.until <> b.until AS INTEGER) AS until
  FROM file a JOIN file b ON b.account = a.account AND b.currency = a.currency AND b.source > a.source
  JOIN (SELECT evidence, used_evidence FROM line_again UNION SELECT evidence, used_evidence FROM line_set_aside) g
    ON (g.evidence = a.evidence AND g.used_evidence = b.evidence)
    OR (g.evidence = b.evidence AND g.used_evidence = a.evidence)
  GROUP BY ALL
)
SELECT *, CAST(amount - other_amount AS BIGINT) AS difference FROM (
  SELECT b.*,
         (SELECT CAST(sum(t.amount) AS BIGINT) FROM told t WHERE t.evidence = b.evidence AND t.account = b.account
          AND t.currency = b.currency AND t.day BETWEEN b.since AND b.until) AS amount,
         (SELECT CAST(sum(t.amount) AS BIGINT) FROM told t WHERE t.evidence = b.other_evidence
          AND t.account = b.account AND t.currency = b.currency AND t.day BETWEEN b.since AND b.until) AS other_amount
  FROM common b WHERE b.since <= b.until
) WHERE amount <> other_amount
"""


def twice(database: Database) -> bool:
    """Make `told_twice`, the accounts of which two formats tell lines; whether there are any."""
    database.make("told_twice", TWICE)
    return bool(database.rows("SELECT 1 AS one FROM told_twice LIMIT 1"))


def make(database: Database) -> None:
    """Make `line_again`, `payout_again`, `line_set_aside`, `line_differing`, and `line_row` and `line_merged` of the
    accounts in `told_twice`. Needs `line_believed` and `payout_stated`."""
    database.make("line_row", LINE_ROW)
    _keep(database, {})
    _doubted(database, [])
    if database.rows("SELECT 1 AS one FROM line_row LIMIT 1"):
        _merge(database)
    database.make("line_perhaps", LINE_PERHAPS)
    database.make("line_again", LINE_AGAIN)
    database.make("payout_again", PAYOUT_AGAIN)
    database.make("line_set_aside", LINE_SET_ASIDE)
    database.make("line_differing", LINE_DIFFERING)


def _merge(database: Database) -> None:
    formats = {r["sha"]: r["source"] for r in database.rows("SELECT sha, source FROM evidence")}
    merging = _Merging(database.rows(RANK), formats)
    pairs = database.rows(PAIRS)
    shared = merging.refer_alike | {(p["account"], p["source_a"], p["source_b"]) for p in pairs if p["referred"]}
    for p in database.rows(SAID):
        (merging.merge if p["answer"] == SAME else merging.part)(p["a"], p["b"])
    for p in pairs:
        named_apart = p["both_refer"] and (p["account"], p["source_a"], p["source_b"]) in shared
        if p["referred"] or not named_apart:  # two that share their references are told apart by them
            merging.merge(p["a"], p["b"])
    _keep(database, merging.into)
    alike = merging.files_alike()
    doubt = []
    for p in database.rows(UNORDERED):
        if (p["evidence_a"], p["evidence_b"]) in alike:
            merging.merge(p["a"], p["b"])
        elif merging.may_be_one(p["a"], p["b"]):
            doubt.append((p["a"], p["b"]))
    _keep(database, merging.into)
    covers = {r["evidence"]: (r["since"], r["until"]) for r in database.rows(COVERS)}
    by_reference = {(account, source) for account, *sources in shared for source in sources}
    sets: dict[tuple[str, str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in database.rows(LEFT):
        if not (row["refers"] and (row["account"], row["source"]) in by_reference):
            sets[row["account"], row["currency"], row["order_id"]][row["source"]].append(row)
    for told in sets.values():
        merging.merge_sets([_Set.of(rows) for rows in told.values()], covers)
    _keep(database, merging.into)
    doubt += [(p["a"], p["b"]) for p in database.rows(OTHERWISE) if merging.may_be_one(p["a"], p["b"])]
    _doubted(database, [(a, b) for a, b in doubt if a not in merging.into and b not in merging.into])


@dataclass(frozen=True)
class _Set:
    """What one format has left of an order."""

    rows: tuple[int, ...]
    amount: int
    kinds: frozenset[str]
    since: date
    until: date
    files: frozenset[str]

    @classmethod
    def of(cls, rows: list[dict[str, Any]]) -> _Set:
        days = [r["day"] for r in rows]
        return cls(
            rows=tuple(r["row"] for r in rows),
            amount=sum(r["amount"] for r in rows),
            kinds=frozenset(r["kind"] for r in rows),
            since=min(days),
            until=max(days),
            files=frozenset(r["evidence"] for r in rows),
        )

    def is_one_with(self, other: _Set, covers: Mapping[str, tuple[date, date]]) -> bool:
        """Whether both tell one thing: of one kind at least, and about one day, or else of one amount, each on days
        that the other's files tell of."""
        if not self.kinds & other.kinds:
            return False
        if (self.since - other.until).days <= 1 and (other.since - self.until).days <= 1:
            return True
        return self.amount == other.amount and self._within(other, covers) and other._within(self, covers)

    def _within(self, other: _Set, covers: Mapping[str, tuple[date, date]]) -> bool:
        return any(covers[f][0] <= self.since and self.until <= covers[f][1] for f in other.files)


class _Merging:
    """Which lines count from which others so far: `into` has each line that is one with others, by `row`."""

    def __init__(self, rows: Iterable[dict[str, Any]], formats: Mapping[str, str]) -> None:
        self._rows = {r["row"]: r for r in rows}
        self._formats = formats
        self._members: dict[int, list[int]] = {}
        self._two: set[tuple[int, int]] = set()  # pairs that a person called two
        self.into = {n: n for n in self._rows if len(self._told_by(n)) > 1}

    @property
    def refer_alike(self) -> set[tuple[str, str, str]]:
        """By account, pairs of formats that call a line by one reference."""
        told = [(r["account"], sorted(self._told_by(n))) for n, r in self._rows.items() if r["reference"] is not None]
        return {(account, a, b) for account, by in told for a, b in combinations(by, 2)}

    def merge(self, a: int, b: int) -> None:
        """Make two lines one, unless a format would tell it twice, or a person called them two."""
        if not self.may_be_one(a, b):
            return
        members = [*self._of(a), *self._of(b)]
        best = max(members, key=self._fullness)
        for m in members:
            self._members[m] = members
            self.into[m] = best

    def part(self, a: int, b: int) -> None:
        """Let two lines be two."""
        self._two |= {(a, b), (b, a)}

    def may_be_one(self, a: int, b: int) -> bool:
        """Whether two lines can be one: of other formats, and no person called them two."""
        told = [source for m in (*self._of(a), *self._of(b)) for source in self._told_by(m)]
        apart = any((x, y) in self._two for x in self._of(a) for y in self._of(b))
        return len(set(told)) == len(told) and not apart

    def merge_sets(self, told: list[_Set], covers: Mapping[str, tuple[date, date]]) -> None:
        """Let the fullest of several tellings of an order count, in place of those that are one with it."""
        ranked = sorted(told, key=lambda s: (max(map(self._fullness, s.rows)), len(s.rows)), reverse=True)
        while ranked:
            best, *others = ranked
            same = [s for s in others if s.is_one_with(best, covers) and not self._parted(s, best)]
            for s in same:
                self.into |= dict.fromkeys(s.rows, best.rows[0])
            ranked = [s for s in others if s not in same]

    def _parted(self, a: _Set, b: _Set) -> bool:
        return any((x, y) in self._two for x in a.rows for y in b.rows)

    def files_alike(self) -> set[tuple[str, str]]:
        """Pairs of files that tell a line in common, either way round."""
        found = set()
        for row, best in self.into.items():
            a, b = self._rows[row]["evidence"], self._rows[best]["evidence"]
            found |= {(a, b), (b, a)}
        for told in self._rows.values():
            found |= {p for a, b in combinations(set(told["told_by"]), 2) for p in ((a, b), (b, a))}
        return found

    def _told_by(self, row: int) -> set[str]:
        """The formats that tell a line."""
        return {self._formats[sha] for sha in self._rows[row]["told_by"]}

    def _of(self, row: int) -> list[int]:
        return self._members.get(row, [row])

    def _fullness(self, row: int) -> tuple[Any, ...]:
        told = self._rows[row]
        return told["named"], told["authority"], told["source"], -row


def _keep(database: Database, into: Mapping[int, int]) -> None:
    columns = {"row": list(into), "into_one": list(into.values())}
    database.keep("line_merged", pa.table({n: pa.array(v, pa.int64()) for n, v in columns.items()}))


def _doubted(database: Database, pairs: list[tuple[int, int]]) -> None:
    columns = {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}
    database.keep("line_doubt", pa.table({n: pa.array(v, pa.int64()) for n, v in columns.items()}))


@dataclass(frozen=True, kw_only=True)
class AgainLines:
    """How many lines of a settlement report are counted from a file of another format, which tells them too."""

    evidence: str
    line: int
    file: str
    used_evidence: str
    used_file: str
    count: int


@dataclass(frozen=True, kw_only=True)
class DifferingLines:
    """Two reports in different formats whose lines of the same days come to different sums (minor units)."""

    account: str
    currency: str
    since: date
    until: date
    evidence: str
    file: str
    amount: int
    other_evidence: str
    other_file: str
    other_amount: int
    difference: int


_AGAIN = """
SELECT evidence, min(line) AS line, file, used_evidence, used_file, count(*) AS count FROM line_again
GROUP BY evidence, file, used_evidence, used_file
UNION ALL SELECT evidence, line, file, used_evidence, used_file, count FROM line_set_aside
ORDER BY file, evidence, used_file, used_evidence
"""


def lines_again(database: Database) -> tuple[AgainLines, ...]:
    """What is told again by which file, and not counted. Needs the publication `lines`."""
    return tuple(AgainLines(**r) for r in database.rows(_AGAIN))


def lines_differing(database: Database) -> tuple[DifferingLines, ...]:
    """Where two formats differ over the days that both tell of. Needs the publication `lines`."""
    return tuple(DifferingLines(**r) for r in database.rows("SELECT * FROM line_differing ORDER BY ALL"))
