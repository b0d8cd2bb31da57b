"""One paper that stands for several trades: payments, invoices, parcels and export lists of one number."""

from __future__ import annotations

from crossbook.engine import Database
from crossbook.verify.persons import count_people

# After a year carriers give out their numbers again.
_YEAR = 365

# A payment's number is its institution's. Rows of one payment for several orders of one buyer are one payment told
# order by order: it is said when the buyers are several people, or the number stands at two moments.
_PAYMENT = """
WITH used AS (
  SELECT coalesce(institution, '') AS institution, payment_id FROM payments
  WHERE payment_id IS NOT NULL AND together = 1 GROUP BY ALL HAVING min(order_id) <> max(order_id)
)
SELECT concat(coalesce(p.institution, ''), ' ', p.payment_id) AS sign, p.payment_id AS number, p.order_id,
       coalesce(o.buyer, p.payer) AS name, p.paid_at AS moment
FROM payments p JOIN used u ON u.payment_id = p.payment_id AND u.institution = coalesce(p.institution, '')
LEFT JOIN orders o ON o.order_id = p.order_id WHERE p.together = 1
"""
_INVOICE = """
WITH used AS (
  SELECT invoice_id FROM invoices WHERE invoice_id IS NOT NULL AND coalesce(amount, 0) >= 0
  GROUP BY invoice_id HAVING min(order_id) <> max(order_id)
)
SELECT i.invoice_id AS sign, i.invoice_id AS number, i.order_id, coalesce(o.buyer, i.buyer) AS name,
       CAST(i.issued_on AS TIMESTAMP) AS moment
FROM invoices i SEMI JOIN used USING (invoice_id) LEFT JOIN orders o ON o.order_id = i.order_id
WHERE coalesce(i.amount, 0) >= 0
"""
_SHARED = """
WITH whole AS (
  SELECT t.sign, min(t.order_id) AS one, max(t.order_id) AS other, count(DISTINCT t.order_id) AS orders,
         min(t.moment) <> max(t.moment) AS apart, coalesce(max(p.people), 0) AS people
  FROM {told} t LEFT JOIN {people} p USING (sign) GROUP BY t.sign
)
SELECT t.order_id, min(t.number) AS number, max(w.people) AS people, bool_or(coalesce(w.apart, false)) AS apart,
       min(CASE WHEN w.one = t.order_id THEN w.other ELSE w.one END) AS other
FROM {told} t JOIN whole w USING (sign) GROUP BY t.order_id
"""

# Parcels of one number within a year. `own` is how many parcels of the trade nobody else has.
_TRACKING = """
WITH used AS (
  SELECT tracking FROM parcels WHERE tracking IS NOT NULL GROUP BY tracking
  HAVING min(order_id) <> max(order_id)
     AND coalesce(date_diff('day', min(shipped_at), max(shipped_at)), 0) <= {year}
)
SELECT p.tracking AS sign, p.order_id, coalesce(p.consignee, o.consignee) AS name, p.weight_g, g.goods_weight_g,
       (SELECT count(DISTINCT a.tracking) FROM parcels a ANTI JOIN used USING (tracking) WHERE a.order_id = p.order_id)
         AS own
FROM parcels p JOIN used u ON u.tracking = p.tracking LEFT JOIN orders o ON o.order_id = p.order_id
LEFT JOIN (SELECT order_id, goods_weight_g FROM trade) g ON g.order_id = p.order_id
"""
_SHARED_TRACKING = """
WITH whole AS (
  SELECT t.sign, coalesce(max(p.people), 0) AS consignees, min(order_id) AS one, max(order_id) AS other,
         count(DISTINCT order_id) AS orders,
         CASE WHEN count(weight_g) = count(*) THEN
              CASE WHEN min(weight_g) = max(weight_g) THEN max(weight_g) ELSE sum(weight_g) END END AS weight_g,
         CASE WHEN count(goods_weight_g) = count(*) THEN sum(goods_weight_g) END AS goods_weight_g
  FROM tracking_told t LEFT JOIN tracking_people p USING (sign) GROUP BY t.sign
)
SELECT t.order_id, max(w.consignees) AS consignees, max_by(t.sign, w.consignees) AS tracking,
       max_by(CASE WHEN w.one = t.order_id THEN w.other ELSE w.one END, w.consignees) AS other,
       max(w.orders) AS orders, max(t.own) AS own, max_by(w.weight_g, w.orders) AS weight_g,
       max_by(w.goods_weight_g, w.orders) AS goods_weight_g
FROM tracking_told t JOIN whole w USING (sign) GROUP BY t.order_id
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
ALL = (_PAYMENT, _INVOICE, _SHARED, _TRACKING, _SHARED_TRACKING, _SHARED_LIST)


def make(database: Database) -> None:
    """Make `shared_payment`, `shared_invoice`, `shared_tracking` and `shared_list`. Needs `trade`."""
    for name, select in (("payment", _PAYMENT), ("invoice", _INVOICE)):
        database.scratch(f"{name}_told", select)
        count_people(database, f"{name}_people", f"SELECT sign, name FROM {name}_told")
        database.make(f"shared_{name}", _SHARED.format(told=f"{name}_told", people=f"{name}_people"))
    database.scratch("tracking_told", _TRACKING.format(year=_YEAR))
    count_people(database, "tracking_people", "SELECT sign, name FROM tracking_told")
    database.make("shared_tracking", _SHARED_TRACKING)
    database.make("shared_list", _SHARED_LIST)
