"""What of a book can meet another book: numbers of papers, signs of parties, where parcels went, what people spent.

Worked out in the book, once, with the forms that `trade/parties.py` folds phones, accounts and e-mails to; the rules
across books compare columns and no more. Numbers of papers count from six letters and digits on, one of them from 1 to
9: shorter ones every seller gives, others are words.
"""

from __future__ import annotations

from crossbook.trade.parties import plain, shown

KEY = "nullif(regexp_replace(upper({0}), '[^\\p{{L}}\\p{{N}}]', '', 'g'), '')"
HOME = "nullif(lower(regexp_replace({0}, '[^\\p{{L}}\\p{{N}}]', '', 'g')), '')"
LEAST = 6
LONG = 16  # letters and digits of a payment's number from which no two institutions give the same


def _key(column: str) -> str:
    return KEY.format(plain(column))


# A payment's number, of its institution where it is short.
_PAID = f"""CASE WHEN length({_key("payment_id")}) >= {LONG} THEN {_key("payment_id")}
    ELSE concat({_key("payment_id")}, '|', {_key("institution")}) END"""

PAPER = f"""
SELECT kind, number, shown, order_id, amount, currency, day, evidence, line FROM (
  SELECT DISTINCT 'payment' AS kind, {_PAID} AS number,
    {_key("payment_id")} AS own, payment_id AS shown, order_id, amount_whole AS amount, currency,
    CAST(paid_at AS DATE) AS day, evidence, line FROM payments
  UNION ALL
  SELECT 'parcel', {_key("tracking")}, {_key("tracking")}, tracking, order_id, NULL, NULL, CAST(shipped_at AS DATE),
    evidence, line FROM parcels
  UNION ALL
  SELECT 'invoice', concat_ws('|', {_key("invoice_id")}, {_key("buyer")}, CAST(amount AS VARCHAR), currency,
    CAST(issued_on AS VARCHAR)), CASE WHEN buyer IS NOT NULL AND amount IS NOT NULL AND issued_on IS NOT NULL
    THEN {_key("invoice_id")} END, invoice_id, order_id, amount, currency, issued_on, evidence, line FROM invoices
  UNION ALL
  SELECT 'declaration', {_key("declaration")}, {_key("declaration")}, declaration, order_id, amount, currency,
    declared_on, evidence, line FROM declarations
  UNION ALL
  SELECT 'credit', concat_ws('|', {_key("reference")}, CAST(amount AS VARCHAR), currency, CAST(booked_on AS VARCHAR)),
    {_key("reference")}, reference, NULL, amount, currency, booked_on, evidence, line FROM bank_used
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
SENT = f"""
SELECT kind, sign, shown, consignee, day, order_id, evidence, line FROM (
  SELECT 'home' AS kind, {HOME.format(plain("address"))} AS sign, address AS shown, consignee,
    CAST(shipped_at AS DATE) AS day, order_id, evidence, line FROM parcels
  UNION ALL
  SELECT 'phone', nullif(regexp_replace({shown("phone")}, '[^0-9]', '', 'g'), ''), phone, consignee,
    CAST(shipped_at AS DATE), order_id, evidence, line FROM parcels
) WHERE length(sign) >= {LEAST} AND day IS NOT NULL
"""
# An account has digits, or is an e-mail or so long that it is no word.
ACCOUNT = """{1} IS NOT NULL AND (length(regexp_replace({0}, '[^0-9]', '', 'g')) >= 6 OR {1} LIKE '%@%'
  OR length({0}) >= 16)"""
# Who spent: the account that a payment came from, and for imports the phone or e-mail of the order. `number` is the
# payment's, or the declaration's with its goods, so that what two books hold counts once.
SPENT = f"""
SELECT 'payment' AS kind, {_key("payer_account")} AS sign, payer_account AS shown, payer AS name, amount, currency,
  CAST(paid_at AS DATE) AS day, CASE WHEN length({_key("payment_id")}) >= {LEAST}
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
  SELECT order_id, nullif(min(regexp_replace({shown("phone")}, '[^0-9]', '', 'g')), '') AS phone,
    nullif(min(lower(trim({shown("email")}))), '') AS email, min(coalesce(consignee, buyer)) AS name
  FROM orders GROUP BY order_id
) p ON p.order_id = d.order_id
WHERE d.mode IN ('1210', '1239', '9610') AND d.destination = 'CN' AND NOT d.cancelled AND d.amount IS NOT NULL
  AND d.declared_on IS NOT NULL AND coalesce(p.phone, p.email) IS NOT NULL
"""
CARRIED = {"paper": PAPER, "sign": SIGN, "sent": SENT, "spent": SPENT}
COLUMNS = {  # of each, as both engines know them
    "paper": "kind string, number string, shown string, order_id string, amount bigint, currency string, day date, "
    "evidence string, line bigint",
    "sign": "kind string, sign string, name string, order_id string, evidence string, line bigint",
    "sent": "kind string, sign string, shown string, consignee string, day date, order_id string, evidence string, "
    "line bigint",
    "spent": "kind string, sign string, shown string, name string, amount bigint, currency string, day date, "
    "number string, order_id string, evidence string, line bigint",
}
