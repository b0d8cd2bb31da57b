"""What a rule across books is: a SELECT, and what is said of what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crossbook.trade.parties import CROWD

Rows = list[dict[str, object]]

# A SELECT gives a row for each line of a paper that a finding rests on: subject (which tells findings apart), shown,
# book, order_id, name, amount, currency, day, evidence, line.


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. `sift` looks at the rows of one subject and says whether it stands, where SQL cannot; `adds` is whether
    the amount of a finding is the sum of its rows, else it is the largest. `unless` says what else it may be."""

    name: str
    title: str
    verdict: str
    select: str
    unless: str
    adds: bool = False
    sift: Callable[[Rows], bool] | None = None


def in_two_books(kind: str) -> str:
    """The SELECT of papers of one kind whose number stands in two books."""
    return f"""
SELECT p.number AS subject, p.shown, p.book, p.order_id, CAST(NULL AS VARCHAR) AS name, p.amount, p.currency, p.day,
  p.evidence, p.line
FROM paper p JOIN (
  SELECT number FROM paper WHERE kind = '{kind}' GROUP BY number HAVING count(DISTINCT book) > 1
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
    The phone or e-mail of more than `CROWD` names is no person's."""
    crowd = f" AND count(DISTINCT x.name) <= {CROWD}" if kind == "import" else ""
    return f"""
SELECT concat(s.sign, ' ', CAST({period.format("s")} AS VARCHAR)) AS subject, s.shown, s.book, s.order_id, s.name,
  s.amount, s.currency, s.day, s.number, s.evidence, s.line
FROM spent s JOIN (
  SELECT x.sign, x.currency, {period.format("x")} AS period FROM (
    SELECT kind, sign, currency, day, number, max(amount) AS amount, min(book) AS book, min(lower(name)) AS name
    FROM spent GROUP BY kind, sign, currency, day, number
  ) x JOIN limit_row l ON l.name = '{limit}'
    AND l.currency = x.currency AND x.day >= l.valid_from AND x.day <= coalesce(l.valid_to, DATE '9999-12-31')
  WHERE x.kind = '{kind}'
  GROUP BY x.sign, x.currency, {period.format("x")}, l.amount
  HAVING sum(x.amount) > l.amount AND count(DISTINCT x.book) > 1{each}{crowd}
) t ON t.sign = s.sign AND t.currency = s.currency AND t.period = {period.format("s")}
WHERE s.kind = '{kind}'
"""


DAY, YEAR = "{0}.day", "extract(year FROM {0}.day)"
KEPT = " AND max(x.amount) <= l.amount"
