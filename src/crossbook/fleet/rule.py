"""What a rule across books is: a SELECT, and what is said of what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from crossbook.trade.names import Degree, same_name
from crossbook.trade.parties import CROWD

Rows = list[dict[str, Any]]

# A SELECT gives a row for each line of a paper that a finding rests on: subject (which tells findings apart), shown,
# book, order_id, name, amount, currency, day, evidence, line.


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. `parts` looks at the rows of one subject, where SQL cannot, and gives those of each finding; `adds` is
    whether the amount of a finding is the sum of its rows, else it is the largest. `unless` says what else it may be.
    """

    name: str
    title: str
    verdict: str
    select: str
    unless: str
    adds: bool = False
    parts: Callable[[Rows], list[Rows]] | None = None


ONE_NAME = (Degree.SAME, Degree.MAY_BE)  # how near two writings of one name are
SHORT = 12  # letters and digits of a number below which it may be a seller's or an institution's counter
_DATED = re.compile(r"[^0-9]{0,4}20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{0,6}")


def counts(number: str) -> bool:
    """Whether a number may be a counter, that somebody else reaches, too: a short one, or one behind a day.

    >>> counts("INV000036"), counts("SO20260301000123"), counts("25117000000012345678"), counts("1Z999AA10123456784")
    (True, True, False, False)
    """
    return len(number) < SHORT or behind_a_day(number)


def behind_a_day(number: str) -> bool:
    """Whether a number is a day and a counter of six digits at most."""
    return bool(_DATED.fullmatch(number))


def as_one_paper(rows: Rows) -> list[Rows]:
    """The rows, unless their number may be a counter and no two books tell of it, as far as they know, one amount, and
    one day or one name: two shops that sell one thing come to one number and one price, on days of their own."""
    if not counts(str(rows[0]["subject"]).split("|")[0]):
        return [rows]
    return [rows] if any(_alike(a, b) for a, b in combinations(rows, 2) if a["book"] != b["book"]) else []


def _alike(a: dict[str, Any], b: dict[str, Any]) -> bool:
    if None not in (a["amount"], b["amount"]) and (a["amount"], a["currency"]) != (b["amount"], b["currency"]):
        return False
    if None in (a["day"], b["day"]) or abs((a["day"] - b["day"]).days) <= 1:
        return True
    return same_name(a["name"], b["name"]) in ONE_NAME


def in_two_books(kind: str) -> str:
    """The SELECT of papers of one kind whose number stands in two books, on more than one line: a line of a file that
    both books hold is found by `same_file`."""
    return f"""
SELECT p.number AS subject, p.shown, p.book, p.order_id, p.name, p.amount, p.currency, p.day, p.evidence, p.line
FROM paper p JOIN (
  SELECT number FROM paper WHERE kind = '{kind}' GROUP BY number
  HAVING count(DISTINCT book) > 1 AND count(DISTINCT concat(evidence, '|', CAST(line AS VARCHAR))) > 1
) t ON t.number = p.number
WHERE p.kind = '{kind}'
"""


def to_one_place(kind: str, sellers: int, parcels: int, days: int) -> str:
    """The SELECT of parcels to one sign, of so many sellers and so many parcels within so many days."""
    return f"""
SELECT s.sign AS subject, s.shown, s.book, s.order_id, s.consignee AS name, CAST(NULL AS bigint) AS amount,
  CAST(NULL AS VARCHAR) AS currency, s.day, s.evidence, s.line
FROM sent s JOIN (
  SELECT DISTINCT a.sign FROM (
    SELECT x.sign, x.day FROM (SELECT DISTINCT sign, day FROM sent WHERE kind = '{kind}') x
    JOIN sent y ON y.kind = '{kind}' AND y.sign = x.sign AND y.day <= x.day AND y.day > x.day - INTERVAL {days} DAY
    GROUP BY x.sign, x.day HAVING count(DISTINCT y.book) >= {sellers} AND count(*) >= {parcels}
  ) a
) t ON t.sign = s.sign
WHERE s.kind = '{kind}'
"""


def over(kind: str, limit: str, *, period: str, each: str = "") -> str:
    """The SELECT of what one person spent with several sellers within `period` where it is over a limit in all; with
    `each` only where every single sum keeps to it. A payment that stands in two books counts once, in one of them.
    What more than `CROWD` names share is no person's sign. Of a row `amount` is the most that may count,
    `certain` the least."""
    return f"""
SELECT concat(s.sign, ' ', CAST({period.format("s")} AS VARCHAR)) AS subject, s.shown, s.book, s.order_id, s.name,
  s.amount, coalesce(s.certain, s.amount) AS certain, s.currency, s.day, s.number, s.evidence, s.line
FROM spent s JOIN (
  SELECT x.sign, x.currency, {period.format("x")} AS period FROM (
    SELECT kind, sign, currency, day, number, max(amount) AS amount, min(book) AS book
    FROM spent GROUP BY kind, sign, currency, day, number
  ) x JOIN (
    SELECT kind, sign FROM spent GROUP BY kind, sign HAVING count(DISTINCT lower(name)) <= {CROWD}
  ) few ON few.kind = x.kind AND few.sign = x.sign
  JOIN limit_row l ON l.name = '{limit}'
    AND l.currency = x.currency AND x.day >= l.valid_from AND x.day <= coalesce(l.valid_to, DATE '9999-12-31')
  WHERE x.kind = '{kind}'
  GROUP BY x.sign, x.currency, {period.format("x")}, l.amount
  HAVING sum(x.amount) > l.amount AND count(DISTINCT x.book) > 1{each}
) t ON t.sign = s.sign AND t.currency = s.currency AND t.period = {period.format("s")}
WHERE s.kind = '{kind}'
"""


DAY, YEAR = "{0}.day", "extract(year FROM {0}.day)"
KEPT = " AND max(x.amount) <= l.amount"
