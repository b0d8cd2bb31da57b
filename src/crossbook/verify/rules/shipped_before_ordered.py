"""Shipped before it was ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("order", "shipment"),
    title="shipped before it was ordered",
    sql="t.shipped_at < t.placed_at - INTERVAL '{early_hours} hours'",
    values=(Value("order", "t.placed_at", "moment"), Value("shipment", "t.shipped_at", "moment")),
    why="The parcel belongs to another order.",
    source="practice",
    todo="find the order that this parcel is for",
)
