"""What people spent in a book, as limits count it: without what was called off or given back.

Of each payment and import there are two amounts: `amount`, the most that may count, and `certain`, the least. They
differ where a book does not say enough: an order's standing is a word that no table has, or a refund is of an amount or
in a currency that cannot be held against it.

Goods of a retail import that go back in time are taken off the person's yearly amount, in whole or in part
(`data/fleet/returns.csv`). Books know when money went back, and seldom when goods did: a refund within the days in
which goods have to be back, or of no day, is taken for such a return; of a later one it is not known. Money that a bank
or an institution took back from the seller is none, for the goods stayed.
"""

from __future__ import annotations

import csv
from importlib.resources import files

from crossbook.fleet.keys import LEAST, PAID, ZONE, key
from crossbook.trade.days import local_day
from crossbook.trade.signs import further_phones, phone, shown

OFF = "('cancelled', 'voided', 'expired')"  # orders that came to nothing
# An account has digits, or is an e-mail or so long that it is no word.
ACCOUNT = """{1} IS NOT NULL AND (length(regexp_replace({0}, '[^0-9]', '', 'g')) >= 6 OR {1} LIKE '%@%'
  OR length({0}) >= 16)"""


def _back_by(day: str) -> str:
    """The SQL of the last day on which goods that were declared on a day may be back; null where no row holds."""
    text = (files("crossbook") / "data" / "fleet" / "returns.csv").read_text(encoding="utf-8")
    rows = [
        f"WHEN {day} BETWEEN DATE '{row['valid_from']}' AND DATE '{row['valid_to'] or '9999-12-31'}' "
        f"THEN {day} + INTERVAL {int(row['days'])} DAY"
        for row in csv.DictReader(text.splitlines())
    ]
    return f"CASE {' '.join(rows)} END"


# Of a payment for several orders what each one's part was is not known: it stands for all of them, once a row of them.
_PAYMENTS = f"""
WITH given AS (
  SELECT order_id, currency, CAST(sum(amount) AS BIGINT) AS back, count(*) - count(amount) AS of_no_amount
  FROM refunds GROUP BY order_id, currency
),
elsewhere AS (SELECT order_id, count(DISTINCT currency) AS currencies FROM given GROUP BY order_id),
taken AS (SELECT order_id, currency, sum(amount) AS paid FROM payments WHERE amount > 0 GROUP BY order_id, currency),
told AS (
  SELECT p.*, CASE WHEN o.status IN {OFF} OR o.status = 'refunded' THEN 1 ELSE 0 END AS nothing,
    CASE WHEN o.status = 'unknown' OR g.of_no_amount > 0
      OR e.currencies > CASE WHEN g.order_id IS NULL THEN 0 ELSE 1 END
      OR (o.status = 'part_refunded' AND e.order_id IS NULL) THEN 1 ELSE 0 END AS unsure,
    CASE WHEN p.amount > 0 AND t.paid > 0
      THEN CAST(CAST(p.amount AS HUGEINT) * least(coalesce(g.back, 0), t.paid) // t.paid AS BIGINT)
      ELSE coalesce(g.back, 0) END AS back
  FROM payments p LEFT JOIN orders o ON o.order_id = p.order_id
  LEFT JOIN given g ON g.order_id = p.order_id AND g.currency = p.currency
  LEFT JOIN elsewhere e ON e.order_id = p.order_id
  LEFT JOIN taken t ON t.order_id = p.order_id AND t.currency = p.currency
),
whole AS (
  SELECT *, min(nothing) OVER (PARTITION BY evidence, line) AS all_nothing,
    max(greatest(nothing, unsure)) OVER (PARTITION BY evidence, line) AS any_unsure,
    sum(back) OVER (PARTITION BY evidence, line) AS all_back
  FROM told
)
SELECT 'payment' AS kind, {key("payer_account")} AS sign, payer_account AS shown, payer AS name,
  CASE WHEN all_nothing = 1 THEN 0 ELSE greatest(CAST(amount_whole - all_back AS BIGINT), 0) END AS amount,
  CASE WHEN any_unsure = 1 THEN 0 ELSE greatest(CAST(amount_whole - all_back AS BIGINT), 0) END AS certain,
  currency, {local_day("paid_at", ZONE)} AS day, CASE WHEN length({key("payment_id")}) >= {LEAST}
    THEN {PAID}
    ELSE concat(evidence, '|', CAST(line AS VARCHAR)) END AS number,
  order_id, evidence, line FROM whole
WHERE {ACCOUNT.format(key("payer_account"), shown("payer_account"))} AND amount_whole IS NOT NULL
  AND paid_at IS NOT NULL
"""
# Of an import the person is the phone or e-mail of its order; one with several phones is known by each.
_PERSON = f"""
SELECT DISTINCT order_id, sign, name, status, total, currency FROM (
  SELECT order_id, coalesce({phone("phone")}, nullif(lower(trim({shown("email")})), '')) AS sign,
    coalesce(consignee, buyer) AS name, status, total, currency
  FROM (
    SELECT order_id, phone, email, consignee, buyer, status, total, currency FROM orders
    UNION ALL
    SELECT order_id, unnest({further_phones("phone")}), CAST(NULL AS VARCHAR), consignee, buyer, status, total, currency
    FROM orders
  ) numbers
) known WHERE sign IS NOT NULL
"""
_IMPORTS = f"""
WITH person AS ({_PERSON}),
back AS (
  SELECT d.order_id, d.declared_on, CASE WHEN r.currency = o.currency THEN r.amount END AS amount,
    CASE WHEN r.refunded_on > d.back_by THEN 1 ELSE 0 END AS late
  FROM (SELECT DISTINCT order_id, declared_on, {_back_by("declared_on")} AS back_by FROM declarations) d
  JOIN orders o ON o.order_id = d.order_id JOIN refunds r ON r.order_id = d.order_id AND r.kind = 'refund'
),
given AS (
  SELECT order_id, declared_on, CAST(sum(amount) AS BIGINT) AS back, max(late) AS late,
    CAST(sum(CASE WHEN late = 0 THEN amount END) AS BIGINT) AS in_time, count(*) - count(amount) AS of_no_amount
  FROM back GROUP BY order_id, declared_on
),
told AS (
  SELECT d.*, p.sign, coalesce(d.consignee, p.name) AS who, p.total,
    CASE WHEN p.total > 0 THEN least(coalesce(g.in_time, 0), p.total) ELSE 0 END AS in_time,
    CASE WHEN p.total > 0 THEN least(coalesce(g.back, 0), p.total) ELSE 0 END AS back,
    CASE WHEN p.status IN {OFF} OR (p.status = 'refunded' AND coalesce(g.late, 0) = 0) THEN 1 ELSE 0 END AS nothing,
    CASE WHEN p.status IN ('unknown', 'refunded') OR g.of_no_amount > 0 OR (g.back > 0 AND coalesce(p.total, 0) <= 0)
      OR (p.status = 'part_refunded' AND g.order_id IS NULL) THEN 1 ELSE 0 END AS unsure
  FROM declarations d JOIN person p ON p.order_id = d.order_id
  LEFT JOIN given g ON g.order_id = d.order_id AND g.declared_on = d.declared_on
  WHERE d.mode IN ('1210', '1239', '9610') AND d.destination = 'CN' AND NOT d.cancelled AND d.amount IS NOT NULL
    AND d.declared_on IS NOT NULL
)
SELECT 'import' AS kind, sign, sign AS shown, who AS name,
  CASE WHEN nothing = 1 THEN 0 WHEN in_time = 0 THEN amount
    ELSE amount - CAST(CAST(amount AS HUGEINT) * in_time // total AS BIGINT) END AS amount,
  CASE WHEN nothing = 1 OR unsure = 1 THEN 0 WHEN back = 0 THEN amount
    ELSE amount - CAST(CAST(amount AS HUGEINT) * back // total AS BIGINT) END AS certain,
  currency, declared_on AS day, CASE WHEN length({key("declaration")}) >= {LEAST}
    THEN concat_ws('|', {key("declaration")}, item, title, CAST(amount AS VARCHAR))
    ELSE concat(evidence, '|', CAST(line AS VARCHAR)) END AS number,
  order_id, evidence, line
FROM told
"""
# Who spent: the account that a payment came from, and of imports the person. `number` is the payment's, or the
# declaration's with its goods, so that what two books hold counts once.
SPENT = f"""
SELECT kind, sign, shown, name, amount, certain, currency, day, number, order_id, evidence, line
FROM (SELECT * FROM ({_PAYMENTS}) a UNION ALL SELECT * FROM ({_IMPORTS}) b) spent WHERE amount > 0
"""
