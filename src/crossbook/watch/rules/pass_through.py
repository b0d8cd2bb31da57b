"""What comes into an account and leaves it at once."""

from crossbook.watch.rule import Rule

RULE = Rule(
    title="what comes in leaves at once",
    why=(
        "An account that passes on nearly all that it receives within a day is a station of somebody else's money. "
        "What goes back to who sent it (a refund, money changed) is not counted."
    ),
    source="FATF, Professional Money Laundering (2018, secondary); practice",
    todo="ask what the account is for; a forwarder or an agent has a contract that says so",
    unless="more of it stays, or it stays longer",
    gravity="medium",
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
    called AS (
      SELECT account, party, dn FROM following WHERE came >= {least}
        AND gone * 100 >= come * {share_percent} AND gone * 10 <= come * 11
    )
    SELECT c.party AS subject, 'pass_through' AS what, c.dn AS since, l.id, true AS certain
    FROM called c JOIN leg l ON l.account = c.account AND l.dn BETWEEN c.dn AND c.dn + {days}
      AND NOT l.own AND NOT l.returned
    """,
)
