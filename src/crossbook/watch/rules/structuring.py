"""Several amounts just below a limit that together reach it."""

from crossbook.watch.limits import MEASURED, REACHED
from crossbook.watch.rule import Rule
from crossbook.watch.spans import runs

# A part is what one day brought, where the limit is of days and the day did not reach it; else one transfer. The first
# transfer of a day stands for it (`nth` 1) where parts are counted.
_NEAR = f"""
SELECT * FROM (
  SELECT d.*, CASE WHEN whole_day THEN of_day ELSE measured END AS part,
    CASE WHEN whole_day THEN of_that_day ELSE 1 END AS nth
  FROM (
    SELECT s.*, per <> 'transfer' AND NOT {REACHED.format(amount="of_day")} AS whole_day FROM (
      SELECT m.*, row_number() OVER (PARTITION BY party, name, side, counted_on ORDER BY id) AS of_that_day,
        CASE WHEN per = 'transfer' THEN other ELSE '' END AS towards,
        sum(measured) OVER (PARTITION BY party, name, side, counted_on) AS of_day
      FROM ({MEASURED}) m WHERE duty IN ('report', 'record') AND measured IS NOT NULL
    ) s
  ) d
) p WHERE part * 100 >= limit_amount * {{near_percent}} AND NOT {REACHED.format(amount="part")}
"""
RULE = Rule(
    title="amounts just below a limit that together reach it",
    why=(
        "What is split so that each part stays below a limit was one amount. The parts may be days apart. Those below "
        "a limit of single transfers go to one other; below a limit of a day, what the day brought in all is a part."
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
      SELECT n.*, sum(CASE WHEN nth = 1 THEN 1 ELSE 0 END) OVER w AS many,
        sum(CASE WHEN nth = 1 THEN part ELSE 0 END) OVER w AS total
      FROM near n
      WINDOW w AS (
        PARTITION BY party, name, side, towards ORDER BY dn RANGE BETWEEN {{days}} - 1 PRECEDING AND CURRENT ROW
      )
    ),
    episodes AS ({runs("counted", "party, name, side, towards", "{days} - 1")}),
    called AS (
      SELECT party, name, side, towards, run, min(dn) AS since FROM episodes GROUP BY party, name, side, towards, run
      HAVING max(CASE WHEN many >= {{transfers}} AND {REACHED.format(amount="total")} THEN 1 ELSE 0 END) = 1
    )
    SELECT c.party AS subject, c.name || ' ' || c.side AS what, c.since, e.id, e.certain
    FROM called c JOIN episodes e ON e.party = c.party AND e.name = c.name AND e.side = c.side AND e.run = c.run
      AND e.towards = c.towards
    """,
)
