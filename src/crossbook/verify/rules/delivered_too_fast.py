"""Delivered abroad faster than a parcel can travel."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="dates",
    papers=("shipment", "tracking"),
    title="delivered abroad faster than a parcel can travel",
    sql=(
        "t.has_customs AND coalesce(t.delivered_at, t.handed_at) >= t.shipped_at AND "
        "coalesce(t.delivered_at, t.handed_at) < t.shipped_at + INTERVAL '{fastest_hours} hours'"
    ),
    values=(
        Value("shipment", "t.shipped_at", "moment"),
        Value("tracking", "coalesce(t.delivered_at, t.handed_at)", "moment"),
    ),
    why="The goods were not sent from where they were declared.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show from where the parcel was sent",
)
