"""Trades of a seller that nobody paid for."""

from crossbook.watch.rule import Rule

RULE = Rule(
    title="trades that nobody paid for",
    why=(
        "Orders that stand for long without a payment, beside others that are paid here, may have been made up so that "
        "there is a trade to show; or they are paid where nobody sees."
    ),
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021, secondary); practice",
    todo="ask where these were paid; add that account's transfers",
    unless="payments for these orders are in the book, or fewer of the orders are without one",
    gravity="medium",
    unsure="not certain: none of this seller's orders is paid here; they may be paid elsewhere",
    settings={
        "orders": (3, "unpaid, at least"),
        "share_percent": (10, "of the seller's orders, at least"),
        "days": (30, "after the order, before the last transfer in the book"),
    },
    trades=True,
    sql="""
    WITH known AS (SELECT max(dn) AS last FROM leg),
    told AS (
      SELECT o.account, o.order_id, p.order_id IS NULL AS open FROM trade_order o CROSS JOIN known k
      LEFT JOIN (SELECT DISTINCT order_id FROM trade_paid UNION SELECT order_id FROM payments) p
        ON p.order_id = o.order_id
      WHERE o.dn <= k.last - {days}
    ),
    called AS (
      SELECT account, max(CASE WHEN open THEN 0 ELSE 1 END) = 1 AS certain FROM told GROUP BY account
      HAVING sum(CASE WHEN open THEN 1 ELSE 0 END) >= {orders}
        AND sum(CASE WHEN open THEN 1 ELSE 0 END) * 100 >= count(*) * {share_percent}
    )
    SELECT a.party AS subject, 'unpaid' AS what, CAST(0 AS BIGINT) AS since, CAST(NULL AS BIGINT) AS id, c.certain,
      t.order_id AS trade
    FROM called c JOIN told t ON t.account = c.account AND t.open JOIN traded_account a ON a.account = c.account
    """,
)
