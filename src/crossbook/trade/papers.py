"""All papers of all trades, a row each: payments, refunds, parcels, declarations, receipts, invoices, disputes.

`order_id` is the name that `orders` gives a trade. A paper that names no account, for a number that several accounts
use, keeps the bare number: it is tied to none of them.
"""

from __future__ import annotations

from crossbook.engine import Database
from crossbook.trade import days, moments
from crossbook.trade.country_names import code_or_name, codes_told
from crossbook.trade.witnesses import witnessed

# A payment that names several orders stands once for each, with how many there are (`together`) and what was paid in
# all (`amount_whole`); what each order's part was is then not known.
PAYMENTS = """
WITH named AS (
  SELECT p.*, list_filter(string_split_regex(order_id, '[,;、|\\s]+'), lambda n: n <> '') AS names FROM {payment} p
)
SELECT payment_id, unnest(names) AS order_id, len(names) AS together,
       CASE WHEN len(names) = 1 THEN amount END AS amount, amount AS amount_whole, currency, paid_at, institution,
       payer, {payer_country} AS payer_country,
       payer_account, payer_address, payer_phone, payer_email, payee, original,
       order_id AS order_told, evidence, line
FROM named WHERE amount IS NULL OR amount >= 0
"""

# Who stands on the other side of a refund in a list of payments, which `refunds` may tell by a settlement.
REFUND_RECEIVERS = """
SELECT unnest(list_filter(string_split_regex(order_id, '[,;、|\\s]+'), lambda n: n <> '')) AS order_id, payment_id,
       payer, {payer_country} AS payer_country,
       payer_account, payee, paid_at AS refunded_at, evidence, line
FROM {payment} WHERE amount < 0
"""

# What the lines of a platform's settlement say that the buyer of an order paid, without and with the tax on it.
SETTLED = """
SELECT order_id, account, currency, min(posted_at) AS paid_at,
       CAST(coalesce(sum(coalesce(gross, amount)) FILTER (kind <> 'tax'), 0) AS BIGINT) AS amount,
       CAST(coalesce(sum(coalesce(gross, amount)) FILTER (kind = 'tax' AND amount > 0), 0) AS BIGINT) AS tax,
       min_by(evidence, (line, evidence)) AS evidence, min(line) AS line
FROM line WHERE order_id IS NOT NULL AND kind IN ('sale', 'shipping', 'promotion', 'tax')
GROUP BY order_id, account, currency
"""

# Money that went back to a buyer, each time on the day of its own event. `told_by` is settlement, payment, or order
# where the order's export states more than the others tell: its day is then the one that the export gives, or not
# known. A refund in a list of payments is the one that a settlement tells when order and sum are the same (or the
# currencies differ, for one of them was converted) and a month at most lies between them; the n-th of one with the n-th
# of the other. One refund for several orders stands once for each: what each one's part was is not known,
# `amount_whole` is all.
REFUNDS = """
WITH back AS (
  SELECT order_id, account, currency, -coalesce(gross, amount) AS amount, posted_at AS refunded_at, day AS refunded_on,
         kind, reference, related AS original, 'settlement' AS told_by, evidence, line
  FROM line WHERE order_id IS NOT NULL AND kind IN ('refund', 'chargeback', 'reversal')
),
named AS (
  SELECT p.*, list_filter(string_split_regex(order_id, '[,;、|\\s]+'), lambda n: n <> '') AS names
  FROM {payment} p WHERE p.amount < 0
),
paid_back AS (
  SELECT unnest(names) AS order_id, CAST(NULL AS VARCHAR) AS account, currency,
         CASE WHEN len(names) = 1 THEN -amount END AS amount, -amount AS amount_whole, paid_at AS refunded_at,
         CAST(paid_at AS DATE) AS refunded_on, 'refund' AS kind, payment_id AS reference, original,
         'payment' AS told_by, evidence, line
  FROM named
),
settled AS (
  SELECT *, row_number() OVER (PARTITION BY order_id, currency, amount ORDER BY refunded_on, line) AS nth FROM back
),
listed AS (
  SELECT *, row_number() OVER (PARTITION BY order_id, currency, amount ORDER BY refunded_on, line) AS nth FROM paid_back
),
told AS (
  SELECT order_id, account, currency, amount, amount AS amount_whole, refunded_at, refunded_on, kind, reference,
         original, told_by, evidence, line
  FROM back
  UNION ALL
  SELECT order_id, account, currency, amount, amount_whole, refunded_at, refunded_on, kind, reference, original,
         told_by, evidence, line
  FROM listed l WHERE NOT EXISTS (
    SELECT 1 FROM settled s WHERE s.order_id = l.order_id AND s.nth = l.nth
      AND (s.currency <> l.currency OR s.amount = l.amount)
      AND (abs(date_diff('day', s.refunded_on, l.refunded_on)) <= 31 OR s.refunded_on IS NULL OR l.refunded_on IS NULL))
),
known AS (
  SELECT order_id, sum(amount) FILTER (kind = 'refund') AS amount, bool_or(t.amount IS NULL) AS parts_unknown,
         bool_or(t.currency <> o.currency) AS elsewhere
  FROM told t JOIN orders o USING (order_id) GROUP BY order_id
)
SELECT t.order_id, coalesce(t.account, o.account) AS account, t.currency, t.amount, t.amount_whole, t.refunded_at,
       t.refunded_on, t.kind, t.reference, t.original, t.told_by, t.evidence, t.line, o.placed_at AS original_at
FROM told t LEFT JOIN orders o ON o.order_id = t.order_id
UNION ALL
SELECT o.order_id, o.account, o.currency, o.more AS amount, o.more AS amount_whole, o.refunded_at,
       {order_day} AS refunded_on, 'refund' AS kind, NULL AS reference, o.reference AS original, 'order' AS told_by,
       o.evidence, o.line, o.placed_at AS original_at
FROM (SELECT o.*, CAST(o.refunded - coalesce(k.amount, 0) AS BIGINT) AS more
      FROM orders o LEFT JOIN known k USING (order_id)
      WHERE o.refunded > 0 AND NOT coalesce(k.parts_unknown OR k.elsewhere, false)) o
LEFT JOIN account_zone z ON z.account = o.account
WHERE o.more > 0
"""

# What trackers say of each parcel: when it first moved, when it was handed over, how it ended. Carriers give a number
# again after months: where the events of one lie far apart, each parcel has those from its sending on to that of the
# next one (`since`, `until`; null: all events, or with no next one).
_WAY = """
WITH again AS (
  SELECT tracking FROM {tracking} GROUP BY tracking HAVING max(happened_at) - min(happened_at) > INTERVAL 180 DAYS
),
sent AS (
  SELECT tracking, shipped_at - INTERVAL 3 DAYS AS since FROM (
    SELECT tracking, shipped_at, lag(shipped_at) OVER (PARTITION BY tracking ORDER BY shipped_at) AS before
    FROM {shipment} s SEMI JOIN again USING (tracking) WHERE shipped_at IS NOT NULL)
  WHERE before IS NULL OR shipped_at - before > INTERVAL 180 DAYS
),
used AS (
  SELECT tracking, CASE WHEN row_number() OVER w > 1 THEN since END AS since, lead(since) OVER w AS until
  FROM sent WINDOW w AS (PARTITION BY tracking ORDER BY since)
),
event AS (
  SELECT e.*, u.since, u.until FROM {tracking} e LEFT JOIN used u ON u.tracking = e.tracking
   AND (u.since IS NULL OR e.happened_at >= u.since) AND (u.until IS NULL OR e.happened_at < u.until)
)
SELECT tracking, since, until, min(happened_at) FILTER (event NOT IN ('announced', 'nothing')) AS moved_at,
       min(happened_at) FILTER (event = 'delivered') AS handed_at,
       max_by(event, {end}) FILTER (event IN ('delivered', 'lost', 'returned', 'returning')) AS ended,
       min_by(country, (happened_at, country)) FILTER (event = 'delivered' AND happened_at IS NOT NULL)
         AS handed_country,
       bool_and(event IN ('announced', 'nothing')) AS silent,
       coalesce(min(witness) FILTER (witness <> 'seller'), 'seller') AS seen_by
FROM event GROUP BY tracking, since, until
"""
PARCELS = """
SELECT s.order_id, s.tracking, s.carrier, s.shipped_at, s.delivered_at,
       {ship_country} AS country, {origin} AS origin, s.consignee,
       s.address, s.phone, s.weight_g, s.pieces, w.* EXCLUDE (tracking, since, until), s.evidence, s.line
FROM {shipment} s LEFT JOIN ({way}) w ON w.tracking = s.tracking
 AND (w.since IS NULL OR s.shipped_at >= w.since) AND (w.until IS NULL OR s.shipped_at < w.until)
"""

# Lines of declarations with the last answer of customs to their list: by the list's number, else by its order where the
# answer names no other list that is in the book and is no older than the declaration. `cancelled`: customs took in a
# cancellation (605), which names the list alone, and said nothing since.
DECLARATIONS = """
WITH list AS (SELECT DISTINCT order_id, declaration, declared_on FROM {customs}),
answer AS (
  SELECT order_id, number, state, code, flag, returned_at FROM customs_answers WHERE document = '603'
  UNION ALL
  SELECT order_id, number, 'cancelled', code, NULL, returned_at FROM customs_answers
  WHERE document = '605' AND state IN ('accepted', 'released')
),
stray AS (SELECT * FROM answer ANTI JOIN list ON list.declaration = answer.number),
heard AS (
  SELECT l.order_id, l.declaration, a.state, a.code, a.flag, a.returned_at
  FROM list l JOIN answer a ON a.number = l.declaration
  UNION ALL
  SELECT l.order_id, l.declaration, s.state, s.code, s.flag, s.returned_at
  FROM list l JOIN stray s ON s.order_id = l.order_id AND {answered_on} >= coalesce(l.declared_on, DATE '0001-01-01')
),
last AS (
  SELECT order_id, declaration, max_by(state, {last}) FILTER (state <> 'cancelled') AS answer,
         max_by(code, {last}) FILTER (state <> 'cancelled') AS answer_code,
         max(returned_at) FILTER (state <> 'cancelled') AS answered_at,
         max_by(flag, {last}) FILTER (flag IS NOT NULL) AS flag,
         max_by(state, {last}) = 'cancelled' AS cancelled
  FROM heard GROUP BY order_id, declaration
)
SELECT c.order_id, c.declaration, c.declared_on,
       {declared_to} AS country,
       {destination} AS destination,
       c.consignee, c.amount, c.currency, c.mode,
       coalesce(c.flag, l.flag) AS flag, c.tracking, c.weight_g, c.net_weight_g, c.item, c.title, c.hs, c.quantity,
       l.answer, l.answer_code, l.answered_at, coalesce(l.cancelled, false) AS cancelled, c.evidence, c.line
FROM {customs} c LEFT JOIN last l ON l.order_id IS NOT DISTINCT FROM c.order_id
                                 AND l.declaration IS NOT DISTINCT FROM c.declaration
"""
ANSWERS = "SELECT * FROM {customs_return} WHERE message IS DISTINCT FROM '900'"
# Whole messages that customs refused for their format (CEB900): `message_id` is the message's own number. Nothing in
# such a message was taken.
FORMAT_REFUSALS = """
SELECT reference AS message_id, document AS number, code, info, state, returned_at, evidence, line
FROM {customs_return} WHERE message = '900'
"""
RECEIPTS = "SELECT * FROM {receipt}"
INVOICES = "SELECT * FROM {invoice}"
DISPUTES = """
SELECT d.* EXCLUDE (order_id), CASE WHEN n.number IS NULL THEN d.order_id ELSE concat(d.account, ':', d.order_id) END
       AS order_id
FROM dispute d LEFT JOIN shared_number n ON n.number = d.order_id
"""


def make(database: Database, rows: dict[str, str]) -> None:
    """Make the tables of papers, each row with its witness. `rows` says by kind what to select a fact from, each once.

    Needs `orders`, `line` and `evidence_witness`.
    """
    rows = {**rows, **_countries(database, rows)}
    database.make("payments", witnessed(PAYMENTS.format(**rows)))
    database.make("refund_receivers", REFUND_RECEIVERS.format(**rows))
    database.make("settled", witnessed(SETTLED))
    database.make("refunds", witnessed(REFUNDS.format(order_day=days.account_day("o.refunded_at"), **rows)))
    database.make("parcel_events", witnessed("SELECT * REPLACE ({seen_in} AS country) FROM {tracking}".format(**rows)))
    database.make(
        "parcels",
        witnessed(
            PARCELS.format(
                way=_WAY.format(tracking="parcel_events", shipment=rows["shipment"], end=moments.END), **rows
            )
        ),
    )
    database.make("customs_answers", witnessed(ANSWERS.format(**rows)))
    database.make("customs_format_refusals", FORMAT_REFUSALS.format(**rows))
    answered_on = days.local_day("s.returned_at", "Asia/Shanghai")  # the days of declarations are those of China
    database.make("declarations", witnessed(DECLARATIONS.format(answered_on=answered_on, last=moments.ANSWER, **rows)))
    database.make("receipts", witnessed(RECEIPTS.format(**rows)))
    database.make("invoices", witnessed(INVOICES.format(**rows)))
    database.make("disputes", witnessed(DISPUTES))


def _countries(database: Database, rows: dict[str, str]) -> dict[str, str]:
    """By the name that the SELECTs above have for each column of countries, what it says as SQL."""

    def said(kind: str, column: str, at: str = "") -> str:
        return code_or_name(at + column, codes_told(database, rows[kind], column, customs=kind == "customs"))

    return {
        "payer_country": said("payment", "payer_country"),
        "ship_country": said("shipment", "country", "s."),
        "origin": said("shipment", "origin", "s."),
        "seen_in": said("tracking", "country"),
        "declared_to": said("customs", "country", "c."),
        "destination": said("customs", "destination", "c."),
    }
