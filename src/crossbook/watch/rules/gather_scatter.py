"""Money of many that comes together and is spread over many within days."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import crowds

_MET = (
    "SELECT party AS key, other, dn FROM leg "
    "WHERE side = '{side}' AND NOT hub AND NOT own AND NOT returned AND other IS NOT NULL"
)
_IN, _OUT = (crowds(_MET.format(side=side), "{parties}", "{days}") for side in ("in", "out"))
RULE = Rule(
    title="money of many comes together and is spread over many",
    why="What is collected from many and at once paid to many others stays with nobody: the account is a station.",
    source=(
        "Altman and others, Realistic Synthetic Financial Transactions for Anti-Money Laundering Models (2023, "
        "secondary): gather-scatter"
    ),
    todo="ask what the party keeps, and what for it stands between the others",
    unless="fewer pay in or are paid out within these days, or more of the money stays",
    gravity="high",
    settings={
        "parties": (5, "different others on each side, at least"),
        "days": (7, "within which they are met"),
        "share_percent": (80, "of what came in goes out, at least"),
    },
    sql=f"""
    WITH gathered AS ({_IN}), scattered AS ({_OUT}),
    both_ways AS (
      SELECT g.key, g.first - {{days}} + 1 AS since, greatest(g.last, s.last) AS last FROM gathered g
      JOIN scattered s ON s.key = g.key AND s.first <= g.last + {{days}} AND s.last >= g.first
    ),
    spans AS (SELECT key, since, max(last) AS last FROM both_ways GROUP BY key, since),
    sums AS (
      SELECT s.key, s.since, s.last, sum(CASE WHEN l.side = 'in' THEN l.unit ELSE 0 END) AS came,
        sum(CASE WHEN l.side = 'out' THEN l.unit ELSE 0 END) AS went
      FROM spans s JOIN leg l ON l.party = s.key AND l.dn BETWEEN s.since AND s.last AND NOT l.own AND NOT l.returned
      GROUP BY s.key, s.since, s.last
    )
    SELECT s.key AS subject, 'gather_scatter' AS what, s.since, l.id, true AS certain
    FROM sums s JOIN leg l ON l.party = s.key AND l.dn BETWEEN s.since AND s.last AND NOT l.own AND NOT l.returned
    WHERE s.went * 100 >= s.came * {{share_percent}} AND s.went <= s.came * 2
    """,
)
