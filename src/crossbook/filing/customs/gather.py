"""Trades to declare, from the tables of the book."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossbook.engine import Database
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.trade import Item, Parts, ToDeclare

# Trades to declare, each with its goods; those that somebody else declared already are left out. `list_state` is what
# customs last said of the export list; `cny` the book's last rate in the month before the parcel left. A line has its
# share of the order's discount taken off, or stands as listed where the discount is not known.
_TRADES = """
WITH goods AS (
  SELECT order_id, list({'item': item, 'title': title, 'quantity': quantity, 'amount': coalesce(net, amount),
                         'net_g': net_weight_g} ORDER BY line) AS goods
  FROM order_lines GROUP BY order_id
),
answers AS (
  SELECT order_id, max_by(number, returned_at) FILTER (number IS NOT NULL) AS list_number,
         max_by(state, returned_at) AS list_state, max_by(flag, returned_at) AS list_flag, max(returned_at) AS answered
  FROM customs_answers WHERE document = '603' AND order_id IS NOT NULL GROUP BY order_id
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
  AND r.day BETWEEN CAST(t.shipped_at AS DATE) - 31 AND CAST(t.shipped_at AS DATE) GROUP BY t.order_id
)
SELECT t.order_id, t.account, t.currency, t.total, t.country, t.payment_id, t.institution, t.paid, t.pay_currency,
       t.paid_at, t.tracking, t.carrier, t.weight_g, CAST(t.pieces AS BIGINT) AS pieces, g.goods,
       o.goods AS of_goods, o.discount, o.shipping + o.gift_wrap AS freight, o.tax,
       a.list_number, CASE WHEN gone >= answered THEN 'cancelled' ELSE a.list_state END AS list_state, a.list_flag,
       CASE WHEN t.currency = 'CNY' THEN 1 ELSE p.cny END AS cny
FROM trade t LEFT JOIN orders o USING (order_id) LEFT JOIN goods g USING (order_id) LEFT JOIN answers a USING (order_id)
LEFT JOIN cancelled c ON c.number = a.list_number LEFT JOIN priced p USING (order_id)
WHERE t.has_order AND t.has_shipment AND (t.has_customs IS NULL OR $mine) AND list_contains($accounts, t.account)
  AND ($order IS NULL OR t.order_id = $order)
  AND ($first IS NULL OR CAST(t.shipped_at AS DATE) >= $first)
  AND ($last IS NULL OR CAST(t.shipped_at AS DATE) <= $last)
ORDER BY t.placed_at, t.order_id
"""


def trades(
    database: Database, customs: Customs, *, order: str | None = None, first: date | None = None,
    last: date | None = None, declared: bool = False,
) -> list[ToDeclare]:  # fmt: skip
    """The trades of the platforms in [customs] that were shipped; those that a broker declared only with `declared`.

    Needs the publication `verdict`."""
    database.ask("trade")
    rows = database.rows(
        _TRADES, accounts=list(customs.platforms), order=order,
        first=first, last=last, mine=declared,
    )  # fmt: skip
    return [of_row(r) for r in rows]


def of_row(row: dict[str, Any]) -> ToDeclare:
    """A trade from a row of the database; `goods` holds its lines."""
    items = tuple(
        Item(sku=g["item"] or g["title"], title=g["title"] or g["item"], quantity=_whole(g["quantity"]),
             amount=_whole(g["amount"]), net_g=g["net_g"])
        for g in row["goods"] or []
    )  # fmt: skip
    names = ToDeclare.__dataclass_fields__
    parts = Parts(
        total=row["total"], goods=row["of_goods"], discount=row["discount"], freight=row["freight"], tax=row["tax"]
    )  # fmt: skip
    return ToDeclare(**{k: v for k, v in row.items() if k in names} | {"items": items}, parts=parts)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
