"""Paid back before it was paid."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("payment",),
    title="paid back before it was paid",
    sql="er.refunded_at < t.paid_at - INTERVAL '{early_hours} hours'",
    values=(
        Value(paper="payment", sql="t.paid_at", kind="moment"),
        Value(paper="payment", sql="er.refunded_at", kind="moment"),
    ),
    why="What was not received yet cannot be paid back: the refund is of another trade.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): dates of trade "
        "documents that contradict one another"
    ),
    todo="find the payment that this refund is of",
)
