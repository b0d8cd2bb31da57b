"""Files whose statements follow one another: the second opens with what the first closed with, and both add up.

What such files list are different entries, however alike their words are. Files of which either moved nothing prove
nothing, nor do those of which the second begins before the first ends, unless both are of the same days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

# A file's statements of an account as one, where they add up as one and hold all of its entries.
SOUND = """
WITH whole AS (
  SELECT evidence, owner, currency, min(since) AS since, max(until) AS until, sum(moved) AS moved,
         (list(opening ORDER BY since, line))[1] AS opening,
         (list(closing ORDER BY until DESC, line DESC))[1] AS closing
  FROM statement GROUP BY evidence, owner, currency
  HAVING count(*) = count(opening) AND count(*) = count(closing) AND count(*) = count(moved)
     AND count(*) = count(since) AND count(*) = count(until)
),
listed AS (
  SELECT b.evidence, coalesce(o.owner, b.account) AS owner, b.currency, sum(b.amount) AS amount
  FROM bank b LEFT JOIN bank_owner o ON o.account = b.account GROUP BY ALL
),
sound AS (
  SELECT w.* FROM whole w JOIN listed l ON l.evidence = w.evidence AND l.owner = w.owner AND l.currency = w.currency
  WHERE w.closing = w.opening + w.moved AND l.amount = w.moved AND w.moved <> 0
)
"""
CHAINED = f"""
{SOUND}
SELECT DISTINCT a.evidence AS before, b.evidence AS after
FROM sound a JOIN sound b ON b.owner = a.owner AND b.currency = a.currency AND b.opening = a.closing
WHERE a.evidence <> b.evidence AND a.opening <> b.closing
  AND (b.since >= a.until OR (b.since = a.since AND b.until = a.until))
ORDER BY before, after
"""


class Chain:
    """Which files follow which, directly or over others between them; from rows of `CHAINED`."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._before: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            self._before[row["after"]].add(row["before"])
        self._all: dict[str, frozenset[str]] = {}

    def before(self, file: str) -> frozenset[str]:
        """All files that it follows."""
        if file not in self._all:
            found: set[str] = set()
            ahead = [file]
            while ahead:
                new = self._before.get(ahead.pop(), set()) - found
                found |= new
                ahead += new
            self._all[file] = frozenset(found - {file})
        return self._all[file]

    def one_after_the_other(self, a: str, b: str) -> bool:
        """Whether one of two files follows the other."""
        return a in self.before(b) or b in self.before(a)

    def earlier(self, counts: dict[str, int]) -> dict[str, int]:
        """By each file, how many entries of the same words the files before it have at least; from how many each has.
        Files that follow each other in a ring prove nothing."""
        found: dict[str, int] = {}
        for file in self._ordered(list(counts)):
            found[file] = max((found[b] + counts[b] for b in self.before(file) if b in found), default=0)
        return found

    def _ordered(self, files: Sequence[str]) -> list[str]:
        """Each behind those that it follows: what has more before it is later."""
        return sorted(files, key=lambda f: (len(self.before(f)), f))
