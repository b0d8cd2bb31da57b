"""What comes into an account and leaves it at once."""

from crossbook.watch.rule import Rule

# Of what left, as much had come before as is not missing at the lowest that the balance stood. Where no time of day is
# known it is lowest if all that came on the day came last, and highest if it came first: the one is certain, the other
# may be. A declared sequence tells the order within a second, and within a day on which no transfer of the account
# has a time of day.
RULE = Rule(
    title="what comes in leaves at once",
    why=(
        "An account that passes on nearly all that it receives within a day is a station of somebody else's money. "
        "What goes back to who sent it (a refund, money changed) is not counted."
    ),
    source="FATF, Professional Money Laundering (2018, secondary); practice",
    todo="ask what the account is for; a forwarder or an agent has a contract that says so",
    unless="more of it stays, or it stays longer, or it left before it came",
    gravity="medium",
    unsure=(
        "not certain: which came first is not told (a day alone, or one second for both), or a clock may be wrong: it "
        "may have left before it came"
    ),
    settings={
        "least": (1_000_000, "that comes in on the day, in minor units of the currency of most transfers"),
        "share_percent": (90, "of what came in leaves, at least"),
        "days": (1, "after the day it came in"),
    },
    sql="""
    WITH onward AS (
      SELECT * FROM leg l WHERE NOT hub AND NOT own AND NOT returned AND unit IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM leg b WHERE b.account = l.account AND b.other = l.other AND b.side <> l.side
          AND b.dn BETWEEN l.dn - {days} AND l.dn + {days} AND b.unit * 2 >= l.unit
      )
    ),
    daily AS (
      SELECT account, party, dn, sum(CASE WHEN side = 'in' THEN unit ELSE 0 END) AS came,
        sum(CASE WHEN side = 'out' THEN unit ELSE 0 END) AS went
      FROM onward GROUP BY account, party, dn
    ),
    following AS (
      SELECT d.*, sum(went) OVER w AS gone, sum(came) OVER w AS come FROM daily d
      WINDOW w AS (PARTITION BY account ORDER BY dn RANGE BETWEEN CURRENT ROW AND {days} FOLLOWING)
    ),
    near AS (
      SELECT account, party, dn FROM following WHERE came >= {least}
        AND gone * 100 >= come * {share_percent} AND gone * 10 <= come * 11
    ),
    timed AS (
      SELECT n.account, n.party, n.dn AS since, o.dn, o.side, o.unit, CASE WHEN o.clock THEN o.seconds END AS second,
        CASE WHEN o.clock OR NOT max(o.clock OR o.doubted) OVER (PARTITION BY n.account, n.party, n.dn, o.dn)
          THEN o.sequence END AS turn
      FROM near n JOIN onward o ON o.account = n.account AND o.party = n.party AND o.dn BETWEEN n.dn AND n.dn + {days}
    ),
    moments AS (
      SELECT account, party, since, dn, second, turn, sum(CASE WHEN side = 'in' THEN unit ELSE 0 END) AS came,
        sum(CASE WHEN side = 'out' THEN unit ELSE 0 END) AS went
      FROM timed GROUP BY account, party, since, dn, second, turn
    ),
    placed AS (
      SELECT *, 1 AS at_best, 1 AS at_worst FROM moments WHERE turn IS NOT NULL
      UNION ALL SELECT account, party, since, dn, second, turn, came, 0, 0, 2 FROM moments WHERE turn IS NULL
      UNION ALL SELECT account, party, since, dn, second, turn, 0, went, 2, 0 FROM moments WHERE turn IS NULL
    ),
    balanced AS (
      SELECT account, party, since, came, went, sum(came - went) OVER (PARTITION BY account, party, since
          ORDER BY dn, CASE WHEN second IS NULL THEN at_best ELSE 1 END, second, at_best, turn
          ROWS UNBOUNDED PRECEDING) AS best,
        sum(came - went) OVER (PARTITION BY account, party, since
          ORDER BY dn, CASE WHEN second IS NULL THEN at_worst ELSE 1 END, second, at_worst, turn
          ROWS UNBOUNDED PRECEDING) - came AS worst
      FROM placed
    ),
    passed AS (
      SELECT account, party, since, sum(came) AS come, sum(went) + least(min(best), 0) AS may,
        sum(went) + least(min(worst), 0) AS must
      FROM balanced GROUP BY account, party, since
    )
    SELECT p.party AS subject, 'pass_through' AS what, p.since, l.id,
      must * 100 >= come * {share_percent} AS certain
    FROM passed p JOIN leg l ON l.account = p.account AND l.dn BETWEEN p.since AND p.since + {days}
      AND NOT l.own AND NOT l.returned
    WHERE may * 100 >= come * {share_percent}
    """,
)
