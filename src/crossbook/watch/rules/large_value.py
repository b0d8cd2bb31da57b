"""What a party pays or receives in a day that the law wants reported."""

from crossbook.watch.limits import MEASURED, REACHED
from crossbook.watch.rule import Rule

# Where it is not told what kind of party one is, or whether a border was crossed, a lower limit than that which is
# surely reached may hold. One alert for each such party names what is not known, not one a day: what settles it is one
# row of the table of accounts.
RULE = Rule(
    title="a large value that is reported",
    why="What a party pays, or receives, in one day is added up, each way alone; from the limit on it is reported.",
    source="PBC Order [2016] No. 3, article 5; 31 CFR 1010.311 and 1010.313 (data/watch/thresholds.csv)",
    todo="report it within the time that the law gives, or note which exception it falls under",
    unless=(
        "the day's sum stays below the limit: a transfer of it is another party's, was returned, or is of a "
        "kind that the law does not count"
    ),
    gravity="report",
    unsure="not certain: the kind of holder, or whether a border was crossed, is not told",
    sql=f"""
    WITH measured AS (
      SELECT * FROM ({MEASURED}) m WHERE duty = 'report' AND per <> 'transfer' AND measured IS NOT NULL
    ),
    summed AS (
      SELECT party, name, side, law, what, limit_currency, counted_on, limit_amount, comparison, sum(measured) AS total,
        sum(CASE WHEN certain THEN measured ELSE 0 END) AS sure,
        max(CASE WHEN kind_unknown THEN 1 ELSE 0 END) AS kind_unknown,
        max(CASE WHEN border_unknown THEN 1 ELSE 0 END) AS border_unknown
      FROM measured GROUP BY party, name, side, law, what, limit_currency, counted_on, limit_amount, comparison
    ),
    reached AS (
      SELECT *, {REACHED.format(amount="sure")} AS certain FROM summed WHERE {REACHED.format(amount="total")}
    ),
    settled AS (SELECT DISTINCT party, side, law, what, limit_currency, counted_on FROM reached WHERE certain),
    asking AS (
      SELECT r.* FROM reached r LEFT JOIN settled s
        ON s.party = r.party AND s.side = r.side AND s.counted_on = r.counted_on AND s.law = r.law
          AND s.what = r.what AND s.limit_currency = r.limit_currency
      WHERE NOT r.certain AND s.party IS NULL
    ),
    unknown AS (
      SELECT party, 'unknown' || CASE WHEN max(kind_unknown) = 1 THEN ' kind' ELSE '' END
        || CASE WHEN max(border_unknown) = 1 THEN ' border' ELSE '' END AS what
      FROM asking GROUP BY party
    ),
    called AS (
      SELECT party, name, side, counted_on, name || ' ' || side AS what, counted_on AS since, true AS certain
      FROM reached WHERE certain
      UNION ALL
      SELECT a.party, a.name, a.side, a.counted_on, u.what, CAST(0 AS BIGINT), false
      FROM asking a JOIN unknown u ON u.party = a.party
    )
    SELECT c.party AS subject, c.what, c.since, m.id, c.certain
    FROM called c JOIN measured m ON m.party = c.party AND m.name = c.name AND m.side = c.side
      AND m.counted_on = c.counted_on
    """,
)
