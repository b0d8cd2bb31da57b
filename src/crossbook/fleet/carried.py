"""What of a book can meet another book: numbers of papers, signs of parties, where parcels went, what people spent.

Worked out in the book, once, with the forms that `trade/signs.py` folds phones and numbers to; the rules across books
compare columns and no more. Numbers of papers count from six letters and digits on, one of them from 1 to 9: shorter
ones every seller gives, others are words. Days are those of China, whose limits sums are held against.
"""

from __future__ import annotations

from crossbook.fleet.keys import LEAST, LONG, PAID, ZONE, key
from crossbook.fleet.spent import OFF, SPENT
from crossbook.trade.days import local_day
from crossbook.trade.signs import further_phones, phone, plain

HOME = "nullif(lower(regexp_replace({0}, '[^\\p{{L}}\\p{{N}}]', '', 'g')), '')"
# Carriers and words that stand before a tracking number, parted from it: SF1234567890123 is a number, "SF: " is not.
_CARRIER = (
    "^[\\s]*(usps|ups|fedex|dhl( express| ecommerce)?|ems|sf|sf[ -]express|yunexpress|yanwen|4px|cainiao|tnt|gls|dpd"
    "|royal mail|australia post|canada post|japan post|amzl|tracking( no| number)?|顺丰(速运)?|中通|圆通|申通|韵达|邮政"
    "|燕文|云途|菜鸟|极兔|京东|快递|单号|运单号)[.]?[\\s:：#-]+"
)
_BETWEEN = "[,;/|、，；\\n]+"  # tracking numbers in one cell


_TRACKING = key(f"regexp_replace(tracking, '{_CARRIER}', '', 'gi')")
# An invoice's number, of its amount and day where it is short; the rule looks at the buyer.
_INVOICE = f"""CASE WHEN length({key("invoice_id")}) >= {LONG} THEN {key("invoice_id")}
    ELSE concat_ws('|', {key("invoice_id")}, CAST(amount AS VARCHAR), currency, CAST(issued_on AS VARCHAR)) END"""

# Digits of a credit's reference beside its days and months and the zeros before a counter. What has fewer than four, as
# `PAYOUT 2026-04` or `000001`, tells credits of a round amount apart from none.
_OWN = f"""regexp_replace(regexp_replace({key("reference")}, '20[0-9]{{2}}(0[1-9]|1[0-2])([0-3][0-9])?', '', 'g'),
      '^[^1-9]+|[^0-9]', '', 'g')"""

PAPER = f"""
SELECT kind, number, shown, order_id, name, amount, currency, day, evidence, line FROM (
  SELECT DISTINCT 'payment' AS kind, {PAID} AS number, {key("payment_id")} AS own, payment_id AS shown, order_id,
    payer AS name, amount_whole AS amount, currency, {local_day("paid_at", ZONE)} AS day, evidence, line FROM payments
  UNION ALL
  SELECT 'parcel', {_TRACKING}, {_TRACKING}, trim(tracking), order_id, consignee, NULL, NULL, day, evidence, line FROM (
    SELECT unnest(string_split_regex(tracking, '{_BETWEEN}')) AS tracking, order_id, consignee,
      {local_day("shipped_at", ZONE)} AS day, evidence, line FROM parcels
    UNION ALL
    SELECT unnest(string_split_regex(tracking, '{_BETWEEN}')), order_id, consignee, declared_on, evidence, line
    FROM declarations
  ) sent
  UNION ALL
  SELECT 'invoice', {_INVOICE}, CASE WHEN length({key("invoice_id")}) >= {LONG}
      OR (buyer IS NOT NULL AND amount IS NOT NULL AND issued_on IS NOT NULL) THEN {key("invoice_id")} END,
    invoice_id, order_id, buyer, amount, currency, issued_on, evidence, line FROM invoices
  UNION ALL
  SELECT 'declaration', {key("declaration")}, {key("declaration")}, declaration, order_id, consignee, amount,
    currency, declared_on, evidence, line FROM declarations
  UNION ALL
  SELECT 'credit', concat_ws('|', {key("reference")}, CAST(amount AS VARCHAR), currency, CAST(booked_on AS VARCHAR)),
    {key("reference")}, reference, NULL, counterparty, amount, currency, booked_on, evidence, line FROM bank_used
  WHERE amount > 0 AND (length({_OWN}) >= 4
    OR (length(regexp_replace(reference, '[^0-9]', '', 'g')) >= 4 AND amount % 100 <> 0))
) WHERE length(own) >= {LEAST} AND regexp_replace(own, '[^1-9]', '', 'g') <> ''
"""
SIGN = """
SELECT DISTINCT kind, sign, name, order_id, evidence, line FROM (
  SELECT 'email' AS kind, email AS sign, name, order_id, evidence, line FROM mentions
  UNION ALL SELECT 'phone', phone, name, order_id, evidence, line FROM mentions
  UNION ALL SELECT 'number', number, name, order_id, evidence, line FROM mentions
) WHERE sign IS NOT NULL AND name IS NOT NULL AND evidence IS NOT NULL
"""
# Where an order's parcels are not in the book, the order says where it went, unless it was called off.
SENT = f"""
WITH went AS (
  SELECT address, phone, consignee, {local_day("shipped_at", ZONE)} AS day, order_id, evidence, line FROM parcels
  UNION ALL
  SELECT address, phone, coalesce(consignee, buyer), placed_on, order_id, evidence, line FROM orders o
  WHERE status NOT IN {OFF} AND NOT EXISTS (SELECT 1 FROM parcels p WHERE p.order_id = o.order_id)
)
SELECT kind, sign, shown, consignee, day, order_id, evidence, line FROM (
  SELECT 'home' AS kind, {HOME.format(plain("address"))} AS sign, address AS shown, consignee, day, order_id, evidence,
    line FROM went
  UNION ALL
  SELECT 'phone', {phone("phone")}, phone, consignee, day, order_id, evidence, line FROM (
    SELECT phone, consignee, day, order_id, evidence, line FROM went
    UNION ALL
    SELECT unnest({further_phones("phone")}), consignee, day, order_id, evidence, line FROM went
  ) numbers
) WHERE length(sign) >= {LEAST} AND day IS NOT NULL
"""
SOURCE_FILE = "SELECT sha AS evidence, min(name) AS file FROM evidence GROUP BY sha"
CARRIED = {"paper": PAPER, "sign": SIGN, "sent": SENT, "spent": SPENT, "source_file": SOURCE_FILE}
COLUMNS = {  # of each, as both engines know them
    "paper": "kind string, number string, shown string, order_id string, name string, amount bigint, currency string, "
    "day date, evidence string, line bigint",
    "sign": "kind string, sign string, name string, order_id string, evidence string, line bigint",
    "sent": "kind string, sign string, shown string, consignee string, day date, order_id string, evidence string, "
    "line bigint",
    "spent": "kind string, sign string, shown string, name string, amount bigint, certain bigint, currency string, "
    "day date, number string, order_id string, evidence string, line bigint",
    "source_file": "evidence string, file string",
}
