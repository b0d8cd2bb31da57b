"""Several amounts just below a limit that together reach it."""

from crossbook.watch.limits import MEASURED
from crossbook.watch.rule import Rule
from crossbook.watch.spans import runs

_NEAR = f"""
SELECT *, CASE WHEN per = 'transfer' THEN other ELSE '' END AS towards FROM ({MEASURED}) m
WHERE duty IN ('report', 'record') AND measured * 100 >= limit_amount * {{near_percent}} AND measured < limit_amount
"""
RULE = Rule(
    title="amounts just below a limit that together reach it",
    why=(
        "What is split so that each part stays below a limit was one amount. The parts may be days apart. Those below "
        "a limit of single transfers go to one other."
    ),
    source=(
        "31 CFR 1010.314 (structuring, secondary); FATF, Money Laundering through Money Remittance and Currency "
        "Exchange Providers (2010, secondary); limits: data/watch/thresholds.csv"
    ),
    todo="ask what each amount was for, and whether they belong together",
    unless="fewer amounts lie just below the limit within these days, or together they do not reach it",
    gravity="high",
    settings={
        "near_percent": (80, "of the limit, from which an amount is just below it"),
        "transfers": (3, "amounts just below, at least"),
        "days": (7, "within which they fall"),
    },
    sql=f"""
    WITH near AS ({_NEAR}),
    counted AS (
      SELECT n.*, count(*) OVER w AS many, sum(measured) OVER w AS total FROM near n
      WINDOW w AS (
        PARTITION BY party, name, side, towards ORDER BY dn RANGE BETWEEN {{days}} - 1 PRECEDING AND CURRENT ROW
      )
    ),
    episodes AS ({runs("counted", "party, name, side, towards", "{days} - 1")}),
    called AS (
      SELECT party, name, side, towards, run, min(dn) AS since FROM episodes GROUP BY party, name, side, towards, run
      HAVING max(CASE WHEN many >= {{transfers}} AND total >= limit_amount THEN 1 ELSE 0 END) = 1
    )
    SELECT c.party AS subject, c.name || ' ' || c.side AS what, c.since, e.id, e.certain
    FROM called c JOIN episodes e ON e.party = c.party AND e.name = c.name AND e.side = c.side AND e.run = c.run
      AND e.towards = c.towards
    """,
)
