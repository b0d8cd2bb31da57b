"""Delivered before it was shipped."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="dates",
    papers=("shipment", "tracking"),
    title="delivered before it was shipped",
    sql=(
        "t.quick_delivered_at < t.quick_shipped_at OR "
        "t.quick_handed_at < t.quick_shipped_at - INTERVAL '{early_hours} hours'"
    ),
    values=(
        Value("shipment", "t.quick_shipped_at", "moment"),
        Value("tracking", "least(t.quick_delivered_at, t.quick_handed_at)", "moment"),
    ),
    why="The tracking number belongs to an older parcel.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the carrier when it accepted the parcel",
)
