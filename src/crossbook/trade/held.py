"""What an account held after each telling of an entry, which days each file tells of an account, and how many equal
entries each format tells about a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.chained import SOUND

# As its row says, or from the opening balance of its file, where that adds up.
HELD = f"""
WITH sound AS (SELECT * FROM ({SOUND} SELECT * FROM sound)),
way AS (
  SELECT evidence, owner, currency, arg_min(booked_on, line) <= arg_max(booked_on, line) AS down
  FROM bank_row SEMI JOIN asked_file f ON f.evidence = bank_row.evidence GROUP BY ALL
),
ran AS (
  SELECT r.told, coalesce(r.balance, s.opening + sum(r.amount) OVER (
           PARTITION BY r.evidence, r.owner, r.currency ORDER BY CASE WHEN w.down THEN r.line ELSE -r.line END, r.row
         )) AS held
  FROM bank_row r JOIN way w ON w.evidence = r.evidence AND w.owner = r.owner AND w.currency = r.currency
  LEFT JOIN sound s ON s.evidence = r.evidence AND s.owner = r.owner AND s.currency = r.currency
)
SELECT DISTINCT told, CAST(held AS BIGINT) AS held FROM ran WHERE held IS NOT NULL
"""

DAYS = """
SELECT b.evidence, b.source, b.owner, b.currency, least(min(b.booked_on), min(s.since)) AS since,
       greatest(max(b.booked_on), max(s.until)) AS until
FROM bank_row b SEMI JOIN asked_file f ON f.evidence = b.evidence
LEFT JOIN statement s ON s.evidence = b.evidence AND s.owner = b.owner AND s.currency = b.currency
GROUP BY b.evidence, b.source, b.owner, b.currency
"""

EQUAL = """
SELECT DISTINCT r.told, r.source, r.owner, r.currency, r.amount, r.booked_on
FROM bank_row r
JOIN (SELECT DISTINCT owner, currency, amount FROM bank_row SEMI JOIN asked ON asked.told = bank_row.told) a
  ON a.owner = r.owner AND a.currency = r.currency AND a.amount = r.amount
"""

Row = dict[str, Any]  # a telling, as in table bank_row


@dataclass(frozen=True, kw_only=True)
class Days:
    """The first and the last day that a file of a format tells of an account."""

    source: str
    since: date
    until: date


class Held:
    """Balances (minor units) after entries, by their numbers `told`, the days of their files, and what equals them."""

    def __init__(self, database: Database, told: Iterable[int]) -> None:
        database.keep("asked", pa.table({"told": pa.array(sorted(set(told)), pa.int64())}))
        database.make(
            "asked_file", "SELECT DISTINCT evidence FROM bank_row SEMI JOIN asked ON asked.told = bank_row.told"
        )
        self._after: dict[int, set[int]] = defaultdict(set)
        for row in database.rows(HELD):
            self._after[row["told"]].add(row["held"])
        self._days: dict[tuple[str, str], dict[str, Days]] = defaultdict(dict)
        for row in database.rows(DAYS):
            days = Days(source=row["source"], since=row["since"], until=row["until"])
            self._days[row["owner"], row["currency"]][row["evidence"]] = days
        self._equal: dict[tuple[str, str, int], list[tuple[date, str]]] = defaultdict(list)
        for row in database.rows(EQUAL):
            self._equal[row["owner"], row["currency"], row["amount"]].append((row["booked_on"], row["source"]))
        for name in ("asked_file", "asked"):
            database.drop(name)

    def agree(self, a: int, b: int) -> bool:
        """Whether two tellings leave one balance."""
        return bool(self._after[a] & self._after[b])

    def of_days_in_common(self, a: Row, b: Row) -> bool:
        """Whether the files of two tellings both tell of some day."""
        one, other = (self._days[r["owner"], r["currency"]][r["evidence"]] for r in (a, b))
        return one.since <= other.until and other.since <= one.until

    def tells_of_its_day(self, source: str, row: Row) -> bool:
        """Whether a file of that format tells of the account on the day of a telling, be it of something else."""
        files = self._days[row["owner"], row["currency"]].values()
        return any(d.source == source and d.since <= row["booked_on"] <= d.until for d in files)

    def equal(self, row: Row, sources: tuple[str, str], apart: int) -> tuple[int, int]:
        """How many entries of its account and amount two formats tell about its day: in days that follow one another
        with at most `apart` days between them."""
        told = sorted(t for t in self._equal[row["owner"], row["currency"], row["amount"]] if t[1] in sources)
        starts = [i for i, (day, _) in enumerate(told) if not i or (day - told[i - 1][0]).days > apart]
        for start, end in zip(starts, [*starts[1:], len(told)], strict=True):
            if told[start][0] <= row["booked_on"] <= told[end - 1][0]:
                found = [source for _, source in told[start:end]]
                return found.count(sources[0]), found.count(sources[1])
        return 0, 0
