"""What a party pays or receives in a day that the law wants reported."""

from crossbook.watch.limits import MEASURED, REACHED
from crossbook.watch.rule import Rule

_SUMS = f"""
SELECT party, name, side, counted_on, limit_amount, comparison,
  sum(measured) AS total, sum(CASE WHEN certain THEN measured ELSE 0 END) AS sure
FROM ({MEASURED}) m WHERE per <> 'transfer' AND measured IS NOT NULL
GROUP BY party, name, side, counted_on, limit_amount, comparison
"""
RULE = Rule(
    title="a large value that is reported",
    why="What a party pays, or receives, in one day is added up, each way alone; from the limit on it is reported.",
    source="PBC Order [2016] No. 3, article 5; 31 CFR 1010.311 and 1010.313 (data/watch/thresholds.csv)",
    todo="report it within the time that the law gives, or note which exception it falls under",
    gravity="report",
    sql=f"""
    WITH measured AS ({MEASURED}), summed AS ({_SUMS}),
    reached AS (
      SELECT *, {REACHED.format(amount="sure")} AS certain FROM summed WHERE {REACHED.format(amount="total")}
    )
    SELECT r.party AS subject, r.name || ' ' || r.side AS what, r.counted_on AS since, m.id, r.certain
    FROM reached r JOIN measured m ON m.party = r.party AND m.name = r.name AND m.side = r.side
      AND m.counted_on = r.counted_on AND m.measured IS NOT NULL
    """,
)
