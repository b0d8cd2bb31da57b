"""One party that pays many within days."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import crowding

RULE = Rule(
    title="one party pays many within days",
    why="Money that one account spreads over many may be laid apart. Wages and suppliers look alike.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021, secondary); practice",
    todo="ask who the others are to this party, and whether it sells to that many",
    unless="it pays fewer others within these days, or some of them are one party (a table of accounts says so)",
    gravity="medium",
    settings={
        "parties": (10, "different others, at least"),
        "days": (7, "within which they are met"),
    },
    sql=crowding("out", "fan_out"),
)
