"""Received before it was shipped."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="dates",
    papers=("shipment", "receipt"),
    title="received before it was shipped",
    sql="t.received_at < t.sent_at - INTERVAL '{early_hours} hours'",
    values=(Value("shipment", "t.sent_at", "moment"), Value("receipt", "t.received_at", "moment")),
    why="A buyer who confirms goods that have not left is no real buyer.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the platform for the confirmation",
)
