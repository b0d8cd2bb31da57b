"""Money that went back: to whom, and whether a buyer's purchases are paid back again and again."""

from __future__ import annotations

from crossbook.engine import Database

AGAIN = 5  # orders of one buyer, wholly paid back, from which it is said

# Who got money back: a list of payments may name the business as the payer of a refund, and the buyer as the payee.
_RECEIVED = """
SELECT order_id, CASE WHEN contains(lower($own), lower(payer)) OR lower(payer) = lower(payee) THEN payee ELSE payer END
         AS receiver, payer_country AS country
FROM refund_receivers WHERE payer IS NOT NULL
"""
# Those whom the order and its payments name.
_NAMED = """
SELECT r.order_id, r.receiver, r.country, n.name FROM refund_received r JOIN (
  SELECT order_id, buyer AS name FROM orders WHERE buyer IS NOT NULL
  UNION SELECT order_id, payer FROM payments WHERE payer IS NOT NULL
) n USING (order_id) WHERE r.receiver IS NOT NULL AND NOT contains(lower($own), lower(r.receiver))
"""
_TO_ANOTHER = """
SELECT order_id, min(receiver) AS receiver FROM (
  SELECT n.order_id, n.receiver FROM refund_named n LEFT JOIN refund_name d ON d.a = n.receiver AND d.b = n.name
  GROUP BY n.order_id, n.receiver HAVING bool_and(d.degree IS NOT NULL AND d.degree = 'different'))
GROUP BY order_id
"""
# Buyers are told apart by a phone, an e-mail or an address beside the name, for many people have one name.
_BACK = """
WITH whole AS (
  SELECT t.order_id, t.account, lower(t.buyer) AS buyer, coalesce(o.phone, o.email, o.address, '') AS contact,
         t.paid IS NOT NULL AND t.refunded > 0 AND 20 * t.kept <= t.paid AS back
  FROM trade t JOIN orders o USING (order_id)
  WHERE t.has_payment AND lower(t.buyer) IN (
    SELECT lower(buyer) FROM trade WHERE refunded > 0 AND 20 * kept <= paid AND NOT coalesce(called_off, false)
    GROUP BY ALL HAVING count(*) >= {least})
),
often AS (
  SELECT account, buyer, contact, count(*) FILTER (back) AS orders FROM whole GROUP BY ALL
  HAVING count(*) FILTER (back) >= {least} AND 5 * count(*) FILTER (back) >= 4 * count(*)
)
SELECT w.order_id, o.orders FROM whole w JOIN often o
  ON o.account IS NOT DISTINCT FROM w.account AND o.buyer = w.buyer AND o.contact = w.contact WHERE w.back
"""
ALL = (_RECEIVED, _NAMED, _TO_ANOTHER, _BACK)


def make(database: Database, own: str) -> None:
    """Make `refunded_to` and `paid_back_often`. Needs `trade`."""
    from crossbook.trade.name_pairs import keep_name_pairs  # its alphabets take a while, and tables are often kept

    database.scratch("refund_received", _RECEIVED, own=own)
    database.scratch("refund_named", _NAMED, own=own)
    keep_name_pairs(database, "refund_name", "SELECT receiver AS a, name AS b FROM refund_named")
    database.make("refunded_to", _TO_ANOTHER)
    database.make("paid_back_often", _BACK.format(least=AGAIN))
