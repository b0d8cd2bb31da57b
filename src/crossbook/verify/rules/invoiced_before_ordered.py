"""Invoiced before it was ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("order", "invoice"),
    title="invoiced before it was ordered",
    sql="t.issued_on < t.placed_on - 2",
    values=(
        Value(paper="order", sql="t.placed_at", kind="moment"),
        Value(paper="invoice", sql="t.issued_on", kind="day"),
    ),
    why="The invoice is for another order, or was made for the occasion.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): dates of trade "
        "documents that contradict one another"
    ),
    todo="find the order that this invoice is for; a pro forma invoice is none",
)
