"""What a book's own sales say of a market: what a piece sold for, what platforms took, what was paid back.

Of the twelve months up to a day, by the country that goods went to. Amounts stay in the currency of their orders.
Fees and refunds are those of orders that a settlement names: of an account that pays totals alone nothing is known of
either, so its orders are in neither share. What names no order (advertising, storage) is in no share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from crossbook.countries import of_letters, of_name
from crossbook.engine.database import Database
from crossbook.market.margin import Term
from crossbook.trade.statuses import NOT_SALES

MONTHS = 12
Z = 1.959964  # of 95 %
PUBLICATIONS = ("trade", "lines")

_SOLD = f"""
SELECT i.item AS sku, o.country, i.currency, CAST(sum(i.quantity) AS BIGINT) AS units,
       CAST(sum(i.net) AS BIGINT) AS revenue, count(DISTINCT o.order_id) AS orders,
       bool_and(o.tax IS NOT NULL AND o.tax > 0) AS taxed
FROM order_lines i JOIN orders o USING (order_id)
WHERE o.status NOT IN {NOT_SALES} AND i.item IS NOT NULL AND i.net IS NOT NULL AND i.quantity > 0
  AND o.placed_on > $since AND o.placed_on <= $on
GROUP BY ALL ORDER BY ALL
"""
_FEES = f"""
WITH taken AS (
  SELECT l.order_id, l.account, l.currency,
         sum(coalesce(l.gross, l.amount)) FILTER (l.kind IN ('sale', 'shipping', 'promotion')) AS sold,
         -sum(CASE l.kind WHEN 'fee' THEN l.amount WHEN 'sale' THEN l.fee END) AS fee
  FROM line l WHERE l.order_id IS NOT NULL AND l.kind IN ('sale', 'shipping', 'promotion', 'fee') GROUP BY ALL
)
SELECT o.country, t.account, t.currency, CAST(sum(t.sold) AS BIGINT) AS sold, CAST(sum(t.fee) AS BIGINT) AS fee,
       count(*) AS orders
FROM taken t JOIN orders o USING (order_id)
WHERE t.sold > 0 AND o.status NOT IN {NOT_SALES} AND o.placed_on > $since AND o.placed_on <= $on
GROUP BY ALL HAVING sum(t.fee) IS NOT NULL  -- of an account that tells no fee it is not known
ORDER BY ALL
"""
_BACK = f"""
WITH back AS (SELECT order_id, currency, sum(amount) AS amount FROM refunds WHERE kind <> 'reversal' GROUP BY ALL),
named AS (
  SELECT s.order_id, s.currency, sum(s.amount) AS sold FROM settled s GROUP BY ALL HAVING sum(s.amount) > 0
)
SELECT o.country, n.currency, count(*) AS orders, CAST(sum(n.sold) AS BIGINT) AS sold, count(b.amount) AS refunded,
       CAST(coalesce(sum(CASE WHEN b.amount IS NOT NULL THEN least(b.amount, n.sold) END), 0) AS BIGINT) AS back
FROM named n JOIN orders o USING (order_id) LEFT JOIN back b ON b.order_id = n.order_id AND b.currency = n.currency
WHERE o.status NOT IN {NOT_SALES} AND o.placed_on > $since AND o.placed_on <= $on
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, kw_only=True)
class Sold:
    """What a product sold in a country in a currency: pieces, and their price without tax, after discounts, in all."""

    sku: str
    market: str
    currency: str
    units: int
    revenue: int
    orders: int
    taxed: bool  # every one of the orders states its tax


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What an account's platform took of the sales to a country."""

    market: str
    account: str
    currency: str
    sold: int
    fee: int
    orders: int

    @property
    def share(self) -> Decimal:
        """Of the sales, 0 to 1."""
        return Decimal(self.fee) / self.sold


@dataclass(frozen=True, kw_only=True)
class Back:
    """What was paid back of the sales to a country: how many orders, of how many, and the money."""

    market: str
    currency: str
    orders: int
    sold: int
    refunded: int
    back: int


@dataclass(frozen=True, kw_only=True)
class Own:
    """A book's own experience of markets, from the day after `since` to `on`."""

    since: date
    on: date
    sold: tuple[Sold, ...]
    taken: tuple[Taken, ...]
    back: tuple[Back, ...]

    def sold_in(self, sku: str, market: str) -> list[Sold]:
        """The sales of a product in a market, a row a currency."""
        return [s for s in self.sold if (s.sku, s.market) == (sku, market)]


def own(database: Database, on: date) -> Own:
    """The book's own sales, fees and refunds of the twelve months up to `on`, by country of destination."""
    database.ask(*PUBLICATIONS)
    since = date(on.year - 1, on.month, min(on.day, 28) if on.month == 2 else on.day)

    def rows(sql: str) -> list[dict[str, object]]:
        found = database.rows(sql, since=since, on=on)
        return [row | {"market": code} for row in found if (code := as_country(row.pop("country")))]

    return Own(
        since=since,
        on=on,
        sold=tuple(Sold(**row) for row in _summed(rows(_SOLD), ("units", "revenue", "orders"))),  # type: ignore[arg-type]
        taken=tuple(Taken(**row) for row in _summed(rows(_FEES), ("sold", "fee", "orders"))),  # type: ignore[arg-type]
        back=tuple(Back(**row) for row in _summed(rows(_BACK), ("orders", "sold", "refunded", "back"))),  # type: ignore[arg-type]
    )


def _summed(rows: Sequence[dict[str, object]], sums: tuple[str, ...]) -> list[dict[str, object]]:
    """Rows with equal words as one: platforms write a country in several ways."""
    found: dict[tuple[object, ...], dict[str, object]] = {}
    for row in rows:
        key = tuple(value for name, value in sorted(row.items()) if name not in sums and name != "taxed")
        have = found.get(key)
        if have is None:
            found[key] = dict(row)
            continue
        for name in sums:
            have[name] = int(str(have[name])) + int(str(row[name]))
        if "taxed" in row:
            have["taxed"] = bool(have["taxed"] and row["taxed"])
    return list(found.values())


@lru_cache(maxsize=512)
def as_country(text: str | None) -> str | None:
    """The country that a platform writes ("US", "United States"); None for what is none."""
    if not text:
        return None
    return (of_letters(text) if len(text.strip()) in (2, 3) else None) or of_name(text)


def fees_term(taken: Sequence[Taken], fx: Mapping[str, Decimal], until: date) -> Term | None:
    """The share that platforms take, from rows of one market or of several: between the least and the most of an
    account, with that of all together as the usual case. None where nothing is known."""
    by_account: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for row in taken:
        if (rate := _dollars(fx, row.currency)) is not None:
            by_account.setdefault(row.account, []).append((row.fee * rate, row.sold * rate))
    if not by_account:
        return None
    shares = {account: _part(rows) for account, rows in by_account.items()}
    every = [pair for rows in by_account.values() for pair in rows]
    return Term(
        name="platform",
        low=min(shares.values()),
        usual=_part(every),
        high=max(shares.values()),
        known="own",
        source=", ".join(sorted(by_account)),
        on=until,
    )


def _dollars(fx: Mapping[str, Decimal], currency: str) -> Decimal | None:
    """One unit of a currency in US dollars; None without its rate."""
    return fx.get(currency, Decimal(1) if currency == "USD" else None)


def _part(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    return sum((part for part, _ in pairs), Decimal(0)) / sum((all_ for _, all_ in pairs), Decimal(0))


def returns_term(back: Sequence[Back], until: date, fx: Mapping[str, Decimal]) -> Term | None:
    """The share of sales that is paid back: what was, with the interval that so many orders leave open (Wilson's, 95 %,
    of the share of orders): no refund among six orders is not none. None where no order's settlement is known."""
    known = [(row, rate) for row in back if (rate := _dollars(fx, row.currency)) is not None]
    orders = sum(row.orders for row, _ in known)
    if not orders:
        return None
    usual = _part([(row.back * rate, row.sold * rate) for row, rate in known])
    low, high = wilson(sum(row.refunded for row, _ in known), orders)
    return Term(
        name="returns",
        low=min(low, usual),
        usual=usual,
        high=max(high, usual),
        known="own",
        source=f"{orders} orders",
        on=until,
    )


def wilson(found: int, number: int) -> tuple[Decimal, Decimal]:
    """The interval of a share with 95 % confidence (Wilson 1927, doi.org/10.1080/01621459.1927.10502953)."""
    p, n = found / number, float(number)
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (
        Decimal(str(round(max(0.0, middle - half), 6))),
        Decimal(str(round(min(1.0, middle + half), 6))),
    )
