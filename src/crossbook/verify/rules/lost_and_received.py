"""Received, though the carrier says that it was not delivered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="receipt",
    papers=("tracking", "receipt"),
    title="received, though the carrier says that it was not delivered",
    sql=("t.ended IN ('lost', 'returned', 'returning') AND (t.received_at IS NOT NULL OR t.delivered_at IS NOT NULL)"),
    values=(Value("tracking", "t.ended"), Value("receipt", "coalesce(t.received_at, t.delivered_at)", "moment")),
    why="One of the two is not true.",
    source="practice",
    todo="ask the carrier for the proof of delivery",
)
