"""Which tellings of bank entries are one entry: what two files say is weighed, unless a person said which it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.chained import Chain
from crossbook.trade.held import Held
from crossbook.trade.pairing import Pair, Pairing, unique
from crossbook.trade.same_entry import PERHAPS, SAME, TWO, Told, numbered, weigh, words_agree

Row = dict[str, Any]  # a telling
Tellings = Mapping[int, list[Row]]  # by their numbers `told`

NEAR = 5  # days that two formats may book an entry apart where they agree on its value day
APART = 3  # where they agree on no day: over a weekend

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
SELECT told, words, evidence, source, owner, currency, amount, booked_on, valued_on,
       coalesce(reference, '') AS reference, concat_ws(' ', counterparty, description) AS text
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
    What a person said of a pair comes first, then a number or a balance that only two tellings share, then their words;
    what is one with either of two that are not one is taken for the first. Where entries that are one by their words
    alone could be paired otherwise, with one more pair, those that were left are in doubt.
    """
    said = {_pair(r["told_a"], r["told_b"]): r["answer"] for r in database.rows(SAID) if r["told_a"] != r["told_b"]}
    pairs = sorted({(r["a"], r["b"]) for r in database.rows(PAIRS)} | set(said))
    tellings = _tellings(database, pairs)
    judged = {pair: said.get(pair) or _judge(tellings, pair, chain) for pair in pairs}
    merging = _Merging(tellings, two={pair for pair, verdict in judged.items() if verdict == TWO}, said=said)
    source = {n: rows[0]["source"] for n, rows in tellings.items()}
    may = [pair for pair, verdict in judged.items() if verdict != TWO]
    held = Held(database, {n for pair in may for n in pair})
    by_number = unique([p for p in may if any(numbered(_told(x), _told(y)) for x, y in _both(tellings, p))], source)
    by_balance = unique([p for p in may if _balance_agrees(tellings, p, held)], source)
    sure = [p for p in said if said[p] == SAME] + [p for p in by_number if judged[p] == SAME] + by_balance
    for a, b in [*sure, *(p for p in may if judged[p] == SAME)]:
        merging.merge(a, b)
    fixed = {merging.of(a) for a, b in sure if merging.of(a) == merging.of(b)}
    doubt: list[Pair] = []
    settled: set[int] = set()
    pairing = Pairing(may, of=merging.of, source=source, fixed=fixed)
    asked = [(merging.of(a), merging.of(b)) for a, b in may if judged[a, b] == PERHAPS]
    for into, other in [*asked, *_left_over(pairing, tellings, held)]:
        if merging.may_be_one(into, other) and not {into, other} & settled:
            doubt.append((into, other))
            settled |= {into, other}
    database.keep("bank_merged", _numbers(("told", "into_one"), list(merging.merged.items())))
    database.keep("bank_doubt", _numbers(("a", "b"), doubt))


class _Merging:
    """Which entries are one so far, and which cannot be: `two` are pairs that are not one, `said` what people said."""

    def __init__(self, tellings: Tellings, *, two: set[Pair], said: Mapping[Pair, str]) -> None:
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


def _tellings(database: Database, pairs: list[Pair]) -> Tellings:
    told = sorted({n for pair in pairs for n in pair})
    database.keep("paired", pa.table({"told": pa.array(told, pa.int64())}))
    tellings: dict[int, list[Row]] = defaultdict(list)
    for row in database.rows(TELLINGS) if told else ():
        tellings[row["told"]].append(row)
    database.drop("paired")
    return tellings


def _both(tellings: Tellings, pair: Pair) -> Iterator[tuple[Row, Row]]:
    """Each telling of the one and of the other that stand in two files."""
    a, b = (tellings[n] for n in pair)
    yield from ((x, y) for x in a for y in b if x["evidence"] != y["evidence"])


def _balance_agrees(tellings: Tellings, pair: Pair, held: Held) -> bool:
    """Whether both leave one balance and agree in their words, in two formats, whose files have a day in common."""
    return held.agree(*pair) and any(
        x["source"] != y["source"] and held.of_days_in_common(x, y) and words_agree(_told(x), _told(y))
        for x, y in _both(tellings, pair)
    )


def _left_over(pairing: Pairing, tellings: Tellings, held: Held) -> Iterator[Pair]:
    """Entries that one format alone tells, each with one that another alone tells, where pairing all anew makes them
    one: all of both formats would then be paired, or the other tells of that day and not of the entry."""
    for one, two in pairing.formats():
        for here, there, both in pairing.left(one, two):
            free, found = set(there), []
            for entry in here:
                other = next((o for o in pairing.one_more(entry, one, two) if o in free), None)
                if other is not None:
                    free.remove(other)
                    found.append((entry, other))
            for entry, other in found:
                a, b = tellings[entry][0], tellings[other][0]
                whole = set(held.equal(a, (one, two), APART)) == {both + len(found)}
                if whole or held.tells_of_its_day(two, a) or held.tells_of_its_day(one, b):
                    yield _pair(entry, other)


def _numbers(names: tuple[str, str], rows: list[Pair]) -> pa.Table:
    return pa.table({n: pa.array([r[i] for r in rows], pa.int64()) for i, n in enumerate(names)})


def _judge(tellings: Tellings, pair: Pair, chain: Chain) -> str:
    """The best that any telling of the one and any of the other say, unless their files follow each other."""
    others = list(_both(tellings, pair))
    if any(a["words"] == b["words"] for a, b in others):
        return SAME
    if any(chain.one_after_the_other(a["evidence"], b["evidence"]) for a, b in others):
        return TWO
    found = {weigh(_told(a), _told(b)) for a, b in others}
    return next((v for v in (SAME, PERHAPS) if v in found), TWO)


def _told(row: Row) -> Told:
    names = ("source", "booked_on", "valued_on", "reference", "text")
    return Told(**{name: row[name] for name in names})
