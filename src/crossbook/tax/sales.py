"""Sales as every return reads them, from the tables of trades: which orders are sales, where they went, what came back.

An order is a sale by its state in the one vocabulary; a refund counts on its own day and leads to the sale that it
takes from. What cannot be counted is named with its amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from crossbook import money
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.thresholds import states
from crossbook.trade import days, statuses
from crossbook.trade.country_names import unknown

WAIT_DAYS = 10  # within which the next rate is published
SEVERAL = (
    "several"  # the dispatch of an order of which files name several countries, or an account's stock is in several
)

# One row an order. `market` is the state whose VAT holds where the goods go, else the territory. `counts` is "" for a
# sale that can be counted; else why not: its state, or what no file says. `dispatch` is the country that the goods left
# from: as its parcels say, else where the account's stock is; null where nothing says it. `net` is null where no file
# says the tax. What is written for a country and is none in any table is `strange`.
_ORDERS = """
WITH told AS (
  SELECT o.* REPLACE (CASE WHEN NOT {strange} THEN o.country END AS country),
         CASE WHEN {strange} THEN o.country END AS strange
  FROM orders o
)
SELECT o.order_id, o.account, o.country, t.territory, coalesce(t.vat_country, t.territory, o.country) AS market,
       CASE WHEN o.country = 'US' THEN coalesce(u.code, o.region) ELSE o.region END AS region, o.currency, o.total,
       o.goods - o.discount AS goods, coalesce(o.tax, 0) > 0 AS goods_without_tax, o.total - o.tax AS net,
       o.placed_at, coalesce(o.paid_at, o.placed_at) AS paid_at,
       least(coalesce(o.paid_at, o.placed_at), p.shipped_at) AS supplied_at,
       o.status_told, o.status, t.rate AS own_rate,
       t.told_by, o.strange,
       CASE WHEN p.origins = 1 THEN p.origin WHEN p.origins > 1 OR s.states > 1 THEN '{several}' ELSE s.state
       END AS dispatch,
       coalesce(m.pays, false) AS by_marketplace, o.evidence, o.line,
       CASE WHEN o.status IN ({not_sales}) THEN o.status WHEN o.total IS NULL THEN 'no total'
            WHEN o.currency IS NULL THEN 'no currency' WHEN o.country IS NULL THEN 'no country'
            WHEN t.told_by = 'disagree' THEN 'disagree' ELSE '' END AS counts
FROM told o LEFT JOIN tax_account m ON m.account = o.account LEFT JOIN territories t ON t.order_id = o.order_id
LEFT JOIN (SELECT account, count(*) AS states, min(state) AS state FROM tax_stock GROUP BY account) s
       ON s.account = o.account
LEFT JOIN (SELECT order_id, count(DISTINCT origin) AS origins, min(origin) AS origin, min(shipped_at) AS shipped_at
           FROM (SELECT order_id, shipped_at, CASE upper(origin) WHEN 'EL' THEN 'GR' WHEN 'UK' THEN 'GB'
                                                                 ELSE upper(origin) END AS origin FROM parcels)
           GROUP BY order_id) p ON p.order_id = o.order_id
LEFT JOIN us_state u ON u.told = upper(trim(o.region))
"""
# Money that went back, with the sale that it was paid for. `back` takes off what is left of the sale at most (Directive
# 2006/112/EC, article 90: the taxable amount is reduced), `excess` is what went back beyond it.
_REFUNDS = """
WITH told AS (
  SELECT s.* EXCLUDE (evidence, line, total, currency), s.total AS sold, s.currency AS sold_currency, r.amount,
         r.currency, r.refunded_at, r.refunded_on, r.evidence, r.line,
         CASE WHEN r.currency = s.currency AND r.amount > 0 THEN greatest(r.amount - greatest(s.total - coalesce(
           sum(r.amount) OVER (PARTITION BY r.order_id, r.currency
                               ORDER BY coalesce(r.refunded_at, r.refunded_on) NULLS LAST, r.evidence, r.line
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0), 0) ELSE 0 END AS excess
  FROM refunds r JOIN tax_order s USING (order_id) WHERE s.counts = '' AND r.amount <> 0
)
SELECT * EXCLUDE (amount), CAST(amount - excess AS BIGINT) AS back FROM told
"""
_COLLECTED = "SELECT order_id, CAST(sum(tax) AS BIGINT) AS tax FROM settled WHERE tax > 0 GROUP BY order_id"


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


@dataclass(frozen=True)
class Scope:
    """Which orders a return asks about: a condition in SQL on `tax_order` with its values, and the days of a zone.

    `moment` is when the sale counts: placed_at; paid_at where the law takes the payment (when it was placed, where no
    file says it); supplied_at where it takes the payment or the dispatch, whichever was first.
    """

    where: str
    values: dict[str, Any]
    zone: str
    first: date
    last: date
    moment: str = "placed_at"

    def bound(self) -> dict[str, Any]:
        """The values to bind, with the moments at which the days begin and are over."""
        begins, over = days.bounds(self.zone, self.first, self.last)
        return self.values | {"begins": begins, "over": over}


def prepare(database: Database, marketplaces: Sequence[str], stocks: Mapping[str, Sequence[str]] | None = None) -> None:
    """Make `tax_order`, `tax_refund` and `tax_collected`, for this reader.

    `marketplaces` are the accounts whose platform pays the tax, `stocks` the countries in which an account has stock.
    """
    database.ask("trade")
    pairs = [(account, state) for account, states in (stocks or {}).items() for state in states]
    database.put(
        "tax_stock",
        pa.table(
            {
                "account": pa.array([a for a, _ in pairs], pa.string()),
                "state": pa.array([s for _, s in pairs], pa.string()),
            }
        ),
    )
    columns = {"account": pa.array(list(marketplaces), pa.string()), "pays": pa.array([True] * len(marketplaces))}
    database.put("tax_account", pa.table(columns))
    told = {w: s.code for s in states() for w in (s.code, s.name.upper(), f"US-{s.code}", *s.aliases)}
    codes = {"told": pa.array(list(told), pa.string()), "code": pa.array(list(told.values()), pa.string())}
    database.put("us_state", pa.table(codes))
    not_sales = ", ".join(f"'{s}'" for s in statuses.NOT_SALES)
    database.scratch("tax_order", _ORDERS.format(not_sales=not_sales, several=SEVERAL, strange=unknown("o.country")))
    database.scratch("tax_refund", _REFUNDS)
    database.scratch("tax_collected", _COLLECTED)


def sales(database: Database, scope: Scope) -> list[dict[str, Any]]:
    """The sales of a scope that count, each with its local `day`. Needs `prepare`."""
    return database.rows(
        f"""SELECT *, {days.local_day(scope.moment, scope.zone)} AS day FROM tax_order
            WHERE counts = '' AND {scope.moment} >= $begins AND {scope.moment} < $over AND {scope.where}
            ORDER BY {scope.moment}, order_id""",
        **scope.bound(),
    )


def refunds(database: Database, scope: Scope) -> list[dict[str, Any]]:
    """The refunds of a scope, by the day of the refund (`back_day`), each with the local `day` of the sale that it
    takes from."""
    return database.rows(
        f"""SELECT *, {days.local_day(scope.moment, scope.zone)} AS day,
                   coalesce({days.local_day("refunded_at", scope.zone)}, refunded_on) AS back_day FROM tax_refund
            WHERE (CASE WHEN refunded_at IS NULL THEN refunded_on BETWEEN $first AND $last
                        ELSE refunded_at >= $begins AND refunded_at < $over END) AND back <> 0 AND {scope.where}
            ORDER BY refunded_at, refunded_on, order_id, line""",
        first=scope.first,
        last=scope.last,
        **scope.bound(),
    )


def one_parcel(database: Database) -> dict[str, list[dict[str, Any]]]:
    """The other sales that go in one parcel with a sale: of one waybill, to one consignee. Needs `prepare`."""
    rows = database.rows(
        """SELECT DISTINCT a.order_id AS mine, s.* FROM parcels a
           JOIN parcels b ON b.tracking = a.tracking AND b.order_id <> a.order_id
           JOIN tax_order s ON s.order_id = b.order_id
           WHERE s.counts = '' AND lower(coalesce(a.consignee, '')) = lower(coalesce(b.consignee, ''))
           ORDER BY ALL"""
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for r in rows:
        found.setdefault(r.pop("mine"), []).append(r)
    return found


def by_market(
    database: Database,
    first: date,
    last: date,
    *,
    country: str | None = None,
    regions: Sequence[str] | None = None,
    other: bool = False,
    zone: str = days.UTC_ZONE,
) -> list[Market]:
    """Sales by country, state and currency, the largest first, between days of a zone. Needs `prepare`.

    Of one country, and of some of its regions only, if given; `other` takes all regions but these, and none.
    """
    begins, over = days.bounds(zone, first, last)
    inside = "true"
    if regions is not None:
        inside = f"list_contains($regions, coalesce(region, '')) = {'false' if other else 'true'}"
    values: dict[str, Any] = {} if regions is None else {"regions": list(regions)}
    rows = database.rows(
        f"""SELECT market AS country, coalesce(CASE WHEN market = 'US' THEN region END, '') AS region, currency,
                   count(*) AS n, sum(total) AS gross, coalesce(sum(total) FILTER (by_marketplace), 0) AS theirs,
                   coalesce(sum(c.tax) FILTER (by_marketplace), 0) AS collected
            FROM tax_order LEFT JOIN tax_collected c USING (order_id)
            WHERE counts = '' AND placed_at >= $begins AND placed_at < $over AND {inside}
              AND ($country IS NULL OR market = $country)
            GROUP BY ALL ORDER BY gross DESC, market, region""",
        begins=begins,
        over=over,
        country=country,
        **values,
    )
    return [
        Market(
            country=r["country"],
            region=r["region"],
            currency=r["currency"],
            orders=r["n"],
            gross=int(r["gross"]),
            by_marketplace=int(r["theirs"]),
            collected=int(r["collected"]),
        )
        for r in rows
    ]


def rate(database: Database, currency: str, into: str, on: date) -> tuple[Decimal, date]:
    """One unit of `currency` in another on a day, or on the next day for which the book has a rate, with that day.

    Directly, or through yuan. Raises CrossbookError when the book has no rate within ten days.
    """
    if currency == into:
        return Decimal(1), on
    for ahead in range(WAIT_DAYS + 1):
        day = on + timedelta(days=ahead)
        known = rates_of(database, day)
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


class Inverse(Decimal):
    """One over a rate that is told, which it keeps: `exact` counts in fractions, so that nothing is lost twice."""

    told: Decimal

    def __new__(cls, told: Decimal) -> Inverse:
        made = super().__new__(cls, 1 / told)
        made.told = told
        return made


def fraction(value: Decimal) -> Fraction:
    """A rate as a fraction, not rounded."""
    return 1 / Fraction(value.told) if isinstance(value, Inverse) else Fraction(value)


def rates_of(database: Database, day: date) -> dict[tuple[str, str], Decimal]:
    """The book's rates of a day, both ways round, of the file that was added last."""
    found: dict[tuple[str, str], Decimal] = {}
    for r in database.rows(
        "SELECT base, quote, max_by(rate, (e.seq, r.line)) AS rate FROM rate r JOIN evidence e ON e.sha = r.evidence "
        "WHERE day = $day GROUP BY ALL",
        day=day,
    ):
        value = Decimal(r["rate"])
        if value:
            found[r["base"], r["quote"]] = value
            found.setdefault((r["quote"], r["base"]), Inverse(value))
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
