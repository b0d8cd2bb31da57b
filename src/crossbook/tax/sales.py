"""Sales by market, as every return reads them: who paid the tax, in which currency, less what was paid back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from crossbook import money
from crossbook.engine import Database, newest
from crossbook.errors import CrossbookError

WAIT_DAYS = 10  # within which the next rate is published

# One row an order; a settlement's refunds stand beside it as what was paid back, on the day it was.
_SALES = """
CREATE OR REPLACE TEMP TABLE tax_sale AS
WITH o AS (
  SELECT order_id, any_value(account) AS account, any_value(country) AS country, any_value(region) AS region,
         any_value(currency) AS currency, max(total) AS total, CAST(min(placed_at) AS DATE) AS day,
         any_value(evidence) AS evidence, any_value(line) AS line
  FROM {order} WHERE total IS NOT NULL AND placed_at IS NOT NULL
    AND lower(coalesce(status, '')) NOT IN ('cancelled', 'canceled', 'unpaid', '已取消', '未付款', '已关闭')
  GROUP BY order_id
)
SELECT o.*, coalesce(m.pays, false) AS by_marketplace FROM o LEFT JOIN tax_account m USING (account)
"""
_BACK = """
CREATE OR REPLACE TEMP TABLE tax_refund AS
SELECT s.order_id, s.account, s.country, s.region, s.currency, s.by_marketplace, r.day, r.back, r.evidence, r.line
FROM tax_sale s JOIN (
  SELECT order_id, max(back) AS back, min(day) AS day, any_value(evidence) AS evidence, any_value(line) AS line
  FROM (SELECT order_id, evidence, min(day) AS day, min(line) AS line, -sum(coalesce(gross, amount)) AS back
        FROM settlement WHERE kind = 'refund' AND order_id IS NOT NULL GROUP BY order_id, evidence)
  GROUP BY order_id
) r USING (order_id) WHERE r.back > 0
"""
# What marketplaces collected as tax and paid over, by order.
_COLLECTED = """
CREATE OR REPLACE TEMP TABLE tax_collected AS
SELECT order_id, max(tax) AS tax FROM (
  SELECT order_id, evidence, sum(amount) AS tax FROM settlement
  WHERE kind = 'tax' AND amount > 0 AND order_id IS NOT NULL GROUP BY order_id, evidence) GROUP BY order_id
"""


@dataclass(frozen=True)
class Market:
    """Sales to one country, or one state of it, between two days. Money in minor units of `currency`."""

    country: str
    region: str
    currency: str
    orders: int
    gross: int
    by_marketplace: int
    collected: int


def prepare(database: Database, marketplaces: Sequence[str]) -> None:
    """Make `tax_sale`, `tax_refund` and `tax_collected`."""
    columns = {"account": pa.array(list(marketplaces), pa.string()), "pays": pa.array([True] * len(marketplaces))}
    database.put("tax_account", pa.table(columns))
    database.run(_SALES.format(order=newest(database, "order")))
    database.run(_BACK)
    database.run(_COLLECTED)


def by_market(database: Database, first: date, last: date, *, country: str | None = None) -> list[Market]:
    """Sales by country, state and currency, the largest first. Needs `prepare`."""
    rows = database.rows(
        """SELECT country, coalesce(CASE WHEN country = 'US' THEN region END, '') AS region, currency, count(*) AS n,
                  sum(total) AS gross, coalesce(sum(total) FILTER (by_marketplace), 0) AS theirs,
                  coalesce(sum(c.tax) FILTER (by_marketplace), 0) AS collected
           FROM tax_sale LEFT JOIN tax_collected c USING (order_id)
           WHERE day BETWEEN $first AND $last AND country IS NOT NULL AND ($country IS NULL OR country = $country)
           GROUP BY ALL ORDER BY gross DESC, country, region""",
        first=first, last=last, country=country,
    )  # fmt: skip
    return [Market(r["country"], r["region"], r["currency"], r["n"], int(r["gross"]), int(r["theirs"]),
                   int(r["collected"])) for r in rows]  # fmt: skip


def rate(database: Database, currency: str, into: str, on: date) -> tuple[Decimal, date]:
    """One unit of `currency` in another on a day, or on the next day for which the book has a rate, with that day.

    Directly, or through yuan. Raises CrossbookError when the book has no rate within ten days.
    """
    if currency == into:
        return Decimal(1), on
    for ahead in range(WAIT_DAYS + 1):
        day = on + timedelta(days=ahead)
        known = _rates(database, day)
        direct = known.get((currency, into))
        if direct is None:
            a, b = known.get((currency, "CNY")), known.get(("CNY", into))
            direct = a * b if a and b else None
        if direct is not None:
            return direct, day
    raise CrossbookError(
        f"the book has no rate of {currency} in {into} for {on} or the {WAIT_DAYS} days after it",
        todo="add a table of exchange rates",
    )


def _rates(database: Database, day: date) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for r in database.rows(
        "SELECT base, quote, any_value(rate) AS rate FROM rate WHERE day = $day GROUP BY ALL", day=day
    ):
        value = Decimal(r["rate"])
        if value:
            found[r["base"], r["quote"]] = value
            found.setdefault((r["quote"], r["base"]), 1 / value)
    return found


def converted(minor: int, currency: str, into: str, by: Decimal) -> int:
    """An amount in another currency's minor units, half up."""
    shift = Decimal(10) ** (money.exponent(into) - money.exponent(currency))
    return int((Decimal(minor) * by * shift).to_integral_value(ROUND_HALF_UP))


def percent(fraction: Decimal) -> str:
    """A rate as people write it: 25.5 %."""
    return f"{fraction * 100:f}".rstrip("0").rstrip(".") + " %" if fraction else "0 %"


def rounded(value: Decimal) -> int:
    """Half up."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def references(rows: Sequence[dict[str, Any]], most: int = 3) -> tuple[tuple[str, int], ...]:
    """Where the first of some rows stand."""
    return tuple((r["evidence"], r["line"]) for r in rows[:most])
