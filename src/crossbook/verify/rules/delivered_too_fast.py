"""Delivered abroad faster than a parcel can travel."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="dates",
    papers=("shipment", "tracking"),
    title="delivered abroad faster than a parcel can travel",
    sql=(
        "t.has_customs AND coalesce(t.quick_delivered_at, t.quick_handed_at) >= t.quick_shipped_at AND "
        "coalesce(t.quick_delivered_at, t.quick_handed_at) < t.quick_shipped_at + CASE WHEN coalesce(t.ship_country, "
        "t.country) IN ('US', 'CA', 'MX', 'BR', 'CL', 'PE', 'CO', 'AR') "  # two customs, and twelve hours in the air
        "THEN greatest(INTERVAL '{fastest_hours} hours', INTERVAL 36 HOUR) ELSE INTERVAL '{fastest_hours} hours' END"
    ),
    values=(
        Value("shipment", "t.quick_shipped_at", "moment"),
        Value("tracking", "coalesce(t.quick_delivered_at, t.quick_handed_at)", "moment"),
    ),
    why="The goods were not sent from where they were declared.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show from where the parcel was sent",
)
