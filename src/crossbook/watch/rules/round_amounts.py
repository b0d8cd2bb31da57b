"""A party that pays nearly nothing but round amounts."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import runs

_PAID = "(SELECT id, party, dn, amount, one FROM leg WHERE side = 'out' AND NOT cash AND NOT returned AND NOT own)"
RULE = Rule(
    title="nearly nothing but round amounts",
    why="Prices are seldom round, and fees make them less so: who pays round amounts alone may pay for nothing.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021, secondary); practice",
    todo="ask for the invoices",
    unless="fewer of its amounts are whole thousands",
    gravity="low",
    settings={
        "round_to": (1_000, "whole units of the currency"),
        "transfers": (8, "round ones, at least"),
        "share_percent": (90, "of what the party paid in that time is round, at least"),
        "days": (14, "between one and the next, at most"),
    },
    sql=f"""
    WITH episodes AS ({runs(_PAID, "party", "{days}")}),
    called AS (
      SELECT party, run, min(dn) AS since,
        sum(CASE WHEN amount % (one * {{round_to}}) = 0 THEN 1 ELSE 0 END) AS even, count(*) AS many
      FROM episodes GROUP BY party, run
    )
    SELECT c.party AS subject, 'round_amounts' AS what, c.since, e.id, true AS certain
    FROM called c JOIN episodes e ON e.party = c.party AND e.run = c.run AND e.amount % (e.one * {{round_to}}) = 0
    WHERE c.even >= {{transfers}} AND c.even * 100 >= c.many * {{share_percent}}
    """,
)
