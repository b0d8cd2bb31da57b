"""What the book sold of accused products: units and revenue by day, from its own orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.engine import Database
from crossbook.trade.statuses import NOT_SALES


@dataclass(frozen=True)
class DaySales:
    """Units and revenue (minor units) of one product on a day.

    Revenue is after discounts where the order says them. `unknown` lines of goods say no quantity or no price: they are
    in no sum.
    """

    day: date
    sku: str
    currency: str
    units: int
    revenue: int
    orders: int
    unknown: int = 0


@dataclass(frozen=True)
class Unsold:
    """An accused product without a sale in the accounts asked for (all, when empty),
    and its orders in other accounts."""

    sku: str
    accounts: tuple[str, ...]
    elsewhere: tuple[tuple[str, int], ...]  # account, orders

    @property
    def said(self) -> str:
        """In a sentence, which the catalogue translates."""
        if not self.accounts:
            return f"no sale of {self.sku} in the book: name products as the orders do (sku), or add the orders"
        others = ", ".join(f"{account} {n}" for account, n in self.elsewhere)
        where = f"no sale of {self.sku} in account {', '.join(self.accounts)}"
        return f"{where}; orders in other accounts: {others}" if others else f"{where}, nor in another"


@dataclass(frozen=True)
class Accused:
    """The accused sales in all: by day, and summed by product and currency; `unsold` the products without any."""

    days: tuple[DaySales, ...]
    totals: tuple[tuple[str, str, int, int, int], ...]  # sku, currency, units, revenue, orders
    first: date | None
    last: date | None
    unsold: tuple[Unsold, ...] = ()

    @property
    def unknown(self) -> int:
        """How many lines of goods say no quantity or no price."""
        return sum(d.unknown for d in self.days)

    @property
    def revenue(self) -> dict[str, int]:
        """Revenue by currency."""
        found: dict[str, int] = {}
        for _, currency, _, amount, _ in self.totals:
            found[currency] = found.get(currency, 0) + amount
        return found


def accused_sales(database: Database, skus: tuple[str, ...], accounts: tuple[str, ...] = ()) -> Accused:
    """The sales of some products, of all accounts or of some;
    a product without any is named, with its sales elsewhere."""
    if not skus:
        return Accused(days=(), totals=(), first=None, last=None)
    database.ask("trade")
    rows = database.rows(
        f"""
        SELECT o.placed_on AS day, i.item AS sku, o.currency,
               CAST(coalesce(sum(i.quantity), 0) AS BIGINT) AS units,
               CAST(coalesce(sum(coalesce(i.net, i.amount)), 0) AS BIGINT) AS revenue,
               count(DISTINCT o.order_id) AS orders,
               count(*) FILTER (i.quantity IS NULL OR coalesce(i.net, i.amount) IS NULL) AS unknown
        FROM order_lines i JOIN orders o USING (order_id)
        WHERE o.status NOT IN {NOT_SALES} AND list_contains($skus, i.item)
          AND (len($accounts) = 0 OR list_contains($accounts, o.account))
        GROUP BY ALL ORDER BY day, sku, currency
        """,
        skus=list(skus),
        accounts=list(accounts),
    )
    missing = sorted(set(skus) - {r["sku"] for r in rows})
    elsewhere = (
        database.rows(
            f"""
        SELECT i.item AS sku, coalesce(o.account, '?') AS account, count(DISTINCT o.order_id) AS n
        FROM order_lines i JOIN orders o USING (order_id)
        WHERE o.status NOT IN {NOT_SALES} AND list_contains($skus, i.item) GROUP BY ALL ORDER BY sku, n DESC, account
        """,
            skus=missing,
        )
        if missing and accounts
        else []
    )
    unsold = tuple(
        Unsold(sku, accounts, tuple((r["account"], r["n"]) for r in elsewhere if r["sku"] == sku)) for sku in missing
    )
    days = tuple(DaySales(**r) for r in rows)
    totals: dict[tuple[str, str], list[int]] = {}
    for d in days:
        sums = totals.setdefault((d.sku, d.currency), [0, 0, 0])
        sums[0], sums[1], sums[2] = sums[0] + d.units, sums[1] + d.revenue, sums[2] + d.orders
    told = tuple(
        (sku, currency, units, revenue, orders) for (sku, currency), (units, revenue, orders) in sorted(totals.items())
    )
    return Accused(
        days=days, totals=told, first=days[0].day if days else None, last=days[-1].day if days else None, unsold=unsold
    )
