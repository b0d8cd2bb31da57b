"""When the money that is still under way should come: week by week, with a range read off the account's own delays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crossbook.settle.desk import Desk
from crossbook.settle.position import orders_on

HORIZON = 91  # days: thirteen weeks

# What nine in ten were in time for is late now; what is due within the range but not here yet may come any day.
WEEKS = """
WITH due AS (  -- what is to be taken off makes the least smaller as soon as it can
  SELECT currency, brings, greatest(likely, $first) AS likely,
         greatest(CASE WHEN brings < 0 THEN latest ELSE earliest END, $first) AS earliest,
         greatest(CASE WHEN brings < 0 THEN earliest ELSE latest END, $first) AS latest
  FROM {table} WHERE latest >= $first
),
told AS (
  SELECT currency, brings AS early, 0 AS mid, 0 AS late, date_diff('day', $first, earliest) // 7 AS week FROM due
  UNION ALL SELECT currency, 0, brings, 0, date_diff('day', $first, likely) // 7 FROM due
  UNION ALL SELECT currency, 0, 0, brings, date_diff('day', $first, latest) // 7 FROM due
)
SELECT currency, week, sum(early) AS early, sum(mid) AS mid, sum(late) AS late
FROM told GROUP BY currency, week ORDER BY currency, week
"""

LATE = """
SELECT currency, coalesce(sum(brings) FILTER (order_id IS NOT NULL), 0) AS amount, count(order_id) AS orders,
       coalesce(sum(brings) FILTER (order_id IS NULL), 0) AS beside
FROM {table}
WHERE latest < $first AND place <> 'at_bank' AND (order_id IS NOT NULL OR what IS NOT NULL)
GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True)
class Week:
    """Seven days from `first`: what is likely to come in them, and what should have come by their end: at least, as
    likely as not, and at most (were all as slow as the slowest tenth, as the median, as the fastest tenth)."""

    first: date
    likely: int
    at_least: int
    by_then: int
    at_most: int


@dataclass(frozen=True)
class Arrivals:
    """What is expected in one currency. `beyond` comes after the last week, `late` should have come already with
    orders, `late_beside` with lines of no order (less than 0 where they take off)."""

    currency: str
    weeks: tuple[Week, ...]
    beyond: int
    late: int
    late_orders: int
    late_beside: int


def arrivals(desk: Desk, day: date) -> list[Arrivals]:
    """Expected arrivals in the thirteen weeks after `day`, by currency."""
    table = orders_on(desk, day)
    first = day + timedelta(days=1)
    late = {r["currency"]: r for r in desk.database.rows(LATE.format(table=table), first=first)}
    told: dict[str, dict[int, tuple[int, int, int]]] = {currency: {} for currency in late}
    for r in desk.database.rows(WEEKS.format(table=table), first=first):
        told.setdefault(r["currency"], {})[r["week"]] = (int(r["early"]), int(r["mid"]), int(r["late"]))
    found = []
    for currency, by_week in sorted(told.items()):
        weeks, most, middle, least = [], 0, 0, 0
        for i in range(HORIZON // 7):
            early, mid, slow = by_week.get(i, (0, 0, 0))
            most, middle, least = most + early, middle + mid, least + slow
            weeks.append(
                Week(first=first + timedelta(days=7 * i), likely=mid, at_least=least, by_then=middle, at_most=most)
            )
        beyond = sum(mid for _, mid, _ in by_week.values()) - middle
        behind = late.get(currency)
        found.append(
            Arrivals(
                currency=currency,
                weeks=tuple(weeks),
                beyond=beyond,
                late=int(behind["amount"]) if behind else 0,
                late_orders=behind["orders"] if behind else 0,
                late_beside=int(behind["beside"]) if behind else 0,
            )
        )
    return found
