"""Which tellings of bank entries are one entry: what two files say is weighed, unless a person said which it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.chained import Chain
from crossbook.trade.same_entry import PERHAPS, SAME, TWO, Told, weigh

NEAR = 5  # days that two formats may book an entry apart where they agree on its value day
APART = 3  # where they agree on no day: over a weekend
Pair = tuple[int, int]  # two tellings, by their numbers `told`, the lower first

# What people said of entries that are in the book and can be one: of one account, amount and currency, in two files.
SAID = """
SELECT a.row AS a, b.row AS b, a.told AS told_a, b.told AS told_b, s.answer
FROM entries_said s JOIN bank_row a ON a.key = s.a JOIN bank_row b ON b.key = s.b
WHERE a.owner = b.owner AND a.currency = b.currency AND a.amount = b.amount AND a.evidence <> b.evidence
ORDER BY a.row, b.row
"""

# Entries of one account and amount, about one day, that two files tell in different words.
PAIRS = f"""
WITH r AS (
  SELECT told, evidence, source, owner, currency, amount, booked_on, valued_on FROM bank_row
  SEMI JOIN (SELECT owner, currency, amount FROM bank_row GROUP BY owner, currency, amount
             HAVING count(DISTINCT told) > 1 AND count(DISTINCT evidence) > 1) m
    ON m.owner = bank_row.owner AND m.currency = bank_row.currency AND m.amount = bank_row.amount
)
SELECT DISTINCT a.told AS a, b.told AS b
FROM r a JOIN r b ON b.owner = a.owner AND b.currency = a.currency AND b.amount = a.amount
WHERE a.told < b.told AND a.evidence <> b.evidence
  AND (a.booked_on = b.booked_on
       OR (a.valued_on = b.valued_on AND abs(date_diff('day', a.booked_on, b.booked_on)) <= {NEAR})
       OR (a.source <> b.source AND abs(date_diff('day', a.booked_on, b.booked_on)) <= {APART}))
ORDER BY a, b
"""

TELLINGS = """
SELECT told, evidence, source, booked_on, valued_on, coalesce(reference, '') AS reference,
       concat_ws(' ', counterparty, description) AS text
FROM bank_row SEMI JOIN paired ON paired.told = bank_row.told ORDER BY row
"""


def part(database: Database) -> None:
    """Give entries in the same words in two files, of which a person said that they are two, a number `told` each."""
    alone = {max(r["a"], r["b"]) for r in database.rows(SAID) if r["told_a"] == r["told_b"] and r["answer"] == TWO}
    if alone:
        rows = ", ".join(str(n) for n in sorted(alone))
        parted = f"SELECT * REPLACE (CASE WHEN row IN ({rows}) THEN row ELSE told END AS told) FROM bank_row"
        database.make("bank_parted", parted)
        database.make("bank_row", "SELECT * FROM bank_parted")
        database.drop("bank_parted")


def weighed(database: Database, chain: Chain) -> None:
    """Make `bank_merged`, which entries are one with which other, and `bank_doubt`, pairs that may be one, by their
    numbers `told`.

    A file tells each entry once, so that two of one file are never one, and each is one with at most one of another.
    What is one with either of two that are not one is taken for the first. What a person said of a pair comes first.
    """
    said = {_pair(r["told_a"], r["told_b"]): r["answer"] for r in database.rows(SAID) if r["told_a"] != r["told_b"]}
    pairs = sorted({(r["a"], r["b"]) for r in database.rows(PAIRS)} | set(said))
    tellings = _tellings(database, pairs)
    judged = [(a, b, said.get((a, b)) or _judge(tellings[a], tellings[b], chain)) for a, b in pairs]
    merging = _Merging(tellings, two={(a, b) for a, b, verdict in judged if verdict == TWO}, said=said)
    for a, b, verdict in [*((*p, v) for p, v in said.items()), *judged]:
        if verdict == SAME:
            merging.merge(a, b)
    doubt: list[Pair] = []
    settled: set[int] = set()
    for a, b, verdict in judged:
        into, other = merging.of(a), merging.of(b)
        if verdict == PERHAPS and merging.may_be_one(a, b) and not {into, other} & settled:
            doubt.append((into, other))
            settled |= {into, other}
    database.keep("bank_merged", _numbers(("told", "into_one"), list(merging.merged.items())))
    database.keep("bank_doubt", _numbers(("a", "b"), doubt))


class _Merging:
    """Which entries are one so far, and which cannot be: `two` are pairs that are not one, `said` what people said."""

    def __init__(
        self, tellings: Mapping[int, list[dict[str, Any]]], *, two: set[Pair], said: Mapping[Pair, str]
    ) -> None:
        self.merged: dict[int, int] = {}
        self._files = {n: {r["evidence"] for r in rows} for n, rows in tellings.items()}
        self._members = {n: {n} for n in tellings}
        self._two, self._said = two, said

    def of(self, n: int) -> int:
        """The number of the entry that a telling is of."""
        return self.merged.get(n, n)

    def may_be_one(self, a: int, b: int) -> bool:
        """Whether nothing rules out that two tellings, not yet one, are one."""
        into, other = self.of(a), self.of(b)
        return into != other and not self._apart(into, other, self._two)

    def merge(self, a: int, b: int) -> None:
        """Make two tellings one, unless something rules it out; of two that a person called one only their files, and
        what a person said of others, can."""
        into, other = self.of(a), self.of(b)
        two = {p for p in self._two if p in self._said} if self._said.get((a, b)) == SAME else self._two
        if into == other or self._apart(into, other, two):
            return
        self._files[into] |= self._files[other]
        self._members[into] |= self._members[other]
        self.merged |= dict.fromkeys((other, *(k for k, v in self.merged.items() if v == other)), into)

    def _apart(self, a: int, b: int, two: set[Pair]) -> bool:
        return bool(self._files[a] & self._files[b]) or any(
            _pair(x, y) in two for x in self._members[a] for y in self._members[b]
        )


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _tellings(database: Database, pairs: list[Pair]) -> dict[int, list[dict[str, Any]]]:
    told = sorted({n for pair in pairs for n in pair})
    database.keep("paired", pa.table({"told": pa.array(told, pa.int64())}))
    tellings: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in database.rows(TELLINGS) if told else ():
        tellings[row["told"]].append(row)
    database.drop("paired")
    return tellings


def _numbers(names: tuple[str, str], rows: list[Pair]) -> pa.Table:
    return pa.table({n: pa.array([r[i] for r in rows], pa.int64()) for i, n in enumerate(names)})


def _judge(left: list[dict[str, Any]], right: list[dict[str, Any]], chain: Chain) -> str:
    """The best that any telling of the one and any of the other say, unless their files follow each other."""
    others = [(a, b) for a in left for b in right if a["evidence"] != b["evidence"]]
    if any(chain.one_after_the_other(a["evidence"], b["evidence"]) for a, b in others):
        return TWO
    found = {weigh(_told(a), _told(b)) for a, b in others}
    return next((v for v in (SAME, PERHAPS) if v in found), TWO)


def _told(row: dict[str, Any]) -> Told:
    names = ("source", "booked_on", "valued_on", "reference", "text")
    return Told(**{name: row[name] for name in names})
