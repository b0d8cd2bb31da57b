"""What the book sold of accused products: units and revenue by day, from its own orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.engine import Database, newest
from crossbook.errors import CrossbookError


@dataclass(frozen=True)
class DaySales:
    """Units and revenue (minor units) of one product on a day; `because` names a few of its orders."""

    day: date
    sku: str
    currency: str
    units: int
    revenue: int
    orders: int


@dataclass(frozen=True)
class Accused:
    """The accused sales in all: by day, and summed by product and currency."""

    days: tuple[DaySales, ...]
    totals: tuple[tuple[str, str, int, int, int], ...]  # sku, currency, units, revenue, orders
    first: date | None
    last: date | None

    @property
    def revenue(self) -> dict[str, int]:
        """Revenue by currency."""
        found: dict[str, int] = {}
        for _, currency, _, amount, _ in self.totals:
            found[currency] = found.get(currency, 0) + amount
        return found


def accused_sales(database: Database, skus: tuple[str, ...], accounts: tuple[str, ...] = ()) -> Accused:
    """The sales of some products, of all accounts or of some. Raises CrossbookError for a product never sold."""
    if not skus:
        return Accused((), (), None, None)
    rows = database.rows(
        f"""
        SELECT CAST(o.placed_at AS DATE) AS day, i.item AS sku, o.currency,
               CAST(sum(coalesce(i.quantity, 1)) AS BIGINT) AS units,
               CAST(sum(coalesce(i.amount, 0)) AS BIGINT) AS revenue, count(DISTINCT o.order_id) AS orders
        FROM {newest(database, "order_item")} i JOIN {newest(database, "order")} o USING (account, order_id)
        WHERE list_contains($skus, i.item) AND (len($accounts) = 0 OR list_contains($accounts, o.account))
        GROUP BY ALL ORDER BY day, sku, currency
        """,
        skus=list(skus), accounts=list(accounts),
    )  # fmt: skip
    missing = sorted(set(skus) - {r["sku"] for r in rows})
    if missing and not rows:
        raise CrossbookError(
            f"the book has no sale of {', '.join(missing)}",
            todo="name products as the orders do (sku), or add the orders",
        )
    days = tuple(DaySales(**r) for r in rows)
    totals: dict[tuple[str, str], list[int]] = {}
    for d in days:
        sums = totals.setdefault((d.sku, d.currency), [0, 0, 0])
        sums[0], sums[1], sums[2] = sums[0] + d.units, sums[1] + d.revenue, sums[2] + d.orders
    told = tuple((sku, currency, *sums) for (sku, currency), sums in sorted(totals.items()))
    return Accused(days, told, days[0].day if days else None, days[-1].day if days else None)  # type: ignore[arg-type]
