"""Trades to declare, from the tables of the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crossbook.engine import Database
from crossbook.errors import NotFoundError
from crossbook.filing.customs import answered
from crossbook.filing.customs.quantity import COLUMNS
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.trade import Item, Parcel, Parts, Payment, ToDeclare, Want
from crossbook.i18n import t
from crossbook.trade import moments
from crossbook.trade.days import local_day
from crossbook.trade.statuses import NOT_SALES
from crossbook.verify.rule import Rule
from crossbook.verify.rules import rules
from crossbook.verify.trade import said
from crossbook.verify.verdicts import broken

# Orders in these states are no sale; whether one in a state that no table has is a sale, is asked.
SHOWN = 10
COMPARED = frozenset({"order", "payment", "shipment"})  # the papers that the messages of a trade are made of
NO_SALES = tuple(state for state in NOT_SALES if state != "unknown")
_SHIPPED_ON = local_day("t.shipped_at", "Asia/Shanghai")  # a day that China's customs knows

# Trades to declare, each with its goods; those that somebody else declared already are left out. `list_state` is what
# customs last said of the export list; `cny` the book's last rate in the month before the parcel left. A line has its
# share of the order's discount taken off, or stands as listed where the discount is not known.
_TRADES = f"""
WITH goods AS (
  SELECT order_id, list({{'item': item, 'title': title, 'quantity': quantity, 'amount': coalesce(net, amount),
                         'net_g': CASE WHEN net_weight_by = 'product' THEN unit_weight_kg * 1000 * quantity
                                       ELSE net_weight_g END,
                         'currency': currency, 'length': unit_length_m, 'area': unit_area_m2,
                         'volume': unit_volume_l, 'pieces': unit_pieces}} ORDER BY line) AS goods
  FROM order_lines GROUP BY order_id
),
answers AS (
  SELECT order_id, max_by(number, {moments.ANSWER}) FILTER (number IS NOT NULL) AS list_number,
         {answered.STATE} AS list_state, {answered.CODE} AS list_code,
         max_by(flag, {moments.ANSWER}) AS list_flag, max(returned_at) AS answered
  FROM {answered.answers("order_id", "document = '603' AND order_id IS NOT NULL")} GROUP BY order_id
),
paid AS (
  SELECT order_id, list({{'payment_id': payment_id, 'amount': amount, 'currency': currency, 'institution': institution,
                          'paid_at': paid_at}} ORDER BY paid_at, payment_id) AS payments
  FROM payments WHERE order_id IS NOT NULL GROUP BY order_id HAVING count(*) > 1
),
sent AS (
  SELECT order_id,
         list({{'tracking': tracking, 'weight_g': weight_g, 'country': country, 'carrier': carrier,
                'pieces': CAST(pieces AS BIGINT)}} ORDER BY shipped_at, tracking) AS parcels
  FROM parcels WHERE order_id IS NOT NULL GROUP BY order_id HAVING count(*) > 1
),
waybill AS (
  SELECT DISTINCT p.order_id, s.order_id AS other FROM parcels p JOIN parcels s ON s.tracking = p.tracking
  AND s.carrier IS NOT DISTINCT FROM p.carrier AND s.order_id <> p.order_id
),
same_waybill AS (SELECT order_id, list(other ORDER BY other) AS same_waybill FROM waybill GROUP BY order_id),
paid_too AS (
  SELECT DISTINCT p.order_id, s.order_id AS other FROM payments p JOIN payments s ON s.payment_id = p.payment_id
  AND s.institution IS NOT DISTINCT FROM p.institution AND s.order_id <> p.order_id
),
same_payment AS (SELECT order_id, list(other ORDER BY other) AS same_payment FROM paid_too GROUP BY order_id),
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
       t.status, t.status_told, t.shipped_at, m.payments, s.parcels, w.same_waybill, f.same_payment,
       v.broken, v.broken_2, a.list_number,
       CASE WHEN gone >= answered THEN 'cancelled' ELSE a.list_state END AS list_state,
       a.list_code, a.list_flag,
       CASE WHEN t.currency = 'CNY' THEN 1 ELSE p.cny END AS cny
FROM trade t LEFT JOIN orders o USING (order_id) LEFT JOIN goods g USING (order_id) LEFT JOIN answers a USING (order_id)
LEFT JOIN cancelled c ON c.number = a.list_number LEFT JOIN priced p USING (order_id)
LEFT JOIN paid m USING (order_id) LEFT JOIN sent s USING (order_id) LEFT JOIN same_waybill w USING (order_id)
LEFT JOIN same_payment f USING (order_id) LEFT JOIN verdict v USING (order_id)
WHERE t.has_order AND t.has_shipment AND (t.has_customs IS NULL AND t.status NOT IN {NO_SALES} OR $mine)
  AND list_contains($accounts, t.account)
  AND ($orders IS NULL OR list_contains($orders, t.order_id))
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
    orders: Sequence[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    declared: bool = False,
) -> list[ToDeclare]:
    """The trades of the platforms in [customs] that were shipped, or those of them in `order` or `orders`; those that a
    broker declared, and orders that are no sale, only with `declared`. Days are China's.

    Needs the publication `verdict`. Raises NotFoundError where `order` is none of them."""
    database.ask("trade")
    rows = database.rows(
        _TRADES,
        accounts=list(customs.platforms),
        orders=[order] if order else None if orders is None else list(orders),
        first=first,
        last=last,
        mine=declared,
    )
    if order and not rows:
        raise NotFoundError(
            f"no shipped trade {order!r} is to be declared",
            todo="is its platform in [customs.platforms]? has a broker declared it? is it a sale?",
        )
    agreeing = [r for r in rules() if r.verdict == "contradicted" and COMPARED.issuperset(r.papers)]
    # a trade that the verify desk does not know has no words of rules: of it nothing is known to contradict
    names = [set(broken(r["broken"] or 0, r["broken_2"] or 0)) for r in rows]
    return [
        replace(of_row(r), differ=_differ(database, r["order_id"], found, agreeing))
        for r, found in zip(rows, names, strict=True)
    ]


def _differ(database: Database, order_id: str, names: Collection[str], agreeing: Sequence[Rule]) -> tuple[Want, ...]:
    """Where the papers of a trade contradict one another, as the verify desk sees it and nobody set it aside."""
    found = []
    for rule in agreeing:
        if rule.name in names:
            told = "; ".join(f"{t(s.paper)} {s.text}" for s in said(database, order_id, rule) if s.text)
            found.append(Want(rule.field, told, rule.title))
    return tuple(found)


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
            currency=g["currency"],
            each={name: g[name] for name in COLUMNS if g[name] is not None},
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
    for name in ("same_waybill", "same_payment"):
        given[name] = tuple(row[name] or ())
    if given["payments"]:
        given["payment_id"] = None
    if given["parcels"]:
        given["tracking"] = None
    return ToDeclare(**given, parts=parts)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
