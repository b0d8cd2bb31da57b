"""Many buyers have one phone."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order",),
    title="many buyers have one phone",
    sql="fm.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="fm.sign"),
        Value(paper="order", sql="fm.people", kind="count"),
    ),
    why="Invented buyers are reached by whoever invented them.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): several entities share "
        "contact details"
    ),
    todo="call the number; a forwarder or a relay of the platform explains it",
)
