"""Every trade in one row: order, payment, parcel, tracking, export list, customs' answer, receipt and invoice beside
each other. Rules are conditions on these columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from crossbook.engine import Database, newest
from crossbook.trade.name_pairs import keep_name_pairs
from crossbook.verify.needs import PAPERS, Needs

# Kinds that are read with each row once.
_READ = ("order", "order_item", "payment", "shipment", "customs", "receipt", "invoice")

# The check digit of UPU standard S10.
_MACROS = r"""
CREATE OR REPLACE TEMP MACRO s10_sum(x) AS
  8 * ascii(x[3]) + 6 * ascii(x[4]) + 4 * ascii(x[5]) + 2 * ascii(x[6]) + 3 * ascii(x[7]) + 5 * ascii(x[8])
  + 9 * ascii(x[9]) + 7 * ascii(x[10]) - 44 * ascii('0');
CREATE OR REPLACE TEMP MACRO s10_digit(x) AS
  CASE s10_sum(x) % 11 WHEN 1 THEN 0 WHEN 0 THEN 5 ELSE 11 - s10_sum(x) % 11 END;
CREATE OR REPLACE TEMP MACRO part_of(a, own) AS
  CASE WHEN own = '' OR length(a) < 4 THEN false ELSE contains(lower(own), lower(a)) END;
"""

_ORDER = """
SELECT order_id, any_value(account) AS account, min(placed_at) AS placed_at, any_value(lower(status)) AS status,
       any_value(currency) AS currency, max(total) AS total, any_value(country) AS country, any_value(buyer) AS buyer,
       any_value(consignee) AS consignee, true AS has_order
FROM {order} GROUP BY order_id
"""
_ITEM = """
SELECT order_id, count(*) AS items, min(item) AS item, max(item) AS last_item, any_value(title) AS title,
       sum(coalesce(quantity, 1)) AS quantity, sum(amount) AS goods_amount
FROM {order_item} GROUP BY order_id
"""
# One row for each order that a payment names; a payment may name several.
_PAID_FOR = """
CREATE TEMP TABLE paid_for AS
SELECT payment_id, order_id, institution, payer, payer_country, amount, currency, paid_at, 1 AS orders
FROM {payment} WHERE NOT regexp_matches(order_id, '[,;、|\\s]')
UNION ALL
SELECT payment_id, unnest(names), institution, payer, payer_country, amount, currency, paid_at, len(names)
FROM (SELECT *, list_filter(string_split_regex(order_id, '[,;、|\\s]+'), lambda n: n <> '') AS names
      FROM {payment} WHERE regexp_matches(order_id, '[,;、|\\s]'))
"""
_PAYMENT = """
SELECT order_id, count(*) AS payments, sum(amount) FILTER (orders = 1) AS paid, NULL AS paid_taxed,
       min(currency) AS pay_currency, max(currency) AS other_pay_currency, any_value(payer) AS payer,
       any_value(payer_country) AS payer_country, any_value(institution) AS institution, min(paid_at) AS paid_at,
       min(payment_id) AS payment_id, max(orders) AS paid_together, 'receipt' AS paid_by, true AS has_payment
FROM paid_for GROUP BY order_id
"""
# What platforms settled line by line says that the buyer paid, with and without the tax on it.
_SETTLED = """
SELECT order_id, 1 AS payments, max(net) AS paid, max(net + tax) AS paid_taxed, min(currency) AS pay_currency,
       max(currency) AS other_pay_currency, NULL AS payer, NULL AS payer_country, any_value(account) AS institution,
       min(paid_at) AS paid_at, NULL AS payment_id, 1 AS paid_together, 'settlement' AS paid_by, true AS has_payment
FROM (
  SELECT order_id, evidence, any_value(account) AS account, min(currency) AS currency, min(posted_at) AS paid_at,
         coalesce(sum(coalesce(gross, amount)) FILTER (kind <> 'tax'), 0) AS net,
         coalesce(sum(coalesce(gross, amount)) FILTER (kind = 'tax' AND amount > 0), 0) AS tax
  FROM settlement WHERE order_id IS NOT NULL AND kind IN ('sale', 'shipping', 'promotion', 'tax')
  GROUP BY order_id, evidence)
GROUP BY order_id
"""
_SHIPMENT = """
SELECT order_id, count(*) AS parcels, min(tracking) AS tracking, any_value(carrier) AS carrier,
       min(shipped_at) AS shipped_at, max(delivered_at) AS delivered_at, any_value(country) AS ship_country,
       any_value(consignee) AS ship_consignee, sum(weight_g) AS weight_g, sum(pieces) AS pieces,
       true AS has_shipment
FROM {shipment} GROUP BY order_id
"""
_TRACKING = """
SELECT tracking, min(happened_at) FILTER (event NOT IN ('announced', 'nothing')) AS moved_at,
       min(happened_at) FILTER (event = 'delivered') AS handed_at,
       max_by(event, happened_at) FILTER (event IN ('delivered', 'lost', 'returned', 'returning')) AS ended,
       any_value(country) FILTER (event = 'delivered') AS handed_country,
       bool_and(event IN ('announced', 'nothing')) AS silent
FROM tracking GROUP BY tracking
"""
_CUSTOMS = """
SELECT order_id, count(DISTINCT declaration) AS lists, min(declaration) AS declaration,
       min(declared_on) AS declared_on, sum(amount) AS declared, min(currency) AS declared_currency,
       any_value(tracking) AS declared_tracking, max(weight_g) AS declared_weight_g,
       sum(quantity) AS declared_quantity, min(item) AS declared_item, max(item) AS last_declared_item,
       any_value(mode) AS mode, true AS has_customs
FROM {customs} GROUP BY order_id
"""
# The last answer of customs on an order's export list, and whether the list was cancelled.
_ANSWER = """
SELECT order_id, max_by(state, returned_at) FILTER (document IN ('603', '701')) AS answer,
       max_by(code, returned_at) FILTER (document IN ('603', '701')) AS answer_code,
       bool_or(document = '605' AND code = '399') AS cancelled
FROM customs_return WHERE order_id IS NOT NULL GROUP BY order_id
"""
_RECEIPT = """
SELECT order_id, min(received_at) AS received_at, any_value(signed_by) AS signed_by FROM {receipt} GROUP BY order_id
"""
_INVOICE = """
SELECT order_id, count(*) AS invoices, min(invoice_id) AS invoice_id, sum(amount) AS invoiced,
       min(currency) AS invoice_currency, any_value(buyer) AS invoice_buyer, min(issued_on) AS issued_on
FROM {invoice} GROUP BY order_id
"""
_DISPUTE = """
SELECT order_id, bool_or(state IN ('refunded', 'lost')) AS paid_back FROM dispute GROUP BY order_id
"""
_PRODUCT = """
SELECT sku AS item, any_value(TRY_CAST(TRY_CAST(weight_kg AS DECIMAL(18, 6)) * 1000 AS BIGINT)) AS unit_weight_g
FROM product WHERE weight_kg IS NOT NULL GROUP BY sku
"""
_TRADE = """
CREATE TABLE trade AS
WITH o AS ({o}), i AS ({i}), p AS ({p}), s AS ({s}), c AS ({c}),
named AS (
  SELECT order_id, o.* EXCLUDE (order_id), p.* EXCLUDE (order_id), s.* EXCLUDE (order_id), c.* EXCLUDE (order_id)
  FROM o FULL JOIN p USING (order_id) FULL JOIN s USING (order_id) FULL JOIN c USING (order_id)
)
SELECT n.*, i.* EXCLUDE (order_id), t.* EXCLUDE (tracking), a.* EXCLUDE (order_id), r.* EXCLUDE (order_id),
       v.* EXCLUDE (order_id), d.paid_back, w.unit_weight_g,
       CASE WHEN i.items = 1 AND i.quantity > 0 AND n.total IS NOT NULL THEN n.total / i.quantity END AS unit_price
FROM named n LEFT JOIN i USING (order_id) LEFT JOIN ({tracking}) t ON t.tracking = n.tracking
LEFT JOIN ({answer}) a USING (order_id) LEFT JOIN ({receipt}) r USING (order_id)
LEFT JOIN ({invoice}) v USING (order_id) LEFT JOIN ({dispute}) d USING (order_id)
LEFT JOIN ({product}) w ON i.items = 1 AND w.item = i.item
"""
# What only all trades together tell. Small tables: only what is shared, or what has a usual value.
_TOGETHER = """
CREATE TABLE shared_tracking AS
SELECT tracking, count(*) AS sharers, count(DISTINCT lower(coalesce(ship_consignee, consignee))) AS consignees,
       min(order_id) AS one, max(order_id) AS other
FROM trade WHERE tracking IS NOT NULL GROUP BY tracking HAVING count(*) > 1;
CREATE TABLE shared_list AS
SELECT declaration, count(*) AS sharers, count(DISTINCT tracking) AS waybills, min(order_id) AS one,
       max(order_id) AS other
FROM trade WHERE declaration IS NOT NULL GROUP BY declaration HAVING count(*) > 1;
CREATE TABLE usual_price AS
SELECT item, currency, quantile_cont(unit_price, 0.5) AS middle, quantile_cont(unit_price, 0.05) AS low,
       quantile_cont(unit_price, 0.95) AS high, count(*) AS n
FROM trade WHERE unit_price IS NOT NULL GROUP BY item, currency HAVING count(*) >= 20;
CREATE TABLE usual_institution AS
SELECT account, mode(institution) AS usual, max(paid_by) AS usual_by
FROM trade WHERE account IS NOT NULL AND has_payment GROUP BY account;
CREATE TABLE repeated AS
SELECT order_id, before_id, before_at FROM (
  SELECT order_id, lag(order_id) OVER w AS before_id, lag(placed_at) OVER w AS before_at, placed_at
  FROM trade WHERE buyer IS NOT NULL
  WINDOW w AS (PARTITION BY account, buyer, item, total, consignee ORDER BY placed_at, order_id)
) WHERE before_at > placed_at - INTERVAL 1 HOUR;
"""


# The names that rules hold against each other.
_NAMES = """
SELECT payer AS a, buyer AS b FROM trade UNION ALL SELECT ship_consignee, consignee FROM trade
UNION ALL SELECT invoice_buyer, buyer FROM trade
"""


def read(database: Database, needs: Mapping[str, Needs], own: str = "") -> None:
    """Make `trade`, and beside it what all trades together tell.

    `needs` says by account which papers a trade must have; the account "" is for all others. `own` is the name of the
    business, so that a payment from itself is seen.
    """
    database.run(_MACROS)
    rows = {kind: newest(database, kind) for kind in _READ}
    database.run(_PAID_FOR.format(**rows))
    receipts = _PAYMENT
    if database.rows("SELECT 1 FROM settlement LIMIT 1"):
        receipts += f"UNION ALL BY NAME SELECT * FROM ({_SETTLED}) ANTI JOIN paid_for USING (order_id)"
    parts = {name: text.format(**rows) for name, text in {
        "o": _ORDER, "i": _ITEM, "s": _SHIPMENT, "c": _CUSTOMS, "receipt": _RECEIPT, "invoice": _INVOICE,
    }.items()}  # fmt: skip
    database.run(
        _TRADE.format(p=receipts, tracking=_TRACKING, answer=_ANSWER, dispute=_DISPUTE, product=_PRODUCT, **parts)
    )
    database.run(_TOGETHER)
    keep_name_pairs(database, "name_pair", _NAMES)
    _together_paid(database)
    columns: dict[str, list[Any]] = {"account": list(needs)}
    columns |= {paper: [paper in n.papers for n in needs.values()] for paper in PAPERS}
    database.keep("needed", pa.table(columns))
    database.run("CREATE TABLE business AS SELECT $own AS own, (SELECT max(day) FROM (" + _DAYS + ")) AS day", own=own)


_DAYS = """
SELECT CAST(max(placed_at) AS DATE) AS day FROM trade UNION ALL SELECT CAST(max(delivered_at) AS DATE) FROM trade
UNION ALL SELECT CAST(max(shipped_at) AS DATE) FROM trade UNION ALL SELECT CAST(max(paid_at) AS DATE) FROM trade
"""


def _together_paid(database: Database) -> None:
    """`paid_group`: orders that payments tie together, with what all of them cost and what was paid for them."""
    pairs = database.rows(
        "SELECT payment_id, order_id FROM paid_for WHERE payment_id IN (SELECT payment_id FROM paid_for "
        "WHERE orders > 1) OR order_id IN (SELECT order_id FROM paid_for WHERE orders > 1) ORDER BY ALL"
    )
    group = _groups([(f"p {r['payment_id']}", f"o {r['order_id']}") for r in pairs])
    members = sorted({(group[f"o {r['order_id']}"], r["order_id"]) for r in pairs})
    payments = sorted({(group[f"p {r['payment_id']}"], r["payment_id"]) for r in pairs})
    for name, rows, column in (("group_order", members, "order_id"), ("group_payment", payments, "payment_id")):
        table = pa.table(
            {"grouped": pa.array([g for g, _ in rows], pa.int64()), column: pa.array([x for _, x in rows], pa.string())}
        )
        database.put(name, table)
    database.run("""
CREATE TABLE paid_group AS
WITH due AS (SELECT grouped, count(*) AS orders, sum(total) AS due, bool_and(total IS NOT NULL) AS known
             FROM group_order JOIN trade USING (order_id) GROUP BY grouped),
got AS (SELECT grouped, sum(amount) AS got FROM group_payment
        JOIN (SELECT DISTINCT payment_id, amount, orders, CASE WHEN orders = 1 THEN order_id END FROM paid_for)
        USING (payment_id) GROUP BY grouped)
SELECT order_id, grouped, due.orders, CASE WHEN known THEN due END AS due, got
FROM group_order JOIN due USING (grouped) JOIN got USING (grouped)
""")


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
