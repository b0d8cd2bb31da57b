"""One party that pays many within days."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import crowds

_MET = (
    "SELECT party AS key, other, dn FROM leg "
    "WHERE side = 'out' AND NOT hub AND NOT own AND NOT returned AND other IS NOT NULL"
)
RULE = Rule(
    title="one party pays many within days",
    why="Money that one account spreads over many may be laid apart. Wages and suppliers look alike.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021, secondary); practice",
    todo="ask who the others are to this party, and whether it sells to that many",
    gravity="medium",
    settings={
        "parties": (10, "different others, at least"),
        "days": (7, "within which they are met"),
    },
    sql=f"""
    WITH crowded AS ({crowds(_MET, "{parties}", "{days}")})
    SELECT c.key AS subject, 'fan_out' AS what, c.first AS since, l.id, true AS certain
    FROM crowded c JOIN leg l ON l.party = c.key AND l.side = 'out' AND NOT l.own AND NOT l.returned
      AND l.dn BETWEEN c.first - {{days}} + 1 AND c.last
    """,
)
