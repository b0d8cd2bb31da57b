"""Paid before it was ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("order", "payment"),
    title="paid before it was ordered",
    sql="t.paid_at < t.placed_at - INTERVAL '{early_hours} hours'",
    values=(Value("order", "t.placed_at", "moment"), Value("payment", "t.paid_at", "moment")),
    why="The payment belongs to another order.",
    source="practice",
    todo="find the order that this payment is for",
)
