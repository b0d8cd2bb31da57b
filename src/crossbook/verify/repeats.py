"""One paper that stands for several trades: payments, invoices, parcels and export lists of one number."""

from __future__ import annotations

from crossbook.engine import Database
from crossbook.verify.persons import count_people

# After a year carriers give out their numbers again.
_YEAR = 365

# The characters by which one writing of a number differs from another, and those written full width.
_GAPS = " \u3000\t\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d_./\\\\"
_WIDE = "".join(chr(0xFEE0 + ord(c)) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def bare(number: str) -> str:
    """A number without what its writings differ in, in SQL: case, width, gaps, hyphens, leading zeros."""
    return f"nullif(ltrim(translate(upper({number}), '{_WIDE}{_GAPS}', '{_PLAIN}'), '0'), '')"


def _parted(number: str) -> str:
    """The same with a hyphen at each gap: 2025-1-12 and 2025-11-2 are two numbers."""
    hyphens = "-" * len(_GAPS)
    told = f"translate(upper(trim({number})), '{_WIDE}{_GAPS}', '{_PLAIN}{hyphens}')"
    return f"ltrim(regexp_replace({told}, '-+', '-', 'g'), '0')"


def _sign(number: str, of: str, bare_number: str) -> str:
    """What stands for a number that others may write otherwise: bare, unless two numbers are the same but for gaps."""
    parted = _parted(number)
    return (
        f"CASE WHEN count(DISTINCT CASE WHEN contains({parted}, '-') THEN {parted} END) "
        f"OVER (PARTITION BY {of}) > 1 THEN {parted} ELSE {bare_number} END"
    )


# Rows of a sign that several orders have.
_SEVERAL = "SELECT * FROM told QUALIFY min(order_id) OVER (PARTITION BY sign) <> max(order_id) OVER (PARTITION BY sign)"

# A payment's number is its institution's. Rows of one payment for several orders of one buyer are one payment told
# order by order: it is said when the buyers are several people, or the number stands at two moments.
_PAYMENT = f"""
WITH used AS (
  SELECT coalesce(institution, '') AS institution, {bare("payment_id")} AS bare FROM payments
  WHERE payment_id IS NOT NULL AND together = 1 GROUP BY ALL HAVING min(order_id) <> max(order_id)
),
told AS (
  SELECT concat(u.institution, ' ', {_sign("p.payment_id", "u.institution, u.bare", "u.bare")}) AS sign,
         p.payment_id AS number, p.order_id, coalesce(o.buyer, p.payer) AS name, p.paid_at AS moment
  FROM payments p JOIN used u ON u.bare = {bare("p.payment_id")} AND u.institution = coalesce(p.institution, '')
  LEFT JOIN orders o ON o.order_id = p.order_id WHERE p.together = 1
)
{_SEVERAL}
"""
_INVOICE = f"""
WITH used AS (
  SELECT {bare("invoice_id")} AS bare FROM invoices WHERE invoice_id IS NOT NULL AND coalesce(amount, 0) >= 0
  GROUP BY bare HAVING min(order_id) <> max(order_id)
),
told AS (
  SELECT {_sign("i.invoice_id", "u.bare", "u.bare")} AS sign, i.invoice_id AS number, i.order_id,
         coalesce(o.buyer, i.buyer) AS name, CAST(i.issued_on AS TIMESTAMP) AS moment
  FROM invoices i JOIN used u ON u.bare = {bare("i.invoice_id")} LEFT JOIN orders o ON o.order_id = i.order_id
  WHERE coalesce(i.amount, 0) >= 0
)
{_SEVERAL}
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
_TRACKING = f"""
WITH used AS (
  SELECT {bare("tracking")} AS bare FROM parcels WHERE tracking IS NOT NULL GROUP BY bare
  HAVING min(order_id) <> max(order_id)
     AND coalesce(date_diff('day', min(shipped_at), max(shipped_at)), 0) <= {{year}}
),
shared AS (
  SELECT p.order_id, p.tracking, p.consignee, p.weight_g, {_sign("p.tracking", "u.bare", "u.bare")} AS sign
  FROM parcels p JOIN used u ON u.bare = {bare("p.tracking")}
),
several AS (
  SELECT * FROM shared QUALIFY min(order_id) OVER (PARTITION BY sign) <> max(order_id) OVER (PARTITION BY sign)
),
apart AS (
  SELECT order_id, count(DISTINCT tracking) AS own FROM parcels SEMI JOIN several USING (order_id)
  ANTI JOIN several t ON t.order_id = parcels.order_id AND t.tracking = parcels.tracking GROUP BY order_id
),
listed AS (
  SELECT order_id, sum(heaviest) AS declared_weight_g FROM (
    SELECT order_id, max(weight_g) AS heaviest FROM declarations SEMI JOIN several USING (order_id)
    WHERE NOT coalesce(cancelled, false) GROUP BY order_id, declaration) GROUP BY order_id
)
SELECT p.sign, p.tracking, p.order_id, coalesce(p.consignee, o.consignee) AS name, p.weight_g, g.goods_weight_g,
       l.declared_weight_g, coalesce(a.own, 0) AS own
FROM several p LEFT JOIN apart a USING (order_id) LEFT JOIN listed l USING (order_id)
LEFT JOIN orders o ON o.order_id = p.order_id
LEFT JOIN (SELECT order_id, goods_weight_g FROM trade) g ON g.order_id = p.order_id
"""
_SHARED_TRACKING = """
WITH whole AS (
  SELECT t.sign, coalesce(max(p.people), 0) AS consignees, min(order_id) AS one, max(order_id) AS other,
         count(DISTINCT order_id) AS orders,
         CASE WHEN count(weight_g) = count(*) THEN
              CASE WHEN min(weight_g) = max(weight_g) THEN max(weight_g) ELSE sum(weight_g) END END AS weight_g,
         CASE WHEN count(goods_weight_g) = count(*) THEN sum(goods_weight_g) END AS goods_weight_g,
         CASE WHEN count(declared_weight_g) = count(*) THEN sum(declared_weight_g) END AS declared_weight_g,
         count(*) = count(DISTINCT order_id) AND count(DISTINCT weight_g) = 1 AS whole
  FROM tracking_told t LEFT JOIN tracking_people p USING (sign) GROUP BY t.sign
)
SELECT t.order_id, max(w.consignees) AS consignees, max_by(t.tracking, (w.consignees, t.sign)) AS tracking,
       max_by(CASE WHEN w.one = t.order_id THEN w.other ELSE w.one END, (w.consignees, t.sign)) AS other,
       max(w.orders) AS orders, max(t.own) AS own, max_by(w.weight_g, (w.orders, t.sign)) AS weight_g,
       max_by(w.goods_weight_g, (w.orders, t.sign)) AS goods_weight_g,
       max_by(w.declared_weight_g, (w.orders, t.sign)) AS declared_weight_g,
       bool_and(w.whole AND w.consignees <= 1 AND t.own = 0) AS one_parcel
FROM tracking_told t JOIN whole w USING (sign) GROUP BY t.order_id
"""
_SHARED_LIST = f"""
WITH used AS (
  SELECT {bare("declaration")} AS bare FROM declarations WHERE declaration IS NOT NULL GROUP BY bare
  HAVING min(order_id) <> max(order_id)
),
told AS (
  SELECT d.declaration, d.order_id, {bare("t.tracking")} AS tracking,
         {_sign("d.declaration", "u.bare", "u.bare")} AS sign
  FROM declarations d JOIN used u ON u.bare = {bare("d.declaration")} JOIN trade t ON t.order_id = d.order_id
),
whole AS (
  SELECT sign, count(DISTINCT tracking) AS waybills, min(order_id) AS one, max(order_id) AS other
  FROM told GROUP BY sign HAVING min(order_id) <> max(order_id)
)
SELECT t.order_id, max(waybills) AS waybills, max_by(t.declaration, (waybills, t.sign)) AS declaration,
       max_by(CASE WHEN one = t.order_id THEN other ELSE one END, (waybills, t.sign)) AS other
FROM told t JOIN whole USING (sign) GROUP BY t.order_id
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
