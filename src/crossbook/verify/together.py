"""What only all trades together tell: waybills and lists that several trades share, usual prices and institutions,
orders that repeat each other or that one payment covers. Small tables: only what is shared, or what has a usual
value."""

from __future__ import annotations

import pyarrow as pa

from crossbook.engine import Database

# A trade with a waybill, a list that others have too: with how many consignees, waybills, and one of the others.
_SHARED_TRACKING = """
WITH used AS (
  SELECT tracking FROM parcels WHERE tracking IS NOT NULL GROUP BY tracking HAVING min(order_id) <> max(order_id)
),
told AS (
  SELECT p.tracking, p.order_id, lower(coalesce(p.consignee, o.consignee)) AS consignee
  FROM parcels p SEMI JOIN used USING (tracking) LEFT JOIN orders o ON o.order_id = p.order_id
),
whole AS (
  SELECT tracking, count(DISTINCT consignee) AS consignees, min(order_id) AS one, max(order_id) AS other
  FROM told GROUP BY tracking
)
SELECT t.order_id, max(consignees) AS consignees, max_by(t.tracking, consignees) AS tracking,
       max_by(CASE WHEN one = t.order_id THEN other ELSE one END, consignees) AS other
FROM told t JOIN whole USING (tracking) GROUP BY t.order_id
"""
_SHARED_LIST = """
WITH used AS (
  SELECT declaration FROM declarations WHERE declaration IS NOT NULL GROUP BY declaration
  HAVING min(order_id) <> max(order_id)
),
told AS (
  SELECT DISTINCT d.declaration, d.order_id, t.tracking
  FROM declarations d SEMI JOIN used USING (declaration) JOIN trade t ON t.order_id = d.order_id
),
whole AS (
  SELECT declaration, count(DISTINCT tracking) AS waybills, min(order_id) AS one, max(order_id) AS other
  FROM told GROUP BY declaration
)
SELECT t.order_id, max(waybills) AS waybills, max_by(t.declaration, waybills) AS declaration,
       max_by(CASE WHEN one = t.order_id THEN other ELSE one END, waybills) AS other
FROM told t JOIN whole USING (declaration) GROUP BY t.order_id
"""
_USUAL_PRICE = """
SELECT item, currency, quantile_cont(unit_price, 0.5) AS middle, quantile_cont(unit_price, 0.05) AS low,
       quantile_cont(unit_price, 0.95) AS high, count(*) AS n
FROM trade WHERE unit_price IS NOT NULL GROUP BY item, currency HAVING count(*) >= 20
"""
_USUAL_INSTITUTION = """
SELECT account, mode(institution) AS usual, max(paid_by) AS usual_by
FROM trade WHERE account IS NOT NULL AND has_payment GROUP BY account
"""
_REPEATED = """
SELECT order_id, before_id, before_at FROM (
  SELECT order_id, lag(order_id) OVER w AS before_id, lag(placed_at) OVER w AS before_at, placed_at
  FROM trade WHERE buyer IS NOT NULL
  WINDOW w AS (PARTITION BY account, buyer, item, total, consignee ORDER BY placed_at, order_id)
) WHERE before_at > placed_at - INTERVAL 1 HOUR
"""
# Payments of orders that some payment covers together with others.
_TIED = """
SELECT concat(evidence, ':', line) AS payment, order_id, amount_whole AS amount FROM payments
SEMI JOIN (SELECT order_id FROM payments WHERE together > 1) USING (order_id) ORDER BY ALL
"""
# Orders that payments tie together, with what all of them cost, what was paid for them, and what of it went back.
_PAID_GROUP = """
WITH due AS (
  SELECT grouped, count(*) AS orders, CASE WHEN count(total) = count(*) THEN sum(total) END AS due,
         sum(refunded) AS back
  FROM group_order JOIN trade USING (order_id) GROUP BY grouped
),
got AS (
  SELECT grouped, CASE WHEN count(amount) = count(*) THEN sum(amount) END AS got
  FROM group_payment GROUP BY grouped
)
SELECT order_id, grouped, due.orders, due, got, back
FROM group_order JOIN due USING (grouped) JOIN got USING (grouped)
"""
ALL = (_SHARED_TRACKING, _SHARED_LIST, _USUAL_PRICE, _USUAL_INSTITUTION, _REPEATED, _TIED, _PAID_GROUP)


def make(database: Database) -> None:
    """Make the tables. Needs `trade`."""
    database.make("shared_tracking", _SHARED_TRACKING)
    database.make("shared_list", _SHARED_LIST)
    database.make("usual_price", _USUAL_PRICE)
    database.make("usual_institution", _USUAL_INSTITUTION)
    database.make("repeated", _REPEATED)
    _paid_together(database)


def _paid_together(database: Database) -> None:
    """`paid_group`."""
    rows = database.rows(_TIED)
    group = _groups([(f"p {r['payment']}", f"o {r['order_id']}") for r in rows])
    orders = sorted({(group[f"o {r['order_id']}"], r["order_id"]) for r in rows})
    paid = {r["payment"]: (group[f"p {r['payment']}"], r["amount"]) for r in rows}
    database.put(
        "group_order",
        pa.table(
            {
                "grouped": pa.array([g for g, _ in orders], pa.int64()),
                "order_id": pa.array([order for _, order in orders], pa.string()),
            }
        ),
    )
    database.put(
        "group_payment",
        pa.table(
            {
                "grouped": pa.array([g for g, _ in paid.values()], pa.int64()),
                "amount": pa.array([amount for _, amount in paid.values()], pa.int64()),
            }
        ),
    )
    database.make("paid_group", _PAID_GROUP)


def _groups(pairs: list[tuple[str, str]]) -> dict[str, int]:
    """The number of the connected group of each name."""
    parent: dict[str, str] = {}

    def top(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for a, b in pairs:
        parent[top(a)] = top(b)
    numbers: dict[str, int] = {}
    return {name: numbers.setdefault(top(name), len(numbers)) for name in parent}
