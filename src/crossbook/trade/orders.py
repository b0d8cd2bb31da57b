"""Every order once, decomposed: goods - discount + shipping + gift wrap + tax = total.

A part is *stated* by the export, derived from what it states (how is said beside it: `lines` their sum, `total` nothing
is left for it, `rest` what the others leave, `tax taken out` of a price that holds it, `setting` the business says that
its totals are of goods alone), or unknown: then it is null and `unknown` names it. `remainder` is what the known parts
leave of the total; anything but 0 says that the export's parts do not make its total, or that a part is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade import days, statuses
from crossbook.trade.country_names import code_or_name, codes_told
from crossbook.trade.witnesses import witnessed

PARTS = ("goods", "discount", "shipping", "gift_wrap", "tax")

# Order numbers that several accounts use: #1001 of one shop is not #1001 of another.
SHARED_NUMBER = """
SELECT order_id AS number FROM {order} GROUP BY order_id HAVING count(DISTINCT coalesce(account, '')) > 1
"""

# Every telling of an order, `choice` 1 for the one that is believed: of the file that was added last.
ORDER_TOLD = """
SELECT o.* EXCLUDE (order_id), o.order_id AS number,
       CASE WHEN n.number IS NULL THEN o.order_id ELSE concat(o.account, ':', o.order_id) END AS order_id,
       e.seq, row_number() OVER (PARTITION BY o.account, o.order_id ORDER BY e.seq DESC, o.line) AS choice
FROM "order" o JOIN evidence e ON e.sha = o.evidence LEFT JOIN shared_number n ON n.number = o.order_id
WHERE o.order_id IS NOT NULL
"""

# What the lines of an order come to, where each of them says it.
_LINES = """
SELECT account, order_id AS number, count(*) AS lines,
       CASE WHEN count({amount}) = count(*) THEN CAST(sum({amount}) AS BIGINT) END AS goods,
       CASE WHEN count(discount) = count(*) THEN CAST(sum(discount) AS BIGINT) END AS discount,
       CASE WHEN count(shipping) = count(*) THEN CAST(sum(shipping) AS BIGINT) END AS shipping,
       CASE WHEN count(tax) = count(*) THEN CAST(sum(tax) AS BIGINT) END AS tax
FROM {order_item} GROUP BY ALL
"""

ORDERS = """
WITH lines AS ({lines}),
given AS (
  SELECT o.*, s.state,
         coalesce(o.goods, l.goods, a.total) AS g, coalesce(o.discount, l.discount, a.nothing) AS d,
         coalesce(o.shipping, l.shipping, a.nothing) AS s, coalesce(o.gift_wrap, a.nothing) AS w,
         coalesce(o.tax, l.tax, a.nothing) AS t,
         CASE WHEN o.goods IS NOT NULL THEN 'stated' WHEN l.goods IS NOT NULL THEN 'lines'
              WHEN a.total IS NOT NULL THEN 'setting' END AS g_by,
         CASE WHEN o.discount IS NOT NULL THEN 'stated' WHEN l.discount IS NOT NULL THEN 'lines'
              WHEN a.nothing IS NOT NULL THEN 'setting' END AS d_by,
         CASE WHEN o.shipping IS NOT NULL THEN 'stated' WHEN l.shipping IS NOT NULL THEN 'lines'
              WHEN a.nothing IS NOT NULL THEN 'setting' END AS s_by,
         CASE WHEN o.gift_wrap IS NOT NULL THEN 'stated' WHEN a.nothing IS NOT NULL THEN 'setting' END AS w_by,
         CASE WHEN o.tax IS NOT NULL THEN 'stated' WHEN l.tax IS NOT NULL THEN 'lines'
              WHEN a.nothing IS NOT NULL THEN 'setting' END AS t_by
  FROM order_told o LEFT JOIN lines l ON l.account IS NOT DISTINCT FROM o.account AND l.number = o.number
  LEFT JOIN status_word s ON s.word = lower(trim(o.status))
  LEFT JOIN LATERAL (SELECT o.total, 0 AS nothing FROM goods_alone x WHERE x.account = o.account) a ON true
  WHERE o.choice = 1
),
summed AS (
  SELECT *, coalesce(g, 0) - coalesce(d, 0) + coalesce(s, 0) + coalesce(w, 0) AS before_tax FROM given
),
taxed AS (
  SELECT *, CASE WHEN tax_included IN ('yes', 'no') THEN tax_included
                 WHEN t <> 0 AND g IS NOT NULL AND before_tax + t = total THEN 'no'
                 WHEN t <> 0 AND g IS NOT NULL AND before_tax = total THEN 'yes' END AS included
  FROM summed
),
rested AS (
  SELECT *, total - before_tax - CASE WHEN included = 'yes' THEN 0 ELSE coalesce(t, 0) END AS rest FROM taxed
),
-- what no column states is 0 where all the others make the total; a single part that is not stated is what they leave
filled AS (
  SELECT * REPLACE (
    coalesce(g, CASE WHEN d IS NOT NULL AND s IS NOT NULL AND t IS NOT NULL AND rest > 0 THEN rest END) AS g,
    coalesce(d, CASE WHEN g IS NOT NULL AND rest = 0 THEN 0
                     WHEN g IS NOT NULL AND s IS NOT NULL AND t IS NOT NULL AND rest < 0 THEN -rest END) AS d,
    coalesce(s, CASE WHEN g IS NOT NULL AND rest = 0 THEN 0
                     WHEN g IS NOT NULL AND d IS NOT NULL AND t IS NOT NULL AND rest > 0 THEN rest END) AS s,
    coalesce(g_by, CASE WHEN d IS NOT NULL AND s IS NOT NULL AND t IS NOT NULL AND rest > 0 THEN 'rest' END) AS g_by,
    coalesce(d_by, CASE WHEN g IS NOT NULL AND rest = 0 THEN 'total'
                        WHEN g IS NOT NULL AND s IS NOT NULL AND t IS NOT NULL AND rest < 0 THEN 'rest' END) AS d_by,
    coalesce(s_by, CASE WHEN g IS NOT NULL AND rest = 0 THEN 'total'
                        WHEN g IS NOT NULL AND d IS NOT NULL AND t IS NOT NULL AND rest > 0 THEN 'rest' END) AS s_by
  ) FROM rested
),
wrapped AS (
  SELECT * REPLACE (
    coalesce(w, CASE WHEN g IS NOT NULL AND d IS NOT NULL AND s IS NOT NULL
                          AND g - d + s + CASE WHEN included = 'yes' THEN 0 ELSE coalesce(t, 0) END = total
                     THEN 0 END) AS w,
    coalesce(w_by, CASE WHEN g IS NOT NULL AND d IS NOT NULL AND s IS NOT NULL
                             AND g - d + s + CASE WHEN included = 'yes' THEN 0 ELSE coalesce(t, 0) END = total
                        THEN 'total' END) AS w_by
  ) FROM filled
),
-- prices that include the tax: it is taken out of goods, shipping and wrapping in proportion, the cents to the goods
parted AS (
  SELECT *,
    CASE WHEN included = 'yes' AND t <> 0 AND total > 0 THEN CAST((2 * CAST(t AS HUGEINT) * s + total) // (2 * total)
         AS BIGINT) END AS s_tax,
    CASE WHEN included = 'yes' AND t <> 0 AND total > 0 THEN CAST((2 * CAST(t AS HUGEINT) * coalesce(w, 0) + total)
         // (2 * total) AS BIGINT) END AS w_tax
  FROM wrapped
)
SELECT order_id, number, account, placed_at, {placed_on} AS placed_on, status AS status_told,
       CASE WHEN status IS NULL OR trim(status) = '' THEN 'placed' ELSE coalesce(state, 'unknown') END AS status,
       currency, total,
       g - coalesce(t - s_tax - w_tax, 0) AS goods,
       CASE WHEN s_tax IS NOT NULL THEN 'tax taken out' ELSE g_by END AS goods_by,
       d AS discount, d_by AS discount_by,
       s - coalesce(s_tax, 0) AS shipping, CASE WHEN s_tax <> 0 THEN 'tax taken out' ELSE s_by END AS shipping_by,
       w - coalesce(w_tax, 0) AS gift_wrap, CASE WHEN w_tax <> 0 THEN 'tax taken out' ELSE w_by END AS gift_wrap_by,
       t AS tax, t_by AS tax_by, included AS tax_included,
       total - coalesce(g, 0) + coalesce(d, 0) - coalesce(s, 0) - coalesce(w, 0)
         - CASE WHEN included = 'yes' THEN 0 ELSE coalesce(t, 0) END AS remainder,
       concat_ws(' ', CASE WHEN g IS NULL THEN 'goods' END, CASE WHEN d IS NULL THEN 'discount' END,
                 CASE WHEN s IS NULL THEN 'shipping' END, CASE WHEN w IS NULL THEN 'gift_wrap' END,
                 CASE WHEN t IS NULL THEN 'tax' END) AS unknown,
       {country} AS country, region, postcode, city,
       address, buyer, consignee, email, phone, reference, refunded,
       cancelled_at, paid_at, refunded_at, evidence, line
FROM parted LEFT JOIN account_zone z USING (account)
"""

OLDER = "SELECT * EXCLUDE (seq, choice) FROM order_told WHERE choice > 1"

# What products say of themselves, as of the newest day; where rows of that day differ, nothing.
# Goods of an order with their net price: what was charged for them after discounts and without tax. Weights `w` are
# prices after the line's own discount; what the order takes off beyond that is shared out in proportion, so that the
# lines sum to the order's goods less its discount, to the minor unit.
ORDER_LINES = """
WITH weighed AS (
  SELECT sku, CASE WHEN min(grams) = max(grams) THEN min(grams) END AS grams,
         CASE WHEN min(hts) = max(hts) THEN min(hts) END AS hts,
         CASE WHEN min(origin) = max(origin) THEN min(origin) END AS origin, min(name) AS name,
         CASE WHEN min(weight_kg) = max(weight_kg) THEN min(weight_kg) END AS weight_kg,
         CASE WHEN min(length_m) = max(length_m) THEN min(length_m) END AS length_m,
         CASE WHEN min(area_m2) = max(area_m2) THEN min(area_m2) END AS area_m2,
         CASE WHEN min(volume_l) = max(volume_l) THEN min(volume_l) END AS volume_l,
         CASE WHEN min(pieces) = max(pieces) THEN min(pieces) END AS pieces
  FROM (SELECT sku, nullif(hts, '') AS hts, nullif(origin, '') AS origin, nullif(name, '') AS name,
               TRY_CAST(round(TRY_CAST(weight_kg AS DECIMAL(18, 6)) * 1000) AS BIGINT) AS grams,
               TRY_CAST(weight_kg AS DECIMAL(18, 6)) AS weight_kg, TRY_CAST(length_m AS DECIMAL(18, 6)) AS length_m,
               TRY_CAST(area_m2 AS DECIMAL(18, 6)) AS area_m2, TRY_CAST(volume_l AS DECIMAL(18, 6)) AS volume_l,
               TRY_CAST(pieces AS DECIMAL(18, 6)) AS pieces,
               rank() OVER (PARTITION BY sku ORDER BY day DESC NULLS LAST) AS age
        FROM product WHERE nullif(weight_kg, '') IS NOT NULL OR hts IS NOT NULL OR origin IS NOT NULL
              OR coalesce(length_m, area_m2, volume_l, pieces) IS NOT NULL)
  WHERE age = 1 GROUP BY sku
),
counted AS (
  SELECT i.*, o.order_id AS trade, o.goods - o.discount AS order_net, o.goods_by, o.currency AS order_currency,
         coalesce(i.amount, i.price * i.quantity) AS priced, count(*) OVER p AS lines
  FROM {order_item} i JOIN orders o ON o.account IS NOT DISTINCT FROM i.account AND o.number = i.order_id
  WINDOW p AS (PARTITION BY i.account, i.order_id)
),
told AS (
  SELECT *, CASE WHEN priced IS NOT NULL THEN priced
                 WHEN lines = 1 AND order_net IS NOT NULL THEN order_net + coalesce(discount, 0) END AS listed,
         CASE WHEN amount IS NOT NULL THEN 'stated' WHEN priced IS NOT NULL THEN 'price'
              WHEN lines = 1 AND order_net IS NOT NULL THEN 'order' END AS listed_by
  FROM counted
),
shared AS (
  SELECT *, listed - coalesce(discount, 0) AS w,
         sum(listed - coalesce(discount, 0)) OVER (PARTITION BY trade) AS whole,
         sum(listed - coalesce(discount, 0)) OVER (PARTITION BY trade ORDER BY evidence, line, item, title
                                                   ROWS UNBOUNDED PRECEDING) AS upto,
         count(listed) OVER (PARTITION BY trade) = lines AS complete
  FROM told
)
SELECT trade AS order_id, account, item, title, quantity, listed AS amount, listed_by AS amount_by, price, discount,
       CASE WHEN NOT complete OR order_net IS NULL THEN NULL
            WHEN whole = order_net THEN w
            WHEN whole > 0 THEN CAST(CAST(order_net AS HUGEINT) * upto // whole
                                     - CAST(order_net AS HUGEINT) * (upto - w) // whole AS BIGINT) END AS net,
       CASE WHEN NOT complete OR order_net IS NULL THEN NULL WHEN whole = order_net THEN listed_by
            WHEN whole > 0 THEN 'shared' END AS net_by,
       coalesce(s.currency, order_currency) AS currency, tax, shipping,
       coalesce(net_weight_g, g.grams * quantity) AS net_weight_g,
       CASE WHEN net_weight_g IS NOT NULL THEN 'stated' WHEN g.grams IS NOT NULL THEN 'product' END AS net_weight_by,
       hs, coalesce(s.origin, g.origin) AS origin, g.hts AS product_hts, g.name AS product_name,
       g.grams AS unit_weight_g, g.weight_kg AS unit_weight_kg, g.length_m AS unit_length_m,
       g.area_m2 AS unit_area_m2, g.volume_l AS unit_volume_l, g.pieces AS unit_pieces, evidence, line
FROM shared s LEFT JOIN weighed g ON g.sku = s.item
"""

# Lines without those that were cancelled while the rest of the order went on: nobody paid for them, nothing was sent.
_STANDING = """
SELECT i.* EXCLUDE (of_order, gone) FROM (
  SELECT i.*, s.state IS NOT NULL AND s.state IN {not_sales} AS gone,
         bool_and(s.state IS NOT NULL AND s.state IN {not_sales}) OVER (PARTITION BY i.account, i.order_id) AS of_order
  FROM {order_item} i LEFT JOIN status_word s ON s.word = lower(trim(i.status))) i
WHERE NOT gone OR of_order
"""

# Goods of orders that no order list names.
STRAY_LINES = """
SELECT i.order_id, i.account, i.item, i.title, i.quantity, coalesce(i.amount, i.price * i.quantity) AS amount,
       i.currency, i.evidence, i.line
FROM {order_item} i LEFT JOIN orders o ON o.account IS NOT DISTINCT FROM i.account AND o.number = i.order_id
WHERE o.order_id IS NULL
"""


def number(database: Database, order: str) -> None:
    """Make `shared_number`. `order` is what to select orders from, each once."""
    database.make("shared_number", SHARED_NUMBER.format(order=order))


def make(
    database: Database, order_item: str, goods_alone: Sequence[str] = (), zones: Mapping[str, str] | None = None
) -> None:
    """Make `orders`, `older_orders`, `order_lines` and `stray_lines`.

    `order_item` is what to select goods from, each once. `goods_alone` are the accounts of which the business says that
    their totals are of goods alone; `zones` gives the zone of an account's days, where that is not UTC. Needs `number`.
    """
    database.keep("status_word", statuses.table())
    database.keep("goods_alone", pa.table({"account": pa.array(list(goods_alone), pa.string())}))
    database.keep("account_zone", days.table(zones or {}))
    if database.rows(f"SELECT 1 FROM {order_item} WHERE status IS NOT NULL LIMIT 1"):
        database.scratch("item_standing", _STANDING.format(order_item=order_item, not_sales=("cancelled", "voided")))
        order_item = "item_standing"
    database.scratch("order_told", ORDER_TOLD)
    lines = _LINES.format(order_item=order_item, amount="coalesce(amount, price * quantity)")
    placed = days.account_day("placed_at")
    country = code_or_name("country", codes_told(database, "order_told", "country"))
    database.make("orders", witnessed(ORDERS.format(lines=lines, placed_on=placed, country=country)))
    database.make("older_orders", OLDER)
    database.make("order_lines", ORDER_LINES.format(order_item=order_item))
    database.make("stray_lines", STRAY_LINES.format(order_item=order_item))
