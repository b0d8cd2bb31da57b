"""Trades to declare, from the tables of the book."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from crossbook.engine import Database
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.trade import Item, Parcel, Parts, Payment, ToDeclare
from crossbook.trade.days import local_day
from crossbook.trade.statuses import NOT_SALES

# Orders in these states are no sale; whether one in a state that no table has is a sale, is asked.
SHOWN = 10
NO_SALES = tuple(state for state in NOT_SALES if state != "unknown")
_SHIPPED_ON = local_day("t.shipped_at", "Asia/Shanghai")  # a day that China's customs knows

# Trades to declare, each with its goods; those that somebody else declared already are left out. `list_state` is what
# customs last said of the export list; `cny` the book's last rate in the month before the parcel left. A line has its
# share of the order's discount taken off, or stands as listed where the discount is not known.
_TRADES = f"""
WITH goods AS (
  SELECT order_id, list({{'item': item, 'title': title, 'quantity': quantity, 'amount': coalesce(net, amount),
                         'net_g': net_weight_g}} ORDER BY line) AS goods
  FROM order_lines GROUP BY order_id
),
answers AS (
  SELECT order_id, max_by(number, returned_at) FILTER (number IS NOT NULL) AS list_number,
         max_by(state, returned_at) AS list_state, max_by(flag, returned_at) AS list_flag, max(returned_at) AS answered
  FROM customs_answers WHERE document = '603' AND order_id IS NOT NULL GROUP BY order_id
),
paid AS (
  SELECT order_id, list({{'payment_id': payment_id, 'amount': amount, 'currency': currency}}
                        ORDER BY paid_at, payment_id) AS payments
  FROM payments WHERE order_id IS NOT NULL GROUP BY order_id HAVING count(*) > 1
),
sent AS (
  SELECT order_id,
         list({{'tracking': tracking, 'weight_g': weight_g, 'country': country}} ORDER BY shipped_at, tracking)
           AS parcels
  FROM parcels WHERE order_id IS NOT NULL GROUP BY order_id HAVING count(*) > 1
),
cancelled AS (
  SELECT number, max(returned_at) AS gone FROM customs_answers
  WHERE document = '605' AND state IN ('accepted', 'released') GROUP BY number
),
rates AS (
  SELECT base, day, max(rate) AS cny FROM rate WHERE quote = 'CNY' AND rate > 0 GROUP BY base, day
),
priced AS (
  SELECT t.order_id, max_by(r.cny, r.day) AS cny FROM trade t JOIN rates r ON r.base = t.currency
  AND r.day BETWEEN {_SHIPPED_ON} - 31 AND {_SHIPPED_ON} GROUP BY t.order_id
)
SELECT t.order_id, t.account, t.currency, t.total, t.country, t.payment_id, t.institution, t.paid, t.pay_currency,
       t.paid_at, t.tracking, t.carrier, t.weight_g, CAST(t.pieces AS BIGINT) AS pieces, g.goods,
       o.goods AS of_goods, o.discount, o.shipping + coalesce(o.gift_wrap, 0) AS freight, o.tax,
       t.status, t.status_told, m.payments, s.parcels,
       a.list_number, CASE WHEN gone >= answered THEN 'cancelled' ELSE a.list_state END AS list_state, a.list_flag,
       CASE WHEN t.currency = 'CNY' THEN 1 ELSE p.cny END AS cny
FROM trade t LEFT JOIN orders o USING (order_id) LEFT JOIN goods g USING (order_id) LEFT JOIN answers a USING (order_id)
LEFT JOIN cancelled c ON c.number = a.list_number LEFT JOIN priced p USING (order_id)
LEFT JOIN paid m USING (order_id) LEFT JOIN sent s USING (order_id)
WHERE t.has_order AND t.has_shipment AND (t.has_customs IS NULL AND t.status NOT IN {NO_SALES} OR $mine)
  AND list_contains($accounts, t.account)
  AND ($order IS NULL OR t.order_id = $order)
  AND ($first IS NULL OR {_SHIPPED_ON} >= $first)
  AND ($last IS NULL OR {_SHIPPED_ON} <= $last)
ORDER BY t.placed_at, t.order_id
"""

# Shipped trades that nobody declared and that are none to declare: of a platform that is not in [customs], or no sale.
_LEFT_OUT = f"""
SELECT t.order_id, coalesce(t.account, '') AS account, t.status,
       coalesce(list_contains($accounts, t.account), false) AS ours
FROM trade t
WHERE t.has_order AND t.has_shipment AND t.has_customs IS NULL
  AND (t.status IN {NO_SALES} OR NOT coalesce(list_contains($accounts, t.account), false))
  AND ($order IS NULL OR t.order_id = $order)
  AND ($first IS NULL OR {_SHIPPED_ON} >= $first) AND ($last IS NULL OR {_SHIPPED_ON} <= $last)
ORDER BY t.account, t.placed_at, t.order_id
"""


@dataclass(frozen=True)
class LeftOut:
    """Shipped trades that are none to declare: how many on each account that is not in [customs.platforms], and orders
    of the others that are no sale, with their state."""

    accounts: dict[str, int]
    no_sales: dict[str, str]

    @property
    def said(self) -> tuple[str, ...]:
        """The same in words, for people; of the orders in each state the first ten."""
        found = []
        if self.accounts:
            told = ", ".join(f"{name or '—'} ({n:,})" for name, n in self.accounts.items())
            found.append(f"shipped on accounts that are not in [customs.platforms]: {told}")
        for state in dict.fromkeys(self.no_sales.values()):
            orders = [order for order, s in self.no_sales.items() if s == state]
            more = f" + {len(orders) - SHOWN:,}" if len(orders) > SHOWN else ""
            found.append(f"shipped though {state}, and not to be declared: {', '.join(orders[:SHOWN])}{more}")
        return tuple(found)


def trades(
    database: Database,
    customs: Customs,
    *,
    order: str | None = None,
    first: date | None = None,
    last: date | None = None,
    declared: bool = False,
) -> list[ToDeclare]:
    """The trades of the platforms in [customs] that were shipped; those that a broker declared, and orders that are no
    sale, only with `declared`. Days are China's.

    Needs the publication `verdict`."""
    database.ask("trade")
    rows = database.rows(
        _TRADES,
        accounts=list(customs.platforms),
        order=order,
        first=first,
        last=last,
        mine=declared,
    )
    return [of_row(r) for r in rows]


def left_out(
    database: Database,
    customs: Customs,
    *,
    order: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> LeftOut:
    """What was shipped, and `trades` does not give though nobody declared it. Needs the publication `verdict`."""
    database.ask("trade")
    rows = database.rows(_LEFT_OUT, accounts=list(customs.platforms), order=order, first=first, last=last)
    others = Counter(r["account"] for r in rows if not r["ours"])
    return LeftOut(dict(others), {r["order_id"]: r["status"] for r in rows if r["ours"]})


def of_row(row: dict[str, Any]) -> ToDeclare:
    """A trade from a row of the database; `goods` holds its lines."""
    items = tuple(
        Item(
            sku=g["item"] or g["title"],
            title=g["title"] or g["item"],
            quantity=_whole(g["quantity"]),
            amount=_whole(g["amount"]),
            net_g=g["net_g"],
        )
        for g in row["goods"] or []
    )
    names = ToDeclare.__dataclass_fields__
    parts = Parts(
        total=row["total"], goods=row["of_goods"], discount=row["discount"], freight=row["freight"], tax=row["tax"]
    )
    given = {k: v for k, v in row.items() if k in names} | {"items": items}
    given["payments"] = tuple(Payment(**p) for p in row["payments"] or [])
    given["parcels"] = tuple(Parcel(**p) for p in row["parcels"] or [])
    if given["payments"]:
        given["payment_id"] = None
    if given["parcels"]:
        given["tracking"] = None
    return ToDeclare(**given, parts=parts)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
