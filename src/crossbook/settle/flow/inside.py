"""The lines of a payout with the orders behind what came from elsewhere: conversions and payouts that a wallet
received.

A payout of a balance that has sales of its own is told by its lines since the payout before; of each receipt that was
sent from another balance the orders behind it stand in its place. A payout of a balance that only receives (a wallet)
is told by its lots: the orders whose money it took.
"""

from __future__ import annotations

from crossbook.settle.closure import lines_sql
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow.following import followed

UNKNOWN = "origin unknown"

# One piece of money as a line: the order's own line is its evidence; `began` is what it was in the currency there.
_PIECE = f"""
SELECT o.evidence, o.line, p.account, CAST(NULL AS VARCHAR) AS payout_id, CAST(NULL AS TIMESTAMPTZ) AS posted_at,
       o.day, CASE WHEN p.order_id IS NOT NULL THEN 'sale' WHEN o.kind IN ('carried', 'gap') OR o.id IS NULL
                   THEN '{UNKNOWN}' ELSE o.kind END AS kind,
       CASE WHEN p.order_id IS NULL AND (o.kind IN ('carried', 'gap') OR o.id IS NULL) THEN '{UNKNOWN}'
            ELSE o.type END AS type,
       p.order_id, CAST(NULL AS VARCHAR) AS item, CAST(NULL AS VARCHAR) AS reference, CAST(NULL AS VARCHAR) AS related,
       {{amount}} AS amount, CAST(NULL AS BIGINT) AS gross, CAST(NULL AS BIGINT) AS fee, {{currency}} AS currency,
       CAST(NULL AS BIGINT) AS quantity, CAST(NULL AS VARCHAR) AS country, CAST(NULL AS BIGINT) AS balance,
       {{began}} AS began, CASE WHEN {{began}} IS NOT NULL THEN p.origin_currency END AS began_currency,
       false AS apart, v.gave, v.got, v.day AS converted_on
FROM flow p LEFT JOIN flow_event o ON o.id = p.origin
LEFT JOIN (  -- the conversion that the receipt came by
  SELECT i.id, i.day, o.currency, -o.amount AS gave, i.amount AS got FROM flow_event i
  JOIN flow_event o ON o.out_of = i."into" AND o.kind = 'conversion' AND o.held = 'balance'
  WHERE i."into" >= 0 AND i.kind = 'conversion' AND i.held = 'balance'
) v ON v.id = {{receipt}} AND v.currency = p.origin_currency
"""
# The part of a fee of no order that the same piece bears: it came in with the piece, and went as the fee.
_BORNE = """
SELECT f.evidence, f.line, p.account, CAST(NULL AS VARCHAR) AS payout_id, CAST(NULL AS TIMESTAMPTZ) AS posted_at,
       f.day, 'fee' AS kind, f.type, p.order_id, CAST(NULL AS VARCHAR) AS item, CAST(NULL AS VARCHAR) AS reference,
       CAST(NULL AS VARCHAR) AS related, -p.amount AS amount, CAST(NULL AS BIGINT) AS gross,
       CAST(NULL AS BIGINT) AS fee, p.currency, CAST(NULL AS BIGINT) AS quantity, CAST(NULL AS VARCHAR) AS country,
       CAST(NULL AS BIGINT) AS balance
FROM flow p JOIN flow_event f ON f.id = p.went
"""
_TOLD = (
    "evidence, line, account, payout_id, posted_at, day, kind, type, order_id, item, reference, related, amount, "
    "gross, fee, currency, quantity, country, balance"
)
_MOVED = "began, began_currency, apart, gave, got, converted_on"
_ALONE = """, CAST(NULL AS BIGINT) AS began, CAST(NULL AS VARCHAR) AS began_currency, false AS apart,
  CAST(NULL AS BIGINT) AS gave, CAST(NULL AS BIGINT) AS got, CAST(NULL AS DATE) AS converted_on"""

_APART = _ALONE.replace("false", "true")


# The lines since the payout before, each with the order that it is of: also where its row names none, but refers to
# the order's sale, or is a sale itself.
_OWN = """
SELECT l.* REPLACE (coalesce(l.order_id, n.order_id) AS order_id) FROM ({lines}) l
LEFT JOIN (
  SELECT evidence, line, kind, min(order_id) AS order_id FROM flow_event
  WHERE held = 'balance' AND account = $account AND currency = $currency AND "into" < 0 AND kind <> 'conversion'
  GROUP BY evidence, line, kind
) n ON n.evidence = l.evidence AND n.line = l.line AND n.kind = l.kind
"""


def by_lots(desk: Desk, p: Payout) -> bool:
    """Whether a payout is told by its lots: no line since the payout before is of an order, but money that it took
    is."""
    if p.basis != "balance" or p.restoration is not None:
        return False
    values = {"account": p.account, "payout": p.payout_id, "currency": p.currency}
    database, own = followed(desk), _OWN.format(lines=lines_sql(p.basis))
    if database.rows(f"SELECT 1 FROM ({own}) WHERE order_id IS NOT NULL LIMIT 1", **values):
        return False
    return bool(
        database.rows(f"SELECT 1 FROM flow WHERE went IN ({_DRAWN}) AND order_id IS NOT NULL LIMIT 1", **values)
    )


_DRAWN = """
SELECT e.id FROM flow_event e JOIN balance_drawn d ON d.account = e.account AND d.currency = e.currency
WHERE e.held = 'balance' AND e.kind = 'withdrawal' AND e.at = 4 * d.place
  AND d.account = $account AND d.payout_id = $payout AND d.currency = $currency
""".strip()


def inside_sql(desk: Desk, p: Payout) -> str:
    """SQL for what is inside a payout, line by line; binds account, payout and currency.

    Columns are those of `line`, `began` with `began_currency` (what the money was where it began, NULL for money that
    never left the balance) and `apart`: whether it is a part of a fee of no order, which a payout told by its lots
    bears. What the fee took is then in the lines before it. `gave`, `got` and `converted_on` are the two sums of the
    conversion by which it came from that currency, and its day; NULL where it came otherwise.
    """
    lines = lines_sql(p.basis)
    if p.basis != "balance" or p.restoration is not None:
        return f"SELECT {_TOLD}{_ALONE} FROM ({lines})"
    followed(desk)
    moved = "CASE WHEN p.came IS DISTINCT FROM p.origin THEN p.origin_amount END"
    if by_lots(desk, p):
        piece = _PIECE.format(amount="p.amount", currency="p.currency", began=moved, receipt="p.came")
        fees = f"SELECT id FROM flow_event WHERE borne_by IN ({_DRAWN})"
        return f"""
SELECT {_TOLD}, {_MOVED} FROM ({piece} WHERE p.went IN ({_DRAWN}) OR p.went IN ({fees}))
UNION ALL SELECT {_TOLD}{_APART} FROM ({_BORNE} WHERE p.went IN ({fees})) ORDER BY day, order_id
"""
    piece = _PIECE.format(
        amount="p.into_amount", currency="p.into_currency", began="p.origin_amount", receipt='p."into"'
    )
    return f"""
WITH own AS ({_OWN.format(lines=lines)}),
sent AS (  -- lines that came from elsewhere
  SELECT e.id, e.evidence, e.line, e.kind FROM flow_event e
  SEMI JOIN own l ON l.evidence = e.evidence AND l.line = e.line AND l.kind = e.kind
  WHERE e.held = 'balance' AND e.into >= 0 AND e.kind <> 'reserve_release' AND e.account = $account
    AND e.currency = $currency
)
SELECT {_TOLD}{_ALONE} FROM own l ANTI JOIN sent s ON s.evidence = l.evidence AND s.line = l.line
  AND s.kind = l.kind
UNION ALL SELECT {_TOLD}, {_MOVED}
  FROM ({piece} WHERE p.into IN (SELECT id FROM sent) AND p.into_amount > 0)
UNION ALL
SELECT l.* REPLACE ('fee' AS kind, e.amount AS amount, CAST(NULL AS BIGINT) AS fee,
  CAST(NULL AS BIGINT) AS gross){_ALONE}
FROM (SELECT {_TOLD} FROM own) l JOIN sent s ON s.evidence = l.evidence AND s.line = l.line AND s.kind = l.kind
JOIN flow_event e ON e.evidence = s.evidence AND e.line = s.line AND e.kind = 'fee' AND e.held = 'balance'
  AND e.account = $account AND e.currency = $currency AND e.at % 4 = 1
"""
