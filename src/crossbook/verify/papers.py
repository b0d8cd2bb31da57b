"""What each kind of paper says of a trade, in one row. Nearly every trade has one paper of a kind, which is taken as it
is. Where a trade has several, none is taken for all: they are counted and added up, and of what only one of them can
say (a country, a name, a day) it is the one that contradicts the order, if any does.

A sum is unknown when an amount in it is, or when its currencies differ.
"""

from __future__ import annotations

from crossbook.engine import Database
from crossbook.trade import moments
from crossbook.trade.country_names import differ

# Tables of `trade` of which a trade may have several rows.
SEVERAL = ("order_lines", "payments", "parcels", "declarations", "receipts", "invoices")
_SEVERAL = "SELECT order_id FROM {table} WHERE order_id IS NOT NULL GROUP BY order_id HAVING count(*) > 1"
# A list, a receipt stands beside the parcel that it names, and a list beside the goods of its order.
_SEVERAL_OF = {
    "declarations": _SEVERAL
    + " UNION SELECT order_id FROM several_parcels UNION SELECT order_id FROM several_order_lines",
    "receipts": _SEVERAL + " UNION SELECT order_id FROM several_parcels",
}

# Names on the papers of such trades, and the name that the order has for the same person.
_NAMES = """
SELECT p.payer AS a, o.buyer AS b
FROM payments p SEMI JOIN several_payments USING (order_id) JOIN orders o USING (order_id)
UNION ALL
SELECT p.consignee, o.consignee FROM parcels p SEMI JOIN several_parcels USING (order_id) JOIN orders o USING (order_id)
UNION ALL
SELECT i.buyer, o.buyer FROM invoices i SEMI JOIN several_invoices USING (order_id) JOIN orders o USING (order_id)
"""

ITEM = """
SELECT order_id, 1 AS items, item, title, quantity, coalesce(net_weight_g, unit_weight_g * quantity) AS goods_weight_g
FROM order_lines ANTI JOIN several_order_lines USING (order_id)
UNION ALL
SELECT order_id, count(*), min(item), min(title), CASE WHEN count(quantity) = count(*) THEN sum(quantity) END,
       CASE WHEN count(coalesce(net_weight_g, unit_weight_g * quantity)) = count(*)
            THEN sum(coalesce(net_weight_g, unit_weight_g * quantity)) END
FROM order_lines SEMI JOIN several_order_lines USING (order_id) GROUP BY order_id
UNION ALL
SELECT order_id, count(*), min(item), min(title), CASE WHEN count(quantity) = count(*) THEN sum(quantity) END, NULL
FROM stray_lines ANTI JOIN orders USING (order_id) GROUP BY order_id
"""

_IS_OWN = "length({payer}) >= 4 AND contains(lower($own), lower({payer}))"
PAYMENT = f"""
SELECT order_id, 1 AS payments, amount AS paid, NULL AS paid_taxed, currency AS pay_currency, payer,
       CASE WHEN {_IS_OWN.format(payer="payer")} THEN payer END AS own_payer, payer_country, institution,
       NULL AS other_institution, paid_at, payment_id, together AS paid_together, 'receipt' AS paid_by,
       witness AS payment_witness, true AS has_payment
FROM payments ANTI JOIN several_payments USING (order_id)
UNION ALL
SELECT p.order_id, count(*),
       CASE WHEN min(p.currency) IS NOT DISTINCT FROM max(p.currency)
                 AND count(p.amount) = count(*) FILTER (together = 1) THEN sum(p.amount) END, NULL,
       coalesce(min(p.currency) FILTER (p.currency <> o.currency), min(p.currency)),
       min_by(p.payer, concat(CASE WHEN {_IS_OWN.format(payer="p.payer")} THEN 'z' ELSE coalesce(n.degree, 'y') END,
                              ' ', p.payer)),
       min(p.payer) FILTER ({_IS_OWN.format(payer="p.payer")}),
       coalesce(min(p.payer_country) FILTER ({differ("p.payer_country", "o.country")}), min(p.payer_country)),
       min(p.institution), max(p.institution), min(p.paid_at), min(p.payment_id), max(together), 'receipt',
       coalesce(min(p.witness) FILTER (p.witness <> 'seller'), 'seller'), true
FROM payments p SEMI JOIN several_payments USING (order_id) LEFT JOIN orders o ON o.order_id = p.order_id
LEFT JOIN several_name n ON n.a = p.payer AND n.b = o.buyer
GROUP BY p.order_id
"""
# What platforms settled line by line says that the buyer paid, where no receipt does. Two accounts that settle one
# order (a platform and the wallet behind it) say it twice.
SETTLED = """
SELECT order_id, 1 AS payments, CASE WHEN min(currency) = max(currency) THEN max(amount) END AS paid,
       CASE WHEN min(currency) = max(currency) THEN max(amount + tax) END AS paid_taxed, min(currency) AS pay_currency,
       NULL AS payer, NULL AS own_payer, NULL AS payer_country, min(account) AS institution,
       max(account) AS other_institution, min(paid_at) AS paid_at, NULL AS payment_id, 1 AS paid_together,
       'settlement' AS paid_by, coalesce(min(witness) FILTER (witness <> 'seller'), 'seller') AS payment_witness,
       true AS has_payment
FROM settled ANTI JOIN payments USING (order_id) GROUP BY order_id
"""
REFUND = """
SELECT order_id, CASE WHEN min(currency) IS NOT DISTINCT FROM max(currency) AND count(amount) = count(*)
                      THEN sum(amount) END AS refunded, min(currency) AS refund_currency
FROM refunds WHERE order_id IS NOT NULL GROUP BY order_id
"""

# The check digit of UPU standard S10: weights 8 6 4 2 3 5 9 7, modulo 11.
_WEIGHED = " + ".join(
    f"{weight} * (ascii(substring(p.tracking, {place}, 1)) - 48)"
    for place, weight in enumerate((8, 6, 4, 2, 3, 5, 9, 7), 3)
)
_ODD = f"""CASE WHEN p.tracking SIMILAR TO '[A-Z]{{2}}[0-9]{{9}}[A-Z]{{2}}'
            AND CASE ({_WEIGHED}) % 11 WHEN 1 THEN 0 WHEN 0 THEN 5 ELSE 11 - ({_WEIGHED}) % 11 END
                <> ascii(substring(p.tracking, 11, 1)) - 48 THEN p.tracking END"""
_LOST = "p.ended IN ('lost', 'returned', 'returning')"
# A later parcel from the buyer's country to another, or to the business itself, is goods that came back: no delivery.
# `quick` is the parcel that arrived soonest after it left; `unproved` counts those that nothing shows to have arrived.
PARCEL = f"""
SELECT order_id, 1 AS parcels, tracking, carrier, shipped_at, delivered_at, handed_at, country AS ship_country,
       consignee AS ship_consignee, weight_g, pieces, handed_country, CASE WHEN {_LOST} THEN ended END AS lost,
       delivered_at AS lost_received_at, CASE WHEN silent THEN tracking END AS silent_tracking,
       CASE WHEN silent THEN shipped_at END AS silent_shipped_at, {_ODD} AS odd_tracking,
       shipped_at AS quick_shipped_at, delivered_at AS quick_delivered_at, handed_at AS quick_handed_at,
       CASE WHEN delivered_at IS NULL AND handed_at IS NULL THEN 1 ELSE 0 END AS unproved,
       CASE WHEN moved_at IS NOT NULL THEN coalesce(seen_by, witness) ELSE witness END AS shipment_witness,
       true AS has_shipment
FROM parcels p ANTI JOIN several_parcels USING (order_id)
UNION ALL
SELECT p.order_id, count(*), min(p.tracking), min(p.carrier), min(p.shipped_at), max(p.delivered_at), max(p.handed_at),
       coalesce(min(p.country) FILTER ({differ("p.country", "o.country")}), min(p.country)),
       min_by(p.consignee, concat(coalesce(n.degree, 'y'), ' ', p.consignee)),
       CASE WHEN count(p.weight_g) = count(*) THEN sum(p.weight_g) FILTER (NOT p.resent) END,
       CASE WHEN count(p.pieces) = count(*) THEN sum(p.pieces) FILTER (NOT p.resent) END,
       coalesce(min(p.handed_country) FILTER ({differ("p.handed_country", "o.country")}), min(p.handed_country)),
       min(p.ended) FILTER ({_LOST}), min(coalesce(p.received_at, p.delivered_at)) FILTER ({_LOST}),
       min(p.tracking) FILTER (p.silent), min(p.shipped_at) FILTER (p.silent), min({_ODD}),
       min(p.shipped_at) FILTER (quick = 1), min(p.delivered_at) FILTER (quick = 1),
       min(p.handed_at) FILTER (quick = 1),
       count(*) FILTER (NOT p.resent AND coalesce(p.delivered_at, p.handed_at, p.received_at) IS NULL),
       CASE WHEN bool_or(p.moved_at IS NOT NULL AND p.seen_by = 'carrier') THEN 'carrier'
            ELSE coalesce(min(p.witness) FILTER (p.witness <> 'seller'), 'seller') END, true
FROM several_parcel p LEFT JOIN orders o ON o.order_id = p.order_id
LEFT JOIN several_name n ON n.a = p.consignee AND n.b = o.consignee
WHERE NOT coalesce(p.shipped_at > p.first_at AND ({_IS_OWN.format(payer="p.consignee")} OR
                   p.origin = o.country AND {differ("p.country", "o.country")}), false)
GROUP BY p.order_id
"""
# Each of several parcels, with when it was received: by the confirmation that names it, or by one that names none.
# `resent`: lost, and sent anew, for what else went is heavy enough for the goods (or where their weight is not known, a
# later parcel weighs as much). What was sent anew counts once.
_PARCELS = f"""
WITH goods AS (
  SELECT order_id, CASE WHEN count(coalesce(net_weight_g, unit_weight_g * quantity)) = count(*)
                        THEN sum(coalesce(net_weight_g, unit_weight_g * quantity)) END AS weight_g
  FROM order_lines SEMI JOIN several_parcels USING (order_id) GROUP BY order_id
),
went AS (
  SELECT order_id, max(shipped_at) AS last_at, sum(weight_g) AS weight_g, max(weight_g) AS heaviest_g
  FROM parcels p SEMI JOIN several_parcels USING (order_id) WHERE NOT coalesce({_LOST}, false) GROUP BY order_id
),
each AS (
  SELECT p.*, coalesce({_LOST} AND w.last_at > p.shipped_at AND
                       coalesce(10 * w.weight_g >= 7 * g.weight_g, 10 * w.heaviest_g >= 8 * p.weight_g), false)
           AS resent
  FROM parcels p SEMI JOIN several_parcels USING (order_id)
  LEFT JOIN goods g ON g.order_id = p.order_id LEFT JOIN went w ON w.order_id = p.order_id
)
SELECT p.*, (SELECT min(r.received_at) FROM receipts r WHERE r.order_id = p.order_id
             AND coalesce(r.tracking, CASE WHEN p.resent THEN 'none' ELSE p.tracking END, '')
                 = coalesce(p.tracking, '')) AS received_at,
       min(p.shipped_at) OVER (PARTITION BY p.order_id) AS first_at,
       row_number() OVER (PARTITION BY p.order_id ORDER BY least(p.delivered_at, p.handed_at) - p.shipped_at NULLS LAST,
                          p.tracking) AS quick
FROM each p
"""

# `left_at` and `came_at`: when the parcel of the list went and arrived; null where the trade has one list and one
# parcel.
LIST = """
SELECT order_id, false AS several_lists, 1 AS lists, declaration, declared_on, NULL AS left_at, NULL AS came_at,
       amount AS declared, currency AS declared_currency, tracking AS declared_tracking, NULL AS stray_waybill,
       weight_g AS declared_weight_g, quantity AS declared_quantity, item AS declared_item, NULL AS strange_item, mode,
       answer, answer_code, cancelled,
       CASE WHEN answer IN ('accepted', 'released') THEN 'customs' ELSE witness END AS customs_witness,
       true AS has_customs
FROM declarations ANTI JOIN several_declarations USING (order_id)
UNION ALL
SELECT order_id, true, count(DISTINCT declaration), min(declaration) FILTER (worst = 1),
       min(declared_on) FILTER (latest = 1), min(left_at) FILTER (latest = 1), min(came_at) FILTER (latest = 1),
       CASE WHEN min(currency) IS NOT DISTINCT FROM max(currency) AND count(amount) = count(*) THEN sum(amount) END,
       coalesce(min(currency) FILTER (currency <> due_in), min(currency)), min(tracking),
       min(tracking) FILTER (NOT known AND all_known),
       CASE WHEN count(weight_g) FILTER (heaviest = 1) = count(*) FILTER (heaviest = 1)
            THEN sum(weight_g) FILTER (heaviest = 1) END,
       CASE WHEN count(quantity) = count(*) THEN sum(quantity) END, min(item),
       min(item) FILTER (NOT ordered AND all_ordered), min(mode), min(answer) FILTER (worst = 1),
       min(answer_code) FILTER (worst = 1), bool_and(coalesce(cancelled, false)),
       CASE WHEN bool_or(answer IN ('accepted', 'released')) THEN 'customs'
            ELSE coalesce(min(witness) FILTER (witness <> 'seller'), 'seller') END, true
FROM several_list GROUP BY order_id
"""
# Lines of the lists that stand: of no parcel that was lost and sent anew with a list of its own, neither
# cancelled nor, where another list for the same parcel was accepted, refused.
_LISTED = """
WITH line AS (
  SELECT *, bool_and(coalesce(cancelled, false)) OVER (PARTITION BY order_id) AS gone,
         coalesce(bool_or(answer IN ('accepted', 'released')) OVER (PARTITION BY order_id, tracking), false) AS passed,
         EXISTS (SELECT 1 FROM several_parcel p WHERE p.resent AND p.order_id = d.order_id AND p.tracking = d.tracking)
           AS resent
  FROM declarations d SEMI JOIN several_declarations USING (order_id)
),
sent AS (
  SELECT order_id, max(shipped_at) AS shipped_at, max(coalesce(delivered_at, handed_at)) AS came_at,
         count(tracking) = count(*) AS all_known
  FROM parcels SEMI JOIN several_declarations USING (order_id) GROUP BY order_id
),
sold AS (
  SELECT order_id, item, count(*) FILTER (item IS NULL) OVER (PARTITION BY order_id) = 0 AS all_ordered
  FROM order_lines SEMI JOIN several_declarations USING (order_id) GROUP BY order_id, item
)
SELECT d.*, o.currency AS due_in, coalesce(p.shipped_at, s.shipped_at) AS left_at,
       coalesce(p.delivered_at, p.handed_at, s.came_at) AS came_at, p.tracking IS NOT NULL AS known,
       coalesce(s.all_known, false) AS all_known,
       i.item IS NOT NULL AS ordered, coalesce(a.all_ordered, false) AS all_ordered,
       row_number() OVER (
         PARTITION BY d.order_id, d.declaration ORDER BY d.weight_g DESC NULLS LAST, d.evidence, d.line) AS heaviest,
       row_number() OVER (PARTITION BY d.order_id ORDER BY CASE WHEN d.answer IN ('refused', 'unknown') THEN 0
         WHEN d.answer IN ('pending', 'held') THEN 1 ELSE 2 END, d.declaration, d.evidence, d.line) AS worst,
       row_number() OVER (PARTITION BY d.order_id ORDER BY
         d.declared_on - CAST(coalesce(p.shipped_at, s.shipped_at) AS DATE) DESC NULLS LAST,
         d.declared_on, d.evidence, d.line) AS latest
FROM line d LEFT JOIN orders o ON o.order_id = d.order_id
LEFT JOIN parcels p ON p.order_id = d.order_id AND p.tracking = d.tracking
LEFT JOIN sent s ON s.order_id = d.order_id
LEFT JOIN sold i ON i.order_id = d.order_id AND i.item = d.item
LEFT JOIN (SELECT DISTINCT order_id, all_ordered FROM sold) a ON a.order_id = d.order_id
WHERE NOT (resent AND EXISTS (SELECT 1 FROM line a WHERE a.order_id = d.order_id AND NOT a.resent))
  AND (gone OR NOT coalesce(cancelled, false) AND NOT (passed AND coalesce(answer = 'refused', false)))
"""
# The last answer of customs on an order of which the book has no list.
ANSWER = f"""
WITH said AS (
  SELECT order_id, state, code, returned_at FROM customs_answers WHERE document IN ('603', '701')
  UNION ALL
  SELECT order_id, 'cancelled', code, returned_at FROM customs_answers
  WHERE document = '605' AND state IN ('accepted', 'released')
)
SELECT order_id, max_by(state, {moments.ANSWER}) FILTER (state <> 'cancelled') AS answer,
       max_by(code, {moments.ANSWER}) FILTER (state <> 'cancelled') AS answer_code,
       max_by(state, {moments.ANSWER}) = 'cancelled' AS cancelled
FROM said WHERE order_id IS NOT NULL GROUP BY order_id
"""
RECEIPT = """
SELECT order_id, received_at, signed_by, NULL AS sent_at, witness AS receipt_witness
FROM receipts ANTI JOIN several_receipts USING (order_id)
UNION ALL
SELECT r.order_id, coalesce(min_by(received_at, received_at - shipped_at), min(received_at)), min(signed_by),
       min_by(shipped_at, received_at - shipped_at),
       coalesce(min(r.witness) FILTER (r.witness <> 'seller'), 'seller')
FROM receipts r SEMI JOIN several_receipts USING (order_id)
LEFT JOIN parcels p ON p.order_id = r.order_id AND p.tracking = r.tracking GROUP BY r.order_id
"""
# An invoice that another one corrects counts no more, unless the other is the credit note against it.
INVOICE = """
SELECT order_id, 1 AS invoices, invoice_id, amount AS invoiced, currency AS invoice_currency, buyer AS invoice_buyer,
       issued_on, witness AS invoice_witness
FROM invoices ANTI JOIN several_invoices USING (order_id)
UNION ALL
SELECT i.order_id, count(*), min(i.invoice_id),
       CASE WHEN min(i.currency) IS NOT DISTINCT FROM max(i.currency) AND count(i.amount) = count(*)
            THEN sum(i.amount) END,
       coalesce(min(i.currency) FILTER (i.currency <> o.currency), min(i.currency)),
       min_by(i.buyer, concat(coalesce(n.degree, 'y'), ' ', i.buyer)), min(i.issued_on),
       coalesce(min(i.witness) FILTER (i.witness <> 'seller'), 'seller')
FROM invoices i SEMI JOIN several_invoices USING (order_id)
ANTI JOIN (SELECT order_id, corrects AS invoice_id FROM invoices WHERE amount >= 0) c USING (order_id, invoice_id)
LEFT JOIN orders o ON o.order_id = i.order_id LEFT JOIN several_name n ON n.a = i.buyer AND n.b = o.buyer
GROUP BY i.order_id
"""
DISPUTE = "SELECT order_id, bool_or(state IN ('refunded', 'lost')) AS paid_back FROM disputes GROUP BY order_id"

ALL = (ITEM, PAYMENT, SETTLED, REFUND, PARCEL, LIST, ANSWER, RECEIPT, INVOICE, DISPUTE, _PARCELS, _LISTED)


def several(database: Database) -> None:
    """Make, for this reader, the trades with several papers of a kind, and what is looked up for these alone."""
    for table in SEVERAL:
        database.scratch(f"several_{table}", _SEVERAL_OF.get(table, _SEVERAL).format(table=table))
    from crossbook.trade.name_pairs import keep_name_pairs  # its alphabets take a while, and tables are often kept

    keep_name_pairs(database, "several_name", _NAMES)
    database.scratch("several_parcel", _PARCELS)
    database.scratch("several_list", _LISTED)
