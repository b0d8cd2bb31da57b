"""Received, though the carrier says that it was not delivered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="receipt",
    papers=("tracking", "receipt"),
    title="received, though the carrier says that it was not delivered",
    sql="t.lost IS NOT NULL AND t.lost_received_at IS NOT NULL",
    values=(Value("tracking", "t.lost"), Value("receipt", "t.lost_received_at", "moment")),
    why="One of the two is not true.",
    source="practice",
    todo="ask the carrier for the proof of delivery",
)
