"""The carrier knows nothing of the tracking number."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="waybill",
    papers=("shipment", "tracking"),
    title="the carrier knows nothing of the tracking number",
    sql="t.silent_shipped_at < b.day - INTERVAL '{shipping_days} days'",
    values=(Value("shipment", "t.silent_tracking"), Value("shipment", "t.silent_shipped_at", "moment")),
    why="A parcel that was never handed over proves no delivery.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the carrier; show the receipt of its acceptance",
)
