"""Payments to a seller that no trade stands behind."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import runs

RULE = Rule(
    title="payments without a trade behind them",
    why=(
        "The book has this seller's orders, and these payments name none of them, or one that its own papers "
        "contradict. What is paid for nothing that was sold is somebody's money on its way."
    ),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021, secondary); what a trade's papers "
        "contradict: docs/verify.md"
    ),
    todo="ask for the order, contract or invoice of each; add the seller's orders if some are missing",
    unless="orders of the book stand behind them, with papers that do not contradict them",
    gravity="high",
    settings={
        "least": (1_000_000, "in all, in minor units of the currency of most transfers"),
        "transfers": (3, "payments, at least"),
        "days": (30, "between one and the next, at most"),
    },
    trades=True,
    sql=f"""
    WITH untraded AS (
      SELECT l.*, coalesce(o.verdict = 'contradicted', false) AS doubted FROM leg l
      JOIN traded_account t ON t.account = l.account LEFT JOIN trade_paid o ON o.id = l.id
      WHERE l.side = 'in' AND NOT l.own AND NOT l.returned AND NOT l.hub AND NOT l.other_hub
        AND (o.id IS NULL OR o.verdict = 'contradicted')
    ),
    episodes AS ({runs("untraded", "account", "{days}")}),
    called AS (
      SELECT account, run, min(dn) AS since FROM episodes GROUP BY account, run
      HAVING count(*) >= {{transfers}} AND sum(unit) >= {{least}}
    )
    SELECT e.party AS subject, 'untraded' AS what, c.since, e.id, true AS certain, CAST(NULL AS VARCHAR) AS trade
    FROM called c JOIN episodes e ON e.account = c.account AND e.run = c.run
    """,
)
