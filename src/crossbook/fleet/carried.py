"""What of a book can meet another book: numbers of papers, signs of parties, where parcels went, what people spent.

Worked out in the book, once, with the forms that `trade/signs.py` folds phones and numbers to; the rules across books
compare columns and no more. Numbers of papers count from six letters and digits on, one of them from 1 to 9: shorter
ones every seller gives, others are words. Days are those of China, whose limits sums are held against.
"""

from __future__ import annotations

from crossbook.trade.days import local_day
from crossbook.trade.signs import phone, plain, shown

KEY = "nullif(regexp_replace(upper({0}), '[^\\p{{L}}\\p{{N}}]', '', 'g'), '')"
HOME = "nullif(lower(regexp_replace({0}, '[^\\p{{L}}\\p{{N}}]', '', 'g')), '')"
LEAST = 6
LONG = 16  # letters and digits of a number that no two institutions, or tax offices, give
_ZONE = "Asia/Shanghai"
# Carriers and words that stand before a tracking number, parted from it: SF1234567890123 is a number, "SF: " is not.
_CARRIER = (
    "^[\\s]*(usps|ups|fedex|dhl( express| ecommerce)?|ems|sf|sf[ -]express|yunexpress|yanwen|4px|cainiao|tnt|gls|dpd"
    "|royal mail|australia post|canada post|japan post|amzl|tracking( no| number)?|顺丰(速运)?|中通|圆通|申通|韵达|邮政"
    "|燕文|云途|菜鸟|极兔|京东|快递|单号|运单号)[.]?[\\s:：#-]+"
)
_BETWEEN = "[,;/|、，；\\n]+"  # tracking numbers in one cell


def _key(column: str) -> str:
    return KEY.format(plain(column))


_TRACKING = _key(f"regexp_replace(tracking, '{_CARRIER}', '', 'gi')")
# A payment's number, of its institution where it is short.
_PAID = f"""CASE WHEN length({_key("payment_id")}) >= {LONG} THEN {_key("payment_id")}
    ELSE concat({_key("payment_id")}, '|', {_key("institution")}) END"""
# An invoice's number, of its amount and day where it is short; the rule looks at the buyer.
_INVOICE = f"""CASE WHEN length({_key("invoice_id")}) >= {LONG} THEN {_key("invoice_id")}
    ELSE concat_ws('|', {_key("invoice_id")}, CAST(amount AS VARCHAR), currency, CAST(issued_on AS VARCHAR)) END"""

PAPER = f"""
SELECT kind, number, shown, order_id, name, amount, currency, day, evidence, line FROM (
  SELECT DISTINCT 'payment' AS kind, {_PAID} AS number, {_key("payment_id")} AS own, payment_id AS shown, order_id,
    payer AS name, amount_whole AS amount, currency, {local_day("paid_at", _ZONE)} AS day, evidence, line FROM payments
  UNION ALL
  SELECT 'parcel', {_TRACKING}, {_TRACKING}, trim(tracking), order_id, consignee, NULL, NULL, day, evidence, line FROM (
    SELECT unnest(string_split_regex(tracking, '{_BETWEEN}')) AS tracking, order_id, consignee,
      {local_day("shipped_at", _ZONE)} AS day, evidence, line FROM parcels
    UNION ALL
    SELECT unnest(string_split_regex(tracking, '{_BETWEEN}')), order_id, consignee, declared_on, evidence, line
    FROM declarations
  ) sent
  UNION ALL
  SELECT 'invoice', {_INVOICE}, CASE WHEN length({_key("invoice_id")}) >= {LONG}
      OR (buyer IS NOT NULL AND amount IS NOT NULL AND issued_on IS NOT NULL) THEN {_key("invoice_id")} END,
    invoice_id, order_id, buyer, amount, currency, issued_on, evidence, line FROM invoices
  UNION ALL
  SELECT 'declaration', {_key("declaration")}, {_key("declaration")}, declaration, order_id, consignee, amount,
    currency, declared_on, evidence, line FROM declarations
  UNION ALL
  SELECT 'credit', concat_ws('|', {_key("reference")}, CAST(amount AS VARCHAR), currency, CAST(booked_on AS VARCHAR)),
    {_key("reference")}, reference, NULL, counterparty, amount, currency, booked_on, evidence, line FROM bank_used
  WHERE amount > 0 AND length(regexp_replace(reference, '[^0-9]', '', 'g')) >= 4
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
  SELECT address, phone, consignee, {local_day("shipped_at", _ZONE)} AS day, order_id, evidence, line FROM parcels
  UNION ALL
  SELECT address, phone, coalesce(consignee, buyer), placed_on, order_id, evidence, line FROM orders o
  WHERE status NOT IN ('cancelled', 'voided') AND NOT EXISTS (SELECT 1 FROM parcels p WHERE p.order_id = o.order_id)
)
SELECT kind, sign, shown, consignee, day, order_id, evidence, line FROM (
  SELECT 'home' AS kind, {HOME.format(plain("address"))} AS sign, address AS shown, consignee, day, order_id, evidence,
    line FROM went
  UNION ALL
  SELECT 'phone', {phone("phone")}, phone, consignee, day, order_id, evidence, line FROM went
) WHERE length(sign) >= {LEAST} AND day IS NOT NULL
"""
# An account has digits, or is an e-mail or so long that it is no word.
ACCOUNT = """{1} IS NOT NULL AND (length(regexp_replace({0}, '[^0-9]', '', 'g')) >= 6 OR {1} LIKE '%@%'
  OR length({0}) >= 16)"""
# Who spent: the account that a payment came from, and for imports the phone or e-mail of the order. `number` is the
# payment's, or the declaration's with its goods, so that what two books hold counts once.
SPENT = f"""
SELECT 'payment' AS kind, {_key("payer_account")} AS sign, payer_account AS shown, payer AS name, amount, currency,
  {local_day("paid_at", _ZONE)} AS day, CASE WHEN length({_key("payment_id")}) >= {LEAST}
    THEN {_PAID}
    ELSE concat(evidence, '|', CAST(line AS VARCHAR)) END AS number,
  order_id, evidence, line FROM payments
WHERE {ACCOUNT.format(_key("payer_account"), shown("payer_account"))} AND amount IS NOT NULL AND paid_at IS NOT NULL
UNION ALL
SELECT 'import', coalesce(p.phone, p.email), coalesce(p.phone, p.email), coalesce(d.consignee, p.name), d.amount,
  d.currency, d.declared_on, CASE WHEN length({_key("d.declaration")}) >= {LEAST}
    THEN concat_ws('|', {_key("d.declaration")}, d.item, d.title, CAST(d.amount AS VARCHAR))
    ELSE concat(d.evidence, '|', CAST(d.line AS VARCHAR)) END,
  d.order_id, d.evidence, d.line
FROM declarations d JOIN (
  SELECT order_id, min({phone("phone")}) AS phone,
    nullif(min(lower(trim({shown("email")}))), '') AS email, min(coalesce(consignee, buyer)) AS name
  FROM orders GROUP BY order_id
) p ON p.order_id = d.order_id
WHERE d.mode IN ('1210', '1239', '9610') AND d.destination = 'CN' AND NOT d.cancelled AND d.amount IS NOT NULL
  AND d.declared_on IS NOT NULL AND coalesce(p.phone, p.email) IS NOT NULL
"""
SOURCE_FILE = "SELECT sha AS evidence, min(name) AS file FROM evidence GROUP BY sha"
CARRIED = {"paper": PAPER, "sign": SIGN, "sent": SENT, "spent": SPENT, "source_file": SOURCE_FILE}
COLUMNS = {  # of each, as both engines know them
    "paper": "kind string, number string, shown string, order_id string, name string, amount bigint, currency string, "
    "day date, evidence string, line bigint",
    "sign": "kind string, sign string, name string, order_id string, evidence string, line bigint",
    "sent": "kind string, sign string, shown string, consignee string, day date, order_id string, evidence string, "
    "line bigint",
    "spent": "kind string, sign string, shown string, name string, amount bigint, currency string, day date, "
    "number string, order_id string, evidence string, line bigint",
    "source_file": "evidence string, file string",
}
