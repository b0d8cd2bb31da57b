"""Many who pay one party within days."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import crowding

RULE = Rule(
    title="many pay one party within days",
    why="Money of many that comes together may be collected for another purpose than trade. A shop looks alike.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021, secondary); practice",
    todo="ask who the others are to this party, and whether it sells to that many",
    unless="fewer others pay it within these days, or some of them are one party (a table of accounts says so)",
    gravity="medium",
    settings={
        "parties": (10, "different others, at least"),
        "days": (7, "within which they are met"),
    },
    sql=crowding("in", "fan_in"),
)
